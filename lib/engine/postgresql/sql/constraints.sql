-- SPDX-License-Identifier: Apache-2.0
-- Primary keys, unique constraints, foreign keys and checks; names of columns as JSON arrays.
SELECT k.conrelid::bigint AS table_id,
       k.contype::text AS kind,
       k.conname::text AS constraint_name,
       (SELECT pg_catalog.jsonb_agg(a.attname::text ORDER BY u.n)
          FROM pg_catalog.unnest(k.conkey) WITH ORDINALITY AS u (number, n)
          JOIN pg_catalog.pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = u.number)::text
           AS column_names,
       k.condeferrable AS is_deferrable,
       k.condeferred AS is_deferred,
       coalesce((SELECT (pg_catalog.to_jsonb(i) ->> 'indnullsnotdistinct')::boolean
                   FROM pg_catalog.pg_index i WHERE i.indexrelid = k.conindid), false)
           AS is_nulls_not_distinct,
       rn.nspname::text AS referenced_schema,
       r.relname::text AS referenced_table,
       (SELECT pg_catalog.jsonb_agg(a.attname::text ORDER BY u.n)
          FROM pg_catalog.unnest(k.confkey) WITH ORDINALITY AS u (number, n)
          JOIN pg_catalog.pg_attribute a ON a.attrelid = k.confrelid AND a.attnum = u.number)::text
           AS referenced_names,
       k.confupdtype::text AS on_update,
       k.confdeltype::text AS on_delete,
       k.confmatchtype::text AS match_kind,
       NOT k.convalidated AS is_not_valid,
       (SELECT pg_catalog.jsonb_agg(a.attname::text ORDER BY u.n)
          FROM pg_catalog.jsonb_array_elements_text(
                   nullif(pg_catalog.to_jsonb(k) -> 'confdelsetcols', 'null'))
               WITH ORDINALITY AS u (number, n)
          JOIN pg_catalog.pg_attribute a
            ON a.attrelid = k.conrelid AND a.attnum = u.number::smallint)::text AS delete_names,
       CASE WHEN k.contype IN ('p', 'u') THEN pg_catalog.pg_get_constraintdef(k.oid) END
           AS definition,
       CASE WHEN k.contype = 'c' THEN pg_catalog.pg_get_expr(k.conbin, k.conrelid) END
           AS expression
  FROM pg_catalog.pg_constraint k
  JOIN pg_catalog.pg_class c ON c.oid = k.conrelid
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN pg_catalog.pg_class r ON r.oid = k.confrelid
  LEFT JOIN pg_catalog.pg_namespace rn ON rn.oid = r.relnamespace
 WHERE k.contype IN ('p', 'u', 'f', 'c')
   AND NOT (k.contype = 'c' AND NOT k.convalidated)
   AND c.relkind IN ('r', 'p', 'f')
   AND c.relpersistence <> 't'
   AND n.nspname = ANY (coalesce(
           nullif(pg_catalog.current_setting('dbwizard.schemas', true), '')::name[],
           pg_catalog.current_schemas(false)))
   -- A key between partitioned tables has copies for each partition that it references.
   AND NOT (k.contype = 'f' AND k.conparentid <> 0 AND EXISTS (
            SELECT 1 FROM pg_catalog.pg_constraint p
             WHERE p.oid = k.conparentid AND p.conrelid = k.conrelid))
 ORDER BY k.conrelid, k.conname COLLATE "C";
