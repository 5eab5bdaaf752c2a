-- SPDX-License-Identifier: Apache-2.0
-- What has a definition of its own and belongs to no extension, with the statements that make it in
-- another database. Names on the search path are shown without their schema. Rank: what others
-- need comes first; within one step objects come in the order in which they were made.
WITH member AS (
    SELECT d.classid, d.objid FROM pg_catalog.pg_depend d WHERE d.deptype = 'e'
), place AS (
    SELECT n.oid, n.nspname::text AS name FROM pg_catalog.pg_namespace n
     WHERE n.nspname = ANY (coalesce(
               nullif(pg_catalog.current_setting('dbwizard.schemas', true), '')::name[],
               pg_catalog.current_schemas(false)))
)
SELECT 'schema' AS kind, n.nspname::text AS schema_name, n.nspname::text AS object_name,
       NULL::text AS table_name,
       'CREATE SCHEMA ' || pg_catalog.quote_ident(n.nspname) AS definition,
       'CREATE SCHEMA ' || pg_catalog.quote_ident(n.nspname) AS create_text,
       'DROP SCHEMA ' || pg_catalog.quote_ident(n.nspname) AS drop_text,
       'SELECT 1 FROM pg_catalog.pg_namespace WHERE nspname = ' ||
       pg_catalog.quote_literal(n.nspname) AS exists_text,
       true AS is_before, n.oid::bigint AS rank
  FROM pg_catalog.pg_namespace n JOIN place p ON p.oid = n.oid
 WHERE n.nspname <> ALL (pg_catalog.current_schemas(false))
UNION ALL
SELECT 'extension', NULL, x.extname::text, NULL, t.text, t.text,
       'DROP EXTENSION ' || pg_catalog.quote_ident(x.extname),
       'SELECT 1 FROM pg_catalog.pg_extension WHERE extname = ' ||
       pg_catalog.quote_literal(x.extname),
       true, (1::bigint << 40) + x.oid::bigint
  FROM pg_catalog.pg_extension x
  JOIN pg_catalog.pg_namespace n ON n.oid = x.extnamespace
 CROSS JOIN LATERAL (
           SELECT 'CREATE EXTENSION ' || pg_catalog.quote_ident(x.extname) ||
                  CASE WHEN n.nspname = ANY (pg_catalog.current_schemas(true)) THEN ''
                       ELSE ' SCHEMA ' || pg_catalog.quote_ident(n.nspname) END) AS t (text)
 WHERE x.extname <> 'plpgsql'
UNION ALL
SELECT 'collation', p.name, l.collname::text, NULL, t.text, t.text,
       'DROP COLLATION ' || l.oid::pg_catalog.regcollation, NULL, true,
       (2::bigint << 40) + l.oid::bigint
  FROM pg_catalog.pg_collation l
  JOIN place p ON p.oid = l.collnamespace
 CROSS JOIN LATERAL (
           SELECT 'CREATE COLLATION ' || l.oid::pg_catalog.regcollation || ' (PROVIDER = ' ||
                  CASE l.collprovider WHEN 'i' THEN 'icu' ELSE 'libc' END || ', ' ||
                  CASE WHEN l.collprovider = 'i' THEN
                      'LOCALE = ' || pg_catalog.quote_literal(coalesce(
                          pg_catalog.to_jsonb(l) ->> 'colllocale',
                          pg_catalog.to_jsonb(l) ->> 'colliculocale', l.collcollate::text))
                  ELSE
                      'LC_COLLATE = ' || pg_catalog.quote_literal(l.collcollate::text) ||
                      ', LC_CTYPE = ' || pg_catalog.quote_literal(l.collctype::text)
                  END ||
                  CASE WHEN NOT l.collisdeterministic THEN ', DETERMINISTIC = false' ELSE '' END ||
                  ')') AS t (text)
 WHERE NOT EXISTS (SELECT 1 FROM member e
                    WHERE e.classid = 'pg_catalog.pg_collation'::pg_catalog.regclass
                      AND e.objid = l.oid)
UNION ALL
SELECT CASE t.typtype WHEN 'e' THEN 'enum' WHEN 'd' THEN 'domain' WHEN 'r' THEN 'range type'
                      ELSE 'type' END,
       p.name, t.typname::text, NULL, s.text,
       s.text || coalesce('; COMMENT ON ' ||
                          CASE t.typtype WHEN 'd' THEN 'DOMAIN ' ELSE 'TYPE ' END ||
                          t.oid::pg_catalog.regtype || ' IS ' ||
                          pg_catalog.quote_literal(pg_catalog.obj_description(t.oid, 'pg_type')),
                          ''),
       CASE t.typtype WHEN 'd' THEN 'DROP DOMAIN ' ELSE 'DROP TYPE ' END ||
       t.oid::pg_catalog.regtype,
       NULL, true, (2::bigint << 40) + t.oid::bigint
  FROM pg_catalog.pg_type t
  JOIN place p ON p.oid = t.typnamespace
  LEFT JOIN pg_catalog.pg_class c ON c.oid = t.typrelid
  LEFT JOIN pg_catalog.pg_range g ON g.rngtypid = t.oid
 CROSS JOIN LATERAL (
           SELECT CASE t.typtype
           WHEN 'e' THEN
               'CREATE TYPE ' || t.oid::pg_catalog.regtype || ' AS ENUM (' ||
               coalesce((SELECT pg_catalog.string_agg(pg_catalog.quote_literal(e.enumlabel), ', '
                                                      ORDER BY e.enumsortorder)
                           FROM pg_catalog.pg_enum e WHERE e.enumtypid = t.oid), '') || ')'
           WHEN 'd' THEN
               'CREATE DOMAIN ' || t.oid::pg_catalog.regtype || ' AS ' ||
               pg_catalog.format_type(t.typbasetype, t.typtypmod) ||
               CASE WHEN t.typcollation <> b.typcollation
                    THEN ' COLLATE ' || t.typcollation::pg_catalog.regcollation ELSE '' END ||
               coalesce(' DEFAULT ' || t.typdefault, '') ||
               CASE WHEN t.typnotnull THEN ' NOT NULL' ELSE '' END ||
               coalesce((SELECT pg_catalog.string_agg(
                                    ' CONSTRAINT ' || pg_catalog.quote_ident(k.conname) || ' ' ||
                                    pg_catalog.pg_get_constraintdef(k.oid), '' ORDER BY k.conname)
                           FROM pg_catalog.pg_constraint k
                          WHERE k.contypid = t.oid AND k.contype = 'c'), '')
           WHEN 'r' THEN
               'CREATE TYPE ' || t.oid::pg_catalog.regtype || ' AS RANGE (SUBTYPE = ' ||
               pg_catalog.format_type(g.rngsubtype, NULL) ||
               CASE WHEN g.rngcollation <> 0
                    THEN ', COLLATION = ' || g.rngcollation::pg_catalog.regcollation ELSE '' END ||
               CASE WHEN g.rngsubdiff::oid <> 0
                    THEN ', SUBTYPE_DIFF = ' || g.rngsubdiff::pg_catalog.regproc ELSE '' END || ')'
           ELSE
               'CREATE TYPE ' || t.oid::pg_catalog.regtype || ' AS (' ||
               coalesce((SELECT pg_catalog.string_agg(
                                    pg_catalog.quote_ident(a.attname) || ' ' ||
                                    pg_catalog.format_type(a.atttypid, a.atttypmod), ', '
                                    ORDER BY a.attnum)
                           FROM pg_catalog.pg_attribute a
                          WHERE a.attrelid = t.typrelid AND a.attnum > 0
                            AND NOT a.attisdropped), '') || ')'
           END
             FROM (SELECT 1) AS one
             LEFT JOIN pg_catalog.pg_type b ON b.oid = t.typbasetype) AS s (text)
 WHERE (t.typtype IN ('e', 'd', 'r') OR (t.typtype = 'c' AND c.relkind = 'c'))
   AND NOT EXISTS (SELECT 1 FROM member e
                    WHERE e.classid = 'pg_catalog.pg_type'::pg_catalog.regclass
                      AND e.objid = t.oid)
UNION ALL
SELECT CASE f.prokind WHEN 'p' THEN 'procedure' WHEN 'a' THEN 'aggregate' ELSE 'function' END,
       p.name, i.name, NULL, d.text,
       'SET LOCAL check_function_bodies = off; ' ||
       CASE WHEN f.prokind <> 'a' AND pg_catalog.starts_with(d.text, d.prefix) THEN
                'CREATE ' || d.kind || d.name ||
                pg_catalog.substr(d.text, pg_catalog.length(d.prefix) + 1)
            ELSE d.text
       END,
       'DROP ' || d.kind || f.oid::pg_catalog.regprocedure, NULL, true,
       (2::bigint << 40) + f.oid::bigint
  FROM pg_catalog.pg_proc f
  JOIN place p ON p.oid = f.pronamespace
 CROSS JOIN LATERAL (
           SELECT f.proname || '(' || pg_catalog.pg_get_function_identity_arguments(f.oid) || ')')
       AS i (name)
 CROSS JOIN LATERAL (
           SELECT CASE WHEN f.prokind <> 'a' THEN pg_catalog.pg_get_functiondef(f.oid) ELSE
                      (SELECT 'CREATE AGGREGATE ' ||
                              CASE WHEN pg_catalog.pg_function_is_visible(f.oid) THEN ''
                                   ELSE pg_catalog.quote_ident(p.name) || '.' END ||
                              pg_catalog.quote_ident(f.proname) || '(' || coalesce(nullif(
                                  pg_catalog.pg_get_function_identity_arguments(f.oid), ''), '*') ||
                              ') (SFUNC = ' || a.aggtransfn || ', STYPE = ' ||
                              pg_catalog.format_type(a.aggtranstype, NULL) ||
                              CASE WHEN a.aggfinalfn::oid <> 0 THEN ', FINALFUNC = ' || a.aggfinalfn
                                   ELSE '' END ||
                              coalesce(', INITCOND = ' || pg_catalog.quote_literal(a.agginitval),
                                       '') || ')'
                         FROM pg_catalog.pg_aggregate a
                        WHERE a.aggfnoid = f.oid AND a.aggkind = 'n' AND a.aggmtransfn::oid = 0)
                  END,
                  'CREATE OR REPLACE ' || w.kind || pg_catalog.quote_ident(p.name) || '.' ||
                  pg_catalog.quote_ident(f.proname) || '(',
                  CASE WHEN pg_catalog.pg_function_is_visible(f.oid) THEN ''
                       ELSE pg_catalog.quote_ident(p.name) || '.' END ||
                  pg_catalog.quote_ident(f.proname) || '(',
                  w.kind
             FROM (SELECT CASE f.prokind WHEN 'p' THEN 'PROCEDURE ' WHEN 'a' THEN 'AGGREGATE '
                              ELSE 'FUNCTION ' END) AS w (kind))
       AS d (text, prefix, name, kind)
 WHERE NOT EXISTS (SELECT 1 FROM member e
                    WHERE e.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass
                      AND e.objid = f.oid)
   -- Constructors of range types come with these.
   AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_depend d
                    WHERE d.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass
                      AND d.objid = f.oid AND d.deptype = 'i')
UNION ALL
SELECT 'sequence', p.name, s.relname::text, NULL, t.text,
       CASE WHEN pg_catalog.has_sequence_privilege(s.oid, 'SELECT') THEN t.text END,
       'DROP SEQUENCE ' || s.oid::pg_catalog.regclass, NULL, true,
       (2::bigint << 40) + s.oid::bigint
  FROM pg_catalog.pg_class s
  JOIN place p ON p.oid = s.relnamespace
  JOIN pg_catalog.pg_sequence q ON q.seqrelid = s.oid
 CROSS JOIN LATERAL (
           SELECT 'CREATE SEQUENCE ' || s.oid::pg_catalog.regclass || ' AS ' ||
                  pg_catalog.format_type(q.seqtypid, NULL) || ' START WITH ' || q.seqstart ||
                  ' INCREMENT BY ' || q.seqincrement || ' MINVALUE ' || q.seqmin ||
                  ' MAXVALUE ' || q.seqmax || ' CACHE ' || q.seqcache ||
                  CASE WHEN q.seqcycle THEN ' CYCLE' ELSE '' END) AS t (text)
 WHERE s.relkind = 'S' AND s.relpersistence <> 't'
   AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_depend d
                    WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass
                      AND d.objid = s.oid AND d.deptype IN ('a', 'i', 'e'))
UNION ALL
SELECT k.kind, p.name, c.relname::text, NULL, pg_catalog.pg_get_viewdef(c.oid),
       'CREATE ' || k.word || c.oid::pg_catalog.regclass ||
       coalesce(' WITH (' || pg_catalog.array_to_string(c.reloptions, ', ') || ')', '') ||
       ' AS ' || pg_catalog.rtrim(pg_catalog.pg_get_viewdef(c.oid), ';') ||
       CASE WHEN c.relkind = 'm' AND NOT c.relispopulated THEN ' WITH NO DATA' ELSE '' END ||
       coalesce('; COMMENT ON ' || k.word || c.oid::pg_catalog.regclass || ' IS ' ||
                pg_catalog.quote_literal(pg_catalog.obj_description(c.oid, 'pg_class')), ''),
       'DROP ' || k.word || c.oid::pg_catalog.regclass, NULL, false, c.oid::bigint
  FROM pg_catalog.pg_class c
  JOIN place p ON p.oid = c.relnamespace
 CROSS JOIN LATERAL (
           SELECT CASE c.relkind WHEN 'v' THEN 'view' ELSE 'materialized view' END,
                  CASE c.relkind WHEN 'v' THEN 'VIEW ' ELSE 'MATERIALIZED VIEW ' END)
       AS k (kind, word)
 WHERE c.relkind IN ('v', 'm') AND c.relpersistence <> 't'
   AND NOT EXISTS (SELECT 1 FROM member e
                    WHERE e.classid = 'pg_catalog.pg_class'::pg_catalog.regclass
                      AND e.objid = c.oid)
UNION ALL
SELECT 'index', p.name, x.relname::text, c.relname::text, pg_catalog.pg_get_indexdef(x.oid),
       CASE WHEN pg_catalog.starts_with(d.text, d.prefix) THEN
           'CREATE ' || CASE WHEN i.indisunique THEN 'UNIQUE ' ELSE '' END || 'INDEX ' ||
           pg_catalog.quote_ident(x.relname) || ' ON ' || c.oid::pg_catalog.regclass ||
           ' USING ' || pg_catalog.substr(d.text, pg_catalog.length(d.prefix) + 1) END,
       NULL, NULL, false, (1::bigint << 40) + x.oid::bigint
  FROM pg_catalog.pg_index i
  JOIN pg_catalog.pg_class x ON x.oid = i.indexrelid
  JOIN pg_catalog.pg_class c ON c.oid = i.indrelid AND (
           c.relkind = 'm' OR
           -- Of one part alone of a partitioned table.
           (c.relkind = 'r' AND c.relispartition AND
            NOT EXISTS (SELECT 1 FROM pg_catalog.pg_inherits h WHERE h.inhrelid = x.oid) AND
            NOT EXISTS (SELECT 1 FROM pg_catalog.pg_constraint k WHERE k.conindid = x.oid)))
  JOIN place p ON p.oid = c.relnamespace
 CROSS JOIN LATERAL (
           SELECT pg_catalog.pg_get_indexdef(x.oid),
                  'CREATE ' || CASE WHEN i.indisunique THEN 'UNIQUE ' ELSE '' END || 'INDEX ' ||
                  pg_catalog.quote_ident(x.relname) || ' ON ' || pg_catalog.quote_ident(p.name) ||
                  '.' || pg_catalog.quote_ident(c.relname) || ' USING ') AS d (text, prefix)
 WHERE i.indisvalid
   AND NOT EXISTS (SELECT 1 FROM member e
                    WHERE e.classid = 'pg_catalog.pg_class'::pg_catalog.regclass
                      AND e.objid = c.oid)
UNION ALL
SELECT CASE k.contype WHEN 'x' THEN 'exclusion constraint' ELSE 'check constraint' END,
       p.name, k.conname::text, c.relname::text, pg_catalog.pg_get_constraintdef(k.oid),
       'ALTER TABLE ' || c.oid::pg_catalog.regclass || ' ADD CONSTRAINT ' ||
       pg_catalog.quote_ident(k.conname) || ' ' || pg_catalog.pg_get_constraintdef(k.oid),
       NULL, NULL, false, (2::bigint << 40) + k.oid::bigint
  FROM pg_catalog.pg_constraint k
  JOIN pg_catalog.pg_class c ON c.oid = k.conrelid AND c.relkind IN ('r', 'p')
  JOIN place p ON p.oid = c.relnamespace
 WHERE (k.contype = 'x' OR (k.contype = 'c' AND NOT k.convalidated))
   AND NOT c.relispartition
UNION ALL
SELECT 'trigger', p.name, t.tgname::text, c.relname::text, pg_catalog.pg_get_triggerdef(t.oid),
       pg_catalog.pg_get_triggerdef(t.oid, true) ||
       CASE t.tgenabled WHEN 'O' THEN '' ELSE
           '; ALTER TABLE ' || c.oid::pg_catalog.regclass ||
           CASE t.tgenabled WHEN 'D' THEN ' DISABLE' WHEN 'R' THEN ' ENABLE REPLICA'
                            ELSE ' ENABLE ALWAYS' END ||
           ' TRIGGER ' || pg_catalog.quote_ident(t.tgname) END,
       'DROP TRIGGER ' || pg_catalog.quote_ident(t.tgname) || ' ON ' || c.oid::pg_catalog.regclass,
       NULL, false, (3::bigint << 40) + t.oid::bigint
  FROM pg_catalog.pg_trigger t
  JOIN pg_catalog.pg_class c ON c.oid = t.tgrelid
  JOIN place p ON p.oid = c.relnamespace
 WHERE NOT t.tgisinternal
   AND coalesce((pg_catalog.to_jsonb(t) ->> 'tgparentid')::bigint, 0) = 0
UNION ALL
SELECT 'rule', p.name, r.rulename::text, c.relname::text, pg_catalog.pg_get_ruledef(r.oid),
       pg_catalog.pg_get_ruledef(r.oid, true), NULL, NULL, false,
       (4::bigint << 40) + r.oid::bigint
  FROM pg_catalog.pg_rewrite r
  JOIN pg_catalog.pg_class c ON c.oid = r.ev_class
  JOIN place p ON p.oid = c.relnamespace
 WHERE r.rulename <> '_RETURN'
   AND NOT EXISTS (SELECT 1 FROM member e
                    WHERE e.classid = 'pg_catalog.pg_class'::pg_catalog.regclass
                      AND e.objid = c.oid)
UNION ALL
SELECT 'policy', p.name, y.polname::text, c.relname::text, t.text, t.text, NULL, NULL, false,
       (5::bigint << 40) + y.oid::bigint
  FROM pg_catalog.pg_policy y
  JOIN pg_catalog.pg_class c ON c.oid = y.polrelid
  JOIN place p ON p.oid = c.relnamespace
 CROSS JOIN LATERAL (
           SELECT 'CREATE POLICY ' || pg_catalog.quote_ident(y.polname) || ' ON ' ||
                  c.oid::pg_catalog.regclass ||
                  CASE WHEN y.polpermissive THEN '' ELSE ' AS RESTRICTIVE' END ||
                  CASE y.polcmd WHEN 'r' THEN ' FOR SELECT' WHEN 'a' THEN ' FOR INSERT'
                                WHEN 'w' THEN ' FOR UPDATE' WHEN 'd' THEN ' FOR DELETE'
                                ELSE '' END ||
                  coalesce(' TO ' || (SELECT pg_catalog.string_agg(
                                                 pg_catalog.quote_ident(o.rolname), ', '
                                                 ORDER BY o.rolname)
                                        FROM pg_catalog.pg_roles o
                                       WHERE o.oid = ANY (y.polroles)), '') ||
                  coalesce(' USING (' || pg_catalog.pg_get_expr(y.polqual, y.polrelid) || ')',
                           '') ||
                  coalesce(' WITH CHECK (' ||
                           pg_catalog.pg_get_expr(y.polwithcheck, y.polrelid) || ')', ''))
       AS t (text)
UNION ALL
SELECT 'row security', p.name, c.relname::text, c.relname::text, t.text, t.text, NULL, NULL, false,
       (6::bigint << 40) + c.oid::bigint
  FROM pg_catalog.pg_class c
  JOIN place p ON p.oid = c.relnamespace
 CROSS JOIN LATERAL (
           SELECT 'ALTER TABLE ' || c.oid::pg_catalog.regclass || ' ENABLE ROW LEVEL SECURITY' ||
                  CASE WHEN c.relforcerowsecurity THEN ', FORCE ROW LEVEL SECURITY' ELSE '' END)
       AS t (text)
 WHERE c.relkind IN ('r', 'p') AND c.relrowsecurity
UNION ALL
SELECT 'statistics', p.name, s.stxname::text, c.relname::text,
       pg_catalog.pg_get_statisticsobjdef(s.oid), pg_catalog.pg_get_statisticsobjdef(s.oid),
       NULL, NULL, false, (6::bigint << 40) + s.oid::bigint
  FROM pg_catalog.pg_statistic_ext s
  JOIN pg_catalog.pg_class c ON c.oid = s.stxrelid
  JOIN place p ON p.oid = s.stxnamespace
UNION ALL
SELECT 'inheritance', p.name, c.relname::text, c.relname::text, t.text, t.text, NULL, NULL, false,
       (7::bigint << 40) + c.oid::bigint
  FROM pg_catalog.pg_inherits h
  JOIN pg_catalog.pg_class c ON c.oid = h.inhrelid AND c.relkind = 'r' AND NOT c.relispartition
  JOIN place p ON p.oid = c.relnamespace
 CROSS JOIN LATERAL (
           SELECT 'ALTER TABLE ' || c.oid::pg_catalog.regclass || ' INHERIT ' ||
                  h.inhparent::pg_catalog.regclass) AS t (text)
UNION ALL
SELECT 'foreign table', p.name, c.relname::text, NULL, NULL, NULL, NULL, NULL, false, 0
  FROM pg_catalog.pg_class c JOIN place p ON p.oid = c.relnamespace
 WHERE c.relkind = 'f'
   AND NOT EXISTS (SELECT 1 FROM member e
                    WHERE e.classid = 'pg_catalog.pg_class'::pg_catalog.regclass
                      AND e.objid = c.oid)
UNION ALL
SELECT 'event trigger', NULL, v.evtname::text, NULL, NULL, NULL, NULL, NULL, false, 0
  FROM pg_catalog.pg_event_trigger v
 WHERE NOT EXISTS (SELECT 1 FROM member e
                    WHERE e.classid = 'pg_catalog.pg_event_trigger'::pg_catalog.regclass
                      AND e.objid = v.oid)
UNION ALL
SELECT 'publication', NULL, b.pubname::text, NULL, NULL, NULL, NULL, NULL, false, 0
  FROM pg_catalog.pg_publication b
UNION ALL
SELECT 'operator', p.name, o.oid::pg_catalog.regoperator::text, NULL, NULL, NULL, NULL, NULL,
       false, 0
  FROM pg_catalog.pg_operator o JOIN place p ON p.oid = o.oprnamespace
 WHERE NOT EXISTS (SELECT 1 FROM member e
                    WHERE e.classid = 'pg_catalog.pg_operator'::pg_catalog.regclass
                      AND e.objid = o.oid)
UNION ALL
SELECT 'text search configuration', p.name, g.cfgname::text, NULL, NULL, NULL, NULL, NULL, false, 0
  FROM pg_catalog.pg_ts_config g JOIN place p ON p.oid = g.cfgnamespace
 WHERE NOT EXISTS (SELECT 1 FROM member e
                    WHERE e.classid = 'pg_catalog.pg_ts_config'::pg_catalog.regclass
                      AND e.objid = g.oid)
UNION ALL
SELECT 'large objects', NULL, o.number || ' large objects', NULL, NULL, NULL, NULL, NULL, false, 0
  FROM (SELECT count(*) FROM pg_catalog.pg_largeobject_metadata) AS o (number)
 WHERE o.number > 0
UNION ALL
-- Whose it is, unless it is the asking role's, and who else may use it.
SELECT 'privileges', NULL, 'owners and GRANTs', NULL,
       string_agg(w.text, E';\n' ORDER BY w.step, w.text) || ';', NULL, NULL, NULL, false, 0
  FROM (
      SELECT 1 AS step,
             'ALTER ' || CASE c.relkind WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW'
                                        WHEN 'S' THEN 'SEQUENCE' WHEN 'f' THEN 'FOREIGN TABLE'
                                        ELSE 'TABLE' END ||
             ' ' || c.oid::pg_catalog.regclass || ' OWNER TO ' ||
             c.relowner::pg_catalog.regrole AS text
        FROM pg_catalog.pg_class c JOIN place p ON p.oid = c.relnamespace
       WHERE c.relkind IN ('r', 'p', 'v', 'm', 'S', 'f')
         AND c.relowner <> current_user::pg_catalog.regrole
         AND NOT EXISTS (SELECT 1 FROM member e
                          WHERE e.classid = 'pg_catalog.pg_class'::pg_catalog.regclass
                            AND e.objid = c.oid)
         AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_depend d
                          WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass
                            AND d.objid = c.oid AND d.deptype IN ('a', 'i') AND c.relkind = 'S')
      UNION ALL
      SELECT 1, 'ALTER ' || CASE f.prokind WHEN 'p' THEN 'PROCEDURE ' WHEN 'a' THEN 'AGGREGATE '
                                           ELSE 'FUNCTION ' END ||
             f.oid::pg_catalog.regprocedure || ' OWNER TO ' || f.proowner::pg_catalog.regrole
        FROM pg_catalog.pg_proc f JOIN place p ON p.oid = f.pronamespace
       WHERE f.proowner <> current_user::pg_catalog.regrole
         AND NOT EXISTS (SELECT 1 FROM member e
                          WHERE e.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass
                            AND e.objid = f.oid)
      UNION ALL
      SELECT 2, 'GRANT ' || string_agg(a.privilege_type, ', ' ORDER BY a.privilege_type) || ' ON ' ||
             CASE c.relkind WHEN 'S' THEN 'SEQUENCE ' ELSE 'TABLE ' END ||
             c.oid::pg_catalog.regclass || ' TO ' ||
             CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE a.grantee::pg_catalog.regrole::text END ||
             CASE WHEN a.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END
        FROM pg_catalog.pg_class c JOIN place p ON p.oid = c.relnamespace
       CROSS JOIN LATERAL pg_catalog.aclexplode(c.relacl) AS a
       WHERE c.relkind IN ('r', 'p', 'v', 'm', 'S', 'f') AND a.grantee <> c.relowner
       GROUP BY c.oid, c.relkind, a.grantee, a.is_grantable
      UNION ALL
      SELECT 2, 'GRANT ' || a.privilege_type || ' (' ||
             string_agg(pg_catalog.quote_ident(t.attname), ', ' ORDER BY t.attnum) || ') ON TABLE ' ||
             c.oid::pg_catalog.regclass || ' TO ' ||
             CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE a.grantee::pg_catalog.regrole::text END ||
             CASE WHEN a.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END
        FROM pg_catalog.pg_class c JOIN place p ON p.oid = c.relnamespace
        JOIN pg_catalog.pg_attribute t ON t.attrelid = c.oid AND t.attnum > 0
       CROSS JOIN LATERAL pg_catalog.aclexplode(t.attacl) AS a
       WHERE a.grantee <> c.relowner
       GROUP BY c.oid, a.privilege_type, a.grantee, a.is_grantable
      UNION ALL
      SELECT 2, 'GRANT EXECUTE ON ROUTINE ' || f.oid::pg_catalog.regprocedure || ' TO ' ||
             a.grantee::pg_catalog.regrole
        FROM pg_catalog.pg_proc f JOIN place p ON p.oid = f.pronamespace
       CROSS JOIN LATERAL pg_catalog.aclexplode(f.proacl) AS a
       WHERE a.grantee NOT IN (0, f.proowner)
         AND NOT EXISTS (SELECT 1 FROM member e
                          WHERE e.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass
                            AND e.objid = f.oid)
      UNION ALL
      SELECT 3, 'REVOKE ALL ON ROUTINE ' || f.oid::pg_catalog.regprocedure || ' FROM PUBLIC'
        FROM pg_catalog.pg_proc f JOIN place p ON p.oid = f.pronamespace
       WHERE f.proacl IS NOT NULL
         AND NOT EXISTS (SELECT 1 FROM pg_catalog.aclexplode(f.proacl) AS a WHERE a.grantee = 0)
         AND NOT EXISTS (SELECT 1 FROM member e
                          WHERE e.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass
                            AND e.objid = f.oid)
      UNION ALL
      SELECT 2, 'GRANT ' || string_agg(a.privilege_type, ', ' ORDER BY a.privilege_type) ||
             ' ON SCHEMA ' || pg_catalog.quote_ident(n.nspname) || ' TO ' ||
             CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE a.grantee::pg_catalog.regrole::text END
        FROM pg_catalog.pg_namespace n JOIN place p ON p.oid = n.oid
       CROSS JOIN LATERAL pg_catalog.aclexplode(n.nspacl) AS a
       WHERE a.grantee <> n.nspowner AND NOT (n.nspname = 'public' AND a.grantee = 0)
       GROUP BY n.oid, n.nspname, a.grantee
      UNION ALL
      SELECT 4, 'ALTER DEFAULT PRIVILEGES FOR ROLE ' || l.defaclrole::pg_catalog.regrole ||
             coalesce(' IN SCHEMA ' || pg_catalog.quote_ident(n.nspname), '') || ' GRANT ' ||
             a.privilege_type || ' ON ' ||
             CASE l.defaclobjtype WHEN 'r' THEN 'TABLES' WHEN 'S' THEN 'SEQUENCES'
                                  WHEN 'f' THEN 'ROUTINES' WHEN 'T' THEN 'TYPES'
                                  ELSE 'SCHEMAS' END || ' TO ' ||
             CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE a.grantee::pg_catalog.regrole::text END
        FROM pg_catalog.pg_default_acl l
        LEFT JOIN pg_catalog.pg_namespace n ON n.oid = l.defaclnamespace
       CROSS JOIN LATERAL pg_catalog.aclexplode(l.defaclacl) AS a
       WHERE a.grantee <> l.defaclrole
      UNION ALL
      SELECT 2, 'GRANT ' || a.privilege_type || ' ON LARGE OBJECT ' || o.oid || ' TO ' ||
             CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE a.grantee::pg_catalog.regrole::text END
        FROM pg_catalog.pg_largeobject_metadata o
       CROSS JOIN LATERAL pg_catalog.aclexplode(o.lomacl) AS a
       WHERE a.grantee <> o.lomowner
       ) AS w
HAVING count(*) > 0
 ORDER BY 1, 2, 3, 4;
