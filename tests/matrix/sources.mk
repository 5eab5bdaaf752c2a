# Source engine x target engine x feature, from one table; read by the engines' own programs.
TESTS += \
	tests/matrix/structure.test.mjs \
	tests/matrix/types.test.mjs
EXTRA_DIST += \
	tests/matrix/from-mysql.mjs \
	tests/matrix/from-postgresql.mjs \
	tests/matrix/from-sqlite.mjs \
	tests/matrix/matrix.mjs \
	tests/matrix/spell.mjs \
	tests/matrix/structure-inventory.mjs \
	tests/matrix/structure-keys.mjs \
	tests/matrix/structure.mjs \
	tests/matrix/structure.test.mjs \
	tests/matrix/types.mjs \
	tests/matrix/types.test.mjs
