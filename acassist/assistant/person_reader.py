"""Finds both ends of a person; the schema is kept for a minute, and one look at a contact serves header and feed."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from acassist.activecampaign.activity_view import ContactView
from acassist.assistant.session import Session
from acassist.assistant.views import RecordRef
from acassist.domain.ids import PEOPLE
from acassist.domain.ledger import Link
from acassist.domain.problem import Problem, ProblemCode, ProblemError
from acassist.domain.profile import Setup
from acassist.domain.record import ActiveCampaignContact, SalesforceRecord, normalize_email
from acassist.http import Priority
from acassist.salesforce.soql import in_list, select
from acassist.sync.context import SyncContext, to_record
from acassist.sync.observe import fetch_records, live_by_email
from acassist.sync.run import load_schema
from acassist.sync.schema import Schema

T = TypeVar("T")

FRESH = 60.0
"""For so many seconds schema and names are used without a question."""
STALE = 900.0
"""For so long they may still be shown while they are read anew."""
_SHARED = 5.0
_GRACE = 1.0
OWNER = "Owner.Name"


@dataclass(frozen=True, slots=True)
class Ends:
    """Both ends of a person as far as they exist, their link, and the contact with its lists."""

    record: SalesforceRecord | None
    contact: ActiveCampaignContact | None
    link: Link | None
    view: ContactView | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """What changes seldom: both schemas, names of lists (by id) and of tags (by id)."""

    schema: Schema
    lists: dict[str, str]
    tags: dict[str, str]
    setup: Setup
    at: float


@dataclass(slots=True)
class _Look:
    """One look at a contact under way or just made, and who has used it."""

    task: asyncio.Task[ContactView]
    at: float
    used: set[str]


class PersonReader:
    """Reads one person from both sides."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._known: Known | None = None
        self._learning: asyncio.Task[Known] | None = None
        self._looks: dict[str, _Look] = {}

    # -- what changes seldom
    async def context(self, *, patient: bool = True) -> SyncContext:
        """Build a context for single records, in the lane of the person; its schema is at most a minute old.

        With `patient` off it may be up to a quarter of an hour old: enough to look, not to write.
        """
        ctx = await self._bare()
        ctx.schema = (await self.known(patient=patient)).schema
        return ctx

    async def _bare(self) -> SyncContext:
        session = self._session
        return SyncContext(
            session.setup,
            await session.salesforce(Priority.INTERACTIVE),
            await session.activecampaign(Priority.INTERACTIVE),
            session.stores,
            session.machine.clock,
        )

    async def known(self, *, patient: bool = True) -> Known:
        """Return schema and names; with `patient` off, older ones are returned while they are read anew."""
        known = self._known
        age = self._session.machine.clock.monotonic() - known.at if known else STALE
        if known is not None and known.setup is self._session.setup and age < FRESH:
            return known
        learning = self._learn()
        if known is not None and known.setup is self._session.setup and age < STALE and not patient:
            return known
        return await asyncio.shield(learning)

    def warm(self) -> None:
        """Begin to read what a record will need."""
        if self._session.setup.activecampaign is not None and self._session.setup.salesforce is not None:
            self._spawn(self.known())

    def _learn(self) -> asyncio.Task[Known]:
        if self._learning is None or self._learning.done():
            self._learning = self._spawn(self._read_known())
        return self._learning

    async def _read_known(self) -> Known:
        ctx = await self._bare()
        client = await self._session.activecampaign()
        _, lists, tags = await asyncio.gather(load_schema(ctx), client.lists(), client.tags())
        by_id = {tag_id: name for name, tag_id in tags.items()}
        self._known = Known(ctx.schema, lists, by_id, ctx.setup, self._session.machine.clock.monotonic())
        return self._known

    @staticmethod
    def _spawn(work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        task = asyncio.create_task(work)
        # Nobody may be waiting any more when it fails.
        task.add_done_callback(lambda done: None if done.cancelled() else done.exception())
        return task

    async def close(self) -> None:
        """End what is under way; a request that is nearly done may finish, so that it closes what it opened."""
        tasks = [self._learning, *(look.task for look in self._looks.values())]
        live = [task for task in tasks if task is not None and not task.done()]
        if live:
            await asyncio.wait(live, timeout=_GRACE)
        for task in live:
            task.cancel()
        await asyncio.gather(*live, return_exceptions=True)
        self._looks.clear()

    # -- a contact
    def look(self, ac_id: str, who: str) -> asyncio.Task[ContactView]:
        """Return a look at a contact: one that another part of the page is making, else a new one.

        No part gets the same look twice, so that reading again does read.
        """
        now = self._session.machine.clock.monotonic()
        self._looks = {key: look for key, look in self._looks.items() if now - look.at < _SHARED}
        known = self._looks.get(ac_id)
        if known is None or who in known.used or (known.task.done() and _failed(known.task)):
            known = self._looks[ac_id] = _Look(self._spawn(self._view(ac_id)), now, set())
        known.used.add(who)
        return known.task

    def forget(self, ac_id: str | None) -> None:
        """Something was written to a contact: the next look is a new one."""
        self._looks.pop(ac_id or "", None)

    async def _view(self, ac_id: str) -> ContactView:
        return await (await self._session.activecampaign()).contact_view(ac_id)

    async def _seen(self, ac_id: str | None, who: str) -> ContactView | None:
        if ac_id is None:
            return None
        try:
            return await asyncio.shield(self.look(ac_id, who))
        except ProblemError as error:
            if error.problem.code is ProblemCode.AC_GONE:
                return None
            raise

    # -- both ends
    def link(self, ref: RecordRef) -> Link | None:
        """Return the link of a person; no network."""
        ledger = self._session.stores.ledger
        if ref.sobject is not None and ref.sf_id is not None:
            return ledger.links_by_sf(ref.sobject, [ref.sf_id]).get(ref.sf_id)
        return next(iter(ledger.links_by_ac([ref.ac_id or ""]).get(ref.ac_id or "", [])), None)

    def completed(self, ref: RecordRef) -> RecordRef:
        """Fill in what the link of a person tells; no network."""
        link = self.link(ref)
        return RecordRef(link.sobject, link.sf_id, link.ac_id) if link is not None else ref

    async def ends(self, ctx: SyncContext, ref: RecordRef, *, owner: bool = False) -> Ends:
        """Find both ends of a person, by link first, then by address; raises SF_GONE or AC_GONE when there is none."""
        link, known = self.link(ref), self.completed(ref)
        record, view = await asyncio.gather(self._record(ctx, known, owner=owner), self._seen(known.ac_id, "header"))
        contact = view.contact if view is not None else None
        if contact is None and record is not None and record.email:
            contact = await ctx.activecampaign.contact_by_email(str(record.fields.get("Email")).strip())
            view = await self._seen(contact.id, "header") if contact is not None else None
        if record is None and contact is not None:
            record = await self._record_of(ctx, contact)
            record = await self._with_owner(ctx, record) if owner and record is not None else record
        if record is None and contact is None:
            raise ProblemError(Problem(ProblemCode.SF_GONE if ref.sf_id else ProblemCode.AC_GONE))
        if link is None and contact is not None and record is not None:
            link = self.link(RecordRef(record.sobject, record.id))
        return Ends(record, contact, link, view)

    async def _record(self, ctx: SyncContext, ref: RecordRef, *, owner: bool) -> SalesforceRecord | None:
        if ref.sobject is None or ref.sf_id is None:
            return None
        if not owner or not ctx.schema.of(ref.sobject).description.has("OwnerId"):
            return (await fetch_records(ctx, ref.sobject, [ref.sf_id])).get(ref.sf_id)
        # For the eye only: issues compare the content of a record, which the owner is no part of.
        columns = (*ctx.schema.of(ref.sobject).columns, OWNER)
        soql = select(columns, ref.sobject, where=f"Id IN {in_list([ref.sf_id])}")
        async for page in ctx.salesforce.query(soql, deleted=True):
            for row in page:
                return to_record(ref.sobject, row)
        return None

    async def _with_owner(self, ctx: SyncContext, record: SalesforceRecord) -> SalesforceRecord:
        return await self._record(ctx, RecordRef(record.sobject, record.id), owner=True) or record

    async def _record_of(self, ctx: SyncContext, contact: ActiveCampaignContact) -> SalesforceRecord | None:
        email = normalize_email(contact.email)
        if not email:
            return None
        found = await asyncio.gather(*(live_by_email(ctx, sobject, [email]) for sobject in reversed(PEOPLE)))
        return next((rows[email][0] for rows in found if rows.get(email)), None)

    async def contact_id(self, ref: RecordRef) -> str:
        """Return the contact of a person, by id, link or address; raises AC_GONE when there is none."""
        known = self.completed(ref)
        if known.ac_id is not None:
            return known.ac_id
        contact = (await self.ends(await self.context(), ref)).contact
        if contact is None:
            raise ProblemError(Problem(ProblemCode.AC_GONE))
        return contact.id


def _failed(task: asyncio.Task[ContactView]) -> bool:
    return task.cancelled() or task.exception() is not None


def linked_ref(ends: Ends) -> RecordRef:
    """Return the reference that names both ends."""
    record = ends.record
    ref = RecordRef(ac_id=ends.contact.id if ends.contact else None)
    return replace(ref, sobject=record.sobject, sf_id=record.id) if record else ref
