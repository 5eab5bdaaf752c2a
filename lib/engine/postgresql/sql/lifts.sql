-- SPDX-License-Identifier: Apache-2.0
-- What stands in the way of loading a table, with the statements that take it away and bring it
-- back as it was. One parameter: the table, quoted and qualified. The last column tells whether the
-- role may do it. Left in place: indexes that enforce something or serve as replica identity, and
-- those whose comment, tablespace or partition their definition does not tell.
SELECT CAST('foreign key' AS text) AS kind,
       CAST(child.relname AS text) AS table_name,
       CAST(con.conname AS text) AS name,
       format('ALTER TABLE %s DROP CONSTRAINT %I', CAST(child.oid AS regclass), con.conname)
           AS drop_sql,
       format('ALTER TABLE %s ADD CONSTRAINT %I %s', CAST(child.oid AS regclass), con.conname,
              pg_get_constraintdef(con.oid))
           || COALESCE(format('; COMMENT ON CONSTRAINT %I ON %s IS %L', con.conname,
                              CAST(child.oid AS regclass),
                              obj_description(con.oid, 'pg_constraint')), '') AS restore_sql,
       pg_has_role(child.relowner, 'USAGE')
           AND has_table_privilege(con.confrelid, 'REFERENCES') AS allowed
FROM pg_constraint con
JOIN pg_class child ON child.oid = con.conrelid
WHERE con.contype = 'f' AND con.conparentid = 0
  AND CAST(to_regclass(?) AS oid) IN (con.conrelid, con.confrelid)
UNION ALL
SELECT 'index', CAST(tab.relname AS text), CAST(ind.relname AS text),
       format('DROP INDEX %s', CAST(ind.oid AS regclass)),
       pg_get_indexdef(ind.oid),
       pg_has_role(tab.relowner, 'USAGE')
FROM pg_index i
JOIN pg_class ind ON ind.oid = i.indexrelid
JOIN pg_class tab ON tab.oid = i.indrelid
WHERE i.indrelid = CAST(to_regclass(?) AS oid)
  AND NOT i.indisunique AND NOT i.indisexclusion AND NOT i.indisreplident AND NOT i.indisclustered
  AND i.indisvalid AND ind.relkind = 'i' AND NOT ind.relispartition AND ind.reltablespace = 0
  AND obj_description(ind.oid, 'pg_class') IS NULL
  AND NOT EXISTS (SELECT 1 FROM pg_constraint con WHERE con.conindid = ind.oid)
UNION ALL
SELECT 'trigger', CAST(tab.relname AS text), CAST(trg.tgname AS text),
       format('ALTER TABLE %s DISABLE TRIGGER %I', CAST(tab.oid AS regclass), trg.tgname),
       format('ALTER TABLE %s ENABLE %sTRIGGER %I', CAST(tab.oid AS regclass),
              CASE trg.tgenabled WHEN 'A' THEN 'ALWAYS ' ELSE '' END, trg.tgname),
       pg_has_role(tab.relowner, 'USAGE')
FROM pg_trigger trg
JOIN pg_class tab ON tab.oid = trg.tgrelid
WHERE trg.tgrelid = CAST(to_regclass(?) AS oid) AND NOT trg.tgisinternal
  AND trg.tgenabled IN ('O', 'A')
ORDER BY 1, 2, 3
