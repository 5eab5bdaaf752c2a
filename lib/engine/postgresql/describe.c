/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/postgresql/postgresql_priv.h"
#include "engine/postgresql/queries.h"

/** "TLSv1.3 TLS_AES_256_GCM_SHA384, identity confirmed", NULL without encryption. */
static const char *describe_tls(const dbw_pg_database *database, dbw_arena *arena)
{
    if (!PQsslInUse(database->connection))
        return NULL;
    const char *protocol = PQsslAttribute(database->connection, "protocol");
    const char *cipher = PQsslAttribute(database->connection, "cipher");
    const char *proof = database->tls_mode == DBW_TLS_VERIFY_FULL ? "identity confirmed"
                        : database->tls_mode == DBW_TLS_VERIFY_CA
                            ? "authority confirmed, name not checked"
                            : "identity not checked";
    return dbw_arena_printf(arena, "%s %s, %s", protocol ? protocol : "TLS",
                            cipher ? cipher : "unknown cipher", proof);
}

static bool truth(const dbw_value *value)
{
    return value->kind == DBW_KIND_BOOL && value->boolean;
}

static const char *string(dbw_arena *arena, const dbw_value *value)
{
    return value->kind == DBW_KIND_TEXT ? dbw_arena_text_string(arena, value->text) : NULL;
}

dbw_status dbw_pg_describe(dbw_database *base, dbw_arena *arena, dbw_server *out, dbw_error *error)
{
    dbw_pg_database *database = dbw_pg(base);
    dbw_value *row;
    DBW_TRY(dbw_fetch_one(base, arena, dbw_pg_sql_server, NULL, 0, &row, error));
    if (!row)
        return dbw_fail(error, DBW_E_DATABASE, "unable to describe the server: it says nothing");
    const char *version = PQparameterStatus(database->connection, "server_version");
    out->product = "PostgreSQL";
    out->version = dbw_arena_string(arena, version ? version : "unknown");
    out->version_number = PQserverVersion(database->connection);
    out->tls = describe_tls(database, arena);
    out->user = string(arena, &row[0]);
    out->superuser = truth(&row[1]);
    out->can_create_database = truth(&row[2]);
    out->can_create_tables = truth(&row[3]);
    out->read_only = truth(&row[4]);
    out->table_count = row[5].kind == DBW_KIND_INT64 ? row[5].int64 : 0;
    out->empty = truth(&row[6]);
    out->identity = string(arena, &row[7]);
    return DBW_OK;
}
