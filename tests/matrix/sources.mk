# From one table each: what goes wrong when data crosses engines, in every direction.
TESTS += \
	tests/matrix/structure.test.mjs
EXTRA_DIST += \
	tests/matrix/structure.mjs \
	tests/matrix/structure.test.mjs
