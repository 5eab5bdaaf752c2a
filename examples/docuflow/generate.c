/* SPDX-License-Identifier: Apache-2.0 */
/* docuflow-generate: makes the example database. README.md says what is in it. */
#include "rows.h"

#include "base/text.h"

#include "examples/docuflow/bench_indexes_sql.h"
#include "examples/docuflow/bench_sql.h"
#include "examples/docuflow/indexes_sql.h"
#include "examples/docuflow/tables_sql.h"

#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <sys/stat.h>
#include <unistd.h>

static const char usage[] =
    "usage: docuflow-generate [OPTION…] OUTPUT.sqlite\n"
    "\n"
    "  --scale=N     N times the default size; decimals are allowed (0.25)\n"
    "  --rows=N      about N rows in all tables together (default 5000)\n"
    "  --seed=N      other random numbers; the same seed gives the same rows (default 1)\n"
    "  --hostile     also values that other engines refuse\n"
    "  --shape=NAME  docuflow (default), or bench: 2.22 million rows, 840 MB\n"
    "  --force       replace OUTPUT.sqlite\n"
    "  --help\n";

typedef struct docuflow_options {
    int64_t permille; /* the scale in thousandths */
    int64_t rows;
    int64_t seed;
    bool hostile, bench, force;
    const char *output;
} docuflow_options;

/* "2", "0.25": thousandths, at least 1 and at most 1,000,000 times. */
static bool parse_scale(const char *text, int64_t *permille)
{
    char digits[32];
    size_t length = strlen(text);
    const char *point = strchr(text, '.');
    size_t whole = point ? (size_t)(point - text) : length;
    const char *decimals = point ? point + 1 : "";
    if (whole == 0 || whole > 7 || strlen(decimals) > 3 || (point && !*decimals))
        return false;
    snprintf(digits, sizeof digits, "%.*s%s%.*s", (int)whole, text, decimals,
             3 - (int)strlen(decimals), "000");
    for (const char *c = digits; *c; c++)
        if (!dbw_is_digit(*c))
            return false;
    return dbw_text_to_int64(dbw_text_of(digits), permille) && *permille >= 1 &&
           *permille <= INT64_C(1000000000);
}

static dbw_status bad_value(dbw_error *error, const char *option, const char *value)
{
    return dbw_fail(error, DBW_E_USAGE, "unable to use --%s '%s'", option, value);
}

static dbw_status take(docuflow_options *options, int option, const char *value, dbw_error *error)
{
    switch (option) {
    case 's':
        return parse_scale(value, &options->permille) ? DBW_OK : bad_value(error, "scale", value);
    case 'r':
        return dbw_text_to_int64(dbw_text_of(value), &options->rows) && options->rows >= 1 &&
                       options->rows <= INT64_C(1000000000000)
                   ? DBW_OK
                   : bad_value(error, "rows", value);
    case 'd':
        return dbw_text_to_int64(dbw_text_of(value), &options->seed)
                   ? DBW_OK
                   : bad_value(error, "seed", value);
    case 'p':
        options->bench = strcmp(value, "bench") == 0;
        return options->bench || strcmp(value, "docuflow") == 0 ? DBW_OK
                                                                : bad_value(error, "shape", value);
    case 'h':
        options->hostile = true;
        return DBW_OK;
    case 'f':
        options->force = true;
        return DBW_OK;
    default:
        return dbw_fail(error, DBW_E_USAGE, "unable to understand the arguments");
    }
}

static dbw_status parse(int argc, char **argv, docuflow_options *options, dbw_error *error)
{
    static const struct option known[] = {
        {"scale", required_argument, NULL, 's'}, {"rows", required_argument, NULL, 'r'},
        {"seed", required_argument, NULL, 'd'},  {"shape", required_argument, NULL, 'p'},
        {"hostile", no_argument, NULL, 'h'},     {"force", no_argument, NULL, 'f'},
        {"help", no_argument, NULL, '?'},        {NULL, 0, NULL, 0},
    };
    int option;
    opterr = 0;
    while ((option = getopt_long(argc, argv, "", known, NULL)) != -1) {
        if (option == '?' && strcmp(argv[optind - 1], "--help") == 0) {
            fputs(usage, stdout);
            exit(0);
        }
        DBW_TRY(take(options, option, optarg ? optarg : "", error));
    }
    if (optind != argc - 1)
        return dbw_fail(error, DBW_E_USAGE, "unable to go on: one output file is needed");
    options->output = argv[optind];
    return DBW_OK;
}

static void fill(docuflow_run *run, const docuflow_options *options)
{
    if (options->bench) {
        docuflow_store_run(&run->store, bench_sql);
        docuflow_bench(run, options->permille);
        docuflow_store_run(&run->store, bench_indexes_sql);
        return;
    }
    docuflow_store_run(&run->store, tables_sql);
    docuflow_accounts(run);
    docuflow_documents(run);
    if (options->hostile)
        docuflow_hostile(run);
    docuflow_store_run(&run->store, indexes_sql);
}

/* Into a file beside it, so that OUTPUT is whole or not there. */
static dbw_status generate(const docuflow_options *options, dbw_error *error)
{
    char path[PATH_MAX];
    docuflow_run run;
    int64_t rows = options->rows > 0 ? options->rows : DOCUFLOW_ROWS * options->permille / 1000;
    if (snprintf(path, sizeof path, "%s.new", options->output) >= (int)sizeof path)
        return dbw_fail(error, DBW_E_INVALID, "unable to use '%s': the path is too long",
                        options->output);
    if (!options->force && access(options->output, F_OK) == 0) {
        dbw_fail(error, DBW_E_EXISTS, "unable to write '%s': it is there already", options->output);
        return dbw_hint(error, "Name another file, or replace it with --force.");
    }
    unlink(path);
    docuflow_run_open(&run, path, (uint64_t)options->seed, rows, error);
    fill(&run, options);
    dbw_status status = docuflow_run_close(&run);
    if (status == DBW_OK && rename(path, options->output) != 0)
        status = dbw_fail(error, DBW_E_IO, "unable to rename '%s': %s", path, strerror(errno));
    if (status != DBW_OK) {
        unlink(path);
        return dbw_error_prefix(error, "unable to generate '%s'", options->output);
    }
    printf("%lld rows written to %s\n", (long long)run.store.rows, options->output);
    return DBW_OK;
}

int main(int argc, char **argv)
{
    dbw_error error;
    docuflow_options options = {.permille = 1000, .seed = 1};
    dbw_error_clear(&error);
    dbw_status status = parse(argc, argv, &options, &error);
    if (status == DBW_OK)
        status = generate(&options, &error);
    if (status == DBW_OK)
        return 0;
    fprintf(stderr, "docuflow-generate: %s\n", error.message);
    if (error.hint[0])
        fprintf(stderr, "%s\n", error.hint);
    if (status == DBW_E_USAGE)
        fputs(usage, stderr);
    return status == DBW_E_USAGE ? 2 : 1;
}
