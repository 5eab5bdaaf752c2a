-- SPDX-License-Identifier: Apache-2.0
-- revision: 0002
-- down_revision: 0001
-- message: audit log, which the database itself keeps from being changed
-- create_date: 2026-11-20 12:00:00

-- upgrade sqlite
CREATE TABLE audit_log (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    at BIGINT NOT NULL,
    who TEXT NOT NULL,
    address TEXT,
    action TEXT NOT NULL,
    object TEXT,
    outcome TEXT NOT NULL
);
CREATE TRIGGER audit_log_keep BEFORE UPDATE ON audit_log BEGIN
    SELECT RAISE(ABORT, 'the audit log is append-only');
END;
CREATE TRIGGER audit_log_keep_rows BEFORE DELETE ON audit_log BEGIN
    SELECT RAISE(ABORT, 'the audit log is append-only');
END;

-- upgrade postgresql
CREATE TABLE audit_log (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at BIGINT NOT NULL,
    who TEXT NOT NULL,
    address TEXT,
    action TEXT NOT NULL,
    object TEXT,
    outcome TEXT NOT NULL
);
CREATE FUNCTION audit_log_keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the audit log is append-only';
END
$$;
CREATE TRIGGER audit_log_keep BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_log
    FOR EACH STATEMENT EXECUTE FUNCTION audit_log_keep();

-- downgrade sqlite
DROP TABLE audit_log;

-- downgrade postgresql
DROP TABLE audit_log;
DROP FUNCTION audit_log_keep();
