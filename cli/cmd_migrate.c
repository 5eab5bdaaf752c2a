/* SPDX-License-Identifier: Apache-2.0 */
/* preview, migrate and verify: jobs that run in this process. */
#include "base/file.h"
#include "output.h"
#include "running.h"
#include "transfer/options.h"
#include "transfer/transfer.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

int dbw_cmd_preview(dbw_cli *cli);
int dbw_cmd_migrate(dbw_cli *cli);
int dbw_cmd_verify(dbw_cli *cli);

/* What each type of option shows for its value. */
#define VALUE_CHOICE(values) values
#define VALUE_FLAG(values) NULL
#define VALUE_INTEGER(values) "NUMBER"
#define VALUE_TEXT(values) "NAME"
#define VALUE_LIST(values) "PATTERN"
#define VALUE_MAP(values) "NAME=VALUE"
#define REPEATS_CHOICE false
#define REPEATS_FLAG false
#define REPEATS_INTEGER false
#define REPEATS_TEXT false
#define REPEATS_LIST true
#define REPEATS_MAP true

#define TRANSFER_FLAG(text, type, values_, help_)                                                  \
    {.name = (text), .value = VALUE_##type(values_), .help = (help_), .repeats = REPEATS_##type},

const dbw_flag dbw_cmd_migrate_flags[] = {
#define DBW_TRANSFER_OPTION(field, flag, type, default_value, values, help)                        \
    TRANSFER_FLAG(flag, type, values, help)
#include "transfer/transfer_options.def"
#undef DBW_TRANSFER_OPTION
    {.name = "if-needed",
     .help = "do nothing when this move was done already and the target holds it"},
    {.name = "verify-only", .help = "compare the two databases, copy nothing"},
    {.name = "report",
     .value = "FILE",
     .help = "write the report; a page where FILE ends in .html"},
    {0}};

const dbw_flag dbw_cmd_preview_flags[] = {
#define DBW_TRANSFER_OPTION(field, flag, type, default_value, values, help)                        \
    TRANSFER_FLAG(flag, type, values, help)
#include "transfer/transfer_options.def"
#undef DBW_TRANSFER_OPTION
    {0}};

const dbw_flag dbw_cmd_verify_flags[] = {
    {.name = "include", .value = "PATTERN", .help = "tables to compare", .repeats = true},
    {.name = "exclude",
     .value = "PATTERN",
     .help = "tables or columns to leave out",
     .repeats = true},
    {.name = "sample", .help = "of large tables compare some pieces and count all rows"},
    {.name = "report",
     .value = "FILE",
     .help = "write the report; a page where FILE ends in .html"},
    {0}};

/* The folder of revisions as a whole path: a worker elsewhere may go on with the job. */
static dbw_status find_revisions(dbw_cli *cli, dbw_transfer_options *options, dbw_error *error)
{
    char whole[PATH_MAX];
    if (strcmp(options->schema_mode, "revisions") != 0)
        return DBW_OK;
    DBW_TRY(dbw_cli_config(cli, error));
    const char *configured = dbw_config_text(cli->config, DBW_OPTION_REVISIONS_DIR);
    if (!options->revisions[0] && configured)
        options->revisions = configured;
    if (!options->revisions[0])
        return DBW_OK; /* the run says what is missing */
    if (!realpath(options->revisions, whole)) {
        dbw_fail(error, DBW_E_USAGE, "unable to read the revisions in '%s': %s", options->revisions,
                 strerror(errno));
        return dbw_error_object(error, "revisions");
    }
    options->revisions = dbw_arena_string(cli->arena, whole);
    return DBW_OK;
}

/* A switch is given without a value. */
static bool is_switch(const char *flag)
{
    for (const dbw_flag *known = dbw_cmd_migrate_flags; known->name; known++)
        if (strcmp(known->name, flag) == 0)
            return !known->value;
    return false;
}

static dbw_status read_options(dbw_cli *cli, dbw_transfer_options *options, dbw_error *error)
{
    dbw_transfer_options_default(options);
    for (size_t i = 0; i < cli->arguments.flag_count; i++) {
        const dbw_flag_given *given = &cli->arguments.flags[i];
        dbw_error ignored;
        const char *value = is_switch(given->name) ? "true" : given->value;
        dbw_status status =
            dbw_transfer_options_set(cli->arena, options, given->name, value, &ignored);
        /* Flags of the command itself stand in the same list. */
        if (status == DBW_OK || status == DBW_E_NOT_FOUND)
            continue;
        *error = ignored;
        error->code = DBW_E_USAGE;
        return DBW_E_USAGE;
    }
    if (dbw_cli_given(cli, "sample"))
        options->verify = "sample";
    return find_revisions(cli, options, error);
}

static bool ends_in(const char *text, const char *end)
{
    size_t n = strlen(text), m = strlen(end);
    return n >= m && strcmp(text + n - m, end) == 0;
}

static dbw_status write_report(dbw_cli *cli, json_object *report, dbw_error *error)
{
    enum { PAGE_LIMIT = 256 * 1024 * 1024 };
    const char *path = dbw_cli_value(cli, "report");
    if (!path || !report)
        return DBW_OK;
    dbw_buffer text;
    dbw_buffer_init(&text, PAGE_LIMIT);
    dbw_status status = DBW_OK;
    if (ends_in(path, ".html"))
        status = dbw_report_html(report, &text, error);
    else
        dbw_buffer_add_string(&text,
                              json_object_to_json_string_ext(report, JSON_C_TO_STRING_PRETTY));
    if (status == DBW_OK)
        status = dbw_buffer_check(&text, "report", error);
    if (status == DBW_OK)
        status = dbw_file_write(path, dbw_buffer_text(&text), 0600, error);
    dbw_buffer_free(&text);
    return status;
}

/* What can be told before the move must not be found out after it. */
static dbw_status check_report(dbw_cli *cli, dbw_error *error)
{
    const char *path = dbw_cli_value(cli, "report");
    struct stat found;
    if (!path)
        return DBW_OK;
    const char *slash = strrchr(path, '/');
    dbw_text start = {path, slash ? (size_t)(slash - path) + 1 : 0};
    const char *folder = slash ? dbw_arena_text_string(cli->arena, start) : ".";
    int number = 0;
    if (!path[0] || (slash && !slash[1]) || (stat(path, &found) == 0 && S_ISDIR(found.st_mode)))
        number = EISDIR;
    else if (faccessat(AT_FDCWD, folder, W_OK | X_OK, AT_EACCESS) != 0)
        number = errno;
    if (!number)
        return DBW_OK;
    dbw_fail(error, DBW_E_USAGE, "unable to write the report to '%s': %s", path,
             strerrordesc_np(number));
    return dbw_hint(error, "Nothing was done. Name a file in a folder that you may write to.");
}

static dbw_status read_request(dbw_cli *cli, const char *kind, dbw_job_request *request,
                               dbw_error *error)
{
    dbw_url *source, *target = NULL;
    dbw_transfer_options options;
    DBW_TRY(dbw_cli_url(cli, dbw_cli_argument(cli, 0), &source, error));
    if (dbw_cli_argument(cli, 1))
        DBW_TRY(dbw_cli_url(cli, dbw_cli_argument(cli, 1), &target, error));
    DBW_TRY(read_options(cli, &options, error));
    *request = (dbw_job_request){
        .kind = kind,
        .source_url = dbw_url_render(cli->arena, source),
        .target_url = target ? dbw_url_render(cli->arena, target) : NULL,
        .options = dbw_transfer_options_to_json(&options),
        .actor = dbw_cli_actor(cli),
    };
    return DBW_OK;
}

/* Runs the job; `ran` is filled as far as it came. */
static dbw_status run_job(dbw_cli *cli, const char *kind, dbw_job_ran *ran, dbw_error *error)
{
    dbw_job_request request = {0};
    dbw_open_options open_options;
    dbw_store *store = NULL;
    memset(ran, 0, sizeof *ran);
    DBW_TRY(read_request(cli, kind, &request, error));
    dbw_status status = dbw_cli_open_options(cli, &open_options, error);
    if (status == DBW_OK)
        status = dbw_cli_store(cli, &store, error);
    if (status == DBW_OK) {
        dbw_job_run_options options = {
            .store = store, .open_options = &open_options, .watch = dbw_cli_watch(cli)};
        status = dbw_job_run(&options, &request, ran, error);
        dbw_cli_watch_end(cli);
    }
    dbw_store_close(store);
    json_object_put(request.options);
    return status;
}

static const char *text_of(json_object *object, const char *name)
{
    json_object *member = NULL;
    json_object_object_get_ex(object, name, &member);
    return member ? json_object_get_string(member) : "";
}

static json_object *list_of(json_object *object, const char *name)
{
    json_object *member = NULL;
    json_object_object_get_ex(object, name, &member);
    return json_object_is_type(member, json_type_array) ? member : NULL;
}

static size_t length_of(json_object *list)
{
    return list ? json_object_array_length(list) : 0;
}

/* Options have dashes in the command where the API has underscores. */
static const char *flag_of(dbw_arena *arena, const char *option)
{
    char *flag = dbw_arena_string(arena, option);
    for (char *c = flag; *c; c++)
        if (*c == '_')
            *c = '-';
    return flag;
}

static void show_fix(dbw_arena *arena, json_object *fix)
{
    const char *flag = flag_of(arena, text_of(fix, "option"));
    if (is_switch(flag))
        dbw_output_line(stdout, "    %s: --%s", text_of(fix, "label"), flag);
    else
        dbw_output_line(stdout, "    %s: --%s %s", text_of(fix, "label"), flag,
                        text_of(fix, "value"));
}

static void show_findings(dbw_arena *arena, json_object *findings)
{
    for (size_t i = 0; i < length_of(findings); i++) {
        json_object *finding = json_object_array_get_idx(findings, i), *fix = NULL;
        dbw_output_line(stdout, "%s: %s", text_of(finding, "severity"),
                        text_of(finding, "message"));
        if (json_object_object_get_ex(finding, "fix", &fix) && fix)
            show_fix(arena, fix);
    }
}

/* What the move would do, from its plan. */
static void show_dry_run(dbw_arena *arena, json_object *report)
{
    json_object *plan = NULL;
    json_object_object_get_ex(report, "plan", &plan);
    json_object *tables = list_of(plan, "tables");
    long long rows = 0, count = 0;
    for (size_t i = 0; i < length_of(tables); i++) {
        json_object *table = json_object_array_get_idx(tables, i), *number = NULL;
        const char *action = text_of(table, "action"), *source = text_of(table, "source");
        const char *target = text_of(table, "target");
        if (strcmp(action, "skip") == 0 || !json_object_object_get_ex(table, "rows", &number))
            continue;
        bool renamed = target && strcmp(source, target) != 0;
        rows += json_object_get_int64(number);
        count++;
        dbw_output_line(stdout, "%12lld  %s%s%s%s", (long long)json_object_get_int64(number),
                        source, renamed ? " becomes " : "", renamed ? target : "",
                        strcmp(action, "create") == 0 ? "" : ", into the table that is there");
    }
    dbw_output_line(stdout, "%12lld  rows in %lld %s would be copied; nothing was.", rows, count,
                    count == 1 ? "table" : "tables");
    show_findings(arena, list_of(report, "findings"));
}

static int run_and_report(dbw_cli *cli, const char *kind)
{
    dbw_error error, report_error;
    dbw_job_ran ran;
    dbw_error_clear(&error);
    if (check_report(cli, &error) != DBW_OK)
        return dbw_cli_fail(cli, &error);
    dbw_status status = run_job(cli, kind, &ran, &error);
    dbw_status written = write_report(cli, ran.report, &report_error);
    bool looked = status == DBW_OK && !cli->json && dbw_cli_given(cli, "dry-run");
    if (looked)
        show_dry_run(cli->arena, ran.report);
    int result = looked ? DBW_EXIT_DONE : dbw_cli_ended(cli, status, &ran, &error);
    if (looked)
        dbw_job_ran_free(&ran);
    if (status == DBW_E_INVALID)
        result = DBW_EXIT_USAGE; /* an option that does not fit these databases */
    if (written == DBW_OK)
        return result;
    /* The move itself is what it is. */
    dbw_cli_warn(cli, "%s", report_error.message);
    return status == DBW_OK ? DBW_EXIT_FAILED : result;
}

/* --- if-needed -------------------------------------------------------------------------------- */

/* A target that is not there, or empty, needs the move, whatever was done before. */
static dbw_status holds_something(dbw_cli *cli, const char *text, bool *holds, dbw_error *error)
{
    dbw_url *url;
    dbw_open_options options;
    dbw_database *database;
    dbw_server server;
    *holds = false;
    DBW_TRY(dbw_cli_url(cli, text, &url, error));
    DBW_TRY(dbw_cli_open_options(cli, &options, error));
    options.read_only = true;
    dbw_status status = dbw_database_open(url, &options, &database, error);
    if (status == DBW_E_NO_DATABASE)
        return DBW_OK;
    DBW_TRY(status);
    status = dbw_database_describe(database, cli->arena, &server, error);
    *holds = status == DBW_OK && !server.empty;
    dbw_database_close(database);
    return status;
}

static bool same_text(json_object *object, const char *name, const char *wanted)
{
    const char *found = text_of(object, name);
    return found && strcmp(found, wanted) == 0;
}

/* A move of these two that came to its end in earnest: not a dry run, not a rehearsal. */
static bool is_this_move(dbw_store *store, json_object *job, const char *source, const char *target)
{
    json_object *result, *rehearsal, *verdict = NULL;
    dbw_error ignored;
    json_object_object_get_ex(job, "verdict", &verdict);
    if (!verdict || !same_text(job, "kind", "migrate") || !same_text(job, "source", source) ||
        !same_text(job, "target", target))
        return false;
    if (dbw_job_result(store, text_of(job, "id"), &result, &ignored) != DBW_OK)
        return false;
    bool earnest = !json_object_object_get_ex(result, "rehearsal", &rehearsal);
    json_object_put(result);
    return earnest;
}

static dbw_status find_earlier(dbw_cli *cli, const char **id, dbw_error *error)
{
    enum { LOOK_AT = 1000 };
    dbw_url *source, *target;
    dbw_store *store = NULL;
    json_object *list = NULL;
    *id = NULL;
    DBW_TRY(dbw_cli_url(cli, dbw_cli_argument(cli, 0), &source, error));
    DBW_TRY(dbw_cli_url(cli, dbw_cli_argument(cli, 1), &target, error));
    DBW_TRY(dbw_cli_store(cli, &store, error));
    dbw_status status = dbw_job_list(store, "done", LOOK_AT, &list, error);
    json_object *jobs = status == DBW_OK ? list_of(list, "jobs") : NULL;
    for (size_t i = 0; i < length_of(jobs) && !*id; i++) {
        json_object *job = json_object_array_get_idx(jobs, i);
        if (is_this_move(store, job, dbw_url_redacted(cli->arena, source),
                         dbw_url_redacted(cli->arena, target)))
            *id = dbw_arena_string(cli->arena, text_of(job, "id"));
    }
    json_object_put(list);
    dbw_store_close(store);
    return status;
}

static int say_done_before(dbw_cli *cli, const char *id)
{
    if (!cli->json) {
        dbw_output_line(stdout, "Nothing to do: job %s has moved it, and the target has tables.",
                        id);
        return DBW_EXIT_DONE;
    }
    json_object *answer = json_object_new_object();
    json_object_object_add(answer, "success", json_object_new_boolean(true));
    json_object_object_add(answer, "needed", json_object_new_boolean(false));
    json_object_object_add(answer, "job", json_object_new_string(id));
    dbw_output_json(answer);
    return DBW_EXIT_DONE;
}

int dbw_cmd_migrate(dbw_cli *cli)
{
    if (dbw_cli_given(cli, "if-needed")) {
        dbw_error error;
        const char *id = NULL;
        bool holds;
        dbw_error_clear(&error);
        dbw_status status = holds_something(cli, dbw_cli_argument(cli, 1), &holds, &error);
        if (status == DBW_OK && holds)
            status = find_earlier(cli, &id, &error);
        if (status != DBW_OK)
            return dbw_cli_fail(cli, &error);
        if (id)
            return say_done_before(cli, id);
    }
    return run_and_report(cli, dbw_cli_given(cli, "verify-only") ? "verify" : "migrate");
}

int dbw_cmd_verify(dbw_cli *cli)
{
    return run_and_report(cli, "verify");
}

static void show_preview(dbw_arena *arena, json_object *answer)
{
    json_object *tables = list_of(answer, "tables"), *plan = NULL;
    json_object *mappings = list_of(answer, "mappings"), *findings = list_of(answer, "findings");
    for (size_t i = 0; i < length_of(tables); i++) {
        json_object *table = json_object_array_get_idx(tables, i);
        dbw_output_line(stdout, "%12s  %s", text_of(table, "row_count"), text_of(table, "name"));
    }
    dbw_output_line(stdout, "%12s  rows in all", text_of(answer, "total_rows"));
    for (size_t i = 0; i < length_of(mappings); i++) {
        json_object *m = json_object_array_get_idx(mappings, i);
        dbw_output_line(stdout, "%s.%s: %s becomes %s", text_of(m, "table"), text_of(m, "column"),
                        text_of(m, "source_type"), text_of(m, "target_type"));
    }
    show_findings(arena, findings);
    if (json_object_object_get_ex(answer, "plan", &plan) && text_of(plan, "id")[0])
        dbw_output_line(stdout, "To move exactly so: migrate … --plan %s", text_of(plan, "id"));
}

/* Whether a move would be refused for these findings. */
static bool stops(json_object *findings)
{
    for (size_t i = 0; i < length_of(findings); i++)
        if (strcmp(text_of(json_object_array_get_idx(findings, i), "severity"), "error") == 0)
            return true;
    return false;
}

int dbw_cmd_preview(dbw_cli *cli)
{
    dbw_error error;
    dbw_job_ran ran;
    dbw_error_clear(&error);
    dbw_status status = run_job(cli, "preview", &ran, &error);
    if (status != DBW_OK || cli->json || !ran.result) {
        int ended = dbw_cli_ended(cli, status, &ran, &error);
        return status == DBW_E_INVALID ? DBW_EXIT_USAGE : ended;
    }
    show_preview(cli->arena, ran.result);
    int result = stops(list_of(ran.result, "findings")) ? DBW_EXIT_REFUSED : DBW_EXIT_DONE;
    dbw_job_ran_free(&ran);
    return result;
}
