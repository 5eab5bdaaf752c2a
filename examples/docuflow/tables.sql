-- SPDX-License-Identifier: Apache-2.0
-- The tables of DocuFlow, an application that reads documents: as its SQLite database has them.
-- organizations and users refer to each other; organizations refers to itself.
CREATE TABLE organizations (
    id CHAR(36) NOT NULL PRIMARY KEY,
    name VARCHAR(200) NOT NULL,
    slug VARCHAR(80) NOT NULL UNIQUE,
    parent_id CHAR(36) REFERENCES organizations (id) ON DELETE SET NULL,
    owner_id INTEGER REFERENCES users (id) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED,
    plan VARCHAR(20) NOT NULL DEFAULT 'free'
        CHECK (plan IN ('free', 'starter', 'business', 'enterprise')),
    status VARCHAR(20) NOT NULL DEFAULT 'active',
    settings JSON NOT NULL DEFAULT '{}',
    credit DECIMAL(10, 2) NOT NULL DEFAULT 0,
    is_active BOOLEAN NOT NULL DEFAULT 1,
    trial_ends DATE,
    created_at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at TIMESTAMP
);
CREATE TABLE users (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    organization_id CHAR(36) REFERENCES organizations (id) ON DELETE CASCADE,
    auth0_id VARCHAR(128) UNIQUE,
    email VARCHAR(255) NOT NULL,
    name VARCHAR(120),
    role VARCHAR(20) NOT NULL DEFAULT 'member' CHECK (role IN ('owner', 'admin', 'member', 'guest')),
    is_admin BOOLEAN NOT NULL DEFAULT 0 CHECK (is_admin IN (0, 1)),
    avatar BLOB,
    preferences JSON,
    quota_bytes BIGINT NOT NULL DEFAULT 5368709120,
    signature TEXT DEFAULT 'Sent from ''DocuFlow''',
    last_login_at DATETIME,
    login_epoch INTEGER,
    created_at DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
    CONSTRAINT uq_users_organization_email UNIQUE (organization_id, email)
);
CREATE TABLE batches (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    organization_id CHAR(36) NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
    user_id INTEGER REFERENCES users (id) ON DELETE SET NULL,
    name VARCHAR(200) NOT NULL,
    status VARCHAR(20) NOT NULL DEFAULT 'pending',
    document_count INTEGER NOT NULL DEFAULT 0,
    total_bytes BIGINT,
    progress REAL NOT NULL DEFAULT 0.0,
    cost NUMERIC(12, 4),
    tags TEXT NOT NULL DEFAULT '[]',
    started_at DATETIME,
    finished_at DATETIME,
    created_at DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
    CONSTRAINT ck_batches_documents CHECK (document_count >= 0)
);
CREATE TABLE connector_configs (
    id INTEGER PRIMARY KEY,
    user_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    connector_type VARCHAR(40) NOT NULL,
    endpoint VARCHAR(500),
    credentials BLOB,
    config JSON NOT NULL DEFAULT '{}',
    enabled BOOLEAN NOT NULL DEFAULT 1,
    priority SMALLINT NOT NULL DEFAULT -1,
    last_sync_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT uq_connector_configs_user_type UNIQUE (user_id, connector_type)
);
CREATE TABLE field_mappings (
    connector_id INTEGER NOT NULL REFERENCES connector_configs (id)
        ON UPDATE CASCADE ON DELETE CASCADE,
    source_field VARCHAR(80) NOT NULL,
    target_field VARCHAR(80) NOT NULL,
    "transform" TEXT,
    "order" SMALLINT NOT NULL DEFAULT 0,
    required BOOLEAN NOT NULL DEFAULT FALSE,
    PRIMARY KEY (connector_id, source_field)
) WITHOUT ROWID;
CREATE TABLE organization_settings (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    organization_id CHAR(36) NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
    "key" VARCHAR(80) NOT NULL,
    value TEXT,
    is_secret BOOLEAN NOT NULL DEFAULT 0,
    updated_by INTEGER REFERENCES users (id) ON DELETE SET NULL,
    updated_at DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
    UNIQUE (organization_id, "key")
);
CREATE TABLE usage_logs (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    organization_id CHAR(36) NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
    user_id INTEGER REFERENCES users (id) ON DELETE SET NULL,
    action_type VARCHAR(40) NOT NULL,
    quantity INTEGER NOT NULL DEFAULT 1,
    unit_price NUMERIC(12, 6) NOT NULL DEFAULT 0.01,
    amount DECIMAL(10, 2) NOT NULL,
    amount_text TEXT,
    billed BOOLEAN NOT NULL DEFAULT 0,
    billing_period CHAR(7) NOT NULL,
    ip_address VARCHAR(45),
    request_id BIGINT,
    logged_epoch INTEGER NOT NULL,
    created_at DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP
);
CREATE TABLE subscriptions (
    organization_id CHAR(36) NOT NULL PRIMARY KEY REFERENCES organizations (id) ON DELETE RESTRICT,
    customer_id VARCHAR(64) NOT NULL UNIQUE,
    price DECIMAL(10, 2) NOT NULL,
    currency CHAR(3) NOT NULL DEFAULT 'EUR',
    quantity INTEGER NOT NULL DEFAULT 1,
    balance NUMERIC,
    tax_rate TEXT NOT NULL DEFAULT '19.00',
    period_start DATE NOT NULL,
    period_end DATE NOT NULL,
    renewal_time TIME,
    cancel_at_period_end BOOLEAN NOT NULL DEFAULT 0,
    created_at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP,
    CONSTRAINT ck_subscriptions_period CHECK (period_end >= period_start)
);
CREATE TABLE document_metadata (
    id CHAR(36) NOT NULL PRIMARY KEY,
    organization_id CHAR(36) NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
    batch_id INTEGER REFERENCES batches (id) ON DELETE SET NULL,
    file_name VARCHAR(255) NOT NULL,
    file_size BIGINT NOT NULL,
    mime_type VARCHAR(100) DEFAULT 'application/pdf',
    status VARCHAR(20) NOT NULL DEFAULT 'pending_review',
    confidence DOUBLE PRECISION CHECK (confidence BETWEEN 0 AND 1),
    extracted JSON,
    raw_text TEXT,
    thumbnail BLOB,
    sha256 BLOB NOT NULL,
    page_count SMALLINT NOT NULL DEFAULT 1,
    total_amount DECIMAL(10, 2),
    document_date DATE,
    reviewed_by INTEGER REFERENCES users (id) ON DELETE SET NULL,
    uploaded BOOLEAN NOT NULL DEFAULT 0,
    processed_at DATETIME,
    reviewed_at TIMESTAMP WITH TIME ZONE
);
CREATE TABLE field_corrections (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    organization_id CHAR(36) NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
    document_id CHAR(36) NOT NULL REFERENCES document_metadata (id) ON DELETE CASCADE,
    user_id INTEGER REFERENCES users (id) ON DELETE SET NULL,
    field_name VARCHAR(80) NOT NULL,
    original_value TEXT,
    corrected_value TEXT,
    confidence_before REAL,
    weight FLOAT NOT NULL DEFAULT 1.5,
    created_at DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP
);
