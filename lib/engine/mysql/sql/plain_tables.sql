-- SPDX-License-Identifier: Apache-2.0
-- Tables of engines that know no transactions.
SELECT t.TABLE_NAME AS table_name, t.ENGINE AS engine
  FROM information_schema.TABLES t
  JOIN information_schema.ENGINES e ON e.ENGINE = t.ENGINE
 WHERE t.TABLE_SCHEMA = DATABASE()
   AND t.TABLE_TYPE IN ('BASE TABLE', 'SYSTEM VERSIONED')
   AND COALESCE(e.TRANSACTIONS, 'NO') <> 'YES'
 ORDER BY BINARY t.TABLE_NAME;
