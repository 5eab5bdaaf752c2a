/* SPDX-License-Identifier: Apache-2.0 */
#include "url/options.h"
#include "url/url_priv.h"

static const dbw_url_driver_info drivers[] = {
#define DBW_URL_DRIVER(id, backend, name, alias, label) {DBW_URL_##id, backend, name, alias, label},
#include "url/url_options.def"
#undef DBW_URL_DRIVER
};

static const dbw_url_option_info options[] = {
#define DBW_URL_OPTION(backend, name, kind, role, drivers)                                         \
    {backend, name, DBW_URL_KIND_##kind, DBW_URL_ROLE_##role, drivers},
#include "url/url_options.def"
#undef DBW_URL_OPTION
};

const dbw_url_option_info *dbw_url_option_find(const char *backend, const char *name)
{
    for (size_t i = 0; i < DBW_COUNT(options); i++)
        if (strcmp(options[i].backend, backend) == 0 && strcmp(options[i].name, name) == 0)
            return &options[i];
    return NULL;
}

const dbw_url_option_info *dbw_url_option_at(size_t n)
{
    return n < DBW_COUNT(options) ? &options[n] : NULL;
}

const dbw_url_driver_info *dbw_url_driver_find(const char *backend, const char *name)
{
    dbw_text wanted = dbw_text_of(name);
    for (size_t i = 0; i < DBW_COUNT(drivers); i++)
        if (strcmp(drivers[i].backend, backend) == 0 &&
            (dbw_text_equal_nocase(wanted, dbw_text_of(drivers[i].name)) ||
             (wanted.length > 0 && dbw_text_equal_nocase(wanted, dbw_text_of(drivers[i].alias)))))
            return &drivers[i];
    return NULL;
}

const dbw_url_driver_info *dbw_url_driver_at(size_t n)
{
    return n < DBW_COUNT(drivers) ? &drivers[n] : NULL;
}

static bool contains(const char *text, const char *const *words, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strstr(text, words[i]))
            return true;
    return false;
}

static bool ends_with(const char *text, const char *end)
{
    size_t length = strlen(text);
    size_t tail = strlen(end);
    return length >= tail && strcmp(text + length - tail, end) == 0;
}

/** The name in lower case without '_', '-', '.' and '+', percent-escapes decoded. */
static void normalise(dbw_buffer *out, dbw_text name)
{
    for (size_t i = 0; i < name.length; i++) {
        char c = name.data[i];
        unsigned value = 0;
        if (c == '%' && i + 2 < name.length) {
            const char pair[3] = {name.data[i + 1], name.data[i + 2], '\0'};
            if (strspn(pair, "0123456789abcdefABCDEF") == 2 && sscanf(pair, "%2x", &value) == 1) {
                c = (char)value;
                i += 2;
            }
        }
        if (c != '\0' && !strchr("_-.+ ", c))
            dbw_buffer_add_char(out, dbw_lower(c));
    }
}

bool dbw_url_is_secret(dbw_text name)
{
    static const char *const words[] = {"password",   "passwd", "passphrase",    "passfile",
                                        "pwd",        "secret", "token",         "credential",
                                        "privatekey", "apikey", "authorization", "cookie"};
    dbw_buffer plain;
    dbw_buffer_init(&plain, name.length + 1);
    normalise(&plain, name);
    const char *text = plain.data;
    bool secret = contains(text, words, DBW_COUNT(words)) || strcmp(text, "pw") == 0 ||
                  ends_with(text, "pass") || strcmp(text, "dbwizardsession") == 0 ||
                  strcmp(text, "setup") == 0;
    /* A variable that names the file of a secret holds a path. */
    if (secret && !strstr(text, "passfile") && (ends_with(text, "file") || ends_with(text, "path")))
        secret = false;
    secret = secret || plain.failed != DBW_OK;
    dbw_buffer_free(&plain);
    return secret;
}

bool dbw_url_boolean(const char *value, bool *out)
{
    static const char *const words[][2] = {
        {"false", "true"}, {"no", "yes"}, {"off", "on"}, {"0", "1"}};
    for (size_t i = 0; i < DBW_COUNT(words); i++) {
        for (int truth = 0; truth < 2; truth++) {
            if (dbw_text_equal_nocase(dbw_text_of(value), dbw_text_of(words[i][truth]))) {
                *out = truth == 1;
                return true;
            }
        }
    }
    return false;
}

bool dbw_url_prepared_statements(const dbw_url *url)
{
    const char *value = dbw_url_option_value(url, "prepared_statements");
    bool on = true;
    if (value && dbw_url_boolean(value, &on) && !on)
        return false;
    value = dbw_url_option_value(url, "prepared_statement_cache_size");
    return !value || strcmp(value, "0") != 0;
}

bool dbw_url_in_memory(const dbw_url *url)
{
    if (strcmp(url->backend, "sqlite") != 0)
        return false;
    const char *path = url->database;
    const char *mode = dbw_url_option_value(url, "mode");
    return !path || *path == '\0' || strcmp(path, ":memory:") == 0 ||
           strcmp(path, "file::memory:") == 0 || (mode && strcmp(mode, "memory") == 0);
}
