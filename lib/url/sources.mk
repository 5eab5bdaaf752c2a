# Sources and tests of lib/url.
libdbwizard_la_SOURCES += \
	lib/url/application.c lib/url/application.h \
	lib/url/argument.c \
	lib/url/build.c lib/url/build_priv.h \
	lib/url/build_tls.c \
	lib/url/options.c lib/url/options.h lib/url/url_options.def \
	lib/url/parse.c \
	lib/url/quote.c \
	lib/url/redact.c \
	lib/url/render.c \
	lib/url/tls.c \
	lib/url/url.h lib/url/url_priv.h \
	lib/url/validate.c

if HAVE_CMOCKA
check_PROGRAMS += \
	tests/unit/url/test_application \
	tests/unit/url/test_build \
	tests/unit/url/test_cases \
	tests/unit/url/test_parse \
	tests/unit/url/test_redact \
	tests/unit/url/test_tls \
	tests/unit/url/test_validate
tests_unit_url_test_application_LDADD = $(TEST_LIBS)
tests_unit_url_test_build_LDADD = $(TEST_LIBS)
tests_unit_url_test_cases_LDADD = $(TEST_LIBS) $(JSON_LIBS)
tests_unit_url_test_parse_LDADD = $(TEST_LIBS)
tests_unit_url_test_redact_LDADD = $(TEST_LIBS)
tests_unit_url_test_tls_LDADD = $(TEST_LIBS)
tests_unit_url_test_validate_LDADD = $(TEST_LIBS)
endif
