"""Sorts selected, unlinked records: who is linked to whom, who is new, who needs a person (rule 2)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from acassist.domain.email import valid_email
from acassist.domain.ids import Service, SObject
from acassist.domain.ledger import HistoryAction, IndexedContact, LinkState, PlannedChange
from acassist.domain.problem import Problem, ProblemCode
from acassist.domain.record import SalesforceRecord
from acassist.sync.contact_writes import fresh_contacts
from acassist.sync.context import SyncContext, subject_of
from acassist.sync.lifecycle import contact_gone
from acassist.sync.observe import live_by_email, store_page
from acassist.sync.told_ids import contacts_told


@dataclass(slots=True)
class Sorted:
    """Selected records by what is to be done: create a contact, or link to a known one (record, contact id)."""

    create: list[SalesforceRecord] = field(default_factory=list)
    link: list[tuple[SalesforceRecord, str]] = field(default_factory=list)


def _problem(ctx: SyncContext, record: SalesforceRecord, problem: Problem) -> None:
    ctx.tally.skipped += 1
    ctx.raise_issue(
        problem,
        subject=subject_of(record.sobject, record.id),
        version=ctx.version(record),
        name=record.name,
        sobject=record.sobject,
        sf_id=record.id,
    )


def _sendable(ctx: SyncContext, record: SalesforceRecord) -> bool:
    """Check what a record needs before it may be sent: an address (rule 1.1), and no failure of this version."""
    subject = subject_of(record.sobject, record.id)
    version = ctx.version(record)
    if ctx.dry is None and not ctx.stores.issues.may_try(subject, version, ctx.clock.now()):
        return False
    if record.email is None:
        _problem(ctx, record, Problem(ProblemCode.NO_EMAIL, subject))
        return False
    if not valid_email(record.email):
        _problem(ctx, record, Problem(ProblemCode.INVALID_EMAIL, subject))
        return False
    return True


async def sort_records(ctx: SyncContext, sobject: SObject, records: Sequence[SalesforceRecord]) -> Sorted:
    """Sort one chunk of selected records (at most a few hundred)."""
    known = ctx.stores.ledger.links_by_sf(sobject, [r.id for r in records])
    fresh = [r for r in records if r.id not in known and not r.converted and _sendable(ctx, r)]
    by_email: dict[str, list[SalesforceRecord]] = {}
    for record in fresh:
        by_email.setdefault(record.email or "", []).append(record)
    if not by_email:
        return Sorted()
    live = await live_by_email(ctx, sobject, by_email)
    linked = ctx.stores.ledger.links_by_email(by_email)
    contacts = await _known_contacts(ctx, by_email)
    told = await contacts_told(ctx, sobject, [r for r in fresh if not contacts.get(r.email or "")])
    result = Sorted()
    for email, group in by_email.items():
        rivals = {r.id for r in live.get(email, [])} | {r.id for r in group}
        rivals |= {x.sf_id for x in linked.get(email, []) if x.sobject is sobject and x.state is not LinkState.BROKEN}
        if len(rivals) > 1:
            for record in group:
                _problem(ctx, record, _duplicate(record, len(rivals)))
            continue
        found = [c for c in contacts.get(email, []) if not c.deleted]
        ids = [c.ac_id for c in found] or [told[r.id] for r in group if r.id in told]
        _place(ctx, group[0], ids, result)
    return result


async def sort_again(ctx: SyncContext, records: Sequence[SalesforceRecord]) -> Sorted:
    """Sort records that were to be created once more by who is in ActiveCampaign now, as far as it was listed."""
    contacts = await _known_contacts(ctx, [r.email or "" for r in records])
    result = Sorted()
    for record in records:
        _place(ctx, record, [c.ac_id for c in contacts.get(record.email or "", []) if not c.deleted], result)
    return result


async def _known_contacts(ctx: SyncContext, emails: Collection[str]) -> dict[str, list[IndexedContact]]:
    """Return the contacts that hold these addresses now: deltas do not show who was deleted (rule 2.3)."""
    found = ctx.stores.index.by_emails(emails)
    ids = [c.ac_id for group in found.values() for c in group]
    if not ids:
        return {}
    fresh = await fresh_contacts(ctx, ids)
    with ctx.stores.db.transaction():
        store_page(ctx, list(fresh.values()))
        for gone in set(ids) - set(fresh):
            ctx.stores.index.remove([gone])
            for link in ctx.stores.ledger.links_by_ac([gone]).get(gone, []):
                contact_gone(ctx, link)
    return ctx.stores.index.by_emails(emails)


def _duplicate(record: SalesforceRecord, count: int) -> Problem:
    values = {"count": count, "object": record.sobject.value, "email": record.email}
    return Problem(ProblemCode.DUPLICATE, subject_of(record.sobject, record.id), values)


def _place(ctx: SyncContext, record: SalesforceRecord, contacts: Sequence[str], result: Sorted) -> None:
    if not contacts:
        result.create.append(record)
        return
    taken = ctx.stores.ledger.links_by_ac([contacts[0]]).get(contacts[0], [])
    if any(link.sobject is record.sobject and link.state is not LinkState.BROKEN for link in taken):
        # Its contact belongs to another record of the same object whose address differs: a person decides.
        _problem(ctx, record, _duplicate(record, 2))
        return
    result.link.append((record, contacts[0]))


def planned_create(ctx: SyncContext, record: SalesforceRecord, values: dict[str, str]) -> list[PlannedChange]:
    """Return the lines that a new contact adds to a dry run."""
    label_of = ctx.schema.of(record.sobject).label_of
    common = {
        "subject": subject_of(record.sobject, record.id),
        "name": record.name,
        "sobject": record.sobject,
        "sf_id": record.id,
    }
    shown = {"email": record.email or "", **values}
    return [
        PlannedChange(Service.ACTIVECAMPAIGN, HistoryAction.CREATE, field=label_of(key), after=value, **common)  # type: ignore[arg-type]
        for key, value in shown.items()
    ]
