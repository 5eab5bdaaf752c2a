-- SPDX-License-Identifier: Apache-2.0
-- Columns of those tables by position.
SELECT TABLE_NAME AS table_name,
       COLUMN_NAME AS column_name,
       COLUMN_TYPE AS column_type,
       IS_NULLABLE AS is_nullable,
       COLUMN_DEFAULT AS default_text,
       EXTRA AS extra,
       GENERATION_EXPRESSION AS generation,
       COLLATION_NAME AS collation_name,
       COLUMN_COMMENT AS comment_text
  FROM information_schema.COLUMNS
 WHERE TABLE_SCHEMA = DATABASE()
 ORDER BY BINARY TABLE_NAME, ORDINAL_POSITION;
