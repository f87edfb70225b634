"""Works through linked pairs: plan, read fresh, plan again, write, record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from acassist.domain.ids import Service, SObject
from acassist.domain.ledger import (
    Intent,
    IntentKind,
    Link,
    LinkState,
)
from acassist.domain.problem import ProblemCode
from acassist.domain.record import SalesforceRecord
from acassist.domain.text import N_, Message
from acassist.sync.contact_writes import ContactUpdate, fresh_contacts, write_contacts
from acassist.sync.context import SyncContext, subject_of
from acassist.sync.lifecycle import contact_gone, record_gone, settle
from acassist.sync.observe import fetch_records, from_index, indexed, store_page
from acassist.sync.opt_out import Carried, work_opt_outs
from acassist.sync.pair_results import PairWork, is_active, link_of, record_work, status_of
from acassist.sync.plan import Pair, PairPlan, plan_pair
from acassist.sync.planned import kept_differences, planned_changes
from acassist.sync.record_writes import (
    MOST_BY_COLLECTIONS,
    StatusQueue,
    update_records,
)
from acassist.sync.tagging import tagged_contacts

CHUNK = 1_000
# With many pairs their writes are gathered, so that a Bulk job is worth its calls (rule 5.3).
BULK_CHUNK = 3_000


async def work_pairs(
    ctx: SyncContext,
    sobject: SObject,
    links: Sequence[Link],
    *,
    records: Mapping[str, SalesforceRecord],
    status: StatusQueue,
) -> None:
    """Work through links in chunks; `records` holds what was read of Salesforce in this run already."""
    size = chunk_size(len(links))
    for start in range(0, len(links), size):
        ctx.check_cancelled()
        chunk = links[start : start + size]
        if len(chunk) < len(links):
            ctx.report(Message(N_("Comparing records")), start, len(links))
        pairs = await _pairs(ctx, sobject, chunk, records)
        await _work_chunk(ctx, sobject, pairs, records, status)


def chunk_size(count: int) -> int:
    """Return how many pairs to take at once; all parts are alike, so that no small rest is left."""
    usual = CHUNK if count <= MOST_BY_COLLECTIONS else BULK_CHUNK
    return max(1, -(-count // max(1, round(count / usual))))


async def _pairs(
    ctx: SyncContext, sobject: SObject, links: Sequence[Link], records: Mapping[str, SalesforceRecord]
) -> list[Pair]:
    missing = [link.sf_id for link in links if link.sf_id not in records]
    fetched = await fetch_records(ctx, sobject, missing) if missing else {}
    known = {**fetched, **{i: records[i] for i in (link.sf_id for link in links) if i in records}}
    contacts = ctx.stores.index.by_ids([link.ac_id for link in links])
    absent = [link.ac_id for link in links if link.ac_id not in contacts]
    read = await fresh_contacts(ctx, absent) if absent else {}
    ctx.stores.index.put(indexed(c) for c in read.values())
    pairs = []
    for link in links:
        sf = known.get(link.sf_id)
        ac = from_index(contacts[link.ac_id]) if link.ac_id in contacts else read.get(link.ac_id)
        if ac is None:
            contact_gone(ctx, link)
        elif sf is None:
            record_gone(ctx, link)
        elif not settle(ctx, [sf]):
            # Its end was reached by a way that no delta shows, for instance converted and merged away at once.
            continue
        elif link.state is LinkState.ACTIVE:
            pairs.append(Pair(sf, ac, _arrived(ctx, link, sf), primary=link.primary))
    return pairs


def _arrived(ctx: SyncContext, link: Link, sf: SalesforceRecord) -> Link:
    """Drop the base of fields that did not come along when the link moved to another record.

    A conversion or a merge leaves fields blank that the old record had; that is nobody's wish to empty them.
    """
    if link.sf_stamp is not None:
        return link
    now = {f.key: sf.fields.get(f.sf.name) for f in ctx.schema.of(sf.sobject).fields}
    lost = {k for k, b in link.base.items() if b.salesforce and k in now and now[k] in (None, "", False)}
    return replace(link, base={k: b for k, b in link.base.items() if k not in lost}) if lost else link


async def _read_again(
    ctx: SyncContext, sobject: SObject, plans: Sequence[PairPlan], records: Mapping[str, SalesforceRecord]
) -> list[PairPlan]:
    """Read Salesforce records that are about to be written anew, when they were read at the start of the run.

    Collections know no condition on the stamp, so an edit made meanwhile would be overwritten.
    """
    fields = ctx.schema.of(sobject).fields
    wanted = [p.pair.sf.id for p in plans if ctx.inbound and p.writes(Service.SALESFORCE) and p.pair.sf.id in records]
    fresh = await fetch_records(ctx, sobject, wanted) if wanted else {}
    again: list[PairPlan] = []
    for plan in plans:
        record = fresh.get(plan.pair.sf.id, plan.pair.sf)
        if record.deleted or record.converted:
            continue
        moved = record.stamp != plan.pair.sf.stamp
        again.append(plan_pair(fields, replace(plan.pair, sf=record), ctx.choices) if moved else plan)
    return again


async def _work_chunk(
    ctx: SyncContext,
    sobject: SObject,
    pairs: Sequence[Pair],
    records: Mapping[str, SalesforceRecord],
    status: StatusQueue,
) -> None:
    fields = ctx.schema.of(sobject).fields
    now = ctx.clock.now()
    carried = await work_opt_outs(ctx, sobject, pairs)
    due = [p for p in await _after_opt_outs(ctx, sobject, pairs, carried) if _may_try(ctx, p, now)]
    plans = [plan_pair(fields, p, ctx.choices) for p in due]
    plans = await _read_again(ctx, sobject, plans, records)
    seen = {p.pair.sf.id: p.pair.ac.updated for p in plans}
    plans = await _planned_again(ctx, sobject, plans)
    # Whoever moved since the opt-outs were read may have unsubscribed: our own write must not hide that.
    moved = {p.pair.sf.id for p in plans if p.pair.ac.updated != seen[p.pair.sf.id]}
    plans = [_one_way(ctx, p) for p in plans]
    work = PairWork(sobject, plans, again={link_of(p).id for p in plans if p.pair.sf.id in carried.postponed | moved})
    await _drop_untagged(ctx, work)
    if ctx.dry is not None:
        ctx.dry.extend(change for plan in work.plans for change in planned_changes(plan))
        ctx.kept.extend(difference for plan in work.plans for difference in kept_differences(plan))
        return
    intent = _open_intent(ctx, work)
    # ActiveCampaign first, so that the status in the same call as the Salesforce values tells how that went.
    await _write_activecampaign(ctx, work)
    await _hold_moved(ctx, work)
    await _write_salesforce(ctx, work)
    record_work(ctx, work, status, intent)


async def _after_opt_outs(ctx: SyncContext, sobject: SObject, pairs: Sequence[Pair], carried: Carried) -> list[Pair]:
    """Return the pairs as they are after opt-outs were carried, without those whose contact turned out to be gone.

    Opt-outs come first, also for pairs that are held back, and before a pair is recorded as worked through: a run
    that ends here must find the opt-out again.
    """
    if ctx.dry is not None:
        return list(pairs)
    fresh = await fetch_records(ctx, sobject, carried.written) if carried.written else {}
    return [replace(p, sf=fresh.get(p.sf.id, p.sf)) for p in pairs if is_active(ctx, p.link)]


def _may_try(ctx: SyncContext, pair: Pair, now: datetime) -> bool:
    version = ctx.version(pair.sf, pair.ac)
    return ctx.stores.issues.may_try(subject_of(pair.sf.sobject, pair.sf.id), version, now)


async def _planned_again(ctx: SyncContext, sobject: SObject, plans: Sequence[PairPlan]) -> list[PairPlan]:
    """Read contacts that are about to be written anew, and plan again on what they hold now (rule 2.3)."""
    fields = ctx.schema.of(sobject).fields
    wanted = [p.pair.ac.id for p in plans if ctx.sends(sobject) and p.writes(Service.ACTIVECAMPAIGN)]
    fresh = await fresh_contacts(ctx, wanted) if wanted else {}
    with ctx.stores.db.transaction():
        store_page(ctx, list(fresh.values()))
    again: list[PairPlan] = []
    for plan in plans:
        if plan.pair.ac.id not in wanted:
            again.append(plan)
            continue
        contact = fresh.get(plan.pair.ac.id)
        if contact is None:
            contact_gone(ctx, link_of(plan))
            continue
        again.append(plan_pair(fields, replace(plan.pair, ac=contact), ctx.choices))
    return again


def _one_way(ctx: SyncContext, plan: PairPlan) -> PairPlan:
    if not ctx.inbound:
        return plan.without(Service.SALESFORCE)
    return plan if ctx.sends(plan.pair.sf.sobject) else plan.without(Service.ACTIVECAMPAIGN)


async def _drop_untagged(ctx: SyncContext, work: PairWork) -> None:
    """Inbound updates flow only for people that hold a sync tag (rule 1.4)."""
    inbound = [p for p in work.plans if p.writes(Service.SALESFORCE)]
    tagged = await tagged_contacts(ctx, {p.pair.ac.id for p in inbound}) if inbound else set()
    for plan in inbound:
        if plan.pair.ac.id not in tagged:
            work.plans[work.plans.index(plan)] = plan.without(Service.SALESFORCE)
            work.untagged.add(link_of(plan).id)
    if ctx.dry is None and work.untagged:
        # A tag may come without the contact's stamp moving: the tag sweep looks for these.
        ctx.stores.sweeps.hold(p.pair.ac.id for p in inbound if link_of(p).id in work.untagged)


def _open_intent(ctx: SyncContext, work: PairWork) -> Intent | None:
    """Store what is about to be written, so that an answer lost is not taken for somebody's edit."""
    rows = [
        {"link": link_of(p).id, "values": [[c.field.key, c.target.value, c.after] for c in p.changes]}
        for p in work.plans
        if p.changes
    ]
    if not rows:
        return None
    payload = {"sobject": work.sobject.value, "rows": rows}
    return ctx.stores.intents.open(Intent(IntentKind.UPDATE_CONTACT, work.sobject.value, payload, run_id=ctx.run_id))


async def _write_salesforce(ctx: SyncContext, work: PairWork) -> None:
    plans = {p.pair.sf.id: p for p in work.plans if p.writes(Service.SALESFORCE)}
    rows = []
    for sf_id, plan in plans.items():
        fields = {c.field.sf.name: c.written for c in plan.writes(Service.SALESFORCE)}
        rows.append((sf_id, {**fields, **status_of(ctx, plan, work.failures.get(link_of(plan).id, {}))}))
    if rows:
        ctx.report(Message(N_("Writing to Salesforce")), 0, len(rows))
    for sf_id, problem in (await update_records(ctx, work.sobject, rows)).items():
        if problem is not None:
            work.fail(plans[sf_id], Service.SALESFORCE, problem)


async def _hold_moved(ctx: SyncContext, work: PairWork) -> None:
    """Leave records to the next run that somebody edited while ActiveCampaign was written, which may take minutes."""
    wanted = [p.pair.sf.id for p in work.plans if p.writes(Service.SALESFORCE)]
    if not wanted or not any(p.writes(Service.ACTIVECAMPAIGN) for p in work.plans):
        return
    fresh = await fetch_records(ctx, work.sobject, wanted)
    for index, plan in enumerate(work.plans):
        record = fresh.get(plan.pair.sf.id)
        if record is not None and record.stamp != plan.pair.sf.stamp:
            work.plans[index] = plan.without(Service.SALESFORCE)
            work.again.add(link_of(plan).id)


async def _write_activecampaign(ctx: SyncContext, work: PairWork) -> None:
    plans = [p for p in work.plans if p.writes(Service.ACTIVECAMPAIGN)]
    updates = [
        ContactUpdate(
            p.pair.ac.id, p.pair.ac.email, {c.field.ac.key: c.written for c in p.writes(Service.ACTIVECAMPAIGN)}
        )
        for p in plans
    ]
    if not updates:
        return
    ctx.report(Message(N_("Writing to ActiveCampaign")), 0, len(updates))
    written = await write_contacts(ctx, updates)
    gone = [p for p in plans if (trouble := written.problems.get(p.pair.ac.id)) and trouble.code is ProblemCode.AC_GONE]
    for plan in gone:
        contact_gone(ctx, link_of(plan))
    for index, plan in enumerate(work.plans):
        ac_id = plan.pair.ac.id
        if plan in plans and ac_id in written.problems:
            work.fail(plan, Service.ACTIVECAMPAIGN, written.problems[ac_id])
        elif plan in plans and ac_id in written.contacts:
            work.plans[index] = replace(plan, pair=replace(plan.pair, ac=written.contacts[ac_id]))
