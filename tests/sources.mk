# Every suite reports in TAP: cmocka's programs, shell tests and node's test runner alike.
# TEST_LIBS is what a cmocka program links: the library, and servers.h.
TEST_LIBS = tests/unit/libservers.la libdbwizard.la $(CMOCKA_LIBS)
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

check_LTLIBRARIES = tests/unit/libservers.la
tests_unit_libservers_la_SOURCES = tests/unit/servers.c tests/unit/servers.h
tests_unit_libservers_la_CPPFLAGS = $(AM_CPPFLAGS) \
	-DDBW_TOP_SRCDIR='"$(abs_top_srcdir)"' -DDBW_TOP_BUILDDIR='"$(abs_top_builddir)"'

if HAVE_CMOCKA
check_PROGRAMS += tests/unit/test_servers
tests_unit_test_servers_LDADD = $(TEST_LIBS)
endif

TESTS += $(check_PROGRAMS)
TESTS += \
	tests/includes.sh \
	tests/lib/test_servers.mjs \
	tests/servers/test_servers.sh

EXTRA_DIST += \
	tests/includes.awk \
	tests/lib/servers.mjs \
	tests/includes.sh \
	tests/lib/test_servers.mjs \
	tests/servers/common.sh \
	tests/servers/mysql.sh \
	tests/servers/postgresql.sh \
	tests/servers/reap.sh \
	tests/servers/test_servers.sh \
	tests/servers/with.sh \
	tests/unit/test.h

clean-local: clean-test-servers
clean-test-servers:
	rm -rf tests/servers/cache
.PHONY: clean-test-servers

# make check-all: the checks that take longer.
EXTRA_DIST += tests/check-all.sh
check-all:
	$(SHELL) $(srcdir)/tests/check-all.sh
.PHONY: check-all

# make bench: see tests/bench/bench.mjs for its settings (BENCH_SCALE=0.1 and so on).
EXTRA_PROGRAMS += tests/bench/measure tests/bench/rows
tests_bench_measure_LDADD =
tests_bench_rows_LDADD = $(SQLITE_LIBS)
TESTS += tests/bench/bench.test.mjs
EXTRA_DIST += \
	tests/bench/bench.test.mjs \
	tests/bench/bench.mjs \
	tests/bench/contenders.mjs \
	tests/bench/engines.mjs \
	tests/bench/lane.mjs \
	tests/bench/limit_mysql.mjs \
	tests/bench/limit_postgresql.mjs \
	tests/bench/limit_sqlite.mjs \
	tests/bench/shape.mjs \
	tests/bench/table.mjs
tests/bench/bench.test.log: tests/bench/measure$(EXEEXT) tests/bench/rows$(EXEEXT)
bench: all tests/bench/measure$(EXEEXT) tests/bench/rows$(EXEEXT)
	$(AM_TESTS_ENVIRONMENT) $(NODE) $(srcdir)/tests/bench/bench.mjs
clean-local: clean-bench
clean-bench:
	rm -rf tests/bench/work tests/bench/measure$(EXEEXT) tests/bench/rows$(EXEEXT)
.PHONY: bench clean-bench
