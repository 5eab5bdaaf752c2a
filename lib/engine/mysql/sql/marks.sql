-- SPDX-License-Identifier: Apache-2.0
-- Tables with rows of their own and when each was last written.
SELECT TABLE_NAME AS table_name, CAST(UPDATE_TIME AS CHAR) AS updated
  FROM information_schema.TABLES
 WHERE TABLE_SCHEMA = DATABASE()
   AND TABLE_TYPE IN ('BASE TABLE', 'SYSTEM VERSIONED')
 ORDER BY BINARY TABLE_NAME;
