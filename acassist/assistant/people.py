"""Records: search, the card of one person, activities, and a person's one-off actions."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

from acassist.activecampaign.client import ActiveCampaignClient
from acassist.assistant.events import IssuesChanged, StatusChanged
from acassist.assistant.explain import Explanation, Subject, explain
from acassist.assistant.jobs import Jobs
from acassist.assistant.probes import Probes
from acassist.assistant.session import Session
from acassist.assistant.views import ActionResult, RecordCard, RecordRef, SearchHit, SyncedField
from acassist.domain.activity import RECENT, Activity, ActivityFeed, ActivityKind
from acassist.domain.ids import PEOPLE, SObject, sobject_of, to18
from acassist.domain.ledger import Link, LinkState
from acassist.domain.problem import Problem, ProblemCode, ProblemError
from acassist.domain.record import ActiveCampaignContact, SalesforceRecord, normalize_email
from acassist.domain.text import N_, Message
from acassist.domain.values import ValueProblem
from acassist.http import Priority
from acassist.salesforce.address import record_url
from acassist.storage.activity_cache import ActivityCache
from acassist.sync.actions import Person, enter_automation, send_campaign
from acassist.sync.context import SyncContext, subject_of, to_record
from acassist.sync.observe import fetch_records, live_by_email
from acassist.sync.run import load_schema
from acassist.sync.schema import OPT_OUT_FIELD, ObjectSchema

KIND_LABELS = {SObject.LEAD: N_("Lead"), SObject.CONTACT: N_("Contact")}
_AC_KIND = N_("ActiveCampaign contact")
_ID_IN_TEXT = re.compile(r"\b((?:00Q|003)[0-9A-Za-z]{12}(?:[0-9A-Za-z]{3})?)\b")
_CONTACT_IN_TEXT = re.compile(r"/app/contacts/(\d+)")
_GONE = Problem(ProblemCode.AC_GONE)


class People:
    """The Records page on one session."""

    def __init__(self, session: Session, jobs: Jobs, probes: Probes) -> None:
        self._session = session
        self._jobs = jobs
        self._probes = probes
        self._acting: set[tuple[str, str]] = set()

    async def context(self) -> SyncContext:
        """Build a context for single records, in the lane of the person."""
        session = self._session
        ctx = SyncContext(
            session.setup,
            await session.salesforce(Priority.INTERACTIVE),
            await session.activecampaign(Priority.INTERACTIVE),
            session.stores,
            session.machine.clock,
        )
        await load_schema(ctx)
        return ctx

    # -- search
    async def search(self, text: str) -> list[SearchHit]:
        """Search both services; pasted ids and addresses are understood."""
        text = text.strip()
        if not text:
            return []
        direct = _pasted(text)
        if direct is not None:
            card = await self.card(direct)
            return [SearchHit(card.ref, card.name, card.email, card.company, card.kind, card.link_state is not None)]
        salesforce = await self._session.salesforce()
        activecampaign = await self._session.activecampaign()
        rows, contacts = await asyncio.gather(salesforce.search(text), activecampaign.search_contacts(text))
        return self._merged([_record(r) for r in rows], contacts)

    def _merged(self, records: list[SalesforceRecord], contacts: list[ActiveCampaignContact]) -> list[SearchHit]:
        ledger = self._session.stores.ledger
        hits, shown = [], set()
        for record in records:
            link = ledger.links_by_sf(record.sobject, [record.id]).get(record.id)
            shown |= {link.ac_id} if link else set()
            hits.append(
                SearchHit(
                    RecordRef(record.sobject, record.id, link.ac_id if link else None),
                    record.name,
                    str(record.fields.get("Email") or ""),
                    _company(record),
                    Message(KIND_LABELS[record.sobject]),
                    linked=link is not None,
                )
            )
        for contact in contacts:
            if contact.id not in shown:
                linked = bool(ledger.links_by_ac([contact.id]))
                ref = RecordRef(ac_id=contact.id)
                hits.append(SearchHit(ref, contact.name, contact.email, "", Message(_AC_KIND), linked))
        return hits

    # -- card
    async def _both(
        self, ctx: SyncContext, ref: RecordRef
    ) -> tuple[SalesforceRecord | None, ActiveCampaignContact | None, Link | None]:
        """Find both ends of a person: by link first, then by address."""
        link = self._link(ref)
        if link is not None:
            ref = RecordRef(link.sobject, link.sf_id, link.ac_id)
        record = contact = None
        if ref.sobject is not None and ref.sf_id is not None:
            record = (await fetch_records(ctx, ref.sobject, [ref.sf_id])).get(ref.sf_id)
        if ref.ac_id is not None:
            found = await ctx.activecampaign.contacts_by_ids([ref.ac_id])
            contact = found[0] if found else None
        if contact is None and record is not None and record.email:
            contact = await ctx.activecampaign.contact_by_email(str(record.fields.get("Email")).strip())
        if record is None and contact is not None:
            record = await self._record_of(ctx, contact)
        return record, contact, link

    async def _record_of(self, ctx: SyncContext, contact: ActiveCampaignContact) -> SalesforceRecord | None:
        email = normalize_email(contact.email)
        for sobject in reversed(PEOPLE):
            found = await live_by_email(ctx, sobject, [email]) if email else {}
            if found.get(email or ""):
                return found[email or ""][0]
        return None

    def _link(self, ref: RecordRef) -> Link | None:
        ledger = self._session.stores.ledger
        if ref.sobject is not None and ref.sf_id is not None:
            return ledger.links_by_sf(ref.sobject, [ref.sf_id]).get(ref.sf_id)
        return next(iter(ledger.links_by_ac([ref.ac_id or ""]).get(ref.ac_id or "", [])), None)

    async def card(self, ref: RecordRef) -> RecordCard:
        """Read one person from both sides; independent calls overlap."""
        ctx = await self.context()
        record, contact, link = await self._both(ctx, ref)
        if record is None and contact is None:
            raise ProblemError(Problem(ProblemCode.SF_GONE) if ref.sf_id else _GONE)
        activecampaign = await self._session.activecampaign()
        lists, tags = await _memberships(activecampaign, contact)
        return self._card(ctx, record, contact, link=link, lists=lists, tags=tags)

    def _card(
        self,
        ctx: SyncContext,
        record: SalesforceRecord | None,
        contact: ActiveCampaignContact | None,
        *,
        link: Link | None,
        lists: dict[str, int],
        tags: tuple[str, ...],
    ) -> RecordCard:
        schema = ctx.schema.of(record.sobject) if record else None
        subject = subject_of(record.sobject, record.id) if record else f"ActiveCampaign:{contact.id if contact else ''}"
        issues = ctx.stores.issues.open_for(subject)
        email = str(record.fields.get("Email") or "") if record else (contact.email if contact else "")
        return RecordCard(
            RecordRef(record.sobject if record else None, record.id if record else None, _id(contact)),
            (record.name if record else "") or (contact.name if contact else "") or email,
            email,
            Message(KIND_LABELS[record.sobject] if record else _AC_KIND),
            _company(record) if record else "",
            _sync_value(record, schema, "status"),
            _sync_value(record, schema, "contact_id") or _id(contact),
            _sync_value(record, schema, "relation"),
            link.state if link else None,
            link.synced_at if link else None,
            opted_out=_opt_out(record, schema),
            unsubscribed=2 in lists.values() and 1 not in lists.values(),
            bounced=bool(contact and contact.hard_bounces),
            lists=tuple(name for name, status in lists.items() if status == 1),
            tags=tags,
            fields=_fields(schema, record, contact),
            salesforce_url=_salesforce_url(ctx, record),
            activecampaign_url=_contact_url(self._session, contact),
            problems=tuple(Problem(i.code, i.subject, i.values, i.detail) for i in issues),
        )

    async def explain(self, ref: RecordRef) -> Explanation:
        """Say why a record is (not) syncing."""
        ctx = await self.context()
        record, contact, link = await self._both(ctx, ref)
        if record is None and contact is None:
            raise ProblemError(Problem(ProblemCode.SF_GONE) if ref.sf_id else _GONE)
        if link is None and contact is not None:
            link = self._link(RecordRef(ac_id=contact.id))
        return await explain(ctx, Subject(record, contact, link))

    # -- activities
    async def _contact_id(self, ref: RecordRef) -> str:
        if ref.ac_id is not None:
            return ref.ac_id
        link = self._link(ref)
        if link is not None:
            return link.ac_id
        _, contact, _ = await self._both(await self.context(), ref)
        if contact is None:
            raise ProblemError(_GONE)
        return contact.id

    async def recent(self, ref: RecordRef) -> ActivityFeed:
        """Return the 20 most recent activities; without a connection the last ones seen, with their age."""
        ac_id = await self._contact_id(ref)
        cache = ActivityCache(self._session.stores.db)
        try:
            client = await self._session.activecampaign()
            # Machine opens are kept apart: they may not push real activities off the card.
            feed = _people_only(await client.recent_activities(ac_id, 2 * RECENT))
            feed = replace(feed, read_at=self._session.machine.clock.now())
        except ProblemError as error:
            kept = cache.get(ac_id)
            if kept is None or error.problem.code is ProblemCode.AC_GONE:
                raise
            return kept
        if self._session.writer:
            cache.put(ac_id, feed)
        return feed

    async def everything(self, ref: RecordRef) -> AsyncIterator[list[Activity]]:
        """Yield all activities page by page, newest first."""
        ac_id = await self._contact_id(ref)
        client = await self._session.activecampaign()
        async for page in client.all_activities(ac_id):
            yield page

    # -- actions
    async def send(self, ref: RecordRef, campaign_id: str, expected_email: str) -> ActionResult:
        """Send one campaign to one person, once."""
        campaigns, _ = await self._probes.offers()
        offer = next((c for c in campaigns if c.id == campaign_id and c.offered and c.reason is None), None)
        if offer is None:
            return _failed(Problem(ProblemCode.NOT_OFFERED, values={"name": campaign_id}))
        client = await self._session.activecampaign()
        message_id = next(c.message_id for c in await client.campaigns() if c.id == campaign_id)
        ac_id = await self._contact_id(ref)

        async def work() -> None:
            await send_campaign(
                await self.context(),
                Person(ac_id, expected_email),
                campaign_id=campaign_id,
                message_id=message_id,
                title=offer.name,
            )

        done = Message(N_("{campaign} was sent to {email}."), {"campaign": offer.name, "email": expected_email})
        return await self._act(("send", ac_id), work, done)

    async def enter(self, ref: RecordRef, automation_id: str, expected_email: str) -> ActionResult:
        """Add one person to an automation, once."""
        _, automations = await self._probes.offers()
        offer = next((a for a in automations if a.id == automation_id and a.offered and a.reason is None), None)
        if offer is None:
            return _failed(Problem(ProblemCode.NOT_OFFERED, values={"name": automation_id}))
        ac_id = await self._contact_id(ref)

        async def work() -> None:
            person = Person(ac_id, expected_email)
            await enter_automation(await self.context(), person, automation_id=automation_id, title=offer.name)

        done = Message(N_("{email} was added to {automation}."), {"automation": offer.name, "email": expected_email})
        return await self._act(("enter", ac_id), work, done)

    async def _act(self, key: tuple[str, str], work: Any, done: Message) -> ActionResult:
        """Carry out an action; a second press while it is under way does nothing."""
        if not self._session.setup.cx.enabled or key in self._acting:
            return _failed(Problem(ProblemCode.NOT_OFFERED, values={"name": Message(N_("CX Automation"))}))
        self._acting.add(key)
        try:
            await work()
        except ProblemError as error:
            self._session.events.emit(IssuesChanged(sum(self._session.stores.issues.counts().values())))
            return _failed(error.problem)
        finally:
            self._acting.discard(key)
        return ActionResult(done=True, sentence=done)

    def stop(self, ref: RecordRef, *, stop: bool) -> ActionResult:
        """Stop or resume syncing one record."""
        link = self._link(ref)
        if link is None:
            return ActionResult(done=False, sentence=Message(N_("The record is not linked, so it is not synced.")))
        state = LinkState.STOPPED if stop else LinkState.ACTIVE
        self._session.stores.ledger.save_link(replace(link, state=state, ac_stamp=None))
        self._session.events.emit(StatusChanged())
        text = N_("This record is no longer synced.") if stop else N_("This record is synced again.")
        return ActionResult(done=True, sentence=Message(text))


def _people_only(feed: ActivityFeed) -> ActivityFeed:
    items = [item for item in feed.items if item.kind is not ActivityKind.MACHINE_OPENED]
    complete = feed.complete and len(items) <= RECENT
    return replace(feed, items=tuple(items[:RECENT]), complete=complete)


def _failed(problem: Problem) -> ActionResult:
    return ActionResult(done=False, sentence=problem.sentence, problem=problem)


def _id(contact: ActiveCampaignContact | None) -> str | None:
    return contact.id if contact else None


def _record(row: dict[str, Any]) -> SalesforceRecord:
    kind = SObject((row.get("attributes") or {}).get("type") or sobject_of(row["Id"]) or SObject.LEAD)
    return to_record(kind, {"SystemModstamp": "1970-01-01T00:00:00.000+0000", **row})


def _company(record: SalesforceRecord) -> str:
    return str(record.fields.get("Company") or record.fields.get("Account.Name") or "")


def _pasted(text: str) -> RecordRef | None:
    """Understand a pasted Salesforce or ActiveCampaign id or address."""
    match = _ID_IN_TEXT.search(text)
    if match:
        record_id = to18(match[1])
        return RecordRef(sobject_of(record_id), record_id)
    contact = _CONTACT_IN_TEXT.search(text)
    return RecordRef(ac_id=contact[1]) if contact else None


async def _memberships(
    client: ActiveCampaignClient, contact: ActiveCampaignContact | None
) -> tuple[dict[str, int], tuple[str, ...]]:
    """Return list name to status, and tag names; what the key may not read is left out."""
    if contact is None:
        return {}, ()
    names, statuses, tags, held = await asyncio.gather(
        client.lists(), client.contact_lists(contact.id), client.tags(), client.contact_tags(contact.id)
    )
    by_id = {tag_id: name for name, tag_id in tags.items()}
    lists = {names.get(list_id, list_id): status for list_id, status in statuses.items()}
    return lists, tuple(sorted(by_id.get(tag_id, tag_id) for tag_id in held))


def _sync_value(record: SalesforceRecord | None, schema: ObjectSchema | None, which: str) -> str | None:
    name = getattr(schema.sync_fields, which) if schema else None
    return str(record.fields.get(name) or "") if record and name else None


def _opt_out(record: SalesforceRecord | None, schema: ObjectSchema | None) -> bool | None:
    if record is None or schema is None or not schema.opt_out_readable:
        return None
    return bool(record.fields.get(OPT_OUT_FIELD))


def _fields(
    schema: ObjectSchema | None, record: SalesforceRecord | None, contact: ActiveCampaignContact | None
) -> tuple[SyncedField, ...]:
    if schema is None or record is None:
        return ()
    shown = []
    for field in schema.fields:
        raw = record.fields.get(field.sf.name)
        other = contact.values.get(field.ac.key) if contact else None
        try:
            equal = field.codec.equal(field.codec.from_salesforce(raw), field.codec.from_activecampaign(other))
        except ValueProblem:
            equal = False
        left = None if raw in (None, "") else str(raw)
        shown.append(SyncedField(Message(field.label), left, other or None, equal))
    return tuple(shown)


def _salesforce_url(ctx: SyncContext, record: SalesforceRecord | None) -> str | None:
    connection = ctx.setup.salesforce
    if record is None or connection is None or not connection.instance_url:
        return None
    return record_url(connection.instance_url, record.id, record.sobject)


def _contact_url(session: Session, contact: ActiveCampaignContact | None) -> str | None:
    connection = session.setup.activecampaign
    if contact is None or connection is None or not connection.account:
        return None
    return f"https://{connection.account}.activehosted.com/app/contacts/{contact.id}"


