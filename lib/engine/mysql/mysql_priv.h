/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DBW_ENGINE_MYSQL_MYSQL_PRIV_H
#define DBW_ENGINE_MYSQL_MYSQL_PRIV_H
/* The files of this engine among themselves. Included first: mysql.h names what dbw.h poisons. */
#include <mysql.h>
#include <stdatomic.h>

#include "engine/engine.h"

/** What a server gets when it asks for the file of a LOAD DATA LOCAL. */
typedef struct dbw_mysql_infile {
    const char *data; /* NULL: nothing */
    size_t left;
    bool off; /* the server does not take it */
} dbw_mysql_infile;

typedef struct dbw_mysql {
    dbw_database base;
    MYSQL *handle;
    atomic_bool cut;    /* nothing can be asked of it any more */
    int line;           /* another descriptor of its socket, ours alone; or -1 */
    const char *target; /* "database 'app' on db.example.net:3306", for messages */
    dbw_arena *arena;   /* what lives as long as the connection */
    dbw_url *url;       /* for cancel(), which needs a connection of its own */
    dbw_open_options options;
    int64_t statement_timeout_ms;
    bool in_transaction;
    size_t packet; /* bytes that a statement may have; 0: not asked yet */
    dbw_mysql_infile infile;
} dbw_mysql;

/** Server errors as ours, with hints; `doing` is "connect to" or "run a statement on". */
dbw_status dbw_mysql_fail(dbw_error *error, unsigned number, const char *sqlstate,
                          const char *message, const char *doing, const char *target);

/** The handle's last error. */
dbw_status dbw_mysql_failed(dbw_mysql *database, const char *sql, dbw_error *error);

/** The same for a prepared statement. */
dbw_status dbw_mysql_statement_failed(dbw_mysql *database, MYSQL_STMT *statement, const char *sql,
                                      dbw_error *error);

/* connect.c */
dbw_status dbw_mysql_open(const dbw_url *url, const dbw_open_options *options, dbw_database **out,
                          dbw_error *error);
void dbw_mysql_close(dbw_database *database);
void dbw_mysql_cancel(dbw_database *database);
/** Lifts the time-outs of statements and of idle connections from the session, those that the
 * server knows: a run's connections wait for each other, and its statements take long. For a lock
 * it waits half a minute. */
void dbw_mysql_be_patient(dbw_mysql *database);
void dbw_mysql_cut(dbw_database *database);
dbw_status dbw_mysql_create(const dbw_url *url, const dbw_open_options *options, dbw_error *error);
dbw_status dbw_mysql_drop(const dbw_url *url, const dbw_open_options *options, dbw_error *error);

/* statement.c */
dbw_status dbw_mysql_execute(dbw_database *database, const char *sql, const dbw_value *parameters,
                             size_t count, int64_t *affected, dbw_error *error);
dbw_status dbw_mysql_fetch(dbw_database *database, const char *sql, const dbw_value *parameters,
                           size_t count, dbw_rows **out, dbw_error *error);
dbw_status dbw_mysql_next(dbw_rows *rows, const dbw_value **row, dbw_error *error);
void dbw_mysql_rows_close(dbw_rows *rows);

/* bind.c: parameters and results of the binary protocol */
typedef struct dbw_mysql_bound {
    MYSQL_BIND *binds;
    char (*scratch)[64]; /* per parameter: numbers and times as the protocol wants them */
} dbw_mysql_bound;

/** Points `out` at the parameters; both arrays live in the arena. */
void dbw_mysql_bind(dbw_arena *arena, const dbw_value *parameters, size_t count,
                    dbw_mysql_bound *out);

/** A column of a result: where its value is fetched to, and how it is read. */
typedef struct dbw_mysql_column {
    enum enum_field_types type;
    bool is_unsigned;
    bool binary;  /* the "binary" character set: bytes, not text */
    char *buffer; /* for strings, grown when a value is longer */
    unsigned long room;
    unsigned long length;
    my_bool is_null;
    my_bool too_long;
    union {
        int64_t integer;
        double real;
        MYSQL_TIME time;
    } fixed;
} dbw_mysql_column;

/** Sets up the fetch of one column. */
void dbw_mysql_column_bind(dbw_mysql_column *column, const MYSQL_FIELD *field, MYSQL_BIND *bind);

/** The fetched value; text points into the column's buffer. */
dbw_value dbw_mysql_column_value(const dbw_mysql_column *column);

/** The start of every result: what its rows do. */
typedef struct dbw_mysql_rows_head {
    dbw_rows base;
    dbw_status (*next)(dbw_rows *rows, const dbw_value **row, dbw_error *error);
    void (*close)(dbw_rows *rows);
} dbw_mysql_rows_head;

/** Prepares a statement with `count` parameters, and runs one with these. */
dbw_status dbw_mysql_prepare(dbw_mysql *database, const char *sql, size_t count, MYSQL_STMT **out,
                             dbw_error *error);
dbw_status dbw_mysql_run(dbw_mysql *database, MYSQL_STMT *statement, const char *sql,
                         const dbw_value *parameters, size_t count, dbw_error *error);

/* mysql.c */
extern const dbw_driver dbw_mysql_driver;

/* dialect.c */
extern const dbw_dialect dbw_mysql_dialect;

/* describe.c */
dbw_status dbw_mysql_describe(dbw_database *database, dbw_arena *arena, dbw_server *out,
                              dbw_error *error);

#endif
