// SPDX-License-Identifier: Apache-2.0
// The bench's four tables (docuflow-generate --shape=bench), and the narrow one of its scales, as
// each engine has them: as dbwizard makes them from the SQLite file
// (but for a collation that pgloader can read).
const bytes = 'CHARACTER SET utf8mb4 COLLATE utf8mb4_bin'; // pgloader knows no newer collation

const postgresql = {
    users: `id bigint NOT NULL, email varchar(120) NOT NULL, name varchar(120) NOT NULL,
        active boolean NOT NULL DEFAULT true, created_at timestamp NOT NULL`,
    orders: `id bigint NOT NULL, user_id bigint NOT NULL, number varchar(24) NOT NULL,
        status varchar(12) NOT NULL, quantity bigint NOT NULL, amount numeric(12, 2) NOT NULL,
        weight double precision, paid boolean NOT NULL DEFAULT false, note text,
        placed_at timestamp NOT NULL, shipped_at timestamp`,
    texts: `id bigint NOT NULL, user_id bigint NOT NULL, title varchar(120) NOT NULL,
        body text NOT NULL`,
    blobs: `id bigint NOT NULL, user_id bigint NOT NULL, name varchar(120) NOT NULL,
        content bytea NOT NULL`,
    events: `id bigint NOT NULL, user_id bigint NOT NULL, number varchar(24) NOT NULL,
        amount numeric(12, 2) NOT NULL, placed_at timestamp NOT NULL`,
};

const mysql = {
    users: `id bigint NOT NULL AUTO_INCREMENT, email varchar(120) ${bytes} NOT NULL,
        name varchar(120) ${bytes} NOT NULL, active tinyint(1) NOT NULL DEFAULT 1,
        created_at datetime(6) NOT NULL, PRIMARY KEY (id)`,
    orders: `id bigint NOT NULL AUTO_INCREMENT, user_id bigint NOT NULL,
        number varchar(24) ${bytes} NOT NULL, status varchar(12) ${bytes} NOT NULL,
        quantity bigint NOT NULL, amount decimal(12, 2) NOT NULL, weight double,
        paid tinyint(1) NOT NULL DEFAULT 0, note longtext ${bytes},
        placed_at datetime(6) NOT NULL, shipped_at datetime(6), PRIMARY KEY (id)`,
    texts: `id bigint NOT NULL AUTO_INCREMENT, user_id bigint NOT NULL,
        title varchar(120) ${bytes} NOT NULL, body longtext ${bytes} NOT NULL, PRIMARY KEY (id)`,
    blobs: `id bigint NOT NULL AUTO_INCREMENT, user_id bigint NOT NULL,
        name varchar(120) ${bytes} NOT NULL, content longblob NOT NULL, PRIMARY KEY (id)`,
    events: `id bigint NOT NULL AUTO_INCREMENT, user_id bigint NOT NULL,
        number varchar(24) ${bytes} NOT NULL, amount decimal(12, 2) NOT NULL,
        placed_at datetime(6) NOT NULL, PRIMARY KEY (id)`,
};

const sqlite = {
    users: `id INTEGER PRIMARY KEY, email VARCHAR(120) NOT NULL, name VARCHAR(120) NOT NULL,
        active BOOLEAN NOT NULL DEFAULT 1, created_at TIMESTAMP NOT NULL`,
    orders: `id INTEGER PRIMARY KEY, user_id INTEGER NOT NULL REFERENCES users (id),
        number VARCHAR(24) NOT NULL, status VARCHAR(12) NOT NULL, quantity INTEGER NOT NULL,
        amount DECIMAL(12, 2) NOT NULL, weight DOUBLE PRECISION, paid BOOLEAN NOT NULL DEFAULT 0,
        note TEXT, placed_at TIMESTAMP NOT NULL, shipped_at TIMESTAMP`,
    texts: `id INTEGER PRIMARY KEY, user_id INTEGER NOT NULL REFERENCES users (id),
        title VARCHAR(120) NOT NULL, body TEXT NOT NULL`,
    blobs: `id INTEGER PRIMARY KEY, user_id INTEGER NOT NULL REFERENCES users (id),
        name VARCHAR(120) NOT NULL, content BLOB NOT NULL`,
    events: `id INTEGER PRIMARY KEY, user_id INTEGER NOT NULL, number VARCHAR(24) NOT NULL,
        amount DECIMAL(12, 2) NOT NULL, placed_at TIMESTAMP NOT NULL`,
};

const columns = { postgresql, mysql, sqlite };

/** [name, unique, column] of each. */
export const indexes = {
    users: [['users_email', true, 'email']],
    orders: [['orders_user_id', false, 'user_id'], ['orders_placed_at', false, 'placed_at']],
    texts: [['texts_user_id', false, 'user_id']],
    blobs: [['blobs_user_id', false, 'user_id']],
    events: [['events_placed_at', false, 'placed_at']],
};

/** The four tables; those with a foreign key. */
export const names = ['users', 'orders', 'texts', 'blobs'];
export const children = ['orders', 'texts', 'blobs'];

/** In the order in which two lanes take them best: the largest first. */
export const byWork = ['orders', 'texts', 'blobs', 'users'];

/** How sqlite3 writes a table's rows as CSV that COPY reads. */
export const csv = {
    users: 'SELECT * FROM users',
    orders: 'SELECT * FROM orders',
    texts: 'SELECT * FROM texts',
    blobs: "SELECT id, user_id, name, '\\x' || hex(content) FROM blobs",
};

export const createTable = (kind, name) =>
    `CREATE TABLE ${name} (${columns[kind][name].replace(/\s+/g, ' ')});`;
export const createIndexes = (name) =>
    indexes[name].map(([index, unique, column]) =>
        `CREATE ${unique ? 'UNIQUE ' : ''}INDEX ${index} ON ${name} (${column});`);

export const primaryKey = (name) => [
    `CREATE UNIQUE INDEX ${name}_pkey ON ${name} (id);`,
    `ALTER TABLE ${name} ADD CONSTRAINT ${name}_pkey PRIMARY KEY USING INDEX ${name}_pkey;`,
];
export const foreignKey = (name) => [
    `ALTER TABLE ${name} ADD CONSTRAINT ${name}_user_id_fkey FOREIGN KEY (user_id) ` +
        'REFERENCES users (id) NOT VALID;',
    `ALTER TABLE ${name} VALIDATE CONSTRAINT ${name}_user_id_fkey;`,
];

/** MariaDB: all that is missing in one statement, so that the table is read once. */
export const alterTable = (name) => {
    const parts = indexes[name].map(([index, unique, column]) =>
        `ADD ${unique ? 'UNIQUE ' : ''}KEY ${index} (${column})`);
    if (children.includes(name)) {
        parts.push(`ADD CONSTRAINT ${name}_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id)`);
    }
    return `ALTER TABLE ${name} ${parts.join(', ')};`;
};
export const antiJoin = (name) =>
    `SELECT count(*) FROM ${name} c LEFT JOIN users p ON p.id = c.user_id ` +
    'WHERE p.id IS NULL AND c.user_id IS NOT NULL;';

/** A SQLite file of the narrow table. */
export const makeEvents = (rows) => `
    PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;
    ${createTable('sqlite', 'events')}
    INSERT INTO events WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n
        WHERE i < ${rows}) SELECT i, i * 7919 % 100000 + 1, printf('EV-%09d', i),
        (i * 104729 % 9999999) / 100.0, datetime(1500000000 + i * 65537 % 200000000, 'unixepoch')
        FROM n;
    ${createIndexes('events').join('\n')}`;
