"""The rows of which there may be very many, and the simple tables for everything else."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from acassist.sandbox.activecampaign.wire import Json, missing


@dataclass(slots=True)
class FieldValue:
    id: int
    contact: int
    field: int
    value: str
    cdate: datetime
    udate: datetime
    by: str = "1"


@dataclass(slots=True)
class Tagging:
    id: int
    contact: int
    tag: int
    cdate: datetime


@dataclass(slots=True)
class Membership:
    id: int
    contact: int
    list: int
    status: int
    sdate: datetime
    udate: datetime
    sourceid: int = 0
    unsubreason: str = ""


@dataclass(slots=True)
class Affiliation:
    """An accountContact: the one account of a person."""

    id: int
    contact: int
    account: int
    job_title: str
    cdate: datetime
    udate: datetime


@dataclass(slots=True)
class Contact:
    id: int
    email: str
    first: str
    last: str
    phone: str
    hash: str
    cdate: datetime
    udate: datetime
    by: str = "1"
    bounced_hard: int = 0
    bounced_soft: int = 0
    bounced_at: datetime | None = None
    viewed: datetime | None = None
    affiliation: Affiliation | None = None
    values: dict[int, FieldValue] = field(default_factory=dict)
    tags: dict[int, Tagging] = field(default_factory=dict)
    lists: dict[int, Membership] = field(default_factory=dict)


@dataclass(slots=True)
class Activity:
    """One row of the activity stream; `kind` is the reference type, `ref` the id of the referenced row."""

    id: int
    contact: int
    at: datetime
    kind: str
    ref: int
    action: str = ""
    user: str = "1"


class Table:
    """Rows of one simple resource, kept as they are sent but for `id` and `links`.

    `model` is the internal name in error messages; `links` are the names under which sub-resources are linked.
    """

    def __init__(self, plural: str, single: str, model: str, links: tuple[str, ...] = ()) -> None:
        self.plural, self.single, self.model, self.links = plural, single, model, links
        self.rows: dict[int, Json] = {}
        self._next = 1

    def __iter__(self) -> Iterator[Json]:
        return iter(self.rows.values())

    def __len__(self) -> int:
        return len(self.rows)

    def add(self, row: Json) -> Json:
        """Give `row` the next id and keep it."""
        kept = {**row, "id": str(self._next)}
        self.rows[self._next] = kept
        self._next += 1
        return kept

    def get(self, key: object) -> Json:
        """Return the row with id `key`. Raises ApiError 404."""
        name = str(key)
        row = self.rows.get(int(name)) if name.isdigit() else None
        if row is None:
            raise missing(self.model, key)
        return row

    def drop(self, key: object) -> Json:
        """Remove and return the row with id `key`. Raises ApiError 404."""
        row = self.get(key)
        del self.rows[int(row["id"])]
        return row
