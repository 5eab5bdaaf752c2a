/* SPDX-License-Identifier: Apache-2.0 */
/* types: which type of one engine becomes which of another, from the engines' own tables. */
#include "command.h"
#include "engine/mapping.h"
#include "output.h"

const dbw_flag dbw_cmd_types_flags[] = {{0}};

int dbw_cmd_types(dbw_cli *cli);

enum { WIDE = 80 };

#define DASHES                                                                                     \
    "----------------------------------------------------------------------------------------"

static dbw_status map_all(dbw_arena *arena, const dbw_engine *from, const dbw_engine *to,
                          dbw_mapped_type **out, size_t *count, dbw_error *error)
{
    dbw_mapped_type one;
    bool found = true;
    for (size_t n = 0;; n++) {
        DBW_TRY(dbw_mapped_type_at(arena, from, to, n, &one, &found, error));
        if (!found)
            return DBW_OK;
        *DBW_APPEND(arena, *out, *count) = one;
    }
}

static json_object *as_json(const dbw_mapped_type *all, size_t count)
{
    json_object *list = json_object_new_array();
    for (size_t i = 0; i < count; i++) {
        json_object *one = json_object_new_object();
        json_object_object_add(one, "from", dbw_json_string(all[i].from));
        json_object_object_add(one, "intent", dbw_json_string(all[i].intent));
        json_object_object_add(one, "to", dbw_json_string(all[i].to));
        json_object_object_add(one, "loss", dbw_json_string(all[i].loss));
        json_object_object_add(one, "note", dbw_json_string(all[i].note));
        json_object_array_add(list, one);
    }
    return list;
}

/* A table that reads well on a terminal and is Markdown's too. */
static void print(const dbw_engine *from, const dbw_engine *to, const dbw_mapped_type *all,
                  size_t count)
{
    int left = (int)strlen(dbw_engine_label(from)), right = (int)strlen(dbw_engine_label(to));
    for (size_t i = 0; i < count; i++) {
        int a = (int)strlen(all[i].from), b = (int)strlen(all[i].to);
        left = a > left && a < WIDE ? a : left;
        right = b > right && b < WIDE ? b : right;
    }
    dbw_output_line(stdout, "| %-*s | %-*s | %s", left, dbw_engine_label(from), right,
                    dbw_engine_label(to), "remark |");
    dbw_output_line(stdout, "|%.*s|%.*s|---|", left + 2, DASHES, right + 2, DASHES);
    for (size_t i = 0; i < count; i++)
        dbw_output_line(stdout, "| %-*s | %-*s | %s%s|", left, all[i].from, right, all[i].to,
                        all[i].note ? all[i].note : "", all[i].note ? " " : "");
}

int dbw_cmd_types(dbw_cli *cli)
{
    const dbw_engine *from, *to;
    dbw_mapped_type *all = NULL;
    size_t count = 0;
    dbw_error error;
    dbw_error_clear(&error);
    if (dbw_engine_find(dbw_cli_argument(cli, 0), &from, &error) != DBW_OK ||
        dbw_engine_find(dbw_cli_argument(cli, 1), &to, &error) != DBW_OK) {
        error.code = error.code == DBW_E_UNSUPPORTED ? error.code : DBW_E_USAGE;
        return dbw_cli_fail(cli, &error);
    }
    if (map_all(cli->arena, from, to, &all, &count, &error) != DBW_OK)
        return dbw_cli_fail(cli, &error);
    if (cli->json)
        dbw_output_json(as_json(all, count));
    else
        print(from, to, all, count);
    return DBW_EXIT_DONE;
}
