/* SPDX-License-Identifier: Apache-2.0 */
#include "words.h"

static const char *const words[] = {
    "invoice", "receipt", "total",  "amount", "vendor",    "address", "contract", "page",
    "order",   "net",     "tax",    "date",   "due",       "payment", "customer", "number",
    "the",     "of",      "and",    "with",   "before",    "after",   "signed",   "copy",
    "Straße",  "Größe",   "façade", "naïve",  "coöperate", "señor",   "Łódź",     "İstanbul",
    "данные",  "счёт",    "τιμή",   "請求書", "합계",      "فاتورة",  "חשבונית",  "रसीद",
};

static const char *const given_names[] = {
    "Zoë",    "José", "Nina", "Нина", "Ὀδυσσεύς", "李",
    "さくら", "지훈", "محمد", "Seán", "Bjørn",    "Mary-Jane",
};

static const char *const family_names[] = {
    "O'Brien", "Müller",   "Петрова",       "小龍",
    "Nguyễn",  "D’Angelo", "von der Leyen", "Smith \"Smitty\" Jr.",
    "علي",     "Çelik",    "🦊",          "Al-\u200dKhwārizmī",
};

static const char *const legal_forms[] = {"GmbH",      "Ltd.",     "S.à r.l.",
                                          "& Søn A/S", "株式会社", "ООО"};

static const char *const awkward[] = {
    "",
    " ",
    "NULL",
    "null",
    "\\N",
    "\\.",
    "O'Brien said \"no\"",
    "C:\\temp\\new\\table",
    "tab\tseparated\tvalues",
    "line one\nline two\n",
    "carriage\r\nreturn",
    "'; DROP TABLE users; --",
    "100 % of %s and %d",
    "a,b;c|d",
    "{\"not\": \"json\"",
    "$1 $$dollar$$ `tick` [bracket]",
    "<script>alert('1')</script> &amp;",
    "  spaces around  ",
    "\x01\x02\x1b[31mcontrol\x7f",
    "\u202eright to left\u202c",
    "e\u0301 is not \u00e9",
    "\ufeffbyte order mark",
    "0",
    "-0.00",
    "1e10",
    "2024-02-30",
    "true",
    "👩‍👩‍👧‍👦 family",
    "ﬁ ligature, ß, ſ, İ, ı",
};

static void add_code_point(uint32_t point, dbw_buffer *out)
{
    char bytes[4];
    size_t length = 0;
    if (point < 0x80) {
        bytes[length++] = (char)point;
    } else if (point < 0x800) {
        bytes[length++] = (char)(0xc0 | (point >> 6));
    } else if (point < 0x10000) {
        bytes[length++] = (char)(0xe0 | (point >> 12));
        bytes[length++] = (char)(0x80 | ((point >> 6) & 0x3f));
    } else {
        bytes[length++] = (char)(0xf0 | (point >> 18));
        bytes[length++] = (char)(0x80 | ((point >> 12) & 0x3f));
        bytes[length++] = (char)(0x80 | ((point >> 6) & 0x3f));
    }
    if (point >= 0x80)
        bytes[length++] = (char)(0x80 | (point & 0x3f));
    dbw_buffer_add(out, bytes, length);
}

void docuflow_words_unicode(docuflow_random *random, size_t count, dbw_buffer *out)
{
    for (size_t i = 0; i < count; i++) {
        uint32_t plane = (uint32_t)docuflow_random_below(random, 17);
        uint32_t point = (plane << 16) | (uint32_t)docuflow_random_below(random, 0x10000);
        if (point == 0 || (point >= 0xd800 && point <= 0xdfff))
            point = 0x20ac;
        add_code_point(point, out);
    }
}

void docuflow_words_person(docuflow_random *random, dbw_buffer *out)
{
    dbw_buffer_add_string(out, docuflow_random_pick(random, given_names));
    dbw_buffer_add_char(out, ' ');
    dbw_buffer_add_string(out, docuflow_random_pick(random, family_names));
}

void docuflow_words_company(docuflow_random *random, dbw_buffer *out)
{
    dbw_buffer_add_string(out, docuflow_random_pick(random, family_names));
    dbw_buffer_add_char(out, ' ');
    dbw_buffer_add_string(out, docuflow_random_pick(random, words));
    dbw_buffer_add_char(out, ' ');
    dbw_buffer_add_string(out, docuflow_random_pick(random, legal_forms));
}

void docuflow_words_plain(docuflow_random *random, size_t count, dbw_buffer *out)
{
    for (size_t i = 0; i < count; i++) {
        if (i > 0)
            dbw_buffer_add_char(out, ' ');
        dbw_buffer_add_string(out, docuflow_random_pick(random, words));
    }
}

void docuflow_words_awkward(docuflow_random *random, dbw_buffer *out)
{
    dbw_buffer_add_string(out, docuflow_random_pick(random, awkward));
}

void docuflow_words_value(docuflow_random *random, dbw_buffer *out)
{
    uint64_t kind = docuflow_random_below(random, 10);
    if (kind < 6)
        docuflow_words_plain(random, 1 + (size_t)docuflow_random_below(random, 5), out);
    else if (kind < 8)
        docuflow_words_awkward(random, out);
    else if (kind < 9)
        docuflow_words_unicode(random, 1 + (size_t)docuflow_random_below(random, 12), out);
    else
        dbw_buffer_printf(out, "%lld.%02u",
                          (long long)docuflow_random_between(random, -99999, 99999),
                          (unsigned)docuflow_random_below(random, 100));
}

void docuflow_words_long(docuflow_random *random, size_t length, dbw_buffer *out)
{
    size_t end = out->length + length;
    while (out->length < end && !out->failed) {
        docuflow_words_plain(random, 5 + (size_t)docuflow_random_below(random, 12), out);
        dbw_buffer_add_string(out, docuflow_random_chance(random, 15) ? ".\n\n" : ". ");
    }
}

/* A JSON string: what must be escaped is, the rest stands as UTF-8; some of it as \uXXXX. */
static void add_json_string(const char *text, dbw_buffer *out)
{
    dbw_buffer_add_char(out, '"');
    for (const char *c = text; *c; c++) {
        unsigned char byte = (unsigned char)*c;
        if (byte == '"' || byte == '\\')
            dbw_buffer_printf(out, "\\%c", byte);
        else if (byte == '\n')
            dbw_buffer_add_string(out, "\\n");
        else if (byte < 0x20 || byte == 0x7f)
            dbw_buffer_printf(out, "\\u%04x", byte);
        else
            dbw_buffer_add_char(out, *c);
    }
    dbw_buffer_add_char(out, '"');
}

static void add_json_value(docuflow_random *random, unsigned depth, dbw_buffer *out)
{
    static const char *const numbers[] = {
        "0", "-1", "3.14", "1.50", "1e3", "-2.5E-3", "9007199254740993", "12345678901234567890.5",
    };
    static const char *const escapes[] = {"\"\\u00e9\\ud83d\\ude00\"", "\"a\\/b\"", "\"\\t\""};
    switch (docuflow_random_below(random, depth > 0 ? 9 : 7)) {
    case 0:
        dbw_buffer_add_string(out, "null");
        break;
    case 1:
        dbw_buffer_add_string(out, docuflow_random_chance(random, 50) ? "true" : "false");
        break;
    case 2:
        dbw_buffer_add_string(out, docuflow_random_pick(random, numbers));
        break;
    case 3:
        dbw_buffer_add_string(out, docuflow_random_pick(random, escapes));
        break;
    case 4:
        add_json_string(docuflow_random_pick(random, awkward), out);
        break;
    case 5:
    case 6:
        add_json_string(docuflow_random_pick(random, words), out);
        break;
    case 7:
        docuflow_words_json_list(random, out);
        break;
    default:
        docuflow_words_json(random, depth - 1, out);
    }
}

void docuflow_words_json_list(docuflow_random *random, dbw_buffer *out)
{
    size_t count = (size_t)docuflow_random_below(random, 5);
    dbw_buffer_add_char(out, '[');
    for (size_t i = 0; i < count; i++) {
        if (i > 0)
            dbw_buffer_add_string(out, ", ");
        add_json_string(docuflow_random_pick(random, words), out);
    }
    dbw_buffer_add_char(out, ']');
}

void docuflow_words_json(docuflow_random *random, unsigned depth, dbw_buffer *out)
{
    size_t count = (size_t)docuflow_random_below(random, 5);
    bool spaced = docuflow_random_chance(random, 50);
    dbw_buffer_add_char(out, '{');
    for (size_t i = 0; i < count; i++) {
        if (i > 0)
            dbw_buffer_add_string(out, spaced ? ", " : ",");
        /* The number makes it unique: a repeated name would be lost in a binary JSON type. */
        dbw_buffer_printf(
            out, spaced ? "\"%s %zu\": " : "\"%s %zu\":", docuflow_random_pick(random, words), i);
        add_json_value(random, depth, out);
    }
    dbw_buffer_add_char(out, '}');
}

void docuflow_words_address(docuflow_random *random, dbw_buffer *out)
{
    unsigned parts[4];
    for (size_t i = 0; i < DBW_COUNT(parts); i++)
        parts[i] = (unsigned)docuflow_random_below(random, 256);
    if (docuflow_random_chance(random, 30))
        dbw_buffer_printf(out, "2001:db8::%x:%x", parts[0] * 256 + parts[1], parts[2]);
    else
        dbw_buffer_printf(out, "%u.%u.%u.%u", parts[0], parts[1], parts[2], parts[3]);
}

void docuflow_words_limit(dbw_buffer *out, size_t characters)
{
    size_t end = 0;
    for (size_t seen = 0; end < out->length; end++) {
        if (((unsigned char)out->data[end] & 0xc0) != 0x80 && ++seen > characters)
            break;
    }
    if (end < out->length) {
        out->length = end;
        out->data[end] = '\0';
    }
}
