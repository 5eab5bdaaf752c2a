/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Pre-made rows for the limits of make bench.
 *
 *   rows text DATABASE TABLE FILE     the rows as LOAD DATA and COPY (text) take them
 *   rows cells DATABASE TABLE FILE    the rows in a form of our own, for `rows load`
 *   rows load DATABASE SCRIPT         the limit of SQLite: prints the seconds it took
 *
 * The limit of SQLite is what the library itself takes for rows that are ready: one process, no
 * reading, no conversion, one prepared INSERT per table, values bound from a mapped file without
 * copying, a table in one transaction, indexes after the rows (half the time of indexes before),
 * statistics.
 * As durable as any database file by default, and as a run of dbwizard: rollback journal and
 * synchronous = FULL. Cache and sorter threads as measured to be the fastest.
 *
 * A line of SCRIPT is an SQL statement, or `load TABLE FILE`.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { LINE_BYTES = 64 * 1024, OUTPUT_BYTES = 1 << 20 };

static void die(const char *format, ...) __attribute__((noreturn, format(printf, 1, 2)));

static void die(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    fputs("rows: ", stderr);
    vfprintf(stderr, format, arguments);
    fputc('\n', stderr);
    va_end(arguments);
    exit(1);
}

static sqlite3 *open_database(const char *path, int flags)
{
    sqlite3 *database;
    if (sqlite3_open_v2(path, &database, flags | SQLITE_OPEN_NOMUTEX, NULL) != SQLITE_OK)
        die("unable to open '%s': %s", path, sqlite3_errmsg(database));
    return database;
}

static sqlite3_stmt *prepare(sqlite3 *database, const char *sql)
{
    sqlite3_stmt *statement;
    if (sqlite3_prepare_v2(database, sql, -1, &statement, NULL) != SQLITE_OK)
        die("unable to prepare '%s': %s", sql, sqlite3_errmsg(database));
    return statement;
}

static void run(sqlite3 *database, const char *sql)
{
    char *message = NULL;
    if (sqlite3_exec(database, sql, NULL, NULL, &message) != SQLITE_OK)
        die("unable to run '%s': %s", sql, message ? message : "?");
}

/* --- writing the files ------------------------------------------------------------------------ */

/* A decimal is kept as a double where it has a fraction: 15 digits are its own, 17 a double's. */
static void put_double(FILE *out, double value)
{
    char text[32];
    snprintf(text, sizeof text, "%.15g", value);
    if (strtod(text, NULL) != value)
        snprintf(text, sizeof text, "%.17g", value);
    fputs(text, out);
}

static void put_escaped(FILE *out, const char *data, int length)
{
    for (int i = 0; i < length; i++) {
        char c = data[i];
        if (c == '\\' || c == '\t' || c == '\n' || c == '\r' || c == '\0')
            putc_unlocked('\\', out);
        putc_unlocked(c == '\0'   ? '0'
                      : c == '\n' ? 'n'
                      : c == '\t' ? 't'
                      : c == '\r' ? 'r'
                                  : c,
                      out);
    }
}

static void put_text(FILE *out, sqlite3_stmt *rows, int column)
{
    switch (sqlite3_column_type(rows, column)) {
    case SQLITE_NULL:
        fputs("\\N", out);
        break;
    case SQLITE_INTEGER:
        fprintf(out, "%" PRId64, (int64_t)sqlite3_column_int64(rows, column));
        break;
    case SQLITE_FLOAT:
        put_double(out, sqlite3_column_double(rows, column));
        break;
    default: {
        const void *data = sqlite3_column_blob(rows, column);
        put_escaped(out, data, sqlite3_column_bytes(rows, column));
    }
    }
}

/* A byte of type; 8 bytes of number, or 4 bytes of length and the bytes. */
static void put_cell(FILE *out, sqlite3_stmt *rows, int column)
{
    int type = sqlite3_column_type(rows, column);
    putc_unlocked(type, out);
    if (type == SQLITE_INTEGER) {
        int64_t value = sqlite3_column_int64(rows, column);
        fwrite(&value, sizeof value, 1, out);
    } else if (type == SQLITE_FLOAT) {
        double value = sqlite3_column_double(rows, column);
        fwrite(&value, sizeof value, 1, out);
    } else if (type != SQLITE_NULL) {
        const void *data = sqlite3_column_blob(rows, column);
        int32_t length = sqlite3_column_bytes(rows, column);
        fwrite(&length, sizeof length, 1, out);
        if (length)
            fwrite(data, 1, (size_t)length, out);
    }
}

static void write_rows(const char *path, const char *table, const char *file, int as_text)
{
    char sql[256];
    int code;
    snprintf(sql, sizeof sql, "SELECT * FROM \"%s\"", table);
    sqlite3 *database = open_database(path, SQLITE_OPEN_READONLY);
    sqlite3_stmt *rows = prepare(database, sql);
    FILE *out = fopen(file, "w");
    if (!out)
        die("unable to make '%s': %s", file, strerror(errno));
    setvbuf(out, NULL, _IOFBF, OUTPUT_BYTES);
    while ((code = sqlite3_step(rows)) == SQLITE_ROW) {
        int width = sqlite3_column_count(rows);
        for (int i = 0; i < width; i++) {
            if (as_text)
                put_text(out, rows, i);
            else
                put_cell(out, rows, i);
            if (as_text)
                putc_unlocked(i + 1 < width ? '\t' : '\n', out);
        }
    }
    if (code != SQLITE_DONE)
        die("unable to read '%s': %s", table, sqlite3_errmsg(database));
    if (fclose(out) != 0)
        die("unable to write '%s': %s", file, strerror(errno));
    sqlite3_finalize(rows);
    sqlite3_close(database);
}

/* --- loading them ----------------------------------------------------------------------------- */

static const char *bind(sqlite3_stmt *insert, int at, const char *from)
{
    int type = *from++;
    if (type == SQLITE_INTEGER || type == SQLITE_FLOAT) {
        int64_t integer;
        double number;
        memcpy(&integer, from, sizeof integer);
        memcpy(&number, from, sizeof number);
        if (type == SQLITE_INTEGER)
            sqlite3_bind_int64(insert, at, integer);
        else
            sqlite3_bind_double(insert, at, number);
        return from + 8;
    }
    if (type == SQLITE_NULL) {
        sqlite3_bind_null(insert, at);
        return from;
    }
    int32_t length;
    memcpy(&length, from, sizeof length);
    from += sizeof length;
    if (type == SQLITE_TEXT)
        sqlite3_bind_text(insert, at, from, length, SQLITE_STATIC);
    else
        sqlite3_bind_blob(insert, at, from, length, SQLITE_STATIC);
    return from + length;
}

static int width_of(sqlite3 *database, const char *table)
{
    char sql[256];
    snprintf(sql, sizeof sql, "SELECT * FROM \"%s\"", table);
    sqlite3_stmt *statement = prepare(database, sql);
    int width = sqlite3_column_count(statement);
    sqlite3_finalize(statement);
    return width;
}

static sqlite3_stmt *prepare_insert(sqlite3 *database, const char *table, int width)
{
    char sql[1024];
    int length = snprintf(sql, sizeof sql, "INSERT INTO \"%s\" VALUES (?", table);
    for (int i = 1; i < width && length < (int)sizeof sql - 4; i++)
        length += snprintf(sql + length, sizeof sql - (size_t)length, ", ?");
    snprintf(sql + length, sizeof sql - (size_t)length, ")");
    return prepare(database, sql);
}

static void load_rows(sqlite3 *database, const char *table, const char *file)
{
    struct stat st;
    int width = width_of(database, table);
    int fd = open(file, O_RDONLY | O_CLOEXEC);
    if (fd < 0 || fstat(fd, &st) != 0)
        die("unable to read '%s': %s", file, strerror(errno));
    size_t length = (size_t)st.st_size;
    const char *rows = length ? mmap(NULL, length, PROT_READ, MAP_PRIVATE, fd, 0) : "";
    if (rows == MAP_FAILED)
        die("unable to map '%s': %s", file, strerror(errno));
    sqlite3_stmt *insert = prepare_insert(database, table, width);
    for (const char *at = rows, *end = rows + length; at < end;) {
        for (int i = 1; i <= width; i++)
            at = bind(insert, i, at);
        if (sqlite3_step(insert) != SQLITE_DONE)
            die("unable to write '%s': %s", table, sqlite3_errmsg(database));
        sqlite3_reset(insert);
    }
    sqlite3_finalize(insert);
    close(fd);
}

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static void load(const char *path, const char *script)
{
    static char line[LINE_BYTES];
    char table[128], file[4096];
    FILE *lines = fopen(script, "r");
    if (!lines)
        die("unable to read '%s': %s", script, strerror(errno));
    double start = now();
    sqlite3 *database = open_database(path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
    while (fgets(line, sizeof line, lines)) {
        if (sscanf(line, "load %127s %4095s", table, file) == 2)
            load_rows(database, table, file);
        else
            run(database, line);
    }
    sqlite3_close(database);
    printf("%.3f\n", now() - start);
    fclose(lines);
}

int main(int argc, char **argv)
{
    if (argc == 5 && strcmp(argv[1], "text") == 0)
        write_rows(argv[2], argv[3], argv[4], 1);
    else if (argc == 5 && strcmp(argv[1], "cells") == 0)
        write_rows(argv[2], argv[3], argv[4], 0);
    else if (argc == 4 && strcmp(argv[1], "load") == 0)
        load(argv[2], argv[3]);
    else
        die("usage: rows text|cells DATABASE TABLE FILE, rows load DATABASE SCRIPT");
    return 0;
}
