-- SPDX-License-Identifier: Apache-2.0
-- What is made after the rows: indexes of every kind, a view, a trigger.
CREATE INDEX idx_organizations_active ON organizations (slug) WHERE status = 'active';
CREATE INDEX idx_organizations_parent ON organizations (parent_id);
CREATE UNIQUE INDEX idx_users_email_lower ON users (lower(email));
CREATE INDEX idx_users_org_email ON users (organization_id, email);
CREATE INDEX idx_batches_processing ON batches (id) WHERE status = 'processing';
CREATE INDEX idx_batches_user_recent ON batches (user_id, created_at DESC);
CREATE INDEX idx_docs_pending_review ON document_metadata (organization_id)
    WHERE status = 'pending_review';
CREATE INDEX idx_docs_ready_upload ON document_metadata (processed_at)
    WHERE status = 'approved' AND uploaded = 0;
CREATE INDEX idx_docs_org_status_date
    ON document_metadata (organization_id, status, processed_at DESC);
CREATE INDEX idx_docs_batch ON document_metadata (batch_id);
CREATE INDEX idx_usage_unbilled ON usage_logs (organization_id, created_at) WHERE billed = 0;
CREATE INDEX idx_usage_billing ON usage_logs (organization_id, billing_period, action_type);
CREATE INDEX idx_corrections_learning
    ON field_corrections (organization_id, field_name, created_at DESC);
CREATE INDEX idx_corrections_document ON field_corrections (document_id);
CREATE VIEW unbilled_usage AS
    SELECT organization_id, billing_period, count(*) AS entries, sum(amount) AS total
    FROM usage_logs
    WHERE billed = 0
    GROUP BY organization_id, billing_period;
CREATE TRIGGER batches_count_documents AFTER INSERT ON document_metadata
    WHEN NEW.batch_id IS NOT NULL
BEGIN
    UPDATE batches SET document_count = document_count + 1 WHERE id = NEW.batch_id;
END;
