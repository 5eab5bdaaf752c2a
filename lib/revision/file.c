/* SPDX-License-Identifier: Apache-2.0 */
#include "revision/file.h"

#include "base/file.h"
#include "base/utf8.h"
#include "engine/database.h"

#include <sodium.h>

/* The parser's place in the text; lines are counted from 1. */
struct parser {
    dbw_arena *arena;
    const char *path;
    dbw_text text;
    size_t at;
    int line;
    unsigned seen; /* headers, a bit each */
    dbw_revision_file *file;
    dbw_revision_section *section; /* the one being read, or NULL */
};

enum header {
    HEADER_REVISION,
    HEADER_DOWN,
    HEADER_LABELS,
    HEADER_DEPENDS,
    HEADER_MESSAGE,
    HEADER_DATE,
    HEADER_TRANSACTION,
    HEADER_COUNT
};

static const char *const headers[HEADER_COUNT] = {
    [HEADER_REVISION] = "revision",      [HEADER_DOWN] = "down_revision",
    [HEADER_LABELS] = "branch_labels",   [HEADER_DEPENDS] = "depends_on",
    [HEADER_MESSAGE] = "message",        [HEADER_DATE] = "create_date",
    [HEADER_TRANSACTION] = "transaction"};

DBW_PRINTF(3, 4)
static dbw_status wrong(const struct parser *p, dbw_error *error, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    dbw_vfail(error, DBW_E_INVALID, format, arguments);
    va_end(arguments);
    return dbw_error_prefix(error, "%s:%d", p->path, p->line);
}

static dbw_text trim(dbw_text text)
{
    while (text.length && dbw_is_space(text.data[0])) {
        text.data++;
        text.length--;
    }
    while (text.length && dbw_is_space(text.data[text.length - 1]))
        text.length--;
    return text;
}

/* The next line without its end; false behind the last. */
static bool next_line(struct parser *p, dbw_text *line)
{
    if (p->at == p->text.length)
        return false;
    const char *from = p->text.data + p->at;
    size_t rest = p->text.length - p->at;
    const char *newline = memchr(from, '\n', rest);
    line->data = from;
    line->length = newline ? (size_t)(newline - from) : rest;
    p->at += line->length + (newline != NULL);
    p->line++;
    return true;
}

static bool word_character(char c)
{
    return (dbw_lower(c) >= 'a' && dbw_lower(c) <= 'z') || dbw_is_digit(c) || c == '_';
}

/* Cuts a word off the front of `text`. */
static dbw_text take_word(dbw_text *text)
{
    dbw_text word = {text->data, 0};
    while (word.length < text->length && word_character(text->data[word.length]))
        word.length++;
    *text = trim((dbw_text){text->data + word.length, text->length - word.length});
    return word;
}

static dbw_status check_id(const struct parser *p, dbw_text id, dbw_error *error)
{
    if (id.length == 0)
        return wrong(p, error, "the revision has no identifier");
    if (id.length > DBW_REVISION_ID_LIMIT)
        return wrong(p, error, "the revision identifier exceeds %d bytes", DBW_REVISION_ID_LIMIT);
    for (size_t i = 0; i < id.length; i++)
        if ((unsigned char)id.data[i] <= ' ' || id.data[i] == 0x7F ||
            strchr("@-+:,'\"", id.data[i]))
            return wrong(p, error, "character '%c' is not allowed in revision identifier '%.*s'",
                         (unsigned char)id.data[i] < ' ' ? '?' : id.data[i], (int)id.length,
                         id.data);
    return DBW_OK;
}

static dbw_status read_list(const struct parser *p, dbw_text value, dbw_revision_list *out,
                            dbw_error *error)
{
    while (value.length) {
        const char *comma = memchr(value.data, ',', value.length);
        size_t length = comma ? (size_t)(comma - value.data) : value.length;
        dbw_text item = trim((dbw_text){value.data, length});
        DBW_TRY(check_id(p, item, error));
        *DBW_APPEND(p->arena, out->items, out->count) = dbw_arena_text_string(p->arena, item);
        length += comma != NULL;
        if (comma && length == value.length)
            return wrong(p, error, "the list ends with a comma");
        value.data += length;
        value.length -= length;
    }
    return DBW_OK;
}

static dbw_status set_header(struct parser *p, enum header header, dbw_text value, dbw_error *error)
{
    dbw_revision_file *file = p->file;
    if (p->seen & 1u << header)
        return wrong(p, error, "'%s' stands there twice", headers[header]);
    p->seen |= 1u << header;
    switch (header) {
    case HEADER_REVISION:
        DBW_TRY(check_id(p, value, error));
        file->id = dbw_arena_text_string(p->arena, value);
        break;
    case HEADER_DOWN:
        return read_list(p, value, &file->down, error);
    case HEADER_LABELS:
        return read_list(p, value, &file->labels, error);
    case HEADER_DEPENDS:
        return read_list(p, value, &file->depends_on, error);
    case HEADER_MESSAGE:
        file->message = dbw_arena_text_string(p->arena, value);
        break;
    case HEADER_DATE:
        file->create_date = dbw_arena_text_string(p->arena, value);
        break;
    case HEADER_TRANSACTION:
        if (!dbw_text_is(value, "on") && !dbw_text_is(value, "off"))
            return wrong(p, error, "'transaction' is 'on' or 'off', not '%.*s'",
                         (int)(value.length < 40 ? value.length : 40), value.data);
        file->transaction = dbw_text_is(value, "on");
        break;
    case HEADER_COUNT:
        break;
    }
    return DBW_OK;
}

/* The registry's own name of a backend, NULL for an unknown one; "mariadb" is another word for
 * "mysql". Engines that are not built in count: the file may be meant for another build. */
static const char *backend_id(dbw_text name)
{
    const dbw_backend_info *info;
    if (dbw_text_is(name, "mariadb"))
        name = DBW_TEXT("mysql");
    for (size_t n = 0; (info = dbw_backend_at(n)) != NULL; n++)
        if (dbw_text_is(name, info->id))
            return info->id;
    return NULL;
}

static dbw_status start_section(struct parser *p, bool upgrade, dbw_text backend, dbw_error *error)
{
    dbw_revision_sections *sections = upgrade ? &p->file->upgrade : &p->file->downgrade;
    const char *verb = upgrade ? "upgrade" : "downgrade", *id = NULL;
    if (backend.length) {
        id = backend_id(backend);
        if (!id) {
            wrong(p, error, "unknown backend '%.*s' of the %s section", (int)backend.length,
                  backend.data, verb);
            return dbw_hint(error,
                            "A comment that starts with '-- %s' and one further word is "
                            "read as a section. Word it differently.",
                            verb);
        }
    }
    for (size_t i = 0; i < sections->count; i++) {
        const char *other = sections->items[i].backend;
        if (id == other || (id && other && strcmp(id, other) == 0))
            return wrong(p, error, "the %s section%s%s stands there twice", verb, id ? " for " : "",
                         id ? id : "");
    }
    p->section = DBW_APPEND(p->arena, sections->items, sections->count);
    *p->section = (dbw_revision_section){
        .backend = id, .sql = {p->text.data + p->at, 0}, .line = p->line + 1};
    return DBW_OK;
}

/* A line that starts with "--" in its first column; `*found` when it means something. */
static dbw_status comment_line(struct parser *p, dbw_text line, bool *found, dbw_error *error)
{
    dbw_text rest = trim((dbw_text){line.data + 2, line.length - 2});
    dbw_text word = take_word(&rest), all = rest, backend = take_word(&rest);
    *found = true;
    if (all.length == backend.length) {
        if (dbw_text_is(word, "upgrade"))
            return start_section(p, true, backend, error);
        if (dbw_text_is(word, "downgrade"))
            return start_section(p, false, backend, error);
    }
    *found = false;
    if (p->section || all.length == 0 || all.data[0] != ':')
        return DBW_OK;
    for (int i = 0; i < HEADER_COUNT; i++)
        if (dbw_text_is(word, headers[i])) {
            *found = true;
            return set_header(p, (enum header)i, trim((dbw_text){all.data + 1, all.length - 1}),
                              error);
        }
    return DBW_OK;
}

static dbw_status parse(struct parser *p, dbw_error *error)
{
    dbw_text line;
    while (next_line(p, &line)) {
        bool found = false;
        if (line.length >= 2 && line.data[0] == '-' && line.data[1] == '-')
            DBW_TRY(comment_line(p, line, &found, error));
        else if (!p->section && trim(line).length)
            return wrong(p, error, "SQL before the first section");
        if (p->section && !found)
            p->section->sql.length = (size_t)(p->text.data + p->at - p->section->sql.data);
    }
    if (!p->file->id) {
        dbw_fail(error, DBW_E_INVALID, "%s: the line '-- revision: ID' is missing", p->path);
        return dbw_error_object(error, "%s", p->path);
    }
    return DBW_OK;
}

static void checksum(dbw_text text, char out[65])
{
    unsigned char hash[32];
    crypto_generichash(hash, sizeof hash, (const unsigned char *)text.data, text.length, NULL, 0);
    sodium_bin2hex(out, 65, hash, sizeof hash);
}

dbw_status dbw_revision_file_parse(dbw_arena *arena, const char *path, dbw_text text,
                                   dbw_revision_file **out, dbw_error *error)
{
    if (text.length > DBW_REVISION_FILE_LIMIT)
        return dbw_fail(error, DBW_E_INVALID, "%s: exceeds %d bytes", path,
                        DBW_REVISION_FILE_LIMIT);
    if (text.length && memchr(text.data, '\0', text.length))
        return dbw_fail(error, DBW_E_INVALID, "%s: holds a NUL byte", path);
    if (!dbw_utf8_valid(text.data, text.length))
        return dbw_fail(error, DBW_E_INVALID, "%s: is not UTF-8", path);
    struct parser parser = {.arena = arena, .path = path, .text = text};
    parser.file = DBW_NEW(arena, dbw_revision_file);
    *parser.file = (dbw_revision_file){
        .path = dbw_arena_string(arena, path), .message = "", .transaction = true};
    DBW_TRY(parse(&parser, error));
    checksum(text, parser.file->checksum);
    *out = parser.file;
    return DBW_OK;
}

const dbw_revision_section *dbw_revision_section_for(const dbw_revision_sections *sections,
                                                     const char *backend)
{
    const dbw_revision_section *common = NULL;
    for (size_t i = 0; i < sections->count; i++) {
        if (!sections->items[i].backend)
            common = &sections->items[i];
        else if (strcmp(sections->items[i].backend, backend) == 0)
            return &sections->items[i];
    }
    return common;
}

dbw_status dbw_revision_file_read(dbw_arena *arena, const char *path, dbw_revision_file **out,
                                  dbw_error *error)
{
    dbw_text text;
    DBW_TRY(dbw_file_read(arena, path, DBW_REVISION_FILE_LIMIT, 0, &text, error));
    return dbw_revision_file_parse(arena, path, text, out, error);
}
