/* SPDX-License-Identifier: Apache-2.0 */
#include "revision/splitter.h"

#include "revision/splitter_priv.h"

static const struct {
    const char *backend;
    dbw_splitter_rules rules;
} known[] = {
    {"sqlite", {.backticks = true, .brackets = true, .bodies = true}},
    {"postgresql",
     {.escape_strings = true,
      .dollar_quotes = true,
      .nested_comments = true,
      .atomic_bodies = true}},
    {"mysql",
     {.backslashes = true,
      .hash_comments = true,
      .strict_dashes = true,
      .version_comments = true,
      .backticks = true,
      .bodies = true,
      .delimiter = true}},
};

static const dbw_splitter_rules standard;

const dbw_splitter_rules *dbw_splitter_rules_for(const char *backend)
{
    for (size_t i = 0; i < DBW_COUNT(known); i++)
        if (strcmp(known[i].backend, backend) == 0)
            return &known[i].rules;
    return &standard;
}

void dbw_splitter_start(dbw_splitter *splitter, const dbw_splitter_rules *rules, dbw_text script,
                        int line)
{
    *splitter = (dbw_splitter){.rules = rules, .script = script, .line = line, .delimiter = ";"};
}

/* What stood before the present word decides whether it is a keyword. */
typedef enum before { BEFORE_OTHER, BEFORE_DOT, BEFORE_SEMICOLON, BEFORE_OPENER } before;

/* Where in a statement the splitter is: is it one that has a body, and how deep is it in it. */
struct body {
    bool first;   /* no word was seen */
    bool prefix;  /* behind CREATE, its kind not seen */
    bool routine; /* CREATE TRIGGER, PROCEDURE, FUNCTION, EVENT */
    bool begin;   /* behind BEGIN, where it must be followed by ATOMIC */
    bool end;     /* behind END: the next word may belong to it */
    size_t cases, blocks;
    before before;
};

static bool is_any(dbw_text word, const char *const *list, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (dbw_text_equal_nocase(word, dbw_text_of(list[i])))
            return true;
    return false;
}

static bool is_word(dbw_text word, const char *keyword)
{
    return dbw_text_equal_nocase(word, dbw_text_of(keyword));
}

static void prefix_word(struct body *body, dbw_text word)
{
    static const char *const routines[] = {"trigger", "procedure", "function", "event"};
    static const char *const others[] = {"table", "view", "index"};
    if (body->first)
        body->prefix = is_word(word, "create");
    else if (body->prefix && is_any(word, routines, DBW_COUNT(routines)))
        body->routine = true;
    if (body->routine || is_any(word, others, DBW_COUNT(others)))
        body->prefix = false;
    body->first = false;
}

/*
 * What the END before the present element closed: `END IF` and its like something that was never
 * counted, `END CASE` a CASE, anything else a block.
 */
static bool settle_end(struct body *body, dbw_text word)
{
    static const char *const uncounted[] = {"if", "loop", "while", "repeat", "for"};
    if (!body->end)
        return false;
    body->end = false;
    if (is_any(word, uncounted, DBW_COUNT(uncounted)))
        return true;
    bool cases = is_word(word, "case");
    size_t *open = cases ? &body->cases : &body->blocks;
    *open -= *open > 0;
    return cases;
}

/* An END where a statement could start closes a statement; elsewhere it ends a CASE expression. */
static void end_word(struct body *body, before before_word)
{
    if (before_word == BEFORE_SEMICOLON || before_word == BEFORE_OPENER)
        body->end = true;
    else
        body->cases -= body->cases > 0;
}

static void body_word(struct body *body, dbw_text word, bool atomic)
{
    bool after_begin = body->begin;
    before before_word = body->before;
    body->begin = false;
    body->before = BEFORE_OTHER;
    if (settle_end(body, word) || before_word == BEFORE_DOT)
        return;
    if (is_word(word, "begin")) {
        body->begin = true;
        body->blocks += !atomic;
        body->before = BEFORE_OPENER;
    } else if (atomic && after_begin && is_word(word, "atomic")) {
        body->blocks++;
        body->before = BEFORE_OPENER;
    } else if (is_word(word, "case") && body->blocks) {
        body->cases++;
    } else if (is_word(word, "end") && body->blocks) {
        end_word(body, before_word);
    }
}

static void statement_word(struct body *body, const dbw_splitter *s, dbw_text word)
{
    if (!s->rules->bodies && !s->rules->atomic_bodies)
        return;
    if (body->routine)
        body_word(body, word, s->rules->atomic_bodies);
    else if (body->first || body->prefix)
        prefix_word(body, word);
}

/* At the start of a statement: DELIMITER and the rest of its line. */
static dbw_status delimiter_command(dbw_splitter *s, dbw_error *error)
{
    const char *data = s->script.data + s->at;
    size_t rest = s->script.length - s->at, i = 0, length = 0;
    while (i < rest && (data[i] == ' ' || data[i] == '\t'))
        i++;
    while (i + length < rest && !dbw_is_space(data[i + length]))
        length++;
    if (length == 0)
        return dbw_fail(error, DBW_E_INVALID, "line %d: DELIMITER without a delimiter", s->line);
    if (length >= DBW_SPLITTER_DELIMITER_LIMIT || memchr(data + i, '\\', length) ||
        memchr(data + i, '\0', length))
        return dbw_fail(error, DBW_E_INVALID, "line %d: unusable delimiter", s->line);
    memcpy(s->delimiter, data + i, length);
    s->delimiter[length] = '\0';
    const char *newline = memchr(data + i, '\n', rest - i);
    dbw_splitter_advance(s, newline ? (size_t)(newline - data) : rest);
    return DBW_OK;
}

/* From the statement's first element to its delimiter or the end of the script. */
static dbw_status finish(dbw_splitter *s, struct body *body, size_t *end, dbw_error *error)
{
    bool own_delimiter = strcmp(s->delimiter, ";") != 0;
    for (;;) {
        dbw_scan_kind kind;
        dbw_text text;
        DBW_TRY(dbw_splitter_scan(s, &kind, &text, error));
        if (kind == DBW_SCAN_SPACE || kind == DBW_SCAN_MARK)
            continue;
        if (kind != DBW_SCAN_WORD)
            settle_end(body, DBW_TEXT(""));
        if (kind == DBW_SCAN_END) {
            if (body->blocks + body->cases && !own_delimiter)
                return dbw_fail(error, DBW_E_INVALID, "line %d: unterminated BEGIN … END body",
                                s->line);
            *end = s->at;
            return DBW_OK;
        }
        if (kind == DBW_SCAN_DELIMITER && (own_delimiter || body->blocks + body->cases == 0)) {
            *end = s->at - text.length;
            return DBW_OK;
        }
        if (kind == DBW_SCAN_WORD) {
            statement_word(body, s, text);
            continue;
        }
        body->first = body->begin = false;
        body->before = kind == DBW_SCAN_DELIMITER || text.data[0] == ';' ? BEFORE_SEMICOLON
                       : text.data[0] == '.'                             ? BEFORE_DOT
                                                                         : BEFORE_OTHER;
    }
}

dbw_status dbw_splitter_next(dbw_splitter *splitter, dbw_statement *out, bool *found,
                             dbw_error *error)
{
    *found = false;
    for (;;) {
        size_t from = splitter->at;
        int line = splitter->line;
        dbw_scan_kind kind;
        dbw_text text;
        DBW_TRY(dbw_splitter_scan(splitter, &kind, &text, error));
        if (kind == DBW_SCAN_END)
            return DBW_OK;
        if (kind == DBW_SCAN_SPACE || kind == DBW_SCAN_DELIMITER)
            continue;
        struct body body = {.first = true};
        if (kind == DBW_SCAN_WORD) {
            if (splitter->rules->delimiter && is_word(text, "delimiter")) {
                DBW_TRY(delimiter_command(splitter, error));
                continue;
            }
            statement_word(&body, splitter, text);
        } else if (kind != DBW_SCAN_MARK) {
            body.first = false;
        }
        size_t end = from;
        DBW_TRY(finish(splitter, &body, &end, error));
        const char *data = splitter->script.data;
        while (end > from && dbw_is_space(data[end - 1]))
            end--;
        *out = (dbw_statement){.text = {data + from, end - from}, .line = line};
        *found = true;
        return DBW_OK;
    }
}
