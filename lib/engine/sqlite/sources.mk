# Sources and tests of lib/engine/sqlite.
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
