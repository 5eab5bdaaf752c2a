/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A rehearsal: the move as it will be, into a scratch database on the target's server, while the
 * application goes on. It tells how long the move takes and what comes of it; then the scratch
 * database is dropped. Its name holds the run's id, so that a rehearsal that was interrupted is
 * resumed or discarded like any run.
 */
#include "transfer/transfer_priv.h"

#include <json-c/json.h>

enum { NAME_KEPT = 30 };

/* "NAME_rehearsal_ID"; a file keeps its whole path, a name of a server is cut to what all allow. */
static dbw_status scratch_of(dbw_arena *arena, const dbw_transfer_request *request, dbw_url *out,
                             dbw_error *error)
{
    const char *name = request->target->database;
    if (!name || !name[0] || strcmp(name, ":memory:") == 0)
        return dbw_fail(error, DBW_E_REFUSED,
                        "unable to rehearse: the target has no name to stand beside");
    int kept = (int)strlen(name);
    if (dbw_run_needs_host(request->target->backend) && kept > NAME_KEPT)
        for (kept = NAME_KEPT; kept > 0 && ((unsigned char)name[kept] & 0xc0) == 0x80;)
            kept--;
    *out = *request->target;
    out->database = dbw_arena_printf(arena, "%.*s_rehearsal_%s", kept, name, request->id);
    return DBW_OK;
}

static dbw_status drop(const dbw_transfer_request *request, const dbw_url *scratch,
                       dbw_error *error)
{
    dbw_status status = dbw_database_drop(scratch, request->open_options, error);
    return status == DBW_E_NO_DATABASE || status == DBW_E_NOT_FOUND ? DBW_OK : status;
}

/* `target` is what was meant; where it was rehearsed and how long it took stand beside it. */
static void tell(dbw_arena *arena, struct json_object *report, const dbw_transfer_request *request,
                 const dbw_url *scratch)
{
    struct json_object *side, *seconds, *rehearsal = json_object_new_object();
    if (json_object_object_get_ex(report, "target", &side))
        json_object_object_add(side, "url",
                               json_object_new_string(dbw_url_redacted(arena, request->target)));
    json_object_object_add(rehearsal, "database", json_object_new_string(scratch->database));
    if (json_object_object_get_ex(report, "seconds", &seconds))
        json_object_object_add(rehearsal, "seconds", json_object_get(seconds));
    json_object_object_add(report, "rehearsal", rehearsal);
}

static dbw_status rehearse(dbw_arena *arena, const dbw_transfer_request *request,
                           const dbw_transfer_observer *observer, struct json_object **report,
                           dbw_error *error)
{
    dbw_url scratch;
    dbw_error ignored;
    dbw_transfer_options options = *request->options;
    dbw_transfer_request own = *request;
    if (strcmp(options.schema_mode, "existing") == 0 || options.data_only) {
        dbw_fail(error, DBW_E_REFUSED,
                 "unable to rehearse into tables that are there: a rehearsal makes its own");
        dbw_hint(error, "Rehearse with schema_mode=create: the duration is about the same.");
        return dbw_error_object(error, "rehearse");
    }
    DBW_TRY(scratch_of(arena, request, &scratch, error));
    options.rehearse = false;
    options.create_database = true;
    own.target = &scratch;
    own.options = &options;
    dbw_status status = dbw_transfer_run(&own, observer, report, error);
    if (*report)
        tell(arena, *report, request, &scratch);
    if (status == DBW_E_DENIED && !error->hint[0])
        dbw_hint(error, "A rehearsal makes a scratch database beside the target.");
    if (status == DBW_OK)
        return drop(request, &scratch, error);
    /* What was refused cannot be resumed: nothing of it stays. */
    if (status == DBW_E_REFUSED)
        (void)!drop(request, &scratch, &ignored);
    return status;
}

dbw_status dbw_rehearse(const dbw_transfer_request *request, const dbw_transfer_observer *observer,
                        struct json_object **report, dbw_error *error)
{
    dbw_arena *arena = dbw_arena_new();
    dbw_status status = rehearse(arena, request, observer, report, error);
    dbw_arena_free(arena);
    return status;
}

dbw_status dbw_rehearse_discard(const dbw_transfer_request *request, dbw_error *error)
{
    dbw_url scratch;
    dbw_arena *arena = dbw_arena_new();
    dbw_status status = scratch_of(arena, request, &scratch, error);
    if (status == DBW_OK)
        status = drop(request, &scratch, error);
    dbw_arena_free(arena);
    return status;
}
