/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A URL that parses means the same after rendering, and redaction leaves no secret: a canary is
 * put where passwords stand, in well-formed and malformed URLs, options and connection strings,
 * amid whatever bytes the fuzzer makes up.
 *
 * Input: one byte that chooses the form, then pieces separated by 0xFF.
 */
#include "base/buffer.h"
#include "url/options.h"
#include "url/url.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char canary[] = "cAnArY7f3d";

static void check(bool holds)
{
    if (!holds)
        abort();
}

static bool same(const char *a, const char *b)
{
    return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

/** Equal names keep their order; different ones are sorted by rendering. */
static bool same_options(const dbw_url *a, const dbw_url *b)
{
    if (a->option_count != b->option_count)
        return false;
    for (size_t i = 0; i < a->option_count; i++) {
        const char *name = a->options[i].name;
        size_t nth = 0;
        for (size_t j = 0; j < i; j++)
            nth += strcmp(a->options[j].name, name) == 0;
        size_t j = 0;
        for (; j < b->option_count; j++)
            if (strcmp(b->options[j].name, name) == 0 && nth-- == 0)
                break;
        if (j == b->option_count || strcmp(a->options[i].value, b->options[j].value) != 0)
            return false;
    }
    return true;
}

static void check_stable(dbw_arena *arena, dbw_text text)
{
    dbw_error error;
    dbw_url *first = NULL;
    dbw_url *second = NULL;
    dbw_error_clear(&error);
    if (dbw_url_parse(arena, text, &first, &error) != DBW_OK) {
        check(error.code == DBW_E_INVALID && *error.message != '\0');
        return;
    }
    char *rendered = dbw_url_render(arena, first);
    if (strlen(rendered) > DBW_URL_LIMIT)
        return;
    check(dbw_url_parse(arena, dbw_text_of(rendered), &second, &error) == DBW_OK);
    check(same(first->drivername, second->drivername) && same(first->backend, second->backend) &&
          same(first->driver, second->driver) && same(first->username, second->username) &&
          same(first->password, second->password) && same(first->host, second->host) &&
          first->port == second->port && same(first->database, second->database));
    check(same_options(first, second));
    check(strcmp(rendered, dbw_url_render(arena, second)) == 0);
}

static void check_hidden(dbw_arena *arena, dbw_text text)
{
    check(strstr(dbw_redact(arena, text), canary) == NULL);
    check(strstr(dbw_url_shown(arena, text), canary) == NULL);
    dbw_error error;
    dbw_url *url = NULL;
    dbw_url_tls tls;
    dbw_error_clear(&error);
    if (dbw_url_parse(arena, text, &url, &error) == DBW_OK &&
        dbw_url_validate(url, &error) == DBW_OK && dbw_url_tls_of(url, &tls, &error) == DBW_OK)
        return;
    check(strstr(error.message, canary) == NULL && strstr(error.hint, canary) == NULL &&
          strstr(error.object, canary) == NULL);
}

/** The next piece of the input without NULs and without the bytes of `never`; without 'n' too, lest
 *  the fuzzer spell the canary where everybody may see it. */
static void add_piece(dbw_buffer *out, const uint8_t **data, const uint8_t *end, const char *never)
{
    for (; *data < end && **data != 0xFF; (*data)++)
        if (**data != 0 && !strchr(never, **data))
            dbw_buffer_add_char(out, **data == 'n' ? 'N' : (char)**data);
    if (*data < end)
        (*data)++;
}

static void add_secret(dbw_buffer *out, const uint8_t **data, const uint8_t *end, const char *never)
{
    add_piece(out, data, end, never);
    dbw_buffer_add_string(out, canary);
    add_piece(out, data, end, never);
}

/* Two URLs in one text are told apart by "WHITE-SPACE scheme://" alone: a password must not
 * imitate that. Behind ' ' the slash is left out of the password's alphabet. */
static const char white[] = " \t\n\v\f\r";

static void add_user_info(dbw_buffer *out, const uint8_t **data, const uint8_t *end,
                          const char *never)
{
    dbw_buffer_add_string(out, "postgresql+psycopg2://");
    add_piece(out, data, end, white);
    dbw_buffer_add_char(out, ':');
    add_secret(out, data, end, never);
    dbw_buffer_add_char(out, '@');
    add_piece(out, data, end, white);
}

static void add_option(dbw_buffer *out, const uint8_t **data, const uint8_t *end, const char *never)
{
    static const char *const names[] = {"password",   "sslpassword",      "passfile", "PassWd",
                                        "%70assword", "ssl_key_password", "token",    "api-key"};
    char all[16];
    (void)snprintf(all, sizeof all, "&%s", never);
    dbw_buffer_add_string(out, "mysql://h/d?");
    add_piece(out, data, end, white);
    dbw_buffer_printf(out, "&%s=", names[*data < end ? **data % DBW_COUNT(names) : 0]);
    add_secret(out, data, end, all);
    dbw_buffer_add_char(out, '&');
    add_piece(out, data, end, white);
}

static void add_conninfo(dbw_buffer *out, const uint8_t **data, const uint8_t *end)
{
    dbw_buffer raw;
    dbw_buffer_init(&raw, 65536);
    add_secret(&raw, data, end, "");
    add_piece(out, data, end, "'\"`\\");
    dbw_buffer_add_string(out, " password = '");
    for (size_t i = 0; i < raw.length; i++) {
        if (raw.data[i] == '\'' || raw.data[i] == '\\')
            dbw_buffer_add_char(out, '\\');
        dbw_buffer_add_char(out, raw.data[i]);
    }
    dbw_buffer_add_string(out, "' dbname=d ");
    add_piece(out, data, end, "");
    dbw_buffer_free(&raw);
}

static void add_form(dbw_buffer *out, uint8_t form, const uint8_t *data, const uint8_t *end)
{
    switch (form % 7) {
    case 0:
        add_user_info(out, &data, end, "/");
        break;
    case 1:
        add_user_info(out, &data, end, white);
        break;
    case 2:
        add_option(out, &data, end, "/");
        break;
    case 3:
        add_option(out, &data, end, white);
        break;
    case 4:
        add_conninfo(out, &data, end);
        break;
    case 5: /* no scheme: without slashes, lest "u" become one */
        add_piece(out, &data, end, white);
        dbw_buffer_add_string(out, "u:");
        add_secret(out, &data, end, " \t\n\v\f\r/");
        dbw_buffer_add_string(out, "@h/d");
        break;
    default: /* neither host nor '@' */
        dbw_buffer_add_string(out, "postgresql://user:x");
        add_secret(out, &data, end, "/@%");
        break;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0 || size > 4096)
        return 0;
    dbw_arena *arena = dbw_arena_new();
    dbw_buffer text;
    dbw_buffer_init(&text, 65536);
    check_stable(arena, (dbw_text){(const char *)data + 1, size - 1});
    add_form(&text, data[0], data + 1, data + size);
    check_stable(arena, dbw_buffer_text(&text));
    check_hidden(arena, dbw_buffer_text(&text));
    (void)dbw_redact(arena, (dbw_text){(const char *)data, size});
    dbw_buffer_free(&text);
    dbw_arena_free(arena);
    return 0;
}
