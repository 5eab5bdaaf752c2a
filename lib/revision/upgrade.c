/* SPDX-License-Identifier: Apache-2.0 */
#include "revision/upgrade.h"

#include "engine/engine.h"
#include "revision/splitter.h"

#define VERSION_TABLE                                                                              \
    "CREATE TABLE IF NOT EXISTS " DBW_REVISION_VERSION_TABLE " (version_num VARCHAR(255) NOT "     \
    "NULL, CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num))"
#define JOURNAL_TABLE                                                                              \
    "CREATE TABLE IF NOT EXISTS " DBW_REVISION_JOURNAL_TABLE                                       \
    " (revision VARCHAR(255) NOT NULL PRIMARY KEY, checksum VARCHAR(64) NOT NULL,"                 \
    " applied_at BIGINT NOT NULL, duration_us BIGINT NOT NULL,"                                    \
    " statement_started INTEGER NOT NULL, statement_done INTEGER NOT NULL)"

enum { ATTEMPTS = 5 };

/* One upgrade: what its transactions share. */
struct upgrade {
    const dbw_revision_directory *directory;
    const dbw_upgrade_observer *observer;
    dbw_arena *arena; /* of the present step */
    dbw_revision_file *applied;
    int64_t duration;
};

static const char *marker_of(const dbw_revision_directory *directory)
{
    return directory->marker ? directory->marker : "";
}

/* --- whose database is it --------------------------------------------------------------------- */

static dbw_status refuse(dbw_error *error, const dbw_revision_directory *directory,
                         const char *found)
{
    if (directory->marker)
        dbw_fail(error, DBW_E_REFUSED,
                 "unable to upgrade with the revisions in '%s': they are for %s databases only",
                 directory->path, directory->marker);
    else
        dbw_fail(error, DBW_E_REFUSED,
                 "unable to upgrade with the revisions in '%s': the database belongs to %s",
                 directory->path, found);
    return dbw_hint(error, "Nothing was written. Check that the URL and the revisions belong "
                           "together.");
}

/* The marker in the lock row; `*found` false where there is no journal (or nobody may read it). */
static dbw_status read_marker(dbw_database *database, dbw_arena *arena, const char **marker,
                              bool *found, dbw_error *error)
{
    dbw_value value;
    dbw_error failure;
    dbw_status status = dbw_fetch_value(
        database, arena, "SELECT checksum FROM " DBW_REVISION_JOURNAL_TABLE " WHERE revision = ''",
        NULL, 0, &value, &failure);
    *found = status == DBW_OK && value.kind == DBW_KIND_TEXT;
    if (*found)
        *marker = dbw_arena_text_string(arena, value.text);
    if (status == DBW_OK || status == DBW_E_DATABASE || status == DBW_E_NOT_FOUND)
        return DBW_OK;
    *error = failure;
    return status;
}

static dbw_status make_tables(dbw_database *database, void *context, dbw_error *error)
{
    const struct upgrade *upgrade = context;
    DBW_TRY(dbw_execute(database, VERSION_TABLE, NULL, 0, NULL, error));
    DBW_TRY(dbw_execute(database, JOURNAL_TABLE, NULL, 0, NULL, error));
    dbw_value values[] = {dbw_value_string(marker_of(upgrade->directory)),
                          dbw_value_int(dbw_clock_wall())};
    return dbw_execute(database,
                       "INSERT INTO " DBW_REVISION_JOURNAL_TABLE
                       " SELECT '', CAST(? AS VARCHAR(64)), CAST(? AS BIGINT), 0, 0, 0"
                       " WHERE NOT EXISTS (SELECT 1 FROM " DBW_REVISION_JOURNAL_TABLE
                       " WHERE revision = '')",
                       values, DBW_COUNT(values), NULL, error);
}

/* Makes the tables where they are missing, and refuses a database that is somebody else's. */
static dbw_status prepare(dbw_database *database, struct upgrade *upgrade, dbw_error *error)
{
    const char *marker = "";
    bool found;
    /* Again and again, as other processes may make the tables between the look and the attempt; of
     * IF NOT EXISTS under way together one can fail on the server's own catalog. */
    for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
        dbw_server server;
        DBW_TRY(dbw_database_describe(database, upgrade->arena, &server, error));
        DBW_TRY(read_marker(database, upgrade->arena, &marker, &found, error));
        if (found)
            break;
        if (upgrade->directory->marker && !server.empty)
            continue;
        dbw_status status = dbw_transaction(database, make_tables, upgrade, error);
        bool raced = status == DBW_E_DATABASE || status == DBW_E_EXISTS || status == DBW_E_CONFLICT;
        if (status != DBW_OK && (attempt == ATTEMPTS || !raced))
            return status;
    }
    if (!found)
        DBW_TRY(read_marker(database, upgrade->arena, &marker, &found, error));
    if (!found || strcmp(marker, marker_of(upgrade->directory)) != 0)
        return refuse(error, upgrade->directory, found ? marker : "foreign");
    return DBW_OK;
}

/* --- where does it stand ---------------------------------------------------------------------- */

dbw_status dbw_revision_current(dbw_database *database, dbw_arena *arena, const char **revision,
                                dbw_error *error)
{
    dbw_rows *rows;
    const dbw_value *row;
    size_t count = 0;
    *revision = NULL;
    DBW_TRY(dbw_fetch(database, "SELECT version_num FROM " DBW_REVISION_VERSION_TABLE, NULL, 0,
                      &rows, error));
    dbw_status status;
    while ((status = dbw_rows_next(rows, &row, error)) == DBW_OK && row && count < 2) {
        count++;
        if (row[0].kind == DBW_KIND_TEXT)
            *revision = dbw_arena_text_string(arena, row[0].text);
    }
    dbw_rows_close(rows);
    if (status == DBW_OK && count > 1)
        return dbw_fail(error, DBW_E_CONFLICT,
                        "the database stands on several revisions, its history must be linear");
    return status;
}

/* One row of the journal against the files: edited, or left half-way? */
static dbw_status check_row(const struct upgrade *upgrade, const dbw_value *row, dbw_error *error)
{
    for (size_t i = 0; i < upgrade->directory->count; i++) {
        const dbw_revision_file *file = upgrade->directory->files[i];
        if (!dbw_text_is(row[0].text, file->id))
            continue;
        if (row[2].int64 != row[3].int64)
            dbw_fail(error, DBW_E_CONFLICT,
                     "revision %s is half-applied: %lld of its statements "
                     "were started, %lld are known to be done",
                     file->id, (long long)row[2].int64, (long long)row[3].int64);
        else if (!dbw_text_is(row[1].text, file->checksum))
            dbw_fail(error, DBW_E_CONFLICT, "'%s' was edited after it was applied", file->path);
        else
            return DBW_OK;
        dbw_error_object(error, "%s", file->id);
        return dbw_hint(error, "Put the file back as it was, and change the schema by a new "
                               "revision.");
    }
    return DBW_OK;
}

static dbw_status check_journal(dbw_database *database, const struct upgrade *upgrade,
                                dbw_error *error)
{
    dbw_rows *rows;
    const dbw_value *row;
    DBW_TRY(dbw_fetch(database,
                      "SELECT revision, checksum, statement_started, statement_done "
                      "FROM " DBW_REVISION_JOURNAL_TABLE " WHERE revision <> ''",
                      NULL, 0, &rows, error));
    dbw_status status;
    while ((status = dbw_rows_next(rows, &row, error)) == DBW_OK && row) {
        status = check_row(upgrade, row, error);
        if (status != DBW_OK)
            break;
    }
    dbw_rows_close(rows);
    return status;
}

/* The file behind `current`; NULL at the head. */
static dbw_status next_file(const struct upgrade *upgrade, const char *current,
                            dbw_revision_file **next, dbw_error *error)
{
    const dbw_revision_directory *directory = upgrade->directory;
    size_t at = 0;
    if (current) {
        while (at < directory->count && strcmp(directory->files[at]->id, current) != 0)
            at++;
        if (at == directory->count) {
            dbw_fail(error, DBW_E_CONFLICT, "can't locate revision identified by '%s'", current);
            return dbw_hint(error,
                            "The database stands on a revision that is not in '%s': it was "
                            "written by a newer version. Install that one.",
                            directory->path);
        }
        at++;
    }
    *next = at < directory->count ? directory->files[at] : NULL;
    return DBW_OK;
}

/* --- one step --------------------------------------------------------------------------------- */

/* A revision is one transaction together with its record: a statement that ends or begins one
 * would part them. */
static dbw_status refuse_transaction(const dbw_revision_file *file, const dbw_statement *statement,
                                     dbw_error *error)
{
    static const char *const words[] = {"begin", "commit", "end",       "rollback",
                                        "start", "abort",  "savepoint", "release"};
    dbw_text word = {statement->text.data, 0};
    while (word.length < statement->text.length && dbw_lower(word.data[word.length]) >= 'a' &&
           dbw_lower(word.data[word.length]) <= 'z')
        word.length++;
    for (size_t i = 0; i < DBW_COUNT(words); i++) {
        if (!dbw_text_equal_nocase(word, dbw_text_of(words[i])))
            continue;
        dbw_fail(error, DBW_E_INVALID,
                 "%s:%d: a revision is one transaction by itself: '%.*s' "
                 "has no place in it",
                 file->path, statement->line, (int)word.length, word.data);
        dbw_error_object(error, "%s", file->id);
        return dbw_hint(error, "Take BEGIN, COMMIT and the like out of the file.");
    }
    return DBW_OK;
}

static dbw_status run_statement(dbw_database *database, const struct upgrade *upgrade,
                                const dbw_revision_file *file, const dbw_statement *statement,
                                dbw_error *error)
{
    const char *sql = dbw_arena_text_string(upgrade->arena, statement->text);
    DBW_TRY(refuse_transaction(file, statement, error));
    dbw_status status = dbw_execute_script(database, sql, error);
    if (status == DBW_OK)
        return DBW_OK;
    dbw_error_prefix(error, "unable to apply revision %s (%s:%d)", file->id, file->path,
                     statement->line);
    dbw_error_object(error, "%s", file->id);
    return status;
}

static dbw_status run_file(dbw_database *database, const struct upgrade *upgrade,
                           const dbw_revision_file *file, int *count, dbw_error *error)
{
    const dbw_engine *engine = dbw_database_engine(database);
    const dbw_revision_section *section = dbw_revision_section_for(&file->upgrade, engine->backend);
    *count = 0;
    if (!section && file->upgrade.count == 0)
        return DBW_OK;
    if (!section)
        return dbw_fail(error, DBW_E_UNSUPPORTED, "%s: there is no upgrade section for %s",
                        file->path, engine->label);
    if (!file->transaction)
        return dbw_fail(error, DBW_E_UNSUPPORTED,
                        "%s: this upgrade cannot run outside a transaction", file->path);
    dbw_splitter splitter;
    dbw_statement statement;
    bool found;
    dbw_splitter_start(&splitter, dbw_splitter_rules_for(engine->backend), section->sql,
                       section->line);
    for (;; (*count)++) {
        dbw_status status = dbw_splitter_next(&splitter, &statement, &found, error);
        if (status != DBW_OK) {
            dbw_error_prefix(error, "%s", file->path);
            return status;
        }
        if (!found)
            return DBW_OK;
        DBW_TRY(run_statement(database, upgrade, file, &statement, error));
    }
}

static dbw_status record(dbw_database *database, const dbw_revision_file *file, const char *current,
                         int64_t duration, int statements, dbw_error *error)
{
    dbw_value version[] = {dbw_value_string(file->id), dbw_value_string(current)};
    int64_t affected = 1;
    if (current)
        DBW_TRY(dbw_execute(database,
                            "UPDATE " DBW_REVISION_VERSION_TABLE
                            " SET version_num = ? WHERE version_num = ?",
                            version, 2, &affected, error));
    else
        DBW_TRY(dbw_execute(database,
                            "INSERT INTO " DBW_REVISION_VERSION_TABLE " (version_num) VALUES (?)",
                            version, 1, NULL, error));
    if (affected != 1)
        return dbw_fail(error, DBW_E_CONFLICT,
                        "online migration expected to match one row when updating '%s' to '%s' in "
                        "'" DBW_REVISION_VERSION_TABLE "'; %lld found",
                        current, file->id, (long long)affected);
    dbw_value journal[] = {dbw_value_string(file->id),      dbw_value_string(file->checksum),
                           dbw_value_int(dbw_clock_wall()), dbw_value_int(duration),
                           dbw_value_int(statements),       dbw_value_int(statements)};
    return dbw_execute(database,
                       "INSERT INTO " DBW_REVISION_JOURNAL_TABLE
                       " (revision, checksum, applied_at, duration_us, statement_started,"
                       " statement_done) VALUES (?, ?, ?, ?, ?, ?)",
                       journal, DBW_COUNT(journal), NULL, error);
}

/* Behind the lock: looks where the database stands now, and goes one revision on. */
static dbw_status step(dbw_database *database, void *context, dbw_error *error)
{
    struct upgrade *upgrade = context;
    dbw_revision_file *next;
    const char *current;
    int statements;
    dbw_value now = dbw_value_int(dbw_clock_wall());
    DBW_TRY(dbw_execute(
        database, "UPDATE " DBW_REVISION_JOURNAL_TABLE " SET applied_at = ? WHERE revision = ''",
        &now, 1, NULL, error));
    DBW_TRY(dbw_revision_current(database, upgrade->arena, &current, error));
    DBW_TRY(check_journal(database, upgrade, error));
    DBW_TRY(next_file(upgrade, current, &next, error));
    upgrade->applied = NULL;
    if (!next)
        return DBW_OK;
    int64_t started = dbw_clock_monotonic();
    DBW_TRY(run_file(database, upgrade, next, &statements, error));
    upgrade->duration = dbw_clock_monotonic() - started;
    DBW_TRY(record(database, next, current, upgrade->duration, statements, error));
    upgrade->applied = next;
    return DBW_OK;
}

/* Whether the database stands on the head already: the usual case, told without any lock. */
static dbw_status at_head(dbw_database *database, const struct upgrade *upgrade, bool *done,
                          dbw_error *error)
{
    dbw_revision_file *next;
    const char *current;
    DBW_TRY(dbw_revision_current(database, upgrade->arena, &current, error));
    DBW_TRY(check_journal(database, upgrade, error));
    DBW_TRY(next_file(upgrade, current, &next, error));
    *done = next == NULL;
    return DBW_OK;
}

static dbw_status run(dbw_database *database, struct upgrade *upgrade, size_t *applied,
                      dbw_error *error)
{
    bool done;
    DBW_TRY(dbw_revision_order_linear(upgrade->arena, upgrade->directory->files,
                                      upgrade->directory->count, error));
    DBW_TRY(prepare(database, upgrade, error));
    DBW_TRY(at_head(database, upgrade, &done, error));
    while (!done) {
        dbw_arena_reset(upgrade->arena);
        DBW_TRY(dbw_transaction(database, step, upgrade, error));
        done = upgrade->applied == NULL;
        if (done)
            break;
        if (applied)
            (*applied)++;
        if (upgrade->observer && upgrade->observer->applied)
            upgrade->observer->applied(upgrade->observer->context, upgrade->applied,
                                       upgrade->duration);
    }
    return DBW_OK;
}

/* All of it in the caller's transaction, where a statement that fails would end everything: the
 * tables are made before anything is asked of them. */
static dbw_status run_within(dbw_database *database, struct upgrade *upgrade, size_t *applied,
                             dbw_error *error)
{
    const char *marker = "";
    bool found;
    DBW_TRY(dbw_revision_order_linear(upgrade->arena, upgrade->directory->files,
                                      upgrade->directory->count, error));
    DBW_TRY(make_tables(database, upgrade, error));
    DBW_TRY(read_marker(database, upgrade->arena, &marker, &found, error));
    if (!found || strcmp(marker, marker_of(upgrade->directory)) != 0)
        return refuse(error, upgrade->directory, found ? marker : "foreign");
    for (;;) {
        DBW_TRY(step(database, upgrade, error));
        if (!upgrade->applied)
            return DBW_OK;
        (*applied)++;
    }
}

static dbw_status check_engine(const dbw_database *database, dbw_error *error)
{
    const dbw_engine *engine = dbw_database_engine(database);
    if (engine->dialect->transactional_ddl)
        return DBW_OK;
    return dbw_fail_engine(error, engine, "roll back a revision, which this upgrade relies on");
}

dbw_status dbw_revision_upgrade_within(dbw_database *database,
                                       const dbw_revision_directory *directory, size_t *applied,
                                       dbw_error *error)
{
    *applied = 0;
    DBW_TRY(check_engine(database, error));
    struct upgrade upgrade = {.directory = directory, .arena = dbw_arena_new()};
    dbw_status status = run_within(database, &upgrade, applied, error);
    dbw_arena_free(upgrade.arena);
    return status;
}

dbw_status dbw_revision_upgrade(dbw_database *database, const dbw_revision_directory *directory,
                                const dbw_upgrade_observer *observer, size_t *applied,
                                dbw_error *error)
{
    if (applied)
        *applied = 0;
    DBW_TRY(check_engine(database, error));
    struct upgrade upgrade = {
        .directory = directory, .observer = observer, .arena = dbw_arena_new()};
    dbw_status status = run(database, &upgrade, applied, error);
    dbw_arena_free(upgrade.arena);
    return status;
}
