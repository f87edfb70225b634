"""Recomputes from fresh reads whether linked pairs are equal (rule I15); writes nothing."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field

from acassist.domain.ids import PEOPLE
from acassist.domain.ledger import Link, LinkState
from acassist.domain.values import ValueProblem
from acassist.sync.contact_writes import fresh_contacts
from acassist.sync.context import SyncContext, subject_of
from acassist.sync.observe import fetch_records
from acassist.sync.plan import Pair
from acassist.sync.tagging import tagged_contacts

CHUNK = 200


@dataclass(frozen=True, slots=True)
class Difference:
    """One field on which a linked pair differs now; `kept` when both values were kept on purpose."""

    subject: str
    name: str
    field: str
    salesforce: str | None
    activecampaign: str | None
    kept: bool


@dataclass(slots=True)
class VerifyReport:
    """How many pairs were compared, and what was found."""

    checked: int = 0
    equal: int = 0
    missing: list[str] = field(default_factory=list)
    differences: list[Difference] = field(default_factory=list)
    untagged: list[Link] = field(default_factory=list)
    """Links whose contact holds no sync tag any more, when tags were asked for (rule 1.4)."""


async def verify(ctx: SyncContext, *, limit: int | None = None) -> VerifyReport:
    """Compare all active pairs, or the first `limit` of each object, on values read now."""
    reports = [report async for report in verify_pages(ctx, limit=limit)]
    return reports[-1] if reports else VerifyReport()


async def verify_pages(
    ctx: SyncContext, *, limit: int | None = None, chunk: int = CHUNK, tags: bool = False
) -> AsyncIterator[VerifyReport]:
    """Compare like `verify` and yield the growing report after each chunk; `tags` looks for sync tags too."""
    report = VerifyReport()
    for sobject in PEOPLE:
        after, left = 0, limit
        while left is None or left > 0:
            size = chunk if left is None else min(chunk, left)
            page = ctx.stores.ledger.iter_links(
                sobject=sobject, state=LinkState.ACTIVE, after_id=after, limit=size
            )
            if not page:
                break
            await _compare(ctx, page, report)
            if tags:
                held = await tagged_contacts(ctx, {link.ac_id for link in page})
                report.untagged += [link for link in page if link.ac_id not in held]
            yield report
            after = page[-1].id
            left = None if left is None else left - len(page)


async def _compare(ctx: SyncContext, links: list[Link], report: VerifyReport) -> None:
    ctx.check_cancelled()
    records = await fetch_records(ctx, links[0].sobject, [link.sf_id for link in links])
    contacts = await fresh_contacts(ctx, [link.ac_id for link in links])
    for link in links:
        record, contact = records.get(link.sf_id), contacts.get(link.ac_id)
        report.checked += 1
        if record is None or record.deleted or contact is None:
            report.missing.append(subject_of(link.sobject, link.sf_id))
            continue
        found = differences(ctx, Pair(record, contact, link))
        report.equal += not found
        report.differences += found


def differences(ctx: SyncContext, pair: Pair) -> list[Difference]:
    """Name the fields on which a pair differs."""
    found = []
    for mapped in ctx.schema.of(pair.sf.sobject).fields:
        base = pair.link.base.get(mapped.key) if pair.link else None
        try:
            left = mapped.codec.from_salesforce(pair.sf.fields.get(mapped.sf.name))
            right = mapped.codec.from_activecampaign(pair.ac.values.get(mapped.ac.key))
        except ValueProblem:
            left = right = None
            unreadable = True
        else:
            unreadable = False
        if unreadable or not mapped.codec.equal(left, right):
            kept = base is not None and base.salesforce == left and base.activecampaign == right
            subject = subject_of(pair.sf.sobject, pair.sf.id)
            found.append(Difference(subject, pair.sf.name, mapped.label, left, right, kept))
    return found
