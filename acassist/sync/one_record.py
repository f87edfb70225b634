"""Syncs one record on a person's word: the steps of a run, for this pair only; no cursor moves."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from acassist.domain.ids import PEOPLE, Service, SObject
from acassist.domain.ledger import Issue, Link, LinkState, RunState, RunSummary
from acassist.domain.problem import Problem, ProblemCode, ProblemError
from acassist.domain.record import ActiveCampaignContact, SalesforceRecord
from acassist.domain.tags import TRIGGER, WRITTEN_TAGS
from acassist.sync.accounts import sync_accounts_of
from acassist.sync.candidates import work_candidates
from acassist.sync.contact_writes import fresh_contacts
from acassist.sync.context import SyncContext, contact_subject, subject_of
from acassist.sync.guard import check_creates, check_emptied
from acassist.sync.lifecycle import contact_gone, settle
from acassist.sync.observe import fetch_records, selected_among, store_page
from acassist.sync.pairs import work_pairs
from acassist.sync.record_writes import StatusQueue
from acassist.sync.run import prepare, state_of
from acassist.sync.selecting import retried_clause
from acassist.sync.tagging import tag_id
from acassist.sync.triggers import create_for

CAUSE = "record"


class Outcome(StrEnum):
    """What became of the record."""

    CHANGED = "changed"
    SAME = "same"
    NOT_SELECTED = "not_selected"
    NO_TRIGGER = "no_trigger"
    STOPPED = "stopped"
    ISSUE = "issue"


async def run_one(
    ctx: SyncContext, *, sobject: SObject | None, sf_id: str | None, ac_id: str | None
) -> tuple[Outcome, RunSummary]:
    """Sync one person as a run of its own; raises ProblemError after the run was stored, when it had to stop."""
    history = ctx.stores.history
    used, made = (ctx.salesforce.calls() or (0, 0))[0], ctx.activecampaign.calls_made()
    ctx.run_id = history.start_run(ctx.direction, CAUSE)
    problem: Problem | None = Problem(ProblemCode.CANCELLED)
    try:
        await prepare(ctx)
        for name in WRITTEN_TAGS:
            await tag_id(ctx, name)
        if sobject is not None and sf_id is not None:
            outcome = await _sync_record(ctx, sobject, sf_id)
        else:
            outcome = await _sync_contact(ctx, ac_id or "")
        problem = None
    except ProblemError as error:
        problem = error.problem
        raise
    finally:
        calls = (ctx.salesforce.calls() or (0, 0))[0] - used, ctx.activecampaign.calls_made() - made
        counters = ctx.tally.counters(max(0, calls[0]), max(0, calls[1]))
        history.finish_run(ctx.run_id, state_of(problem, ctx.tally.issues), counters, problem)
    summary = history.run(ctx.run_id)
    if summary is None or summary.state is RunState.RUNNING:
        raise LookupError("the run was not stored")
    return outcome, summary


async def _sync_record(ctx: SyncContext, sobject: SObject, sf_id: str) -> Outcome:
    """Work through one Salesforce record: its pair, or what a selected record without a link needs."""
    record = (await fetch_records(ctx, sobject, [sf_id])).get(sf_id)
    if record is None:
        raise ProblemError(Problem(ProblemCode.SF_GONE, subject_of(sobject, sf_id), service=Service.SALESFORCE))
    live = settle(ctx, [record])
    if not live:
        return _told(ctx, subject_of(sobject, sf_id))
    _make_due(ctx, subject_of(sobject, sf_id))
    link = ctx.stores.ledger.links_by_sf(sobject, [sf_id]).get(sf_id)
    status = StatusQueue()
    if link is None:
        outcome = await _first_time(ctx, live[0], status)
    elif link.state is LinkState.ACTIVE:
        outcome = await _pair(ctx, live[0], link, status)
    else:
        return Outcome.STOPPED if link.state is LinkState.STOPPED else Outcome.ISSUE
    if outcome is not None:
        return outcome
    await status.flush(ctx)
    await sync_accounts_of(ctx, [r for r in live if r.sobject is SObject.CONTACT])
    return _told(ctx, subject_of(sobject, sf_id))


async def _pair(ctx: SyncContext, record: SalesforceRecord, link: Link, status: StatusQueue) -> Outcome | None:
    contact = (await fresh_contacts(ctx, [link.ac_id])).get(link.ac_id)
    if contact is None:
        contact_gone(ctx, link)
        return Outcome.ISSUE
    with ctx.stores.db.transaction():
        store_page(ctx, [contact])
        ctx.stores.ledger.mark_unseen([contact.id])
    records = {record.id: record}
    check_emptied(ctx, record.sobject, [link], records)
    await _work(ctx, record.sobject, [link], records, status)
    return None


async def _first_time(ctx: SyncContext, record: SalesforceRecord, status: StatusQueue) -> Outcome | None:
    """Link or create the contact of a record, if the selection has it (rules 1.2 and 2.3)."""
    clause = retried_clause(ctx, record.sobject)
    selected = await selected_among(ctx, record.sobject, [record.id], clause) if clause is not None else {}
    if not selected:
        return Outcome.NOT_SELECTED
    if record.email:
        contact = await ctx.activecampaign.contact_by_email(record.email)
        with ctx.stores.db.transaction():
            store_page(ctx, [contact] if contact is not None else [])
    check_creates(ctx, 1)
    links = await work_candidates(ctx, record.sobject, list(selected.values()), status)
    await _work(ctx, record.sobject, links, {record.id: record}, status)
    return None


async def _sync_contact(ctx: SyncContext, ac_id: str) -> Outcome:
    """Do what the trigger tags of a contact ask for; without one nothing is created (rule 1.5)."""
    contact = (await fresh_contacts(ctx, [ac_id])).get(ac_id)
    if contact is None:
        raise ProblemError(Problem(ProblemCode.AC_GONE, contact_subject(ac_id), service=Service.ACTIVECAMPAIGN))
    held = await ctx.activecampaign.contact_tags(ac_id)
    wanted = [sobject for sobject in PEOPLE if ctx.tag_ids.get(TRIGGER[sobject]) in set(held)]
    if not wanted:
        return Outcome.NO_TRIGGER
    with ctx.stores.db.transaction():
        store_page(ctx, [contact])
    _make_due(ctx, contact_subject(ac_id))
    status = StatusQueue()
    for sobject in wanted:
        await _create(ctx, sobject, contact, status)
    await status.flush(ctx)
    return _told(ctx, contact_subject(ac_id))


async def _create(ctx: SyncContext, sobject: SObject, contact: ActiveCampaignContact, status: StatusQueue) -> None:
    links = await create_for(ctx, sobject, contact)
    await _work(ctx, sobject, links, {}, status)


async def _work(
    ctx: SyncContext,
    sobject: SObject,
    links: Sequence[Link],
    records: dict[str, SalesforceRecord],
    status: StatusQueue,
) -> None:
    current = [now for link in links if (now := ctx.stores.ledger.link(link.id)) and now.state is LinkState.ACTIVE]
    await work_pairs(ctx, sobject, current, records=records, status=status)


def _make_due(ctx: SyncContext, subject: str) -> None:
    """A person's word counts more than the waiting time after a failure (rule 6.3)."""
    for issue in ctx.stores.issues.open_for(subject):
        ctx.stores.issues.make_due(issue.id)


def _told(ctx: SyncContext, subject: str) -> Outcome:
    if ctx.stores.issues.open_for(subject):
        return Outcome.ISSUE
    tally = ctx.tally
    wrote = tally.created_ac + tally.created_sf + tally.updated_ac + tally.updated_sf + tally.linked
    return Outcome.CHANGED if wrote else Outcome.SAME


def first_issue(ctx: SyncContext, subject: str) -> Issue | None:
    """Return what keeps a record from being in sync."""
    return next(iter(ctx.stores.issues.open_for(subject)), None)
