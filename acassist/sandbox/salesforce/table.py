"""Rows of one sObject in memory, with the indexes that make incremental polling and look-ups fast."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Unsettled:
    """A row written by a transaction that has not committed: readers still see `before` until `visible_at`."""

    visible_at: float
    before: Row | None


class Table:
    """Rows by id; a saved row is never changed in place, so that an earlier version can be put back."""

    def __init__(self, indexed: Iterable[str] = ()) -> None:
        self.rows: dict[str, Row] = {}
        self._stamps: list[tuple[str, str]] = []
        self._indexes: dict[str, dict[str, dict[str, None]]] = {name: {} for name in indexed}
        self.unsettled: dict[str, Unsettled] = {}

    def __len__(self) -> int:
        return len(self.rows)

    def index(self, name: str) -> None:
        """Start to index a field."""
        if name not in self._indexes:
            self._indexes[name] = {}
            for row in self.rows.values():
                self._index_row(row, name)

    def indexed(self, name: str) -> bool:
        return name in self._indexes

    def put(self, row: Row) -> None:
        """Insert the row or replace the one with its id."""
        self._forget(row["Id"])
        self.rows[row["Id"]] = row
        insort(self._stamps, (row.get("SystemModstamp") or "", row["Id"]))
        for name in self._indexes:
            self._index_row(row, name)

    def fill(self, rows: Iterable[Row]) -> None:
        """Insert many new rows at once."""
        for row in rows:
            self.rows[row["Id"]] = row
            self._stamps.append((row.get("SystemModstamp") or "", row["Id"]))
            for name in self._indexes:
                self._index_row(row, name)
        self._stamps.sort()

    def remove(self, record_id: str) -> None:
        """Take a row away for good."""
        self._forget(record_id)
        self.rows.pop(record_id, None)
        self.unsettled.pop(record_id, None)

    def lookup(self, name: str, value: str) -> list[str]:
        """Return the ids whose indexed field equals `value`, whatever the case."""
        return list(self._indexes[name].get(value.lower(), ()))

    def since(self, stamp: str) -> Iterator[str]:
        """Yield ids in the order of (SystemModstamp, Id), from `stamp` on."""
        start = bisect_left(self._stamps, (stamp, ""))
        for index in range(start, len(self._stamps)):
            yield self._stamps[index][1]

    def seen(self, record_id: str, now: float) -> Row | None:
        """Return the row as a reader sees it at `now` (seconds since the epoch)."""
        pending = self.unsettled.get(record_id)
        if pending is not None and pending.visible_at > now:
            return pending.before
        return self.rows.get(record_id)

    def settle(self, now: float) -> None:
        """Forget the earlier versions of rows that have become visible."""
        if self.unsettled:
            self.unsettled = {key: item for key, item in self.unsettled.items() if item.visible_at > now}

    def _forget(self, record_id: str) -> None:
        old = self.rows.get(record_id)
        if old is None:
            return
        key = (old.get("SystemModstamp") or "", record_id)
        place = bisect_left(self._stamps, key)
        if place < len(self._stamps) and self._stamps[place] == key:
            del self._stamps[place]
        for name, index in self._indexes.items():
            value = old.get(name)
            if isinstance(value, str):
                index.get(value.lower(), {}).pop(record_id, None)

    def _index_row(self, row: Row, name: str) -> None:
        value = row.get(name)
        if isinstance(value, str):
            self._indexes[name].setdefault(value.lower(), {})[row["Id"]] = None
