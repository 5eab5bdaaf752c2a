-- SPDX-License-Identifier: Apache-2.0
-- revision: 0003
-- down_revision: 0002
-- message: jobs, workers, idempotency keys
-- create_date: 2026-11-20 12:00:00
--
-- Times are microseconds since 1970-01-01 UTC; flags are 0 or 1; JSON is text.

-- upgrade
CREATE TABLE workers (
    id VARCHAR(16) NOT NULL PRIMARY KEY,
    command INTEGER NOT NULL,               -- 1: a command that runs its own job only
    host VARCHAR(255) NOT NULL,
    boot VARCHAR(64) NOT NULL,              -- the machine's boot id
    pid BIGINT NOT NULL,
    pid_start BIGINT NOT NULL,              -- the process's start time, in clock ticks since boot
    registered_at BIGINT NOT NULL,
    seen_at BIGINT NOT NULL
);

CREATE TABLE jobs (
    id VARCHAR(16) NOT NULL PRIMARY KEY,
    kind VARCHAR(32) NOT NULL,
    status VARCHAR(16) NOT NULL,
    work VARCHAR(16) NOT NULL,              -- run, resume, discard: what the next claim does
    requested VARCHAR(16),                  -- pause, cancel
    actor VARCHAR(255) NOT NULL,
    app VARCHAR(64),
    source TEXT NOT NULL,                   -- redacted
    target TEXT,                            -- redacted
    sealed TEXT NOT NULL,                   -- URLs and options, sealed with the key, base64
    phase VARCHAR(32),
    phases TEXT,
    tables TEXT,
    rows_done BIGINT NOT NULL DEFAULT 0,
    rows_total BIGINT NOT NULL DEFAULT 0,
    bytes_done BIGINT NOT NULL DEFAULT 0,
    bytes_total BIGINT NOT NULL DEFAULT 0,
    rate DOUBLE PRECISION NOT NULL DEFAULT 0,
    eta_seconds BIGINT,
    resumable INTEGER NOT NULL DEFAULT 0,
    discarded INTEGER NOT NULL DEFAULT 0,
    verdict VARCHAR(16),
    error TEXT,
    version BIGINT NOT NULL,
    event_count BIGINT NOT NULL DEFAULT 0,
    worker VARCHAR(16),
    attempt BIGINT NOT NULL DEFAULT 0,      -- counts claims
    lease_until BIGINT,
    created_at BIGINT NOT NULL,
    started_at BIGINT,
    finished_at BIGINT
);
CREATE INDEX jobs_status ON jobs (status, created_at);
CREATE INDEX jobs_created ON jobs (created_at);

CREATE TABLE job_events (
    job VARCHAR(16) NOT NULL REFERENCES jobs (id) ON DELETE CASCADE,
    seq BIGINT NOT NULL,
    at BIGINT NOT NULL,
    level VARCHAR(16) NOT NULL,
    message TEXT NOT NULL,
    PRIMARY KEY (job, seq)
);

CREATE TABLE job_documents (
    job VARCHAR(16) NOT NULL REFERENCES jobs (id) ON DELETE CASCADE,
    name VARCHAR(16) NOT NULL,              -- result, report
    body TEXT NOT NULL,
    PRIMARY KEY (job, name)
);

CREATE TABLE idempotency (
    actor VARCHAR(255) NOT NULL,
    idempotency_key VARCHAR(255) NOT NULL,
    request_hash VARCHAR(64) NOT NULL,
    job VARCHAR(16) NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (actor, idempotency_key)
);

-- downgrade
DROP TABLE idempotency;
DROP TABLE job_documents;
DROP TABLE job_events;
DROP TABLE jobs;
DROP TABLE workers;
