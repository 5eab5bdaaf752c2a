-- SPDX-License-Identifier: Apache-2.0
-- The same on MySQL 8, where an index may hold expressions.
SELECT TABLE_NAME AS table_name,
       INDEX_NAME AS index_name,
       NON_UNIQUE AS non_unique,
       COLUMN_NAME AS column_name,
       COLLATION AS direction,
       SUB_PART AS prefix,
       INDEX_TYPE AS method,
       EXPRESSION AS expression
  FROM information_schema.STATISTICS
 WHERE TABLE_SCHEMA = DATABASE()
 ORDER BY BINARY TABLE_NAME, BINARY INDEX_NAME, SEQ_IN_INDEX;
