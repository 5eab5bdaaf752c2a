/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Several readers that see one instant: something holds the writers back while each of them begins
 * its transaction, and lets go at once. What that is depends on the server and on our rights:
 *
 *   BACKUP STAGE (MariaDB 10.4, RELOAD): commits wait, and nobody's statements do.
 *   FLUSH TABLES WITH READ LOCK (RELOAD): all writers of the server wait.
 *   LOCK TABLES … READ (LOCK TABLES on the database): writers of this database wait.
 *
 * Where none can be had within a few seconds, and on Galera, whose other nodes no lock reaches,
 * there is one reader. MariaDB, "BACKUP STAGE"; MySQL manual, 13.3.1, 13.3.6 and 13.7.8.3.
 */
#include "engine/mysql/mysql_priv.h"

#include "engine/mysql/bulk.h"
#include "engine/mysql/queries.h"

enum { LOCK_WAIT_SECONDS = 5, STATEMENT_LIMIT = 16 * 1024 * 1024, TABLES_NAMED = 10 };

/** What tells whether a table was written: when it was last, to the second. */
typedef struct mark {
    const char *table;
    const char *updated; /* or NULL: not since the server began */
} mark;

typedef struct marks {
    mark *items;
    size_t count;
    const char *now;
    int64_t writes; /* rows written on the whole server */
} marks;

struct dbw_snapshot {
    dbw_arena *arena;
    dbw_database **readers;
    size_t count;
    dbw_database *watch; /* outside of the snapshot: sees the present */
    marks at_start;
    const char *note;
};

static dbw_status run(dbw_database *database, const char *sql, dbw_error *error)
{
    int64_t ignored;
    return dbw_execute(database, sql, NULL, 0, &ignored, error);
}

static const char *string_of(dbw_arena *arena, const dbw_value *value)
{
    return dbw_kind_has_text(value->kind) ? dbw_arena_text_string(arena, value->text) : NULL;
}

/* --- changes ---------------------------------------------------------------------------------- */

static int64_t count_of(const char *text)
{
    int64_t value = 0;
    for (; text && dbw_is_digit(*text); text++)
        value = value * 10 + (*text - '0');
    return value;
}

/** Handlers count rows for all engines, and every user may read them. */
static dbw_status read_writes(dbw_database *watch, dbw_arena *arena, int64_t *out, dbw_error *error)
{
    dbw_rows *rows;
    const dbw_value *row;
    *out = 0;
    DBW_TRY(dbw_fetch(watch,
                      "SHOW GLOBAL STATUS WHERE Variable_name IN ('Handler_write', "
                      "'Handler_update', 'Handler_delete')",
                      NULL, 0, &rows, error));
    dbw_status status;
    do {
        status = dbw_rows_next(rows, &row, error);
        if (status == DBW_OK && row)
            *out += count_of(string_of(arena, &row[1]));
    } while (status == DBW_OK && row);
    dbw_rows_close(rows);
    return status;
}

static dbw_status read_marks(dbw_database *watch, dbw_arena *arena, marks *out, dbw_error *error)
{
    dbw_rows *rows;
    const dbw_value *row;
    dbw_value now;
    *out = (marks){0};
    DBW_TRY(read_writes(watch, arena, &out->writes, error));
    DBW_TRY(dbw_fetch_value(watch, arena, "SELECT CAST(NOW() AS CHAR)", NULL, 0, &now, error));
    out->now = string_of(arena, &now);
    DBW_TRY(dbw_fetch(watch, dbw_mysql_sql_marks, NULL, 0, &rows, error));
    dbw_status status;
    do {
        status = dbw_rows_next(rows, &row, error);
        if (status == DBW_OK && row)
            *DBW_APPEND(arena, out->items, out->count) =
                (mark){string_of(arena, &row[0]), string_of(arena, &row[1])};
    } while (status == DBW_OK && row);
    dbw_rows_close(rows);
    return status;
}

static bool same_string(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

/**
 * A table's time of writing is told to the second. One written in the very second in which the
 * marks were taken may have been so before or after: then any row written anywhere counts.
 */
dbw_status dbw_mysql_snapshot_changed(dbw_snapshot *self, bool *changed, dbw_error *error)
{
    const marks *before = &self->at_start;
    marks now;
    bool unsure = false;
    DBW_TRY(read_marks(self->watch, self->arena, &now, error));
    *changed = now.count != before->count;
    for (size_t i = 0; !*changed && i < now.count; i++) {
        *changed = !same_string(now.items[i].table, before->items[i].table) ||
                   !same_string(now.items[i].updated, before->items[i].updated);
        unsure |=
            now.items[i].updated && before->now && strcmp(now.items[i].updated, before->now) >= 0;
    }
    if (!*changed && unsure)
        *changed = now.writes != before->writes;
    return DBW_OK;
}

/* --- holding the writers back ----------------------------------------------------------------- */

static dbw_status stage(dbw_database *watch, dbw_error *error)
{
    DBW_TRY(run(watch, "BACKUP STAGE START", error));
    dbw_status status = run(watch, "BACKUP STAGE FLUSH", error);
    if (status == DBW_OK)
        status = run(watch, "BACKUP STAGE BLOCK_DDL", error);
    if (status == DBW_OK)
        status = run(watch, "BACKUP STAGE BLOCK_COMMIT", error);
    return status;
}

typedef enum holding { HOLD_NONE, HOLD_STAGE, HOLD_FLUSH, HOLD_TABLES } holding;

static void let_go(dbw_snapshot *self, holding hold)
{
    dbw_error ignored;
    if (hold == HOLD_STAGE && run(self->watch, "BACKUP STAGE END", &ignored) == DBW_OK)
        return;
    if (hold != HOLD_NONE && run(self->watch, "UNLOCK TABLES", &ignored) != DBW_OK)
        return; /* the connection is gone, and its locks with it */
}

static bool is_mariadb(dbw_database *database)
{
    return mariadb_connection(((dbw_mysql *)database)->handle);
}

static bool on_galera(dbw_snapshot *self)
{
    dbw_value *row;
    dbw_error ignored;
    if (dbw_fetch_one(self->watch, self->arena, "SHOW GLOBAL VARIABLES LIKE 'wsrep_on'", NULL, 0,
                      &row, &ignored) != DBW_OK ||
        !row)
        return false;
    const char *value = string_of(self->arena, &row[1]);
    return value && strcmp(value, "ON") == 0;
}

/** The gentlest hold that can be had. A failure of one is the reason to try the next. */
static holding hold_back(dbw_snapshot *self)
{
    dbw_error ignored;
    if (is_mariadb(self->watch)) {
        if (stage(self->watch, &ignored) == DBW_OK)
            return HOLD_STAGE;
        let_go(self, HOLD_STAGE);
    }
    if (run(self->watch, "FLUSH TABLES WITH READ LOCK", &ignored) == DBW_OK)
        return HOLD_FLUSH;
    if (dbw_mysql_lock_tables(self->watch, &ignored) == DBW_OK)
        return HOLD_TABLES;
    return HOLD_NONE;
}

/* --- readers ---------------------------------------------------------------------------------- */

/* A reader may have to wait long for whoever takes its rows, and is not to be thrown out for it. */
static dbw_status open_reader(dbw_snapshot *self, const dbw_url *url,
                              const dbw_open_options *options, dbw_error *error)
{
    dbw_error ignored;
    dbw_database *reader;
    DBW_TRY(dbw_database_open(url, options, &reader, error));
    self->readers[self->count++] = reader;
    if (!options->lifeline)
        dbw_mysql_be_patient((dbw_mysql *)reader);
    if (run(reader, "SET SESSION information_schema_stats_expiry = 0", &ignored) != DBW_OK)
        dbw_error_clear(&ignored);
    return run(reader, "SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY", error);
}

static dbw_status begin_reader(dbw_database *reader, dbw_error *error)
{
    DBW_TRY(run(reader, "START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY", error));
    ((dbw_mysql *)reader)->in_transaction = true;
    return DBW_OK;
}

static dbw_status begin_all(dbw_snapshot *self, dbw_error *error)
{
    dbw_status status = DBW_OK;
    for (size_t i = 0; status == DBW_OK && i < self->count; i++)
        status = begin_reader(self->readers[i], error);
    return status;
}

static void keep_one_reader(dbw_snapshot *self)
{
    while (self->count > 1)
        dbw_database_close(self->readers[--self->count]);
}

/* --- the note --------------------------------------------------------------------------------- */

/** Tables of engines without transactions: a snapshot does not hold them still. */
static dbw_status plain_tables(dbw_snapshot *self, const char **out, dbw_error *error)
{
    dbw_rows *rows;
    const dbw_value *row;
    dbw_buffer names;
    size_t count = 0;
    dbw_buffer_init(&names, STATEMENT_LIMIT);
    DBW_TRY(dbw_fetch(self->watch, dbw_mysql_sql_plain_tables, NULL, 0, &rows, error));
    dbw_status status;
    do {
        status = dbw_rows_next(rows, &row, error);
        if (status != DBW_OK || !row)
            break;
        if (count++ >= TABLES_NAMED)
            continue;
        dbw_buffer_printf(&names, "%s%s (%s)", count > 1 ? ", " : "",
                          string_of(self->arena, &row[0]), string_of(self->arena, &row[1]));
    } while (true);
    dbw_rows_close(rows);
    if (count > TABLES_NAMED)
        dbw_buffer_printf(&names, " and %zu more", count - TABLES_NAMED);
    *out = count && !names.failed ? dbw_arena_string(self->arena, names.data) : NULL;
    dbw_buffer_free(&names);
    return status;
}

static dbw_status write_note(dbw_snapshot *self, holding hold, const char *alone, dbw_error *error)
{
    static const char *const how[] = {
        [HOLD_NONE] = "one read transaction",
        [HOLD_STAGE] = "one instant for all readers, commits held back while they began",
        [HOLD_FLUSH] = "one instant for all readers, all writers held back while they began",
        [HOLD_TABLES] =
            "one instant for all readers, writers of this database held back while they began",
    };
    const char *plain;
    DBW_TRY(plain_tables(self, &plain, error));
    self->note = how[hold];
    if (hold == HOLD_NONE && alone)
        self->note = dbw_arena_printf(self->arena, "%s (%s)", self->note, alone);
    if (plain)
        self->note = dbw_arena_printf(
            self->arena, "%s; tables without transactions are read as they are by then: %s",
            self->note, plain);
    return DBW_OK;
}

/* --- the whole -------------------------------------------------------------------------------- */

/** The watching connection: it may lock, so it is not read-only, and it never waits for long. */
static dbw_status open_watch(dbw_snapshot *self, const dbw_url *url,
                             const dbw_open_options *options, dbw_error *error)
{
    dbw_open_options ours = *options;
    dbw_error ignored;
    char sql[64];
    ours.read_only = false;
    DBW_TRY(dbw_database_open(url, &ours, &self->watch, error));
    if (!is_mariadb(self->watch) &&
        run(self->watch, "SET SESSION information_schema_stats_expiry = 0", &ignored) != DBW_OK)
        dbw_error_clear(&ignored); /* before MySQL 8 there is no such cache */
    snprintf(sql, sizeof sql, "SET SESSION lock_wait_timeout = %d", LOCK_WAIT_SECONDS);
    DBW_TRY(run(self->watch, sql, error));
    return run(self->watch, "SET SESSION wait_timeout = 604800", error);
}

static dbw_status open_all(dbw_snapshot *self, const dbw_url *url, const dbw_open_options *options,
                           size_t readers, dbw_error *error)
{
    holding hold = HOLD_NONE;
    const char *alone = NULL;
    DBW_TRY(open_watch(self, url, options, error));
    for (size_t i = 0; i < readers; i++)
        DBW_TRY(open_reader(self, url, options, error));
    /* Before the snapshot: what is written in between counts as a change, not the other way. */
    DBW_TRY(read_marks(self->watch, self->arena, &self->at_start, error));
    if (readers > 1 && on_galera(self)) {
        alone = "no lock reaches the other nodes of a Galera cluster";
    } else if (readers > 1) {
        hold = hold_back(self);
        if (hold == HOLD_NONE)
            alone = "writers could not be held back: that takes the LOCK TABLES or RELOAD "
                    "privilege";
    }
    if (alone)
        keep_one_reader(self);
    dbw_status status = begin_all(self, error);
    let_go(self, hold);
    DBW_TRY(status);
    return write_note(self, hold, alone, error);
}

dbw_status dbw_mysql_snapshot_open(const dbw_url *url, const dbw_open_options *options,
                                   size_t readers, dbw_snapshot **out, dbw_error *error)
{
    dbw_arena *arena = dbw_arena_new();
    dbw_snapshot *self = DBW_NEW(arena, dbw_snapshot);
    *out = NULL;
    if (readers == 0)
        readers = 1;
    self->arena = arena;
    self->readers = DBW_NEW_ARRAY(arena, readers, dbw_database *);
    dbw_status status = open_all(self, url, options, readers, error);
    if (status == DBW_OK)
        *out = self;
    else
        dbw_mysql_snapshot_close(self);
    return status;
}

dbw_database *dbw_mysql_snapshot_reader(dbw_snapshot *self, size_t n)
{
    return n < self->count ? self->readers[n] : NULL;
}

const char *dbw_mysql_snapshot_note(const dbw_snapshot *self)
{
    return self->note;
}

void dbw_mysql_snapshot_close(dbw_snapshot *self)
{
    if (!self)
        return;
    for (size_t i = 0; i < self->count; i++)
        dbw_database_close(self->readers[i]);
    dbw_database_close(self->watch);
    dbw_arena_free(self->arena);
}
