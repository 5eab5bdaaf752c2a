-- SPDX-License-Identifier: Apache-2.0
-- revision: 0001
-- message: accounts, log-ins, tokens, settings
-- create_date: 2026-11-20 12:00:00
--
-- Times are microseconds since 1970-01-01 UTC. Secrets stand here as hashes only.

-- upgrade
CREATE TABLE accounts (
    name VARCHAR(64) NOT NULL PRIMARY KEY,
    password TEXT,                          -- argon2id; NULL: none was set yet
    created_at BIGINT NOT NULL,
    changed_at BIGINT
);

CREATE TABLE setup_links (
    token_hash VARCHAR(64) NOT NULL PRIMARY KEY,
    account VARCHAR(64) NOT NULL REFERENCES accounts (name) ON DELETE CASCADE,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);

CREATE TABLE sessions (
    cookie_hash VARCHAR(64) NOT NULL PRIMARY KEY,
    account VARCHAR(64) NOT NULL REFERENCES accounts (name) ON DELETE CASCADE,
    address TEXT,
    created_at BIGINT NOT NULL,
    used_at BIGINT NOT NULL
);
CREATE INDEX sessions_account ON sessions (account);

-- Failed tries to log in, per address and per account.
CREATE TABLE attempts (
    subject VARCHAR(255) NOT NULL PRIMARY KEY,
    failures INTEGER NOT NULL,
    last_at BIGINT NOT NULL,
    next_at BIGINT NOT NULL                 -- no further try before
);

CREATE TABLE tokens (
    id VARCHAR(16) NOT NULL PRIMARY KEY,
    secret_hash VARCHAR(64) NOT NULL UNIQUE,
    name VARCHAR(255) NOT NULL,
    scopes VARCHAR(255) NOT NULL,           -- comma-separated
    apps TEXT,                              -- comma-separated; NULL: all
    created_at BIGINT NOT NULL,
    expires_at BIGINT,
    last_used_at BIGINT
);

CREATE TABLE settings (
    name VARCHAR(64) NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
);

-- downgrade
DROP TABLE settings;
DROP TABLE tokens;
DROP TABLE attempts;
DROP TABLE sessions;
DROP TABLE setup_links;
DROP TABLE accounts;
