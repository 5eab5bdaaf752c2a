/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Hiding secrets in any text. Every pass marks bytes of one mask, so that passes may overlap; each
 * marked run then becomes `***`. Where it cannot be known whether something is a secret, it is
 * hidden: a password may hold spaces, quotes, '@' and line ends.
 */
#include "url/options.h"
#include "url/url_priv.h"

enum { HIDDEN = 1, BOUNDARY = 2 };

typedef struct scan {
    const char *text;
    size_t length;
    unsigned char *mask; /* HIDDEN, and BOUNDARY where a URL begins after white space */
    /* How far the last walks of each kind went, so that no byte is walked over for every name. */
    size_t query_from, query_to, word_from, word_to, quoted_to;
} scan;

static bool is_word(char c)
{
    return dbw_is_digit(c) || (dbw_lower(c) >= 'a' && dbw_lower(c) <= 'z') || c == '_' ||
           c == '+' || c == '-' || c == '.';
}

static bool is_quote(char c)
{
    return c == '\'' || c == '"' || c == '`';
}

static void hide(scan *s, size_t from, size_t to)
{
    /* The placeholder of our own hints: "postgresql://USER:PASSWORD@HOST". */
    static const char placeholder[] = "PASSWORD";
    if (to - from == sizeof placeholder - 1 && memcmp(s->text + from, placeholder, to - from) == 0)
        return;
    for (size_t i = from; i < to && i < s->length; i++)
        s->mask[i] |= HIDDEN;
}

/** The length of `c` at `at`, plain (1) or percent-encoded (3); 0 when something else is there. */
static size_t mark_at(const scan *s, size_t at, char c, const char *encoded)
{
    if (s->text[at] == c)
        return 1;
    dbw_text three = {s->text + at, 3};
    return at + 3 <= s->length && dbw_text_equal_nocase(three, dbw_text_of(encoded)) ? 3 : 0;
}

static bool known_scheme(dbw_text word)
{
    static const char *const names[] = {"postgresql", "postgres", "mysql", "mariadb", "sqlite"};
    size_t n = 0;
    while (n < word.length && word.data[n] != '+')
        n++;
    for (size_t i = 0; i < DBW_COUNT(names); i++)
        if (dbw_text_equal_nocase((dbw_text){word.data, n}, dbw_text_of(names[i])))
            return true;
    return false;
}

/**
 * The offset behind the slashes of a URL whose scheme ends at `at`, 0 when none does. Any scheme
 * counts before ":/"; those of databases also with the colon or the slashes forgotten.
 */
static size_t authority_at(const scan *s, size_t at, size_t word)
{
    char c = s->text[at];
    char next = at + 1 < s->length ? s->text[at + 1] : ' ';
    bool slashed = c == ':' && next == '/';
    bool forgotten = (c == ':' || c == '/') && !dbw_is_space(next) &&
                     known_scheme((dbw_text){s->text + at - word, word});
    if (!slashed && !forgotten)
        return 0;
    at++;
    while (at < s->length && s->text[at] == '/')
        at++;
    return at;
}

/** Is what stands behind ':' a port, as far as one can see? */
static bool is_port(const scan *s, size_t at, size_t end)
{
    size_t digits = at;
    while (at < end && dbw_is_digit(s->text[at]))
        at++;
    if (at == digits)
        return at == end || dbw_is_space(s->text[at]);
    while (at < end && strchr("\"'`),.;:]}>", s->text[at]) && s->text[at] != '\0')
        at++;
    return at == end || dbw_is_space(s->text[at]) || strchr("/?#", s->text[at]);
}

/** Where a password without any '@' behind it begins, "scheme://user:secret"; `end` without one. */
static size_t unfinished_at(const scan *s, size_t from, size_t end)
{
    size_t at = from;
    if (at < end && s->text[at] == '[')
        while (at < end && s->text[at] != ']' && !dbw_is_space(s->text[at]))
            at++;
    while (at < end && s->text[at] != ':' && s->text[at] != '/' && s->text[at] != '?' &&
           !dbw_is_space(s->text[at]))
        at++;
    return at < end && s->text[at] == ':' && !is_port(s, at + 1, end) ? at + 1 : end;
}

/** From the first ':' of the authority to the last '@' of the extent. */
static void hide_user_info(scan *s, size_t from, size_t end)
{
    size_t colon = from;
    size_t width = 0;
    while (colon < end && (width = mark_at(s, colon, ':', "%3A")) == 0)
        colon++;
    size_t at = end;
    while (at > colon && mark_at(s, at - 1, '@', "%40") == 0)
        at--;
    if (at > colon)
        hide(s, colon + width, at - 1);
    else
        hide(s, unfinished_at(s, from, end), end);
}

/**
 * A URL reaches to the next one behind white space, or to the end: a password may hold anything.
 * One whose password has not met its '@' yet reaches over the next one, too.
 */
static void hide_urls(scan *s)
{
    size_t from = 0; /* the open URL's authority; 0 while none is open */
    size_t last_at = 0;
    size_t word = 0;
    bool pending = false;
    for (size_t i = 0; i < s->length; i++) {
        if (is_word(s->text[i])) {
            word++;
            continue;
        }
        if (mark_at(s, i, '@', "%40") > 0)
            last_at = i;
        size_t authority = authority_at(s, i, word);
        size_t begin = i - word;
        word = 0;
        if (authority == 0)
            continue;
        bool slashed = s->text[i] == ':' && i + 1 < s->length && s->text[i + 1] == '/';
        bool separated = slashed && begin < i && (begin == 0 || dbw_is_space(s->text[begin - 1]));
        if (separated && from > 0 && last_at < from)
            pending = pending || unfinished_at(s, from, begin) < begin;
        if (from == 0 || (separated && (!pending || last_at >= from))) {
            if (from > 0)
                hide_user_info(s, from, begin);
            if (separated)
                s->mask[begin] |= BOUNDARY;
            from = authority;
            pending = false;
        }
        i = authority - 1;
    }
    if (from > 0)
        hide_user_info(s, from, s->length);
}

/** "user:password@host" without a scheme: within one word. */
static void hide_words(scan *s)
{
    for (size_t i = 0; i < s->length; i++) {
        size_t colon = s->length;
        size_t at = 0;
        for (; i < s->length && !dbw_is_space(s->text[i]); i++) {
            bool scheme = i + 2 < s->length && memcmp(s->text + i, "://", 3) == 0;
            if (s->text[i] == ':' && !scheme && colon == s->length)
                colon = i;
            if (s->text[i] == '@')
                at = i;
        }
        if (at > colon)
            hide(s, colon + 1, at);
    }
}

/** Behind the quote that closes the one at `at`; `end` when none does. */
static size_t behind_quoted(const scan *s, size_t at, size_t end)
{
    char quote = s->text[at];
    for (size_t i = at + 1; i < end; i++) {
        if (s->text[i] == '\\')
            i++;
        else if (s->text[i] == quote)
            return i + 1;
    }
    return end;
}

/** The end of a value of a query string: '&', or the next URL, or the end of the text. */
static size_t query_value_end(scan *s, size_t at)
{
    if (at < s->length && is_quote(s->text[at])) {
        size_t behind = behind_quoted(s, at, s->length);
        if (behind < s->length)
            at = behind;
    }
    if (at >= s->query_from && at < s->query_to)
        return s->query_to;
    s->query_from = at;
    while (at < s->length && s->text[at] != '&' && !(s->mask[at] & BOUNDARY))
        at++;
    s->query_to = at;
    return at;
}

/** The next white space that no backslash escapes. */
static size_t word_end(scan *s, size_t at)
{
    if (at >= s->word_from && at < s->word_to)
        return s->word_to;
    s->word_from = at;
    while (at < s->length && !dbw_is_space(s->text[at]))
        at += s->text[at] == '\\' && at + 1 < s->length ? 2 : 1;
    s->word_to = at;
    return at;
}

/** The end of a value of a connection string, of JSON or of prose; `at` is moved to its begin. */
static size_t plain_value_end(scan *s, size_t *at, bool whole_line)
{
    while (*at < s->length && (dbw_is_space(s->text[*at]) || strchr("=>:\\", s->text[*at])) &&
           s->text[*at] != '\0')
        (*at)++;
    size_t end = *at;
    if (whole_line) {
        while (end < s->length && s->text[end] != '\n')
            end++;
        return end;
    }
    if (end < s->length && is_quote(s->text[end])) {
        end = behind_quoted(s, end, s->length);
        if (end > *at + 1 && s->text[end - 1] == s->text[*at]) {
            (*at)++;
            if (end == s->length || !is_word(s->text[end]))
                return end - 1;
        }
    }
    return word_end(s, end);
}

/** The name before the '=' or ':' at `at`: the word there, its quotes and spaces set aside. */
static dbw_text name_before(const scan *s, size_t at)
{
    size_t end = at;
    while (end > 0 && (dbw_is_space(s->text[end - 1]) || is_quote(s->text[end - 1]) ||
                       s->text[end - 1] == '\\'))
        end--;
    size_t begin = end;
    while (begin > 0 && (is_word(s->text[begin - 1]) || s->text[begin - 1] == '%'))
        begin--;
    return (dbw_text){s->text + begin, end - begin};
}

/** MariaDB's "(using password: YES)" tells whether one was sent: no secret, and useful. */
static bool is_using_password(const scan *s, size_t at)
{
    static const char yes[] = "using password: YES)";
    static const char no[] = "using password: NO)";
    size_t before = sizeof "using password" - 1;
    if (at < before)
        return false;
    dbw_text tail = {s->text + at - before, s->length - at + before};
    return (tail.length >= sizeof yes - 1 && memcmp(tail.data, yes, sizeof yes - 1) == 0) ||
           (tail.length >= sizeof no - 1 && memcmp(tail.data, no, sizeof no - 1) == 0);
}

static void hide_assignments(scan *s)
{
    for (size_t i = 0; i < s->length; i++) {
        if (s->text[i] != '=' && s->text[i] != ':')
            continue;
        dbw_text name = name_before(s, i);
        if (name.length == 0 || !dbw_url_is_secret(name) || is_using_password(s, i))
            continue;
        size_t begin = (size_t)(name.data - s->text);
        bool in_query = s->text[i] == '=' && begin > 0 && strchr("?&;", s->text[begin - 1]);
        size_t from = i + 1;
        bool whole_line = dbw_text_equal_nocase(name, DBW_TEXT("authorization")) ||
                          dbw_text_equal_nocase(name, DBW_TEXT("cookie"));
        size_t to = in_query ? query_value_end(s, from) : plain_value_end(s, &from, whole_line);
        hide(s, from, to);
    }
}

/** Every quoted string from `at` to the end of the statement. */
static void hide_quoted(scan *s, size_t at)
{
    if (at < s->quoted_to)
        return;
    while (at < s->length && s->text[at] != ';') {
        if (!is_quote(s->text[at])) {
            at++;
            continue;
        }
        size_t behind = behind_quoted(s, at, s->length);
        hide(s, at + 1, behind - (s->text[behind - 1] == s->text[at] && behind > at + 1));
        at = behind;
    }
    s->quoted_to = at;
}

/** SQL: PASSWORD 'x', PASSWORD('x'), SET PASSWORD FOR u = 'x', IDENTIFIED BY 'x'. */
static void hide_statements(scan *s)
{
    size_t word = 0;
    for (size_t i = 0; i <= s->length; i++) {
        if (i < s->length && is_word(s->text[i])) {
            word++;
            continue;
        }
        dbw_text name = {s->text + i - word, word};
        word = 0;
        bool password = dbw_text_equal_nocase(name, DBW_TEXT("password"));
        if (!password && !dbw_text_equal_nocase(name, DBW_TEXT("identified")))
            continue;
        if (name.data > s->text && i < s->length && is_quote(s->text[i]) &&
            name.data[-1] == s->text[i])
            continue; /* a quoted word: a key of JSON */
        size_t next = i;
        while (next < s->length && (dbw_is_space(s->text[next]) || s->text[next] == '('))
            next++;
        dbw_text three = {s->text + next, s->length - next < 4 ? 0 : 4};
        if (!password || dbw_text_equal_nocase(three, DBW_TEXT("for ")) ||
            (next < s->length && is_quote(s->text[next])))
            hide_quoted(s, next);
    }
}

/** Our own access tokens: "dbw_" and 43 characters of base64url. */
static void hide_tokens(scan *s)
{
    for (size_t i = 0; i + 24 <= s->length; i++) {
        if (memcmp(s->text + i, "dbw_", 4) != 0)
            continue;
        size_t end = i + 4;
        while (end < s->length && is_word(s->text[end]) && s->text[end] != '.' &&
               s->text[end] != '+')
            end++;
        if (end - i >= 24)
            hide(s, i + 4, end);
        i = end - 1;
    }
}

void dbw_redact_into(dbw_buffer *out, dbw_text text)
{
    scan s = {.text = text.data, .length = text.length, .mask = calloc(text.length + 1, 1)};
    if (!s.mask) {
        dbw_buffer_add_string(out, "***");
        return;
    }
    hide_urls(&s);
    hide_words(&s);
    hide_assignments(&s);
    hide_statements(&s);
    hide_tokens(&s);
    for (size_t i = 0; i < text.length;) {
        size_t run = i;
        while (run < text.length && ((s.mask[run] ^ s.mask[i]) & HIDDEN) == 0)
            run++;
        if (s.mask[i] & HIDDEN)
            dbw_buffer_add_string(out, "***");
        else
            dbw_buffer_add(out, text.data + i, run - i);
        i = run;
    }
    free(s.mask);
}

char *dbw_redact(dbw_arena *arena, dbw_text text)
{
    dbw_buffer out;
    dbw_buffer_init(&out, 4 * text.length + 16);
    dbw_redact_into(&out, text);
    return dbw_url_finish(arena, &out);
}
