/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DBW_REVISION_UPGRADE_H
#define DBW_REVISION_UPGRADE_H
/*
 * Brings a database to the head of a linear directory.
 *
 * `alembic_version` (VARCHAR(255)) holds the revision on which the database stands, as Alembic
 * has it. The journal `dbwizard_revision` beside it keeps per revision the file's checksum, when
 * and how long it ran, and how many of its statements were started and done: an edited file and a
 * half-applied revision are seen. Its row with the empty revision is the lock of an upgrade and
 * carries the directory's marker.
 *
 * Every revision is one transaction together with its version and journal rows, where the engine
 * can roll back DDL. It takes the write lock first (the whole file in SQLite, the lock row
 * elsewhere) and reads the version again behind it, so that any number of processes may upgrade
 * at the same time: each revision runs once.
 */
#include "engine/database.h"
#include "revision/directory.h"

#define DBW_REVISION_VERSION_TABLE "alembic_version"
#define DBW_REVISION_JOURNAL_TABLE "dbwizard_revision"

typedef struct dbw_upgrade_observer {
    void *context;
    /** A revision was applied; may be NULL. */
    void (*applied)(void *context, const dbw_revision_file *revision, int64_t microseconds);
} dbw_upgrade_observer;

/**
 * Upgrades to the head; `*applied` (may be NULL) counts the revisions that this call ran.
 * DBW_E_REFUSED: the directory is marked and the database is not its own (or the other way
 * round), with nothing written. DBW_E_CONFLICT: an applied file was edited, a revision is
 * half-applied, or the database stands on a revision that the directory does not have.
 * DBW_E_UNSUPPORTED: the engine cannot roll back DDL. DBW_E_INVALID: a file begins or ends a
 * transaction of its own.
 */
dbw_status dbw_revision_upgrade(dbw_database *database, const dbw_revision_directory *directory,
                                const dbw_upgrade_observer *observer, size_t *applied,
                                dbw_error *error) DBW_MUST_CHECK;

/**
 * The same in the caller's transaction, which must be open: whoever rolls it back has only looked
 * at what the revisions make. Nothing keeps two such upgrades apart but the write locks that the
 * statements take.
 */
dbw_status dbw_revision_upgrade_within(dbw_database *database,
                                       const dbw_revision_directory *directory, size_t *applied,
                                       dbw_error *error) DBW_MUST_CHECK;

/** The revision on which the database stands, NULL for none; it needs the version table. */
dbw_status dbw_revision_current(dbw_database *database, dbw_arena *arena, const char **revision,
                                dbw_error *error) DBW_MUST_CHECK;

#endif
