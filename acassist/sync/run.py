"""One run: identity, schema, recovery, observation, guard, writes, status, cursors; the order is the safety."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from contextlib import aclosing
from datetime import datetime

from acassist.domain.ids import PEOPLE, SObject
from acassist.domain.ledger import Link, LinkState, RunState, RunSummary
from acassist.domain.problem import Problem, ProblemCode, ProblemError
from acassist.domain.selection import SelectionKind
from acassist.domain.tags import WRITTEN_TAGS
from acassist.domain.text import N_, Message
from acassist.storage.spool import Spool
from acassist.sync.accounts import sync_accounts
from acassist.sync.ahead import ahead
from acassist.sync.candidates import work_candidates
from acassist.sync.context import SyncContext, subject_of
from acassist.sync.guard import (
    brake_emptied,
    check_creates,
    check_identity,
    check_mapping_change,
    check_overwrites,
    check_quota,
    count_emptied,
    may_empty,
)
from acassist.sync.lifecycle import settle
from acassist.sync.observe import (
    delta_cursor,
    observe_activecampaign,
    salesforce_delta,
    selected_among,
    selected_records,
    selection_cursor,
)
from acassist.sync.opt_out import note_readable
from acassist.sync.pairs import chunk_size, work_pairs
from acassist.sync.record_writes import StatusQueue
from acassist.sync.recover import recover
from acassist.sync.schema import Schema, object_schema
from acassist.sync.selecting import retried_clause, selected_clause
from acassist.sync.sweeps import sweep
from acassist.sync.tagging import carry_out_tag, load_tags, tag_id
from acassist.sync.triggers import create_from_triggers
from acassist.sync.work import PAGE, Work


async def load_schema(ctx: SyncContext) -> None:
    """Describe the objects and read the ActiveCampaign fields; raises MAPPING_INVALID or SF_FIELD_HIDDEN."""
    contact_fields = await ctx.activecampaign.custom_fields()
    objects = {}
    for sobject in PEOPLE:
        description = await ctx.salesforce.describe(sobject)
        objects[sobject] = object_schema(sobject, description, ctx.setup.mapping, contact_fields)
    connection = ctx.setup.activecampaign
    if ctx.setup.mapping.accounts_on and connection is not None and connection.accounts_available is not False:
        description = await ctx.salesforce.describe(SObject.ACCOUNT)
        account_fields = await ctx.activecampaign.account_fields()
        objects[SObject.ACCOUNT] = object_schema(SObject.ACCOUNT, description, ctx.setup.mapping, account_fields)
    ctx.schema = Schema(objects)


async def prepare(ctx: SyncContext) -> None:
    """Check both ends, load the schema and settle what an interrupted run left."""
    ctx.report(Message(N_("Checking both connections")), 0, None)
    await check_identity(ctx)
    await load_schema(ctx)
    check_quota(ctx)
    await load_tags(ctx)
    # Before recovery, which may write: a changed mapping stops without any write until a person has seen it.
    check_mapping_change(ctx)
    if ctx.dry is None:
        await ctx.claim()
        await recover(ctx)


async def perform(ctx: SyncContext) -> None:
    """Carry out a run (or, with `dry`, everything up to the writes); raises ProblemError when it has to stop."""
    await prepare(ctx)
    await observe_activecampaign(ctx)
    note_readable(ctx)
    await sweep(ctx)
    await check_overwrites(ctx)
    with Spool() as spool:
        await _work_through(ctx, spool)


async def _work_through(ctx: SyncContext, spool: Spool) -> None:
    """Observe Salesforce, look at the totals, and only then write, page by page."""
    status = StatusQueue()
    extra: list[Link] = []
    # Contacts first: a lead that is converted in between is then missed by this run, never half seen.
    works = [await _observe(ctx, Work(sobject, spool)) for sobject in (SObject.CONTACT, SObject.LEAD)]
    # The brakes come before the first write, also before the records that trigger tags ask for (rule 6.1).
    _guard(ctx, works)
    if ctx.dry is None:
        for name in WRITTEN_TAGS:
            await tag_id(ctx, name)
    if ctx.inbound:
        for sobject in PEOPLE:
            extra += await create_from_triggers(ctx, sobject)
    for work in works:
        work.want(link.id for link in extra if link.sobject is work.sobject)
        await _carry_out(ctx, work, status)
    if ctx.dry is None:
        await status.flush(ctx)
        await _open_tags(ctx)
    await sync_accounts(ctx, works[0].one_of_each_account(ctx))
    if ctx.dry is None:
        _move_cursors(ctx, works)


async def _observe(ctx: SyncContext, work: Work) -> Work:
    """Read what changed in Salesforce and gather the links that need work."""
    sobject = work.sobject
    selection = ctx.setup.outbound.for_object(sobject)
    ctx.report(Message(N_("Reading changes in Salesforce")), 0, None)
    _note_selection(ctx, sobject)
    if ctx.outbound:
        quiet_since = await _read_delta(ctx, work)
        if selection.kind is not SelectionKind.NONE:
            await _read_selection(ctx, work, quiet_since)
        await _read_due(ctx, work)
    _gather_unseen(ctx, work)
    if not ctx.inbound and not ctx.sends(sobject):
        work.spool.drop_links(sobject)
    return work


def _note_selection(ctx: SyncContext, sobject: SObject) -> None:
    """Look at every link of an object again once its updates go out after they did not (rule 1.3).

    Writes that were held back meanwhile show in no delta, for instance those of a new row of the mapping.
    """
    name, settings = f"selection.off.{sobject}", ctx.stores.settings
    off = ctx.outbound and not ctx.sends(sobject)
    if ctx.dry is not None or not ctx.outbound or bool(settings.get(name)) is off:
        return
    with ctx.stores.db.transaction():
        if not off:
            ctx.stores.ledger.mark_all_unseen(sobject)
        settings.put(name, off)


async def _read_delta(ctx: SyncContext, work: Work) -> str | None:
    """Read what was saved since the last run; returns its cursor when nothing at all was saved since then."""
    name = delta_cursor(work.sobject)
    start = ctx.salesforce.server_time() or ctx.clock.now()
    before = ctx.stores.ledger.cursor(name)
    newest = max(start, datetime.fromisoformat(before)) if before else start
    saved = False
    async with aclosing(ahead(salesforce_delta(ctx, work.sobject))) as pages:
        async for page in pages:
            saved = saved or bool(page)
            newest = max([newest, *(r.stamp for r in page)])
            links = ctx.stores.ledger.link_ids(work.sobject, [r.id for r in page])
            work.see_linked(ctx, settle(ctx, [r for r in page if r.id in links]))
    work.cursors[name] = newest.isoformat()
    return None if saved else before


async def _read_selection(ctx: SyncContext, work: Work, quiet_since: str | None) -> None:
    """Read the selected records that were saved since the last run.

    Where nothing of the object was saved since `quiet_since`, nothing that is selected was, and the call is spared.
    """
    clause = selected_clause(ctx, work.sobject)
    if clause is None:
        return
    name = selection_cursor(work.sobject, clause)
    start = (ctx.salesforce.server_time() or ctx.clock.now()).isoformat()
    before = ctx.stores.ledger.cursor(name) or ""
    newest = max(before, start)
    if quiet_since is not None and quiet_since <= before:
        work.cursors[name] = newest
        return
    async with aclosing(ahead(selected_records(ctx, work.sobject, clause))) as pages:
        async for page in pages:
            # A page may be empty: an org answers so when nothing is selected.
            newest = max([*(r.stamp.isoformat() for r in page), newest])
            work.select(ctx, page)
    work.cursors[name] = newest


async def _read_due(ctx: SyncContext, work: Work) -> None:
    """Add what failed before and may be tried again now (rule 6.3)."""
    due = ctx.stores.issues.due(work.sobject, ctx.clock.now())
    links = ctx.stores.ledger.links_by_sf(work.sobject, due)
    work.want(link.id for link in links.values() if link.state is LinkState.ACTIVE)
    missing = [i for i in due if i not in links and not work.spool.is_candidate(work.sobject, i)]
    clause = retried_clause(ctx, work.sobject)
    if clause is None or not missing:
        return
    # Only who is still selected may be sent: the record, or the selection, may have changed since it failed.
    live = await selected_among(ctx, work.sobject, missing, clause)
    if ctx.dry is None:
        for sf_id in set(missing) - set(live):
            ctx.stores.issues.clear(subject_of(work.sobject, sf_id))
    work.spool.keep(live.values(), candidates=live)


def _gather_unseen(ctx: SyncContext, work: Work) -> None:
    # A run marks the links of a changed mapping unseen first; a dry run leaves no mark and takes them from the ledger.
    remapped = ctx.dry is not None and work.sobject in ctx.remapped
    read = ctx.stores.ledger.active_ids if remapped else ctx.stores.ledger.unseen_ids
    after = 0
    while ids := read(work.sobject, after_id=after):
        work.want(ids)
        after = ids[-1]


def _guard(ctx: SyncContext, works: Sequence[Work]) -> None:
    """Look at the totals before the first write, page by page (rule 6.1)."""
    spool = works[0].spool
    known = ctx.stores.index.known_emails
    check_creates(ctx, sum(len(emails) - len(known(emails)) for emails in spool.new_emails(PAGE)))
    for work in works:
        if ctx.yes or ctx.dry is not None or not may_empty(ctx, work.sobject):
            continue
        counts: Counter[str] = Counter()
        for links in work.link_pages(ctx, PAGE):
            counts += count_emptied(ctx, work.sobject, links, work.read(links))
        brake_emptied(ctx, counts)


async def _carry_out(ctx: SyncContext, work: Work, status: StatusQueue) -> None:
    # Linked people first: an address that one of them gives up is then free for somebody new.
    total, done = work.spool.count_links(work.sobject), 0
    for links in work.link_pages(ctx, chunk_size(total)):
        ctx.report(Message(N_("Comparing records")), done, total)
        await _work_links(ctx, work, links, status)
        done += len(links)
    if not ctx.outbound:
        return
    total, done = work.spool.count_candidates(work.sobject), 0
    for records in work.spool.candidates(work.sobject, PAGE):
        ctx.report(Message(N_("Sending new records to ActiveCampaign")), done, total)
        await _work_links(ctx, work, await work_candidates(ctx, work.sobject, records, status), status)
        done += len(records)


async def _work_links(ctx: SyncContext, work: Work, links: Sequence[Link], status: StatusQueue) -> None:
    current = [link for link in (_current(ctx, x) for x in links) if link is not None]
    await work_pairs(ctx, work.sobject, current, records=work.read(current), status=status)
    if status.full:
        await status.flush(ctx)


def _current(ctx: SyncContext, link: Link) -> Link | None:
    """Read a link again: an earlier step of this run may have moved, advanced or ended it."""
    if not link.id:
        return link
    now = ctx.stores.ledger.link(link.id)
    return now if now is not None and now.state is LinkState.ACTIVE else None


async def _open_tags(ctx: SyncContext) -> None:
    for intent in ctx.stores.intents.pending():
        if intent.kind == "tag":
            await carry_out_tag(ctx, intent)


def _move_cursors(ctx: SyncContext, works: Sequence[Work]) -> None:
    """Everything the pages held is done or listed as an issue, so the cursors may move (rule I7)."""
    with ctx.stores.db.transaction():
        for work in works:
            for name, value in work.cursors.items():
                ctx.stores.ledger.set_cursor(name, value)


def state_of(problem: Problem | None, issues: int) -> RunState:
    """Name how a run ended."""
    if problem is None:
        return RunState.PARTIAL if issues else RunState.DONE
    return RunState.CANCELLED if problem.code is ProblemCode.CANCELLED else RunState.STOPPED


async def run(ctx: SyncContext, *, cause: str, calls: tuple[int, int] = (0, 0)) -> RunSummary:
    """Make a run and store how it ended; `calls` are the counters at its start (Salesforce, ActiveCampaign).

    Raises ProblemError after the run was stored, when it had to stop.
    """
    ctx.stores.history.close_killed()
    ctx.run_id = ctx.stores.history.start_run(ctx.direction, cause)
    stopped: ProblemError | None = None
    # Stays when the task itself is cancelled: a run that never ended would look like a crash.
    problem: Problem | None = Problem(ProblemCode.CANCELLED)
    try:
        await perform(ctx)
        problem = None
    except ProblemError as error:
        stopped, problem = error, error.problem
    finally:
        used = ctx.salesforce.calls()
        made = ctx.activecampaign.calls_made() - calls[1]
        counters = ctx.tally.counters(max(0, (used[0] if used else 0) - calls[0]), max(0, made))
        ctx.stores.history.finish_run(ctx.run_id, state_of(problem, ctx.tally.issues), counters, problem)
    if stopped is not None:
        raise stopped
    summary = ctx.stores.history.run(ctx.run_id)
    if summary is None:
        raise LookupError("the run was not stored")
    return summary
