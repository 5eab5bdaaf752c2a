# Sources and tests of lib/model.
libdbwizard_la_SOURCES += \
	lib/model/calendar.c lib/model/calendar.h \
	lib/model/fingerprint.c \
	lib/model/intents.def \
	lib/model/order.c \
	lib/model/schema.c lib/model/schema.h \
	lib/model/type.h \
	lib/model/value.c lib/model/value.h \
	lib/model/zone.c lib/model/zone.h lib/model/zone_priv.h \
	lib/model/zone_rule.c

if HAVE_CMOCKA
check_PROGRAMS += tests/unit/model/test_model tests/unit/model/test_zone
tests_unit_model_test_model_LDADD = $(TEST_LIBS)
tests_unit_model_test_zone_LDADD = $(TEST_LIBS)
endif
