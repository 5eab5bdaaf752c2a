-- SPDX-License-Identifier: Apache-2.0
-- The shape for measuring: many narrow rows, wide texts, blobs.
CREATE TABLE users (
    id INTEGER PRIMARY KEY,
    email VARCHAR(120) NOT NULL,
    name VARCHAR(120) NOT NULL,
    active BOOLEAN NOT NULL DEFAULT 1,
    created_at TIMESTAMP NOT NULL
);
CREATE TABLE orders (
    id INTEGER PRIMARY KEY,
    user_id INTEGER NOT NULL REFERENCES users (id),
    number VARCHAR(24) NOT NULL,
    status VARCHAR(12) NOT NULL,
    quantity INTEGER NOT NULL,
    amount DECIMAL(12, 2) NOT NULL,
    weight DOUBLE PRECISION,
    paid BOOLEAN NOT NULL DEFAULT 0,
    note TEXT,
    placed_at TIMESTAMP NOT NULL,
    shipped_at TIMESTAMP
);
CREATE TABLE texts (
    id INTEGER PRIMARY KEY,
    user_id INTEGER NOT NULL REFERENCES users (id),
    title VARCHAR(120) NOT NULL,
    body TEXT NOT NULL
);
CREATE TABLE blobs (
    id INTEGER PRIMARY KEY,
    user_id INTEGER NOT NULL REFERENCES users (id),
    name VARCHAR(120) NOT NULL,
    content BLOB NOT NULL
);
