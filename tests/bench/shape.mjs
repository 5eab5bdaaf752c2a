// SPDX-License-Identifier: Apache-2.0
// The bench's four tables (docuflow-generate --shape=bench) as PostgreSQL has them.
export const tables = {
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
};

export const indexes = {
    users: ['CREATE UNIQUE INDEX users_email ON users (email)'],
    orders: [
        'CREATE INDEX orders_user_id ON orders (user_id)',
        'CREATE INDEX orders_placed_at ON orders (placed_at)',
    ],
    texts: ['CREATE INDEX texts_user_id ON texts (user_id)'],
    blobs: ['CREATE INDEX blobs_user_id ON blobs (user_id)'],
};

/** How sqlite3 writes a table's rows as CSV that COPY reads. */
export const csv = {
    users: 'SELECT * FROM users',
    orders: 'SELECT * FROM orders',
    texts: 'SELECT * FROM texts',
    blobs: "SELECT id, user_id, name, '\\x' || hex(content) FROM blobs",
};

export const names = Object.keys(tables);
export const createTable = (name) => `CREATE TABLE ${name} (${tables[name].replace(/\s+/g, ' ')});`;
export const primaryKey = (name) => [
    `CREATE UNIQUE INDEX ${name}_pkey ON ${name} (id);`,
    `ALTER TABLE ${name} ADD CONSTRAINT ${name}_pkey PRIMARY KEY USING INDEX ${name}_pkey;`,
];
export const foreignKey = (name) => [
    `ALTER TABLE ${name} ADD CONSTRAINT ${name}_user_id_fkey FOREIGN KEY (user_id) ` +
        'REFERENCES users (id) NOT VALID;',
    `ALTER TABLE ${name} VALIDATE CONSTRAINT ${name}_user_id_fkey;`,
];
