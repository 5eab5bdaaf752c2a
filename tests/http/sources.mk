# Tests through nginx: the whole thing in a temporary folder (tests/lib/wizard.mjs).
http_tests = \
	tests/http/body.test.mjs \
	tests/http/canary.test.mjs \
	tests/http/connection.test.mjs \
	tests/http/load.test.mjs \
	tests/http/routes.test.mjs \
	tests/http/session.test.mjs \
	tests/http/static.test.mjs \
	tests/http/store.test.mjs \
	tests/http/tokens.test.mjs \
	tests/http/transfer.test.mjs \
	tests/http/urls.test.mjs \
	tests/http/waiting.test.mjs
TESTS += $(http_tests)
EXTRA_DIST += $(http_tests) tests/lib/wizard.mjs
