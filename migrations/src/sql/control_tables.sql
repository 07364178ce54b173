-- Tenants. `last_sequence` is the feed's last number: its row lock is what keeps the feed dense.
CREATE TABLE projects (
    id {key} NOT NULL PRIMARY KEY,
    name {key} NOT NULL UNIQUE,
    last_sequence {int} NOT NULL,
    created_at {time} NOT NULL
){strict};

CREATE TABLE users (
    id {key} NOT NULL PRIMARY KEY,
    name {key} NOT NULL UNIQUE,
    token_hash {text},
    created_at {time} NOT NULL,
    updated_at {time} NOT NULL
){strict};

CREATE TABLE platform_connections (
    id {key} NOT NULL PRIMARY KEY,
    project_id {key} NOT NULL REFERENCES projects (id),
    platform {key} NOT NULL,
    account_id {key} NOT NULL,
    account_name {text} NOT NULL,
    account_scopes {json} NOT NULL,
    account_warnings {json} NOT NULL,
    auth_method {text} NOT NULL,
    settings {json} NOT NULL,
    keep_raw {bool} NOT NULL,
    status {text} NOT NULL CHECK (status IN ('active', 'reconnect_required', 'disconnected')),
    status_reason {text},
    connected_at {time} NOT NULL,
    updated_at {time} NOT NULL,
    UNIQUE (project_id, platform, account_id)
){strict};
CREATE INDEX platform_connections_account ON platform_connections (platform, account_id);

-- `sealed` is null once the connection was disconnected; the row stays, because version and fence
-- must never start over.
CREATE TABLE connection_credentials (
    connection_id {key} NOT NULL PRIMARY KEY REFERENCES platform_connections (id) ON DELETE CASCADE,
    sealed {text},
    version {int} NOT NULL,
    expires_at {time},
    reconnect_by {time},
    intent_owner {text},
    intent_at {time},
    lease_owner {text},
    lease_until {time},
    lease_fence {int} NOT NULL,
    updated_at {time} NOT NULL
){strict};

-- `connection_id` is that of a connection to be, so it refers to none yet.
CREATE TABLE pending_connects (
    key_hash {key} NOT NULL PRIMARY KEY,
    project_id {key} NOT NULL REFERENCES projects (id),
    connection_id {key} NOT NULL,
    platform {key} NOT NULL,
    browser_hash {text},
    sealed {text} NOT NULL,
    settings {json} NOT NULL,
    keep_raw {bool} NOT NULL,
    return_to {text},
    created_at {time} NOT NULL,
    expires_at {time} NOT NULL
){strict};
CREATE INDEX pending_connects_expiry ON pending_connects (expires_at);

CREATE TABLE sync_schedules (
    connection_id {key} NOT NULL REFERENCES platform_connections (id) ON DELETE CASCADE,
    stream {key} NOT NULL,
    every_seconds {int} NOT NULL,
    enabled {bool} NOT NULL,
    next_run_at {time},
    updated_at {time} NOT NULL,
    PRIMARY KEY (connection_id, stream)
){strict};
CREATE INDEX sync_schedules_due ON sync_schedules (next_run_at);

-- One row per run of a stream.
CREATE TABLE sync_log (
    id {key} NOT NULL PRIMARY KEY,
    project_id {key} NOT NULL REFERENCES projects (id),
    connection_id {key} NOT NULL REFERENCES platform_connections (id) ON DELETE CASCADE,
    stream {key} NOT NULL,
    model {text} NOT NULL,
    mode {text} NOT NULL,
    owner {text} NOT NULL,
    status {text} NOT NULL,
    started_at {time} NOT NULL,
    heartbeat_at {time} NOT NULL,
    finished_at {time},
    resume_at {time},
    pages {int} NOT NULL,
    inserted {int} NOT NULL,
    updated {int} NOT NULL,
    unchanged {int} NOT NULL,
    gone {int} NOT NULL,
    skipped {int} NOT NULL,
    last_sequence {int} NOT NULL,
    expected {int},
    requests {int} NOT NULL,
    retries {int} NOT NULL,
    waited_ms {int} NOT NULL,
    failure_kind {text},
    failure_message {text},
    skipped_sample {json} NOT NULL,
    notes {json} NOT NULL
){strict};
CREATE INDEX sync_log_project ON sync_log (project_id, id);
CREATE INDEX sync_log_stream ON sync_log (connection_id, stream, id);

-- Where each stream stands, and who reads it now. `reading_full` says that a full read was begun
-- and has not come to its end; `present` and `gone` count the stream's records.
CREATE TABLE sync_checkpoints (
    connection_id {key} NOT NULL REFERENCES platform_connections (id) ON DELETE CASCADE,
    stream {key} NOT NULL,
    project_id {key} NOT NULL REFERENCES projects (id),
    model {text} NOT NULL,
    checkpoint_version {int},
    checkpoint_cursor {json},
    checkpoint_at {time},
    reading_full {bool} NOT NULL,
    completed_at {time},
    present {int} NOT NULL,
    gone {int} NOT NULL,
    run_id {key},
    lease_owner {text},
    lease_until {time},
    lease_fence {int} NOT NULL,
    PRIMARY KEY (connection_id, stream)
){strict};
CREATE INDEX sync_checkpoints_project ON sync_checkpoints (project_id, connection_id, stream);

CREATE TABLE webhook_inbox (
    id {key} NOT NULL PRIMARY KEY,
    project_id {key} NOT NULL REFERENCES projects (id),
    connection_id {key} NOT NULL REFERENCES platform_connections (id) ON DELETE CASCADE,
    event_id {key} NOT NULL,
    topic {text} NOT NULL,
    account {text},
    headers {json} NOT NULL,
    body {bytes} NOT NULL,
    received_at {time} NOT NULL,
    status {text} NOT NULL CHECK (status IN ('pending', 'processed', 'failed')),
    attempts {int} NOT NULL,
    error {text},
    processed_at {time},
    UNIQUE (connection_id, event_id)
){strict};
CREATE INDEX webhook_inbox_status ON webhook_inbox (project_id, status, id);

-- Budgets that platforms allow; levels in thousandths, so that no fraction is lost.
CREATE TABLE quota_buckets (
    id {key} NOT NULL PRIMARY KEY,
    capacity_milli {int} NOT NULL,
    level_milli {int} NOT NULL,
    refill_milli_per_second {int} NOT NULL,
    updated_at {time} NOT NULL
){strict};

-- No reference to the project: what was done stays readable after what it was done to is erased.
CREATE TABLE audit_log (
    id {key} NOT NULL PRIMARY KEY,
    project_id {key} NOT NULL,
    actor {text} NOT NULL,
    action {text} NOT NULL,
    subject {text} NOT NULL,
    detail {text},
    at {time} NOT NULL
){strict};
CREATE INDEX audit_log_project ON audit_log (project_id, id);
