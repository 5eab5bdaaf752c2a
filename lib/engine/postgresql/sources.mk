# Sources and tests of lib/engine/postgresql.
POSTGRESQL_SQL = \
	lib/engine/postgresql/sql/columns.sql \
	lib/engine/postgresql/sql/constraints.sql \
	lib/engine/postgresql/sql/indexes.sql \
	lib/engine/postgresql/sql/lifts.sql \
	lib/engine/postgresql/sql/marks.sql \
	lib/engine/postgresql/sql/objects.sql \
	lib/engine/postgresql/sql/server.sql \
	lib/engine/postgresql/sql/tables.sql
POSTGRESQL_SOURCES = \
	lib/engine/postgresql/bulk.h \
	lib/engine/postgresql/catalog.c lib/engine/postgresql/catalog.h \
	lib/engine/postgresql/catalog_parts.c lib/engine/postgresql/catalog_priv.h \
	lib/engine/postgresql/connect.c \
	lib/engine/postgresql/ddl.c \
	lib/engine/postgresql/decode.c \
	lib/engine/postgresql/default.c lib/engine/postgresql/default.h \
	lib/engine/postgresql/describe.c \
	lib/engine/postgresql/dialect.c lib/engine/postgresql/dialect.h \
	lib/engine/postgresql/encode.c \
	lib/engine/postgresql/engine.c \
	lib/engine/postgresql/failure.c \
	lib/engine/postgresql/field.c lib/engine/postgresql/field.h \
	lib/engine/postgresql/landing.c lib/engine/postgresql/landing.h \
	lib/engine/postgresql/load.c \
	lib/engine/postgresql/lock.c \
	lib/engine/postgresql/locale.c lib/engine/postgresql/locale.h \
	lib/engine/postgresql/numeric.c lib/engine/postgresql/numeric.h \
	lib/engine/postgresql/options.c lib/engine/postgresql/options.h \
	lib/engine/postgresql/parameter.c lib/engine/postgresql/parameter.h \
	lib/engine/postgresql/postgresql_priv.h \
	lib/engine/postgresql/query.c \
	lib/engine/postgresql/scan.c lib/engine/postgresql/scan.h \
	lib/engine/postgresql/session.c \
	lib/engine/postgresql/snapshot.c \
	lib/engine/postgresql/split.c \
	lib/engine/postgresql/text.h \
	lib/engine/postgresql/text_get.c \
	lib/engine/postgresql/text_put.c \
	lib/engine/postgresql/type.c lib/engine/postgresql/type.h \
	lib/engine/postgresql/types.def \
	lib/engine/postgresql/wait.c \
	lib/engine/postgresql/wire.h
EXTRA_DIST += $(POSTGRESQL_SQL)

if WITH_POSTGRESQL
libdbwizard_la_SOURCES += $(POSTGRESQL_SOURCES)
BUILT_SOURCES += lib/engine/postgresql/queries.h
CLEANFILES += lib/engine/postgresql/queries.h
nodist_libdbwizard_la_SOURCES += lib/engine/postgresql/queries.h
lib/engine/postgresql/queries.h: $(POSTGRESQL_SQL) lib/engine/embed.sh
	$(EMBED_SQL) dbw_pg_sql $(srcdir) $(POSTGRESQL_SQL) $(EMBED_INTO)
endif

EXTRA_DIST += \
	tests/unit/engine/postgresql/bulk_help.h \
	tests/unit/engine/postgresql/postgresql.h
if WITH_POSTGRESQL
if HAVE_CMOCKA
check_PROGRAMS += \
	tests/unit/engine/postgresql/test_bulk \
	tests/unit/engine/postgresql/test_catalog \
	tests/unit/engine/postgresql/test_connect \
	tests/unit/engine/postgresql/test_dialect \
	tests/unit/engine/postgresql/test_driver \
	tests/unit/engine/postgresql/test_encode
tests_unit_engine_postgresql_test_bulk_LDADD = $(TEST_LIBS)
tests_unit_engine_postgresql_test_catalog_LDADD = $(TEST_LIBS)
tests_unit_engine_postgresql_test_connect_LDADD = $(TEST_LIBS)
tests_unit_engine_postgresql_test_dialect_LDADD = $(TEST_LIBS)
tests_unit_engine_postgresql_test_driver_LDADD = $(TEST_LIBS)
tests_unit_engine_postgresql_test_encode_LDADD = $(TEST_LIBS)
endif
endif
