/* SPDX-License-Identifier: Apache-2.0 */
#include "rows.h"

/* What SQLite takes and no other engine does; README.md lists it. Ids are far behind the rest. */
static const char script[] =
    "INSERT INTO users (id, organization_id, email, name) VALUES"
    " (9000001, NULL, 'nul@example.org', CAST(x'6265666f72650061667465720a' AS TEXT)),"
    " (9000002, NULL, 'invalid-utf8@example.org', CAST(x'4d8379' AS TEXT)),"
    " (9000003, NULL, 'surrogate@example.org', CAST(x'41eda0807a' AS TEXT)),"
    " (9000004, NULL, 'too-long@example.org', printf('%.*c', 500, 'x')),"
    " (9000005, '00000000-0000-4000-8000-000000000000', 'orphan@example.org', 'no organization');"
    "INSERT INTO users (id, email, last_login_at) VALUES"
    " (9000011, 'zero-date@example.org', '0000-00-00 00:00:00'),"
    " (9000012, 'no-such-day@example.org', '2024-02-30 10:00:00'),"
    " (9000013, 'word@example.org', 'yesterday'),"
    " (9000014, 'nanoseconds@example.org', '2024-05-06 07:08:09.123456789'),"
    " (9000015, 'epoch@example.org', 1714979289);"
    "INSERT INTO users (id, email, quota_bytes, login_epoch) VALUES"
    " (9000021, 'text-in-bigint@example.org', 'unlimited', 0),"
    " (9000022, 'real-in-bigint@example.org', 1.5, 0),"
    " (9000023, 'blob-in-integer@example.org', 0, x'00ff');"
    "INSERT INTO users (id, email, preferences) VALUES"
    " (9000031, 'not-json@example.org', '{\"broken\": '),"
    " (9000032, 'json-nul@example.org', '{\"a\": \"\\u0000\"}'),"
    " (9000033, 'json-surrogate@example.org', '{\"a\": \"\\ud800\"}');"
    "INSERT INTO batches (id, organization_id, user_id, name, document_count, progress, cost)"
    " SELECT 9000001, id, 999999, 'orphan', 'many', 'half', '123456789012.5'"
    " FROM organizations ORDER BY id LIMIT 1;"
    "INSERT INTO batches (id, organization_id, name, progress)"
    " SELECT 9000002, id, 'infinite', 9e999 FROM organizations ORDER BY id LIMIT 1;"
    "INSERT INTO connector_configs (id, user_id, connector_type, enabled, priority) VALUES"
    " (9000001, 1, 'boolean-two', 2, 70000),"
    " (9000002, 1, 'boolean-word', 'yes', 0);"
    "INSERT INTO document_metadata (id, organization_id, file_name, file_size, sha256,"
    " total_amount, document_date)"
    " SELECT 'not-a-uuid', id, 'x', 1, 'text in a blob', 12345678901.123, '06.05.2024'"
    " FROM organizations ORDER BY id LIMIT 1;"
    "INSERT INTO field_corrections (id, organization_id, document_id, field_name, original_value)"
    " SELECT 9000001, id, 'no-such-document', 'orphan', x'0001'"
    " FROM organizations ORDER BY id LIMIT 1;";

void docuflow_hostile(docuflow_run *run)
{
    docuflow_store_run(&run->store, script);
}
