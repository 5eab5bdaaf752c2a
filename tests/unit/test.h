/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DBW_TEST_H
#define DBW_TEST_H
/* What every unit test includes: cmocka in the order that it wants, and checks for dbw_error. */
/* clang-format off */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */

#include "base/arena.h"
#include "base/error.h"

/** The call succeeds; otherwise the test fails with the error's text. */
#define assert_ok(error, call)                                                                     \
    do {                                                                                           \
        dbw_error_clear(error);                                                                    \
        dbw_status status_ = (call);                                                               \
        if (status_ != DBW_OK)                                                                     \
            fail_msg("%s: %s (%s) %s", #call, (error)->message, dbw_status_slug(status_),          \
                     (error)->hint);                                                               \
    } while (0)

/** The call fails with that code and exactly that message. */
#define assert_fails(error, expected_code, expected_message, call)                                 \
    do {                                                                                           \
        dbw_error_clear(error);                                                                    \
        dbw_status status_ = (call);                                                               \
        assert_string_equal(dbw_status_slug(status_), dbw_status_slug(expected_code));             \
        assert_string_equal((error)->message, (expected_message));                                 \
    } while (0)

/** `text` (a dbw_text) equals the C string. */
#define assert_text_equal(text, string)                                                            \
    do {                                                                                           \
        dbw_text text_ = (text);                                                                   \
        assert_int_equal(text_.length, strlen(string));                                            \
        assert_memory_equal(text_.data, (string), text_.length);                                   \
    } while (0)

#endif
