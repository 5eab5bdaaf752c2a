-- SPDX-License-Identifier: Apache-2.0
-- Check constraints of MariaDB.
SELECT TABLE_NAME AS table_name,
       CONSTRAINT_NAME AS constraint_name,
       CHECK_CLAUSE AS expression
  FROM information_schema.CHECK_CONSTRAINTS
 WHERE CONSTRAINT_SCHEMA = DATABASE()
 ORDER BY BINARY TABLE_NAME, BINARY CONSTRAINT_NAME;
