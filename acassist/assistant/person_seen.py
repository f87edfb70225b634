"""The records seen last: there at once and without a connection, bounded, wiped on Disconnect."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from pydantic import TypeAdapter, ValidationError

from acassist.assistant.person_names import KEPT as KEPT_NAMES
from acassist.assistant.session import Session
from acassist.assistant.views import RecordCard, RecordRef, SearchHit
from acassist.storage.activity_cache import ActivityCache

KEPT = 30
_NAME = "records.seen"
_LONGEST = 2000
_CARD: TypeAdapter[RecordCard] = TypeAdapter(RecordCard)


class SeenRecords:
    """The headers of the last records, newest first."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def _rows(self) -> list[Any]:
        rows = self._session.stores.settings.get(_NAME)
        return rows if isinstance(rows, list) else []

    def put(self, card: RecordCard) -> None:
        """Keep a header; values too long for a look are left out."""
        if not self._session.writer:
            return
        short = tuple(f for f in card.fields if len(f.salesforce or "") + len(f.activecampaign or "") <= _LONGEST)
        row = _CARD.dump_python(replace(card, problems=(), fields=short), mode="json")
        others = [other for other in self._rows() if not _same(other, row)]
        self._session.stores.settings.put(_NAME, [row, *others][:KEPT])

    def get(self, ref: RecordRef) -> RecordCard | None:
        """Return the last header of a person."""
        wanted = {"sobject": ref.sobject, "sf_id": ref.sf_id, "ac_id": ref.ac_id}
        return next((card for row in self._rows() if _same(row, {"ref": wanted}) and (card := _card(row))), None)

    def hits(self) -> list[SearchHit]:
        """Return the records as search results."""
        cards = [card for row in self._rows() if (card := _card(row))]
        return [SearchHit(c.ref, c.name, c.email, c.company, c.kind, c.link_state is not None) for c in cards]

    def clear(self) -> None:
        """Forget all records and their activities."""
        for name in (_NAME, KEPT_NAMES):
            self._session.stores.settings.remove(name)
        ActivityCache(self._session.stores.db).clear()


def _same(row: Any, other: Any) -> bool:
    mine, theirs = row.get("ref", {}), other.get("ref", {})
    if mine.get("sf_id") and theirs.get("sf_id"):
        return bool(mine["sf_id"] == theirs["sf_id"])
    return bool(mine.get("ac_id")) and mine.get("ac_id") == theirs.get("ac_id")


def _card(row: Any) -> RecordCard | None:
    """Read a header; one written by another version is left out."""
    try:
        return _CARD.validate_python(row)
    except ValidationError:
        return None
