-- SPDX-License-Identifier: Apache-2.0
-- Keys and indexes, one row per column in order.
SELECT TABLE_NAME AS table_name,
       INDEX_NAME AS index_name,
       NON_UNIQUE AS non_unique,
       COLUMN_NAME AS column_name,
       COLLATION AS direction,
       SUB_PART AS prefix,
       INDEX_TYPE AS method,
       NULL AS expression
  FROM information_schema.STATISTICS
 WHERE TABLE_SCHEMA = DATABASE()
 ORDER BY BINARY TABLE_NAME, BINARY INDEX_NAME, SEQ_IN_INDEX;
