# Sources and tests of lib/engine (each engine's own stand in its folder).
libdbwizard_la_SOURCES += \
	lib/engine/address.c lib/engine/address.h \
	lib/engine/database.c lib/engine/database.h \
	lib/engine/engine.h \
	lib/engine/lifeline.c lib/engine/lifeline.h \
	lib/engine/mapping.c lib/engine/mapping.h \
	lib/engine/placeholder.c \
	lib/engine/pool.c lib/engine/pool.h \
	lib/engine/portable.c lib/engine/portable.h \
	lib/engine/portable_call.c lib/engine/portable_priv.h \
	lib/engine/portable_operator.c \
	lib/engine/portable_postgresql.c \
	lib/engine/portable_token.c \
	lib/engine/registry.c

# Catalog queries are .sql files; a header with their texts is made from them while building.
# An engine lists them and gives the rule for its own header:
#   X_SQL = lib/engine/x/sql/tables.sql …
#   lib/engine/x/queries.h: $(X_SQL) lib/engine/embed.sh
#   	$(EMBED_SQL) dbw_x_sql $(srcdir) $(X_SQL) $(EMBED_INTO)
EMBED_SQL = $(AM_V_GEN)$(MKDIR_P) $(@D) && $(SHELL) $(srcdir)/lib/engine/embed.sh
EMBED_INTO = >$@.new && mv $@.new $@
nodist_libdbwizard_la_SOURCES =
EXTRA_DIST += lib/engine/embed.sh

if HAVE_CMOCKA
check_PROGRAMS += \
	tests/unit/engine/test_address \
	tests/unit/engine/test_placeholder \
	tests/unit/engine/test_pool \
	tests/unit/engine/test_portable
tests_unit_engine_test_address_LDADD = $(TEST_LIBS)
tests_unit_engine_test_placeholder_LDADD = $(TEST_LIBS)
tests_unit_engine_test_pool_LDADD = $(TEST_LIBS)
tests_unit_engine_test_portable_LDADD = $(TEST_LIBS)
endif
