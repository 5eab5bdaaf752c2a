# Tests of the command.
TESTS += \
	tests/cli/migrate.sh \
	tests/cli/url.sh
EXTRA_DIST += \
	tests/cli/migrate.sh \
	tests/cli/tap.sh \
	tests/cli/url.sh
