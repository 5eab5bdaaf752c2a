/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DBW_TRANSFER_PLAN_PRIV_H
#define DBW_TRANSFER_PLAN_PRIV_H
/*
 * How a plan is made, step by step over one structure:
 *
 *   select.c        which tables and columns, by name (include, exclude, rename)
 *   plan_match.c    existing: whose tables and columns are meant
 *   profile.c       what the source's columns really hold
 *   decide.c        create: the type that each column gets
 *   plan_map.c      create: the target's tables, keys, defaults
 *   map_*.c         create: names, indexes, keys and checks of the target's tables
 *   plan_objects.c  views, triggers and the like; the to-do script
 *   probe.c         which values cannot be carried over, by the converter itself
 *   plan_keys.c     orphans, NULLs and duplicates in keys
 *   plan_loose.c    what stands in no table
 *   plan_equal.c    duplicates under the target's collations
 *   plan_trial.c    create: what the target's server refuses of the schema
 */
#include "base/buffer.h"
#include "transfer/plan.h"
#include "transfer/profile.h"

/** What is decided about one column before it is mapped. */
typedef struct dbw_decision {
    dbw_type wanted; /* the intent with its measures; with a spelling when `fixed` */
    bool fixed;      /* given by the option `types`, or by an existing column */
    dbw_reading reading;
    int32_t zone_minutes;
    const struct dbw_zone *zone; /* instead of that; or NULL */
    bool zone_given;
    bool zone_missing; /* values without a zone stand where one is needed */
    bool epochs_mixed; /* numbers of several magnitudes */
    const char *note;  /* why the type is not the declared one, or NULL */
    dbw_loss loss;     /* once it is mapped */
} dbw_decision;

/** One table on its way into the plan. */
typedef struct dbw_work {
    const dbw_table *source;
    const char *skip;        /* why it is left out, or NULL */
    const char *target_name; /* renamed and made to fit; or of the table that is there */
    dbw_table *target;       /* made, or as found */
    size_t *columns;         /* positions in the source of the columns that are read */
    size_t column_count;
    const char **names; /* their target names */
    size_t *targets;    /* their positions in the target; SIZE_MAX: not carried over */
    bool *excluded;     /* per source column: left out by option or as generated */
    bool *generated;    /* per source column: made by the target itself */
    dbw_decision *decisions;
    dbw_profile_table profile;
    dbw_names key;
    dbw_plan_table *planned;
    int64_t target_rows; /* found in the target before */
    bool missing;        /* existing: the target has no such table; `profile.rows` is counted */
} dbw_work;

struct dbw_reference;

struct dbw_name_space;

typedef struct dbw_planner {
    const dbw_plan_request *request;
    const dbw_transfer_options *options;
    dbw_arena *arena;
    dbw_database *reader; /* the snapshot's first connection */
    const dbw_engine *from;
    const dbw_engine *to;
    dbw_server server; /* the target's */
    bool same_engine;  /* types are taken over as they are */
    bool existing;
    bool schema_missing; /* the namespace to write to is made by the run */
    dbw_schema *source;
    dbw_schema *before; /* the target's tables, without our own */
    dbw_work *works;    /* one per source table */
    size_t work_count;
    struct dbw_reference *references;
    size_t reference_count;
    struct dbw_name_space *spaces; /* names of the target's relations */
    size_t space_count;
    dbw_plan *plan;
    dbw_buffer todo;
} dbw_planner;

/* --- select.c --------------------------------------------------------------------------------- */

/** `*` and `?`, without case; all else stands for itself. */
bool dbw_pattern_matches(const char *pattern, const char *name);

/** Makes the works: which tables and columns are copied, and their names. */
dbw_status dbw_plan_select(dbw_planner *planner, dbw_error *error) DBW_MUST_CHECK;

/** The work of a source table, by name without case; or NULL. */
dbw_work *dbw_plan_work(const dbw_planner *planner, const char *source_name);

/** The work of the table that a foreign key of this one refers to; or NULL. */
dbw_work *dbw_plan_parent(const dbw_planner *planner, const dbw_table *child,
                          const dbw_foreign_key *key);

/** Position in `work->columns` of a source column by name without case; -1: not there. */
int dbw_work_column(const dbw_work *work, const char *source_name);

/** Whether it holds dates or times of day without a zone, as text or as the engine's own. */
bool dbw_decide_unzoned(const dbw_profile_column *p);

/** Whether the pattern of an option names this column as TABLE.COLUMN. */
bool dbw_pattern_is_column(const char *pattern, const char *table, const char *column);

/** Position of the column in the table, without case; -1: none. */
int dbw_column_find(const dbw_table *table, const char *name);

/* --- names.c ---------------------------------------------------------------------------------- */

/** Names taken so far in one namespace. */
typedef struct dbw_name_set {
    dbw_names names;
    bool fold;      /* letters' case does not distinguish */
    bool relations; /* tables and indexes: some names are reserved */
} dbw_name_set;

/** Those of relations in one schema of the target. */
typedef struct dbw_name_space {
    const char *schema; /* NULL: the default one */
    dbw_name_set relations;
} dbw_name_space;

/** Why the target cannot have the name; NULL: it can. */
const char *dbw_name_reason(const dbw_dialect *dialect, const char *name);

/** The name, cut to the target's limit with a hash of the whole where it is too long. */
const char *dbw_name_fit(dbw_arena *arena, const dbw_dialect *dialect, const char *name);

/** The name, with a hash behind it where it is taken already; it is taken from now on. `salt` tells
 *  same names apart for ever, whatever else is in the schema. */
const char *dbw_name_claim(dbw_arena *arena, const dbw_dialect *dialect, dbw_name_set *set,
                           const char *name, const char *salt);

/** Whether it is taken. */
bool dbw_name_taken(const dbw_name_set *set, const char *name);

/* --- findings.c ------------------------------------------------------------------------------- */

dbw_finding *dbw_plan_find(dbw_planner *planner, dbw_severity severity, const char *code,
                           const char *table, const char *column, int64_t count,
                           const char *message, ...) DBW_PRINTF(7, 8);
/** Whether there is a finding of that code. */
bool dbw_plan_has_code(const dbw_planner *planner, const char *code);

void dbw_finding_fix(dbw_finding *finding, const char *option, const char *value,
                     const char *label);

/** Remembers a change of structure. */
void dbw_plan_changed(dbw_planner *planner, const char *kind, const char *table, const char *column,
                      const char *before, const char *after, const char *reason, bool loses);

/** Something of the source that the target will not have. */
typedef struct dbw_lost {
    const char *code;   /* of the finding; NULL when another finding speaks of it already */
    const char *table;  /* that it belongs to, or its own name */
    const char *name;   /* the column or the object; may be NULL */
    bool of_column;     /* `name` is a column */
    const char *what;   /* "view 'active'": begins the sentences about it */
    const char *text;   /* its original statement or expression */
    const char *before; /* in the ledger, where `text` is too long for it; NULL: `text` */
    const char *after;  /* what stands in its place, or NULL */
    const char *reason;
} dbw_lost;

/** Says of every table and column that is left out, and why: by its kind, or as asked. */
void dbw_plan_left_out(dbw_planner *planner);

/** Whether the option exclude names this column, index or check of the table. */
bool dbw_plan_excluded(const dbw_planner *planner, const dbw_table *table, const char *name);

/** Remembers the change, warns of it, and puts the original text into the to-do script. */
void dbw_plan_lose(dbw_planner *planner, const dbw_lost *lost);

/* --- plan_match.c ----------------------------------------------------------------------------- */

/** The well-known tables that keep a schema's version. */
bool dbw_is_version_table(const char *name);

/** existing: says where the versions of source and target differ. */
dbw_status dbw_plan_compare_version(dbw_planner *planner, const dbw_work *work,
                                    dbw_error *error) DBW_MUST_CHECK;

/** existing: pairs tables and columns, compares versions, says what is missing. */
dbw_status dbw_plan_match(dbw_planner *planner, dbw_error *error) DBW_MUST_CHECK;

/** existing: how each column is read, from the target's type and the profile. */
dbw_status dbw_plan_match_decide(dbw_planner *planner, dbw_error *error) DBW_MUST_CHECK;

/* --- decide.c --------------------------------------------------------------------------------- */

/** What to try a column's text as, for a declared or wanted intent. */
unsigned dbw_decide_wants(dbw_intent intent);

/** Whether the collation is there in the target, and not the application's own. */
bool dbw_plan_knows_collation(const dbw_planner *planner, const char *collation);

/** Whether a target with those limits takes the JSON that was seen. */
bool dbw_limits_hold_json(const dbw_limits *limits, const dbw_profile_column *p);

/** How values are read that shall become `intent`; zone and epoch options are looked at. */
void dbw_decide_reading(dbw_planner *planner, const dbw_work *work, size_t n, dbw_intent intent,
                        dbw_decision *out);

/** Numbers that are read as dates: says so, with the outermost of them decoded. */
void dbw_decide_show(dbw_planner *planner, const dbw_work *work, size_t n);

/** create: type and reading of every column. */
dbw_status dbw_plan_decide(dbw_planner *planner, dbw_error *error) DBW_MUST_CHECK;

/* --- plan_map.c, map_*.c, plan_objects.c ------------------------------------------------------ */

/** create: makes the target's tables. */
dbw_status dbw_plan_map(dbw_planner *planner, dbw_error *error) DBW_MUST_CHECK;

/** create: constraints and indexes of one table, whose columns are there. `constraints`: names of
 *  the tables before, where the target wants each once. */
void dbw_plan_map_constraints(dbw_planner *planner, dbw_work *work, dbw_name_set *relations,
                              dbw_name_set *constraints);

/** create: lets the target's dialect make the tables fit its server and each other. */
void dbw_plan_fit(dbw_planner *planner);

/** Nothing of the table was renamed or left out: its expressions hold as they are. */
bool dbw_work_unchanged(const dbw_work *work);

/** create: views, triggers and the rest are made again, or go to the to-do script. */
void dbw_plan_objects(dbw_planner *planner);

/** A collation that takes a and A for equal: SQLite's NOCASE, MySQL's …_ci. NULL is none. */
bool dbw_ignores_case(const char *collation);

/** The same for the expression of a generated column of that type, whose value is kept exactly. */
const char *dbw_plan_translate_value(dbw_planner *planner, const dbw_work *work,
                                     const char *expression, const dbw_type *type,
                                     const char **note);

/** The expression for the target, or NULL; `*note` as dbw_portable_expression() has it. */
const char *dbw_plan_translate(dbw_planner *planner, const dbw_work *work, const char *expression,
                               bool condition, const char **note);

/** Target names of source columns; false when one of them is not carried over. */
bool dbw_plan_target_names(dbw_planner *planner, const dbw_work *work, const dbw_names *source,
                           dbw_names *out);

/* --- probe.c, plan_keys.c --------------------------------------------------------------------- */

/** Reads the columns again whose values may not all fit, and adds findings with their keys. */
dbw_status dbw_plan_probe(dbw_planner *planner, dbw_error *error) DBW_MUST_CHECK;

/** Says which values the target keeps, but not as what they are. */
void dbw_plan_unusual(dbw_planner *planner);

/** The columns by which rows are named and ordered: a key without NULLs. Before the profile:
 *  only what the catalog promises. */
dbw_names dbw_plan_usable_key(const dbw_planner *planner, const dbw_work *work, bool profiled);

/** A foreign key as both sides know it in the source: which values of the child must be in the
 *  parent. */
typedef struct dbw_reference {
    dbw_work *child, *parent;
    size_t *child_columns, *parent_columns; /* positions in `columns` */
    size_t column_count;
    const char *name;          /* of the key in the target, or NULL */
    int child_set, parent_set; /* positions in the profiles' references; -1: not collected */
} dbw_reference;

/** Prepares what is collected for foreign keys while profiling. */
void dbw_plan_collect_references(dbw_planner *planner);

/** Orphans, NULLs where the target allows none, duplicates in its unique keys. */
dbw_status dbw_plan_check_keys(dbw_planner *planner, dbw_error *error) DBW_MUST_CHECK;

/** existing: rows of tables outside of the move that would lose their parents (plan_outside.c). */
dbw_status dbw_plan_check_outside(dbw_planner *planner, dbw_error *error) DBW_MUST_CHECK;

/** Whether the object stands for what is copied by its numbers. */
bool dbw_plan_carries_loose(const dbw_planner *planner, const dbw_object *object);

/** Settles that it is copied, or says that it is lost. */
dbw_status dbw_plan_loose(dbw_planner *planner, dbw_error *error) DBW_MUST_CHECK;

/** create: makes the schema on request->scratch and takes it back; what the server refuses is a
 *  finding each. */
dbw_status dbw_plan_trial(dbw_planner *planner, dbw_error *error) DBW_MUST_CHECK;

/** Duplicates in unique keys that only a collation of the target makes, by the target itself. */
dbw_status dbw_plan_check_equal(dbw_planner *planner, dbw_error *error) DBW_MUST_CHECK;

/** Duplicates in a unique key of the target that only the conversion makes. */
dbw_status dbw_plan_check_unique(dbw_planner *planner, dbw_work *work, const dbw_names *target,
                                 dbw_error *error) DBW_MUST_CHECK;

/** "a=1, b='x'" of a row's key values. */
const char *dbw_plan_key_text(dbw_arena *arena, const dbw_names *key, const dbw_value *values);

#endif
