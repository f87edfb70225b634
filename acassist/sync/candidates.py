"""Sends selected records that have no link yet: links those that ActiveCampaign knows, creates the rest."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace

from acassist.activecampaign.bulk_import import import_chunks
from acassist.domain.ids import Service, SObject
from acassist.domain.ledger import (
    HistoryAction,
    Intent,
    IntentKind,
    IntentState,
    Link,
    PlannedChange,
)
from acassist.domain.merge import Base
from acassist.domain.problem import Problem, ProblemCode, ProblemError, Reaction
from acassist.domain.record import (
    ContactWrite,
    ImportReceipt,
    ImportRow,
    SalesforceRecord,
    normalize_email,
)
from acassist.domain.selection import SelectionKind
from acassist.domain.text import N_, Message
from acassist.sync.accounts import account_name_of
from acassist.sync.ahead import WINDOW, together
from acassist.sync.bulk_tags import carry_out_tags
from acassist.sync.contact_writes import READ_CHUNK, finished_import, imports_settled, queue_import
from acassist.sync.context import SyncContext, subject_of
from acassist.sync.match import planned_create, sort_records
from acassist.sync.newcomers import (
    Newcomer,
    add_link,
    creation_items,
    import_row,
    lists_to_join,
    newcomer,
    open_intent,
    opted_out,
    refused,
    sent_values,
    shown_base,
    unsent_base,
)
from acassist.sync.observe import indexed, store_page
from acassist.sync.opt_out import BASE_KEY as OPT_OUT_KEY
from acassist.sync.record_writes import StatusQueue, StatusRow, differing, failed_row, status_fields
from acassist.sync.tagging import ONE_BY_ONE, carry_out_tag, note_account

CHUNK = 2_000
CANARY = 5
_SKIPPED = frozenset({ProblemCode.NO_EMAIL, ProblemCode.INVALID_EMAIL})


async def work_candidates(
    ctx: SyncContext, sobject: SObject, records: Sequence[SalesforceRecord], status: StatusQueue
) -> list[Link]:
    """Link or create contacts for selected records; returns new links whose values still have to be compared."""
    links: list[Link] = []
    for start in range(0, len(records), CHUNK):
        ctx.check_cancelled()
        ctx.report(Message(N_("Sending new records to ActiveCampaign")), start, len(records))
        sorted_ = await sort_records(ctx, sobject, records[start : start + CHUNK])
        links += await link_known(ctx, sobject, sorted_.link)
        links += await _create(ctx, sobject, [newcomer(ctx, sobject, r) for r in sorted_.create], status)
        tell_failures(ctx, sobject, records[start : start + CHUNK], status)
    return links


def tell_failures(
    ctx: SyncContext, sobject: SObject, records: Sequence[SalesforceRecord], status: StatusQueue
) -> None:
    """Let the status of records that could not be sent say why (rule 5.4).

    A record that was never meant for ActiveCampaign, because it has no valid address, is left alone unless somebody
    marked it.
    """
    if ctx.dry is not None:
        return
    linked = ctx.stores.ledger.link_ids(sobject, [r.id for r in records])
    open_ = {subject_of(sobject, r.id): r for r in records if r.id not in linked}
    marked = ctx.setup.outbound.for_object(sobject).kind is SelectionKind.MARKED
    concerned = ctx.stores.issues.concerned(open_)
    for subject in (s for s in open_ if s in concerned):
        issue = next(iter(ctx.stores.issues.open_for(subject)), None)
        if issue is None or (issue.code in _SKIPPED and not marked):
            continue
        row = failed_row(ctx, open_[subject], Problem(issue.code, subject, dict(issue.values)))
        if row is not None:
            status.add(row)


async def link_known(
    ctx: SyncContext, sobject: SObject, pairs: Sequence[tuple[SalesforceRecord, str]]
) -> list[Link]:
    """Store links to contacts that exist, then tag them; their values follow with the first-link rule."""
    links: list[Link] = []
    tags: list[Intent] = []
    for record, ac_id in pairs:
        ctx.tally.linked += 1
        if ctx.dry is not None:
            ctx.dry.append(_planned_link(record, ac_id))
            links.append(Link(sobject, record.id, ac_id, record.email or "", primary=True))
            continue
        with ctx.stores.db.transaction():
            link, intent = add_link(ctx, record, ac_id, account=account_name_of(ctx, record))
        links.append(link)
        tags.append(intent)
    await carry_out_tags(ctx, tags, _same_address(ctx, links))
    return links


def _same_address(ctx: SyncContext, links: Sequence[Link]) -> dict[str, str]:
    """Return the addresses that both sides share: by any other one an import would make a second contact."""
    known = ctx.stores.index.by_ids(link.ac_id for link in links)
    held = {ac_id: normalize_email(contact.email) for ac_id, contact in known.items()}
    return {link.ac_id: link.email for link in links if held.get(link.ac_id) == link.email}


def _planned_link(record: SalesforceRecord, ac_id: str) -> PlannedChange:
    return PlannedChange(
        Service.ACTIVECAMPAIGN,
        HistoryAction.LINK,
        subject_of(record.sobject, record.id),
        record.name,
        sobject=record.sobject,
        sf_id=record.id,
        ac_id=ac_id,
    )


async def _create(
    ctx: SyncContext, sobject: SObject, people: Sequence[Newcomer], status: StatusQueue
) -> list[Link]:
    """Create contacts; returns the links of those that turned out to exist, to be compared afterwards."""
    if not people:
        return []
    if ctx.dry is not None:
        ctx.tally.created_ac += len(people)
        for person in people:
            ctx.dry.extend(planned_create(ctx, person.record, person.values))
        return []
    if len(people) < ctx.bulk_from:
        return [link for person in people for link in await _create_one(ctx, sobject, person, status)]
    # The canary: five people are written, read back and compared before the rest (rule 5.1).
    first_time = not ctx.stores.ledger.any_links()
    if first_time:
        links = await _create_bulk(ctx, sobject, people[:CANARY], status)
        _compare(ctx, people[:CANARY])
        return links + await _create_bulk(ctx, sobject, people[CANARY:], status)
    return await _create_bulk(ctx, sobject, people, status)


async def create_one(ctx: SyncContext, sobject: SObject, record: SalesforceRecord) -> None:
    """Create the contact of one record on a person's word, also when other records share its address."""
    status = StatusQueue()
    await _create_one(ctx, sobject, newcomer(ctx, sobject, record), status)
    await status.flush(ctx)


def _compare(ctx: SyncContext, people: Sequence[Newcomer]) -> None:
    """Stop before the rest when the first people do not hold what was sent; raises CANARY_DIFFERS."""
    for person in people:
        if person.contact is None:
            continue
        record, sent = person.record, sent_values(ctx, person)
        shown = shown_base(ctx, record.sobject, sent, person.contact)
        lost = next((f for f in ctx.schema.of(record.sobject).fields if f.key in sent and f.key not in shown), None)
        if lost is not None:
            found = person.contact.values.get(lost.ac.key) or ""
            values = {"name": record.name, "field": lost.label, "sent": sent[lost.key] or "", "found": found}
            problem = Problem(ProblemCode.CANARY_DIFFERS, subject_of(record.sobject, record.id), values)
            refused(ctx, record, problem, field=lost.label)
            raise ProblemError(problem)


async def _create_one(
    ctx: SyncContext, sobject: SObject, person: Newcomer, status: StatusQueue
) -> list[Link]:
    """Create one contact by e-mail, store the link, then tag it and join its account.

    Looks once more whether somebody has the address by now, because the call would overwrite that person's values.
    """
    ctx.check_cancelled()
    email = str(person.record.fields.get("Email") or "").strip()
    present = await ctx.activecampaign.contact_by_email(email)
    if present is not None:
        with ctx.stores.db.transaction():
            store_page(ctx, [present])
        return await link_known(ctx, sobject, (await sort_records(ctx, sobject, [person.record])).link)
    intent = open_intent(ctx, IntentKind.CREATE_CONTACT, [person])
    try:
        made = await ctx.activecampaign.sync_contact(ContactWrite(email, person.values))
    except ProblemError as error:
        if error.problem.reaction is Reaction.STOP or error.problem.ambiguous:
            raise
        ctx.stores.intents.close(intent.id, IntentState.DONE)
        refused(ctx, person.record, error.problem)
        return []
    # The answer may leave out custom values although they were stored.
    person.contact = replace(made, values={**person.values, **made.values})
    lists = lists_to_join(ctx, person.record)
    await carry_out_tag(ctx, _store(ctx, person, intent, status, lists=lists))
    return []


def _store(
    ctx: SyncContext,
    person: Newcomer,
    intent: Intent | None,
    status: StatusQueue,
    *,
    lists: tuple[str, ...] = (),
) -> Intent:
    """Store link, base, history and the tag intent of a new contact in one transaction."""
    record, contact = person.record, person.contact
    if contact is None:
        raise ValueError("the contact is not known yet")
    with ctx.stores.db.transaction():
        ctx.stores.index.put([indexed(contact)])
        shown = shown_base(ctx, record.sobject, sent_values(ctx, person), contact)
        base = {**unsent_base(ctx, person, contact), **shown}
        # A contact that was just created is on no list, so there is nothing to unsubscribe from.
        base[OPT_OUT_KEY] = Base("true" if opted_out(record) else "false", "false")
        link, tag = add_link(ctx, record, contact.id, base=base, account=person.account, lists=lists)
        if set(sent_values(ctx, person)) <= set(base):
            # Everything arrived, so the pair is worked through and does not wait for another run.
            ctx.stores.ledger.save_link(replace(link, ac_stamp=contact.updated, sf_stamp=record.stamp))
        ctx.tally.created_ac += 1
        ctx.note(creation_items(ctx, person))
        ctx.stores.issues.clear(subject_of(record.sobject, record.id))
        for trouble in person.problems:
            refused(ctx, record, trouble.problem, field=trouble.field.label)
        if intent is not None:
            ctx.stores.intents.close(intent.id, IntentState.DONE)
    fields = differing(status_fields(ctx, record.sobject, contact.id, related=bool(person.account)), record)
    if fields:
        status.add(StatusRow(record.sobject, record.id, record.stamp, fields, record.name))
    return tag


@dataclass(slots=True)
class _Batch:
    """One import request that was queued."""

    receipt: ImportReceipt
    intent: Intent
    members: list[Newcomer]
    failed: frozenset[str] = frozenset()

    @property
    def missing(self) -> list[Newcomer]:
        """Return who has neither shown up nor been reported."""
        return [p for p in self.members if p.contact is None and p.email not in self.failed]


async def _create_bulk(
    ctx: SyncContext, sobject: SObject, people: Sequence[Newcomer], status: StatusQueue
) -> list[Link]:
    """Create contacts by bulk import; returns the links of those who turned out to exist.

    Ids come from one listing for the whole group; only who is missing there is asked about (rule 5.1).
    """
    highest, present = await _appeared(ctx, people)
    links = await link_known(ctx, sobject, (await sort_records(ctx, sobject, present)).link) if present else []
    known = {r.id for r in present}
    batches = await _queue(ctx, [p for p in people if p.record.id not in known])
    if batches:
        await imports_settled(ctx)
        await _find(ctx, batches, highest)
    for batch in batches:
        _settle_batch(ctx, batch, status)
    return links


async def _appeared(ctx: SyncContext, people: Sequence[Newcomer]) -> tuple[str | None, list[SalesforceRecord]]:
    """Look once more who came since the listings were read: an import would overwrite their values (rule 2.3).

    Returns the highest contact id there is now, and the records whose person exists.
    """
    async for page in ctx.activecampaign.contacts(after_id=ctx.stores.index.max_id()):
        with ctx.stores.db.transaction():
            store_page(ctx, page)
    present = ctx.stores.index.by_emails([p.email for p in people])
    return ctx.stores.index.max_id(), [p.record for p in people if p.email in present]


async def _queue(ctx: SyncContext, people: Sequence[Newcomer]) -> list[_Batch]:
    """Queue the imports of a group at once, each behind its intent; a refused one gives its people an issue."""
    by_email = {p.email: p for p in people}
    exclude = not ctx.setup.defaults.run_automations
    ctx.check_cancelled()
    waiting: list[tuple[list[ImportRow], Intent, list[Newcomer]]] = []
    for chunk in import_chunks([import_row(ctx, p) for p in people], exclude_automations=exclude):
        members = [by_email[normalize_email(r.email) or ""] for r in chunk]
        waiting.append((chunk, open_intent(ctx, IntentKind.IMPORT, members), members))
    requests = (queue_import(ctx, chunk, exclude_automations=exclude) for chunk, _, _ in waiting)
    answers = await asyncio.gather(*requests, return_exceptions=True)
    batches = []
    for (_, intent, members), answer in zip(waiting, answers, strict=True):
        if isinstance(answer, ImportReceipt):
            batches.append(_Batch(answer, intent, members))
        elif isinstance(answer, ProblemError) and _refusal(answer.problem):
            ctx.stores.intents.close(intent.id, IntentState.DONE)
            for person in members:
                refused(ctx, person.record, answer.problem)
        else:
            raise answer
    return batches


def _refusal(problem: Problem) -> bool:
    """Tell whether a request certainly did nothing and is not worth stopping for."""
    return problem.reaction is Reaction.ISSUE and not problem.ambiguous


async def _find(ctx: SyncContext, batches: Sequence[_Batch], highest: str | None) -> None:
    """Find the new contacts by listing; for batches with people missing ask how they ended and look again."""
    await _list_new(ctx, [p for b in batches for p in b.members], highest)
    for batch in batches:
        if batch.missing:
            batch.failed = frozenset(await finished_import(ctx, batch.receipt.batch_id))
    late = [p for b in batches for p in b.missing]
    await _list_new(ctx, late, highest)
    # An address that existed already under a lower id is found by asking for it. Many at once are only slow to show:
    # the next run finds them among what changed, without a call for each.
    absent = [p for p in late if p.contact is None]
    for person in absent if len(absent) <= ONE_BY_ONE else ():
        ctx.check_cancelled()
        person.contact = await ctx.activecampaign.contact_by_email(person.email)


async def _list_new(ctx: SyncContext, people: Sequence[Newcomer], highest: str | None) -> None:
    """Give people their contacts by listing what came after the highest id known, 100 a page, some at a time."""
    wanted = {p.email: p for p in people}
    last = highest or "0"
    while wanted:
        ctx.check_cancelled()
        read = ctx.activecampaign.contacts_page
        expected = min(WINDOW, -(-len(wanted) // READ_CHUNK))
        pages = await together(read(after_id=last, offset=READ_CHUNK * i) for i in range(expected))
        for contact in (c for page in pages for c in page):
            person = wanted.pop(normalize_email(contact.email) or "", None)
            if person is not None:
                person.contact = contact
        if len(pages[-1]) < READ_CHUNK:
            return
        last = pages[-1][-1].id


def _settle_batch(ctx: SyncContext, batch: _Batch, status: StatusQueue) -> None:
    """Store what came of one import, all of it or nothing: after a crash the intent tells what to look for."""
    with ctx.stores.db.transaction():
        for person in batch.members:
            if person.contact is not None:
                _store(ctx, person, None, status)
                continue
            # Excluded addresses are left out of the queue without a word (activecampaign_api 3). Who was queued
            # and is neither there nor reported may only be slow to show: looked for again after a while.
            refusal = person.email in batch.failed or batch.receipt.queued < len(batch.members)
            code = ProblemCode.AC_IMPORT_FAILED if refusal else ProblemCode.AC_DOWN
            refused(ctx, person.record, Problem(code, person.email, service=Service.ACTIVECAMPAIGN))
        _tags_done(ctx, batch.members, batch.intent)


def _tags_done(ctx: SyncContext, members: Sequence[Newcomer], intent: Intent) -> None:
    """The import tagged its people in the same call, so their tag intents are done with it."""
    ids = {p.contact.id for p in members if p.contact is not None}
    with ctx.stores.db.transaction():
        for pending in ctx.stores.intents.pending():
            if pending.kind is IntentKind.TAG and pending.key in ids and pending.run_id == ctx.run_id:
                ctx.stores.intents.close(pending.id, IntentState.DONE)
                note_account(ctx, pending)
        ctx.stores.intents.close(intent.id, IntentState.DONE)
