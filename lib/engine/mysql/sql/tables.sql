-- SPDX-License-Identifier: Apache-2.0
-- Tables with rows of their own; views and sequences are among the objects.
SELECT TABLE_NAME AS table_name,
       TABLE_TYPE AS kind,
       ENGINE AS engine,
       TABLE_ROWS AS estimated_rows,
       DATA_LENGTH AS estimated_bytes,
       AUTO_INCREMENT AS next_identity,
       TABLE_COLLATION AS collation_name,
       TABLE_COMMENT AS comment_text,
       CREATE_OPTIONS LIKE '%partitioned%' AS partitioned
  FROM information_schema.TABLES
 WHERE TABLE_SCHEMA = DATABASE()
   AND TABLE_TYPE IN ('BASE TABLE', 'SYSTEM VERSIONED')
 ORDER BY BINARY TABLE_NAME;
