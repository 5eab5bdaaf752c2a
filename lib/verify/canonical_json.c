/* SPDX-License-Identifier: Apache-2.0 */
/*
 * JSON by meaning (RFC 8259): white space, the order of members and the spelling of numbers and
 * strings do not count; of members with the same name the last one does, as in PostgreSQL's jsonb
 * and MySQL's JSON. Every value becomes a hash; an object's is that of its sorted members.
 */
#include "base/utf8.h"
#include "verify/canonical_priv.h"

#include <xxhash.h>

enum { DEPTH_MOST = 256 };

struct member {
    XXH128_hash_t name;
    XXH128_hash_t value;
    size_t position;
};

struct reader {
    const char *p, *end;
    dbw_sink *sink;
    int depth;
};

static bool read_value(struct reader *r, XXH128_hash_t *out);

static void skip_space(struct reader *r)
{
    while (r->p < r->end && (*r->p == ' ' || *r->p == '\t' || *r->p == '\n' || *r->p == '\r'))
        r->p++;
}

static bool take(struct reader *r, char wanted)
{
    skip_space(r);
    if (r->p == r->end || *r->p != wanted)
        return false;
    r->p++;
    return true;
}

static bool hex4(struct reader *r, uint32_t *out)
{
    *out = 0;
    if (r->end - r->p < 4)
        return false;
    for (int i = 0; i < 4; i++) {
        char c = dbw_lower(*r->p++);
        if (!dbw_is_digit(c) && (c < 'a' || c > 'f'))
            return false;
        *out = *out << 4 | (uint32_t)(dbw_is_digit(c) ? c - '0' : c - 'a' + 10);
    }
    return true;
}

static void add_utf8(dbw_buffer *out, uint32_t c)
{
    if (c < 0x80) {
        dbw_buffer_add_char(out, (char)c);
    } else if (c < 0x800) {
        dbw_buffer_add_char(out, (char)(0xC0 | c >> 6));
        dbw_buffer_add_char(out, (char)(0x80 | (c & 0x3F)));
    } else if (c < 0x10000) {
        dbw_buffer_add_char(out, (char)(0xE0 | c >> 12));
        dbw_buffer_add_char(out, (char)(0x80 | (c >> 6 & 0x3F)));
        dbw_buffer_add_char(out, (char)(0x80 | (c & 0x3F)));
    } else {
        dbw_buffer_add_char(out, (char)(0xF0 | c >> 18));
        dbw_buffer_add_char(out, (char)(0x80 | (c >> 12 & 0x3F)));
        dbw_buffer_add_char(out, (char)(0x80 | (c >> 6 & 0x3F)));
        dbw_buffer_add_char(out, (char)(0x80 | (c & 0x3F)));
    }
}

static bool read_escape(struct reader *r, dbw_buffer *out)
{
    static const char letters[] = "\"\\/bfnrt", meanings[] = "\"\\/\b\f\n\r\t";
    if (r->p == r->end)
        return false;
    char c = *r->p++;
    const char *at = c ? strchr(letters, c) : NULL;
    if (at) {
        dbw_buffer_add_char(out, meanings[at - letters]);
        return true;
    }
    uint32_t unit, low;
    if (c != 'u' || !hex4(r, &unit) || (unit >= 0xDC00 && unit <= 0xDFFF))
        return false;
    if (unit >= 0xD800 && unit <= 0xDBFF) {
        if (r->end - r->p < 6 || r->p[0] != '\\' || r->p[1] != 'u')
            return false;
        r->p += 2;
        if (!hex4(r, &low) || low < 0xDC00 || low > 0xDFFF)
            return false;
        unit = 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00);
    }
    add_utf8(out, unit);
    return true;
}

/* The opening quote was taken. */
static bool read_string(struct reader *r, XXH128_hash_t *out, XXH64_hash_t seed)
{
    const char *start = r->p;
    while (r->p < r->end && *r->p != '"' && *r->p != '\\' && (unsigned char)*r->p >= 0x20)
        r->p++;
    if (r->p < r->end && *r->p == '"') {
        *out = XXH3_128bits_withSeed(start, (size_t)(r->p - start), seed);
        bool valid = dbw_utf8_valid(start, (size_t)(r->p - start));
        r->p++;
        return valid;
    }
    dbw_buffer *work = &r->sink->work;
    dbw_buffer_clear(work);
    dbw_buffer_add(work, start, (size_t)(r->p - start));
    while (r->p < r->end && *r->p != '"') {
        char c = *r->p++;
        if ((unsigned char)c < 0x20 || (c == '\\' && !read_escape(r, work)))
            return false;
        if (c != '\\')
            dbw_buffer_add_char(work, c);
    }
    if (r->p == r->end || work->failed)
        return false;
    r->p++;
    *out = XXH3_128bits_withSeed(work->data, work->length, seed);
    return dbw_utf8_valid(work->data, work->length);
}

static bool read_number(struct reader *r, XXH128_hash_t *out)
{
    const char *start = r->p, *p = r->p;
    p += p < r->end && *p == '-';
    if (p == r->end || !dbw_is_digit(*p) || (*p == '0' && p + 1 < r->end && dbw_is_digit(p[1])))
        return false;
    while (p < r->end &&
           (dbw_is_digit(*p) || *p == '.' || *p == '+' || *p == '-' || *p == 'e' || *p == 'E'))
        p++;
    unsigned char bytes[PIECE_MOST];
    dbw_sink piece = {.data = bytes, .work = r->sink->work};
    bool known = dbw_canonical_number_text(&piece, (dbw_text){start, (size_t)(p - start)});
    r->sink->work = piece.work;
    r->p = p;
    *out = XXH3_128bits_withSeed(bytes, piece.length, '0');
    return known;
}

static int by_name(const void *left, const void *right)
{
    const struct member *a = left, *b = right;
    int order = XXH128_cmp(&a->name, &b->name);
    return order ? order : (a->position > b->position) - (a->position < b->position);
}

static XXH128_hash_t hash_members(struct member *members, size_t count)
{
    size_t kept = 0;
    if (count > 1)
        qsort(members, count, sizeof *members, by_name);
    for (size_t i = 0; i < count; i++) {
        bool last = i + 1 == count || !XXH128_isEqual(members[i].name, members[i + 1].name);
        if (!last)
            continue;
        members[kept] = members[i];
        members[kept++].position = 0;
    }
    return XXH3_128bits_withSeed(members, kept * sizeof *members, '{');
}

static bool read_object(struct reader *r, XXH128_hash_t *out)
{
    dbw_buffer members;
    size_t count = 0;
    bool good = true;
    dbw_buffer_init(&members, SIZE_MAX / 2);
    if (!take(r, '}')) {
        do {
            struct member member;
            memset(&member, 0, sizeof member);
            member.position = count++;
            good = take(r, '"') && read_string(r, &member.name, 'k') && take(r, ':') &&
                   read_value(r, &member.value);
            dbw_buffer_add(&members, &member, sizeof member);
        } while (good && take(r, ','));
        good = good && take(r, '}') && !members.failed;
    }
    if (good)
        *out = hash_members((struct member *)(void *)members.data, count);
    dbw_buffer_free(&members);
    return good;
}

static bool read_array(struct reader *r, XXH128_hash_t *out)
{
    XXH128_hash_t chain[2];
    chain[0] = XXH3_128bits_withSeed("", 0, '[');
    if (!take(r, ']')) {
        do {
            if (!read_value(r, &chain[1]))
                return false;
            chain[0] = XXH3_128bits_withSeed(chain, sizeof chain, '[');
        } while (take(r, ','));
        if (!take(r, ']'))
            return false;
    }
    *out = chain[0];
    return true;
}

static bool read_word(struct reader *r, const char *word, XXH128_hash_t *out)
{
    size_t n = strlen(word);
    if ((size_t)(r->end - r->p) < n || memcmp(r->p, word, n) != 0)
        return false;
    r->p += n;
    *out = XXH3_128bits_withSeed(word, n, 'w');
    return true;
}

static bool read_value(struct reader *r, XXH128_hash_t *out)
{
    skip_space(r);
    if (r->p == r->end || r->depth >= DEPTH_MOST)
        return false;
    bool good;
    r->depth++;
    switch (*r->p) {
    case '{':
        r->p++;
        good = read_object(r, out);
        break;
    case '[':
        r->p++;
        good = read_array(r, out);
        break;
    case '"':
        r->p++;
        good = read_string(r, out, '"');
        break;
    case 't':
        good = read_word(r, "true", out);
        break;
    case 'f':
        good = read_word(r, "false", out);
        break;
    case 'n':
        good = read_word(r, "null", out);
        break;
    default:
        good = read_number(r, out);
        break;
    }
    r->depth--;
    return good;
}

bool dbw_canonical_json(dbw_sink *sink, dbw_text text)
{
    struct reader r = {.p = text.data, .end = text.data + text.length, .sink = sink};
    XXH128_hash_t hash;
    if (!read_value(&r, &hash))
        return false;
    skip_space(&r);
    if (r.p != r.end)
        return false;
    dbw_sink_put(sink, 'J', &hash, sizeof hash);
    return true;
}
