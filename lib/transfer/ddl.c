/* SPDX-License-Identifier: Apache-2.0 */
#include "transfer/ddl.h"

#include <json-c/json.h>

dbw_status dbw_ddl_sql(dbw_database *database, const char *sql, dbw_error *error)
{
    return dbw_execute_script(database, sql, error);
}

char *dbw_ddl_qualified(dbw_arena *arena, const dbw_engine *engine, const char *schema,
                        const char *name)
{
    dbw_buffer quoted;
    dbw_buffer_init(&quoted, 1 << 16);
    dbw_quote_qualified(engine, &quoted, schema, name);
    char *text = dbw_arena_text_string(arena, dbw_buffer_text(&quoted));
    dbw_buffer_free(&quoted);
    return text;
}

char *dbw_ddl_quoted(dbw_arena *arena, const dbw_engine *engine, const char *name)
{
    return dbw_ddl_qualified(arena, engine, NULL, name);
}

char *dbw_ddl_drop_foreign_key(dbw_arena *arena, const dbw_engine *engine, const dbw_table *table,
                               const char *name)
{
    const char *drop = engine->dialect->drop_foreign_key;
    return dbw_arena_printf(arena, "ALTER TABLE %s %s %s",
                            dbw_ddl_qualified(arena, engine, table->schema, table->name),
                            drop ? drop : "DROP CONSTRAINT", dbw_ddl_quoted(arena, engine, name));
}

dbw_status dbw_ddl_run(dbw_database *database, dbw_arena *arena, const dbw_table *table,
                       dbw_ddl_part part, size_t n, const char *what, bool *done, dbw_error *error)
{
    const dbw_engine *engine = dbw_database_engine(database);
    char *sql = NULL;
    *done = false;
    dbw_status status = engine->dialect->render_ddl(arena, table, part, n, &sql, error);
    if (status == DBW_OK && sql) {
        status = dbw_ddl_sql(database, sql, error);
        *done = true;
    }
    if (status == DBW_OK)
        return DBW_OK;
    dbw_error_prefix(error, "unable to make %s", what);
    dbw_error_object(error, "%s", table->name);
    return status;
}

dbw_status dbw_ddl_record_table(dbw_run *run, dbw_database *database, dbw_arena *arena,
                                const dbw_run_table *table, const char *state, dbw_error *error)
{
    const dbw_table *target = table->plan->target;
    char *drop = NULL;
    DBW_TRY(run->target->dialect->render_ddl(arena, target, DBW_DDL_DROP_TABLE, 0, &drop, error));
    struct json_object *detail = json_object_new_object();
    json_object_object_add(detail, "name", json_object_new_string(target->name));
    if (target->schema)
        json_object_object_add(detail, "schema", json_object_new_string(target->schema));
    json_object_object_add(detail, "mapping", json_object_new_string(table->mapping));
    if (drop)
        json_object_object_add(detail, "drop", json_object_new_string(drop));
    dbw_record record = {
        .kind = DBW_RECORD_TABLE, .seq = table->seq, .state = state, .detail = detail};
    dbw_status status = dbw_checkpoint_put(run->checkpoint, database, &record, error);
    json_object_put(detail);
    return status;
}

dbw_status dbw_ddl_create(dbw_run *run, dbw_database *database, dbw_arena *arena,
                          dbw_run_table *table, dbw_error *error)
{
    const dbw_table *target = table->plan->target;
    bool together = run->target->dialect->transactional_ddl, done;
    /* The statement may commit what went before it: what is to be made is recorded first then. */
    if (!together)
        DBW_TRY(dbw_ddl_record_table(run, database, arena, table, "creating", error));
    DBW_TRY(dbw_ddl_run(database, arena, target, DBW_DDL_TABLE, 0,
                        dbw_arena_printf(arena, "table '%s'", target->name), &done, error));
    if (!together)
        return dbw_checkpoint_state(run->checkpoint, database, DBW_RECORD_TABLE, table->seq,
                                    "created", error);
    return dbw_ddl_record_table(run, database, arena, table, "created", error);
}
