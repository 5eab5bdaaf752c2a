/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The converter and the verification, which share no code, read the same interval; and what SQLite
 * is given of an interval reads back as it was.
 */
#include "transfer/duration.h"
#include "verify/canonical_priv.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool holds)
{
    if (!holds)
        abort();
}

static bool same(const dbw_interval *a, const dbw_interval *b)
{
    return a->months == b->months && a->days == b->days && a->microseconds == b->microseconds;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    dbw_text text = {(const char *)data, size};
    dbw_interval first, second;
    char written[128];
    if (dbw_duration_parse(text, &first))
        return 0;
    bool plain = !memchr(data, '+', size) && !memchr(data, ',', size);
    if (plain && dbw_canonical_duration(text, &second))
        check(same(&first, &second));
    int64_t micros = first.microseconds;
    uint64_t rest = micros < 0 ? 0 - (uint64_t)micros : (uint64_t)micros;
    snprintf(written, sizeof written, "P%dM%dDT%s%llu.%06uS", first.months, first.days,
             micros < 0 ? "-" : "", (unsigned long long)(rest / 1000000),
             (unsigned)(rest % 1000000));
    check(!dbw_duration_parse(dbw_text_of(written), &second) && same(&first, &second));
    check(dbw_canonical_duration(dbw_text_of(written), &second) && same(&first, &second));
    return 0;
}
