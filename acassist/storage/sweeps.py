"""What the rolling sweeps keep: how far each got, what its turn has seen, and who lacks a sync tag."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from acassist.domain.ids import SObject
from acassist.domain.ledger import LinkState
from acassist.domain.sweeps import DEFAULT_ALLOWANCE, SweepKind
from acassist.storage.codec import id_list
from acassist.storage.database import Database
from acassist.storage.settings import SettingsStore

_STATE, _ALLOWANCE = "sweep.state.", "sweep.allowance."


@dataclass(frozen=True, slots=True)
class SweepState:
    """How far one sweep got. `cursor` is None between two turns; what it holds is the sweep's own affair.

    `spent_until` is the time up to which the calls that were due have been made.
    """

    cursor: str | None = None
    turn: int = 0
    on: bool = True
    started: datetime | None = None
    last_turn: datetime | None = None
    spent_until: datetime | None = None
    done: int = 0
    total: int = 0
    turn_calls: int = 0
    calls_per_turn: int = 0
    found: int = 0
    day: str = ""
    calls_today: int = 0
    newest_link: int = 0
    """The newest link when the turn began: a later one may have come after its page was read."""


class SweepStore:
    """States and marks of all sweeps of one profile."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._settings = SettingsStore(db)

    def state(self, kind: SweepKind) -> SweepState:
        """Read how far a sweep got; what an older version did not know keeps its default."""
        stored = self._settings.get(_STATE + kind) or {}
        names = {field.name for field in dataclasses.fields(SweepState)}
        return SweepState(**{key: value for key, value in stored.items() if key in names})

    def save(self, kind: SweepKind, state: SweepState) -> None:
        """Store how far a sweep got."""
        self._settings.put(_STATE + kind, {f.name: getattr(state, f.name) for f in dataclasses.fields(SweepState)})

    def allowance(self, kind: SweepKind) -> int:
        """Return how many calls a day a sweep may make."""
        stored = self._settings.get(_ALLOWANCE + kind)
        return DEFAULT_ALLOWANCE[kind] if stored is None else int(stored)

    def set_allowance(self, kind: SweepKind, calls: int) -> None:
        """Let a sweep make this many calls a day; an entry in the audit log tells what it was."""
        with self._db.transaction():
            self._settings.audit(_ALLOWANCE + kind, self.allowance(kind), calls)
            self._settings.put(_ALLOWANCE + kind, calls)

    # -- what a turn has seen
    def see(self, kind: SweepKind, keys: Iterable[str], turn: int) -> None:
        """Remember that the turn under way has seen these."""
        with self._db.transaction():
            self._db.executemany(
                "INSERT INTO sweep_seen (kind, key, turn) VALUES (?, ?, ?)"
                " ON CONFLICT (kind, key) DO UPDATE SET turn = excluded.turn",
                ((kind, key, turn) for key in keys),
            )

    def seen(self, kind: SweepKind, keys: Iterable[str], turn: int) -> set[str]:
        """Return which of these the turn has seen."""
        sql = "SELECT key FROM sweep_seen WHERE kind = ? AND turn = ? AND key IN (SELECT value FROM json_each(?))"
        return {row["key"] for row in self._db.rows(sql, (kind, turn, id_list(keys)))}

    def forget_older(self, kind: SweepKind, turn: int) -> None:
        """Forget what only earlier turns have seen."""
        with self._db.transaction():
            self._db.execute("DELETE FROM sweep_seen WHERE kind = ? AND turn < ?", (kind, turn))

    # -- links
    def linked_ids(self, sobject: SObject, *, after: str = "", limit: int = 2000) -> list[str]:
        """Read one page of the Salesforce ids of active links, in id order; pass the last id to get the next page."""
        sql = "SELECT sf_id FROM link WHERE sobject = ? AND sf_id > ? AND state = ? ORDER BY sf_id LIMIT ?"
        return [row["sf_id"] for row in self._db.rows(sql, (sobject, after, LinkState.ACTIVE, limit))]

    def count_links(self, sobject: SObject) -> int:
        """Count the active links of one object."""
        sql = "SELECT count(*) FROM link WHERE sobject = ? AND state = ?"
        return int(self._db.value(sql, (sobject, LinkState.ACTIVE)))

    def newest_link(self) -> int:
        """Return the id of the newest link, 0 without any."""
        return int(self._db.value("SELECT max(id) FROM link") or 0)

    # -- who lacks a sync tag
    def hold(self, ac_ids: Iterable[str]) -> None:
        """Remember that changes of these contacts wait for a sync tag."""
        with self._db.transaction():
            self._db.executemany(
                "INSERT INTO untagged (ac_id, held, missing) VALUES (?, 1, 0)"
                " ON CONFLICT (ac_id) DO UPDATE SET held = 1",
                ((ac_id,) for ac_id in ac_ids),
            )

    def tagged(self, ac_ids: Iterable[str]) -> set[str]:
        """Take note that these contacts hold a sync tag; returns those whose changes waited for one."""
        known = self._db.rows(
            "SELECT ac_id, held FROM untagged WHERE ac_id IN (SELECT value FROM json_each(?))", (id_list(ac_ids),)
        )
        if known:
            with self._db.transaction():
                self._db.executemany("DELETE FROM untagged WHERE ac_id = ?", ((row["ac_id"],) for row in known))
        return {row["ac_id"] for row in known if row["held"]}

    def note_missing(self, turn: int, newest_link: int) -> int:
        """Take note of the active links up to `newest_link` that a full turn has not seen; returns how many are new.

        Whoever was untagged before stays so.
        """
        sql = (
            "INSERT INTO untagged (ac_id, held, missing)"
            " SELECT DISTINCT link.ac_id, 0, 1 FROM link WHERE link.state = 'active' AND link.sobject <> 'Account'"
            " AND link.id <= ?1 AND NOT EXISTS (SELECT 1 FROM sweep_seen"
            " WHERE kind = 'tags' AND key = link.ac_id AND turn = ?2)"
            " ON CONFLICT (ac_id) DO UPDATE SET missing = 1"
        )
        with self._db.transaction():
            before = self.count_missing()
            self._db.execute(sql, (newest_link, turn))
            return max(0, self.count_missing() - before)

    def count_missing(self) -> int:
        """Count the linked contacts that the last full turn found without a sync tag."""
        return int(self._db.value("SELECT count(*) FROM untagged WHERE missing = 1"))

    def missing(self, limit: int = 500) -> list[str]:
        """List contacts that the last full turn found without a sync tag."""
        rows = self._db.rows("SELECT ac_id FROM untagged WHERE missing = 1 ORDER BY ac_id LIMIT ?", (limit,))
        return [row["ac_id"] for row in rows]
