"""Intents: writes that must not be repeated blindly, stored before the call is made."""

from __future__ import annotations

import sqlite3
from dataclasses import replace

from acassist.domain.ledger import Intent, IntentKind, IntentState
from acassist.storage.codec import dumps, loads, micros, moment_of
from acassist.storage.database import Database


class Intents:
    """Writes that are about to be made; what is still open after a crash is looked up before it is repeated."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def open(self, intent: Intent) -> Intent:
        """Store an intent durably and return it with its id and time."""
        at = intent.at or self._db.clock.now()
        with self._db.transaction():
            cursor = self._db.execute(
                "INSERT INTO intent (kind, key, payload_json, run_id, state, at) VALUES (?, ?, ?, ?, ?, ?)",
                (intent.kind, intent.key, dumps(dict(intent.payload)), intent.run_id, IntentState.OPEN, micros(at)),
            )
        return replace(intent, id=int(cursor.lastrowid or 0), state=IntentState.OPEN, at=at)

    def close(self, intent_id: int, state: IntentState) -> None:
        """Record how an intent ended; LookupError when it is not there."""
        with self._db.transaction():
            if not self._db.execute("UPDATE intent SET state = ? WHERE id = ?", (state, intent_id)).rowcount:
                raise LookupError(f"no intent {intent_id}")

    def reopen(self, kind: IntentKind, key: str) -> int:
        """Let what was given up be tried again on a person's word; return how many."""
        with self._db.transaction():
            sql = "UPDATE intent SET state = ? WHERE kind = ? AND key = ? AND state = ?"
            return self._db.execute(sql, (IntentState.OPEN, kind, key, IntentState.ABANDONED)).rowcount

    def pending(self) -> list[Intent]:
        """Return the intents whose end is not known, oldest first."""
        return [_intent(row) for row in self._db.rows("SELECT * FROM intent WHERE state = 'open' ORDER BY id")]

    def given_up(self) -> set[int]:
        """Return the ids of intents whose end could not be found out."""
        return {row["id"] for row in self._db.rows("SELECT id FROM intent WHERE state = ?", (IntentState.ABANDONED,))}

    def prune(self) -> int:
        """Forget intents that were carried out; abandoned ones stay because a person was told of them."""
        with self._db.transaction():
            return self._db.execute("DELETE FROM intent WHERE state = ?", (IntentState.DONE,)).rowcount


def _intent(row: sqlite3.Row) -> Intent:
    return Intent(
        kind=IntentKind(row["kind"]),
        key=row["key"],
        payload=loads(row["payload_json"]),
        id=row["id"],
        run_id=row["run_id"],
        state=IntentState(row["state"]),
        at=moment_of(row["at"]),
    )
