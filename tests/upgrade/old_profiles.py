"""Writes profiles as older versions left them; the SQL is a copy of its time and never follows the program."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

VERSION_1 = """
-- Times are microseconds since 1970 in UTC; "json" columns hold compact JSON; flags are 0 or 1.
CREATE TABLE link (
    id INTEGER PRIMARY KEY,
    sobject TEXT NOT NULL,
    sf_id TEXT NOT NULL,
    ac_id TEXT NOT NULL,
    email TEXT NOT NULL,
    email_key TEXT NOT NULL,
    is_primary INTEGER NOT NULL,
    state TEXT NOT NULL,
    base_json TEXT NOT NULL,
    sf_stamp INTEGER,
    ac_stamp INTEGER,
    own_sf_stamp INTEGER,
    status_written TEXT,
    fingerprint TEXT NOT NULL,
    opted_out INTEGER,
    watch TEXT NOT NULL,
    synced_at INTEGER
) STRICT;
CREATE UNIQUE INDEX link_sf ON link (sobject, sf_id);
CREATE INDEX link_ac ON link (ac_id);
CREATE INDEX link_email ON link (email_key);
CREATE INDEX link_state ON link (state);

CREATE TABLE cursor (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE contact (
    ac_id TEXT PRIMARY KEY,
    email TEXT NOT NULL,
    email_key TEXT NOT NULL,
    updated INTEGER NOT NULL,
    values_json TEXT NOT NULL,
    stamps_json TEXT NOT NULL,
    tagged INTEGER NOT NULL,
    deleted INTEGER NOT NULL
) STRICT;
CREATE INDEX contact_email ON contact (email_key);
CREATE INDEX contact_number ON contact (CAST(ac_id AS INTEGER));

CREATE TABLE intent (
    id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,
    key TEXT NOT NULL,
    payload_json TEXT NOT NULL,
    run_id INTEGER,
    state TEXT NOT NULL,
    at INTEGER NOT NULL
) STRICT;
CREATE INDEX intent_open ON intent (id) WHERE state = 'open';

CREATE TABLE issue (
    id INTEGER PRIMARY KEY,
    code TEXT NOT NULL,
    subject TEXT NOT NULL,
    field TEXT NOT NULL,
    values_json TEXT NOT NULL,
    detail TEXT NOT NULL,
    name TEXT NOT NULL,
    sobject TEXT,
    sf_id TEXT,
    ac_id TEXT,
    link_id INTEGER REFERENCES link (id) ON DELETE SET NULL,
    version TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    state TEXT NOT NULL,
    first_seen INTEGER NOT NULL,
    last_seen INTEGER NOT NULL,
    next_try INTEGER,
    UNIQUE (code, subject, field)
) STRICT;
CREATE INDEX issue_subject ON issue (subject, state);
CREATE INDEX issue_state ON issue (state, code);
CREATE INDEX issue_link ON issue (link_id);

CREATE TABLE run (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    direction TEXT NOT NULL,
    state TEXT NOT NULL,
    started INTEGER NOT NULL,
    ended INTEGER,
    counters_json TEXT NOT NULL,
    cause TEXT NOT NULL,
    problem TEXT,
    problem_values_json TEXT NOT NULL
) STRICT;
CREATE INDEX run_started ON run (started);
CREATE INDEX run_running ON run (id) WHERE state = 'running';

CREATE TABLE history (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    run_id INTEGER REFERENCES run (id) ON DELETE CASCADE,
    at INTEGER NOT NULL,
    target TEXT NOT NULL,
    action TEXT NOT NULL,
    subject TEXT NOT NULL,
    name TEXT NOT NULL,
    link_id INTEGER,
    sobject TEXT,
    sf_id TEXT,
    ac_id TEXT,
    field TEXT NOT NULL,
    before TEXT,
    after TEXT,
    rule TEXT NOT NULL,
    reply TEXT NOT NULL,
    key TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX history_run ON history (run_id, id);
CREATE INDEX history_link ON history (link_id, id);
CREATE INDEX history_sf ON history (sf_id, id);
CREATE INDEX history_at ON history (at);

CREATE TABLE setting (
    name TEXT PRIMARY KEY,
    value_json TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE audit (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    at INTEGER NOT NULL,
    what TEXT NOT NULL,
    before_json TEXT NOT NULL,
    after_json TEXT NOT NULL
) STRICT;
CREATE TRIGGER audit_keeps_rows BEFORE DELETE ON audit
BEGIN
    SELECT RAISE(ABORT, 'audit rows are never deleted');
END;
CREATE TRIGGER audit_keeps_content BEFORE UPDATE ON audit
BEGIN
    SELECT RAISE(ABORT, 'audit rows are never changed');
END;

CREATE TABLE activity_cache (
    ac_id TEXT PRIMARY KEY,
    read_at INTEGER NOT NULL,
    size INTEGER NOT NULL,
    feed_json TEXT NOT NULL
) STRICT;
CREATE INDEX activity_cache_age ON activity_cache (read_at);

CREATE TABLE call_count (
    service TEXT NOT NULL,
    day TEXT NOT NULL,
    calls INTEGER NOT NULL,
    PRIMARY KEY (service, day)
) STRICT, WITHOUT ROWID;
"""

ROWS_1 = """
INSERT INTO link (sobject, sf_id, ac_id, email, email_key, is_primary, state, base_json, sf_stamp, fingerprint, watch)
VALUES ('Contact', '003000000000001AAA', '7', 'Ana@example.com', 'ana@example.com', 1, 'active',
        '{"k":["a","b"]}', 1735787045000000, '', '');
INSERT INTO cursor (name, value) VALUES ('sf:Contact', '2025-01-02');
"""


def write_version_1(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.executescript(VERSION_1 + ROWS_1 + "PRAGMA user_version = 1;")
