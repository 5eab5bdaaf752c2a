/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DBW_TRANSFER_PLAN_H
#define DBW_TRANSFER_PLAN_H
/*
 * What a transfer will do, decided before the first write: made from both catalogs and one
 * streaming profile of the source in the run's own snapshot. Pure data once made; everything lives
 * in the arena it was made with.
 */
#include "engine/engine.h"
#include "transfer/options.h"
#include "verify/canonical.h"

#include <json-c/json_types.h>

typedef enum dbw_plan_action {
    DBW_PLAN_CREATE, /* make the table, then fill it */
    DBW_PLAN_FILL,   /* the table is there: fill it */
    DBW_PLAN_SKIP    /* leave out; `reason` says why */
} dbw_plan_action;

/** What to do with a value that the target cannot take as it is; each alteration is ledgered. */
typedef enum dbw_remedy {
    DBW_REMEDY_NONE,    /* a bad row (on_bad_row) */
    DBW_REMEDY_STRIP,   /* NUL bytes in text: taken out */
    DBW_REMEDY_REPLACE, /* invalid UTF-8: U+FFFD */
    DBW_REMEDY_REPAIR,  /* UTF-8 that was encoded twice: decoded once */
    DBW_REMEDY_NULL     /* zero or impossible dates: NULL */
} dbw_remedy;

/** One column from source to target. */
typedef struct dbw_plan_column {
    size_t source;               /* position in the source table */
    size_t target;               /* position in the target table */
    dbw_intent intent;           /* of the target column: the kind that the encoder gets */
    dbw_reading reading;         /* how the source spells it */
    int32_t zone_minutes;        /* text without a zone into timestamptz */
    const struct dbw_zone *zone; /* instead of that, a zone by name; or NULL */
    bool exact; /* text whose foreign keys the target compares byte by byte, and the source not */
    int32_t length;     /* characters that the target column holds; 0: no limit */
    int16_t precision;  /* DECIMAL digits in all that it holds; 0: no limit */
    bool no_minus_zero; /* the target's -0.0 is 0.0 */
    dbw_intent element; /* of an array in the source that becomes JSON */
    dbw_remedy on_nul;
    dbw_remedy on_invalid_utf8;
    dbw_remedy on_bad_date;
    dbw_remedy on_mojibake;
    dbw_limits limits;         /* what the target column cannot hold */
    const char *const *labels; /* ENUM: all that it holds, in strcmp's order; NULL: what comes is
                                * known to be one of them */
    size_t label_count;
    bool orphans_reject;  /* a row whose foreign key has no parent is rejected */
    bool orphans_to_null; /* a foreign key without its parent becomes NULL */
    dbw_canonical source_canonical;
    dbw_canonical target_canonical;
    dbw_loss loss;
    const char *note; /* why the type changed, or NULL */
} dbw_plan_column;

typedef struct dbw_plan_table {
    const dbw_table *source;
    const dbw_table *target; /* to be created, or as found; NULL when skipped */
    dbw_plan_action action;
    const char *reason; /* of a skip, or what is special */
    dbw_plan_column *columns;
    size_t column_count;
    dbw_plan_column *computed; /* columns that the target makes itself: compared, not copied */
    size_t computed_count;
    bool missing; /* skipped as the target has no such table */
    dbw_names
        source_key; /* the usable key (unique, not null) by which rows are ordered; or empty */
    size_t *key;    /* its positions in `columns`; all of them are copied */
    size_t key_count;
    int64_t rows;        /* counted by the profile */
    int64_t bytes;       /* of values, as profiled */
    int64_t target_rows; /* found in the target before (FILL) */
    bool in_cycle;
} dbw_plan_table;

typedef enum dbw_severity {
    DBW_SEVERITY_INFO,
    DBW_SEVERITY_WARNING,
    DBW_SEVERITY_ERROR
} dbw_severity;

enum { DBW_FINDING_KEYS = 10 };

/** Something that preflight found. An ERROR stops the run unless its fix is chosen. */
typedef struct dbw_finding {
    dbw_severity severity;
    const char *code; /* "nul-in-text", "orphans", "mixed-types", "too-long" … stable */
    const char *table;
    const char *column; /* or NULL */
    int64_t count;
    const char *keys[DBW_FINDING_KEYS];
    size_t key_count;
    const char *message;    /* one sentence for people */
    const char *fix_option; /* option and value that settle it, or NULL */
    const char *fix_value;
    const char *fix_label;
} dbw_finding;

/** A change of structure: a type, a default, an index, a view that could not be translated. */
typedef struct dbw_plan_change {
    const char *kind; /* "type" or "object" */
    const char *table;
    const char *column; /* or the object's name */
    const char *before;
    const char *after;
    const char *reason;
    bool loses; /* something of the source is not there any more */
} dbw_plan_change;

typedef struct dbw_plan {
    const char *id; /* 32 hex digits: source fingerprint + options + target fingerprint */
    const dbw_schema *source;
    const dbw_schema *target_before;
    const char *source_fingerprint;
    const char *schema_mode;   /* "create", "existing" or "revisions", settled */
    const char *target_schema; /* PostgreSQL schema, or NULL */
    bool target_empty;
    dbw_plan_table *tables; /* in dependency order, parents first */
    size_t table_count;
    dbw_finding *findings;
    size_t finding_count;
    dbw_plan_change *changes;
    size_t change_count;
    const dbw_object **objects; /* made again by their own statements, in this order */
    size_t object_count;
    const dbw_object *loose; /* what stands in no table is copied under its numbers; or NULL */
    const char *todo; /* script of what could not be translated, with the original text; or NULL */
    int64_t total_rows;
    int64_t total_bytes;
    double estimate_seconds;
} dbw_plan;

/** Tells how far the profile is; a status other than DBW_OK stops it (pause, cancel). */
typedef dbw_status (*dbw_plan_progress)(void *context, const char *table, int64_t rows_done,
                                        int64_t rows_total, dbw_error *error);

typedef struct dbw_plan_request {
    dbw_snapshot *snapshot; /* of the source */
    const dbw_bulk *source_bulk;
    size_t readers; /* connections of the snapshot that may be used in parallel */
    dbw_database *target;
    dbw_database *scratch; /* a connection of its own that may make what is gone at its end: to the
                              target, or where that is a file to an empty database; or NULL */
    const dbw_transfer_options *options;
    dbw_plan_progress progress; /* or NULL */
    void *context;
    /** Tables of the target that a run being resumed made itself: taken as absent. Tables named
     *  dbwizard_* always are. */
    dbw_names own_tables;
} dbw_plan_request;

/** Makes the plan: catalogs, profile, mapping, order, findings. Reads only. Structural refusals
 *  (target not empty: DBW_E_REFUSED; nothing to copy; unknown names in options) are errors. */
dbw_status dbw_plan_make(const dbw_plan_request *request, dbw_arena *arena, dbw_plan **out,
                         dbw_error *error) DBW_MUST_CHECK;

/** DBW_OK, or DBW_E_REFUSED naming the first error finding and how many there are. */
dbw_status dbw_plan_check(const dbw_plan *plan, dbw_error *error) DBW_MUST_CHECK;

/** `plan`, `mappings`, `findings`, `estimate` as the API answers them; the caller owns it. */
struct json_object *dbw_plan_to_json(const dbw_plan *plan);
struct json_object *dbw_plan_mappings_json(const dbw_plan *plan);
struct json_object *dbw_plan_findings_json(const dbw_plan *plan);

#endif
