/* SPDX-License-Identifier: Apache-2.0 */
#include "rows.h"

#include "moments.h"

#define TEXT_LIMIT ((size_t)1 << 20)

/* Streams of random numbers beside those of the tables. */
enum { STREAM_KEYS = 100, STREAM_MEMBERSHIP = 200 };

static const int64_t parts[DOCUFLOW_TABLES] = {
    [DOCUFLOW_ORGANIZATIONS] = 40,
    [DOCUFLOW_USERS] = 300,
    [DOCUFLOW_BATCHES] = 400,
    [DOCUFLOW_CONNECTOR_CONFIGS] = 200,
    [DOCUFLOW_FIELD_MAPPINGS] = 600,
    [DOCUFLOW_ORGANIZATION_SETTINGS] = 160,
    [DOCUFLOW_USAGE_LOGS] = 1500,
    [DOCUFLOW_SUBSCRIPTIONS] = 36,
    [DOCUFLOW_DOCUMENT_METADATA] = 1000,
    [DOCUFLOW_FIELD_CORRECTIONS] = 764,
};

void docuflow_run_open(docuflow_run *run, const char *path, uint64_t seed, int64_t rows,
                       dbw_error *error)
{
    *run = (docuflow_run){.seed = seed};
    for (size_t i = 0; i < DOCUFLOW_TABLES; i++) {
        run->counts[i] = parts[i] * rows / DOCUFLOW_ROWS;
        if (run->counts[i] < 1)
            run->counts[i] = 1;
    }
    for (size_t i = 0; i < DOCUFLOW_TEXTS; i++)
        dbw_buffer_init(&run->texts[i], TEXT_LIMIT);
    docuflow_store_open(&run->store, path, error);
}

dbw_status docuflow_run_close(docuflow_run *run)
{
    dbw_status status = docuflow_store_close(&run->store);
    for (size_t i = 0; i < DOCUFLOW_TEXTS; i++)
        dbw_buffer_free(&run->texts[i]);
    return status;
}

void docuflow_row(docuflow_run *run, docuflow_table table, int64_t row)
{
    run->random = docuflow_random_at(run->seed, (uint64_t)table, (uint64_t)row);
    run->text_count = run->id_count = run->moment_count = 0;
}

dbw_buffer *docuflow_text(docuflow_run *run)
{
    dbw_buffer *text = &run->texts[run->text_count++ % DOCUFLOW_TEXTS];
    dbw_buffer_clear(text);
    return text;
}

const char *docuflow_key(docuflow_run *run, docuflow_table table, int64_t row)
{
    docuflow_random random =
        docuflow_random_at(run->seed, STREAM_KEYS + (uint64_t)table, (uint64_t)row);
    char *key = run->ids[run->id_count++ % DBW_COUNT(run->ids)];
    docuflow_random_uuid(&random, key);
    return key;
}

char *docuflow_time(docuflow_run *run)
{
    return run->moments[run->moment_count++ % DBW_COUNT(run->moments)];
}

int64_t docuflow_organization_of(const docuflow_run *run, int64_t user_id)
{
    docuflow_random random = docuflow_random_at(run->seed, STREAM_MEMBERSHIP, (uint64_t)user_id);
    return docuflow_random_between(&random, 0, run->counts[DOCUFLOW_ORGANIZATIONS] - 1);
}

void docuflow_put_moment(docuflow_run *run, enum docuflow_moment_kind kind, int64_t seconds)
{
    char *text = docuflow_time(run);
    switch (kind) {
    case DOCUFLOW_PLAIN:
        docuflow_moment_plain(seconds, text);
        break;
    case DOCUFLOW_MIXED:
        docuflow_moment_mixed(&run->random, seconds, text);
        break;
    case DOCUFLOW_ZONED:
        docuflow_moment_zoned(&run->random, seconds, text);
        break;
    case DOCUFLOW_DATE:
        docuflow_moment_date(seconds, text);
        break;
    }
    docuflow_put_string(&run->store, text);
}

bool docuflow_put_null_at_times(docuflow_run *run, unsigned percent)
{
    bool null = docuflow_random_chance(&run->random, percent);
    if (null)
        docuflow_put_null(&run->store);
    return null;
}

void docuflow_put_money(docuflow_run *run, int64_t least, int64_t most)
{
    dbw_buffer *text = docuflow_text(run);
    int64_t cents = docuflow_random_between(&run->random, least, most);
    int64_t size = cents < 0 ? -cents : cents;
    dbw_buffer_printf(text, "%s%lld.%02d", cents < 0 ? "-" : "", (long long)(size / 100),
                      (int)(size % 100));
    docuflow_put_buffer(&run->store, text);
}

void docuflow_put_value(docuflow_run *run, size_t characters)
{
    dbw_buffer *text = docuflow_text(run);
    docuflow_words_value(&run->random, text);
    docuflow_words_limit(text, characters);
    docuflow_put_buffer(&run->store, text);
}

void docuflow_put_random_bytes(docuflow_run *run, size_t least, size_t most)
{
    dbw_buffer *bytes = docuflow_text(run);
    size_t length = (size_t)docuflow_random_between(&run->random, (int64_t)least, (int64_t)most);
    if (docuflow_random_chance(&run->random, 3))
        length = 0;
    if (dbw_buffer_reserve(bytes, length)) {
        docuflow_random_bytes(&run->random, bytes->data, length);
        if (length > 8)
            memset(bytes->data + length / 2, 0, 4);
    }
    docuflow_put_bytes(&run->store, bytes->data, length);
}
