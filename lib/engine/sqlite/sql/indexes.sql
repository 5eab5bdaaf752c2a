-- SPDX-License-Identifier: Apache-2.0
-- origin: c made by CREATE INDEX, u a UNIQUE constraint, pk the primary key.
SELECT l.name, l."unique", l.origin, l.partial, m.sql
FROM pragma_index_list(?, 'main') AS l
LEFT JOIN main.sqlite_schema AS m ON m.type = 'index' AND m.name = l.name
ORDER BY l.name;
