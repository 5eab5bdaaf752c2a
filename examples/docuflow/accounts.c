/* SPDX-License-Identifier: Apache-2.0 */
#include "moments.h"
#include "rows.h"

static void organization(docuflow_run *run, int64_t row)
{
    static const char *const plans[] = {"free", "starter", "business", "enterprise"};
    static const char *const states[] = {"active", "active", "active", "suspended", "closed"};
    docuflow_store *store = &run->store;
    docuflow_row(run, DOCUFLOW_ORGANIZATIONS, row);
    int64_t created = docuflow_moment(&run->random);
    docuflow_put_string(store, docuflow_key(run, DOCUFLOW_ORGANIZATIONS, row));
    dbw_buffer *name = docuflow_text(run);
    docuflow_words_company(&run->random, name);
    docuflow_put_buffer(store, name);
    dbw_buffer *slug = docuflow_text(run);
    dbw_buffer_printf(slug, "org-%lld", (long long)row + 1);
    docuflow_put_buffer(store, slug);
    if (row == 0 || !docuflow_random_chance(&run->random, 30))
        docuflow_put_null(store);
    else
        docuflow_put_string(store, docuflow_key(run, DOCUFLOW_ORGANIZATIONS,
                                                docuflow_random_between(&run->random, 0, row - 1)));
    if (!docuflow_put_null_at_times(run, 10))
        docuflow_put_integer(store,
                             docuflow_random_between(&run->random, 1, run->counts[DOCUFLOW_USERS]));
    docuflow_put_string(store, docuflow_random_pick(&run->random, plans));
    docuflow_put_string(store, docuflow_random_pick(&run->random, states));
    dbw_buffer *settings = docuflow_text(run);
    docuflow_words_json(&run->random, 3, settings);
    docuflow_put_buffer(store, settings);
    docuflow_put_money(run, -5000, 100000000);
    docuflow_put_integer(store, docuflow_random_chance(&run->random, 90));
    if (!docuflow_put_null_at_times(run, 40))
        docuflow_put_moment(run, DOCUFLOW_DATE, created + 14 * 86400);
    docuflow_put_moment(run, DOCUFLOW_PLAIN, created);
    if (!docuflow_put_null_at_times(run, 30))
        docuflow_put_moment(run, DOCUFLOW_MIXED, created + 86400);
    docuflow_put_row(store);
}

static void organizations(docuflow_run *run)
{
    docuflow_store_table(&run->store,
                         "organizations (id, name, slug, parent_id, owner_id, plan, status, "
                         "settings, credit, is_active, trial_ends, created_at, updated_at)");
    for (int64_t row = 0; row < run->counts[DOCUFLOW_ORGANIZATIONS]; row++)
        organization(run, row);
}

static void user_identity(docuflow_run *run, int64_t id)
{
    docuflow_store *store = &run->store;
    docuflow_put_integer(store, id);
    if (!docuflow_put_null_at_times(run, 5))
        docuflow_put_string(
            store, docuflow_key(run, DOCUFLOW_ORGANIZATIONS, docuflow_organization_of(run, id)));
    dbw_buffer *auth0 = docuflow_text(run);
    dbw_buffer_printf(auth0, "auth0|%016llx%04llx",
                      (unsigned long long)docuflow_random_next(&run->random),
                      (unsigned long long)id);
    if (!docuflow_put_null_at_times(run, 15))
        docuflow_put_buffer(store, auth0);
    dbw_buffer *email = docuflow_text(run);
    switch (docuflow_random_below(&run->random, 4)) {
    case 0:
        dbw_buffer_printf(email, "nina.%lld@example.org", (long long)id);
        break;
    case 1:
        dbw_buffer_printf(email, "O'Brien+%lld@example.com", (long long)id);
        break;
    case 2:
        dbw_buffer_printf(email, "USER%lld@Example.NET", (long long)id);
        break;
    default:
        dbw_buffer_printf(email, "user%lld@mail.example", (long long)id);
    }
    docuflow_put_buffer(store, email);
    if (!docuflow_put_null_at_times(run, 5)) {
        dbw_buffer *name = docuflow_text(run);
        if (docuflow_random_chance(&run->random, 2)) /* exactly as long as allowed */
            docuflow_words_unicode(&run->random, 120, name);
        else if (!docuflow_random_chance(&run->random, 5)) /* empty is not NULL */
            docuflow_words_person(&run->random, name);
        docuflow_put_buffer(store, name);
    }
}

static void user(docuflow_run *run, int64_t id)
{
    static const char *const roles[] = {"owner", "admin", "member", "member", "member", "guest"};
    docuflow_store *store = &run->store;
    docuflow_row(run, DOCUFLOW_USERS, id);
    int64_t created = docuflow_moment(&run->random);
    user_identity(run, id);
    const char *role = docuflow_random_pick(&run->random, roles);
    docuflow_put_string(store, role);
    docuflow_put_integer(store, strcmp(role, "admin") == 0);
    if (!docuflow_put_null_at_times(run, 60))
        docuflow_put_random_bytes(run, 16, 600);
    if (!docuflow_put_null_at_times(run, 20)) {
        dbw_buffer *preferences = docuflow_text(run);
        docuflow_words_json(&run->random, 2, preferences);
        docuflow_put_buffer(store, preferences);
    }
    docuflow_put_integer(store, docuflow_random_chance(&run->random, 2)
                                    ? INT64_MAX
                                    : docuflow_random_between(&run->random, 0, 1) << 40);
    if (!docuflow_put_null_at_times(run, 30))
        docuflow_put_value(run, 1000);
    int64_t login = created + docuflow_random_between(&run->random, 0, 9000000);
    bool never = docuflow_put_null_at_times(run, 20);
    if (!never)
        docuflow_put_moment(run, DOCUFLOW_MIXED, login);
    if (never)
        docuflow_put_null(store);
    else
        docuflow_put_integer(store, login);
    docuflow_put_moment(run, DOCUFLOW_PLAIN, created);
    docuflow_put_row(store);
}

static void users(docuflow_run *run)
{
    docuflow_store_table(&run->store,
                         "users (id, organization_id, auth0_id, email, name, role, is_admin, "
                         "avatar, preferences, quota_bytes, signature, last_login_at, "
                         "login_epoch, created_at)");
    for (int64_t id = 1; id <= run->counts[DOCUFLOW_USERS]; id++)
        user(run, id);
}

static void connector_configs(docuflow_run *run)
{
    static const char *const types[] = {"quickbooks", "xero",    "google_drive",
                                        "sharepoint", "dropbox", "sftp"};
    docuflow_store *store = &run->store;
    docuflow_store_table(store, "connector_configs (id, user_id, connector_type, endpoint, "
                                "credentials, config, enabled, priority, last_sync_at)");
    int64_t user_count = run->counts[DOCUFLOW_USERS];
    for (int64_t row = 0; row < run->counts[DOCUFLOW_CONNECTOR_CONFIGS]; row++) {
        docuflow_row(run, DOCUFLOW_CONNECTOR_CONFIGS, row);
        docuflow_put_integer(store, row + 1);
        docuflow_put_integer(store, row % user_count + 1);
        docuflow_put_string(store, types[(size_t)(row / user_count) % DBW_COUNT(types)]);
        if (!docuflow_put_null_at_times(run, 20)) {
            dbw_buffer *endpoint = docuflow_text(run);
            dbw_buffer_printf(endpoint, "https://api.example.com/v2/%lld?q=a%%20b&c=%%C3%%BC#x",
                              (long long)row);
            docuflow_put_buffer(store, endpoint);
        }
        if (!docuflow_put_null_at_times(run, 20))
            docuflow_put_random_bytes(run, 32, 128);
        dbw_buffer *config = docuflow_text(run);
        docuflow_words_json(&run->random, 4, config);
        docuflow_put_buffer(store, config);
        docuflow_put_integer(store, docuflow_random_chance(&run->random, 80));
        docuflow_put_integer(store, docuflow_random_between(&run->random, -32768, 32767));
        if (!docuflow_put_null_at_times(run, 25))
            docuflow_put_moment(run, DOCUFLOW_ZONED, docuflow_moment(&run->random));
        docuflow_put_row(store);
    }
}

static void field_mappings(docuflow_run *run)
{
    static const char *const fields[] = {"vendor_name", "total", "Invoice No.",
                                         "date",        "größe", "line\"items"};
    docuflow_store *store = &run->store;
    docuflow_store_table(store, "field_mappings (connector_id, source_field, target_field, "
                                "\"transform\", \"order\", required)");
    int64_t connectors = run->counts[DOCUFLOW_CONNECTOR_CONFIGS];
    for (int64_t row = 0; row < run->counts[DOCUFLOW_FIELD_MAPPINGS]; row++) {
        int64_t turn = row / connectors;
        docuflow_row(run, DOCUFLOW_FIELD_MAPPINGS, row);
        docuflow_put_integer(store, row % connectors + 1);
        dbw_buffer *source = docuflow_text(run);
        dbw_buffer_printf(source, "%s", fields[(size_t)turn % DBW_COUNT(fields)]);
        if (turn >= (int64_t)DBW_COUNT(fields))
            dbw_buffer_printf(source, " %lld", (long long)turn);
        docuflow_put_buffer(store, source);
        docuflow_put_string(store, docuflow_random_pick(&run->random, fields));
        if (!docuflow_put_null_at_times(run, 50))
            docuflow_put_value(run, 2000);
        docuflow_put_integer(store, turn);
        docuflow_put_integer(store, docuflow_random_chance(&run->random, 30));
        docuflow_put_row(store);
    }
}

static void organization_settings(docuflow_run *run)
{
    static const char *const keys[] = {"locale", "theme", "webhook_url", "retention_days"};
    docuflow_store *store = &run->store;
    docuflow_store_table(store, "organization_settings (organization_id, \"key\", value, "
                                "is_secret, updated_by, updated_at)");
    int64_t organization_count = run->counts[DOCUFLOW_ORGANIZATIONS];
    for (int64_t row = 0; row < run->counts[DOCUFLOW_ORGANIZATION_SETTINGS]; row++) {
        int64_t turn = row / organization_count;
        docuflow_row(run, DOCUFLOW_ORGANIZATION_SETTINGS, row);
        docuflow_put_string(store,
                            docuflow_key(run, DOCUFLOW_ORGANIZATIONS, row % organization_count));
        dbw_buffer *key = docuflow_text(run);
        dbw_buffer_printf(key, "%s", keys[(size_t)turn % DBW_COUNT(keys)]);
        if (turn >= (int64_t)DBW_COUNT(keys))
            dbw_buffer_printf(key, ".%lld", (long long)turn);
        docuflow_put_buffer(store, key);
        if (!docuflow_put_null_at_times(run, 10))
            docuflow_put_value(run, 4000);
        docuflow_put_integer(store, docuflow_random_chance(&run->random, 20));
        if (!docuflow_put_null_at_times(run, 20))
            docuflow_put_integer(
                store, docuflow_random_between(&run->random, 1, run->counts[DOCUFLOW_USERS]));
        docuflow_put_moment(run, DOCUFLOW_MIXED, docuflow_moment(&run->random));
        docuflow_put_row(store);
    }
}

static void put_renewal_time(docuflow_run *run)
{
    char *time = docuflow_time(run);
    snprintf(time, DOCUFLOW_MOMENT_TEXT, "%02u:%02u:%02u%s",
             (unsigned)docuflow_random_below(&run->random, 24),
             (unsigned)docuflow_random_below(&run->random, 60),
             (unsigned)docuflow_random_below(&run->random, 60),
             docuflow_random_chance(&run->random, 20) ? ".250" : "");
    docuflow_put_string(&run->store, time);
}

static void subscriptions(docuflow_run *run)
{
    static const char *const currencies[] = {"EUR", "USD", "GBP", "JPY"};
    static const char *const balances[] = {"0", "-12.5", "0.1", "12345678901.25", "1000000"};
    static const char *const rates[] = {"19.00", "7.0", "0.000", "-0.00", "20"};
    docuflow_store *store = &run->store;
    docuflow_store_table(store, "subscriptions (organization_id, customer_id, price, currency, "
                                "quantity, balance, tax_rate, period_start, period_end, "
                                "renewal_time, cancel_at_period_end, created_at)");
    for (int64_t row = 0;
         row < run->counts[DOCUFLOW_SUBSCRIPTIONS] && row < run->counts[DOCUFLOW_ORGANIZATIONS];
         row++) {
        docuflow_row(run, DOCUFLOW_SUBSCRIPTIONS, row);
        int64_t start = docuflow_moment(&run->random);
        docuflow_put_string(store, docuflow_key(run, DOCUFLOW_ORGANIZATIONS, row));
        dbw_buffer *customer = docuflow_text(run);
        dbw_buffer_printf(customer, "cus_%012llx%llx",
                          (unsigned long long)docuflow_random_below(&run->random, 1ull << 48),
                          (unsigned long long)row);
        docuflow_put_buffer(store, customer);
        docuflow_put_money(run, 0, 49900);
        docuflow_put_string(store, docuflow_random_pick(&run->random, currencies));
        docuflow_put_integer(store, docuflow_random_between(&run->random, 1, 250));
        if (!docuflow_put_null_at_times(run, 20))
            docuflow_put_string(store, docuflow_random_pick(&run->random, balances));
        docuflow_put_string(store, docuflow_random_pick(&run->random, rates));
        docuflow_put_moment(run, DOCUFLOW_DATE, start);
        docuflow_put_moment(run, DOCUFLOW_DATE, start + 30 * 86400);
        if (!docuflow_put_null_at_times(run, 30))
            put_renewal_time(run);
        docuflow_put_integer(store, docuflow_random_chance(&run->random, 10));
        docuflow_put_moment(run, DOCUFLOW_PLAIN, start);
        docuflow_put_row(store);
    }
}

void docuflow_accounts(docuflow_run *run)
{
    organizations(run);
    users(run);
    connector_configs(run);
    field_mappings(run);
    organization_settings(run);
    subscriptions(run);
}
