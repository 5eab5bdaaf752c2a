/* SPDX-License-Identifier: Apache-2.0 */
#include "base/text.h"
#include "engine/engine.h"


/* What the wizard shows, and what answers for an engine that was compiled out. */
static const struct {
    dbw_backend_info info;
    const char *alias;
    const dbw_engine *engine;
} registry[] = {
    {{"sqlite", "SQLite", "sqlite3", 0,
      "One file, no server. Good for one machine and few writers.", false, true},
     "sqlite3",
     &dbw_engine_sqlite},
    {{"postgresql", "PostgreSQL", "libpq", 5432,
      "The usual choice for production: many writers, strict types, exact JSON.", true,
#ifdef WITH_POSTGRESQL
      true},
     "postgres",
     &dbw_engine_postgresql},
#else
      false},
     "postgres",
     NULL},
#endif
    {{"mysql", "MySQL / MariaDB", "libmariadb", 3306,
      "Widely hosted. Use it where the application asks for it.", true,
#ifdef WITH_MYSQL
      true},
     "mariadb",
     &dbw_engine_mysql},
#else
      false},
     "mariadb",
     NULL},
#endif
};

const dbw_backend_info *dbw_backend_at(size_t n)
{
    return n < DBW_COUNT(registry) ? &registry[n].info : NULL;
}

dbw_status dbw_engine_find(const char *backend, const dbw_engine **out, dbw_error *error)
{
    for (size_t i = 0; i < DBW_COUNT(registry); i++) {
        if (strcmp(registry[i].info.id, backend) != 0 && strcmp(registry[i].alias, backend) != 0)
            continue;
        if (!registry[i].engine) {
            dbw_fail(error, DBW_E_UNSUPPORTED, "not built with %s support", registry[i].info.label);
            return dbw_hint(error, "Build dbwizard again with --with-%s.", registry[i].info.id);
        }
        *out = registry[i].engine;
        return DBW_OK;
    }
    dbw_fail(error, DBW_E_INVALID, "unknown backend '%.40s'", backend);
    dbw_error_object(error, "backend");
    return dbw_hint(error, "Use sqlite, postgresql, or mysql (mariadb).");
}
