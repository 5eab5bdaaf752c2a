/* SPDX-License-Identifier: Apache-2.0 */
#include "job/job_priv.h"
#include "job/runner_priv.h"

#include <json-c/json.h>

void dbw_tracker_start(dbw_tracker *tracker, const char *const *phases)
{
    *tracker = (dbw_tracker){0};
    for (; phases && phases[tracker->count] && tracker->count < DBW_TRACKER_PHASES;
         tracker->count++)
        tracker->phases[tracker->count] =
            (dbw_tracker_phase){.name = phases[tracker->count], .status = "waiting"};
    tracker->present = tracker->count;
}

static void close_phase(dbw_tracker_phase *phase, const char *status)
{
    phase->status = status;
    phase->seconds = (double)(dbw_clock_monotonic() - phase->started) / 1e6;
}

static void enter(dbw_tracker *tracker, size_t next)
{
    size_t from = tracker->present < tracker->count ? tracker->present + 1 : 0;
    if (tracker->present < tracker->count)
        close_phase(&tracker->phases[tracker->present], "done");
    for (size_t i = from; i < next; i++)
        tracker->phases[i].status = "skipped";
    tracker->phases[next].status = "running";
    tracker->phases[next].started = dbw_clock_monotonic();
    tracker->present = next;
    tracker->measured = false;
}

bool dbw_tracker_take(dbw_tracker *tracker, const dbw_progress *progress)
{
    const char *name = dbw_phase_name(progress->phase);
    bool changed = false;
    for (size_t i = 0; i < tracker->count; i++)
        if (i != tracker->present && strcmp(tracker->phases[i].name, name) == 0) {
            enter(tracker, i);
            changed = true;
            break;
        }
    if (!tracker->measured) {
        tracker->measured = true;
        tracker->rows_at_start = progress->rows_done;
    }
    tracker->last = *progress;
    return changed;
}

void dbw_tracker_end(dbw_tracker *tracker, bool success)
{
    if (tracker->present < tracker->count)
        close_phase(&tracker->phases[tracker->present], success ? "done" : "failed");
    for (size_t i = 0; success && i < tracker->count; i++)
        if (strcmp(tracker->phases[i].status, "waiting") == 0)
            tracker->phases[i].status = "skipped";
}

static struct json_object *phases_json(const dbw_tracker *tracker)
{
    struct json_object *array = json_object_new_array();
    for (size_t i = 0; i < tracker->count; i++) {
        const dbw_tracker_phase *phase = &tracker->phases[i];
        struct json_object *object = json_object_new_object();
        double seconds = i == tracker->present && strcmp(phase->status, "running") == 0
                             ? (double)(dbw_clock_monotonic() - phase->started) / 1e6
                             : phase->seconds;
        json_object_object_add(object, "name", json_object_new_string(phase->name));
        json_object_object_add(object, "status", json_object_new_string(phase->status));
        json_object_object_add(object, "seconds", dbw_job_json_number(seconds));
        json_object_array_add(array, object);
    }
    return array;
}

static struct json_object *tables_json(const dbw_progress *progress)
{
    if (!progress->table_count)
        return NULL;
    struct json_object *array = json_object_new_array();
    for (size_t i = 0; i < progress->table_count; i++) {
        const dbw_table_progress *table = &progress->tables[i];
        struct json_object *object = json_object_new_object();
        json_object_object_add(object, "name", json_object_new_string(table->name));
        json_object_object_add(object, "rows_done", json_object_new_int64(table->rows_done));
        json_object_object_add(object, "rows_safe", json_object_new_int64(table->rows_safe));
        json_object_object_add(object, "rows_total", json_object_new_int64(table->rows_total));
        json_object_object_add(object, "status", json_object_new_string(table->status));
        json_object_array_add(array, object);
    }
    return array;
}

void dbw_tracker_fill(const dbw_tracker *tracker, dbw_job_progress *out)
{
    const dbw_progress *last = &tracker->last;
    *out = (dbw_job_progress){.phases = phases_json(tracker),
                              .tables = tables_json(last),
                              .rows_done = last->rows_done,
                              .rows_total = last->rows_total,
                              .bytes_done = last->bytes_done,
                              .bytes_total = last->bytes_total,
                              .eta_seconds = -1};
    if (tracker->present == tracker->count)
        return;
    const dbw_tracker_phase *phase = &tracker->phases[tracker->present];
    double seconds = (double)(dbw_clock_monotonic() - phase->started) / 1e6;
    out->phase = phase->name;
    if (seconds > 0 && last->rows_done > tracker->rows_at_start)
        out->rate = (double)(last->rows_done - tracker->rows_at_start) / seconds;
    if (out->rate > 0 && last->rows_total >= last->rows_done)
        out->eta_seconds =
            (int64_t)((double)(last->rows_total - last->rows_done) / out->rate + 0.5);
}
