/* SPDX-License-Identifier: Apache-2.0 */
#include "running.h"

#include "output.h"

#include <errno.h>
#include <limits.h>
#include <pwd.h>
#include <unistd.h>

dbw_status dbw_cli_store(dbw_cli *cli, dbw_store **out, dbw_error *error)
{
    DBW_TRY(dbw_cli_config(cli, error));
    dbw_store_options options = {
        .folder = dbw_config_state_folder(cli->config),
        .url = dbw_config_text(cli->config, DBW_OPTION_STATE_URL),
        .key_file = dbw_config_secret_key_file(cli->config),
    };
    return dbw_store_open(&options, out, error);
}

dbw_status dbw_cli_open_options(dbw_cli *cli, dbw_open_options *out, dbw_error *error)
{
    DBW_TRY(dbw_cli_config(cli, error));
    *out = (dbw_open_options){.base_directory = dbw_config_text(cli->config, DBW_OPTION_APP_DIR),
                              .private_folder = dbw_config_state_folder(cli->config)};
    if (out->base_directory)
        return DBW_OK;
    char *here = dbw_arena_take(cli->arena, PATH_MAX);
    if (!getcwd(here, PATH_MAX))
        return dbw_fail(error, DBW_E_IO, "unable to find the working folder: %s", strerror(errno));
    out->base_directory = here;
    return DBW_OK;
}

const char *dbw_cli_actor(dbw_cli *cli)
{
    struct passwd entry, *found = NULL;
    char space[1024];
    if (getpwuid_r(getuid(), &entry, space, sizeof space, &found) == 0 && found)
        return dbw_arena_printf(cli->arena, "command:%.40s", found->pw_name);
    return dbw_arena_printf(cli->arena, "command:%ld", (long)getuid());
}

static int64_t member_number(json_object *object, const char *name)
{
    json_object *member = NULL;
    return json_object_object_get_ex(object, name, &member) ? json_object_get_int64(member) : 0;
}

static const char *member_text(json_object *object, const char *name)
{
    json_object *member = NULL;
    return json_object_object_get_ex(object, name, &member) ? json_object_get_string(member) : NULL;
}

static int exit_of(const dbw_job_ran *ran)
{
    const char *verdict = ran->state.verdict;
    json_object *equal = NULL;
    if (ran->result && json_object_object_get_ex(ran->result, "equal", &equal) &&
        !json_object_get_boolean(equal))
        return DBW_EXIT_DIFFERS;
    bool changed = strcmp(verdict, "altered") == 0 || strcmp(verdict, "incomplete") == 0;
    return changed ? DBW_EXIT_DIFFERS : DBW_EXIT_DONE;
}

/* A claim never goes beyond what was done. */
static const char *sentence_of(json_object *result, const char *verdict)
{
    static const struct {
        const char *verdict, *sentence;
    } sentences[] = {
        {"lossless", "Nothing was lost. Every value was read back and is equal."},
        {"converted", "Nothing was lost. Some types have other names, every value is equal."},
        {"altered", "Every row that was to be copied is there. What was altered or left out stands "
                    "in the report."},
        {"incomplete", "Something is missing or differs; the report lists it."},
    };
    const char *compared = member_text(result, "compared");
    bool sound = strcmp(verdict, "lossless") == 0 || strcmp(verdict, "converted") == 0;
    if (sound && compared && strcmp(compared, "counts") == 0)
        return "Every row arrived. They were counted; the values were not compared.";
    if (sound && compared && strcmp(compared, "sample") == 0)
        return "Every row arrived. Of large tables some pieces were read back, and are equal; all "
               "rows were counted.";
    if (sound && compared && strcmp(compared, "none") == 0)
        return "Copied. Nothing was read back: 'dbwizard verify' compares.";
    for (size_t i = 0; i < DBW_COUNT(sentences); i++)
        if (strcmp(sentences[i].verdict, verdict) == 0)
            return sentences[i].sentence;
    return "";
}

static size_t not_compared(json_object *result)
{
    json_object *tables = NULL, *equal;
    size_t count = 0;
    json_object_object_get_ex(result, "tables", &tables);
    size_t length =
        json_object_is_type(tables, json_type_array) ? json_object_array_length(tables) : 0;
    for (size_t i = 0; i < length; i++)
        count += json_object_object_get_ex(json_object_array_get_idx(tables, i), "equal", &equal) &&
                 !equal;
    return count;
}

static size_t count_of(json_object *result, const char *name)
{
    json_object *list = NULL;
    json_object_object_get_ex(result, name, &list);
    return json_object_is_type(list, json_type_array) ? json_object_array_length(list) : 0;
}

static void say_compared(json_object *result, json_object *equal)
{
    size_t left = not_compared(result);
    if (!json_object_get_boolean(equal)) {
        dbw_output_line(stdout, "They differ; --json or --report tells where.");
        return;
    }
    const char *compared = member_text(result, "compared");
    if (compared && strcmp(compared, "sample") == 0)
        dbw_output_line(stdout, "No difference: pieces of large tables and all of small ones were "
                                "read and compared, all rows were counted.");
    else
        dbw_output_line(stdout,
                        "Every row of the first is in the second: all were read and compared.");
    if (left)
        dbw_output_line(stdout, "%zu table%s not compared; --json or --report tells why.", left,
                        left == 1 ? " was" : "s were");
    size_t more = count_of(result, "only_in_target"), empty = count_of(result, "only_in_source");
    if (empty)
        dbw_output_line(stdout,
                        "%zu column%s the first, without a value in it, %s not in the "
                        "second.",
                        empty, empty == 1 ? " of" : "s of", empty == 1 ? "is" : "are");
    if (more)
        dbw_output_line(stdout, "The second has %zu table%s or column%s more.", more,
                        more == 1 ? "" : "s", more == 1 ? "" : "s");
}

static void say_warnings(json_object *result)
{
    json_object *changed = NULL;
    int64_t replaced = member_number(result, "replaced_rows");
    if (replaced)
        dbw_output_line(stdout,
                        "%lld rows that the target held before are not in its tables any more; "
                        "the report tells of them.",
                        (long long)replaced);
    if (json_object_object_get_ex(result, "source_changed", &changed) &&
        json_object_get_boolean(changed))
        dbw_output_line(stdout, "Somebody wrote to the source meanwhile: what came after the "
                                "beginning is not in the target.");
}

static void say_done(const dbw_job_ran *ran)
{
    json_object *result = ran->result, *tables = NULL, *rehearsal = NULL, *equal = NULL;
    if (!result)
        return;
    const char *verdict = member_text(result, "verdict");
    if (json_object_object_get_ex(result, "tables_copied", &tables))
        dbw_output_line(stdout, "%lld rows in %lld tables.",
                        (long long)member_number(result, "rows_copied"),
                        (long long)json_object_get_int64(tables));
    if (json_object_object_get_ex(result, "rehearsal", &rehearsal))
        dbw_output_line(stdout,
                        "This was a rehearsal: the move takes about %s seconds. Nothing of "
                        "it is left.",
                        member_text(rehearsal, "seconds"));
    if (json_object_object_get_ex(result, "equal", &equal))
        say_compared(result, equal);
    else if (verdict)
        dbw_output_line(stdout, "%s", sentence_of(result, verdict));
    say_warnings(result);
    if (verdict && ran->id[0])
        dbw_output_line(stdout, "Report: dbwizard jobs show %.8s --html", ran->id);
}

static json_object *failure_json(dbw_cli *cli, const dbw_job_ran *ran, const dbw_error *error)
{
    json_object *problem = dbw_json_problem(cli->arena, error);
    if (ran->result) {
        json_object_object_foreach(ran->result, name,
                                   value) if (!json_object_object_get_ex(problem, name, NULL))
            json_object_object_add(problem, name, json_object_get(value));
    }
    if (ran->id[0])
        json_object_object_add(problem, "job", json_object_new_string(ran->id));
    return problem;
}

static int say_failed(dbw_cli *cli, const dbw_job_ran *ran, const dbw_error *error)
{
    int status = dbw_cli_exit_status(error->code);
    if (cli->json) {
        dbw_output_json(failure_json(cli, ran, error));
        return status;
    }
    status = dbw_cli_fail(cli, error);
    if (ran->id[0] && ran->state.resumable) {
        dbw_output_line(stderr, "  dbwizard jobs resume %s", ran->id);
        dbw_output_line(stderr, "  dbwizard jobs discard %s", ran->id);
    }
    return status;
}

int dbw_cli_ended(dbw_cli *cli, dbw_status status, dbw_job_ran *ran, const dbw_error *error)
{
    int result;
    if (status != DBW_OK) {
        result = say_failed(cli, ran, error);
    } else {
        result = exit_of(ran);
        if (cli->json)
            dbw_output_json(ran->result ? json_object_get(ran->result) : json_object_new_object());
        else
            say_done(ran);
    }
    dbw_job_ran_free(ran);
    return result;
}
