# Sources and tests of lib/model.
libdbwizard_la_SOURCES += \
	lib/model/calendar.c lib/model/calendar.h \
	lib/model/fingerprint.c \
	lib/model/intents.def \
	lib/model/order.c \
	lib/model/schema.c lib/model/schema.h \
	lib/model/type.h \
	lib/model/value.c lib/model/value.h

if HAVE_CMOCKA
check_PROGRAMS += tests/unit/model/test_model
tests_unit_model_test_model_LDADD = $(TEST_LIBS)
endif
