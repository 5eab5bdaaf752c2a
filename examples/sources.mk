# Sources of examples.
noinst_PROGRAMS += examples/docuflow/docuflow-generate
examples_docuflow_docuflow_generate_SOURCES = \
	examples/docuflow/accounts.c \
	examples/docuflow/bench.c \
	examples/docuflow/documents.c \
	examples/docuflow/generate.c \
	examples/docuflow/hostile.c \
	examples/docuflow/moments.c examples/docuflow/moments.h \
	examples/docuflow/random.c examples/docuflow/random.h \
	examples/docuflow/rows.c examples/docuflow/rows.h \
	examples/docuflow/store.c examples/docuflow/store.h \
	examples/docuflow/words.c examples/docuflow/words.h \
	lib/base/buffer.c lib/base/error.c lib/base/text.c lib/base/utf8.c lib/base/utf8_vector.c
nodist_examples_docuflow_docuflow_generate_SOURCES = $(docuflow_sql_headers)
# Its own flags: the same sources are compiled for the library, position independent.
examples_docuflow_docuflow_generate_CPPFLAGS = $(AM_CPPFLAGS) -I$(builddir)
examples_docuflow_docuflow_generate_LDADD = $(SQLITE_LIBS)

docuflow_sql_headers = \
	examples/docuflow/bench_indexes_sql.h \
	examples/docuflow/bench_sql.h \
	examples/docuflow/indexes_sql.h \
	examples/docuflow/tables_sql.h
BUILT_SOURCES += $(docuflow_sql_headers)
examples/docuflow/docuflow_generate-generate.$(OBJEXT): $(docuflow_sql_headers)
CLEANFILES += $(docuflow_sql_headers)
$(docuflow_sql_headers): examples/docuflow/%_sql.h: examples/docuflow/%.sql
	$(AM_V_GEN)$(MKDIR_P) examples/docuflow && \
	{ echo 'static const char $(*F)_sql[] ='; \
	  $(SED) -e 's/[\\"]/\\&/g' -e 's/^/    "/' -e 's/$$/\\n"/' $<; echo '    ;'; } >$@.tmp && \
	mv $@.tmp $@

TESTS += examples/docuflow/test_generate.sh
EXTRA_DIST += \
	examples/docuflow/README.md \
	examples/docuflow/bench.sql \
	examples/docuflow/bench_indexes.sql \
	examples/docuflow/indexes.sql \
	examples/docuflow/tables.sql \
	examples/docuflow/test_generate.sh
