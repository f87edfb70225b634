"""Assembles a contact's activities from the stream, the automation passages and the tracked events."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TypeVar

from acassist.activecampaign.activity_rows import (
    KINDS_READ,
    Sideloads,
    StreamReader,
    WebLinks,
    automation_id_of,
    campaign_id_of,
    passages,
    tracking_activity,
)
from acassist.activecampaign.activity_view import ContactView
from acassist.activecampaign.address import account_name
from acassist.activecampaign.automations import PASSAGES
from acassist.activecampaign.rest import PAGE, Json, Rest, RestPart, number, objects, text, total_of
from acassist.activecampaign.stamps import filter_stamp, parse_any_stamp
from acassist.domain.activity import Activity, ActivityFeed, ActivityKind, newest_first
from acassist.domain.problem import ProblemCode, ProblemError, Reaction
from acassist.domain.text import N_

T = TypeVar("T")

STREAM = N_("Campaign activities")
PASSED = N_("Automation activities")
TRACKED = N_("Site and event tracking")
DETAILS = N_("Details of some activities")
OLDER = N_("Older activities")

_INCLUDE = (
    "reference,reference.campaign,reference.link,reference.automation,"
    "reference.log.campaign,reference.log.message,reference.message"
)
# One call of the six that a record may take belongs to its header (the tags), which is read at the same time.
FIRST_CALLS = 5
_WIDE = timedelta(days=1)
# Refusals of one source that leave the others readable; everything else that stops a run stops this, too.
_BEARABLE = frozenset({ProblemCode.AC_NO_RIGHTS, ProblemCode.AC_PLAN, ProblemCode.AC_REJECTED})


def _by_people(items: Iterable[Activity]) -> int:
    return sum(1 for item in items if item.kind is not ActivityKind.MACHINE_OPENED)


def _first(items: Iterable[Activity], limit: int) -> Iterable[Activity]:
    """Yield activities until so many of people were among them."""
    left = limit
    for item in items:
        left -= item.kind is not ActivityKind.MACHINE_OPENED
        if left < 0:
            return
        yield item


@dataclass(frozen=True, slots=True)
class Given:
    """What spares calls: names of automations by id, which those that are read are added to, and how many calls."""

    automations: dict[str, str] = field(default_factory=dict)
    calls: int = FIRST_CALLS


@dataclass(slots=True)
class _Pile:
    """What was read so far: rows of the stream by id, passages, tracked events, siblings, and what failed."""

    loads: Sideloads = field(default_factory=Sideloads)
    stream: dict[str, Json] = field(default_factory=dict)
    passage_rows: list[Json] = field(default_factory=list)
    tracking_rows: list[Json] = field(default_factory=list)
    unavailable: list[str] = field(default_factory=list)
    failure: ProblemError | None = None
    exhausted: bool = True
    calls: int = 0
    allowed: int = FIRST_CALLS
    places: dict[tuple[str, str], int] = field(default_factory=dict)
    """Where the stream has what another source tells better: its row's id by what the row points to."""

    def add_stream(self, body: Json) -> list[Json]:
        """Keep a page of the stream with its siblings and return its rows."""
        self.loads.add(body)
        rows = objects(body, "activities")
        self.stream.update((text(row.get("id")), row) for row in rows)
        self.places.update((_told(row), number(row.get("id"))) for row in rows)
        return rows

    def missing_names(self) -> tuple[bool, bool]:
        """Tell whether names of campaigns and of automations are missing."""
        targets = [self.loads.behind(row) for row in self.stream.values()]
        campaigns = {campaign_id_of(target) for target in targets} - {""}
        automations = {automation_id_of(row) for row in [*self.passage_rows, *targets] if "seriesid" in row} - {""}
        return (
            any(not self.loads.of(key, "campaigns") for key in campaigns),
            any(not self.loads.of(key, "automations") for key in automations),
        )

    def outside_stream(self, web: WebLinks) -> list[Activity]:
        """Return the activities of the sources beside the stream."""
        tracked = (
            tracking_activity(row, at, f"trackingLogs:{text(row.get('id'))}")
            for row in self.tracking_rows
            if (at := parse_any_stamp(row.get("tstamp"))) is not None
        )
        found = [*passages(self.passage_rows, self.loads, web).values(), *(item for item in tracked if item)]
        return [self.placed(item) for item in found]

    def placed(self, item: Activity) -> Activity:
        """Give an activity of another source the place that the stream has for it."""
        name, _, key = item.source.partition(":")
        if name == "trackingLogs":
            return replace(item, order=self.places.get(("TrackingLog", key), 0))
        action = "complete" if item.kind is ActivityKind.COMPLETED else "start"
        return replace(item, order=self.places.get(("SubscriberSeries", f"{key} {action}"), 0))

    def told_elsewhere(self, web: WebLinks) -> set[tuple[str, str]]:
        """Return (kind of reference, id and action) of stream rows that another source tells better."""
        tracked = {("TrackingLog", text(row.get("id"))) for row in self.tracking_rows}
        passed = {
            ("SubscriberSeries", f"{key} {action}") for key, action in passages(self.passage_rows, self.loads, web)
        }
        return tracked | passed


def _told(row: Json) -> tuple[str, str]:
    kind, key = text(row.get("reference_type")), text(row.get("reference_id"))
    return (kind, f"{key} {text(row.get('reference_action'))}" if kind == "SubscriberSeries" else key)


class Activities(RestPart):
    """Activity feeds."""

    def __init__(self, rest: Rest) -> None:
        super().__init__(rest)
        self.account: str | None = account_name(rest.http.base_url)

    async def recent_activities(
        self, contact_id: str, limit: int, *, view: Awaitable[ContactView] | None = None, given: Given | None = None
    ) -> ActivityFeed:
        """Assemble the newest activities from all sources, newest first, in at most five calls.

        `limit` counts what people did; opens by mail programs in between come along and push nothing out.
        `view` is a look at the contact that is under way already. A source that cannot be read is named in
        `unavailable`. Raises AC_GONE and connection problems.
        """
        given = given or Given()
        pile = _Pile(allowed=given.calls)
        pile.loads.add_rows("automations", ({"id": key, "name": name} for key, name in given.automations.items()))
        await asyncio.gather(
            self._bear(self._view_then_stream(contact_id, limit, pile, view), STREAM, pile),
            self._bear(self._tracking(contact_id, pile), TRACKED, pile),
        )
        await self._load_names(pile, pile.allowed)
        given.automations.update(pile.loads.names("automations"))
        items = self._items(pile)
        if not pile.exhausted and _by_people(items) < limit:
            pile.unavailable.append(OLDER)
        read_at = self._rest.server_time or self._rest.http.clock.now()
        unavailable = tuple(dict.fromkeys(pile.unavailable))
        shown = tuple(_first(items, limit))
        return ActivityFeed(shown, complete=not unavailable, unavailable=unavailable, read_at=read_at)

    async def all_activities(self, contact_id: str) -> AsyncIterator[list[Activity]]:
        """Yield pages of all activities, newest first; a source that failed is raised after the rest was yielded."""
        pile = _Pile()
        await asyncio.gather(
            self._bear(self._view(contact_id, pile), PASSED, pile),
            self._bear(self._tracking(contact_id, pile), TRACKED, pile),
        )
        seen: set[str] = set()
        beside: list[Activity] | None = None
        while True:
            pile.stream = {}
            await self._bear(self._stream_page(contact_id, pile, len(seen)), STREAM, pile)
            fresh = {key: row for key, row in pile.stream.items() if key not in seen}
            seen |= set(pile.stream)
            pile.stream = fresh
            await self._load_names(pile, pile.calls + 2)
            if beside is None:
                beside = newest_first(pile.outside_stream(self._web()))
            page, beside = self._merge(pile, beside, last=pile.exhausted or not fresh)
            if page:
                yield page
            if pile.exhausted or not fresh:
                break
        if pile.failure is not None:
            raise pile.failure

    def _merge(self, pile: _Pile, beside: list[Activity], *, last: bool) -> tuple[list[Activity], list[Activity]]:
        """Return one page with everything from beside the stream that is not older, and what remains.

        What is exactly as old as the page's end waits for the next page, unless the stream has had its place already.
        """
        found = self._read_stream(pile)
        oldest = min((parse_any_stamp(row.get("tstamp")) for row in pile.stream.values()), default=None, key=_or_never)
        if last or oldest is None:
            return newest_first([*found, *map(pile.placed, beside)]), []
        now: list[Activity] = []
        later: list[Activity] = []
        for item in map(pile.placed, beside):
            (now if item.at > oldest or (item.at == oldest and item.order) else later).append(item)
        return newest_first([*found, *now]), later

    async def campaign_was_sent(self, contact_id: str, campaign_id: str, since: datetime) -> bool | None:
        """Tell whether the stream holds a successful `Log` of this campaign since then (service time, aware).

        None when it cannot be told: rows came without the object they point to. The stream may lag behind the
        sending, so False is a sure answer only some minutes later. Raises AC_GONE and connection problems.
        """
        pile = _Pile()
        await self._bear(self._view(contact_id, pile), PASSED, pile)
        # Stamps of the service hold whole seconds: a sending in the second of `since` belongs to it.
        since = since.replace(microsecond=0)
        offset, unclear = 0, False
        while True:
            body = await self._rest.get("activities", self._query(contact_id, offset, since))
            pile.loads.add(body)
            rows = objects(body, "activities")
            for row in rows:
                at = parse_any_stamp(row.get("tstamp"))
                if text(row.get("reference_type")) != "Log" or at is None or at < since:
                    continue
                target = pile.loads.behind(row)
                if campaign_id_of(target) == campaign_id and text(target.get("successful")) != "0":
                    return True
                unclear = unclear or not campaign_id_of(target)
            offset += len(rows)
            if not rows or (len(rows) < PAGE and (total_of(body) or 0) <= offset):
                return None if unclear else False

    def _web(self) -> WebLinks:
        return WebLinks(self.account)

    def _query(self, contact_id: str, offset: int, after: datetime | None = None) -> dict[str, str | int]:
        query: dict[str, str | int] = {
            "contact": contact_id,
            "orders[tstamp]": "desc",
            "include": _INCLUDE,
            "limit": PAGE,
            "offset": offset,
        }
        # `after` only spares pages: it is left wide, and rows are checked again, because neither its zone nor
        # whether it includes the moment itself is documented.
        return query if after is None else {**query, "after": filter_stamp(after - _WIDE)}

    async def _bear(self, work: Awaitable[None], name: str, pile: _Pile) -> None:
        """Note a source that fails on its own; let through what concerns the contact or the connection."""
        try:
            await work
        except ProblemError as error:
            code = error.problem.code
            if code is ProblemCode.AC_GONE or (error.problem.reaction is Reaction.STOP and code not in _BEARABLE):
                raise
            pile.unavailable.append(name)
            pile.failure = pile.failure or error

    async def _view(self, contact_id: str, pile: _Pile, view: Awaitable[ContactView] | None = None) -> None:
        """Read the contact, which brings its stream up to date and its passages along (section 7.1)."""
        pile.calls += 1
        body = (await view).body if view is not None else await self._rest.get(f"contacts/{contact_id}")
        if "contactAutomations" not in body:
            pile.calls += 1
            body = await self._rest.get(f"contacts/{contact_id}/contactAutomations", PASSAGES)
        pile.passage_rows = objects(body, "contactAutomations")
        pile.loads.add_rows("contactAutomations", pile.passage_rows)

    async def _view_then_stream(
        self, contact_id: str, limit: int, pile: _Pile, view: Awaitable[ContactView] | None
    ) -> None:
        await self._bear(self._view(contact_id, pile, view), PASSED, pile)
        # Passages come without names, so these are read while the stream is.
        await asyncio.gather(
            self._bear(self._stream_page(contact_id, pile, 0), STREAM, pile), self._load_names(pile, pile.allowed)
        )
        # One call is kept for the names of campaigns where they did not come along.
        room = pile.allowed - pile.missing_names()[0]
        if not pile.exhausted and _by_people(self._shown(pile)[0]) < limit and pile.calls < room:
            await self._stream_page(contact_id, pile, len(pile.stream))

    async def _stream_page(self, contact_id: str, pile: _Pile, offset: int) -> None:
        pile.calls += 1
        pile.exhausted = True
        body = await self._rest.get("activities", self._query(contact_id, offset))
        rows = pile.add_stream(body)
        total = total_of(body)
        pile.exhausted = len(rows) < PAGE if total is None else not rows or total <= offset + len(rows)

    async def _tracking(self, contact_id: str, pile: _Pile) -> None:
        pile.calls += 1
        body = await self._rest.get(f"contacts/{contact_id}/trackingLogs")
        pile.tracking_rows = objects(body, "trackingLogs")

    async def _load_names(self, pile: _Pile, calls: int) -> None:
        """Read the newest campaigns and the automations, where names did not come along and calls are left."""
        campaigns, automations = pile.missing_names()
        wanted = [name for name, missing in (("automations", automations), ("campaigns", campaigns)) if missing]
        wanted = wanted[: max(0, calls - pile.calls)]
        pile.calls += len(wanted)
        await asyncio.gather(*(self._bear(self._load_list(name, pile), DETAILS, pile) for name in wanted))

    async def _load_list(self, name: str, pile: _Pile) -> None:
        order = {"orders[sdate]": "desc"} if name == "campaigns" else {}
        pile.loads.add(await self._rest.get(name, {**order, "limit": PAGE}))

    def _read_stream(self, pile: _Pile) -> list[Activity]:
        found, unresolved = self._shown(pile)
        named = {"TrackingLog"} if TRACKED in pile.unavailable else set()
        if unresolved - named and DETAILS not in pile.unavailable:
            pile.unavailable.append(DETAILS)
        return found

    def _shown(self, pile: _Pile) -> tuple[list[Activity], set[str]]:
        """Return what the stream tells by itself, and the kinds of which an object did not come along."""
        reader = StreamReader(pile.loads, self._web())
        told = pile.told_elsewhere(self._web())
        rows = (row for row in pile.stream.values() if text(row.get("reference_type")) in KINDS_READ)
        found = [reader.read(row) for row in rows if _told(row) not in told]
        return [item for item in found if item is not None], reader.unresolved

    def _items(self, pile: _Pile) -> list[Activity]:
        return newest_first([*self._read_stream(pile), *pile.outside_stream(self._web())])


def _or_never(moment: datetime | None) -> float:
    return moment.timestamp() if moment is not None else float("inf")
