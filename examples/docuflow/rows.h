/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DBW_DOCUFLOW_ROWS_H
#define DBW_DOCUFLOW_ROWS_H
/* The rows of the ten tables. Row i of a table is a pure function of seed, table and i. */
#include "random.h"
#include "store.h"
#include "words.h"

typedef enum docuflow_table {
    DOCUFLOW_ORGANIZATIONS,
    DOCUFLOW_USERS,
    DOCUFLOW_BATCHES,
    DOCUFLOW_CONNECTOR_CONFIGS,
    DOCUFLOW_FIELD_MAPPINGS,
    DOCUFLOW_ORGANIZATION_SETTINGS,
    DOCUFLOW_USAGE_LOGS,
    DOCUFLOW_SUBSCRIPTIONS,
    DOCUFLOW_DOCUMENT_METADATA,
    DOCUFLOW_FIELD_CORRECTIONS,
    DOCUFLOW_TABLES
} docuflow_table;

enum { DOCUFLOW_ROWS = 5000, DOCUFLOW_TEXTS = 8 };

typedef struct docuflow_run {
    docuflow_store store;
    uint64_t seed;
    int64_t counts[DOCUFLOW_TABLES];
    docuflow_random random;           /* of the present row */
    dbw_buffer texts[DOCUFLOW_TEXTS]; /* texts of the present row */
    char ids[4][DOCUFLOW_UUID_TEXT];  /* keys of the present row */
    char moments[4][48];              /* times of the present row */
    unsigned text_count, id_count, moment_count;
} docuflow_run;

/** Opens the file; the tables will have about `rows` rows in all, each at least one. */
void docuflow_run_open(docuflow_run *run, const char *path, uint64_t seed, int64_t rows,
                       dbw_error *error);

/** Frees what open() took, closes the file, returns the first failure. */
dbw_status docuflow_run_close(docuflow_run *run) DBW_MUST_CHECK;

/** Prepares for row `row` of `table`: its random numbers, no texts yet. */
void docuflow_row(docuflow_run *run, docuflow_table table, int64_t row);

/** An empty buffer that lasts until the next row. */
dbw_buffer *docuflow_text(docuflow_run *run);

/** The key of organization or document number `row` (from 0); lasts until the next row. */
const char *docuflow_key(docuflow_run *run, docuflow_table table, int64_t row);

/** Room for a time that lasts until the next row. */
char *docuflow_time(docuflow_run *run);

/** The number (from 0) of the organization that the user with that id belongs to. */
int64_t docuflow_organization_of(const docuflow_run *run, int64_t user_id);

/* What a column of the row can be given. */
enum docuflow_moment_kind { DOCUFLOW_PLAIN, DOCUFLOW_MIXED, DOCUFLOW_ZONED, DOCUFLOW_DATE };
void docuflow_put_moment(docuflow_run *run, enum docuflow_moment_kind kind, int64_t seconds);

/** NULL `percent` times out of a hundred: then the column is done and the answer is true. */
bool docuflow_put_null_at_times(docuflow_run *run, unsigned percent);

/** A decimal with two places in the range, in hundredths, as text. */
void docuflow_put_money(docuflow_run *run, int64_t least, int64_t most);

/** A field's value of at most that many characters. */
void docuflow_put_value(docuflow_run *run, size_t characters);

/** Bytes, NULs among them; seldom none. */
void docuflow_put_random_bytes(docuflow_run *run, size_t least, size_t most);

/** accounts.c: organizations users connector_configs field_mappings organization_settings
 *  subscriptions. */
void docuflow_accounts(docuflow_run *run);

/** documents.c: batches document_metadata field_corrections usage_logs. */
void docuflow_documents(docuflow_run *run);

/** hostile.c: rows that no honest application leaves, for testing what a transfer finds. */
void docuflow_hostile(docuflow_run *run);

/** bench.c: the shape for measuring, `permille` of its full size. */
void docuflow_bench(docuflow_run *run, int64_t permille);

#endif
