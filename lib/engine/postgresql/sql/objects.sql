-- SPDX-License-Identifier: Apache-2.0
-- What has a definition of its own and belongs to no extension: views, triggers, routines, types,
-- sequences that no column owns, exclusion constraints.
WITH member AS (
    SELECT d.classid, d.objid FROM pg_catalog.pg_depend d WHERE d.deptype = 'e'
), place AS (
    SELECT n.oid, n.nspname::text AS name FROM pg_catalog.pg_namespace n
     WHERE n.nspname = ANY (pg_catalog.current_schemas(false))
)
SELECT CASE c.relkind WHEN 'v' THEN 'view' ELSE 'materialized view' END AS kind,
       p.name AS schema_name, c.relname::text AS object_name, NULL::text AS table_name,
       pg_catalog.pg_get_viewdef(c.oid) AS definition
  FROM pg_catalog.pg_class c JOIN place p ON p.oid = c.relnamespace
 WHERE c.relkind IN ('v', 'm') AND c.relpersistence <> 't'
   AND NOT EXISTS (SELECT 1 FROM member e
                    WHERE e.classid = 'pg_catalog.pg_class'::pg_catalog.regclass
                      AND e.objid = c.oid)
UNION ALL
SELECT 'trigger', p.name, t.tgname::text, c.relname::text, pg_catalog.pg_get_triggerdef(t.oid)
  FROM pg_catalog.pg_trigger t
  JOIN pg_catalog.pg_class c ON c.oid = t.tgrelid
  JOIN place p ON p.oid = c.relnamespace
 WHERE NOT t.tgisinternal
UNION ALL
SELECT CASE f.prokind WHEN 'p' THEN 'procedure' WHEN 'a' THEN 'aggregate' ELSE 'function' END,
       p.name,
       f.proname || '(' || pg_catalog.pg_get_function_identity_arguments(f.oid) || ')', NULL,
       CASE WHEN f.prokind <> 'a' THEN pg_catalog.pg_get_functiondef(f.oid) END
  FROM pg_catalog.pg_proc f JOIN place p ON p.oid = f.pronamespace
 WHERE NOT EXISTS (SELECT 1 FROM member e
                    WHERE e.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass
                      AND e.objid = f.oid)
UNION ALL
SELECT CASE t.typtype WHEN 'e' THEN 'enum' WHEN 'd' THEN 'domain' WHEN 'r' THEN 'range type'
                      ELSE 'type' END,
       p.name, t.typname::text, NULL,
       CASE t.typtype
           WHEN 'e' THEN
               'CREATE TYPE ' || t.oid::pg_catalog.regtype || ' AS ENUM (' ||
               (SELECT pg_catalog.string_agg(pg_catalog.quote_literal(e.enumlabel), ', '
                                             ORDER BY e.enumsortorder)
                  FROM pg_catalog.pg_enum e WHERE e.enumtypid = t.oid) || ')'
           WHEN 'd' THEN
               'CREATE DOMAIN ' || t.oid::pg_catalog.regtype || ' AS ' ||
               pg_catalog.format_type(t.typbasetype, t.typtypmod) ||
               coalesce(' DEFAULT ' || t.typdefault, '') ||
               CASE WHEN t.typnotnull THEN ' NOT NULL' ELSE '' END ||
               coalesce((SELECT pg_catalog.string_agg(
                                    ' CONSTRAINT ' || pg_catalog.quote_ident(k.conname) || ' ' ||
                                    pg_catalog.pg_get_constraintdef(k.oid), '' ORDER BY k.conname)
                           FROM pg_catalog.pg_constraint k WHERE k.contypid = t.oid), '')
       END
  FROM pg_catalog.pg_type t
  JOIN place p ON p.oid = t.typnamespace
  LEFT JOIN pg_catalog.pg_class c ON c.oid = t.typrelid
 WHERE (t.typtype IN ('e', 'd', 'r') OR (t.typtype = 'c' AND c.relkind = 'c'))
   AND NOT EXISTS (SELECT 1 FROM member e
                    WHERE e.classid = 'pg_catalog.pg_type'::pg_catalog.regclass
                      AND e.objid = t.oid)
UNION ALL
SELECT 'sequence', p.name, s.relname::text, NULL, NULL
  FROM pg_catalog.pg_class s JOIN place p ON p.oid = s.relnamespace
 WHERE s.relkind = 'S' AND s.relpersistence <> 't'
   AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_depend d
                    WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass
                      AND d.objid = s.oid AND d.deptype IN ('a', 'i', 'e'))
UNION ALL
SELECT 'exclusion constraint', p.name, k.conname::text, c.relname::text,
       pg_catalog.pg_get_constraintdef(k.oid)
  FROM pg_catalog.pg_constraint k
  JOIN pg_catalog.pg_class c ON c.oid = k.conrelid
  JOIN place p ON p.oid = c.relnamespace
 WHERE k.contype = 'x'
 ORDER BY 1, 2, 3, 4;
