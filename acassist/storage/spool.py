"""What one run has read and still has to work through: kept in a private temporary file, so that memory stays flat."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterable, Iterator
from types import TracebackType
from typing import Self

from acassist.domain.ids import SObject
from acassist.domain.record import SalesforceRecord
from acassist.storage.codec import id_list, micros, moment_of

# A small run never leaves this cache (kibibytes); a large one spills into a file without a name.
_CACHE = 8_000
_SCHEMA = """
CREATE TABLE record (
    sobject TEXT NOT NULL,
    sf_id TEXT NOT NULL,
    stamp INTEGER NOT NULL,
    email TEXT,
    fields_json TEXT NOT NULL,
    candidate INTEGER NOT NULL,
    PRIMARY KEY (sobject, sf_id)
) WITHOUT ROWID;
CREATE INDEX record_candidate ON record (sobject, stamp, sf_id) WHERE candidate = 1;
CREATE INDEX record_email ON record (email) WHERE candidate = 1 AND email IS NOT NULL;
CREATE TABLE work (n INTEGER PRIMARY KEY, sobject TEXT NOT NULL, link_id INTEGER NOT NULL UNIQUE);
CREATE INDEX work_object ON work (sobject, n);
"""
_KEEP = (
    "INSERT INTO record (sobject, sf_id, stamp, email, fields_json, candidate) VALUES (?, ?, ?, ?, ?, ?)"
    " ON CONFLICT (sobject, sf_id) DO UPDATE SET stamp = excluded.stamp, email = excluded.email,"
    " fields_json = excluded.fields_json, candidate = max(candidate, excluded.candidate)"
)


class Spool:
    """Records read in this run, which of them have no link yet, and the numbers of links to work through, in order.

    Nothing of it outlives the run: after a crash the cursors, which have not moved, bring everything again.
    """

    def __init__(self) -> None:
        self._db = sqlite3.connect("", isolation_level=None)
        self._db.execute("PRAGMA journal_mode = OFF")
        self._db.execute("PRAGMA synchronous = OFF")
        self._db.execute(f"PRAGMA cache_size = -{_CACHE}")
        self._db.executescript(_SCHEMA)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Give the file back."""
        self._db.close()

    # -- records
    def keep(self, records: Iterable[SalesforceRecord], *, candidates: Collection[str] = ()) -> None:
        """Keep records as they are now; those among `candidates` (ids) have no link yet."""
        rows = (
            (r.sobject, r.id, micros(r.stamp), r.email, json.dumps(dict(r.fields)), r.id in candidates) for r in records
        )
        self._db.execute("BEGIN")
        self._db.executemany(_KEEP, rows)
        self._db.execute("COMMIT")

    def records(self, sobject: SObject, ids: Iterable[str]) -> dict[str, SalesforceRecord]:
        """Return those of these records that were read."""
        sql = (
            "SELECT sf_id, stamp, fields_json FROM record"
            " WHERE sobject = ? AND sf_id IN (SELECT value FROM json_each(?))"
        )
        return {row[0]: _record(sobject, row) for row in self._db.execute(sql, (sobject, id_list(ids)))}

    def is_candidate(self, sobject: SObject, sf_id: str) -> bool:
        """Tell whether a record was kept as one without a link."""
        sql = "SELECT 1 FROM record WHERE sobject = ? AND sf_id = ? AND candidate = 1"
        return self._db.execute(sql, (sobject, sf_id)).fetchone() is not None

    def count_candidates(self, sobject: SObject) -> int:
        """Count the records without a link."""
        sql = "SELECT count(*) FROM record WHERE sobject = ? AND candidate = 1"
        return int(self._db.execute(sql, (sobject,)).fetchone()[0])

    def candidates(self, sobject: SObject, size: int) -> Iterator[list[SalesforceRecord]]:
        """Yield the records without a link page by page, the longest unchanged first."""
        sql = (
            "SELECT sf_id, stamp, fields_json FROM record WHERE sobject = ? AND candidate = 1"
            " AND (stamp, sf_id) > (?, ?) ORDER BY stamp, sf_id LIMIT ?"
        )
        after = (-(2**62), "")
        while rows := self._db.execute(sql, (sobject, *after, size)).fetchall():
            after = (rows[-1][1], rows[-1][0])
            yield [_record(sobject, row) for row in rows]

    def new_emails(self, size: int) -> Iterator[list[str]]:
        """Yield the addresses of all records without a link page by page, each once."""
        sql = (
            "SELECT DISTINCT email FROM record WHERE candidate = 1 AND email IS NOT NULL AND email > ?"
            " ORDER BY email LIMIT ?"
        )
        after = ""
        while rows := self._db.execute(sql, (after, size)).fetchall():
            after = rows[-1][0]
            yield [row[0] for row in rows]

    def pages(self, sobject: SObject, size: int) -> Iterator[list[SalesforceRecord]]:
        """Yield all records of an object page by page, in id order."""
        sql = "SELECT sf_id, stamp, fields_json FROM record WHERE sobject = ? AND sf_id > ? ORDER BY sf_id LIMIT ?"
        after = ""
        while rows := self._db.execute(sql, (sobject, after, size)).fetchall():
            after = rows[-1][0]
            yield [_record(sobject, row) for row in rows]

    # -- links
    def add_links(self, sobject: SObject, ids: Iterable[int]) -> None:
        """Note links to be worked through, each once, in the order of the first mention."""
        self._db.execute("BEGIN")
        self._db.executemany(
            "INSERT OR IGNORE INTO work (sobject, link_id) VALUES (?, ?)", ((sobject, i) for i in ids)
        )
        self._db.execute("COMMIT")

    def drop_links(self, sobject: SObject) -> None:
        """Forget the links of one object."""
        self._db.execute("DELETE FROM work WHERE sobject = ?", (sobject,))

    def count_links(self, sobject: SObject) -> int:
        """Count the links of one object."""
        return int(self._db.execute("SELECT count(*) FROM work WHERE sobject = ?", (sobject,)).fetchone()[0])

    def links(self, sobject: SObject, size: int) -> Iterator[list[int]]:
        """Yield the numbers of links page by page."""
        sql = "SELECT n, link_id FROM work WHERE sobject = ? AND n > ? ORDER BY n LIMIT ?"
        after = 0
        while rows := self._db.execute(sql, (sobject, after, size)).fetchall():
            after = rows[-1][0]
            yield [row[1] for row in rows]


def _record(sobject: SObject, row: tuple[str, int, str]) -> SalesforceRecord:
    return SalesforceRecord(sobject, row[0], moment_of(row[1]), json.loads(row[2]))
