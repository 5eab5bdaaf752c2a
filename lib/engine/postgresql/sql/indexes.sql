-- SPDX-License-Identifier: Apache-2.0
-- Indexes but those behind constraints: one row for each of their columns, in order.
SELECT i.indrelid::bigint AS table_id,
       x.relname::text AS index_name,
       i.indisunique AS is_unique,
       coalesce((pg_catalog.to_jsonb(i) ->> 'indnullsnotdistinct')::boolean, false)
           AS is_nulls_not_distinct,
       m.amname::text AS method,
       s.n <= i.indnkeyatts AS is_key,
       a.attname::text AS column_name,
       CASE WHEN i.indkey[s.n - 1] = 0 THEN pg_catalog.pg_get_indexdef(x.oid, s.n, false) END
           AS expression,
       CASE WHEN l.oid IS NOT NULL AND l.oid <> coalesce(a.attcollation, 0)
                 AND (a.attname IS NOT NULL OR l.collname <> 'default')
            THEN l.collname::text END AS collation_name,
       CASE WHEN NOT o.opcdefault THEN o.opcname::text END AS operator_class,
       s.n <= i.indnkeyatts AND i.indoption[s.n - 1] & 1 = 1 AS is_descending,
       s.n <= i.indnkeyatts AND i.indoption[s.n - 1] & 2 = 2 AS is_nulls_first,
       pg_catalog.pg_get_expr(i.indpred, i.indrelid) AS predicate,
       d.text AS definition,
       CASE WHEN pg_catalog.starts_with(d.text, d.prefix)
            THEN pg_catalog.substr(d.text, pg_catalog.length(d.prefix) + 1) END AS tail
  FROM pg_catalog.pg_index i
  JOIN pg_catalog.pg_class x ON x.oid = i.indexrelid
  JOIN pg_catalog.pg_am m ON m.oid = x.relam
  JOIN pg_catalog.pg_class c ON c.oid = i.indrelid
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
 CROSS JOIN LATERAL (
           SELECT pg_catalog.pg_get_indexdef(x.oid),
                  'CREATE ' || CASE WHEN i.indisunique THEN 'UNIQUE ' ELSE '' END || 'INDEX ' ||
                  pg_catalog.quote_ident(x.relname) || ' ON ' ||
                  CASE WHEN c.relkind = 'p' THEN 'ONLY ' ELSE '' END ||
                  pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(c.relname) ||
                  ' USING ') AS d (text, prefix)
 CROSS JOIN LATERAL pg_catalog.generate_series(1, i.indnatts) AS s (n)
  LEFT JOIN pg_catalog.pg_attribute a
         ON a.attrelid = i.indrelid AND a.attnum = i.indkey[s.n - 1] AND a.attnum > 0
  LEFT JOIN pg_catalog.pg_opclass o
         ON s.n <= i.indnkeyatts AND o.oid = i.indclass[s.n - 1]
  LEFT JOIN pg_catalog.pg_collation l
         ON s.n <= i.indnkeyatts AND l.oid = i.indcollation[s.n - 1]
 WHERE c.relkind IN ('r', 'p')
   AND c.relpersistence <> 't'
   AND i.indisvalid
   AND n.nspname = ANY (coalesce(
           nullif(pg_catalog.current_setting('dbwizard.schemas', true), '')::name[],
           pg_catalog.current_schemas(false)))
   AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_constraint k
                    WHERE k.conindid = i.indexrelid AND k.contype IN ('p', 'u', 'x')
                      AND k.conrelid = i.indrelid)
 ORDER BY i.indrelid, x.relname COLLATE "C", s.n;
