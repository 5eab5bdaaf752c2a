-- SPDX-License-Identifier: Apache-2.0
-- Tables of the file by name: table, virtual, shadow; sqlite_* are SQLite's own.
SELECT l.name, l.type, l.wr, l.strict, m.sql, m.rootpage
FROM pragma_table_list AS l
JOIN main.sqlite_schema AS m ON m.type = 'table' AND m.name = l.name
WHERE l.schema = 'main'
  AND l.type IN ('table', 'virtual', 'shadow')
  AND l.name NOT LIKE 'sqlite\_%' ESCAPE '\'
ORDER BY l.name;
