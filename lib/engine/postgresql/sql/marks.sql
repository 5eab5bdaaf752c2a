-- SPDX-License-Identifier: Apache-2.0
-- What tells whether a database is written to: the next transaction id of the server, the rows
-- that were written in user tables of this database, and whether writers are under way.
-- The statistics lag behind by up to a second while a session works on. A standby counts no rows:
-- there it is how far it has replayed what its primary wrote.
SELECT pg_catalog.pg_snapshot_xmax(s)::text::bigint AS transactions,
       CASE WHEN pg_catalog.pg_is_in_recovery()
            THEN coalesce(pg_catalog.pg_wal_lsn_diff(pg_catalog.pg_last_wal_replay_lsn(), '0/0'),
                          0)::bigint
            ELSE (SELECT coalesce(sum(t.n_tup_ins + t.n_tup_upd + t.n_tup_del), 0)::bigint
                    FROM pg_catalog.pg_stat_user_tables t) END AS rows_written,
       pg_catalog.pg_snapshot_xmin(s) <> pg_catalog.pg_snapshot_xmax(s) AS running
  FROM pg_catalog.pg_current_snapshot() AS s;
