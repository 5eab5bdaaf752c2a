/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DBW_TRANSFER_TRANSFER_H
#define DBW_TRANSFER_TRANSFER_H
/*
 * Moving a database: plan → preflight → schema → copy → keys → sequences → verify → stamp →
 * report. The source is only ever read. Every ending leaves a target that is right, resumable or
 * restorable; what is needed for that lies in the target itself (tables dbwizard_progress,
 * dbwizard_saved…), so that any process may be killed at any instant.
 */
#include "engine/database.h"
#include "transfer/options.h"
#include "url/url.h"

#include <json-c/json_types.h>

typedef enum dbw_wish { DBW_WISH_GO_ON, DBW_WISH_PAUSE, DBW_WISH_CANCEL } dbw_wish;

typedef enum dbw_phase {
    DBW_PHASE_PLAN,
    DBW_PHASE_PREFLIGHT,
    DBW_PHASE_SCHEMA,
    DBW_PHASE_COPY,
    DBW_PHASE_KEYS,
    DBW_PHASE_SEQUENCES,
    DBW_PHASE_VERIFY,
    DBW_PHASE_STAMP,
    DBW_PHASE_REPORT,
    DBW_PHASE_COUNT
} dbw_phase;

const char *dbw_phase_name(dbw_phase phase);

/** How one table stands; `name` lives as long as the run. */
typedef struct dbw_table_progress {
    const char *name;
    int64_t rows_done;
    int64_t rows_safe; /* of these, committed: a run that is killed loses the others */
    int64_t rows_total;
    const char *status; /* "waiting" "copying" "keys" "verifying" "done" "skipped" */
} dbw_table_progress;

typedef struct dbw_progress {
    dbw_phase phase;
    int64_t rows_done, rows_total; /* of the present phase's measure */
    int64_t bytes_done, bytes_total;
    const dbw_table_progress *tables;
    size_t table_count;
} dbw_progress;

/**
 * How a run talks to whoever started it (job, command). All are called from the thread that called
 * dbw_transfer_run, at most about ten times a second, and may be NULL.
 */
typedef struct dbw_transfer_observer {
    void *context;
    void (*progress)(void *context, const dbw_progress *progress);
    void (*event)(void *context, const char *level, const char *text);
    /** Polled; pause and cancel end the run soon. While the run's thread waits for a server that
     *  does not answer, another thread asks: it must be safe for that. */
    dbw_wish (*wish)(void *context);
} dbw_transfer_observer;

typedef struct dbw_transfer_request {
    const char *id; /* of the job; names the run's remains in the target */
    const dbw_url *source;
    const dbw_url *target;
    const dbw_open_options *open_options; /* base directory, allow-lists; NULL: defaults */
    const dbw_transfer_options *options;
    const char *folder; /* for reject files and saved set-up rows; made when needed */
    bool resume;        /* go on from the checkpoint of the run with this id */
} dbw_transfer_request;

/**
 * Runs a transfer to its end. `*report` (the caller owns it, may be NULL on early errors) is the
 * report also when the run failed, as far as it came. DBW_E_REFUSED: nothing was written.
 * DBW_E_PAUSED, DBW_E_CANCELLED: as wished. Other errors: resumable unless the report says not.
 */
dbw_status dbw_transfer_run(const dbw_transfer_request *request,
                            const dbw_transfer_observer *observer, struct json_object **report,
                            dbw_error *error) DBW_MUST_CHECK;

/**
 * Gives the target back as it was before the run with this id. Can be repeated. A run that had come
 * to its end, though nobody knew, is not undone: DBW_E_CONFLICT, and `*ended` is its report (the
 * caller owns it; NULL otherwise).
 */
dbw_status dbw_transfer_discard(const dbw_transfer_request *request,
                                const dbw_transfer_observer *observer, struct json_object **ended,
                                dbw_error *error) DBW_MUST_CHECK;

/** What `preview` answers: tables and rows of the source; with a target the plan too. */
dbw_status dbw_transfer_preview(const dbw_transfer_request *request,
                                const dbw_transfer_observer *observer, struct json_object **answer,
                                dbw_error *error) DBW_MUST_CHECK;

/** Compares two databases as they are: the verification's report. Differences are no error:
 *  `equal` in the report tells. */
dbw_status dbw_transfer_verify(const dbw_transfer_request *request,
                               const dbw_transfer_observer *observer, struct json_object **report,
                               dbw_error *error) DBW_MUST_CHECK;

/** The self-contained page to print, from a report. */
dbw_status dbw_report_html(struct json_object *report, dbw_buffer *out,
                           dbw_error *error) DBW_MUST_CHECK;

#endif
