# Sources and tests of lib/revision.
libdbwizard_la_SOURCES += \
	lib/revision/directory.c lib/revision/directory.h \
	lib/revision/file.c lib/revision/file.h \
	lib/revision/order.c \
	lib/revision/splitter.c lib/revision/splitter.h \
	lib/revision/splitter_priv.h \
	lib/revision/splitter_scan.c \
	lib/revision/upgrade.c lib/revision/upgrade.h

if HAVE_CMOCKA
check_PROGRAMS += tests/unit/revision/test_file
check_PROGRAMS += tests/unit/revision/test_order
check_PROGRAMS += tests/unit/revision/test_splitter
check_PROGRAMS += tests/unit/revision/test_upgrade
tests_unit_revision_test_file_LDADD = $(TEST_LIBS)
tests_unit_revision_test_order_LDADD = $(TEST_LIBS)
tests_unit_revision_test_splitter_LDADD = $(TEST_LIBS)
tests_unit_revision_test_upgrade_LDADD = $(TEST_LIBS)
endif
