-- SPDX-License-Identifier: Apache-2.0
-- hidden: 1 hidden column of a virtual table, 2 virtual generated, 3 stored generated.
SELECT name, type, "notnull", dflt_value, pk, hidden
FROM pragma_table_xinfo(?, 'main')
ORDER BY cid;
