# Sources and tests of lib/verify.
libdbwizard_la_SOURCES += \
	lib/verify/canonical.c lib/verify/canonical.h lib/verify/canonical_priv.h \
	lib/verify/canonical_array.c \
	lib/verify/canonical_interval.c \
	lib/verify/canonical_json.c \
	lib/verify/canonical_number.c \
	lib/verify/canonical_text.c \
	lib/verify/canonical_time.c \
	lib/verify/differences.c \
	lib/verify/rowhash.c \
	lib/verify/verify.c lib/verify/verify.h lib/verify/verify_priv.h

libdbwizard_la_LIBADD += -lm

if HAVE_CMOCKA
check_PROGRAMS += tests/unit/verify/test_canonical
tests_unit_verify_test_canonical_LDADD = $(TEST_LIBS)
endif
