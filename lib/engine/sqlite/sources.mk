# Sources and tests of lib/engine/sqlite.
libdbwizard_la_SOURCES += \
	lib/engine/sqlite/access.c \
	lib/engine/sqlite/bind.c \
	lib/engine/sqlite/bulk.c lib/engine/sqlite/bulk_priv.h \
	lib/engine/sqlite/catalog.c lib/engine/sqlite/catalog_priv.h \
	lib/engine/sqlite/catalog_keys.c \
	lib/engine/sqlite/catalog_size.c \
	lib/engine/sqlite/copy.c \
	lib/engine/sqlite/create_index.c \
	lib/engine/sqlite/create_table.c lib/engine/sqlite/create_table.h \
	lib/engine/sqlite/ddl.c lib/engine/sqlite/ddl.h \
	lib/engine/sqlite/default.c \
	lib/engine/sqlite/dialect.c \
	lib/engine/sqlite/driver.c \
	lib/engine/sqlite/engine.c \
	lib/engine/sqlite/fail.c \
	lib/engine/sqlite/landing.c \
	lib/engine/sqlite/load.c \
	lib/engine/sqlite/lock.c \
	lib/engine/sqlite/open.c \
	lib/engine/sqlite/path.c \
	lib/engine/sqlite/scan.c \
	lib/engine/sqlite/snapshot.c \
	lib/engine/sqlite/split.c \
	lib/engine/sqlite/sqlite_priv.h \
	lib/engine/sqlite/token.c lib/engine/sqlite/token.h \
	lib/engine/sqlite/type.c lib/engine/sqlite/type.h lib/engine/sqlite/types.def

SQLITE_SQL = \
	lib/engine/sqlite/sql/columns.sql \
	lib/engine/sqlite/sql/foreign_keys.sql \
	lib/engine/sqlite/sql/index_columns.sql \
	lib/engine/sqlite/sql/indexes.sql \
	lib/engine/sqlite/sql/objects.sql \
	lib/engine/sqlite/sql/tables.sql
EXTRA_DIST += $(SQLITE_SQL)
BUILT_SOURCES += lib/engine/sqlite/queries.h
CLEANFILES += lib/engine/sqlite/queries.h
nodist_libdbwizard_la_SOURCES += lib/engine/sqlite/queries.h
lib/engine/sqlite/queries.h: $(SQLITE_SQL) lib/engine/embed.sh
	$(EMBED_SQL) dbw_sqlite_sql $(srcdir) $(SQLITE_SQL) $(EMBED_INTO)

if HAVE_CMOCKA
check_PROGRAMS += tests/unit/engine/sqlite/test_bulk
check_PROGRAMS += tests/unit/engine/sqlite/test_catalog
check_PROGRAMS += tests/unit/engine/sqlite/test_create_table
check_PROGRAMS += tests/unit/engine/sqlite/test_dialect
check_PROGRAMS += tests/unit/engine/sqlite/test_driver
check_PROGRAMS += tests/unit/engine/sqlite/test_landing
check_PROGRAMS += tests/unit/engine/sqlite/test_open
tests_unit_engine_sqlite_test_bulk_LDADD = $(TEST_LIBS) $(SQLITE_LIBS)
tests_unit_engine_sqlite_test_catalog_LDADD = $(TEST_LIBS) $(SQLITE_LIBS)
tests_unit_engine_sqlite_test_create_table_LDADD = $(TEST_LIBS) $(SQLITE_LIBS)
tests_unit_engine_sqlite_test_dialect_LDADD = $(TEST_LIBS) $(SQLITE_LIBS)
tests_unit_engine_sqlite_test_driver_LDADD = $(TEST_LIBS) $(SQLITE_LIBS)
tests_unit_engine_sqlite_test_landing_LDADD = $(TEST_LIBS) $(SQLITE_LIBS)
tests_unit_engine_sqlite_test_open_LDADD = $(TEST_LIBS) $(SQLITE_LIBS)
endif
EXTRA_DIST += tests/unit/engine/sqlite/sqlite_test.h
