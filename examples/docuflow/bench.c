/* SPDX-License-Identifier: Apache-2.0 */
#include "moments.h"
#include "rows.h"

#include "base/utf8.h"

/* Rows at full size: 2.22 million, about 840 MB. Two texts fit into a page of 4096 bytes. */
enum { USERS = 100000, ORDERS = 2000000, TEXTS = 100000, BLOBS = 20000 };
enum { TEXT_BYTES = 1940, BLOB_BYTES = 8192, NOTES_BYTES = 65536, LONGEST_NOTE = 240 };

/* Numbers of the streams; far from those of docuflow_table. */
enum { STREAM_USERS = 1000, STREAM_ORDERS, STREAM_TEXTS, STREAM_BLOBS, STREAM_NOTES };

static int64_t scaled(int64_t rows, int64_t permille)
{
    int64_t count = rows * permille / 1000;
    return count > 0 ? count : 1;
}

static void begin(docuflow_run *run, int stream, int64_t id)
{
    docuflow_row(run, (docuflow_table)stream, id);
    docuflow_put_integer(&run->store, id);
}

static void users(docuflow_run *run, int64_t count)
{
    docuflow_store *store = &run->store;
    docuflow_store_table(store, "users (id, email, name, active, created_at)");
    for (int64_t id = 1; id <= count; id++) {
        begin(run, STREAM_USERS, id);
        dbw_buffer *email = docuflow_text(run);
        dbw_buffer_printf(email, "user%lld@example.org", (long long)id);
        docuflow_put_buffer(store, email);
        dbw_buffer *name = docuflow_text(run);
        docuflow_words_person(&run->random, name);
        docuflow_put_buffer(store, name);
        docuflow_put_integer(store, docuflow_random_chance(&run->random, 90));
        docuflow_put_moment(run, DOCUFLOW_PLAIN, docuflow_moment(&run->random));
        docuflow_put_row(store);
    }
}

/* Notes are cut out of one text: words made two million times would take most of the time. */
static void put_note(docuflow_run *run, const dbw_buffer *notes)
{
    if (docuflow_put_null_at_times(run, 20))
        return;
    size_t from = (size_t)docuflow_random_below(&run->random, NOTES_BYTES - LONGEST_NOTE - 8);
    size_t length = (size_t)docuflow_random_below(&run->random, LONGEST_NOTE);
    while (((unsigned char)notes->data[from] & 0xc0) == 0x80)
        from++;
    while (((unsigned char)notes->data[from + length] & 0xc0) == 0x80)
        length++;
    docuflow_put_text(&run->store, notes->data + from, length);
}

static void order(docuflow_run *run, int64_t id, int64_t user_count, const dbw_buffer *notes)
{
    static const char *const states[] = {"new", "paid", "shipped", "delivered", "returned"};
    docuflow_store *store = &run->store;
    begin(run, STREAM_ORDERS, id);
    docuflow_put_integer(store, docuflow_random_between(&run->random, 1, user_count));
    dbw_buffer *number = docuflow_text(run);
    dbw_buffer_printf(number, "DF-%09lld", (long long)id);
    docuflow_put_buffer(store, number);
    docuflow_put_string(store, docuflow_random_pick(&run->random, states));
    docuflow_put_integer(store, docuflow_random_between(&run->random, 1, 100));
    docuflow_put_money(run, 1, 99999999);
    if (!docuflow_put_null_at_times(run, 10))
        docuflow_put_double(store, docuflow_random_fraction(&run->random) * 50.0);
    docuflow_put_integer(store, docuflow_random_chance(&run->random, 70));
    put_note(run, notes);
    int64_t placed = docuflow_moment(&run->random);
    docuflow_put_moment(run, DOCUFLOW_PLAIN, placed);
    if (!docuflow_put_null_at_times(run, 30))
        docuflow_put_moment(run, DOCUFLOW_PLAIN, placed + 86400);
    docuflow_put_row(store);
}

static void orders(docuflow_run *run, int64_t count, int64_t user_count)
{
    dbw_buffer notes;
    docuflow_random random = docuflow_random_at(run->seed, STREAM_NOTES, 0);
    dbw_buffer_init(&notes, 2 * NOTES_BYTES);
    docuflow_words_long(&random, NOTES_BYTES, &notes);
    docuflow_store_table(&run->store, "orders (id, user_id, number, status, quantity, amount, "
                                      "weight, paid, note, placed_at, shipped_at)");
    for (int64_t id = 1; id <= count && !notes.failed; id++)
        order(run, id, user_count, &notes);
    dbw_buffer_free(&notes);
}

static void texts(docuflow_run *run, int64_t count, int64_t user_count)
{
    docuflow_store *store = &run->store;
    docuflow_store_table(store, "texts (id, user_id, title, body)");
    for (int64_t id = 1; id <= count; id++) {
        begin(run, STREAM_TEXTS, id);
        docuflow_put_integer(store, docuflow_random_between(&run->random, 1, user_count));
        dbw_buffer *title = docuflow_text(run);
        docuflow_words_plain(&run->random, 3, title);
        docuflow_put_buffer(store, title);
        dbw_buffer *body = docuflow_text(run);
        docuflow_words_long(&run->random, TEXT_BYTES, body);
        docuflow_put_text(store, body->data, dbw_utf8_cut(body->data, body->length, TEXT_BYTES));
        docuflow_put_row(store);
    }
}

static void blobs(docuflow_run *run, int64_t count, int64_t user_count)
{
    static unsigned char content[BLOB_BYTES];
    docuflow_store *store = &run->store;
    docuflow_store_table(store, "blobs (id, user_id, name, content)");
    for (int64_t id = 1; id <= count; id++) {
        begin(run, STREAM_BLOBS, id);
        docuflow_put_integer(store, docuflow_random_between(&run->random, 1, user_count));
        dbw_buffer *name = docuflow_text(run);
        dbw_buffer_printf(name, "scan-%06lld.png", (long long)id);
        docuflow_put_buffer(store, name);
        docuflow_random_bytes(&run->random, content, sizeof content);
        docuflow_put_bytes(store, content, sizeof content);
        docuflow_put_row(store);
    }
}

void docuflow_bench(docuflow_run *run, int64_t permille)
{
    int64_t user_count = scaled(USERS, permille);
    users(run, user_count);
    orders(run, scaled(ORDERS, permille), user_count);
    texts(run, scaled(TEXTS, permille), user_count);
    blobs(run, scaled(BLOBS, permille), user_count);
}
