"""Finds both ends of a person; one look at a contact serves header and feed."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace

from acassist.activecampaign.activity_view import ContactView
from acassist.assistant.person_known import PersonKnown, Tasks
from acassist.assistant.session import Session
from acassist.assistant.views import RecordRef
from acassist.domain.ids import PEOPLE
from acassist.domain.ledger import Link
from acassist.domain.problem import Problem, ProblemCode, ProblemError
from acassist.domain.record import ActiveCampaignContact, SalesforceRecord, normalize_email
from acassist.salesforce.soql import in_list, select
from acassist.sync.context import SyncContext, to_record
from acassist.sync.observe import fetch_records, live_by_email

_SHARED = 5.0
OWNER = "Owner.Name"


@dataclass(frozen=True, slots=True)
class Ends:
    """Both ends of a person as far as they exist, their link, and the contact with its lists."""

    record: SalesforceRecord | None
    contact: ActiveCampaignContact | None
    link: Link | None
    view: ContactView | None = None


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
        self._looks: dict[str, _Look] = {}
        self._finding: dict[RecordRef, asyncio.Task[Ends]] = {}
        self._tasks = Tasks()
        self.known = PersonKnown(session, self._tasks)

    async def close(self) -> None:
        """End what is under way."""
        await self._tasks.close()
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
            known = self._looks[ac_id] = _Look(self._tasks.spawn(self._view(ac_id)), now, set())
        known.used.add(who)
        return known.task

    def forget(self, ac_id: str | None) -> None:
        """Something was written to a contact: the next look is a new one."""
        self._looks.pop(ac_id or "", None)

    async def _view(self, ac_id: str) -> ContactView:
        return await (await self._session.activecampaign()).contact_view(ac_id)

    def _looking(self, ac_id: str | None) -> asyncio.Task[ContactView] | None:
        return self.look(ac_id, "header") if ac_id is not None else None

    @staticmethod
    async def _seen(look: asyncio.Task[ContactView] | None) -> ContactView | None:
        if look is None:
            return None
        try:
            return await asyncio.shield(look)
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

    def find(self, ref: RecordRef) -> asyncio.Task[Ends]:
        """Return the finding of both ends to look at: one that another part of the page is making, else a new one."""
        under_way = self._finding.get(ref)
        if under_way is None or under_way.done():
            # The contact is read while the schema, which only the record needs, may still be on its way.
            look = self._looking(self.completed(ref).ac_id)
            under_way = self._finding[ref] = self._tasks.spawn(self._find(ref, look))
            under_way.add_done_callback(lambda _done: self._finding.pop(ref, None))
        return under_way

    async def _find(self, ref: RecordRef, look: asyncio.Task[ContactView] | None) -> Ends:
        return await self._ends(await self.known.context(patient=False), ref, look, owner=True)

    async def ends(self, ctx: SyncContext, ref: RecordRef) -> Ends:
        """Find both ends of a person, by link first, then by address; raises SF_GONE or AC_GONE when there is none."""
        return await self._ends(ctx, ref, self._looking(self.completed(ref).ac_id), owner=False)

    async def _ends(
        self, ctx: SyncContext, ref: RecordRef, look: asyncio.Task[ContactView] | None, *, owner: bool
    ) -> Ends:
        link, known = self.link(ref), self.completed(ref)
        record, view = await asyncio.gather(self._record(ctx, known, owner=owner), self._seen(look))
        if view is None and record is not None:
            view = await self._contact_of(ctx, record)
        contact = view.contact if view is not None else None
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

    async def _contact_of(self, ctx: SyncContext, record: SalesforceRecord) -> ContactView | None:
        """Find the contact of a record without a link: by the id it shows where the address agrees, else by address.

        Only where nobody has the address, the id alone counts (somebody's address may have changed on one side).
        """
        by_id = await self._seen(self._looking(_shown_id(ctx, record)))
        if by_id is not None and normalize_email(by_id.contact.email) == record.email:
            return by_id
        if record.email:
            contact = await ctx.activecampaign.contact_by_email(str(record.fields.get("Email")).strip())
            return await self._seen(self._looking(contact.id)) if contact is not None else by_id
        return by_id

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
        contact = (await asyncio.shield(self.find(ref))).contact
        if contact is None:
            raise ProblemError(Problem(ProblemCode.AC_GONE))
        return contact.id


def _failed(task: asyncio.Task[ContactView]) -> bool:
    return task.cancelled() or task.exception() is not None


def _shown_id(ctx: SyncContext, record: SalesforceRecord) -> str | None:
    """Return the contact's id that the record shows, None when it shows none or something else."""
    name = ctx.schema.of(record.sobject).sync_fields.contact_id
    value = str(record.fields.get(name) or "").strip() if name else ""
    return value if value.isdecimal() else None


def linked_ref(ends: Ends) -> RecordRef:
    """Return the reference that names both ends."""
    record = ends.record
    ref = RecordRef(ac_id=ends.contact.id if ends.contact else None)
    return replace(ref, sobject=record.sobject, sf_id=record.id) if record else ref
