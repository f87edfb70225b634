"""The canary: five people are written, read back and compared before the rest (rule 5.1)."""

from __future__ import annotations

from collections.abc import Iterator

from acassist.domain.ids import SObject
from acassist.domain.ledger import Link
from acassist.domain.problem import Problem, ProblemCode, ProblemError
from acassist.domain.record import ActiveCampaignContact, SalesforceRecord
from acassist.domain.tags import CREATED_FROM
from acassist.domain.values import ValueProblem
from acassist.sync.backfill.book import Book
from acassist.sync.backfill.flow import Flow, one
from acassist.sync.backfill.source import Chunk, chunks
from acassist.sync.contact_writes import fresh_contacts
from acassist.sync.context import SyncContext, subject_of
from acassist.sync.match import Sorted
from acassist.sync.plan import creation_values
from acassist.sync.schema import MappedField

CANARY = 5


async def try_five(ctx: SyncContext, book: Book) -> bool:
    """Send the first five people and compare what arrived; False when nobody is to be sent at all.

    Raises CANARY_DIFFERS, with an issue for each record, when something did not arrive as it was sent.
    """
    counted = ctx.tally.skipped
    chunk = await _first(ctx, book)
    # The same records are read and counted once more by the flow.
    ctx.tally.skipped = counted
    if chunk is None:
        return False
    await Flow(ctx, book, moves_cursor=False).run(one(chunk))
    await _compare(ctx, book.request.sobject, chunk)
    return True


async def _first(ctx: SyncContext, book: Book) -> Chunk | None:
    """Return five records of the first chunk that has somebody to send: new people before known ones."""
    async for chunk in chunks(ctx, book):
        ctx.check_cancelled()
        new = chunk.sorted.create[:CANARY]
        known = [] if new else chunk.sorted.link[:CANARY]
        if new or known:
            records = {r.id: r for r in [*new, *(record for record, _ in known)]}
            return Chunk(records, Sorted(create=new, link=known))
    return None


async def _compare(ctx: SyncContext, sobject: SObject, chunk: Chunk) -> None:
    links = ctx.stores.ledger.links_by_sf(sobject, chunk.records)
    contacts = await fresh_contacts(ctx, [link.ac_id for link in links.values()])
    created = {record.id for record in chunk.sorted.create}
    differences: list[Problem] = []
    for link in links.values():
        record, contact = chunk.records[link.sf_id], contacts.get(link.ac_id)
        found = list(await _differences(ctx, record, contact, new=link.sf_id in created))
        differences += [_raise(ctx, record, link, what) for what in found]
    if differences:
        raise ProblemError(differences[0])


def _raise(ctx: SyncContext, record: SalesforceRecord, link: Link, what: tuple[str, str | None, str | None]) -> Problem:
    """Raise the issue of one difference and return it as the problem that stops the backfill."""
    field, sent, found = what
    subject = subject_of(record.sobject, record.id)
    values = {"name": record.name or subject, "field": field, "sent": sent or "", "found": found or ""}
    problem = Problem(ProblemCode.CANARY_DIFFERS, subject, values)
    ctx.raise_issue(
        problem,
        subject=subject,
        version=ctx.version(record),
        field=field,
        name=record.name,
        sobject=record.sobject,
        sf_id=record.id,
        ac_id=link.ac_id,
    )
    return problem


async def _differences(
    ctx: SyncContext, record: SalesforceRecord, contact: ActiveCampaignContact | None, *, new: bool
) -> list[tuple[str, str | None, str | None]]:
    """Return (field, sent, found) of what did not arrive; of a known person only blanks were filled."""
    if contact is None:
        return [("ActiveCampaign ID", record.email, None)]
    fields = ctx.schema.of(record.sobject).fields
    values, _ = creation_values(fields, record)
    found = [d for f in fields if f.ac.key in values for d in _differing(f, values[f.ac.key], contact, new=new)]
    tag = CREATED_FROM[record.sobject]
    if ctx.tag_ids.get(tag.casefold()) not in await ctx.activecampaign.contact_tags(contact.id):
        found.append(("tag", tag, None))
    return found


def _differing(
    field: MappedField, sent: str, contact: ActiveCampaignContact, *, new: bool
) -> Iterator[tuple[str, str | None, str | None]]:
    raw = contact.values.get(field.ac.key)
    try:
        wanted, now = field.codec.from_activecampaign(sent), field.codec.from_activecampaign(raw)
        same = field.codec.equal(wanted, now)
    except ValueProblem:
        same = False
    if not same and (new or not (raw or "").strip()):
        yield field.label, sent, raw
