-- What the turn under way of a rolling sweep has seen, so that its end can tell what is missing.
CREATE TABLE sweep_seen (
    kind TEXT NOT NULL,
    key TEXT NOT NULL,
    turn INTEGER NOT NULL,
    PRIMARY KEY (kind, key)
) STRICT, WITHOUT ROWID;
-- Linked contacts without a sync tag; "held" ones have changes that wait for one.
CREATE TABLE untagged (
    ac_id TEXT PRIMARY KEY,
    held INTEGER NOT NULL,
    missing INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
