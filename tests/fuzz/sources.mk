# Fuzz targets. Each fuzz_NAME.c is built twice: as check_NAME with driver.c, a TAP test that runs
# it over its seeds and changes of them, and, with --enable-fuzzers (clang), as fuzz_NAME with
# libFuzzer. `make fuzz` runs those, FUZZ_SECONDS each. A new one gets its lines here and a folder
# of seeds.
FUZZ_SECONDS = 30
FUZZERS = array body create_table datetime duration envfile labels number portable revision_file splitter url zone

check_PROGRAMS += \
	tests/fuzz/check_array \
	tests/fuzz/check_body \
	tests/fuzz/check_create_table \
	tests/fuzz/check_datetime \
	tests/fuzz/check_duration \
	tests/fuzz/check_envfile \
	tests/fuzz/check_labels \
	tests/fuzz/check_number \
	tests/fuzz/check_portable \
	tests/fuzz/check_revision_file \
	tests/fuzz/check_splitter \
	tests/fuzz/check_url \
	tests/fuzz/check_zone
tests_fuzz_check_array_SOURCES = tests/fuzz/driver.c tests/fuzz/fuzz_array.c
tests_fuzz_check_array_CPPFLAGS = $(AM_CPPFLAGS) -DFUZZ_NAME='"array"'
tests_fuzz_check_array_LDADD = libdbwizard.la
tests_fuzz_check_body_SOURCES = tests/fuzz/driver.c tests/fuzz/fuzz_body.c
tests_fuzz_check_body_CPPFLAGS = $(AM_CPPFLAGS) -I$(srcdir)/fcgi -DFUZZ_NAME='"body"'
tests_fuzz_check_body_LDADD = fcgi/librequests.la libdbwizard.la $(JSON_LIBS)
tests_fuzz_check_create_table_SOURCES = tests/fuzz/driver.c tests/fuzz/fuzz_create_table.c
tests_fuzz_check_create_table_CPPFLAGS = $(AM_CPPFLAGS) -DFUZZ_NAME='"create_table"'
tests_fuzz_check_create_table_LDADD = libdbwizard.la $(SQLITE_LIBS)
tests_fuzz_check_datetime_SOURCES = tests/fuzz/driver.c tests/fuzz/fuzz_datetime.c
tests_fuzz_check_datetime_CPPFLAGS = $(AM_CPPFLAGS) -DFUZZ_NAME='"datetime"'
tests_fuzz_check_datetime_LDADD = libdbwizard.la
tests_fuzz_check_duration_SOURCES = tests/fuzz/driver.c tests/fuzz/fuzz_duration.c
tests_fuzz_check_duration_CPPFLAGS = $(AM_CPPFLAGS) -DFUZZ_NAME='"duration"'
tests_fuzz_check_duration_LDADD = libdbwizard.la
tests_fuzz_check_envfile_SOURCES = tests/fuzz/driver.c tests/fuzz/fuzz_envfile.c
tests_fuzz_check_envfile_CPPFLAGS = $(AM_CPPFLAGS) -DFUZZ_NAME='"envfile"'
tests_fuzz_check_envfile_LDADD = libdbwizard.la
tests_fuzz_check_labels_SOURCES = tests/fuzz/driver.c tests/fuzz/fuzz_labels.c
tests_fuzz_check_labels_CPPFLAGS = $(AM_CPPFLAGS) -DFUZZ_NAME='"labels"'
tests_fuzz_check_labels_LDADD = libdbwizard.la
tests_fuzz_check_number_SOURCES = tests/fuzz/driver.c tests/fuzz/fuzz_number.c
tests_fuzz_check_number_CPPFLAGS = $(AM_CPPFLAGS) -DFUZZ_NAME='"number"'
tests_fuzz_check_number_LDADD = libdbwizard.la
tests_fuzz_check_portable_SOURCES = tests/fuzz/driver.c tests/fuzz/fuzz_portable.c
tests_fuzz_check_portable_CPPFLAGS = $(AM_CPPFLAGS) -DFUZZ_NAME='"portable"'
tests_fuzz_check_portable_LDADD = libdbwizard.la $(SQLITE_LIBS)
tests_fuzz_check_revision_file_SOURCES = tests/fuzz/driver.c tests/fuzz/fuzz_revision_file.c
tests_fuzz_check_revision_file_CPPFLAGS = $(AM_CPPFLAGS) -DFUZZ_NAME='"revision_file"'
tests_fuzz_check_revision_file_LDADD = libdbwizard.la
tests_fuzz_check_splitter_SOURCES = tests/fuzz/driver.c tests/fuzz/fuzz_splitter.c
tests_fuzz_check_splitter_CPPFLAGS = $(AM_CPPFLAGS) -DFUZZ_NAME='"splitter"'
tests_fuzz_check_splitter_LDADD = libdbwizard.la
tests_fuzz_check_url_SOURCES = tests/fuzz/driver.c tests/fuzz/fuzz_url.c
tests_fuzz_check_url_CPPFLAGS = $(AM_CPPFLAGS) -DFUZZ_NAME='"url"'
tests_fuzz_check_url_LDADD = libdbwizard.la
tests_fuzz_check_zone_SOURCES = tests/fuzz/driver.c tests/fuzz/fuzz_zone.c
tests_fuzz_check_zone_CPPFLAGS = $(AM_CPPFLAGS) -DFUZZ_NAME='"zone"'
tests_fuzz_check_zone_LDADD = libdbwizard.la

if ENABLE_FUZZERS
noinst_PROGRAMS += \
	tests/fuzz/fuzz_array \
	tests/fuzz/fuzz_body \
	tests/fuzz/fuzz_create_table \
	tests/fuzz/fuzz_datetime \
	tests/fuzz/fuzz_duration \
	tests/fuzz/fuzz_envfile \
	tests/fuzz/fuzz_labels \
	tests/fuzz/fuzz_number \
	tests/fuzz/fuzz_portable \
	tests/fuzz/fuzz_revision_file \
	tests/fuzz/fuzz_splitter \
	tests/fuzz/fuzz_url \
	tests/fuzz/fuzz_zone
tests_fuzz_fuzz_array_LDADD = libdbwizard.la
tests_fuzz_fuzz_array_LDFLAGS = $(AM_LDFLAGS) -fsanitize=fuzzer
tests_fuzz_fuzz_body_CPPFLAGS = $(AM_CPPFLAGS) -I$(srcdir)/fcgi
tests_fuzz_fuzz_body_LDADD = fcgi/librequests.la libdbwizard.la $(JSON_LIBS)
tests_fuzz_fuzz_body_LDFLAGS = $(AM_LDFLAGS) -fsanitize=fuzzer
tests_fuzz_fuzz_create_table_LDADD = libdbwizard.la $(SQLITE_LIBS)
tests_fuzz_fuzz_create_table_LDFLAGS = $(AM_LDFLAGS) -fsanitize=fuzzer
tests_fuzz_fuzz_datetime_LDADD = libdbwizard.la
tests_fuzz_fuzz_datetime_LDFLAGS = $(AM_LDFLAGS) -fsanitize=fuzzer
tests_fuzz_fuzz_duration_LDADD = libdbwizard.la
tests_fuzz_fuzz_duration_LDFLAGS = $(AM_LDFLAGS) -fsanitize=fuzzer
tests_fuzz_fuzz_envfile_LDADD = libdbwizard.la
tests_fuzz_fuzz_envfile_LDFLAGS = $(AM_LDFLAGS) -fsanitize=fuzzer
tests_fuzz_fuzz_labels_LDADD = libdbwizard.la
tests_fuzz_fuzz_labels_LDFLAGS = $(AM_LDFLAGS) -fsanitize=fuzzer
tests_fuzz_fuzz_number_LDADD = libdbwizard.la
tests_fuzz_fuzz_number_LDFLAGS = $(AM_LDFLAGS) -fsanitize=fuzzer
tests_fuzz_fuzz_portable_LDADD = libdbwizard.la $(SQLITE_LIBS)
tests_fuzz_fuzz_portable_LDFLAGS = $(AM_LDFLAGS) -fsanitize=fuzzer
tests_fuzz_fuzz_revision_file_LDADD = libdbwizard.la
tests_fuzz_fuzz_revision_file_LDFLAGS = $(AM_LDFLAGS) -fsanitize=fuzzer
tests_fuzz_fuzz_splitter_LDADD = libdbwizard.la
tests_fuzz_fuzz_splitter_LDFLAGS = $(AM_LDFLAGS) -fsanitize=fuzzer
tests_fuzz_fuzz_url_LDADD = libdbwizard.la
tests_fuzz_fuzz_url_LDFLAGS = $(AM_LDFLAGS) -fsanitize=fuzzer
tests_fuzz_fuzz_zone_LDADD = libdbwizard.la
tests_fuzz_fuzz_zone_LDFLAGS = $(AM_LDFLAGS) -fsanitize=fuzzer
endif


if ENABLE_FUZZERS
fuzz: $(noinst_PROGRAMS)
	@for name in $(FUZZERS); do \
		echo "fuzz: $$name, $(FUZZ_SECONDS) s"; \
		$(MKDIR_P) tests/fuzz/corpus/$$name; \
		tests/fuzz/fuzz_$$name -max_total_time=$(FUZZ_SECONDS) -timeout=10 -print_final_stats=1 \
			-artifact_prefix=tests/fuzz/corpus/ tests/fuzz/corpus/$$name \
			$(srcdir)/tests/fuzz/seeds/$$name >tests/fuzz/corpus/$$name.log 2>&1 || \
			{ tail -40 tests/fuzz/corpus/$$name.log; exit 1; }; \
		grep number_of_executed_units tests/fuzz/corpus/$$name.log; \
	done
else
fuzz:
	@echo "fuzz: configure with CC=clang --enable-fuzzers --disable-shared" >&2; exit 1
endif

clean-local: clean-fuzz
clean-fuzz:
	rm -rf tests/fuzz/corpus crash-*
.PHONY: fuzz clean-fuzz

EXTRA_DIST += \
	tests/fuzz/seeds/array/booleans \
	tests/fuzz/seeds/array/json \
	tests/fuzz/seeds/array/numbers \
	tests/fuzz/seeds/array/text \
	tests/fuzz/seeds/body/escapes \
	tests/fuzz/seeds/body/nested \
	tests/fuzz/seeds/body/plain \
	tests/fuzz/seeds/copy_decode/row \
	tests/fuzz/seeds/create_table/index \
	tests/fuzz/seeds/create_table/table \
	tests/fuzz/seeds/datetime/compact \
	tests/fuzz/seeds/datetime/date \
	tests/fuzz/seeds/datetime/endless \
	tests/fuzz/seeds/datetime/far \
	tests/fuzz/seeds/datetime/iso \
	tests/fuzz/seeds/duration/large \
	tests/fuzz/seeds/duration/small \
	tests/fuzz/seeds/duration/whole \
	tests/fuzz/seeds/envfile/mixed \
	tests/fuzz/seeds/envfile/open \
	tests/fuzz/seeds/envfile/url \
	tests/fuzz/seeds/labels/enum \
	tests/fuzz/seeds/labels/set \
	tests/fuzz/seeds/labels/spelling \
	tests/fuzz/seeds/number/exponent \
	tests/fuzz/seeds/number/small \
	tests/fuzz/seeds/number/uint64 \
	tests/fuzz/seeds/numeric/decimal \
	tests/fuzz/seeds/portable/any \
	tests/fuzz/seeds/portable/casts \
	tests/fuzz/seeds/portable/condition \
	tests/fuzz/seeds/portable/quotes \
	tests/fuzz/seeds/portable/value \
	tests/fuzz/seeds/revision_file/backends \
	tests/fuzz/seeds/revision_file/both \
	tests/fuzz/seeds/splitter/delimiter \
	tests/fuzz/seeds/splitter/plain \
	tests/fuzz/seeds/url/0-user-info \
	tests/fuzz/seeds/url/1-slash \
	tests/fuzz/seeds/url/2-option \
	tests/fuzz/seeds/url/3-option \
	tests/fuzz/seeds/url/4-conninfo \
	tests/fuzz/seeds/url/5-no-scheme \
	tests/fuzz/seeds/url/6-unfinished \
	tests/fuzz/seeds/url/parse-broken-utf8 \
	tests/fuzz/seeds/url/parse-full \
	tests/fuzz/seeds/url/parse-socket \
	tests/fuzz/seeds/url/parse-sqlite \
	tests/fuzz/seeds/zone/file \
	tests/fuzz/seeds/zone/rule \
	tests/fuzz/seeds/zone/south

# Those of the PostgreSQL engine.
EXTRA_DIST += \
	tests/fuzz/seeds/copy_decode/binary \
	tests/fuzz/seeds/copy_decode/numeric \
	tests/fuzz/seeds/numeric/fraction \
	tests/fuzz/seeds/numeric/integer \
	tests/fuzz/seeds/numeric/wire \
	tests/fuzz/seeds/pg_text/default \
	tests/fuzz/seeds/pg_text/interval \
	tests/fuzz/seeds/pg_text/timestamptz \
	tests/fuzz/seeds/pg_text/type
if WITH_POSTGRESQL
FUZZERS += copy_decode numeric pg_text
check_PROGRAMS += \
	tests/fuzz/check_copy_decode \
	tests/fuzz/check_numeric \
	tests/fuzz/check_pg_text
tests_fuzz_check_copy_decode_SOURCES = tests/fuzz/driver.c tests/fuzz/fuzz_copy_decode.c
tests_fuzz_check_copy_decode_CPPFLAGS = $(AM_CPPFLAGS) -DFUZZ_NAME='"copy_decode"'
tests_fuzz_check_copy_decode_LDADD = libdbwizard.la
tests_fuzz_check_numeric_SOURCES = tests/fuzz/driver.c tests/fuzz/fuzz_numeric.c
tests_fuzz_check_numeric_CPPFLAGS = $(AM_CPPFLAGS) -DFUZZ_NAME='"numeric"'
tests_fuzz_check_numeric_LDADD = libdbwizard.la
tests_fuzz_check_pg_text_SOURCES = tests/fuzz/driver.c tests/fuzz/fuzz_pg_text.c
tests_fuzz_check_pg_text_CPPFLAGS = $(AM_CPPFLAGS) -DFUZZ_NAME='"pg_text"'
tests_fuzz_check_pg_text_LDADD = libdbwizard.la
if ENABLE_FUZZERS
noinst_PROGRAMS += \
	tests/fuzz/fuzz_copy_decode \
	tests/fuzz/fuzz_numeric \
	tests/fuzz/fuzz_pg_text
tests_fuzz_fuzz_copy_decode_LDADD = libdbwizard.la
tests_fuzz_fuzz_copy_decode_LDFLAGS = $(AM_LDFLAGS) -fsanitize=fuzzer
tests_fuzz_fuzz_numeric_LDADD = libdbwizard.la
tests_fuzz_fuzz_numeric_LDFLAGS = $(AM_LDFLAGS) -fsanitize=fuzzer
tests_fuzz_fuzz_pg_text_LDADD = libdbwizard.la
tests_fuzz_fuzz_pg_text_LDFLAGS = $(AM_LDFLAGS) -fsanitize=fuzzer
endif
endif

# Those of the MySQL engine.
EXTRA_DIST += \
	tests/fuzz/seeds/mysql/datetime \
	tests/fuzz/seeds/mysql/decimal \
	tests/fuzz/seeds/mysql/introducer \
	tests/fuzz/seeds/mysql/labels \
	tests/fuzz/seeds/mysql/moment \
	tests/fuzz/seeds/mysql/now \
	tests/fuzz/seeds/mysql/time \
	tests/fuzz/seeds/mysql/time_short \
	tests/fuzz/seeds/mysql/uuid
if WITH_MYSQL
FUZZERS += mysql
check_PROGRAMS += tests/fuzz/check_mysql
tests_fuzz_check_mysql_SOURCES = tests/fuzz/driver.c tests/fuzz/fuzz_mysql.c
tests_fuzz_check_mysql_CPPFLAGS = $(AM_CPPFLAGS) -DFUZZ_NAME='"mysql"'
tests_fuzz_check_mysql_LDADD = libdbwizard.la
if ENABLE_FUZZERS
noinst_PROGRAMS += tests/fuzz/fuzz_mysql
tests_fuzz_fuzz_mysql_LDADD = libdbwizard.la
tests_fuzz_fuzz_mysql_LDFLAGS = $(AM_LDFLAGS) -fsanitize=fuzzer
endif
endif
