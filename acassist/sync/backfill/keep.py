"""Stores what an import made: links, index, history and issues of one batch in one transaction."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from acassist.domain.ids import Service, SObject
from acassist.domain.ledger import HistoryAction, HistoryItem, IntentState, Link, LinkState
from acassist.domain.merge import Base
from acassist.domain.problem import Problem, ProblemCode
from acassist.domain.record import SalesforceRecord
from acassist.domain.tags import CREATED_FROM
from acassist.sync.backfill.arrivals import Batch
from acassist.sync.context import SyncContext, subject_of
from acassist.sync.newcomers import (
    Newcomer,
    creation_items,
    opted_out,
    refused,
    sent_values,
    shown_base,
    unsent_base,
)
from acassist.sync.observe import indexed
from acassist.sync.opt_out import BASE_KEY as OPT_OUT_KEY
from acassist.sync.record_writes import StatusRow, differing, status_fields
from acassist.sync.tagging import JOINED, tag_item
from acassist.sync.twins import primary_for

Taken = Mapping[str, Sequence[Link]]
"""Links that contacts have already, by contact id."""


@dataclass(slots=True)
class Made:
    """A person found in ActiveCampaign, with the link to store."""

    person: Newcomer
    link: Link


def keep_batch(ctx: SyncContext, sobject: SObject, batch: Batch) -> list[Made]:
    """Store everybody of a batch and close its intent; call it inside a transaction. Returns who was linked."""
    found = [p for p in batch.members if p.contact is not None]
    taken = ctx.stores.ledger.links_by_ac(p.contact.id for p in found if p.contact is not None)
    made = [Made(p, _link(ctx, sobject, p, taken)) for p in _free(ctx, sobject, found, taken)]
    ctx.stores.index.put(indexed(p.contact) for p in found if p.contact is not None)
    ctx.stores.ledger.add_links(m.link for m in made)
    ids = ctx.stores.ledger.link_ids(sobject, [m.link.sf_id for m in made])
    ctx.note(item for m in made for item in _items(ctx, m, ids[m.link.sf_id]))
    ctx.tally.created_ac += len(made)
    for subject in ctx.stores.issues.concerned(subject_of(sobject, m.link.sf_id) for m in made):
        ctx.stores.issues.clear(subject)
    for m in made:
        for trouble in m.person.problems:
            refused(ctx, m.person.record, trouble.problem, field=trouble.field.label)
    _refuse_missing(ctx, batch)
    ctx.stores.intents.close(batch.intent.id, IntentState.DONE)
    return made


def _free(ctx: SyncContext, sobject: SObject, people: Sequence[Newcomer], taken: Taken) -> list[Newcomer]:
    """Leave out contacts that a record of the same object has already: a person decides (rule 2.2)."""
    if not taken:
        return list(people)
    rivals = {
        ac_id
        for ac_id, links in taken.items()
        if any(link.sobject is sobject and link.state is not LinkState.BROKEN for link in links)
    }
    free: list[Newcomer] = []
    for person in people:
        if person.contact is not None and person.contact.id in rivals:
            values = {"count": 2, "object": sobject.value, "email": person.email}
            subject = subject_of(sobject, person.record.id)
            refused(ctx, person.record, Problem(ProblemCode.DUPLICATE, subject, values))
        else:
            free.append(person)
    return free


def _link(ctx: SyncContext, sobject: SObject, person: Newcomer, taken: Taken) -> Link:
    record, contact = person.record, person.contact
    if contact is None:
        raise ValueError("the contact is not known yet")
    sent = sent_values(ctx, person)
    base = {**unsent_base(ctx, person, contact), **shown_base(ctx, sobject, sent, contact)}
    complete = set(sent) <= set(base)
    # A contact that was just created is on no list, so there is nothing to unsubscribe from.
    base[OPT_OUT_KEY] = Base("true" if opted_out(record) else "false", "false")
    if person.account:
        base[JOINED] = Base(person.account, person.account)
    return Link(
        sobject,
        record.id,
        contact.id,
        record.email or "",
        primary=contact.id not in taken or primary_for(ctx, sobject, contact.id),
        base=base,
        sf_stamp=record.stamp,
        # Without a stamp of the contact the next run compares the pair.
        ac_stamp=contact.updated if complete else None,
        fingerprint=ctx.setup.mapping.fingerprint(sobject),
        synced_at=ctx.clock.now(),
    )


def _items(ctx: SyncContext, made: Made, link_id: int) -> Iterator[HistoryItem]:
    link, name = made.link, made.person.record.name
    yield ctx.item(
        Service.ACTIVECAMPAIGN,
        HistoryAction.LINK,
        subject_of(link.sobject, link.sf_id),
        name=name,
        link_id=link_id,
        sobject=link.sobject,
        sf_id=link.sf_id,
        ac_id=link.ac_id,
    )
    yield from creation_items(ctx, made.person)
    yield tag_item(ctx, link.ac_id, CREATED_FROM[link.sobject])


def _refuse_missing(ctx: SyncContext, batch: Batch) -> None:
    """Raise an issue for who is not there: excluded addresses are left out of the queue without a word (section 3)."""
    for person in batch.members:
        if person.contact is None:
            refusal = person.email in batch.failed or batch.receipt.queued < len(batch.members)
            code = ProblemCode.AC_IMPORT_FAILED if refusal else ProblemCode.AC_DOWN
            refused(ctx, person.record, Problem(code, person.email, service=Service.ACTIVECAMPAIGN))


def status_rows(ctx: SyncContext, made: Iterable[Made]) -> Iterator[StatusRow]:
    """Yield what still has to be told to Salesforce about new people."""
    for m in made:
        record = m.person.record
        fields = status_fields(ctx, record.sobject, m.link.ac_id, related=bool(m.person.account))
        if due := differing(fields, record):
            yield StatusRow(record.sobject, record.id, record.stamp, due, record.name)


def late_status_rows(
    ctx: SyncContext, links: Sequence[Link], records: Mapping[str, SalesforceRecord]
) -> Iterator[StatusRow]:
    """Yield the statuses that an interrupted backfill did not come to write; an open issue keeps its own text."""
    subjects = {subject_of(link.sobject, link.sf_id): link for link in links}
    troubled = ctx.stores.issues.concerned(subjects)
    for subject, link in subjects.items():
        record = records[link.sf_id]
        if subject in troubled:
            continue
        fields = status_fields(ctx, record.sobject, link.ac_id, related=JOINED in link.base)
        if due := differing(fields, record):
            yield StatusRow(record.sobject, record.id, record.stamp, due, record.name)
