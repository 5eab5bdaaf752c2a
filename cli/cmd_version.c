/* SPDX-License-Identifier: Apache-2.0 */
#include "command.h"
#include "engine/database.h"
#include "output.h"

const dbw_flag dbw_cmd_version_flags[] = {{0}};

int dbw_cmd_version(dbw_cli *cli);

int dbw_cmd_version(dbw_cli *cli)
{
    bool json = cli->json;
    json_object *answer = json_object_new_object();
    json_object *backends = json_object_new_object();
    json_object_object_add(answer, "version", dbw_json_string(PACKAGE_VERSION));
    json_object_object_add(answer, "backends", backends);
    if (!json)
        (void)printf("dbwizard %s\n", PACKAGE_VERSION);
    const dbw_backend_info *backend = NULL;
    for (size_t n = 0; (backend = dbw_backend_at(n)) != NULL; n++) {
        json_object_object_add(backends, backend->id, json_object_new_boolean(backend->available));
        if (!json)
            (void)printf("  %-20s %s\n", backend->label,
                         backend->available ? "built in" : "not built in");
    }
    if (json)
        dbw_output_json(answer);
    else
        json_object_put(answer);
    return DBW_EXIT_DONE;
}
