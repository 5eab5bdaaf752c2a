-- SPDX-License-Identifier: Apache-2.0
-- One row: what a connection test shows.
SELECT current_user::text AS user_name,
       coalesce((SELECT r.rolsuper FROM pg_catalog.pg_roles r WHERE r.rolname = current_user),
                false) AS superuser,
       coalesce((SELECT r.rolsuper OR r.rolcreatedb FROM pg_catalog.pg_roles r
                  WHERE r.rolname = current_user), false) AS can_create_database,
       coalesce(pg_catalog.has_schema_privilege(current_schema(), 'CREATE'), false)
           AND NOT pg_catalog.pg_is_in_recovery()
           AND NOT preset.read_only AS can_create_tables,
       pg_catalog.pg_is_in_recovery() OR preset.read_only AS read_only,
       (SELECT count(*) FROM pg_catalog.pg_class c
         WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relpersistence <> 't'
           AND c.relnamespace IN (SELECT n.oid FROM pg_catalog.pg_namespace n
                                   WHERE n.nspname = ANY (current_schemas(false)))
           AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_depend d
                            WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass
                              AND d.objid = c.oid AND d.deptype = 'e')) AS table_count,
       NOT EXISTS (SELECT 1 FROM pg_catalog.pg_class c
                     JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
                    WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S') AND c.relpersistence <> 't'
                      AND n.nspname <> 'information_schema' AND n.nspname NOT LIKE 'pg\_%'
                      AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_depend d
                                       WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass
                                         AND d.objid = c.oid AND d.deptype = 'e'))
           AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_proc p
                             JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
                            WHERE n.nspname <> 'information_schema' AND n.nspname NOT LIKE 'pg\_%'
                              AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_depend d
                                               WHERE d.classid =
                                                     'pg_catalog.pg_proc'::pg_catalog.regclass
                                                 AND d.objid = p.oid AND d.deptype = 'e'))
           AS empty,
       -- Two servers never start in the same microsecond on the same data.
       extract(epoch FROM pg_catalog.pg_postmaster_start_time())::text || '/' ||
           (SELECT d.oid FROM pg_catalog.pg_database d
             WHERE d.datname = current_database())::text AS identity
  -- What server, database or role have set; what this session has asked for itself does not count.
  FROM (SELECT count(*) > 0 AS read_only FROM pg_catalog.pg_settings s
         WHERE s.name = 'default_transaction_read_only' AND s.setting = 'on'
           AND s.source <> 'client') preset;
