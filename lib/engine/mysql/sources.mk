# Sources and tests of lib/engine/mysql.
if WITH_MYSQL
libdbwizard_la_SOURCES += \
	lib/engine/mysql/bind.c \
	lib/engine/mysql/connect.c \
	lib/engine/mysql/describe.c \
	lib/engine/mysql/dialect.c \
	lib/engine/mysql/failure.c \
	lib/engine/mysql/mysql.c \
	lib/engine/mysql/mysql_priv.h \
	lib/engine/mysql/statement.c
endif

if HAVE_CMOCKA
if WITH_MYSQL
check_PROGRAMS += tests/unit/engine/mysql/test_driver
tests_unit_engine_mysql_test_driver_LDADD = $(TEST_LIBS)
endif
endif
