-- SPDX-License-Identifier: Apache-2.0
-- Tables of the schemas on the search path, one row each, by name.
SELECT c.oid::bigint AS id,
       n.nspname::text AS schema_name,
       c.relname::text AS table_name,
       c.relkind::text AS kind,
       c.relispartition AS is_partition,
       CASE WHEN c.reltuples < 0 THEN -1 ELSE c.reltuples::bigint END AS estimated_rows,
       CASE WHEN c.relkind = 'r' THEN pg_catalog.pg_table_size(c.oid) ELSE -1 END
           AS estimated_bytes,
       pg_catalog.obj_description(c.oid, 'pg_class') AS comment_text
  FROM pg_catalog.pg_class c
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
 WHERE c.relkind IN ('r', 'p', 'f')
   AND c.relpersistence <> 't'
   AND n.nspname = ANY (pg_catalog.current_schemas(false))
   AND pg_catalog.pg_table_is_visible(c.oid)
   AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_depend d
                    WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass
                      AND d.objid = c.oid AND d.deptype = 'e')
 ORDER BY c.relname COLLATE "C", n.nspname COLLATE "C";
