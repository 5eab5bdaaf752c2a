/* SPDX-License-Identifier: Apache-2.0 */
/* sqlalchemy.engine.URL.render_as_string() of SQLAlchemy 2.1, and the form that may be shown. */
#include "url/options.h"
#include "url/url_priv.h"

/* Quoting makes three bytes of one, and a decoder three of one before it; names stand repeatedly
 * in the options only when the URL had them so. */
enum { RENDER_LIMIT = 16 * DBW_URL_LIMIT };

static int compare_options(const void *left, const void *right, void *context)
{
    const dbw_url *url = context;
    size_t a = *(const size_t *)left;
    size_t b = *(const size_t *)right;
    int order = strcmp(url->options[a].name, url->options[b].name);
    return order != 0 ? order : (a > b) - (a < b);
}

size_t *dbw_url_option_order(dbw_arena *arena, const dbw_url *url)
{
    size_t *order = DBW_NEW_ARRAY(arena, url->option_count + 1, size_t);
    for (size_t i = 0; i < url->option_count; i++)
        order[i] = i;
    qsort_r(order, url->option_count, sizeof *order, compare_options, (void *)(uintptr_t)url);
    return order;
}

static void add_host(dbw_buffer *out, const char *host)
{
    bool brackets = strchr(host, ':') != NULL;
    if (brackets)
        dbw_buffer_add_char(out, '[');
    dbw_buffer_add_string(out, host);
    if (brackets)
        dbw_buffer_add_char(out, ']');
}

static void add_user(dbw_buffer *out, const dbw_url *url)
{
    if (!url->username)
        return;
    dbw_url_quote(out, url->username, " +");
    if (url->password) {
        dbw_buffer_add_char(out, ':');
        dbw_url_quote(out, url->password, " +");
    }
    dbw_buffer_add_char(out, '@');
}

char *dbw_url_render(dbw_arena *arena, const dbw_url *url)
{
    dbw_buffer out;
    dbw_buffer_init(&out, RENDER_LIMIT);
    dbw_buffer_printf(&out, "%s://", url->drivername);
    add_user(&out, url);
    if (url->host)
        add_host(&out, url->host);
    if (url->port != 0)
        dbw_buffer_printf(&out, ":%d", url->port);
    if (url->database) {
        dbw_buffer_add_char(&out, '/');
        dbw_url_quote(&out, url->database, " +/");
    }
    const size_t *order = dbw_url_option_order(arena, url);
    for (size_t i = 0; i < url->option_count; i++) {
        const dbw_url_option *option = &url->options[order[i]];
        dbw_buffer_add_char(&out, i == 0 ? '?' : '&');
        dbw_url_quote_plus(&out, option->name);
        dbw_buffer_add_char(&out, '=');
        dbw_url_quote_plus(&out, option->value);
    }
    return dbw_url_finish(arena, &out);
}

/** A part that itself holds a URL with a password, or a password of its own, is not shown. */
static bool hides(dbw_buffer *out, dbw_arena *arena, const char *part)
{
    if (strcmp(dbw_redact(arena, dbw_text_of(part)), part) == 0)
        return false;
    dbw_buffer_add_string(out, "***");
    return true;
}

static void add_shown_option(dbw_buffer *out, dbw_arena *arena, const dbw_url_option *option)
{
    if (!hides(out, arena, option->name))
        dbw_url_quote_plus(out, option->name);
    dbw_buffer_add_char(out, '=');
    if (dbw_url_is_secret(dbw_text_of(option->name)))
        dbw_buffer_add_string(out, "***");
    else if (!hides(out, arena, option->value))
        dbw_url_quote_plus(out, option->value);
}

static void add_shown_user(dbw_buffer *out, dbw_arena *arena, const dbw_url *url)
{
    if (!url->username)
        return;
    if (!hides(out, arena, url->username))
        dbw_url_quote(out, url->username, " +");
    dbw_buffer_add_string(out, url->password ? ":***@" : "@");
}

char *dbw_url_redacted(dbw_arena *arena, const dbw_url *url)
{
    if (url->doubtful)
        return dbw_redact(arena, dbw_text_of(url->doubtful));
    dbw_buffer out;
    dbw_buffer_init(&out, RENDER_LIMIT);
    dbw_buffer_printf(&out, "%s://", url->drivername);
    add_shown_user(&out, arena, url);
    if (url->host && !hides(&out, arena, url->host))
        add_host(&out, url->host);
    if (url->port != 0)
        dbw_buffer_printf(&out, ":%d", url->port);
    if (url->database) {
        dbw_buffer_add_char(&out, '/');
        if (!hides(&out, arena, url->database))
            dbw_url_quote(&out, url->database, " +/");
    }
    const size_t *order = dbw_url_option_order(arena, url);
    for (size_t i = 0; i < url->option_count; i++) {
        dbw_buffer_add_char(&out, i == 0 ? '?' : '&');
        add_shown_option(&out, arena, &url->options[order[i]]);
    }
    return dbw_url_finish(arena, &out);
}

char *dbw_url_shown(dbw_arena *arena, dbw_text text)
{
    dbw_url *url = NULL;
    dbw_error error;
    if (dbw_url_parse(arena, text, &url, &error) != DBW_OK)
        return dbw_arena_string(arena, "***");
    return dbw_url_redacted(arena, url);
}

const char *dbw_url_option_value(const dbw_url *url, const char *name)
{
    for (size_t i = url->option_count; i > 0; i--)
        if (strcmp(url->options[i - 1].name, name) == 0)
            return url->options[i - 1].value;
    return NULL;
}
