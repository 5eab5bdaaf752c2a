# Sources and tests of lib/transfer.
libdbwizard_la_SOURCES += lib/transfer/convert.c
libdbwizard_la_SOURCES += lib/transfer/convert.h
libdbwizard_la_SOURCES += lib/transfer/convert_number.c
libdbwizard_la_SOURCES += lib/transfer/convert_priv.h
libdbwizard_la_SOURCES += lib/transfer/convert_text.c
libdbwizard_la_SOURCES += lib/transfer/convert_time.c
libdbwizard_la_SOURCES += lib/transfer/datetime.c
libdbwizard_la_SOURCES += lib/transfer/datetime.h
libdbwizard_la_SOURCES += lib/transfer/json_check.c
libdbwizard_la_SOURCES += lib/transfer/json_check.h
libdbwizard_la_SOURCES += lib/transfer/number.c
libdbwizard_la_SOURCES += lib/transfer/number.h
libdbwizard_la_SOURCES += lib/transfer/options.c
libdbwizard_la_SOURCES += lib/transfer/options.h
libdbwizard_la_SOURCES += lib/transfer/plain.h
libdbwizard_la_SOURCES += lib/transfer/plan.h
libdbwizard_la_SOURCES += lib/transfer/profile.c
libdbwizard_la_SOURCES += lib/transfer/profile.h
libdbwizard_la_SOURCES += lib/transfer/profile_column.c
libdbwizard_la_SOURCES += lib/transfer/refset.c
libdbwizard_la_SOURCES += lib/transfer/refset.h
libdbwizard_la_SOURCES += lib/transfer/transfer.h
libdbwizard_la_SOURCES += lib/transfer/transfer_options.def
libdbwizard_la_SOURCES += lib/transfer/transforms.c
libdbwizard_la_SOURCES += lib/transfer/transforms.h

if HAVE_CMOCKA
check_PROGRAMS += tests/unit/transfer/test_convert
check_PROGRAMS += tests/unit/transfer/test_datetime
check_PROGRAMS += tests/unit/transfer/test_json_check
check_PROGRAMS += tests/unit/transfer/test_number
check_PROGRAMS += tests/unit/transfer/test_options
tests_unit_transfer_test_convert_LDADD = $(TEST_LIBS)
tests_unit_transfer_test_datetime_LDADD = $(TEST_LIBS)
tests_unit_transfer_test_json_check_LDADD = $(TEST_LIBS)
tests_unit_transfer_test_number_LDADD = $(TEST_LIBS)
tests_unit_transfer_test_options_LDADD = $(TEST_LIBS) $(JSON_LIBS)
endif
