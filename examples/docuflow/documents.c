/* SPDX-License-Identifier: Apache-2.0 */
#include "moments.h"
#include "rows.h"

static int64_t any_user(docuflow_run *run)
{
    return docuflow_random_between(&run->random, 1, run->counts[DOCUFLOW_USERS]);
}

static void put_organization_of(docuflow_run *run, int64_t user)
{
    docuflow_put_string(&run->store, docuflow_key(run, DOCUFLOW_ORGANIZATIONS,
                                                  docuflow_organization_of(run, user)));
}

static void batch(docuflow_run *run, int64_t id)
{
    static const char *const states[] = {"pending", "processing", "completed", "completed",
                                         "failed"};
    docuflow_store *store = &run->store;
    docuflow_row(run, DOCUFLOW_BATCHES, id);
    int64_t user = any_user(run);
    int64_t created = docuflow_moment(&run->random);
    docuflow_put_integer(store, id);
    put_organization_of(run, user);
    if (!docuflow_put_null_at_times(run, 10))
        docuflow_put_integer(store, user);
    docuflow_put_value(run, 200);
    docuflow_put_string(store, docuflow_random_pick(&run->random, states));
    docuflow_put_integer(store, docuflow_random_between(&run->random, 0, 500));
    if (!docuflow_put_null_at_times(run, 10))
        docuflow_put_integer(store, docuflow_random_between(&run->random, 0, INT64_C(1) << 42));
    docuflow_put_double(store, docuflow_random_fraction(&run->random) * 100.0);
    if (!docuflow_put_null_at_times(run, 20)) {
        dbw_buffer *cost = docuflow_text(run);
        dbw_buffer_printf(cost, "%u.%04u", (unsigned)docuflow_random_below(&run->random, 100000),
                          (unsigned)docuflow_random_below(&run->random, 10000));
        docuflow_put_buffer(store, cost);
    }
    dbw_buffer *tags = docuflow_text(run);
    docuflow_words_json_list(&run->random, tags);
    docuflow_put_buffer(store, tags);
    if (!docuflow_put_null_at_times(run, 20))
        docuflow_put_moment(run, DOCUFLOW_MIXED, created + 60);
    if (!docuflow_put_null_at_times(run, 40))
        docuflow_put_moment(run, DOCUFLOW_MIXED, created + 3600);
    docuflow_put_moment(run, DOCUFLOW_PLAIN, created);
    docuflow_put_row(store);
}

static void batches(docuflow_run *run)
{
    docuflow_store_table(&run->store,
                         "batches (id, organization_id, user_id, name, status, document_count, "
                         "total_bytes, progress, cost, tags, started_at, finished_at, created_at)");
    for (int64_t id = 1; id <= run->counts[DOCUFLOW_BATCHES]; id++)
        batch(run, id);
}

static void put_file(docuflow_run *run)
{
    static const char *const kinds[][2] = {
        {"pdf", "application/pdf"}, {"png", "image/png"}, {"docx", "application/msword"}};
    size_t kind = (size_t)docuflow_random_below(&run->random, DBW_COUNT(kinds));
    dbw_buffer *name = docuflow_text(run);
    docuflow_words_plain(&run->random, 3, name);
    dbw_buffer_printf(name, " (%u).%s", (unsigned)docuflow_random_below(&run->random, 100),
                      kinds[kind][0]);
    docuflow_put_buffer(&run->store, name);
    docuflow_put_integer(&run->store, docuflow_random_between(&run->random, 1, 50000000));
    if (!docuflow_put_null_at_times(run, 10))
        docuflow_put_string(&run->store, kinds[kind][1]);
}

static void put_contents(docuflow_run *run)
{
    docuflow_store *store = &run->store;
    if (!docuflow_put_null_at_times(run, 15)) {
        dbw_buffer *extracted = docuflow_text(run);
        docuflow_words_json(&run->random, 5, extracted);
        docuflow_put_buffer(store, extracted);
    }
    if (!docuflow_put_null_at_times(run, 10)) {
        dbw_buffer *text = docuflow_text(run);
        uint64_t kind = docuflow_random_below(&run->random, 100);
        if (kind == 0)
            docuflow_words_long(&run->random, 100000, text);
        else if (kind < 10)
            docuflow_words_awkward(&run->random, text);
        else
            docuflow_words_long(&run->random, docuflow_random_below(&run->random, 1500), text);
        docuflow_put_buffer(store, text);
    }
    if (!docuflow_put_null_at_times(run, 40))
        docuflow_put_random_bytes(run, 50, 2000);
    docuflow_put_random_bytes(run, 32, 32);
}

static void document(docuflow_run *run, int64_t row)
{
    static const char *const states[] = {"pending_review", "approved", "approved", "rejected"};
    static const double confidences[] = {0.0, 1.0, 0.5, 0.1 + 0.2, 1.0 / 3.0};
    docuflow_store *store = &run->store;
    docuflow_row(run, DOCUFLOW_DOCUMENT_METADATA, row);
    int64_t user = any_user(run);
    int64_t processed = docuflow_moment(&run->random);
    docuflow_put_string(store, docuflow_key(run, DOCUFLOW_DOCUMENT_METADATA, row));
    put_organization_of(run, user);
    if (!docuflow_put_null_at_times(run, 10))
        docuflow_put_integer(
            store, docuflow_random_between(&run->random, 1, run->counts[DOCUFLOW_BATCHES]));
    put_file(run);
    docuflow_put_string(store, docuflow_random_pick(&run->random, states));
    if (!docuflow_put_null_at_times(run, 10))
        docuflow_put_double(store, docuflow_random_chance(&run->random, 10)
                                       ? docuflow_random_pick(&run->random, confidences)
                                       : docuflow_random_fraction(&run->random));
    put_contents(run);
    docuflow_put_integer(store, docuflow_random_between(&run->random, 1, 300));
    if (!docuflow_put_null_at_times(run, 15))
        docuflow_put_money(run, -99999999, INT64_C(9999999999));
    if (!docuflow_put_null_at_times(run, 10))
        docuflow_put_moment(run, DOCUFLOW_DATE, processed - 86400);
    bool reviewed = docuflow_random_chance(&run->random, 50);
    if (reviewed)
        docuflow_put_integer(store, user);
    else
        docuflow_put_null(store);
    docuflow_put_integer(store, docuflow_random_chance(&run->random, 40));
    if (!docuflow_put_null_at_times(run, 5))
        docuflow_put_moment(run, DOCUFLOW_MIXED, processed);
    if (reviewed)
        docuflow_put_moment(run, DOCUFLOW_ZONED, processed + 7200);
    else
        docuflow_put_null(store);
    docuflow_put_row(store);
}

static void document_metadata(docuflow_run *run)
{
    docuflow_store_table(&run->store,
                         "document_metadata (id, organization_id, batch_id, file_name, file_size, "
                         "mime_type, status, confidence, extracted, raw_text, thumbnail, sha256, "
                         "page_count, total_amount, document_date, reviewed_by, uploaded, "
                         "processed_at, reviewed_at)");
    for (int64_t row = 0; row < run->counts[DOCUFLOW_DOCUMENT_METADATA]; row++)
        document(run, row);
}

/* The rows behind the last id were deleted again: the sequence is ahead of the highest id. */
static void delete_last(docuflow_run *run, const char *table, int64_t last)
{
    char sql[160];
    snprintf(sql, sizeof sql, "DELETE FROM %s WHERE id > %lld", table, (long long)last);
    docuflow_store_run(&run->store, sql);
}

static void field_corrections(docuflow_run *run)
{
    static const char *const fields[] = {"vendor", "total", "date", "tax", "größe"};
    static const double weights[] = {1.5, -1.0, 0.1, 5e-324, 1.7976931348623157e308, 1e-7, 1e21};
    docuflow_store *store = &run->store;
    int64_t count = run->counts[DOCUFLOW_FIELD_CORRECTIONS];
    docuflow_store_table(store, "field_corrections (id, organization_id, document_id, user_id, "
                                "field_name, original_value, corrected_value, confidence_before, "
                                "weight, created_at)");
    for (int64_t id = 1; id <= count + 3; id++) {
        docuflow_row(run, DOCUFLOW_FIELD_CORRECTIONS, id);
        int64_t user = any_user(run);
        docuflow_put_integer(store, id);
        put_organization_of(run, user);
        int64_t last = run->counts[DOCUFLOW_DOCUMENT_METADATA] - 1;
        docuflow_put_string(store, docuflow_key(run, DOCUFLOW_DOCUMENT_METADATA,
                                                docuflow_random_between(&run->random, 0, last)));
        if (!docuflow_put_null_at_times(run, 15))
            docuflow_put_integer(store, user);
        docuflow_put_string(store, docuflow_random_pick(&run->random, fields));
        if (!docuflow_put_null_at_times(run, 15))
            docuflow_put_value(run, 4000);
        if (!docuflow_put_null_at_times(run, 5))
            docuflow_put_value(run, 4000);
        if (!docuflow_put_null_at_times(run, 20))
            docuflow_put_double(store, docuflow_random_fraction(&run->random));
        docuflow_put_double(store, docuflow_random_pick(&run->random, weights));
        docuflow_put_moment(run, DOCUFLOW_MIXED, docuflow_moment(&run->random));
        docuflow_put_row(store);
    }
    delete_last(run, "field_corrections", count);
}

static void put_amount_text(docuflow_run *run)
{
    static const char *const amounts[] = {"0.10", "-0.00", "1000.000", "12.5", "1E+2", ".5"};
    if (!docuflow_put_null_at_times(run, 30))
        docuflow_put_string(&run->store, docuflow_random_pick(&run->random, amounts));
}

static void usage_log(docuflow_run *run, int64_t id)
{
    static const char *const actions[] = {"document_processed", "page_ocr", "api_call", "export"};
    docuflow_store *store = &run->store;
    docuflow_row(run, DOCUFLOW_USAGE_LOGS, id);
    int64_t user = any_user(run);
    int64_t logged = docuflow_moment(&run->random);
    docuflow_put_integer(store, id);
    put_organization_of(run, user);
    if (!docuflow_put_null_at_times(run, 10))
        docuflow_put_integer(store, user);
    docuflow_put_string(store, docuflow_random_pick(&run->random, actions));
    docuflow_put_integer(store, docuflow_random_between(&run->random, 1, 1000));
    dbw_buffer *price = docuflow_text(run);
    dbw_buffer_printf(price, "0.%06u", (unsigned)docuflow_random_below(&run->random, 1000000));
    docuflow_put_buffer(store, price);
    docuflow_put_money(run, -10000, 99999999);
    put_amount_text(run);
    docuflow_put_integer(store, docuflow_random_chance(&run->random, 70));
    char *period = docuflow_time(run);
    docuflow_moment_date(logged, period);
    docuflow_put_text(store, period, strlen("2024-05"));
    if (!docuflow_put_null_at_times(run, 10)) {
        dbw_buffer *address = docuflow_text(run);
        docuflow_words_address(&run->random, address);
        docuflow_put_buffer(store, address);
    }
    if (!docuflow_put_null_at_times(run, 10))
        docuflow_put_integer(store, docuflow_random_between(&run->random, INT64_MIN, INT64_MAX));
    docuflow_put_integer(store, logged);
    docuflow_put_moment(run, DOCUFLOW_MIXED, logged);
    docuflow_put_row(store);
}

static void usage_logs(docuflow_run *run)
{
    int64_t count = run->counts[DOCUFLOW_USAGE_LOGS];
    docuflow_store_table(&run->store,
                         "usage_logs (id, organization_id, user_id, action_type, quantity, "
                         "unit_price, amount, amount_text, billed, billing_period, ip_address, "
                         "request_id, logged_epoch, created_at)");
    for (int64_t id = 1; id <= count + 7; id++)
        usage_log(run, id);
    delete_last(run, "usage_logs", count);
}

void docuflow_documents(docuflow_run *run)
{
    batches(run);
    document_metadata(run);
    field_corrections(run);
    usage_logs(run);
}
