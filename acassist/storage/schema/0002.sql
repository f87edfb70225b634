-- Writes to the set-up of an org, stored before they are made; times and json columns as in 0001.
CREATE TABLE provisioning (
    id INTEGER PRIMARY KEY,
    org_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    key TEXT NOT NULL,
    payload_json TEXT NOT NULL,
    before_json TEXT NOT NULL,
    remote_id TEXT NOT NULL,
    state TEXT NOT NULL,
    reason TEXT NOT NULL,
    at INTEGER NOT NULL,
    ended INTEGER
) STRICT;
CREATE INDEX provisioning_open ON provisioning (org_id, id) WHERE state = 'open';
CREATE INDEX provisioning_key ON provisioning (org_id, kind, key);
