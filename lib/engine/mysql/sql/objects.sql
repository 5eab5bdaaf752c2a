-- SPDX-License-Identifier: Apache-2.0
-- What has a definition in the engine's own dialect and nothing else, put together from its parts.
SELECT 'view' AS kind,
       TABLE_NAME AS object_name,
       NULL AS table_name,
       CONCAT('CREATE VIEW `', REPLACE(TABLE_NAME, '`', '``'), '` AS ', VIEW_DEFINITION)
           AS definition
  FROM information_schema.VIEWS
 WHERE TABLE_SCHEMA = DATABASE()
UNION ALL
SELECT 'trigger',
       TRIGGER_NAME,
       EVENT_OBJECT_TABLE,
       CONCAT('CREATE TRIGGER `', REPLACE(TRIGGER_NAME, '`', '``'), '` ', ACTION_TIMING, ' ',
              EVENT_MANIPULATION, ' ON `', REPLACE(EVENT_OBJECT_TABLE, '`', '``'),
              '` FOR EACH ROW ', ACTION_STATEMENT)
  FROM information_schema.TRIGGERS
 WHERE TRIGGER_SCHEMA = DATABASE()
UNION ALL
SELECT LOWER(r.ROUTINE_TYPE),
       r.ROUTINE_NAME,
       NULL,
       CONCAT('CREATE ', r.ROUTINE_TYPE, ' `', REPLACE(r.ROUTINE_NAME, '`', '``'), '`(',
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
              COALESCE(r.ROUTINE_DEFINITION, ''))
  FROM information_schema.ROUTINES r
 WHERE r.ROUTINE_SCHEMA = DATABASE()
UNION ALL
SELECT 'event',
       EVENT_NAME,
       NULL,
       CONCAT('CREATE EVENT `', REPLACE(EVENT_NAME, '`', '``'), '` ON SCHEDULE ',
              CASE WHEN EVENT_TYPE = 'RECURRING'
                   THEN CONCAT('EVERY ''', INTERVAL_VALUE, ''' ', INTERVAL_FIELD)
                   ELSE CONCAT('AT ''', EXECUTE_AT, '''') END,
              CASE WHEN STATUS = 'ENABLED' THEN '' ELSE ' DISABLE' END,
              ' DO ', EVENT_DEFINITION)
  FROM information_schema.EVENTS
 WHERE EVENT_SCHEMA = DATABASE()
UNION ALL
SELECT 'sequence',
       TABLE_NAME,
       NULL,
       NULL
  FROM information_schema.TABLES
 WHERE TABLE_SCHEMA = DATABASE()
   AND TABLE_TYPE = 'SEQUENCE'
 ORDER BY 1, 2;
