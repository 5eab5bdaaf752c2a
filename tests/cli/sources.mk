# Tests of the command.
TESTS += \
	tests/cli/url.sh
EXTRA_DIST += \
	tests/cli/tap.sh \
	tests/cli/url.sh
