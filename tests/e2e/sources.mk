# Whole moves by the command, compared by a script of its own (tests/lib/compare.mjs).
TESTS += \
	tests/e2e/applications.test.mjs \
	tests/e2e/badinput.test.mjs \
	tests/e2e/chinook.test.mjs \
	tests/e2e/docuflow.test.mjs \
	tests/e2e/lock.test.mjs \
	tests/e2e/mariadb-target.test.mjs \
	tests/e2e/mariadb.test.mjs \
	tests/e2e/postgresql.test.mjs \
	tests/e2e/revisions.test.mjs \
	tests/e2e/ring.test.mjs \
	tests/e2e/sample.test.mjs \
	tests/e2e/text.test.mjs \
	tests/lib/test_compare.mjs
EXTRA_DIST += \
	tests/e2e/applications.test.mjs \
	tests/e2e/badinput.test.mjs \
	tests/e2e/chinook.test.mjs \
	tests/e2e/django.sql \
	tests/e2e/docuflow.test.mjs \
	tests/e2e/lock.test.mjs \
	tests/e2e/mariadb-target.test.mjs \
	tests/e2e/mariadb.test.mjs \
	tests/e2e/postgresql.test.mjs \
	tests/e2e/revisions.test.mjs \
	tests/e2e/ring.test.mjs \
	tests/e2e/sample.test.mjs \
	tests/e2e/text.test.mjs \
	tests/e2e/postgresql.sql \
	tests/e2e/sqlite.sql \
	tests/lib/command.mjs \
	tests/lib/compare.mjs \
	tests/lib/test_compare.mjs
