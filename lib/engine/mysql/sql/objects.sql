-- SPDX-License-Identifier: Apache-2.0
-- What has a definition in the engine's own dialect and nothing else, put together from its parts.
-- MySQL's names and texts have several collations: all are brought into one before they are united.
SELECT CONVERT('view' USING utf8mb4) AS kind,
       CONVERT(TABLE_NAME USING utf8mb4) AS object_name,
       CONVERT(NULL USING utf8mb4) AS table_name,
       CONVERT(CONCAT('CREATE VIEW `', REPLACE(TABLE_NAME, '`', '``'), '` AS ', VIEW_DEFINITION) USING utf8mb4)
           AS definition,
       VIEW_DEFINITION <> '' AS whole,
       CONVERT(NULL USING utf8mb4) AS mode
  FROM information_schema.VIEWS
 WHERE TABLE_SCHEMA = DATABASE()
UNION ALL
SELECT CONVERT('trigger' USING utf8mb4),
       CONVERT(TRIGGER_NAME USING utf8mb4),
       CONVERT(EVENT_OBJECT_TABLE USING utf8mb4),
       CONVERT(CONCAT('CREATE TRIGGER `', REPLACE(TRIGGER_NAME, '`', '``'), '` ', ACTION_TIMING, ' ',
              EVENT_MANIPULATION, ' ON `', REPLACE(EVENT_OBJECT_TABLE, '`', '``'),
              '` FOR EACH ROW ', ACTION_STATEMENT) USING utf8mb4),
       ACTION_STATEMENT IS NOT NULL,
       CONVERT(SQL_MODE USING utf8mb4)
  FROM information_schema.TRIGGERS
 WHERE TRIGGER_SCHEMA = DATABASE()
UNION ALL
SELECT CONVERT(LOWER(r.ROUTINE_TYPE) USING utf8mb4),
       CONVERT(r.ROUTINE_NAME USING utf8mb4),
       NULL,
       CONVERT(CONCAT('CREATE ', r.ROUTINE_TYPE, ' `', REPLACE(r.ROUTINE_NAME, '`', '``'), '`(',
              COALESCE((SELECT GROUP_CONCAT(CONCAT(
                                   CASE WHEN r.ROUTINE_TYPE = 'PROCEDURE'
                                        THEN CONCAT(p.PARAMETER_MODE, ' ') ELSE '' END,
                                   '`', REPLACE(p.PARAMETER_NAME, '`', '``'), '` ',
                                   p.DTD_IDENTIFIER)
                               ORDER BY p.ORDINAL_POSITION SEPARATOR ', ')
                          FROM information_schema.PARAMETERS p
                         WHERE p.SPECIFIC_SCHEMA = r.ROUTINE_SCHEMA
                           AND p.SPECIFIC_NAME = r.SPECIFIC_NAME
                           AND p.ROUTINE_TYPE = r.ROUTINE_TYPE
                           AND p.ORDINAL_POSITION > 0), ''),
              ') ',
              CASE WHEN r.ROUTINE_TYPE = 'FUNCTION'
                   THEN CONCAT('RETURNS ', r.DTD_IDENTIFIER, ' ') ELSE '' END,
              CASE WHEN r.IS_DETERMINISTIC = 'YES' THEN 'DETERMINISTIC ' ELSE '' END,
              r.SQL_DATA_ACCESS, ' ',
              COALESCE(r.ROUTINE_DEFINITION, '')) USING utf8mb4),
       r.ROUTINE_DEFINITION IS NOT NULL,
       CONVERT(r.SQL_MODE USING utf8mb4)
  FROM information_schema.ROUTINES r
 WHERE r.ROUTINE_SCHEMA = DATABASE()
UNION ALL
SELECT CONVERT('event' USING utf8mb4),
       CONVERT(EVENT_NAME USING utf8mb4),
       NULL,
       CONVERT(CONCAT('CREATE EVENT `', REPLACE(EVENT_NAME, '`', '``'), '` ON SCHEDULE ',
              CASE WHEN EVENT_TYPE = 'RECURRING'
                   THEN CONCAT('EVERY ''', INTERVAL_VALUE, ''' ', INTERVAL_FIELD)
                   ELSE CONCAT('AT ''', EXECUTE_AT, '''') END,
              CASE WHEN STARTS IS NULL THEN '' ELSE CONCAT(' STARTS ''', STARTS, '''') END,
              CASE WHEN ENDS IS NULL THEN '' ELSE CONCAT(' ENDS ''', ENDS, '''') END,
              CASE WHEN STATUS = 'ENABLED' THEN '' ELSE ' DISABLE' END,
              ' DO ', EVENT_DEFINITION) USING utf8mb4),
       EVENT_DEFINITION IS NOT NULL,
       CONVERT(SQL_MODE USING utf8mb4)
  FROM information_schema.EVENTS
 WHERE EVENT_SCHEMA = DATABASE()
UNION ALL
SELECT CONVERT('sequence' USING utf8mb4),
       CONVERT(TABLE_NAME USING utf8mb4),
       NULL,
       NULL,
       1,
       NULL
  FROM information_schema.TABLES
 WHERE TABLE_SCHEMA = DATABASE()
   AND TABLE_TYPE = 'SEQUENCE'
 ORDER BY 1, 2;
