/* SPDX-License-Identifier: Apache-2.0 */
#include "transfer_test.h"

#include <dirent.h>
#include <signal.h>
#include <sqlite3.h>
#include <sys/wait.h>
#include <unistd.h>

static void hear_event(void *context, const char *level, const char *text)
{
    bench *b = context;
    b->events = dbw_arena_printf(b->arena, "%s%s: %s\n", b->events, level, text);
}

bench *bench_new_on(const char *server, const char *name)
{
    dbw_arena *arena = dbw_arena_new();
    bench *b = DBW_NEW(arena, bench);
    b->arena = arena;
    snprintf(b->folder, sizeof b->folder, "/tmp/dbwizard-transfer-XXXXXX");
    assert_non_null(mkdtemp(b->folder));
    b->source = dbw_arena_printf(arena, "sqlite:///%s/source.sqlite", b->folder);
    b->target = dbw_test_fresh_database(server, name);
    b->observer = (dbw_transfer_observer){.context = b, .event = hear_event};
    b->events = dbw_arena_string(arena, "");
    dbw_error_clear(&b->error);
    return b;
}

bench *bench_new(const char *name)
{
    return bench_new_on("postgresql", name);
}

static void remove_files(const char *folder)
{
    char path[1024];
    DIR *directory = opendir(folder);
    struct dirent *entry;
    while (directory && (entry = readdir(directory))) {
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        if (entry->d_type == DT_DIR)
            remove_files(path);
        else
            unlink(path);
    }
    if (directory)
        closedir(directory);
    rmdir(folder);
}

void bench_free(bench *b)
{
    json_object_put(b->report);
    remove_files(b->folder);
    dbw_arena_free(b->arena);
}

void bench_sqlite_target(bench *b)
{
    b->target = dbw_arena_printf(b->arena, "sqlite:///%s/target.sqlite", b->folder);
}

static sqlite3 *open_file(bench *b, const char *file)
{
    sqlite3 *database;
    const char *path = dbw_arena_printf(b->arena, "%s/%s", b->folder, file);
    assert_int_equal(sqlite3_open(path, &database), SQLITE_OK);
    return database;
}

void bench_sqlite(bench *b, const char *file, const char *sql)
{
    char *message = NULL;
    sqlite3 *database = open_file(b, file);
    if (sqlite3_exec(database, sql, NULL, NULL, &message) != SQLITE_OK)
        fail_msg("%s: %s", sql, message);
    sqlite3_close(database);
}

void bench_source(bench *b, const char *sql)
{
    bench_sqlite(b, "source.sqlite", sql);
}

static int add_row(void *context, int count, char **values, char **names)
{
    dbw_buffer *out = context;
    (void)names;
    if (out->length)
        dbw_buffer_add_char(out, '\n');
    for (int i = 0; i < count; i++)
        dbw_buffer_printf(out, "%s%s", i ? "|" : "", values[i] ? values[i] : "");
    return 0;
}

const char *bench_sqlite_query(bench *b, const char *file, const char *sql)
{
    char *message = NULL;
    dbw_buffer out;
    sqlite3 *database = open_file(b, file);
    dbw_buffer_init(&out, 1 << 24);
    if (sqlite3_exec(database, sql, add_row, &out, &message) != SQLITE_OK)
        fail_msg("%s: %s", sql, message);
    sqlite3_close(database);
    const char *text = dbw_arena_string(b->arena, out.data);
    dbw_buffer_free(&out);
    return text;
}

const char *bench_query(bench *b, const char *sql)
{
    return dbw_test_query(b->target, sql);
}

dbw_transfer_request *bench_request(bench *b, const char *id, const char *options)
{
    dbw_transfer_request *request = DBW_NEW(b->arena, dbw_transfer_request);
    dbw_transfer_options *read = DBW_NEW(b->arena, dbw_transfer_options);
    dbw_url *source, *target;
    struct json_object *object = json_tokener_parse(options);
    assert_non_null(object);
    assert_ok(&b->error, dbw_transfer_options_from_json(b->arena, object, NULL, read, &b->error));
    json_object_put(object);
    assert_ok(&b->error, dbw_url_parse(b->arena, dbw_text_of(b->source), &source, &b->error));
    assert_ok(&b->error, dbw_url_parse(b->arena, dbw_text_of(b->target), &target, &b->error));
    *request = (dbw_transfer_request){.id = dbw_arena_string(b->arena, id),
                                      .source = source,
                                      .target = target,
                                      .options = read,
                                      .folder = dbw_arena_printf(b->arena, "%s/%s", b->folder, id)};
    return request;
}

static dbw_status run(bench *b, dbw_transfer_request *request)
{
    json_object_put(b->report);
    b->report = NULL;
    dbw_error_clear(&b->error);
    return dbw_transfer_run(request, &b->observer, &b->report, &b->error);
}

dbw_status bench_run(bench *b, const char *id, const char *options)
{
    return run(b, bench_request(b, id, options));
}

dbw_status bench_resume(bench *b, const char *id, const char *options)
{
    dbw_transfer_request *request = bench_request(b, id, options);
    request->resume = true;
    return run(b, request);
}

dbw_status bench_discard(bench *b, const char *id, const char *options)
{
    dbw_error_clear(&b->error);
    struct json_object *ended;
    dbw_status status =
        dbw_transfer_discard(bench_request(b, id, options), &b->observer, &ended, &b->error);
    json_object_put(ended);
    return status;
}

bool bench_run_killed(bench *b, const char *id, const char *options, bool resume, int after)
{
    int status;
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        dbw_transfer_request *request = bench_request(b, id, options);
        struct json_object *report;
        request->resume = resume;
        _exit(dbw_transfer_run(request, NULL, &report, &b->error) == DBW_OK ? 0 : 1);
    }
    usleep((useconds_t)after * 1000);
    kill(child, SIGKILL);
    assert_int_equal(waitpid(child, &status, 0), child);
    return WIFSIGNALED(status);
}

static void note_copying(void *context, const dbw_progress *progress)
{
    bool *copying = context;
    *copying = *copying || progress->phase == DBW_PHASE_COPY;
}

static dbw_wish pause_when_copying(void *context)
{
    const bool *copying = context;
    return *copying ? DBW_WISH_PAUSE : DBW_WISH_GO_ON;
}

dbw_status bench_run_paused(bench *b, const char *id, const char *options)
{
    dbw_transfer_observer before = b->observer;
    bool copying = false;
    b->observer = (dbw_transfer_observer){
        .context = &copying, .progress = note_copying, .wish = pause_when_copying};
    dbw_status status = bench_run(b, id, options);
    b->observer = before;
    return status;
}

const char *json_at(struct json_object *object, const char *path)
{
    char part[64];
    while (object && *path) {
        size_t length = strcspn(path, ".");
        struct json_object *next = NULL;
        snprintf(part, sizeof part, "%.*s", (int)length, path);
        path += length + (path[length] == '.');
        if (json_object_is_type(object, json_type_array))
            next = json_object_array_get_idx(object, (size_t)atoi(part));
        else
            json_object_object_get_ex(object, part, &next);
        object = next;
    }
    return object ? json_object_get_string(object) : "null";
}

const char *bench_report(bench *b, const char *path)
{
    return json_at(b->report, path);
}

const char *bench_file(bench *b, const char *name)
{
    char path[1024], bytes[4096];
    dbw_buffer text;
    size_t length;
    snprintf(path, sizeof path, "%s/%s", b->folder, name);
    FILE *file = fopen(path, "r");
    if (!file)
        return NULL;
    dbw_buffer_init(&text, 1 << 24);
    while ((length = fread(bytes, 1, sizeof bytes, file)) > 0)
        dbw_buffer_add(&text, bytes, length);
    fclose(file);
    const char *copy = dbw_arena_string(b->arena, text.data);
    dbw_buffer_free(&text);
    return copy;
}
