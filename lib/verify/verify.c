/* SPDX-License-Identifier: Apache-2.0 */
#include "verify/verify_priv.h"

enum { PROGRESS_ROWS = 8192 };

static dbw_status read_range(const dbw_verify_side *side, const dbw_scan *scan,
                             dbw_rowhash *rowhash, dbw_verify_row fn, void *context,
                             dbw_error *error)
{
    dbw_rows *rows;
    const dbw_value *values = NULL;
    DBW_TRY(dbw_database_engine(side->database)->bulk->scan(side->database, scan, &rows, error));
    dbw_status status;
    while ((status = dbw_rows_next(rows, &values, error)) == DBW_OK && values) {
        dbw_hash row;
        uint32_t bucket;
        int odd;
        dbw_rowhash_row(rowhash, values, &row, &bucket, &odd);
        status = fn(context, values, rowhash, row, bucket, error);
        if (status != DBW_OK)
            break;
    }
    dbw_rows_close(rows);
    return status;
}

dbw_status dbw_verify_each(const dbw_verify_side *side, size_t count, const size_t *key,
                           size_t key_count, dbw_verify_row fn, void *context, dbw_error *error)
{
    const dbw_engine *engine = dbw_database_engine(side->database);
    if (!engine->bulk || !engine->bulk->scan)
        return dbw_fail_engine(error, engine, "be read in bulk");
    dbw_scan scan = {
        .table = side->table, .columns = side->columns, .column_count = count, .limit = -1};
    dbw_rowhash *rowhash = dbw_rowhash_new(side->canonical, count, key, key_count);
    dbw_status status = DBW_OK;
    if (!side->range_count)
        status = read_range(side, &scan, rowhash, fn, context, error);
    scan.key = side->range_key;
    for (size_t i = 0; i < side->range_count && status == DBW_OK; i++) {
        scan.range = side->ranges[i];
        status = read_range(side, &scan, rowhash, fn, context, error);
    }
    dbw_rowhash_free(rowhash);
    return status;
}

struct summing {
    dbw_sum *sum;
    dbw_verify_progress progress;
    void *context;
};

static dbw_status sum_row(void *context, const dbw_value *values, const dbw_rowhash *rowhash,
                          dbw_hash row, uint32_t bucket, dbw_error *error)
{
    struct summing *summing = context;
    (void)values;
    (void)rowhash;
    dbw_sum_add(summing->sum, row, bucket);
    if (summing->progress && summing->sum->rows % PROGRESS_ROWS == 0)
        return summing->progress(summing->context, summing->sum->rows, error);
    return DBW_OK;
}

dbw_status dbw_verify_sum(const dbw_verify_side *side, size_t column_count, const size_t *key,
                          size_t key_count, dbw_verify_progress progress, void *context,
                          dbw_sum *out, dbw_error *error)
{
    struct summing summing = {out, progress, context};
    memset(out, 0, sizeof *out);
    return dbw_verify_each(side, column_count, key, key_count, sum_row, &summing, error);
}
