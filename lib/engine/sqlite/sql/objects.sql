-- SPDX-License-Identifier: Apache-2.0
SELECT type, name, tbl_name, sql
FROM main.sqlite_schema
WHERE type IN ('view', 'trigger')
ORDER BY type DESC, name;
