/* SPDX-License-Identifier: Apache-2.0 */
#include "transfer/plan.h"

#include "transfer/checkpoint.h"
#include "transfer/plan_priv.h"
#include "transfer/transforms.h"

#include <inttypes.h>
#include <json-c/json.h>
#include <xxhash.h>

/* What the copy of 840 MB in 2.2 million rows took on two cores, with some to spare. */
static const double bytes_per_second = 150e6, rows_per_second = 1.5e6, verify_factor = 1.5;

enum { BARE_UUID = 32 }; /* characters of a UUID without hyphens (Django's and SQLAlchemy's) */

enum { TODO_MOST = 16 * 1024 * 1024 };

/* --- catalogs --------------------------------------------------------------------------------- */

static bool is_ours(const dbw_plan_request *request, const char *table)
{
    if (strncmp(table, "dbwizard_", strlen("dbwizard_")) == 0)
        return true;
    for (size_t i = 0; i < request->own_tables.count; i++)
        if (strcmp(request->own_tables.items[i], table) == 0)
            return true;
    return false;
}

/* A part of a partitioned table was made with it. */
static bool is_part_of_ours(const dbw_planner *planner, const dbw_schema *all, const char *name)
{
    for (size_t i = 0; i < all->table_count; i++)
        for (size_t k = 0; k < all->tables[i].partition_count; k++)
            if (strcmp(all->tables[i].partitions[k].name, name) == 0 &&
                is_ours(planner->request, all->tables[i].name))
                return true;
    return false;
}

static dbw_schema *without_ours(dbw_planner *planner, const dbw_schema *all)
{
    dbw_schema *rest = DBW_NEW(planner->arena, dbw_schema);
    *rest = *all;
    rest->tables = DBW_NEW_ARRAY(planner->arena, all->table_count + 1, dbw_table);
    rest->table_count = 0;
    for (size_t i = 0; i < all->table_count; i++)
        if (!is_ours(planner->request, all->tables[i].name) &&
            !is_part_of_ours(planner, all, all->tables[i].name))
            rest->tables[rest->table_count++] = all->tables[i];
    return rest;
}

/* What a run that was killed in it left for itself is nothing of the source's. */
static void forget_remains(dbw_schema *source)
{
    size_t kept = 0;
    for (size_t i = 0; i < source->table_count; i++)
        if (!dbw_checkpoint_own(source->tables[i].name))
            source->tables[kept++] = source->tables[i];
    source->table_count = kept;
}

static dbw_status read_catalogs(dbw_planner *planner, dbw_error *error)
{
    dbw_schema *all;
    const char *schema = *planner->options->target_schema ? planner->options->target_schema : NULL;
    if (schema && !planner->to->dialect->schemas) {
        dbw_fail(error, DBW_E_INVALID, "unable to use option 'target_schema': %s has no schemas",
                 planner->to->label);
        return dbw_error_object(error, "target_schema");
    }
    DBW_TRY(dbw_database_catalog(planner->reader, planner->arena, DBW_EVERY_SCHEMA,
                                 &planner->source, error));
    forget_remains(planner->source);
    bool spread = false;
    for (size_t i = 0; i < planner->source->table_count; i++)
        spread |= planner->source->tables[i].outside && planner->to->dialect->schemas;
    dbw_status status =
        dbw_database_catalog(planner->request->target, planner->arena,
                             !schema && spread ? DBW_EVERY_SCHEMA : schema, &all, error);
    if (status == DBW_E_NOT_FOUND && schema) {
        /* The run makes it. */
        all = DBW_NEW(planner->arena, dbw_schema);
        all->backend = planner->to->backend;
        planner->schema_missing = true;
        status = DBW_OK;
    }
    DBW_TRY(status);
    planner->before = without_ours(planner, all);
    planner->plan->source = planner->source;
    planner->plan->target_before = planner->before;
    planner->plan->source_fingerprint = dbw_schema_fingerprint(planner->arena, planner->source);
    planner->plan->target_schema = schema;
    planner->plan->target_empty = planner->before->table_count == 0;
    return DBW_OK;
}

/* --- create or existing ----------------------------------------------------------------------- */

static const dbw_table *same_table(const dbw_planner *planner)
{
    for (size_t i = 0; i < planner->work_count; i++) {
        const dbw_work *work = &planner->works[i];
        for (size_t k = 0; !work->skip && k < planner->before->table_count; k++)
            if (planner->before->tables[k].outside ==
                    (work->source->outside && !planner->plan->target_schema) &&
                dbw_text_equal_nocase(dbw_text_of(planner->before->tables[k].name),
                                      dbw_text_of(work->target_name)))
                return &planner->before->tables[k];
    }
    return NULL;
}

static dbw_status refuse_filled(const dbw_planner *planner, const dbw_table *clash,
                                dbw_error *error)
{
    const dbw_schema *before = planner->before;
    const char *where = planner->plan->target_schema ? planner->plan->target_schema
                        : before->tables[0].schema   ? before->tables[0].schema
                                                     : planner->to->label;
    dbw_fail(error, DBW_E_REFUSED, "unable to copy into '%s': it already holds %zu %s", where,
             before->table_count, before->table_count == 1 ? "table" : "tables");
    if (clash)
        return dbw_hint(
            error, "To fill these tables choose schema_mode=existing (--schema-mode existing); "
                   "clear=true (--clear) empties them first, on_conflict=skip (--on-conflict "
                   "skip) adds only rows that are missing. Or drop them, or choose another "
                   "database or target_schema.");
    return dbw_hint(error, "None of them is among those to be copied: with schema_mode=create "
                           "(--schema-mode create) the new tables are put beside them. Or choose "
                           "another database or target_schema.");
}

static dbw_status settle_mode(dbw_planner *planner, dbw_error *error)
{
    const dbw_transfer_options *options = planner->options;
    const char *mode = options->schema_mode;
    const dbw_table *clash = same_table(planner);
    bool empty = planner->plan->target_empty;
    bool willing =
        strcmp(options->on_conflict, "skip") == 0 || options->clear || options->data_only;
    if (strcmp(mode, "auto") == 0 && !empty && !(clash && willing))
        return refuse_filled(planner, clash, error);
    bool revisions = strcmp(mode, "revisions") == 0;
    planner->existing = strcmp(mode, "existing") == 0 || revisions ||
                        (strcmp(mode, "auto") == 0 && (!empty || options->data_only));
    if (strcmp(mode, "create") == 0 && clash)
        return refuse_filled(planner, clash, error);
    if (revisions && empty)
        return dbw_fail(error, DBW_E_REFUSED,
                        "unable to fill the tables of the revisions: they make none");
    if (planner->existing && empty) {
        dbw_fail(error, DBW_E_REFUSED, "unable to fill existing tables: the target has none");
        return dbw_hint(error, "Let the application make its tables first, or choose "
                               "schema_mode=create.");
    }
    planner->plan->schema_mode = revisions           ? "revisions"
                                 : planner->existing ? "existing"
                                                     : "create";
    return DBW_OK;
}

/* --- the profile ------------------------------------------------------------------------------ */

static void want(dbw_planner *planner, dbw_work *work)
{
    dbw_profile_table *profile = &work->profile;
    *profile = (dbw_profile_table){
        .table = work->source,
        .columns = work->columns,
        .column_count = work->column_count,
        .profiles = DBW_NEW_ARRAY(planner->arena, work->column_count, dbw_profile_column),
        .split_key = dbw_plan_usable_key(planner, work, false),
    };
    for (size_t n = 0; n < work->column_count; n++) {
        unsigned wants = 0;
        if (!planner->same_engine || planner->existing)
            wants = dbw_decide_wants(work->source->columns[work->columns[n]].type.intent);
        else if (work->source->columns[work->columns[n]].type.intent == DBW_INTENT_ENUM)
            wants = DBW_WANT_SHORTEST;
        if (planner->existing && work->targets[n] != SIZE_MAX)
            wants |= dbw_decide_wants(work->target->columns[work->targets[n]].type.intent);
        for (size_t i = 0; i < planner->options->types.count; i++) {
            const dbw_option_pair *pair = &planner->options->types.items[i];
            dbw_type type;
            dbw_error ignored;
            if (planner->to->dialect->parse_type(planner->arena, pair->value, &type, &ignored) ==
                DBW_OK)
                wants |= dbw_decide_wants(type.intent);
        }
        profile->profiles[n] = dbw_profile_column_new(wants);
    }
}

static dbw_status profile(dbw_planner *planner, dbw_error *error)
{
    dbw_profile_request request = {
        .snapshot = planner->request->snapshot,
        .bulk = planner->request->source_bulk,
        .readers = planner->request->readers,
        .tables = DBW_NEW_ARRAY(planner->arena, planner->work_count + 1, dbw_profile_table),
        .progress = planner->request->progress,
        .context = planner->request->context,
    };
    for (size_t i = 0; i < planner->work_count; i++)
        if (!planner->works[i].skip)
            want(planner, &planner->works[i]);
    dbw_plan_collect_references(planner);
    for (size_t i = 0; i < planner->work_count; i++)
        if (!planner->works[i].skip)
            request.tables[request.table_count++] = planner->works[i].profile;
    dbw_status status = dbw_profile_run(&request, planner->arena, error);
    size_t next = 0;
    for (size_t i = 0; i < planner->work_count; i++)
        if (!planner->works[i].skip)
            planner->works[i].profile = request.tables[next++];
    return status;
}

static void free_references(dbw_planner *planner)
{
    for (size_t i = 0; i < planner->work_count; i++)
        for (size_t k = 0; k < planner->works[i].profile.reference_count; k++)
            dbw_refset_free(&planner->works[i].profile.references[k].set);
}

/* --- the plan's tables ------------------------------------------------------------------------ */

static bool told(const dbw_planner *planner, const dbw_work *work, size_t n, const char *what,
                 const char *value)
{
    const char *given = dbw_transform_find(planner->options, work->source->name,
                                           work->source->columns[work->columns[n]].name, what);
    return given && strcmp(given, value) == 0;
}

static dbw_canonical canonical_of(const dbw_type *type, dbw_intent intent)
{
    bool time = intent == DBW_INTENT_TIME || intent == DBW_INTENT_TIMESTAMP ||
                intent == DBW_INTENT_TIMESTAMPTZ;
    bool limited = intent == DBW_INTENT_DECIMAL && type->precision > 0;
    return (dbw_canonical){
        .intent = intent,
        .scale = limited && type->scale > 0 ? type->scale : (int16_t)(limited ? 0 : -1),
        .fraction = time && type->precision >= 0 && type->precision < 6 ? (int8_t)type->precision
                                                                        : (int8_t)6,
        .pad_space = intent == DBW_INTENT_CHAR,
        .bare_uuid = (intent == DBW_INTENT_CHAR || intent == DBW_INTENT_VARCHAR) &&
                     type->length == BARE_UUID,
    };
}

/* PostgreSQL's scales may be negative, that many zeros before the point, or beyond the precision,
 * that many behind it. */
static int16_t digits_of(const dbw_type *type)
{
    if (type->precision <= 0)
        return type->precision;
    if (type->scale < 0)
        return (int16_t)(type->precision - type->scale);
    return type->scale > type->precision ? type->scale : type->precision;
}

static int compare_labels(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static bool has_label(const dbw_type *type, const char *label)
{
    for (size_t i = 0; i < type->label_count; i++)
        if (strcmp(type->labels[i], label) == 0)
            return true;
    return false;
}

/* Whether values that the source's enumeration let in can be none of the target's labels. MySQL
 * keeps '' where a value was none of its own. */
static bool may_miss_labels(const dbw_type *source, const dbw_type *target,
                            const dbw_profile_column *p)
{
    if (source->intent != DBW_INTENT_ENUM || (p->texts && p->shortest_characters == 0))
        return true;
    for (size_t i = 0; i < source->label_count; i++)
        if (!has_label(target, source->labels[i]))
            return true;
    return false;
}

/* MariaDB tells '?' for characters beyond its utf8mb3: such labels are its server's to judge. */
static bool told_in_full(const dbw_type *type)
{
    for (size_t i = 0; i < type->label_count; i++)
        if (strchr(type->labels[i], '?'))
            return false;
    return true;
}

static void plan_labels(const dbw_planner *planner, const dbw_work *work, size_t n,
                        const dbw_type *type, dbw_plan_column *out)
{
    const dbw_type *source = &work->source->columns[work->columns[n]].type;
    const char **sorted = NULL;
    if (!type->label_count || !told_in_full(type) ||
        !may_miss_labels(source, type, &work->profile.profiles[n]))
        return;
    for (size_t i = 0; i < type->label_count; i++)
        *DBW_APPEND(planner->arena, sorted, out->label_count) = type->labels[i];
    qsort(sorted, out->label_count, sizeof *sorted, compare_labels);
    out->labels = sorted;
}

static bool is_words(dbw_intent intent)
{
    return intent == DBW_INTENT_TEXT || intent == DBW_INTENT_VARCHAR || intent == DBW_INTENT_CHAR;
}

static void plan_column(const dbw_planner *planner, const dbw_work *work, size_t n,
                        dbw_plan_column *out)
{
    const dbw_decision *decision = &work->decisions[n];
    const dbw_column *target = &work->target->columns[work->targets[n]];
    const dbw_type *type = &target->type;
    bool verbatim = planner->same_engine && decision->wanted.intent == DBW_INTENT_ANY;
    dbw_intent intent = verbatim ? DBW_INTENT_ANY : type->intent;
    bool from_array = work->source->columns[work->columns[n]].type.intent == DBW_INTENT_ARRAY;
    *out = (dbw_plan_column){
        .source = work->columns[n],
        .target = work->targets[n],
        .intent = intent,
        .reading = decision->reading,
        .zone_minutes = decision->zone_minutes,
        .zone = decision->zone,
        .exact = !planner->same_engine && !target->collation && is_words(type->intent),
        .length = (intent == DBW_INTENT_CHAR || intent == DBW_INTENT_VARCHAR) &&
                          !planner->to->dialect->loose_types
                      ? type->length
                      : 0,
        .precision = intent == DBW_INTENT_DECIMAL ? digits_of(type) : (int16_t)0,
        .loss = decision->loss,
        .note = decision->note,
        .no_minus_zero = !planner->same_engine && planner->to->dialect->no_minus_zero,
        .element = work->source->columns[work->columns[n]].type.element,
    };
    if (told(planner, work, n, "nul", "strip"))
        out->on_nul = DBW_REMEDY_STRIP;
    if (told(planner, work, n, "invalid-utf8", "replace"))
        out->on_invalid_utf8 = DBW_REMEDY_REPLACE;
    if (told(planner, work, n, "mojibake", "repair"))
        out->on_mojibake = DBW_REMEDY_REPAIR;
    if (told(planner, work, n, "zero-date", "null") && target->nullable)
        out->on_bad_date = DBW_REMEDY_NULL;
    if (planner->to->dialect->limits && intent != DBW_INTENT_ANY)
        planner->to->dialect->limits(type, &out->limits);
    if (intent == DBW_INTENT_ENUM)
        plan_labels(planner, work, n, type, out);
    out->target_canonical = canonical_of(type, intent);
    if (intent == DBW_INTENT_ARRAY && !from_array) {
        /* What becomes an array is JSON, and both are compared as that. */
        out->element = type->element;
        out->target_canonical.intent = DBW_INTENT_JSON;
        out->target_canonical.element = type->element;
        out->target_canonical.array = true;
    }
    out->source_canonical = out->target_canonical;
    out->source_canonical.reading = decision->reading;
    out->source_canonical.zone_minutes = decision->zone_minutes;
    out->source_canonical.zone = decision->zone;
    out->source_canonical.element = out->element;
}

static void plan_key(const dbw_planner *planner, dbw_work *work, dbw_plan_table *out)
{
    work->key = dbw_plan_usable_key(planner, work, true);
    out->source_key = work->key;
    out->key = DBW_NEW_ARRAY(planner->arena, work->key.count + 1, size_t);
    for (size_t i = 0; i < work->key.count; i++) {
        size_t position = (size_t)dbw_column_find(work->source, work->key.items[i]);
        for (size_t c = 0; c < out->column_count; c++)
            if (out->columns[c].source == position)
                out->key[out->key_count++] = c;
    }
}

static void plan_table(dbw_planner *planner, dbw_work *work, bool in_cycle)
{
    dbw_plan *plan = planner->plan;
    dbw_plan_table *out = &plan->tables[plan->table_count++];
    *out = (dbw_plan_table){
        .source = work->source,
        .action = work->skip          ? DBW_PLAN_SKIP
                  : planner->existing ? DBW_PLAN_FILL
                                      : DBW_PLAN_CREATE,
        .reason = work->skip,
        .in_cycle = in_cycle,
        .missing = work->missing,
    };
    if (work->skip) {
        out->rows = work->profile.rows;
        return;
    }
    work->planned = out;
    out->target = work->target;
    out->rows = work->profile.rows;
    out->bytes = work->profile.bytes;
    out->target_rows = work->target_rows;
    out->columns = DBW_NEW_ARRAY(planner->arena, work->column_count + 1, dbw_plan_column);
    out->computed = DBW_NEW_ARRAY(planner->arena, work->column_count + 1, dbw_plan_column);
    for (size_t n = 0; n < work->column_count; n++) {
        if (work->targets[n] == SIZE_MAX)
            continue;
        plan_column(planner, work, n,
                    work->generated[work->columns[n]] ? &out->computed[out->computed_count++]
                                                      : &out->columns[out->column_count++]);
    }
    plan_key(planner, work, out);
    plan->total_rows += out->rows;
    plan->total_bytes += out->bytes;
    if (!out->source_key.count && out->rows)
        dbw_plan_find(planner, DBW_SEVERITY_INFO, "no-key", work->source->name, NULL, out->rows,
                      "%s has no key: it is copied in one piece", work->source->name);
}

static void plan_tables(dbw_planner *planner)
{
    size_t *order;
    bool *in_cycle;
    dbw_schema_order(planner->arena, planner->source, &order, &in_cycle);
    planner->plan->tables = DBW_NEW_ARRAY(planner->arena, planner->work_count + 1, dbw_plan_table);
    for (size_t i = 0; i < planner->work_count; i++)
        plan_table(planner, &planner->works[order[i]], in_cycle[order[i]]);
}

/* --- the whole -------------------------------------------------------------------------------- */

/* Equal ids: the same source structure, the same options, the same target structure. */
static const char *plan_id(dbw_planner *planner)
{
    dbw_transfer_options own = *planner->options;
    dbw_transfer_options preset;
    dbw_transfer_options_default(&preset);
    /* What does not change what is done. */
    own.plan = preset.plan;
    own.dry_run = own.rehearse = own.lock_source = own.create_database = false;
    own.streams = preset.streams;
    own.verify = preset.verify;
    struct json_object *options = dbw_transfer_options_to_json(&own);
    const char *text = dbw_arena_printf(
        planner->arena, "%s\n%s\n%s\n%s", planner->plan->source_fingerprint,
        dbw_schema_fingerprint(planner->arena, planner->before), planner->plan->schema_mode,
        json_object_to_json_string_ext(options, JSON_C_TO_STRING_PLAIN));
    json_object_put(options);
    XXH128_hash_t hash = XXH3_128bits(text, strlen(text));
    return dbw_arena_printf(planner->arena, "%016" PRIx64 "%016" PRIx64, hash.high64, hash.low64);
}

static void estimate(dbw_planner *planner)
{
    dbw_plan *plan = planner->plan;
    double seconds =
        (double)plan->total_bytes / bytes_per_second + (double)plan->total_rows / rows_per_second;
    if (strcmp(planner->options->verify, "checksum") == 0)
        seconds *= verify_factor;
    plan->estimate_seconds = seconds;
}

static dbw_status make(dbw_planner *planner, dbw_error *error)
{
    DBW_TRY(read_catalogs(planner, error));
    DBW_TRY(
        dbw_database_describe(planner->request->target, planner->arena, &planner->server, error));
    DBW_TRY(dbw_plan_select(planner, error));
    DBW_TRY(settle_mode(planner, error));
    if (planner->existing)
        DBW_TRY(dbw_plan_match(planner, error));
    DBW_TRY(profile(planner, error));
    if (planner->existing) {
        DBW_TRY(dbw_plan_match_decide(planner, error));
    } else {
        DBW_TRY(dbw_plan_decide(planner, error));
        DBW_TRY(dbw_plan_map(planner, error));
    }
    plan_tables(planner);
    dbw_plan_left_out(planner);
    DBW_TRY(dbw_plan_probe(planner, error));
    dbw_plan_unusual(planner);
    DBW_TRY(dbw_plan_check_keys(planner, error));
    DBW_TRY(dbw_plan_check_equal(planner, error));
    DBW_TRY(dbw_plan_check_outside(planner, error));
    DBW_TRY(dbw_plan_loose(planner, error));
    DBW_TRY(dbw_plan_trial(planner, error));
    planner->plan->id = plan_id(planner);
    estimate(planner);
    DBW_TRY(dbw_buffer_check(&planner->todo, "script of what is left to do", error));
    if (planner->todo.length)
        planner->plan->todo =
            dbw_arena_text_string(planner->arena, dbw_buffer_text(&planner->todo));
    return DBW_OK;
}

dbw_status dbw_plan_make(const dbw_plan_request *request, dbw_arena *arena, dbw_plan **out,
                         dbw_error *error)
{
    dbw_planner planner = {
        .request = request,
        .options = request->options,
        .arena = arena,
        .reader = request->source_bulk->snapshot_reader(request->snapshot, 0),
        .to = dbw_database_engine(request->target),
        .plan = DBW_NEW(arena, dbw_plan),
    };
    *out = NULL;
    planner.from = dbw_database_engine(planner.reader);
    planner.same_engine = planner.from == planner.to;
    dbw_buffer_init(&planner.todo, TODO_MOST);
    dbw_status status = make(&planner, error);
    dbw_buffer_free(&planner.todo);
    free_references(&planner);
    if (status == DBW_OK)
        *out = planner.plan;
    return status;
}
