/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DBW_TEST_SERVERS_H
#define DBW_TEST_SERVERS_H
/*
 * Real servers for unit tests: private ones, started by tests/servers/with.sh around the whole
 * program and gone when it ends. The first lines of a test's main():
 *
 *     dbw_test_need_servers(argc, argv, "postgresql mysql");
 *
 * What is not said here stands in the environment: DBW_TEST_POSTGRESQL_HOST, _PORT, _PASSWORD,
 * _SOCKET_DIR, DBW_TEST_MYSQL_…, DBW_TEST_TLS_CA (see tests/servers/postgresql.sh and mysql.sh).
 */

/**
 * Returns when the environment names all of `servers` (words, divided by blanks). Otherwise the
 * program starts itself anew with them and this call does not return; where one of them is not
 * installed, it prints a skipped TAP plan and exits with 0.
 */
void dbw_test_need_servers(int argc, char **argv, const char *servers);

/**
 * The URL of "postgresql", "mysql" (the ordinary user app and its database app),
 * "postgresql-admin" or "mysql-admin" (a superuser). Exits when there is none.
 */
const char *dbw_test_url(const char *server);

/**
 * Makes the database app_NAME anew and empty on "postgresql" or "mysql", owned by app, and returns
 * its URL, which lives as long as the program. NAME: the test case's, say __func__; what is not a
 * lower case letter or digit becomes '_', and it is cut at 48 bytes.
 */
const char *dbw_test_fresh_database(const char *server, const char *name);

/**
 * Runs SQL on a database whose URL one of the above returned, by the server's own client program,
 * so that tests can prepare and check things without our drivers. Returns what it prints: rows
 * divided by newlines (none behind the last), columns by '|' (PostgreSQL) or tabs (MySQL). The
 * text lives as long as the program. Exits when the SQL fails.
 */
const char *dbw_test_query(const char *url, const char *sql);

#endif
