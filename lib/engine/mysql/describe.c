/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/mysql/mysql_priv.h"

/* What the session may do, asked of the server's own tables about its own account. */
static const char rights_sql[] =
    "SELECT COUNT(*) FROM ("
    " SELECT PRIVILEGE_TYPE FROM information_schema.USER_PRIVILEGES"
    "  WHERE GRANTEE = ? AND PRIVILEGE_TYPE = ?"
    " UNION ALL SELECT PRIVILEGE_TYPE FROM information_schema.SCHEMA_PRIVILEGES"
    "  WHERE GRANTEE = ? AND PRIVILEGE_TYPE = ? AND DATABASE() LIKE TABLE_SCHEMA) p";

static dbw_status text_of(dbw_database *database, dbw_arena *arena, const char *sql,
                          const char **out, dbw_error *error)
{
    dbw_value value;
    DBW_TRY(dbw_fetch_value(database, arena, sql, NULL, 0, &value, error));
    *out = dbw_kind_has_text(value.kind) && value.text.length
               ? dbw_arena_text_string(arena, value.text)
               : NULL;
    return DBW_OK;
}

static dbw_status number_of(dbw_database *database, dbw_arena *arena, const char *sql,
                            const dbw_value *parameters, size_t count, int64_t *out,
                            dbw_error *error)
{
    dbw_value value;
    DBW_TRY(dbw_fetch_value(database, arena, sql, parameters, count, &value, error));
    *out = value.kind == DBW_KIND_INT64 ? value.int64 : 0;
    return DBW_OK;
}

/* The grantee as information_schema writes it: 'user'@'host'. */
static const char *grantee(dbw_arena *arena, const char *user)
{
    const char *at = strrchr(user, '@');
    int name = at ? (int)(at - user) : (int)strlen(user);
    return dbw_arena_printf(arena, "'%.*s'@'%s'", name, user, at ? at + 1 : "%");
}

static dbw_status has_right(dbw_database *database, dbw_arena *arena, const char *who,
                            const char *right, bool *out, dbw_error *error)
{
    dbw_value parameters[] = {dbw_value_string(who), dbw_value_string(right), dbw_value_string(who),
                              dbw_value_string(right)};
    int64_t found;
    DBW_TRY(number_of(database, arena, rights_sql, parameters, 4, &found, error));
    *out = found > 0;
    return DBW_OK;
}

/* SHOW works alike on MariaDB and MySQL, whose information schemas differ here. */
static dbw_status status_of(dbw_database *database, dbw_arena *arena, const char *sql,
                            const char **out, dbw_error *error)
{
    dbw_value *row;
    DBW_TRY(dbw_fetch_one(database, arena, sql, NULL, 0, &row, error));
    *out = row && dbw_kind_has_text(row[1].kind) && row[1].text.length
               ? dbw_arena_text_string(arena, row[1].text)
               : NULL;
    return DBW_OK;
}

static dbw_status describe_tls(dbw_mysql *database, dbw_arena *arena, dbw_server *out,
                               dbw_error *error)
{
    dbw_url_tls tls;
    const char *version, *cipher;
    DBW_TRY(status_of(&database->base, arena, "SHOW SESSION STATUS LIKE 'Ssl_version'", &version,
                      error));
    DBW_TRY(
        status_of(&database->base, arena, "SHOW SESSION STATUS LIKE 'Ssl_cipher'", &cipher, error));
    if (!version)
        return DBW_OK;
    DBW_TRY(dbw_url_tls_of(database->url, &tls, error));
    bool verified = tls.mode == DBW_TLS_VERIFY_CA || tls.mode == DBW_TLS_VERIFY_FULL;
    out->tls = dbw_arena_printf(arena, "%s %s, identity %s", version, cipher ? cipher : "",
                                verified ? "confirmed" : "not checked");
    return DBW_OK;
}

static dbw_status count_objects(dbw_database *database, dbw_arena *arena, dbw_server *out,
                                dbw_error *error)
{
    int64_t objects;
    DBW_TRY(number_of(database, arena,
                      "SELECT COUNT(*) FROM information_schema.TABLES WHERE TABLE_SCHEMA = "
                      "DATABASE() AND TABLE_TYPE = 'BASE TABLE'",
                      NULL, 0, &out->table_count, error));
    DBW_TRY(number_of(database, arena,
                      "SELECT (SELECT COUNT(*) FROM information_schema.TABLES WHERE TABLE_SCHEMA "
                      "= DATABASE()) + (SELECT COUNT(*) FROM information_schema.ROUTINES WHERE "
                      "ROUTINE_SCHEMA = DATABASE())",
                      NULL, 0, &objects, error));
    out->empty = objects == 0;
    return DBW_OK;
}

dbw_status dbw_mysql_describe(dbw_database *base, dbw_arena *arena, dbw_server *out,
                              dbw_error *error)
{
    dbw_mysql *database = (dbw_mysql *)base;
    int64_t read_only;
    DBW_TRY(text_of(base, arena, "SELECT VERSION()", &out->version, error));
    DBW_TRY(text_of(base, arena, "SELECT CURRENT_USER()", &out->user, error));
    out->product = out->version && strstr(out->version, "MariaDB") ? "MariaDB" : "MySQL";
    out->version_number = (int)mysql_get_server_version(database->handle);
    DBW_TRY(describe_tls(database, arena, out, error));
    DBW_TRY(number_of(base, arena, "SELECT @@read_only", NULL, 0, &read_only, error));
    out->read_only = read_only != 0;
    DBW_TRY(text_of(base, arena,
                    "SELECT CONCAT(@@hostname, ':', @@port, ':', @@datadir, ':', DATABASE())",
                    &out->identity, error));
    DBW_TRY(
        number_of(base, arena, "SELECT @@max_allowed_packet", NULL, 0, &out->largest_row, error));
    DBW_TRY(count_objects(base, arena, out, error));

    const char *who = grantee(arena, out->user ? out->user : "");
    DBW_TRY(has_right(base, arena, who, "SUPER", &out->superuser, error));
    DBW_TRY(has_right(base, arena, who, "CREATE", &out->can_create_tables, error));
    dbw_value parameters[] = {dbw_value_string(who)};
    int64_t anywhere;
    DBW_TRY(number_of(base, arena,
                      "SELECT COUNT(*) FROM information_schema.USER_PRIVILEGES WHERE GRANTEE = ? "
                      "AND PRIVILEGE_TYPE = 'CREATE'",
                      parameters, 1, &anywhere, error));
    out->can_create_database = anywhere > 0;
    return DBW_OK;
}
