"""What a person did: the last ones seen at once, the newest from the account, all of them, and their export."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from acassist.activecampaign.activities import FIRST_CALLS, Given
from acassist.assistant.exports import write
from acassist.assistant.person_reader import PersonReader
from acassist.assistant.session import Session
from acassist.assistant.views import RecordRef
from acassist.domain.activity import ACTIVITY_LABELS, RECENT, Activity, ActivityFeed, ActivityKind
from acassist.domain.activity_filter import ActivityFilter, search_text
from acassist.domain.foreign_text import visible
from acassist.domain.problem import ProblemCode, ProblemError
from acassist.domain.spreadsheet import csv_text
from acassist.domain.text import N_, Message
from acassist.storage.activity_cache import ActivityCache

_COLUMNS = (N_("Time"), N_("Kind"), N_("Name"), N_("Campaign"), N_("Details"), N_("Web address"))


@dataclass(frozen=True, slots=True)
class Export:
    """What is to be exported and where; `have` spares reading again when everything was read already."""

    path: Path
    chosen: ActivityFilter
    have: tuple[Activity, ...] | None = None

    @property
    def as_json(self) -> bool:
        """Tell whether the file is JSON; everything else is CSV."""
        return self.path.suffix.casefold() == ".json"


class PersonActivities:
    """Activity feeds of one person."""

    def __init__(self, session: Session, reader: PersonReader) -> None:
        self._session = session
        self._reader = reader

    def last(self, ref: RecordRef) -> ActivityFeed | None:
        """Return what was seen last, at once and without the network."""
        ac_id = self._reader.completed(ref).ac_id
        return ActivityCache(self._session.stores.db).get(ac_id) if ac_id is not None else None

    async def recent(self, ref: RecordRef) -> ActivityFeed:
        """Return the 20 most recent activities; without a connection the last ones seen, with age and reason."""
        with self._reader.known.viewing():
            return await self._recent(await self._reader.contact_id(ref))

    async def _recent(self, ac_id: str) -> ActivityFeed:
        cache, names = ActivityCache(self._session.stores.db), self._reader.known.names
        # The first record after a start needs one call more for its header.
        given = Given(names.automations, FIRST_CALLS if self._reader.known.prepared else FIRST_CALLS - 1)
        try:
            client = await self._session.activecampaign()
            view = asyncio.shield(self._reader.look(ac_id, "activities"))
            feed = _apart(await client.recent_activities(ac_id, RECENT, view=view, given=given))
            feed = replace(feed, read_at=self._session.machine.clock.now())
            names.keep()
        except ProblemError as error:
            kept = cache.get(ac_id)
            if kept is None or error.problem.code is ProblemCode.AC_GONE:
                raise
            return replace(kept, offline=error.problem)
        if self._session.writer:
            cache.put(ac_id, feed)
        return feed

    async def everything(self, ref: RecordRef) -> AsyncIterator[list[Activity]]:
        """Yield all activities page by page, newest first."""
        ac_id = await self._reader.contact_id(ref)
        client = await self._session.activecampaign()
        async for page in client.all_activities(ac_id):
            yield page

    async def export(self, ref: RecordRef, wanted: Export) -> int:
        """Write what a filter shows as CSV or JSON and return how many; raises EXPORT_FAILED when it cannot be."""
        translate = self._session.machine.translate
        names = {kind: translate(Message(label)) for kind, label in ACTIVITY_LABELS.items()}
        if wanted.have is not None:
            found = list(wanted.have)
        else:
            found = [item async for page in self.everything(ref) for item in page]
        chosen = [item for item in found if wanted.chosen.fits(item, search_text(item, names[item.kind]))]
        columns = [translate(Message(column)) for column in _COLUMNS]
        # A long list takes a while to be written down, and nothing else may wait for it.
        if wanted.as_json:
            text = await asyncio.to_thread(as_json, chosen)
        else:
            text = await asyncio.to_thread(as_csv, chosen, names, columns)
        await write(wanted.path, text)
        return len(chosen)


def _apart(feed: ActivityFeed) -> ActivityFeed:
    """Keep opens by mail programs apart: they may not push real activities off the card."""
    machine = tuple(item for item in feed.items if item.kind is ActivityKind.MACHINE_OPENED)
    people = tuple(item for item in feed.items if item.kind is not ActivityKind.MACHINE_OPENED)
    return replace(feed, items=people[:RECENT], machine=machine[:RECENT])


def as_json(items: Iterable[Activity]) -> str:
    """Write activities as a JSON list; times with their offset (UTC), texts as the service holds them."""
    return json.dumps([_object(item) for item in items], ensure_ascii=True, indent=2) + "\n"


def _object(item: Activity) -> dict[str, Any]:
    return {
        "time": item.at.isoformat(),
        "kind": item.kind.value,
        "name": item.title,
        "campaign": item.campaign,
        "details": item.detail,
        "link": item.link,
        "source": item.source,
    }


def as_csv(items: Iterable[Activity], names: Mapping[ActivityKind, str], columns: Sequence[str]) -> str:
    """Write activities as CSV: invisible characters can be seen, and no spreadsheet carries a cell out."""
    return csv_text(columns, ([visible(value) for value in _texts(item, names)] for item in items))


def _texts(item: Activity, names: Mapping[ActivityKind, str]) -> tuple[str, ...]:
    return item.at.isoformat(), names[item.kind], item.title, item.campaign, item.detail, item.link or ""
