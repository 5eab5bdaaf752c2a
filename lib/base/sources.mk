# Sources and tests of lib/base.
libdbwizard_la_SOURCES += \
	lib/base/arena.c lib/base/arena.h \
	lib/base/buffer.c lib/base/buffer.h \
	lib/base/clock.c lib/base/clock.h \
	lib/base/config.c lib/base/config.h lib/base/config_priv.h \
	lib/base/config_values.c \
	lib/base/dbw.h \
	lib/base/envfile.c lib/base/envfile.h \
	lib/base/error.c lib/base/error.h lib/base/errors.def \
	lib/base/file.c lib/base/file.h \
	lib/base/log.c lib/base/log.h \
	lib/base/options.c lib/base/options.h lib/base/options.def \
	lib/base/process.c lib/base/process.h \
	lib/base/text.c lib/base/text.h \
	lib/base/utf8.c lib/base/utf8.h lib/base/utf8_priv.h \
	lib/base/utf8_vector.c

if HAVE_CMOCKA
check_PROGRAMS += \
	tests/unit/base/test_arena \
	tests/unit/base/test_config \
	tests/unit/base/test_envfile \
	tests/unit/base/test_error \
	tests/unit/base/test_file \
	tests/unit/base/test_log \
	tests/unit/base/test_options \
	tests/unit/base/test_process \
	tests/unit/base/test_utf8
tests_unit_base_test_arena_LDADD = $(TEST_LIBS)
tests_unit_base_test_config_LDADD = $(TEST_LIBS)
tests_unit_base_test_envfile_LDADD = $(TEST_LIBS)
tests_unit_base_test_error_LDADD = $(TEST_LIBS)
tests_unit_base_test_file_LDADD = $(TEST_LIBS)
tests_unit_base_test_log_LDADD = $(TEST_LIBS)
tests_unit_base_test_options_LDADD = $(TEST_LIBS)
tests_unit_base_test_process_LDADD = $(TEST_LIBS)
tests_unit_base_test_utf8_LDADD = $(TEST_LIBS)
endif
