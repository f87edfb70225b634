"""Inbound creation: contacts holding a trigger tag become Salesforce leads or contacts (rule 1.5)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from acassist.domain.email import valid_email
from acassist.domain.ids import Service, SObject
from acassist.domain.ledger import (
    HistoryAction,
    HistoryItem,
    Intent,
    IntentKind,
    IntentState,
    Link,
    LinkState,
    PlannedChange,
)
from acassist.domain.mapping import Direction
from acassist.domain.merge import Base
from acassist.domain.problem import Problem, ProblemCode, ProblemError, Reaction
from acassist.domain.record import ActiveCampaignContact, SalesforceRecord, normalize_email
from acassist.domain.tags import ADDED_TO, TRIGGER
from acassist.domain.text import N_, Message
from acassist.sync.context import SyncContext, contact_subject, subject_of
from acassist.sync.guard import check_creates_in_salesforce
from acassist.sync.newcomers import add_link
from acassist.sync.observe import indexed, live_by_email, store_page
from acassist.sync.plan import FieldProblem, record_values
from acassist.sync.record_writes import problem_of, status_fields
from acassist.sync.tagging import remove_tag, tag_id
from acassist.sync.twins import primary_for

CHUNK = 200


@dataclass(slots=True)
class Wish:
    """A contact that is to become a record, with the values to create it from."""

    contact: ActiveCampaignContact
    fields: dict[str, Any]
    problems: tuple[FieldProblem, ...]

    @property
    def email(self) -> str:
        """Return the comparable address."""
        return normalize_email(self.contact.email) or ""


@dataclass(slots=True)
class Sorting:
    """Queued contacts by what is to be done."""

    create: list[Wish] = field(default_factory=list)
    link: list[tuple[SalesforceRecord, ActiveCampaignContact]] = field(default_factory=list)
    tidy: list[ActiveCampaignContact] = field(default_factory=list)


async def create_from_triggers(ctx: SyncContext, sobject: SObject) -> list[Link]:
    """Create or link what the trigger tag of one object asks for; returns links to be compared afterwards."""
    trigger = ctx.tag_ids.get(TRIGGER[sobject])
    if trigger is None:
        return []
    links: list[Link] = []
    queue: list[ActiveCampaignContact] = []
    async for page in ctx.activecampaign.contacts(tag_id=trigger):
        ctx.check_cancelled()
        with ctx.stores.db.transaction():
            store_page(ctx, page)
        queue += page
    linked = _linked(ctx, sobject, queue)
    check_creates_in_salesforce(ctx, sobject, sum(c.id not in linked for c in queue))
    for start in range(0, len(queue), CHUNK):
        ctx.report(Message(N_("Creating records in Salesforce")), start, len(queue))
        links += await _work_chunk(ctx, sobject, queue[start : start + CHUNK])
    return links


async def create_for(ctx: SyncContext, sobject: SObject, contact: ActiveCampaignContact) -> list[Link]:
    """Do what the trigger tag of one contact asks for; returns links to be compared afterwards."""
    return await _work_chunk(ctx, sobject, [contact])


async def _work_chunk(ctx: SyncContext, sobject: SObject, contacts: Sequence[ActiveCampaignContact]) -> list[Link]:
    sorting = await _sort(ctx, sobject, contacts)
    links = []
    for record, contact in sorting.link:
        ctx.tally.linked += 1
        if ctx.dry is not None:
            ctx.dry.append(_planned_link(record, contact))
            continue
        with ctx.stores.db.transaction():
            link, intent = add_link(ctx, record, contact.id)
            # The inbound tag of this object replaces the outbound one that `add_link` intends.
            ctx.stores.intents.close(intent.id, IntentState.ABANDONED)
            ctx.stores.issues.clear(contact_subject(contact.id))
        links.append(link)
        sorting.tidy.append(contact)
    if ctx.dry is not None:
        ctx.tally.created_sf += len(sorting.create)
        ctx.dry.extend(line for wish in sorting.create for line in _planned(ctx, sobject, wish))
        return []
    sorting.tidy += await _create(ctx, sobject, sorting.create)
    for contact in sorting.tidy:
        ctx.check_cancelled()
        await _tidy(ctx, sobject, contact)
    return links


async def _sort(ctx: SyncContext, sobject: SObject, contacts: Sequence[ActiveCampaignContact]) -> Sorting:
    """Look for live records with the same address just before creating (rule 1.5)."""
    sorting = Sorting()
    busy = _linked(ctx, sobject, contacts)
    sorting.tidy += [c for c in contacts if c.id in busy]
    # Whoever failed in this very form waits: nothing is asked about them.
    open_ = [c for c in contacts if c.id not in busy and _may_try(ctx, c)]
    emails = [normalize_email(c.email) or "" for c in open_]
    live = await live_by_email(ctx, sobject, [e for e in emails if e]) if open_ else {}
    companies = await _companies(ctx, sobject, open_)
    for contact, email in zip(open_, emails, strict=True):
        found = live.get(email, [])
        if not valid_email(email):
            _raise(ctx, sobject, contact, Problem(ProblemCode.INVALID_EMAIL, contact_subject(contact.id)))
        elif len(found) > 1:
            values = {"count": len(found), "object": sobject.value, "email": email}
            _raise(ctx, sobject, contact, Problem(ProblemCode.DUPLICATE, contact_subject(contact.id), values))
        elif found:
            _place_link(ctx, sobject, contact, found[0], sorting)
        else:
            _place_create(ctx, sobject, contact, companies, sorting)
    return sorting


def _linked(ctx: SyncContext, sobject: SObject, contacts: Sequence[ActiveCampaignContact]) -> set[str]:
    """Return which contacts have a record of this object; one whose record was deleted asks for a new one."""
    linked = ctx.stores.ledger.links_by_ac([c.id for c in contacts])
    every = (link for found in linked.values() for link in found)
    return {link.ac_id for link in every if link.sobject is sobject and link.state is not LinkState.BROKEN}


async def _companies(ctx: SyncContext, sobject: SObject, contacts: Sequence[ActiveCampaignContact]) -> dict[str, str]:
    """Return the account name of each contact, where the mapping takes a lead's company from it."""
    row = ctx.schema.of(sobject).account_row
    connection = ctx.setup.activecampaign
    without = connection is not None and connection.accounts_available is False
    if row is None or row.direction is Direction.TO_ACTIVECAMPAIGN or without or not contacts:
        return {}
    return {i: name for i, (_, name) in (await ctx.activecampaign.account_of([c.id for c in contacts])).items()}


def _may_try(ctx: SyncContext, contact: ActiveCampaignContact) -> bool:
    if ctx.dry is not None:
        return True
    version = ctx.version(None, contact)
    return ctx.stores.issues.may_try(contact_subject(contact.id), version, ctx.clock.now())


def _place_link(
    ctx: SyncContext, sobject: SObject, contact: ActiveCampaignContact, record: SalesforceRecord, sorting: Sorting
) -> None:
    taken = ctx.stores.ledger.links_by_sf(sobject, [record.id]).get(record.id)
    if taken is None:
        sorting.link.append((record, contact))
        return
    values = {"count": 2, "object": sobject.value, "email": contact.email}
    _raise(ctx, sobject, contact, Problem(ProblemCode.DUPLICATE, contact_subject(contact.id), values))


def _place_create(
    ctx: SyncContext,
    sobject: SObject,
    contact: ActiveCampaignContact,
    companies: Mapping[str, str],
    sorting: Sorting,
) -> None:
    """Collect the values of a new record; required fields without a value need a default or a person."""
    schema = ctx.schema.of(sobject)
    fields, problems = record_values(schema.fields, contact)
    if schema.account_row is not None and companies.get(contact.id):
        fields[schema.account_row.sf_field] = companies[contact.id]
    fields.setdefault("Email", contact.email)
    defaults = {"LastName": ctx.setup.defaults.last_name, "Company": ctx.setup.defaults.company}
    missing = []
    for required in (f for f in schema.description.fields if f.required_on_create):
        if not fields.get(required.name) and defaults.get(required.name):
            fields[required.name] = defaults[required.name]
        if fields.get(required.name) in (None, ""):
            missing.append(required.label)
    if missing:
        problem = Problem(ProblemCode.SF_REQUIRED, contact_subject(contact.id), {"fields": ", ".join(missing)})
        _raise(ctx, sobject, contact, problem)
        return
    sorting.create.append(Wish(contact, fields, problems))


def _raise(ctx: SyncContext, sobject: SObject, contact: ActiveCampaignContact, problem: Problem) -> None:
    ctx.tally.skipped += 1
    ctx.raise_issue(
        problem,
        subject=contact_subject(contact.id),
        version=ctx.version(None, contact),
        name=contact.name,
        sobject=sobject,
        ac_id=contact.id,
    )


async def _create(ctx: SyncContext, sobject: SObject, wishes: Sequence[Wish]) -> list[ActiveCampaignContact]:
    """Create records in one call with an intent before it; returns the contacts whose record exists now."""
    if not wishes:
        return []
    rows = [{"ac_id": w.contact.id, "email": w.email, "sent": _sent(ctx, sobject, w)} for w in wishes]
    since = ctx.salesforce.server_time() or ctx.clock.now()
    payload = {"sobject": sobject.value, "rows": rows, "since": since.isoformat()}
    intent = ctx.stores.intents.open(Intent(IntentKind.CREATE_SALESFORCE, sobject.value, payload, run_id=ctx.run_id))
    results = await ctx.salesforce.create(
        sobject, [{**w.fields, **status_fields(ctx, sobject, w.contact.id)} for w in wishes]
    )
    made = []
    with ctx.stores.db.transaction():
        for wish, result in zip(wishes, results, strict=True):
            if result.success and result.id:
                _store(ctx, sobject, wish, result.id)
                made.append(wish.contact)
            else:
                _raise(ctx, sobject, wish.contact, problem_of(result).about(contact_subject(wish.contact.id)))
        ctx.stores.intents.close(intent.id, IntentState.DONE)
    return made


def _store(ctx: SyncContext, sobject: SObject, wish: Wish, sf_id: str) -> None:
    contact = wish.contact
    ctx.tally.created_sf += 1
    ctx.stores.index.put([indexed(contact)])
    link = ctx.stores.ledger.add_link(
        Link(
            sobject,
            sf_id,
            contact.id,
            contact.email,
            primary=primary_for(ctx, sobject, contact.id),
            base={key: Base(value, value) for key, value in _sent(ctx, sobject, wish).items()},
            sf_stamp=ctx.clock.now(),
            fingerprint=ctx.setup.mapping.fingerprint(sobject),
            synced_at=ctx.clock.now(),
        )
    )
    ctx.stores.issues.clear(contact_subject(contact.id))
    ctx.note(_items(ctx, link, wish))
    for trouble in wish.problems:
        ctx.raise_issue(
            trouble.problem,
            subject=subject_of(sobject, sf_id),
            version="",
            field=trouble.field.label,
            name=contact.name,
            sobject=sobject,
            sf_id=sf_id,
            ac_id=contact.id,
            link_id=link.id,
        )


def _sent(ctx: SyncContext, sobject: SObject, wish: Wish) -> dict[str, str | None]:
    """Return what both sides hold once the record exists, by mapping key."""
    sent: dict[str, str | None] = {}
    failed = {p.field.key for p in wish.problems}
    for field_ in ctx.schema.of(sobject).fields:
        raw = wish.contact.values.get(field_.ac.key)
        # A blank is agreed on too: else the first edits on both sides would pass for old differences.
        if field_.key not in failed and (field_.sf.name in wish.fields or not raw):
            sent[field_.key] = field_.codec.from_activecampaign(raw)
    return sent


def _items(ctx: SyncContext, link: Link, wish: Wish) -> Iterator[HistoryItem]:
    for name, value in wish.fields.items():
        yield ctx.item(
            Service.SALESFORCE,
            HistoryAction.CREATE,
            subject_of(link.sobject, link.sf_id),
            name=wish.contact.name,
            link_id=link.id,
            sobject=link.sobject,
            sf_id=link.sf_id,
            ac_id=link.ac_id,
            field=ctx.schema.of(link.sobject).label_of(name),
            after=str(value),
        )


async def _tidy(ctx: SyncContext, sobject: SObject, contact: ActiveCampaignContact) -> None:
    """Exchange the trigger tag for the tag that says it was added, only after link and history are stored."""
    try:
        await ctx.activecampaign.add_tag(contact.id, await tag_id(ctx, ADDED_TO[sobject]))
        await remove_tag(ctx, contact.id, TRIGGER[sobject])
    except ProblemError as error:
        # One contact that is gone or refuses a tag never blocks the others (rule I14).
        if error.problem.reaction is not Reaction.ISSUE:
            raise
        _raise(ctx, sobject, contact, error.problem.about(contact_subject(contact.id)))


def _planned_link(record: SalesforceRecord, contact: ActiveCampaignContact) -> PlannedChange:
    return PlannedChange(
        Service.SALESFORCE,
        HistoryAction.LINK,
        subject_of(record.sobject, record.id),
        contact.name,
        sobject=record.sobject,
        sf_id=record.id,
        ac_id=contact.id,
    )


def _planned(ctx: SyncContext, sobject: SObject, wish: Wish) -> Iterator[PlannedChange]:
    for name, value in wish.fields.items():
        yield PlannedChange(
            Service.SALESFORCE,
            HistoryAction.CREATE,
            contact_subject(wish.contact.id),
            wish.contact.name,
            sobject=sobject,
            ac_id=wish.contact.id,
            field=ctx.schema.of(sobject).label_of(name),
            after=str(value),
        )
