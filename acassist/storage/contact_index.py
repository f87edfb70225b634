"""The index of ActiveCampaign contacts, so that matching costs no call per person (rule 2.8)."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from typing import Any

from acassist.domain.ledger import IndexedContact
from acassist.domain.record import normalize_email
from acassist.storage.codec import dumps, id_list, loads, micros, moment_of
from acassist.storage.database import Database

_PUT = (
    "INSERT INTO contact (ac_id, email, email_key, updated, values_json, stamps_json, tagged, deleted)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (ac_id) DO UPDATE SET email = excluded.email,"
    " email_key = excluded.email_key, updated = excluded.updated, values_json = excluded.values_json,"
    " stamps_json = excluded.stamps_json, tagged = excluded.tagged, deleted = excluded.deleted"
)


class ContactIndex:
    """Id, address, stamp and mapped values of every contact seen so far."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def put(self, contacts: Iterable[IndexedContact]) -> int:
        """Store or overwrite contacts and return how many."""
        with self._db.transaction():
            return self._db.executemany(_PUT, (_parameters(contact) for contact in contacts))

    def by_ids(self, ids: Iterable[str]) -> dict[str, IndexedContact]:
        """Return the known contacts among these ids."""
        sql = "SELECT * FROM contact WHERE ac_id IN (SELECT value FROM json_each(?))"
        return {row["ac_id"]: _contact(row) for row in self._db.rows(sql, (id_list(ids),))}

    def by_emails(self, emails: Iterable[str]) -> dict[str, list[IndexedContact]]:
        """Return the known contacts with these addresses, keyed by the normalised address (rule 2.1)."""
        sql = (
            "SELECT * FROM contact WHERE email_key IN (SELECT value FROM json_each(?))"
            " ORDER BY CAST(ac_id AS INTEGER), ac_id"
        )
        keys = [key for email in emails if (key := normalize_email(email))]
        found: dict[str, list[IndexedContact]] = {}
        for row in self._db.rows(sql, (id_list(keys),)):
            found.setdefault(row["email_key"], []).append(_contact(row))
        return found

    def known_emails(self, emails: Iterable[str]) -> set[str]:
        """Return those of these normalised addresses that a known contact has, without reading the contacts."""
        sql = "SELECT email_key FROM contact WHERE deleted = 0 AND email_key IN (SELECT value FROM json_each(?))"
        return {row["email_key"] for row in self._db.rows(sql, (id_list(emails),))}

    def page(self, *, after_id: str | None = None, limit: int = 1000) -> list[IndexedContact]:
        """Read contacts in numeric id order, for the rolling re-crawl; pass the last id to get the next page."""
        sql = "SELECT * FROM contact WHERE CAST(ac_id AS INTEGER) > ? ORDER BY CAST(ac_id AS INTEGER) LIMIT ?"
        return [_contact(row) for row in self._db.rows(sql, (int(after_id or -1), limit))]

    def remove(self, ids: Iterable[str]) -> int:
        """Forget contacts and return how many were known."""
        with self._db.transaction():
            sql = "DELETE FROM contact WHERE ac_id IN (SELECT value FROM json_each(?))"
            return self._db.execute(sql, (id_list(ids),)).rowcount

    def clear(self) -> None:
        """Forget all contacts, before the index is filled anew."""
        with self._db.transaction():
            self._db.execute("DELETE FROM contact")

    def count(self) -> int:
        """Count the known contacts."""
        return int(self._db.value("SELECT count(*) FROM contact"))

    def max_id(self) -> str | None:
        """Return the largest id by number (ids are decimal texts), None when the index is empty."""
        largest: str | None = self._db.value("SELECT ac_id FROM contact ORDER BY CAST(ac_id AS INTEGER) DESC LIMIT 1")
        return largest


def _parameters(contact: IndexedContact) -> tuple[Any, ...]:
    return (
        contact.ac_id,
        contact.email,
        normalize_email(contact.email) or "",
        micros(contact.updated),
        dumps(dict(contact.values)),
        dumps({key: micros(at) for key, at in contact.stamps.items()}),
        contact.tagged,
        contact.deleted,
    )


def _contact(row: sqlite3.Row) -> IndexedContact:
    return IndexedContact(
        ac_id=row["ac_id"],
        email=row["email"],
        updated=moment_of(row["updated"]),
        values=loads(row["values_json"]),
        stamps={key: moment_of(at) for key, at in loads(row["stamps_json"]).items()},
        tagged=bool(row["tagged"]),
        deleted=bool(row["deleted"]),
    )
