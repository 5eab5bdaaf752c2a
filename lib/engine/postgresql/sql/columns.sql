-- SPDX-License-Identifier: Apache-2.0
-- Columns of those tables by position; domains are resolved to their base type.
WITH RECURSIVE base (type_id, base_id, modifier) AS (
    SELECT t.oid, t.oid, -1 FROM pg_catalog.pg_type t WHERE t.typtype <> 'd'
    UNION ALL
    SELECT t.oid, b.base_id, CASE WHEN t.typtypmod >= 0 THEN t.typtypmod ELSE b.modifier END
      FROM pg_catalog.pg_type t JOIN base b ON t.typtype = 'd' AND t.typbasetype = b.type_id
)
SELECT a.attrelid::bigint AS table_id,
       a.attname::text AS column_name,
       b.base_id::bigint AS type_id,
       t.typname::text AS type_name,
       t.typtype::text AS type_kind,
       t.typcategory = 'A' AND t.typelem <> 0 AND t.typdelim = ',' AS is_array,
       t.typelem::bigint AS element_id,
       CASE WHEN b.base_id = 790 THEN pg_catalog.scale(0::money::numeric)::bigint END
           AS money_scale,
       CASE WHEN a.atttypmod >= 0 THEN a.atttypmod ELSE b.modifier END AS modifier,
       pg_catalog.format_type(a.atttypid, a.atttypmod) AS spelling,
       a.attnotnull OR o.typnotnull AS not_null,
       CASE WHEN a.attgenerated = '' THEN pg_catalog.pg_get_expr(d.adbin, d.adrelid) END
           AS default_text,
       CASE WHEN a.attgenerated <> '' THEN pg_catalog.pg_get_expr(d.adbin, d.adrelid) END
           AS generation,
       a.attidentity::text AS identity_kind,
       CASE WHEN a.attcollation <> 0 AND a.attcollation <> o.typcollation THEN l.collname::text END
           AS collation_name,
       s.relname::text AS sequence_name,
       sn.nspname::text AS sequence_schema,
       CASE WHEN s.oid IS NOT NULL AND pg_catalog.has_sequence_privilege(s.oid, 'SELECT')
            THEN s.oid::bigint END AS sequence_id,
       CASE WHEN s.oid IS NOT NULL THEN
           'AS ' || pg_catalog.format_type(q.seqtypid, NULL) || ' START WITH ' || q.seqstart ||
           ' INCREMENT BY ' || q.seqincrement || ' MINVALUE ' || q.seqmin ||
           ' MAXVALUE ' || q.seqmax || ' CACHE ' || q.seqcache ||
           CASE WHEN q.seqcycle THEN ' CYCLE' ELSE '' END END AS sequence_definition,
       pg_catalog.col_description(a.attrelid, a.attnum) AS comment_text,
       (SELECT pg_catalog.jsonb_agg(e.enumlabel::text ORDER BY e.enumsortorder)
          FROM pg_catalog.pg_enum e WHERE e.enumtypid = b.base_id)::text AS labels
  FROM pg_catalog.pg_attribute a
  JOIN pg_catalog.pg_class c ON c.oid = a.attrelid
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_catalog.pg_type o ON o.oid = a.atttypid
  JOIN base b ON b.type_id = a.atttypid
  JOIN pg_catalog.pg_type t ON t.oid = b.base_id
  LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
  LEFT JOIN pg_catalog.pg_collation l ON l.oid = a.attcollation
  LEFT JOIN pg_catalog.pg_depend p
         ON p.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass
        AND p.refobjid = a.attrelid AND p.refobjsubid = a.attnum
        AND p.classid = 'pg_catalog.pg_class'::pg_catalog.regclass
        AND p.deptype IN ('a', 'i')
        AND EXISTS (SELECT 1 FROM pg_catalog.pg_class q
                     WHERE q.oid = p.objid AND q.relkind = 'S')
  LEFT JOIN pg_catalog.pg_class s ON s.oid = p.objid
  LEFT JOIN pg_catalog.pg_sequence q ON q.seqrelid = s.oid
  LEFT JOIN pg_catalog.pg_namespace sn ON sn.oid = s.relnamespace
 WHERE c.relkind IN ('r', 'p', 'f')
   AND c.relpersistence <> 't'
   AND a.attnum > 0 AND NOT a.attisdropped
   AND n.nspname = ANY (coalesce(
           nullif(pg_catalog.current_setting('dbwizard.schemas', true), '')::name[],
           pg_catalog.current_schemas(false)))
 ORDER BY a.attrelid, a.attnum;
