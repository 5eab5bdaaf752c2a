/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/database.h"
#include "output.h"
#include "running.h"

int dbw_cmd_test(dbw_cli *cli);

const dbw_flag dbw_cmd_test_flags[] = {
    {.name = "timeout", .value = "SECONDS", .help = "give up after so long (10)"}, {0}};

static json_object *answer(dbw_cli *cli, const dbw_url *url, const dbw_server *server,
                           double latency_ms)
{
    json_object *object = json_object_new_object(), *may = json_object_new_object();
    json_object_object_add(object, "success", json_object_new_boolean(1));
    json_object_object_add(object, "message",
                           dbw_json_string(dbw_arena_printf(cli->arena, "Connected to %s %s.",
                                                            server->product, server->version)));
    json_object_object_add(object, "backend", dbw_json_string(url->backend));
    json_object_object_add(object, "server_version", dbw_json_string(server->version));
    json_object_object_add(
        object, "latency_ms",
        json_object_new_double_s(latency_ms, dbw_arena_printf(cli->arena, "%.1f", latency_ms)));
    json_object_object_add(object, "tls", dbw_json_string(server->tls));
    json_object_object_add(may, "user", dbw_json_string(server->user));
    json_object_object_add(may, "superuser", json_object_new_boolean(server->superuser));
    json_object_object_add(may, "create_tables",
                           json_object_new_boolean(server->can_create_tables));
    json_object_object_add(may, "create_database",
                           json_object_new_boolean(server->can_create_database));
    json_object_object_add(may, "read_only", json_object_new_boolean(server->read_only));
    json_object_object_add(object, "privileges", may);
    json_object_object_add(object, "is_empty", json_object_new_boolean(server->empty));
    json_object_object_add(object, "tables", json_object_new_int64(server->table_count));
    return object;
}

static void show(dbw_cli *cli, const dbw_url *url, const dbw_server *server, double latency_ms)
{
    enum { WIDTH = 14 };
    if (cli->json) {
        dbw_output_json(answer(cli, url, server, latency_ms));
        return;
    }
    dbw_output_field(WIDTH, "connected", dbw_url_redacted(cli->arena, url));
    dbw_output_field(WIDTH, "server",
                     dbw_arena_printf(cli->arena, "%s %s", server->product, server->version));
    dbw_output_field(WIDTH, "latency", dbw_arena_printf(cli->arena, "%.1f ms", latency_ms));
    if (server->user) {
        dbw_output_field(WIDTH, "encryption", server->tls ? server->tls : "none");
        dbw_output_field(WIDTH, "user", server->user);
    }
    dbw_output_field(WIDTH, "may write",
                     server->read_only           ? "no, it is read-only"
                     : server->can_create_tables ? "yes, tables can be made"
                                                 : "yes, but no tables can be made");
    dbw_output_field(WIDTH, "holds",
                     server->empty ? "nothing"
                                   : dbw_arena_printf(cli->arena, "%lld tables",
                                                      (long long)server->table_count));
}

int dbw_cmd_test(dbw_cli *cli)
{
    dbw_error error;
    dbw_url *url;
    dbw_open_options options;
    dbw_database *database = NULL;
    dbw_server server;
    int64_t seconds;
    dbw_error_clear(&error);
    if (dbw_cli_integer(cli, "timeout", 10, 1, 3600, &seconds, &error) != DBW_OK ||
        dbw_cli_url(cli, dbw_cli_argument(cli, 0), &url, &error) != DBW_OK ||
        dbw_cli_open_options(cli, &options, &error) != DBW_OK)
        return dbw_cli_fail(cli, &error);
    options.connect_timeout_ms = options.statement_timeout_ms = seconds * 1000;
    options.read_only = true;
    int64_t start = dbw_clock_monotonic();
    dbw_status status = dbw_database_open(url, &options, &database, &error);
    double latency_ms = (double)(dbw_clock_monotonic() - start) / 1000;
    if (status == DBW_OK)
        status = dbw_database_describe(database, cli->arena, &server, &error);
    dbw_database_close(database);
    if (status == DBW_E_NO_DATABASE)
        dbw_hint(&error, "Check the name. 'dbwizard migrate' makes a missing target with "
                         "--create-database.");
    if (status != DBW_OK)
        return dbw_cli_fail(cli, &error);
    show(cli, url, &server, latency_ms);
    return DBW_EXIT_DONE;
}
