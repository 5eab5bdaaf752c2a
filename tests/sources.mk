# Every suite reports in TAP: cmocka's programs, shell tests and node's test runner alike.
TEST_LIBS = libdbwizard.la $(CMOCKA_LIBS)
TAP_DRIVER = env AM_TAP_AWK='$(AWK)' $(SHELL) $(top_srcdir)/build-aux/tap-driver.sh
LOG_DRIVER = $(TAP_DRIVER)
LOG_DRIVER_FLAGS = --comments
TEST_EXTENSIONS = .sh .mjs
SH_LOG_DRIVER = $(TAP_DRIVER)
SH_LOG_DRIVER_FLAGS = --comments
SH_LOG_COMPILER = $(SHELL)
MJS_LOG_DRIVER = $(TAP_DRIVER)
MJS_LOG_DRIVER_FLAGS = --comments
MJS_LOG_COMPILER = $(NODE)
AM_MJS_LOG_FLAGS = --test-reporter=tap
AM_TESTS_ENVIRONMENT = CMOCKA_MESSAGE_OUTPUT=TAP; export CMOCKA_MESSAGE_OUTPUT; \
	DBW_TOP_SRCDIR='$(abs_top_srcdir)'; export DBW_TOP_SRCDIR; \
	DBW_TOP_BUILDDIR='$(abs_top_builddir)'; export DBW_TOP_BUILDDIR;

TESTS += $(check_PROGRAMS)
EXTRA_DIST += tests/unit/test.h
