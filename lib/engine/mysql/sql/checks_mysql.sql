-- SPDX-License-Identifier: Apache-2.0
-- Check constraints of MySQL 8, whose names are unique in a database.
SELECT t.TABLE_NAME AS table_name,
       c.CONSTRAINT_NAME AS constraint_name,
       c.CHECK_CLAUSE AS expression
  FROM information_schema.CHECK_CONSTRAINTS c
  JOIN information_schema.TABLE_CONSTRAINTS t
    ON t.CONSTRAINT_SCHEMA = c.CONSTRAINT_SCHEMA
   AND t.CONSTRAINT_NAME = c.CONSTRAINT_NAME
   AND t.CONSTRAINT_TYPE = 'CHECK'
 WHERE c.CONSTRAINT_SCHEMA = DATABASE()
 ORDER BY BINARY t.TABLE_NAME, BINARY c.CONSTRAINT_NAME;
