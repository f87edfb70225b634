"""The journal of writes to the set-up of an org: stored before each write, so that the next Apply can go on."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from acassist.storage.codec import dumps, loads, micros, moment, moment_of
from acassist.storage.database import Database


class EntryKind(StrEnum):
    """What a write does."""

    DEPLOY = "deploy"
    REMOVE = "remove"
    ASSIGN = "assign"
    UNASSIGN = "unassign"
    LAYOUT = "layout"
    LAYOUT_BACK = "layout_back"


class EntryState(StrEnum):
    """How a write ended, as far as it is known."""

    OPEN = "open"
    DONE = "done"
    FAILED = "failed"
    UNDONE = "undone"
    """Made, and taken back later."""
    OVERTAKEN = "overtaken"
    """Its end was never learned; a later look at the org took its place."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One write. `before` is what was there (a layout's Metadata), `remote_id` what Salesforce calls the write."""

    org_id: str
    kind: EntryKind
    key: str
    payload: Any = None
    before: Any = None
    remote_id: str = ""
    state: EntryState = EntryState.OPEN
    reason: str = ""
    id: int = 0
    at: datetime | None = None
    ended: datetime | None = field(default=None, compare=False)


class ProvisioningJournal:
    """Writes to the set-up of orgs, of one profile; rows are kept as a record of what was done."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def open(self, entry: Entry) -> Entry:
        """Store a write durably before it is made, and return it with its id and time."""
        at = self._db.clock.now()
        values = (entry.org_id, entry.kind, entry.key, dumps(entry.payload), dumps(entry.before), entry.remote_id)
        with self._db.transaction():
            cursor = self._db.execute(
                "INSERT INTO provisioning (org_id, kind, key, payload_json, before_json, remote_id, state, reason, at)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, '', ?)",
                (*values, EntryState.OPEN, micros(at)),
            )
        return replace(entry, id=int(cursor.lastrowid or 0), state=EntryState.OPEN, at=at)

    def name(self, entry: Entry, remote_id: str) -> Entry:
        """Keep what Salesforce calls a write, so that it can be asked for later."""
        with self._db.transaction():
            self._db.execute("UPDATE provisioning SET remote_id = ? WHERE id = ?", (remote_id, entry.id))
        return replace(entry, remote_id=remote_id)

    def close(self, entry: Entry, state: EntryState, reason: str = "") -> Entry:
        """Record how a write ended; LookupError when it is not there."""
        ended = self._db.clock.now()
        with self._db.transaction():
            changed = self._db.execute(
                "UPDATE provisioning SET state = ?, reason = ?, ended = ? WHERE id = ?",
                (state, reason, micros(ended), entry.id),
            ).rowcount
            if not changed:
                raise LookupError(f"no provisioning entry {entry.id}")
        return replace(entry, state=state, reason=reason, ended=ended)

    def pending(self, org_id: str) -> list[Entry]:
        """Return the writes to an org whose end is not known, oldest first."""
        sql = "SELECT * FROM provisioning WHERE org_id = ? AND state = 'open' ORDER BY id"
        return [_entry(row) for row in self._db.rows(sql, (org_id,))]

    def entries(self, org_id: str, kind: EntryKind, key: str | None = None) -> list[Entry]:
        """Return the writes of one kind to an org, or of one key, oldest first."""
        sql = "SELECT * FROM provisioning WHERE org_id = ?1 AND kind = ?2 AND (?3 IS NULL OR key = ?3) ORDER BY id"
        return [_entry(row) for row in self._db.rows(sql, (org_id, kind, key))]

    def saved_layouts(self, org_id: str) -> Mapping[str, Entry]:
        """Return, by layout, the first write that was not taken back: its `before` is the layout as it was found."""
        found: dict[str, Entry] = {}
        for entry in self.entries(org_id, EntryKind.LAYOUT):
            if entry.state in (EntryState.DONE, EntryState.OPEN, EntryState.OVERTAKEN):
                found.setdefault(entry.key, entry)
        return found


def _entry(row: sqlite3.Row) -> Entry:
    return Entry(
        org_id=row["org_id"],
        kind=EntryKind(row["kind"]),
        key=row["key"],
        payload=loads(row["payload_json"]),
        before=loads(row["before_json"]),
        remote_id=row["remote_id"],
        state=EntryState(row["state"]),
        reason=row["reason"],
        id=row["id"],
        at=moment_of(row["at"]),
        ended=moment(row["ended"]),
    )
