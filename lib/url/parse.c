/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SQLAlchemy matches one regular expression from the left and drops what it leaves over:
 *
 *   [\w+]+:// (?: [^:/]* (?: :[^@]* )? @ )?  (?: \[[^/?]+\] | [^/:?]+ )? (?: :[^/?]* )?
 *             (?: /[^?]* )? (?: \?.* )?
 *
 * The functions below take its parts one after the other, with its greediness. What it would drop
 * is an error here.
 */
#include "base/utf8.h"
#include "url/url_priv.h"

#define CANNOT "unable to parse database URL: "

static dbw_text cut(dbw_text *rest, size_t length)
{
    dbw_text head = {rest->data, length};
    rest->data += length;
    rest->length -= length;
    return head;
}

/** The number of bytes before the first of `stops`, or all. */
static size_t span_until(dbw_text text, const char *stops)
{
    size_t n = 0;
    while (n < text.length && !(text.data[n] != '\0' && strchr(stops, text.data[n])))
        n++;
    return n;
}

static bool starts_with(dbw_text text, char c)
{
    return text.length > 0 && text.data[0] == c;
}

static dbw_text without_first(dbw_text text)
{
    return (dbw_text){text.data + 1, text.length - 1};
}

static bool is_scheme_byte(char c)
{
    return dbw_is_digit(c) || (dbw_lower(c) >= 'a' && dbw_lower(c) <= 'z') || c == '_' || c == '+';
}

const char *dbw_url_backend_of(const char *scheme)
{
    if (strcmp(scheme, "postgresql") == 0)
        return "postgresql";
    if (strcmp(scheme, "mysql") == 0 || strcmp(scheme, "mariadb") == 0)
        return "mysql";
    if (strcmp(scheme, "sqlite") == 0)
        return "sqlite";
    return NULL;
}

static dbw_status parse_scheme(dbw_arena *arena, dbw_text *rest, dbw_url *url, dbw_error *error)
{
    size_t n = 0;
    while (n < rest->length && is_scheme_byte(rest->data[n]))
        n++;
    if (n == 0 || rest->length - n < 3 || memcmp(rest->data + n, "://", 3) != 0) {
        (void)dbw_fail(error, DBW_E_INVALID, CANNOT "it does not begin with a backend and '://'");
        return dbw_hint(error, "Write postgresql://USER:PASSWORD@HOST/DATABASE, "
                               "mysql://USER:PASSWORD@HOST/DATABASE or sqlite:///PATH.");
    }
    url->drivername = dbw_arena_text_string(arena, cut(rest, n));
    (void)cut(rest, 3);
    const char *plus = strchr(url->drivername, '+');
    size_t length = plus ? (size_t)(plus - url->drivername) : n;
    char *scheme = dbw_arena_text_string(arena, (dbw_text){url->drivername, length});
    const char *known = dbw_url_backend_of(scheme);
    url->backend = known ? dbw_arena_string(arena, known) : scheme;
    url->driver = plus ? dbw_arena_string(arena, plus + 1) : NULL;
    return DBW_OK;
}

static dbw_status parse_user(dbw_arena *arena, dbw_text *rest, dbw_url *url, dbw_error *error)
{
    size_t run = span_until(*rest, ":/");
    dbw_text tail = {rest->data + run, rest->length - run};
    if (starts_with(tail, ':')) {
        dbw_text after = without_first(tail);
        size_t at = span_until(after, "@");
        if (at < after.length) {
            DBW_TRY(dbw_url_unquote(arena, (dbw_text){rest->data, run}, DBW_URL_PLUS_KEEP,
                                    &url->username, error));
            DBW_TRY(dbw_url_unquote(arena, (dbw_text){after.data, at}, DBW_URL_PLUS_KEEP,
                                    &url->password, error));
            (void)cut(rest, run + 1 + at + 1);
            return DBW_OK;
        }
    }
    for (size_t n = run; n > 0; n--) {
        if (rest->data[n - 1] == '@') {
            dbw_text name = cut(rest, n);
            name.length--;
            return dbw_url_unquote(arena, name, DBW_URL_PLUS_KEEP, &url->username, error);
        }
    }
    return DBW_OK;
}

/** A host in brackets: true when there is one; `*rubbish` when it is not followed as it must be. */
static bool take_bracketed(dbw_text *rest, dbw_text *host, bool *rubbish)
{
    size_t end = span_until(*rest, "/?");
    size_t close = end;
    while (close > 0 && rest->data[close - 1] != ']')
        close--;
    if (close < 3)
        return false;
    *host = (dbw_text){rest->data + 1, close - 2};
    *rubbish = memchr(host->data, ']', host->length) || memchr(host->data, '[', host->length) ||
               (close < end && rest->data[close] != ':');
    (void)cut(rest, close);
    return true;
}

static dbw_status parse_host(dbw_arena *arena, dbw_text *rest, dbw_url *url, dbw_error *error)
{
    dbw_text host = {0};
    bool rubbish = false;
    if (!starts_with(*rest, '[') || !take_bracketed(rest, &host, &rubbish))
        host = cut(rest, span_until(*rest, "/:?"));
    if (rubbish)
        return dbw_fail(error, DBW_E_INVALID,
                        CANNOT "only a port may follow the brackets around an IPv6 address");
    if (host.length > 0)
        url->host = dbw_arena_text_string(arena, host);
    return DBW_OK;
}

static dbw_status bad_port(dbw_error *error)
{
    (void)dbw_fail(error, DBW_E_INVALID, CANNOT "the port is not a number from 1 to 65535");
    (void)dbw_error_object(error, "port");
    return dbw_hint(error, "An IPv6 address stands in brackets: [::1]. "
                           "Write ':', '/' and '@' in a password as %%3A, %%2F and %%40.");
}

static dbw_status parse_port(dbw_text *rest, dbw_url *url, dbw_error *error)
{
    if (!starts_with(*rest, ':'))
        return DBW_OK;
    (void)cut(rest, 1);
    dbw_text digits = cut(rest, span_until(*rest, "/?"));
    int64_t port = 0;
    if (digits.length == 0 || !dbw_is_digit(digits.data[0]) || !dbw_text_to_int64(digits, &port) ||
        port < 1 || port > 65535)
        return bad_port(error);
    url->port = (int)port;
    return DBW_OK;
}

/** Python's parse_qsl(): names without '=' and names with an empty value are dropped. */
static dbw_status parse_query(dbw_arena *arena, dbw_text query, dbw_url *url, dbw_error *error)
{
    while (query.length > 0) {
        dbw_text pair = cut(&query, span_until(query, "&"));
        if (query.length > 0)
            (void)cut(&query, 1);
        dbw_text name = cut(&pair, span_until(pair, "="));
        if (pair.length < 2)
            continue;
        (void)cut(&pair, 1);
        dbw_url_option *option = DBW_APPEND(arena, url->options, url->option_count);
        DBW_TRY(dbw_url_unquote(arena, name, DBW_URL_PLUS_IS_SPACE, &option->name, error));
        DBW_TRY(dbw_url_unquote(arena, pair, DBW_URL_PLUS_IS_SPACE, &option->value, error));
    }
    return DBW_OK;
}

static dbw_status check_text(dbw_text text, dbw_error *error)
{
    if (text.length == 0)
        return dbw_fail(error, DBW_E_INVALID, CANNOT "it is empty");
    if (text.length > DBW_URL_LIMIT)
        return dbw_fail(error, DBW_E_INVALID, CANNOT "it is longer than %d bytes", DBW_URL_LIMIT);
    if (memchr(text.data, '\0', text.length))
        return dbw_fail(error, DBW_E_INVALID, CANNOT "it holds a NUL");
    if (!dbw_utf8_valid(text.data, text.length))
        return dbw_fail(error, DBW_E_INVALID, CANNOT "it is not valid UTF-8");
    return DBW_OK;
}

/**
 * SQLAlchemy's password ends at the first '@': in "u:p@s/s@host" its rest is taken for host and
 * database, in "u/x:p@host" all of it for a database. A '=' in front of the query comes from some
 * other form, "host=h password=p". `rest` begins behind the user info.
 */
static bool is_doubtful(dbw_text text, dbw_text rest)
{
    size_t begin = (size_t)((const char *)memmem(text.data, text.length, "://", 3) - text.data) + 3;
    dbw_text whole = {text.data + begin, text.length - begin};
    size_t colon = span_until(whole, ":");
    size_t taken = whole.length - rest.length;
    size_t from = colon > taken ? colon : taken;
    if (rest.length > 0 && memchr(rest.data, '=', span_until(rest, "?")))
        return true;
    return colon < whole.length && memchr(whole.data + from, '@', whole.length - from) != NULL;
}

dbw_status dbw_url_parse(dbw_arena *arena, dbw_text text, dbw_url **out, dbw_error *error)
{
    DBW_TRY(check_text(text, error));
    dbw_url *url = DBW_NEW(arena, dbw_url);
    dbw_text rest = text;
    DBW_TRY(parse_scheme(arena, &rest, url, error));
    DBW_TRY(parse_user(arena, &rest, url, error));
    if (is_doubtful(text, rest))
        url->doubtful = dbw_arena_text_string(arena, text);
    DBW_TRY(parse_host(arena, &rest, url, error));
    DBW_TRY(parse_port(&rest, url, error));
    if (starts_with(rest, '/')) {
        (void)cut(&rest, 1);
        DBW_TRY(dbw_url_unquote(arena, cut(&rest, span_until(rest, "?")), DBW_URL_PLUS_KEEP,
                                &url->database, error));
    }
    if (starts_with(rest, '?'))
        DBW_TRY(parse_query(arena, without_first(rest), url, error));
    *out = url;
    return DBW_OK;
}
