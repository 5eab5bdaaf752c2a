/* SPDX-License-Identifier: Apache-2.0 */
/* Moving a database as a job. */
#include "job/kind_priv.h"

#include <json-c/json.h>

static const char *const phases[] = {"plan",      "preflight", "schema", "copy",   "keys",
                                     "sequences", "verify",    "stamp",  "report", NULL};

/* Passes everything on, and notes whether the run came to where it writes. */
struct watcher {
    const dbw_transfer_observer *next;
    bool wrote;
};

static void on_progress(void *context, const dbw_progress *progress)
{
    struct watcher *watcher = context;
    if (progress->phase >= DBW_PHASE_SCHEMA)
        watcher->wrote = true;
    watcher->next->progress(watcher->next->context, progress);
}

static void on_event(void *context, const char *level, const char *text)
{
    const struct watcher *watcher = context;
    watcher->next->event(watcher->next->context, level, text);
}

static dbw_wish on_wish(void *context)
{
    const struct watcher *watcher = context;
    return watcher->next->wish(watcher->next->context);
}

dbw_status dbw_kind_request(const dbw_job_context *context, dbw_transfer_options *options,
                            dbw_transfer_request *out, dbw_error *error)
{
    dbw_transfer_options_default(options);
    if (context->claim->options)
        DBW_TRY(dbw_transfer_options_from_json(context->arena, context->claim->options, NULL,
                                               options, error));
    *out = (dbw_transfer_request){.id = context->claim->job,
                                  .source = context->source,
                                  .target = context->target,
                                  .open_options = context->open_options,
                                  .options = options,
                                  .folder = context->folder,
                                  .resume = context->claim->work == DBW_WORK_RESUME};
    return DBW_OK;
}

/* --- the answer of POST /migrate, from the report --------------------------------------------- */

static int64_t number(struct json_object *object, const char *name, int64_t otherwise)
{
    struct json_object *member;
    if (!json_object_object_get_ex(object, name, &member) || !member)
        return otherwise;
    return json_object_get_int64(member);
}

static struct json_object *array_of(struct json_object *object, const char *name)
{
    struct json_object *member;
    if (!json_object_object_get_ex(object, name, &member) ||
        !json_object_is_type(member, json_type_array))
        return NULL;
    return member;
}

/* How many values and objects are not in the target as they were in the source. */
static int64_t count_changed(struct json_object *report)
{
    static const char *const kinds[] = {"value", "object", "rejected"};
    struct json_object *ledger = array_of(report, "ledger"), *kind;
    int64_t changed = 0;
    for (size_t i = 0; ledger && i < json_object_array_length(ledger); i++) {
        struct json_object *entry = json_object_array_get_idx(ledger, i);
        if (!json_object_object_get_ex(entry, "kind", &kind))
            continue;
        for (size_t k = 0; k < DBW_COUNT(kinds); k++)
            if (strcmp(json_object_get_string(kind), kinds[k]) == 0)
                changed += number(entry, "count", 1);
    }
    return changed;
}

/* Rows that the target held before, and that are not there any more. */
static int64_t count_replaced(struct json_object *report)
{
    struct json_object *ledger = array_of(report, "ledger"), *kind;
    int64_t replaced = 0;
    for (size_t i = 0; ledger && i < json_object_array_length(ledger); i++) {
        struct json_object *entry = json_object_array_get_idx(ledger, i);
        if (json_object_object_get_ex(entry, "kind", &kind) &&
            strcmp(json_object_get_string(kind), "setup-rows") == 0)
            replaced += number(entry, "count", 1);
    }
    return replaced;
}

static struct json_object *answer(const dbw_claim *claim, struct json_object *report,
                                  dbw_status status, const dbw_error *error)
{
    struct json_object *object = json_object_new_object(), *errors = json_object_new_array();
    struct json_object *tables = array_of(report, "tables"), *member, *options;
    int64_t rows = 0;
    size_t count = tables ? json_object_array_length(tables) : 0;
    for (size_t i = 0; i < count; i++)
        rows += number(json_object_array_get_idx(tables, i), "rows", 0);
    if (status != DBW_OK)
        json_object_array_add(errors, json_object_new_string(error->message));
    json_object_object_add(object, "success", json_object_new_boolean(status == DBW_OK));
    json_object_object_add(object, "tables_copied", json_object_new_int64((int64_t)count));
    json_object_object_add(object, "rows_copied", json_object_new_int64(rows));
    json_object_object_add(object, "errors", errors);
    json_object_object_add(object, "job", json_object_new_string(claim->job));
    json_object_object_add(
        object, "verdict",
        json_object_object_get_ex(report, "verdict", &member) ? json_object_get(member) : NULL);
    if (json_object_object_get_ex(report, "rehearsal", &member))
        json_object_object_add(object, "rehearsal", json_object_get(member));
    if (json_object_object_get_ex(report, "options", &options) &&
        json_object_object_get_ex(options, "verify", &member))
        json_object_object_add(object, "compared", json_object_get(member));
    json_object_object_add(object, "replaced_rows", json_object_new_int64(count_replaced(report)));
    json_object_object_add(object, "changed", json_object_new_int64(count_changed(report)));
    json_object_object_add(object, "source_changed",
                           json_object_object_get_ex(report, "source_changed", &member)
                               ? json_object_get(member)
                               : NULL);
    return object;
}

/* --- the kind --------------------------------------------------------------------------------- */

static bool can_go_on(const struct watcher *watcher, const dbw_job_context *context,
                      dbw_status status, struct json_object *report)
{
    struct json_object *resumable;
    /* What an earlier attempt left is there, however far this one came: the target may only have
     * been out of reach. Who pauses means to go on, also where nothing was written yet. */
    if (context->claim->work == DBW_WORK_RESUME || status == DBW_E_PAUSED)
        return true;
    if (status == DBW_E_REFUSED)
        return false;
    if (json_object_object_get_ex(report, "resumable", &resumable))
        return json_object_get_boolean(resumable);
    return watcher->wrote;
}

static dbw_status run(const dbw_job_context *context, dbw_job_outcome *outcome, dbw_error *error)
{
    struct watcher watcher = {.next = context->observer};
    dbw_transfer_observer observer = {
        .context = &watcher, .progress = on_progress, .event = on_event, .wish = on_wish};
    dbw_transfer_options options;
    dbw_transfer_request request;
    struct json_object *report = NULL;
    dbw_status status = dbw_kind_request(context, &options, &request, error);
    if (status == DBW_OK)
        status = dbw_transfer_run(&request, &observer, &report, error);
    outcome->keep = status != DBW_OK && can_go_on(&watcher, context, status, report);
    outcome->result = answer(context->claim, report, status, error);
    outcome->report = report;
    return status;
}

static dbw_status discard(const dbw_job_context *context, dbw_job_outcome *outcome,
                          dbw_error *error)
{
    dbw_transfer_options options;
    dbw_transfer_request request;
    DBW_TRY(dbw_kind_request(context, &options, &request, error));
    dbw_status status = dbw_transfer_discard(&request, context->observer, &outcome->report, error);
    if (outcome->report)
        outcome->result = answer(context->claim, outcome->report, DBW_OK, error);
    return status;
}

const dbw_job_kind dbw_kind_migrate = {
    .name = "migrate", .resumable = true, .phases = phases, .run = run, .discard = discard};
