"""One run: identity, schema, recovery, observation, guard, writes, status, cursors; the order is the safety."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from acassist.domain.ids import PEOPLE, SObject
from acassist.domain.ledger import Link, LinkState, RunState, RunSummary
from acassist.domain.problem import Problem, ProblemCode, ProblemError
from acassist.domain.record import SalesforceRecord
from acassist.domain.selection import SelectionKind
from acassist.domain.tags import WRITTEN_TAGS
from acassist.domain.text import N_, Message
from acassist.salesforce.criteria import CriteriaError, selection_where
from acassist.sync.accounts import sync_accounts
from acassist.sync.candidates import work_candidates
from acassist.sync.context import SyncContext, subject_of
from acassist.sync.guard import (
    check_creates,
    check_emptied,
    check_identity,
    check_mapping_change,
    check_overwrites,
    check_quota,
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
from acassist.sync.pairs import work_pairs
from acassist.sync.record_writes import StatusQueue
from acassist.sync.recover import recover
from acassist.sync.schema import Schema, object_schema
from acassist.sync.sweeps import sweep
from acassist.sync.tagging import carry_out_tag, load_tags, tag_id
from acassist.sync.triggers import create_from_triggers


@dataclass(slots=True)
class Work:
    """What one object needs in this run: changed or due links, and selected records without a link."""

    sobject: SObject
    records: dict[str, SalesforceRecord] = field(default_factory=dict)
    links: dict[int, Link] = field(default_factory=dict)
    candidates: dict[str, SalesforceRecord] = field(default_factory=dict)
    cursors: dict[str, str] = field(default_factory=dict)

    def see(self, record: SalesforceRecord) -> None:
        """Remember a record read of Salesforce."""
        self.records[record.id] = record


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
    if ctx.dry is None:
        for name in WRITTEN_TAGS:
            await tag_id(ctx, name)
    await observe_activecampaign(ctx)
    await sweep(ctx)
    await check_overwrites(ctx)
    status = StatusQueue()
    extra: list[Link] = []
    # Contacts first: a lead that is converted in between is then missed by this run, never half seen.
    works = [await _observe(ctx, sobject) for sobject in (SObject.CONTACT, SObject.LEAD)]
    # The brakes come before the first write, also before the records that trigger tags ask for (rule 6.1).
    _guard(ctx, works)
    if ctx.inbound:
        for sobject in PEOPLE:
            extra += await create_from_triggers(ctx, sobject)
    for work in works:
        await _carry_out(ctx, work, extra, status)
    if ctx.dry is None:
        await status.flush(ctx)
        await _open_tags(ctx)
    await sync_accounts(ctx, [r for w in works for r in w.records.values() if r.sobject is SObject.CONTACT])
    if ctx.dry is None:
        _move_cursors(ctx, works)


async def _observe(ctx: SyncContext, sobject: SObject) -> Work:
    """Read what changed in Salesforce and gather the links that need work."""
    work = Work(sobject)
    selection = ctx.setup.outbound.for_object(sobject)
    ctx.report(Message(N_("Reading changes in Salesforce")), 0, None)
    _note_selection(ctx, sobject)
    if ctx.outbound:
        await _read_delta(ctx, work)
        if selection.kind is not SelectionKind.NONE:
            await _read_selection(ctx, work)
        await _read_due(ctx, work)
    _gather_unseen(ctx, work)
    if not ctx.inbound and not ctx.sends(sobject):
        work.links.clear()
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


async def _read_delta(ctx: SyncContext, work: Work) -> None:
    name = delta_cursor(work.sobject)
    start = ctx.salesforce.server_time() or ctx.clock.now()
    before = ctx.stores.ledger.cursor(name)
    newest = max(start, datetime.fromisoformat(before)) if before else start
    async for page in salesforce_delta(ctx, work.sobject):
        newest = max([newest, *(r.stamp for r in page)])
        links = ctx.stores.ledger.links_by_sf(work.sobject, [r.id for r in page])
        for record in settle(ctx, [r for r in page if r.id in links]):
            link = ctx.stores.ledger.links_by_sf(work.sobject, [record.id]).get(record.id)
            if link is not None and link.state is LinkState.ACTIVE:
                work.see(record)
                work.links[link.id] = link
    work.cursors[name] = newest.isoformat()


def _clause(ctx: SyncContext, sobject: SObject) -> str | None:
    """Return the selection as a condition, None when nobody is selected; raises MAPPING_INVALID."""
    selection = ctx.setup.outbound.for_object(sobject)
    description = ctx.schema.of(sobject).description
    try:
        return selection_where(selection, description, ctx.schema.of(sobject).sync_fields)
    except CriteriaError as error:
        values = {"what": Message(N_("The sync selection")), "reason": error.message}
        raise ProblemError(Problem(ProblemCode.MAPPING_INVALID, sobject, values)) from error


async def _read_selection(ctx: SyncContext, work: Work) -> None:
    clause = _clause(ctx, work.sobject)
    if clause is None:
        return
    name = selection_cursor(work.sobject, clause)
    start = (ctx.salesforce.server_time() or ctx.clock.now()).isoformat()
    newest = max(ctx.stores.ledger.cursor(name) or "", start)
    async for page in selected_records(ctx, work.sobject, clause):
        # A page may be empty: an org answers so when nothing is selected.
        newest = max([*(r.stamp.isoformat() for r in page), newest])
        links = ctx.stores.ledger.links_by_sf(work.sobject, [r.id for r in page])
        for record in page:
            work.see(record)
            link = links.get(record.id)
            if link is None:
                work.candidates[record.id] = record
            elif link.state is LinkState.ACTIVE:
                work.links[link.id] = link
    work.cursors[name] = newest


async def _read_due(ctx: SyncContext, work: Work) -> None:
    """Add what failed before and may be tried again now (rule 6.3)."""
    now = ctx.clock.now()
    due = [
        issue
        for issue in ctx.stores.issues.list(limit=10_000)
        if issue.sobject is work.sobject and issue.sf_id and (issue.next_try is None or issue.next_try <= now)
    ]
    links = ctx.stores.ledger.links_by_sf(work.sobject, [i.sf_id for i in due if i.sf_id])
    work.links.update({link.id: link for link in links.values() if link.state is LinkState.ACTIVE})
    missing = [i.sf_id for i in due if i.sf_id and i.sf_id not in links and i.sf_id not in work.candidates]
    clause = _clause(ctx, work.sobject)
    if clause is None or not missing:
        return
    # Only who is still selected may be sent: the record, or the selection, may have changed since it failed.
    live = await selected_among(ctx, work.sobject, missing, clause)
    if ctx.dry is None:
        for sf_id in set(missing) - set(live):
            ctx.stores.issues.clear(subject_of(work.sobject, sf_id))
    work.candidates.update(live)


def _gather_unseen(ctx: SyncContext, work: Work) -> None:
    after = 0
    if ctx.dry is not None and work.sobject in ctx.remapped:
        # A run marks all of them unseen first; a dry run leaves no mark and takes them from the ledger.
        active = LinkState.ACTIVE
        while page := ctx.stores.ledger.iter_links(sobject=work.sobject, state=active, after_id=after):
            work.links.update({link.id: link for link in page})
            after = page[-1].id
        return
    while page := ctx.stores.ledger.unseen_links(after_id=after):
        work.links.update({link.id: link for link in page if link.sobject is work.sobject})
        after = page[-1].id


def _guard(ctx: SyncContext, works: Sequence[Work]) -> None:
    """Look at the totals before the first write (rule 6.1)."""
    emails = {r.email for w in works for r in w.candidates.values() if r.email}
    known = ctx.stores.index.by_emails(emails) if emails else {}
    check_creates(ctx, len(emails - set(known)))
    for work in works:
        links = list(work.links.values())
        check_emptied(ctx, work.sobject, links, work.records)


async def _carry_out(ctx: SyncContext, work: Work, extra: Sequence[Link], status: StatusQueue) -> None:
    # Linked people first: an address that one of them gives up is then free for somebody new.
    await _work_links(ctx, work, [*work.links.values(), *(x for x in extra if x.sobject is work.sobject)], status)
    if ctx.outbound and work.candidates:
        ordered = sorted(work.candidates.values(), key=lambda r: (r.stamp, r.id))
        await _work_links(ctx, work, await work_candidates(ctx, work.sobject, ordered, status), status)


async def _work_links(ctx: SyncContext, work: Work, links: Sequence[Link], status: StatusQueue) -> None:
    current = [_current(ctx, link) for link in {(x.sf_id): x for x in links}.values()]
    await work_pairs(
        ctx, work.sobject, [x for x in current if x is not None], records=work.records, status=status
    )


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
