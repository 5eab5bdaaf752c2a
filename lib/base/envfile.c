/* SPDX-License-Identifier: Apache-2.0 */
#include "base/envfile.h"
#include "base/buffer.h"
#include "base/file.h"
#include "base/utf8.h"

enum { VALUE_LIMIT = 128 * 1024, TOTAL_LIMIT = 4 * DBW_ENVFILE_LIMIT };

typedef struct reader {
    dbw_arena *arena;
    dbw_text text;
    size_t at;
    int line;
    dbw_envfile_lookup lookup;
    void *context;
    dbw_envfile *out;
    dbw_buffer value;
    size_t total; /* bytes of all values: expansions can double them line by line */
} reader;

static char peek(const reader *r, size_t ahead)
{
    return r->at + ahead < r->text.length ? r->text.data[r->at + ahead] : '\0';
}

static bool at_end(const reader *r)
{
    return r->at >= r->text.length;
}

static bool at_line_end(const reader *r)
{
    return at_end(r) || peek(r, 0) == '\n' || (peek(r, 0) == '\r' && peek(r, 1) == '\n');
}

static void skip_blanks(reader *r)
{
    while (peek(r, 0) == ' ' || peek(r, 0) == '\t')
        r->at++;
}

static void skip_line(reader *r)
{
    while (!at_end(r) && peek(r, 0) != '\n')
        r->at++;
    if (!at_end(r))
        r->at++;
    r->line++;
}

static bool starts_name(char c)
{
    return (dbw_lower(c) >= 'a' && dbw_lower(c) <= 'z') || c == '_';
}

static bool in_name(char c)
{
    return starts_name(c) || dbw_is_digit(c) || c == '.' || c == '-';
}

static dbw_status broken(const reader *r, int line, const char *reason, dbw_error *error)
{
    (void)dbw_fail(error, DBW_E_INVALID, "unable to read '%s': line %d: %s", r->out->path, line,
                   reason);
    return dbw_error_object(error, "%s", r->out->path);
}

const dbw_envfile_entry *dbw_envfile_find(const dbw_envfile *file, const char *name)
{
    for (size_t i = file->count; i > 0; i--)
        if (strcmp(file->entries[i - 1].name, name) == 0)
            return &file->entries[i - 1];
    return NULL;
}

static const char *meaning(const reader *r, const char *name)
{
    const dbw_envfile_entry *entry = dbw_envfile_find(r->out, name);
    if (entry)
        return entry->value;
    return r->lookup ? r->lookup(r->context, name) : NULL;
}

/** `${NAME}`, `${NAME:-default}` or `${NAME-default}`; false when it is none, and stays. */
static bool take_expansion(reader *r)
{
    size_t name = r->at + 2;
    size_t end = name;
    while (end < r->text.length && in_name(r->text.data[end]) && r->text.data[end] != '-')
        end++;
    size_t close = end;
    while (close < r->text.length && r->text.data[close] != '}' && r->text.data[close] != '\n')
        close++;
    if (end == name || close >= r->text.length || r->text.data[close] != '}')
        return false;
    const char *value =
        meaning(r, dbw_arena_text_string(r->arena, (dbw_text){r->text.data + name, end - name}));
    dbw_text rest = {r->text.data + end, close - end};
    bool colon = rest.length >= 2 && rest.data[0] == ':' && rest.data[1] == '-';
    bool dash = rest.length >= 1 && rest.data[0] == '-';
    if (rest.length > 0 && !colon && !dash)
        return false;
    if (value && !(colon && *value == '\0')) {
        dbw_buffer_add_string(&r->value, value);
    } else if (colon || dash) {
        dbw_buffer_add(&r->value, rest.data + 1 + colon, rest.length - 1 - colon);
    } else {
        return false;
    }
    r->at = close + 1;
    return true;
}

static bool take_dollar(reader *r)
{
    return peek(r, 0) == '$' && peek(r, 1) == '{' && take_expansion(r);
}

static dbw_status take_single(reader *r, dbw_error *error)
{
    int line = r->line;
    for (r->at++; !at_end(r) && peek(r, 0) != '\''; r->at++) {
        r->line += peek(r, 0) == '\n';
        dbw_buffer_add_char(&r->value, peek(r, 0));
    }
    if (at_end(r))
        return broken(r, line, "the single quote is not closed", error);
    r->at++;
    return DBW_OK;
}

static dbw_status take_double(reader *r, dbw_error *error)
{
    static const char from[] = "nrt\\\"$'";
    static const char to[] = "\n\r\t\\\"$'";
    int line = r->line;
    r->at++;
    while (!at_end(r) && peek(r, 0) != '"') {
        const char *escape = peek(r, 0) == '\\' && peek(r, 1) ? strchr(from, peek(r, 1)) : NULL;
        if (escape) {
            dbw_buffer_add_char(&r->value, to[escape - from]);
            r->at += 2;
        } else if (!take_dollar(r)) {
            r->line += peek(r, 0) == '\n';
            dbw_buffer_add_char(&r->value, peek(r, 0));
            r->at++;
        }
    }
    if (at_end(r))
        return broken(r, line, "the double quote is not closed", error);
    r->at++;
    return DBW_OK;
}

/** Up to the end of the line or a '#' behind white space; white space around is cut off. */
static void take_plain(reader *r)
{
    size_t kept = 0;
    while (!at_line_end(r)) {
        char before = r->at > 0 ? r->text.data[r->at - 1] : ' ';
        if (peek(r, 0) == '#' && (before == ' ' || before == '\t'))
            break;
        if (take_dollar(r)) {
            kept = r->value.length;
            continue;
        }
        dbw_buffer_add_char(&r->value, peek(r, 0));
        if (!dbw_is_space(peek(r, 0)))
            kept = r->value.length;
        r->at++;
    }
    if (r->value.failed == DBW_OK && r->value.length > kept) {
        r->value.length = kept;
        r->value.data[kept] = '\0';
    }
}

static dbw_status take_value(reader *r, dbw_error *error)
{
    if (peek(r, 0) != '\'' && peek(r, 0) != '"') {
        take_plain(r);
        return DBW_OK;
    }
    DBW_TRY(peek(r, 0) == '"' ? take_double(r, error) : take_single(r, error));
    skip_blanks(r);
    if (!at_line_end(r) && peek(r, 0) != '#')
        return broken(r, r->line, "something follows the closing quote", error);
    return DBW_OK;
}

static dbw_text take_name(reader *r)
{
    size_t begin = r->at;
    if (starts_name(peek(r, 0)))
        while (in_name(peek(r, 0)))
            r->at++;
    return (dbw_text){r->text.data + begin, r->at - begin};
}

static dbw_status take_line(reader *r, dbw_error *error)
{
    skip_blanks(r);
    if (at_line_end(r) || peek(r, 0) == '#')
        return DBW_OK;
    dbw_text name = take_name(r);
    skip_blanks(r);
    if (dbw_text_is(name, "export") && starts_name(peek(r, 0))) {
        name = take_name(r);
        skip_blanks(r);
    }
    if (name.length == 0)
        return broken(r, r->line, "it is not NAME=value", error);
    if (peek(r, 0) != '=')
        return at_line_end(r) || peek(r, 0) == '#'
                   ? DBW_OK
                   : broken(r, r->line, "it is not NAME=value", error);
    r->at++;
    skip_blanks(r);
    int line = r->line;
    dbw_buffer_clear(&r->value);
    DBW_TRY(take_value(r, error));
    r->total += r->value.length;
    if (r->value.failed != DBW_OK || r->total > TOTAL_LIMIT)
        return broken(r, line, "the value is too long", error);
    char *key = dbw_arena_text_string(r->arena, name);
    char *value = dbw_arena_text_string(r->arena, dbw_buffer_text(&r->value));
    *DBW_APPEND(r->arena, r->out->entries, r->out->count) = (dbw_envfile_entry){key, value, line};
    return DBW_OK;
}

dbw_status dbw_envfile_parse(dbw_arena *arena, dbw_text text, const char *path,
                             dbw_envfile_lookup lookup, void *context, dbw_envfile *out,
                             dbw_error *error)
{
    *out = (dbw_envfile){.path = dbw_arena_string(arena, path)};
    reader r = {
        .arena = arena, .text = text, .line = 1, .lookup = lookup, .context = context, .out = out};
    size_t bad = dbw_utf8_invalid_at(text.data, text.length);
    const char *nul = memchr(text.data, '\0', text.length);
    size_t stop = nul && (size_t)(nul - text.data) < bad ? (size_t)(nul - text.data) : bad;
    if (stop < text.length) {
        for (size_t i = 0; i < stop; i++)
            r.line += text.data[i] == '\n';
        return broken(&r, r.line, "it is not UTF-8 text", error);
    }
    if (text.length >= 3 && memcmp(text.data, "\xEF\xBB\xBF", 3) == 0)
        r.at = 3;
    dbw_buffer_init(&r.value, VALUE_LIMIT);
    dbw_status status = DBW_OK;
    while (status == DBW_OK && !at_end(&r)) {
        status = take_line(&r, error);
        skip_line(&r);
    }
    dbw_buffer_free(&r.value);
    return status;
}

dbw_status dbw_envfile_read(dbw_arena *arena, const char *path, dbw_envfile_lookup lookup,
                            void *context, dbw_envfile *out, dbw_error *error)
{
    dbw_text text;
    DBW_TRY(dbw_file_read(arena, path, DBW_ENVFILE_LIMIT, 0, &text, error));
    return dbw_envfile_parse(arena, text, path, lookup, context, out, error);
}
