# Sources and tests of lib/engine (each engine's own stand in its folder).
libdbwizard_la_SOURCES += \
	lib/engine/database.c lib/engine/database.h \
	lib/engine/engine.h \
	lib/engine/placeholder.c \
	lib/engine/registry.c

if HAVE_CMOCKA
check_PROGRAMS += tests/unit/engine/test_placeholder
tests_unit_engine_test_placeholder_LDADD = $(TEST_LIBS)
endif
