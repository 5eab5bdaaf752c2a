# Sources and tests of lib/engine/mysql.
MYSQL_SQL = \
	lib/engine/mysql/sql/checks.sql \
	lib/engine/mysql/sql/checks_mysql.sql \
	lib/engine/mysql/sql/columns.sql \
	lib/engine/mysql/sql/foreign_keys.sql \
	lib/engine/mysql/sql/indexes.sql \
	lib/engine/mysql/sql/indexes_mysql.sql \
	lib/engine/mysql/sql/marks.sql \
	lib/engine/mysql/sql/objects.sql \
	lib/engine/mysql/sql/plain_tables.sql \
	lib/engine/mysql/sql/tables.sql
MYSQL_SOURCES = \
	lib/engine/mysql/bind.c \
	lib/engine/mysql/bulk.h \
	lib/engine/mysql/catalog.c \
	lib/engine/mysql/catalog.h \
	lib/engine/mysql/catalog_default.c \
	lib/engine/mysql/catalog_index.c \
	lib/engine/mysql/catalog_label.c \
	lib/engine/mysql/catalog_object.c \
	lib/engine/mysql/catalog_parts.c \
	lib/engine/mysql/catalog_priv.h \
	lib/engine/mysql/connect.c \
	lib/engine/mysql/decode.c \
	lib/engine/mysql/decode.h \
	lib/engine/mysql/default.c \
	lib/engine/mysql/ddl.c \
	lib/engine/mysql/ddl.h \
	lib/engine/mysql/describe.c \
	lib/engine/mysql/dialect.c \
	lib/engine/mysql/encode.c \
	lib/engine/mysql/engine.c \
	lib/engine/mysql/failure.c \
	lib/engine/mysql/fit.c \
	lib/engine/mysql/fit_index.c \
	lib/engine/mysql/fit_key.c \
	lib/engine/mysql/fit_priv.h \
	lib/engine/mysql/infile.c \
	lib/engine/mysql/infile.h \
	lib/engine/mysql/key.c \
	lib/engine/mysql/key.h \
	lib/engine/mysql/landing.c \
	lib/engine/mysql/landing.h \
	lib/engine/mysql/load.c \
	lib/engine/mysql/load.h \
	lib/engine/mysql/lock.c \
	lib/engine/mysql/map.c \
	lib/engine/mysql/map.h \
	lib/engine/mysql/maps.def \
	lib/engine/mysql/mysql.c \
	lib/engine/mysql/mysql_priv.h \
	lib/engine/mysql/number.c \
	lib/engine/mysql/number.h \
	lib/engine/mysql/scan.c \
	lib/engine/mysql/snapshot.c \
	lib/engine/mysql/split.c \
	lib/engine/mysql/statement.c \
	lib/engine/mysql/type.c \
	lib/engine/mysql/type.h \
	lib/engine/mysql/types.def
EXTRA_DIST += $(MYSQL_SQL)

if WITH_MYSQL
libdbwizard_la_SOURCES += $(MYSQL_SOURCES)
BUILT_SOURCES += lib/engine/mysql/queries.h
CLEANFILES += lib/engine/mysql/queries.h
nodist_libdbwizard_la_SOURCES += lib/engine/mysql/queries.h
lib/engine/mysql/queries.h: $(MYSQL_SQL) lib/engine/embed.sh
	$(EMBED_SQL) dbw_mysql_sql $(srcdir) $(MYSQL_SQL) $(EMBED_INTO)
endif

EXTRA_DIST += tests/unit/engine/mysql/source_help.h
if HAVE_CMOCKA
if WITH_MYSQL
check_PROGRAMS += \
	tests/unit/engine/mysql/test_catalog \
	tests/unit/engine/mysql/test_dialect \
	tests/unit/engine/mysql/test_driver \
	tests/unit/engine/mysql/test_scan \
	tests/unit/engine/mysql/test_snapshot \
	tests/unit/engine/mysql/test_text
tests_unit_engine_mysql_test_catalog_LDADD = $(TEST_LIBS)
tests_unit_engine_mysql_test_dialect_LDADD = $(TEST_LIBS)
tests_unit_engine_mysql_test_driver_LDADD = $(TEST_LIBS)
tests_unit_engine_mysql_test_scan_LDADD = $(TEST_LIBS)
tests_unit_engine_mysql_test_snapshot_LDADD = $(TEST_LIBS)
tests_unit_engine_mysql_test_text_LDADD = $(TEST_LIBS)
endif
endif
