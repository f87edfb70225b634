"""The ledger: which Salesforce record is tied to which contact, with the base of both sides, and the cursors."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from acassist.domain.ids import SObject
from acassist.domain.ledger import Link, LinkState
from acassist.domain.merge import Base
from acassist.domain.record import normalize_email
from acassist.storage.codec import dumps, id_list, loads, micros, moment
from acassist.storage.database import Database

_COLUMNS = (
    "sobject",
    "sf_id",
    "ac_id",
    "email",
    "email_key",
    "is_primary",
    "state",
    "base_json",
    "sf_stamp",
    "ac_stamp",
    "own_sf_stamp",
    "status_written",
    "fingerprint",
    "opted_out",
    "watch",
    "synced_at",
)
# Column names are constants of this module; every value travels as a parameter.
_INSERT = f"INSERT INTO link ({', '.join(_COLUMNS)}) VALUES ({', '.join(':' + c for c in _COLUMNS)})"  # noqa: S608
_UPDATE = f"UPDATE link SET {', '.join(f'{c} = :{c}' for c in _COLUMNS)} WHERE id = :id"  # noqa: S608


class Ledger:
    """Links and cursors of one profile; every call is one indexed statement, also with a million links."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def add_link(self, link: Link) -> Link:
        """Store a new link and return it with its id; ValueError when the Salesforce record is linked already."""
        try:
            with self._db.transaction():
                cursor = self._db.execute(_INSERT, _parameters(link))
        except sqlite3.IntegrityError as error:
            raise ValueError(f"{link.sobject} {link.sf_id} has a link") from error
        return replace(link, id=int(cursor.lastrowid or 0))

    def add_links(self, links: Iterable[Link]) -> int:
        """Store many new links at once and return how many."""
        with self._db.transaction():
            return self._db.executemany(_INSERT, (_parameters(link) for link in links))

    def save_link(self, link: Link) -> None:
        """Overwrite a stored link; LookupError when it is not there."""
        with self._db.transaction():
            if not self._db.execute(_UPDATE, _parameters(link)).rowcount:
                raise LookupError(f"no link {link.id}")

    def save_links(self, links: Iterable[Link]) -> int:
        """Overwrite many stored links at once and return how many were found."""
        with self._db.transaction():
            return self._db.executemany(_UPDATE, (_parameters(link) for link in links))

    def remove_link(self, link_id: int) -> None:
        """Forget a link, for instance when a merge made two links into one; history keeps its items."""
        with self._db.transaction():
            self._db.execute("DELETE FROM link WHERE id = ?", (link_id,))

    def link(self, link_id: int) -> Link | None:
        """Read one link."""
        row = self._db.row("SELECT * FROM link WHERE id = ?", (link_id,))
        return None if row is None else _link(row)

    def links(self, ids: Iterable[int]) -> list[Link]:
        """Read links by their numbers, in the order given; unknown ones are left out."""
        wanted = list(ids)
        sql = "SELECT * FROM link WHERE id IN (SELECT value FROM json_each(?))"
        found = {row["id"]: row for row in self._db.rows(sql, (dumps(wanted),))}
        return [_link(found[i]) for i in wanted if i in found]

    def links_by_sf(self, sobject: SObject, ids: Iterable[str]) -> dict[str, Link]:
        """Return the links of these Salesforce records (18-character ids) by their id."""
        sql = "SELECT * FROM link WHERE sobject = ? AND sf_id IN (SELECT value FROM json_each(?))"
        return {row["sf_id"]: _link(row) for row in self._db.rows(sql, (sobject, id_list(ids)))}

    def link_ids(self, sobject: SObject, ids: Iterable[str]) -> dict[str, int]:
        """Return the numbers of the links of these Salesforce records, without reading the links."""
        sql = "SELECT sf_id, id FROM link WHERE sobject = ? AND sf_id IN (SELECT value FROM json_each(?))"
        return {row["sf_id"]: row["id"] for row in self._db.rows(sql, (sobject, id_list(ids)))}

    def links_by_ac(self, ids: Iterable[str]) -> dict[str, list[Link]]:
        """Return the links of these contacts by contact id: the primary first, at most one Lead and one Contact."""
        sql = "SELECT * FROM link WHERE ac_id IN (SELECT value FROM json_each(?)) ORDER BY is_primary DESC, id"
        return _grouped(self._db.rows(sql, (id_list(ids),)), "ac_id")

    def links_by_email(self, emails: Iterable[str]) -> dict[str, list[Link]]:
        """Return the links with these addresses, keyed by the normalised address (rule 2.1)."""
        sql = "SELECT * FROM link WHERE email_key IN (SELECT value FROM json_each(?)) ORDER BY is_primary DESC, id"
        keys = [key for email in emails if (key := normalize_email(email))]
        return _grouped(self._db.rows(sql, (id_list(keys),)), "email_key")

    def iter_links(
        self,
        *,
        sobject: SObject | None = None,
        state: LinkState | None = None,
        after_id: int = 0,
        limit: int = 1000,
    ) -> list[Link]:
        """Read one page of links in id order; pass the last id to get the next page."""
        # Named, because SQLite would rather read a million other links than sort nothing.
        where = "id > ?1" if sobject is None else "sobject = ?2 AND id > ?1"
        source = "link" if sobject is None else "link INDEXED BY link_object"
        # Only the constants above are put in.
        sql = f"SELECT * FROM {source} WHERE {where} AND (?3 IS NULL OR +state = ?3) ORDER BY id LIMIT ?4"  # noqa: S608
        return [_link(row) for row in self._db.rows(sql, (after_id, sobject, state, limit))]

    def note_own_writes(self, sobject: SObject, ids: Iterable[str], at: datetime) -> int:
        """Keep until when the stamps of these records are due to our own writes, which are no edits."""
        with self._db.transaction():
            sql = "UPDATE link SET own_sf_stamp = ? WHERE sobject = ? AND sf_id IN (SELECT value FROM json_each(?))"
            return self._db.execute(sql, (micros(at), sobject, id_list(ids))).rowcount

    def mark_unseen(self, ac_ids: Iterable[str]) -> int:
        """Forget the contact stamp of these contacts' links: their change is observed but not worked through yet."""
        with self._db.transaction():
            sql = "UPDATE link SET ac_stamp = NULL WHERE ac_id IN (SELECT value FROM json_each(?))"
            return self._db.execute(sql, (id_list(ac_ids),)).rowcount

    def mark_all_unseen(self, sobject: SObject) -> int:
        """Let every link of one object be planned again, for instance after a change of mapping."""
        with self._db.transaction():
            return self._db.execute("UPDATE link SET ac_stamp = NULL WHERE sobject = ?", (sobject,)).rowcount

    def unseen_links(self, *, after_id: int = 0, limit: int = 1000) -> list[Link]:
        """Read one page of active links whose contact changed since they were last worked through."""
        # Left to itself SQLite may take the index of the state, which nearly every link has.
        sql = (
            "SELECT * FROM link INDEXED BY link_unseen"
            " WHERE ac_stamp IS NULL AND state = 'active' AND id > ? ORDER BY id LIMIT ?"
        )
        return [_link(row) for row in self._db.rows(sql, (after_id, limit))]

    def unseen_ids(self, sobject: SObject, *, after_id: int = 0, limit: int = 10_000) -> list[int]:
        """Read one page of the numbers of what `unseen_links` brings, of one object."""
        sql = (
            "SELECT id FROM link INDEXED BY link_unseen"
            " WHERE ac_stamp IS NULL AND state = 'active' AND id > ? AND sobject = ? ORDER BY id LIMIT ?"
        )
        return [row["id"] for row in self._db.rows(sql, (after_id, sobject, limit))]

    def active_ids(self, sobject: SObject, *, after_id: int = 0, limit: int = 10_000) -> list[int]:
        """Read one page of the numbers of all active links of an object."""
        sql = (
            "SELECT id FROM link INDEXED BY link_object"
            " WHERE id > ? AND sobject = ? AND +state = 'active' ORDER BY id LIMIT ?"
        )
        return [row["id"] for row in self._db.rows(sql, (after_id, sobject, limit))]

    def any_links(self) -> bool:
        """Tell whether there is any link."""
        return bool(self._db.value("SELECT EXISTS (SELECT 1 FROM link)"))

    def count_links(self, state: LinkState | None = None) -> int:
        """Count links, all of them or those in one state."""
        if state is None:
            return int(self._db.value("SELECT count(*) FROM link"))
        return int(self._db.value("SELECT count(*) FROM link WHERE state = ?", (state,)))

    def cursor(self, name: str) -> str | None:
        """Read how far an observation got."""
        value: str | None = self._db.value("SELECT value FROM cursor WHERE name = ?", (name,))
        return value

    def set_cursor(self, name: str, value: str | None) -> None:
        """Move a cursor; call it in the transaction that stores the page it covers. None forgets it."""
        with self._db.transaction():
            if value is None:
                self._db.execute("DELETE FROM cursor WHERE name = ?", (name,))
                return
            self._db.execute(
                "INSERT INTO cursor (name, value) VALUES (?, ?)"
                " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                (name, value),
            )


def pack_base(base: Mapping[str, Base]) -> str:
    """Write the base; a value that both sides share is written once."""
    return dumps(
        {
            key: b.salesforce if b.salesforce == b.activecampaign else [b.salesforce, b.activecampaign]
            for key, b in base.items()
        }
    )


def unpack_base(text: str) -> dict[str, Base]:
    """Read what `pack_base` wrote."""
    return {key: Base(*v) if isinstance(v, list) else Base(v, v) for key, v in loads(text).items()}


def _parameters(link: Link) -> dict[str, Any]:
    return {
        "id": link.id,
        "sobject": link.sobject,
        "sf_id": link.sf_id,
        "ac_id": link.ac_id,
        "email": link.email,
        "email_key": normalize_email(link.email) or "",
        "is_primary": link.primary,
        "state": link.state,
        "base_json": pack_base(link.base),
        "sf_stamp": micros(link.sf_stamp),
        "ac_stamp": micros(link.ac_stamp),
        "own_sf_stamp": micros(link.own_sf_stamp),
        "status_written": link.status_written,
        "fingerprint": link.fingerprint,
        "opted_out": link.opted_out,
        "watch": link.watch,
        "synced_at": micros(link.synced_at),
    }


def _link(row: sqlite3.Row) -> Link:
    return Link(
        sobject=SObject(row["sobject"]),
        sf_id=row["sf_id"],
        ac_id=row["ac_id"],
        email=row["email"],
        id=row["id"],
        primary=bool(row["is_primary"]),
        state=LinkState(row["state"]),
        base=unpack_base(row["base_json"]),
        sf_stamp=moment(row["sf_stamp"]),
        ac_stamp=moment(row["ac_stamp"]),
        own_sf_stamp=moment(row["own_sf_stamp"]),
        status_written=row["status_written"],
        fingerprint=row["fingerprint"],
        opted_out=None if row["opted_out"] is None else bool(row["opted_out"]),
        watch=row["watch"],
        synced_at=moment(row["synced_at"]),
    )


def _grouped(rows: list[sqlite3.Row], column: str) -> dict[str, list[Link]]:
    found: dict[str, list[Link]] = {}
    for row in rows:
        found.setdefault(row[column], []).append(_link(row))
    return found
