/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DBW_ENGINE_ENGINE_H
#define DBW_ENGINE_ENGINE_H
/*
 * What an engine implements. One folder per engine and one line in registry.c; callers use
 * database.h, and lib/transfer and lib/verify the bulk functions below. An absent part is NULL,
 * and its callers answer UNSUPPORTED with dbw_fail_engine(). Completeness of what is present is
 * asserted by the registry's test.
 */
#include "engine/database.h"

/* --- connections ------------------------------------------------------------------------------ */

/** The start of every engine's own connection structure. */
struct dbw_database {
    const dbw_engine *engine;
    struct dbw_rows *open_rows;    /* the streamed query under way, or NULL */
    struct dbw_lifeline *lifeline; /* that it has entered, or NULL */
};

/** The start of every engine's own result structure. */
struct dbw_rows {
    dbw_database *database;
    size_t width;
    const char *const *names;
};

/** All required. Contracts as in database.h; SQL still has its `?`. */
typedef struct dbw_driver {
    bool pooled; /* opening costs a round trip: connections are worth keeping (pool.h) */
    dbw_status (*open)(const dbw_url *url, const dbw_open_options *options, dbw_database **out,
                       dbw_error *error);
    void (*close)(dbw_database *database);
    dbw_status (*ping)(dbw_database *database, dbw_error *error);
    void (*cancel)(dbw_database *database);
    /** Ends the line under whatever waits on it, for good; never blocks, from any thread. NULL:
     *  nothing is waited for that cancel() would not end. */
    void (*cut)(dbw_database *database);
    dbw_status (*describe)(dbw_database *database, dbw_arena *arena, dbw_server *out,
                           dbw_error *error);
    dbw_status (*execute)(dbw_database *database, const char *sql, const dbw_value *parameters,
                          size_t count, int64_t *affected, dbw_error *error);
    dbw_status (*execute_script)(dbw_database *database, const char *sql, dbw_error *error);
    dbw_status (*fetch)(dbw_database *database, const char *sql, const dbw_value *parameters,
                        size_t count, dbw_rows **out, dbw_error *error);
    dbw_status (*rows_next)(dbw_rows *rows, const dbw_value **row, dbw_error *error);
    void (*rows_close)(dbw_rows *rows);
    dbw_status (*begin)(dbw_database *database, dbw_error *error);
    dbw_status (*commit)(dbw_database *database, dbw_error *error);
    void (*rollback)(dbw_database *database);
    bool (*in_transaction)(const dbw_database *database);
    dbw_status (*create)(const dbw_url *url, const dbw_open_options *options, dbw_error *error);
    dbw_status (*drop)(const dbw_url *url, const dbw_open_options *options, dbw_error *error);
} dbw_driver;

/* --- the dialect: names, types, statements ---------------------------------------------------- */

/** The statements that make one table, in the order in which a load wants them. */
typedef enum dbw_ddl_part {
    DBW_DDL_TABLE,       /* CREATE TABLE with columns, defaults, checks; keys that come with it */
    DBW_DDL_PRIMARY_KEY, /* after the load (PostgreSQL: unique index, then USING INDEX) */
    DBW_DDL_UNIQUE,      /* the n-th unique constraint; or all of them at n = 0 */
    DBW_DDL_INDEX, /* the n-th index; the first may bring others along, which are nothing then */
    DBW_DDL_FOREIGN_KEY, /* the n-th foreign key */
    DBW_DDL_SEQUENCE,    /* sets the identity column's next value to table->next_identity */
    DBW_DDL_COMMENT,     /* comments of table and columns */
    DBW_DDL_ANALYZE,
    DBW_DDL_DROP_TABLE
} dbw_ddl_part;

/** How well a type is carried over. */
typedef enum dbw_loss {
    DBW_LOSS_NONE,  /* the same meaning */
    DBW_LOSS_TYPE,  /* another type, every value kept */
    DBW_LOSS_VALUES /* some values of the source type may not fit */
} dbw_loss;

typedef struct dbw_type_mapping {
    dbw_type type; /* with the target's spelling */
    dbw_loss loss;
    const char *note; /* the reason in a few words, or NULL */
} dbw_type_mapping;

/** What a column cannot hold although its intent could; zeroed: nothing of the kind. Some hold
 * more. */
typedef struct dbw_limits {
    bool finite;         /* no NaN, no infinity: numbers, dates and timestamps */
    bool takes_nul;      /* text may hold NUL bytes */
    bool json_pairs;     /* JSON may not name half of a surrogate pair */
    int json_depth;      /* JSON may not be nested more deeply than that; 0: any depth */
    bool ranged;         /* least <= value <= most */
    int64_t least, most; /* days of dates, microseconds of times and timestamps */
} dbw_limits;

/** What is known of a column's values when its table is made. */
typedef struct dbw_measure {
    int64_t longest_characters, longest_bytes;
    int32_t whole_digits, fraction_digits;
    bool moments; /* dates or timestamps were seen, the outermost of them (microseconds, UTC): */
    int64_t moment_least, moment_most;
} dbw_measure;

/** A table on its way to be made: it is changed in place. */
typedef struct dbw_fit {
    dbw_table *table;
    const dbw_measure *measures; /* one per column of the source */
    size_t measured;             /* how many; columns that are added follow them */
    bool native;                 /* the types are the engine's own, taken over as they are */
} dbw_fit;

/** Told of each change: `name` is a column's or a key's; `after` NULL: it is gone. */
typedef void dbw_fit_tell(void *context, const dbw_table *table, const char *name,
                          const char *before, const char *after, const char *reason, bool loses);

/** The collation of a column of a table to be made whose text is compared without case. */
#define DBW_COLLATION_NOCASE "nocase"

typedef struct dbw_dialect {
    void (*quote_name)(dbw_buffer *out, const char *name);
    size_t name_limit;            /* 0: none */
    bool name_limit_in_bytes;     /* else characters */
    const char *reserved;         /* how no name may begin, in any case; NULL: anyhow */
    bool schemas;                 /* tables live in namespaces */
    bool constraints_share_names; /* foreign keys and checks of all tables: each name once */
    bool indexes_by_table;        /* their names are told apart within a table only */
    bool no_comments;             /* nothing keeps the comments of tables and columns */
    bool plain_indexes;           /* no included columns, operator classes, NULLS FIRST or LAST */
    /** Why nothing can have that name, whatever its length; NULL: it can. NULL: all names do. */
    const char *(*name_complaint)(const char *name);
    bool unchecked_keys; /* foreign keys are not looked at while they are made: proven afterwards */
    bool transactional_ddl; /* else each statement of DDL commits what went before it */
    bool boolean_type;      /* a boolean of its own */
    /* Before and behind a column of text that is to be compared byte by byte, whatever its
     * collation; both NULL: it always is. */
    const char *exact_before, *exact_behind;
    bool unchecked_views;   /* what a view speaks of is looked for only when it is used */
    bool loose_types;       /* a column takes values of any kind (SQLite) */
    bool nocase_columns;    /* columns compare without case by their collation, and so do keys */
    /* How it keeps NaN and infinite decimals, and dates that are infinite or outside of the years 1
     * to 9999, where that is not as what they are; NULL: as they are, or not at all. */
    const char *nan_note;
    const char *far_date_note;
    const char *folding; /* a collation that ignores the case of letters; NULL: none by itself */
    bool no_minus_zero;  /* -0.0 comes back as 0.0 */
    /** Whether a collation is there without the application that brings it along; functions may be
     * its own as well. NULL: the server knows all that its databases use. */
    bool (*knows_collation)(const char *name);
    const char *drop_foreign_key;        /* within ALTER TABLE; NULL: "DROP CONSTRAINT" */
    const char *drop_staging;            /* how a temporary table is dropped; NULL: "DROP TABLE" */
    size_t column_limit;                 /* columns of one table; 0: none */
    const char *const *reserved_columns; /* names that no column may have, up to NULL; or NULL */

    /** The engine's type for an intent with its measures; always finds one. */
    void (*map_type)(dbw_arena *arena, const dbw_type *wanted, dbw_type_mapping *out);

    /** What a column of the type cannot hold. NULL: all that its intent allows. */
    void (*limits)(const dbw_type *type, dbw_limits *out);

    /**
     * Makes new tables fit the server and each other: what depends on the server's version, on
     * which columns stand in keys, and on the length of a row. `collation` of a text column is
     * DBW_COLLATION_NOCASE, NULL (every difference counts) or the engine's own. NULL: not needed.
     */
    void (*fit)(dbw_arena *arena, const dbw_server *server, dbw_fit *tables, size_t count,
                dbw_fit_tell *tell, void *context);

    /** Whether the column may take different texts for equal. NULL: none does. */
    bool (*equates)(const dbw_column *column);

    /** Why no table has these columns, although each of them can be made; NULL: it can. NULL: all
     *  can. In the arena. */
    const char *(*table_complaint)(dbw_arena *arena, const dbw_table *table);

    /** Reads a spelling that a user gave ("numeric(12,4)") into a type of this engine. */
    dbw_status (*parse_type)(dbw_arena *arena, const char *spelling, dbw_type *out,
                             dbw_error *error);

    /** The n-th of its types, spelled with usual measures ("numeric(12,2)") as parse_type() reads
     *  it; NULL behind the last one. */
    const char *(*type_at)(dbw_arena *arena, size_t n);

    /** The one column of the table that numbers its rows by itself; NULL (the function): every
     *  identity column does. */
    const dbw_column *(*numbered)(const dbw_table *table);

    /** The default as this engine writes it; NULL when it has no equivalent. */
    const char *(*render_default)(dbw_arena *arena, const dbw_default *value, const dbw_type *type);

    /**
     * One statement of a table whose names, types and expressions are already this engine's. A
     * table's or an index's `definition`, where there is one, is taken as it is (SQLite).
     * `*sql` = NULL when there is nothing to do. `n` counts uniques, indexes, foreign keys.
     */
    dbw_status (*render_ddl)(dbw_arena *arena, const dbw_table *table, dbw_ddl_part part, size_t n,
                             char **sql, dbw_error *error);
} dbw_dialect;

/* --- the catalog ------------------------------------------------------------------------------ */

typedef struct dbw_catalog {
    dbw_status (*read)(dbw_database *database, dbw_arena *arena, const char *namespace_,
                       dbw_schema **out, dbw_error *error);
} dbw_catalog;

/* --- bulk: reading and loading whole tables --------------------------------------------------- */

typedef struct dbw_snapshot dbw_snapshot;

/** A half-open range of the key of one table: from <= key < to; NULL ends are open. */
typedef struct dbw_key_range {
    const dbw_value *from; /* one value per key column, or NULL */
    const dbw_value *to;
} dbw_key_range;

/** What to read of a table. Rows come in key order where `key` is given. */
typedef struct dbw_scan {
    const dbw_table *table;
    const size_t *columns; /* positions in the table, in the order in which values are wanted */
    size_t column_count;
    dbw_names key; /* columns of the usable key; count 0: none, unordered */
    dbw_key_range range;
    int64_t offset; /* rows to pass over */
    int64_t limit;  /* -1: none */
} dbw_scan;

/** What a load is told about. */
typedef struct dbw_load_spec {
    const dbw_table *table;
    const size_t *columns; /* positions in the table, in the order of the encoded values */
    size_t column_count;
    bool fresh; /* the table was created or truncated in this transaction (FREEZE) */
} dbw_load_spec;

typedef struct dbw_encoder dbw_encoder;
typedef struct dbw_load dbw_load;

/** Where a load failed: rows count from 0 over all that was sent since load_begin. */
typedef struct dbw_load_failure {
    int64_t row;        /* -1: unknown */
    const char *column; /* or NULL; lives in the load */
} dbw_load_failure;

typedef struct dbw_bulk {
    /* -- source side -- */

    /**
     * Keeps every other writer out of the source for as long as `*out` is open, before the snapshot
     * is taken; readers go on. Waits some seconds for writers under way (DBW_E_LOCKED).
     */
    dbw_status (*source_lock)(const dbw_url *url, const dbw_open_options *options,
                              dbw_database **out, dbw_error *error);

    /**
     * Freezes the source: `readers` connections that all see the same instant, read-only.
     * Where that cannot be had, as near as the engine comes; snapshot_note says which.
     */
    dbw_status (*snapshot_open)(const dbw_url *url, const dbw_open_options *options, size_t readers,
                                dbw_snapshot **out, dbw_error *error);
    dbw_database *(*snapshot_reader)(dbw_snapshot *snapshot, size_t n);
    const char *(*snapshot_note)(const dbw_snapshot *snapshot);
    /** Whether the source was written since the snapshot, as far as it can tell. */
    dbw_status (*snapshot_changed)(dbw_snapshot *snapshot, bool *changed, dbw_error *error);
    void (*snapshot_close)(dbw_snapshot *snapshot);

    /** Streams a table (either side: the verification reads the target with it). */
    dbw_status (*scan)(dbw_database *database, const dbw_scan *scan, dbw_rows **out,
                       dbw_error *error);

    /**
     * Bounds that cut the table into ranges of about `bytes` each: `bounds` receives `count`
     * arrays of key values, ascending; count 0 means one range. Cheap: no full scan where the
     * engine can avoid it.
     */
    dbw_status (*split)(dbw_database *database, dbw_arena *arena, const dbw_table *table,
                        const dbw_names *key, int64_t bytes, dbw_value ***bounds, size_t *count,
                        dbw_error *error);

    /* -- target side -- */

    /** Encodes rows into the wire format; needs no connection, belongs to one thread. */
    dbw_status (*encoder_new)(const dbw_load_spec *spec, dbw_encoder **out, dbw_error *error);
    /**
     * Appends one row. Each value is NULL or of the kind of its column's intent
     * (dbw_intent_kind); SQLite takes every kind for ANY. On failure nothing was appended and
     * `*bad_column` says which value (DBW_E_DATA: out of range, NUL byte in text …).
     */
    dbw_status (*encode_row)(dbw_encoder *encoder, const dbw_value *values, dbw_buffer *out,
                             size_t *bad_column, dbw_error *error);
    void (*encoder_free)(dbw_encoder *encoder);

    /** Starts loading inside the caller's transaction. */
    dbw_status (*load_begin)(dbw_database *database, const dbw_load_spec *spec, dbw_load **out,
                             dbw_error *error);
    /** Sends whole encoded rows. May report a failure of rows sent earlier. */
    dbw_status (*load_send)(dbw_load *load, dbw_text rows, size_t row_count, dbw_error *error);
    /** Ends the load and frees it; the number of rows that the server counted. */
    dbw_status (*load_end)(dbw_load *load, int64_t *rows, dbw_load_failure *failure,
                           dbw_error *error);
    /** Gives up and frees the load; the transaction must be rolled back. */
    void (*load_abort)(dbw_load *load);

    /** Around a whole transfer on each loading connection: session settings that make it fast and
     *  exact (time zone UTC, foreign_key_checks …) and their end. */
    dbw_status (*load_session)(dbw_database *database, dbw_error *error);
} dbw_bulk;

/* --- landing: what a transfer needs of its target beyond loading ------------------------------ */

/** Something that stands in the way of loading and can be taken away and brought back. */
typedef struct dbw_lift {
    const char *kind;  /* "foreign key", "index" or "trigger" */
    const char *table; /* the table that it belongs to (of a foreign key: the child) */
    const char *name;
    const char *drop;    /* the statement that takes it away or turns it off */
    const char *restore; /* the statement that brings it back as it was */
} dbw_lift;

typedef struct dbw_landing {
    bool single_writer; /* one connection must do all that is done with the target */

    /**
     * Takes the lock under which one transfer at a time writes to this database (or namespace).
     * It lasts as long as the connection and ends with it, however that ends. `*taken` = false:
     * somebody else holds it. Taken outside a transaction.
     */
    dbw_status (*lock)(dbw_database *database, const char *namespace_, bool *taken,
                       dbw_error *error);

    /**
     * Says that this connection writes for whoever holds the lock: lock() waits a while for
     * connections that did so for a holder who was killed, as the server may still be busy with
     * what they sent last. NULL: not needed.
     */
    dbw_status (*join)(dbw_database *database, const char *namespace_, dbw_error *error);

    /**
     * The foreign keys of the table and those of others onto it, its indexes that enforce
     * nothing, its triggers. `*allowed` = false: the role may not take them away.
     */
    dbw_status (*lifts)(dbw_database *database, dbw_arena *arena, const dbw_table *table,
                        dbw_lift **out, size_t *count, bool *allowed, dbw_error *error);

    /**
     * INSERT INTO `table` (columns) SELECT the same columns FROM `from_schema`.`from`; identity
     * columns take the values given. `missing_only`: rows that would violate a unique key of the
     * table are passed over.
     */
    dbw_status (*render_insert)(dbw_arena *arena, const dbw_table *table, const size_t *columns,
                                size_t column_count, const char *from_schema, const char *from,
                                bool missing_only, char **sql, dbw_error *error);
} dbw_landing;

/* --- what stands in no table and goes by a number -------------------------------------------- */

/** SQL for each step, with `?` for values. */
typedef struct dbw_loose {
    const char *kind;  /* of the catalog's object that stands for all of them: "large objects" */
    const char *list;  /* their numbers, ascending */
    const char *read;  /* number, offset, most bytes: a piece; no bytes behind its end */
    const char *make;  /* number */
    const char *write; /* number, offset, piece */
    const char *drop;  /* takes away those whose numbers follow in parentheses */
} dbw_loose;

struct dbw_engine {
    const char *backend; /* "postgresql" */
    const char *label;   /* "PostgreSQL" */
    const dbw_driver *driver;
    const dbw_dialect *dialect;
    const dbw_catalog *catalog;
    const dbw_bulk *bulk;
    const dbw_landing *landing;
    const dbw_loose *loose; /* NULL: there is nothing of the kind */
};

/** UNSUPPORTED: "PostgreSQL cannot WHAT". */
dbw_status dbw_fail_engine(dbw_error *error, const dbw_engine *engine, const char *what);

/* --- shared by the drivers -------------------------------------------------------------------- */

typedef enum dbw_placeholder { DBW_PLACEHOLDER_QUESTION, DBW_PLACEHOLDER_DOLLAR } dbw_placeholder;

/**
 * Rewrites `?` for the engine (placeholder.c). `count` receives how many there are. Strings,
 * comments, quoted names, dollar quotes and `??` are understood; `backslashes` tells that a
 * backslash escapes inside strings (MySQL).
 */
dbw_status dbw_placeholders(dbw_buffer *out, const char *sql, dbw_placeholder style,
                            bool backslashes, size_t *count, dbw_error *error) DBW_MUST_CHECK;

#ifdef WITH_POSTGRESQL
extern const dbw_engine dbw_engine_postgresql;
#endif
#ifdef WITH_MYSQL
extern const dbw_engine dbw_engine_mysql;
#endif
extern const dbw_engine dbw_engine_sqlite;

#endif
