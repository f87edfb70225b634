"""Settings of a profile as JSON values, drafts of unfinished pages, and the append-only record of changes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from acassist.storage.codec import dumps, loads, micros, moment_of
from acassist.storage.database import Database

DRAFT = "draft:"


@dataclass(frozen=True, slots=True)
class AuditRow:
    """Who-changed-what is one person here; this row says when, what, and the values before and after."""

    id: int
    at: datetime
    what: str
    before: Any
    after: Any


class SettingsStore:
    """Named JSON values of one profile; never a secret."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def get(self, name: str) -> Any | None:
        """Read a value, None when it was never stored."""
        text = self._db.value("SELECT value_json FROM setting WHERE name = ?", (name,))
        return None if text is None else loads(text)

    def put(self, name: str, value: Any) -> None:
        """Store a JSON value."""
        with self._db.transaction():
            self._db.execute(
                "INSERT INTO setting (name, value_json) VALUES (?, ?)"
                " ON CONFLICT (name) DO UPDATE SET value_json = excluded.value_json",
                (name, dumps(value)),
            )

    def remove(self, name: str) -> None:
        """Forget a value."""
        with self._db.transaction():
            self._db.execute("DELETE FROM setting WHERE name = ?", (name,))

    def names(self, prefix: str = "") -> list[str]:
        """List the stored names that start with a prefix."""
        sql = "SELECT name FROM setting WHERE substr(name, 1, length(?1)) = ?1 ORDER BY name"
        return [row["name"] for row in self._db.rows(sql, (prefix,))]

    def draft(self, page: str) -> Any | None:
        """Read what was typed on a page and not saved yet."""
        return self.get(DRAFT + page)

    def put_draft(self, page: str, value: Any) -> None:
        """Keep what was typed on a page."""
        self.put(DRAFT + page, value)

    def drop_draft(self, page: str) -> None:
        """Forget a page's draft."""
        self.remove(DRAFT + page)

    def audit(self, what: str, before: Any, after: Any) -> None:
        """Append one change; rows are never changed or deleted (the schema refuses it)."""
        with self._db.transaction():
            self._db.execute(
                "INSERT INTO audit (at, what, before_json, after_json) VALUES (?, ?, ?, ?)",
                (micros(self._db.clock.now()), what, dumps(before), dumps(after)),
            )

    def audit_rows(self, limit: int = 500, before_id: int | None = None) -> list[AuditRow]:
        """Read one page of changes, newest first."""
        sql = "SELECT * FROM audit WHERE id < ? ORDER BY id DESC LIMIT ?"
        return [
            AuditRow(row["id"], moment_of(row["at"]), row["what"], loads(row["before_json"]), loads(row["after_json"]))
            for row in self._db.rows(sql, (before_id or 2**62, limit))
        ]
