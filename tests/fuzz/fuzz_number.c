/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is written of a number reads as the same number: digits, integers, doubles. A double's
 * shortest text gives the same double, and JSON's verdict on a number agrees with the reader's.
 */
#include "transfer/json_check.h"
#include "transfer/number.h"

#include <math.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool holds)
{
    if (!holds)
        abort();
}

static void check_double(double value)
{
    char text[DBW_DOUBLE_DECIMAL];
    double back = 0;
    if (!isfinite(value))
        return;
    size_t length = dbw_double_decimal(value, text);
    check(length > 0 && length <= sizeof text);
    check(dbw_number_double((dbw_text){text, length}, &back) && back == value);
    length = dbw_double_text(value, text);
    check(length <= DBW_DOUBLE_TEXT);
    check(dbw_number_double((dbw_text){text, length}, &back) && back == value);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    dbw_text text = {(const char *)data, size};
    dbw_number first, second;
    double real = 0;
    if (size == sizeof real)
        memcpy(&real, data, sizeof real);
    check_double(real);

    dbw_json json = dbw_json_check(text);
    const char *reason = dbw_number_parse(text, &first);
    bool bare = size > 0 && dbw_is_digit((char)data[0]) && dbw_is_digit((char)data[size - 1]);
    if (json == DBW_JSON_NUMBER && bare)
        check(reason && strcmp(reason, "too many digits") == 0);
    if (reason)
        return 0;
    int32_t whole, fraction, whole_again, fraction_again;
    int64_t integer, again;
    dbw_number_digits(&first, &whole, &fraction);
    size_t room = dbw_number_room(&first);
    char *out = malloc(room);
    if (!out)
        return 0;
    size_t length = dbw_number_render(&first, -1, out);
    check(length <= room);
    check(dbw_number_parse((dbw_text){out, length}, &second) == NULL);
    dbw_number_digits(&second, &whole_again, &fraction_again);
    check(whole == whole_again && fraction == fraction_again);
    bool is_integer = dbw_number_int64(&first, &integer);
    check(dbw_number_int64(&second, &again) == is_integer);
    check(!is_integer || integer == again);
    free(out);
    return 0;
}
