/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/sqlite/bulk_priv.h"

/* The RESERVED lock: others read, in WAL and in rollback-journal mode alike, and nobody writes
 * (https://www.sqlite.org/lockingv3.html, section 3). */
dbw_status dbw_sqlite_source_lock(const dbw_url *url, const dbw_open_options *options,
                                  dbw_database **out, dbw_error *error)
{
    dbw_open_options writable = *options;
    writable.read_only = false;
    *out = NULL;
    DBW_TRY(dbw_sqlite_driver.open(url, &writable, out, error));
    dbw_status status = dbw_sqlite_run((dbw_sqlite *)*out, "BEGIN IMMEDIATE", error);
    if (status == DBW_OK)
        return DBW_OK;
    dbw_database_close(*out);
    *out = NULL;
    return dbw_error_prefix(error, "unable to lock the source");
}
