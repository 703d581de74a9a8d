-- What the first release left on disk.
CREATE TABLE IF NOT EXISTS site (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    id TEXT NOT NULL,
    settings TEXT NOT NULL,
    revision INTEGER NOT NULL,
    last_sequence INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE IF NOT EXISTS responses (
    id TEXT PRIMARY KEY,
    revision INTEGER NOT NULL,
    score INTEGER NOT NULL,
    comment TEXT,
    page TEXT NOT NULL,
    lang TEXT NOT NULL,
    visitor TEXT,
    heard TEXT,
    acknowledgement TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    completed_at INTEGER
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS responses_newest ON responses (created_at, id);
CREATE INDEX IF NOT EXISTS responses_open ON responses (updated_at) WHERE completed_at IS NULL;
CREATE TABLE IF NOT EXISTS events (
    sequence INTEGER PRIMARY KEY,
    id TEXT NOT NULL,
    type TEXT NOT NULL,
    body TEXT NOT NULL,
    created_at INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS endpoints (
    id TEXT PRIMARY KEY,
    url TEXT NOT NULL,
    secret TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    disabled_at INTEGER
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS deliveries (
    sequence INTEGER NOT NULL,
    endpoint TEXT NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    next_at INTEGER,
    delivered_at INTEGER,
    last_status INTEGER,
    last_error TEXT,
    PRIMARY KEY (endpoint, sequence)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS deliveries_due ON deliveries (endpoint, next_at) WHERE next_at IS NOT NULL;
INSERT INTO site VALUES (1, 'demo', '{"name":"Corner Shop","origins":[],"language":"en","themes":[],"promise":null,"ask":{"delay_seconds":3,"again_after_days":90}}', 1, 0);
INSERT INTO responses VALUES ('0190a5c4-7a1c-7def-8123-000000000001', 1, 2, 'cold soup', 'https://a.example/', 'en', NULL,
    NULL, '{"text":"Thank you.","claims":[],"ask":null,"receipt":{"reference":"7K3Q-9F2M"}}', 1700000000000, 1700000000000, 1700000000000);
INSERT INTO endpoints VALUES ('ep_00000000000000000000000000000001', 'https://crm.example/hooks', 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', 1700000000000, NULL);
