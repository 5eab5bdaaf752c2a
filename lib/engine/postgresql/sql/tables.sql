-- SPDX-License-Identifier: Apache-2.0
-- Tables of the schemas on the search path, or of those that dbwizard.schemas names, one row each, by
-- name.
SELECT c.oid::bigint AS id,
       n.nspname::text AS schema_name,
       c.relname::text AS table_name,
       c.relkind::text AS kind,
       c.relispartition AS is_partition,
       n.nspname <> ALL (pg_catalog.current_schemas(false)) AS is_outside,
       c.relpersistence = 'u' AS is_unlogged,
       c.relkind = 'r' AND c.relhassubclass AS is_inherited,
       c.relpersistence = 'u' AND pg_catalog.pg_is_in_recovery() AS is_unreadable,
       (SELECT h.inhparent::bigint FROM pg_catalog.pg_inherits h
         WHERE h.inhrelid = c.oid AND c.relispartition) AS parent_id,
       CASE WHEN c.relispartition THEN pg_catalog.pg_get_expr(c.relpartbound, c.oid) END AS bound,
       nullif(pg_catalog.concat_ws(' ',
                  'PARTITION BY ' || pg_catalog.pg_get_partkeydef(c.oid),
                  'WITH (' || pg_catalog.array_to_string(c.reloptions, ', ') || ')'), '') AS suffix,
       CASE WHEN c.reltuples < 0 THEN -1 ELSE c.reltuples::bigint END AS estimated_rows,
       CASE WHEN c.relkind = 'r' THEN pg_catalog.pg_table_size(c.oid) ELSE -1 END
           AS estimated_bytes,
       pg_catalog.obj_description(c.oid, 'pg_class') AS comment_text
  FROM pg_catalog.pg_class c
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
 WHERE c.relkind IN ('r', 'p', 'f')
   AND c.relpersistence <> 't'
   AND n.nspname = ANY (coalesce(
           nullif(pg_catalog.current_setting('dbwizard.schemas', true), '')::name[],
           pg_catalog.current_schemas(false)))
   AND (pg_catalog.pg_table_is_visible(c.oid) OR
        coalesce(pg_catalog.current_setting('dbwizard.schemas', true), '') <> '')
   AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_depend d
                    WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass
                      AND d.objid = c.oid AND d.deptype = 'e')
 ORDER BY c.relname COLLATE "C", n.nspname COLLATE "C";
