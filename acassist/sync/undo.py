"""Takes back what one run wrote: a plan made from history that restores only what has not changed since (rule 6.5)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from acassist.domain.ids import PEOPLE, Service, SObject
from acassist.domain.ledger import HistoryAction, HistoryItem, Link
from acassist.domain.merge import Base
from acassist.domain.record import ActiveCampaignContact, SalesforceRecord
from acassist.domain.text import N_, Message
from acassist.domain.values import ValueProblem
from acassist.sync.contact_writes import ContactUpdate, fresh_contacts, write_contacts
from acassist.sync.context import SyncContext, subject_of
from acassist.sync.observe import fetch_records, store_page
from acassist.sync.one_value import EDITED
from acassist.sync.record_writes import update_records
from acassist.sync.schema import MappedField
from acassist.sync.twins import spare_others

UNDONE = "undo"
_CHANGED = N_("It was changed again since.")
_CREATED = N_("A record that was created is never deleted.")
_NOT_A_VALUE = N_("Links, tags and status texts stay as they are.")
_GONE = N_("The record or the mapping is gone.")
_REFUSED = N_("It was refused: {reason}")


@dataclass(frozen=True, slots=True)
class Left:
    """Something that undo did not take back, and why."""

    item: HistoryItem
    reason: Message


@dataclass(slots=True)
class UndoReport:
    """What was restored, and what was left."""

    restored: list[HistoryItem] = field(default_factory=list)
    left: list[Left] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Step:
    item: HistoryItem
    link: Link
    mapped: MappedField
    written: Any


async def undo_run(ctx: SyncContext, items: Sequence[HistoryItem]) -> UndoReport:
    """Restore the values that a run replaced, newest change first; one value is restored at most once."""
    report = UndoReport()
    for sobject in PEOPLE:
        mine = [i for i in items if i.sobject is sobject and i.action is HistoryAction.UPDATE]
        steps = await _plan(ctx, sobject, mine, report)
        await _restore_salesforce(ctx, sobject, [s for s in steps if s.item.target is Service.SALESFORCE], report)
        await _restore_activecampaign(ctx, [s for s in steps if s.item.target is Service.ACTIVECAMPAIGN], report)
    for item in items:
        if item.action is not HistoryAction.UPDATE:
            reason = _CREATED if item.action is HistoryAction.CREATE else _NOT_A_VALUE
            report.left.append(Left(item, Message(reason)))
    return report


async def _plan(
    ctx: SyncContext, sobject: SObject, items: Sequence[HistoryItem], report: UndoReport
) -> list[_Step]:
    links = {i.link_id: ctx.stores.ledger.link(i.link_id) for i in items if i.link_id is not None}
    present = [link for link in links.values() if link is not None]
    records = await fetch_records(ctx, sobject, [link.sf_id for link in present]) if present else {}
    contacts = await fresh_contacts(ctx, [link.ac_id for link in present])
    with ctx.stores.db.transaction():
        store_page(ctx, list(contacts.values()))
    steps = []
    for item in items:
        link = links.get(item.link_id or 0)
        mapped = ctx.schema.of(sobject).by_key().get(item.key)
        record = records.get(link.sf_id) if link else None
        contact = contacts.get(link.ac_id) if link else None
        if link is None or mapped is None or record is None or contact is None or record.deleted:
            report.left.append(Left(item, Message(_GONE)))
        elif not _unchanged(item, mapped, record, contact):
            report.left.append(Left(item, Message(_CHANGED)))
        else:
            steps.append(_Step(item, link, mapped, _written(item, mapped)))
    return steps


def _unchanged(
    item: HistoryItem, mapped: MappedField, record: SalesforceRecord, contact: ActiveCampaignContact
) -> bool:
    try:
        if item.target is Service.SALESFORCE:
            now = mapped.codec.from_salesforce(record.fields.get(mapped.sf.name))
        else:
            now = mapped.codec.from_activecampaign(contact.values.get(mapped.ac.key))
    except ValueProblem:
        return False
    return mapped.codec.equal(now, item.after)


def _written(item: HistoryItem, mapped: MappedField) -> Any:
    if item.target is Service.SALESFORCE:
        return mapped.codec.to_salesforce(item.before)
    try:
        return mapped.codec.to_activecampaign(item.before)
    except ValueProblem:
        # A person corrected a text that could not be understood: it comes back as it stood.
        return item.before


async def _restore_salesforce(
    ctx: SyncContext, sobject: SObject, steps: Sequence[_Step], report: UndoReport
) -> None:
    by_record: dict[str, list[_Step]] = {}
    for step in steps:
        by_record.setdefault(step.link.sf_id, []).append(step)
    rows = [(sf_id, {s.mapped.sf.name: s.written for s in mine}) for sf_id, mine in by_record.items()]
    outcome = await update_records(ctx, sobject, rows) if rows else {}
    for sf_id, mine in by_record.items():
        problem = outcome[sf_id]
        if problem is None:
            _record(ctx, mine, report)
        else:
            reason = Message(_REFUSED, {"reason": problem.sentence})
            report.left += [Left(s.item, reason) for s in mine]


async def _restore_activecampaign(ctx: SyncContext, steps: Sequence[_Step], report: UndoReport) -> None:
    by_contact: dict[str, list[_Step]] = {}
    for step in steps:
        by_contact.setdefault(step.link.ac_id, []).append(step)
    contacts = ctx.stores.index.by_ids(by_contact)
    updates = [
        ContactUpdate(ac_id, contacts[ac_id].email, {s.mapped.ac.key: s.written for s in mine})
        for ac_id, mine in by_contact.items()
    ]
    written = await write_contacts(ctx, updates)
    for ac_id, mine in by_contact.items():
        problem = written.problems.get(ac_id)
        if problem is None:
            _record(ctx, mine, report)
        else:
            reason = Message(_REFUSED, {"reason": problem.sentence})
            report.left += [Left(s.item, reason) for s in mine]


def _record(ctx: SyncContext, steps: Sequence[_Step], report: UndoReport) -> None:
    """Keep each side's present value as the base, so that the next run does not sync the undone value again."""
    with ctx.stores.db.transaction():
        for step in steps:
            item, link = step.item, ctx.stores.ledger.link(step.link.id)
            if link is None:
                continue
            base = {**link.base, step.mapped.key: _kept_base(item, link.base.get(step.mapped.key))}
            # What a person had corrected is wrong again: the next run looks at the pair and says so.
            stamp = None if item.rule == EDITED else link.ac_stamp
            ctx.stores.ledger.save_link(replace(link, base=base, ac_stamp=stamp))
            if item.target is Service.ACTIVECAMPAIGN:
                spare_others(ctx, link, {step.mapped.ac.key: str(step.written)})
            undone = ctx.item(
                item.target,
                HistoryAction.UPDATE,
                subject_of(link.sobject, link.sf_id),
                name=item.name,
                link_id=link.id,
                sobject=link.sobject,
                sf_id=link.sf_id,
                ac_id=link.ac_id,
                field=item.field,
                before=item.after,
                after=item.before,
                rule=UNDONE,
                key=item.key,
            )
            ctx.note([undone])
            report.restored.append(item)


def _kept_base(item: HistoryItem, known: Base | None) -> Base:
    """Return the base after a value was taken back on one side; the other side's stays what both agreed on.

    It need not be the value that the run wrote: that run may have been taken back before, or only one way allowed.
    """
    if item.target is Service.SALESFORCE:
        return Base(item.before, known.activecampaign if known else item.after)
    return Base(known.salesforce if known else item.after, item.before)
