/* SPDX-License-Identifier: Apache-2.0 */
#include "base/utf8.h"
#include "url/url_priv.h"

static int hex_value(char c)
{
    if (dbw_is_digit(c))
        return c - '0';
    char lower = dbw_lower(c);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

/** The length of the maximal subpart of an ill-formed sequence that starts at `text`. */
static size_t broken_length(const unsigned char *text, size_t length)
{
    unsigned char first = text[0];
    size_t want = first >= 0xF0 && first <= 0xF4   ? 4
                  : first >= 0xE0 && first <= 0xEF ? 3
                  : first >= 0xC2 && first <= 0xDF ? 2
                                                   : 1;
    unsigned char low = first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80;
    unsigned char high = first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF;
    size_t n = 1;
    while (n < want && n < length && text[n] >= low && text[n] <= high) {
        low = 0x80;
        high = 0xBF;
        n++;
    }
    return n;
}

static void add_replaced(dbw_buffer *out, const char *bytes, size_t length)
{
    while (length > 0) {
        size_t good = dbw_utf8_invalid_at(bytes, length);
        dbw_buffer_add(out, bytes, good);
        bytes += good;
        length -= good;
        if (length > 0) {
            size_t bad = broken_length((const unsigned char *)bytes, length);
            dbw_buffer_add(out, "\xEF\xBF\xBD", 3);
            bytes += bad;
            length -= bad;
        }
    }
}

dbw_status dbw_url_unquote(dbw_arena *arena, dbw_text text, dbw_url_plus plus, char **out,
                           dbw_error *error)
{
    char *bytes = dbw_arena_take(arena, text.length + 1);
    size_t n = 0;
    for (size_t i = 0; i < text.length; i++) {
        char c = text.data[i];
        if (c == '%' && i + 2 < text.length && hex_value(text.data[i + 1]) >= 0 &&
            hex_value(text.data[i + 2]) >= 0) {
            c = (char)(hex_value(text.data[i + 1]) * 16 + hex_value(text.data[i + 2]));
            i += 2;
        } else if (c == '+' && plus == DBW_URL_PLUS_IS_SPACE) {
            c = ' ';
        }
        if (c == '\0')
            return dbw_fail(error, DBW_E_INVALID, "unable to parse database URL: it holds a NUL");
        bytes[n++] = c;
    }
    if (dbw_utf8_valid(bytes, n)) {
        *out = bytes;
        return DBW_OK;
    }
    dbw_buffer buffer;
    dbw_buffer_init(&buffer, 3 * text.length);
    add_replaced(&buffer, bytes, n);
    *out = dbw_url_finish(arena, &buffer);
    return DBW_OK;
}

static bool is_unreserved(char c)
{
    return dbw_is_digit(c) || (dbw_lower(c) >= 'a' && dbw_lower(c) <= 'z') || c == '_' ||
           c == '.' || c == '-' || c == '~';
}

void dbw_url_quote(dbw_buffer *out, const char *string, const char *safe)
{
    static const char digits[] = "0123456789ABCDEF";
    for (; *string; string++) {
        unsigned char byte = (unsigned char)*string;
        if (is_unreserved(*string) || strchr(safe, *string)) {
            dbw_buffer_add_char(out, *string);
        } else {
            dbw_buffer_add_char(out, '%');
            dbw_buffer_add_char(out, digits[byte >> 4]);
            dbw_buffer_add_char(out, digits[byte & 15]);
        }
    }
}

void dbw_url_quote_plus(dbw_buffer *out, const char *string)
{
    for (; *string; string++) {
        const char one[2] = {*string, '\0'};
        if (*string == ' ')
            dbw_buffer_add_char(out, '+');
        else
            dbw_url_quote(out, one, "");
    }
}

char *dbw_url_finish(dbw_arena *arena, dbw_buffer *buffer)
{
    if (buffer->failed != DBW_OK)
        abort();
    char *string = dbw_arena_text_string(arena, dbw_buffer_text(buffer));
    dbw_buffer_free(buffer);
    return string;
}
