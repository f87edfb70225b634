"""One stretch of a backfill as a run of its own: checks, recovery, the five people, then everybody else."""

from __future__ import annotations

from dataclasses import replace

from acassist.domain.backfill import BackfillPhase
from acassist.domain.ids import Service, SObject
from acassist.domain.problem import Problem, ProblemCode, ProblemError
from acassist.domain.profile import Setup
from acassist.domain.tags import WRITTEN_TAGS
from acassist.domain.text import N_, Message
from acassist.salesforce.soql import all_of, count, quote
from acassist.sync.backfill.book import Book
from acassist.sync.backfill.flow import Flow
from acassist.sync.backfill.source import chunks, condition
from acassist.sync.backfill.trial import try_five
from acassist.sync.context import SyncContext
from acassist.sync.observe import observe_activecampaign
from acassist.sync.run import prepare, state_of
from acassist.sync.tagging import tag_id

CAUSE = "backfill"


def setup_for(setup: Setup, book: Book) -> Setup:
    """Return the set-up with the wishes of the request in place of what the outbound settings say."""
    request = book.request
    outbound = replace(setup.outbound, subscribe_lists=request.subscribe_lists)
    if request.sobject is SObject.LEAD:
        outbound = replace(outbound, lead=request.selection)
    else:
        outbound = replace(outbound, contact=request.selection)
    defaults = replace(setup.defaults, run_automations=request.run_automations)
    return replace(setup, outbound=outbound, defaults=defaults)


async def run_backfill(ctx: SyncContext, book: Book, *, go: bool) -> None:
    """Carry a backfill on until it waits for a go, is stopped or done; `go` goes on after the five people.

    The book tells how it ended. Raises ProblemError after everything was stored, when a problem stopped it.
    """
    history, settings = ctx.stores.history, ctx.stores.settings
    history.close_killed()
    ctx.setup = setup_for(ctx.setup, book)
    ctx.bulk_from = 1
    before = (ctx.salesforce.calls() or (0, 0))[0], ctx.activecampaign.calls_made()
    ctx.run_id = book.run_id = history.start_run(ctx.direction, CAUSE)
    book.problem = None
    problem: Problem | None = Problem(ProblemCode.CANCELLED)
    try:
        await _perform(ctx, book, go=go)
        problem = None
    except ProblemError as error:
        problem = error.problem
        if problem.code is not ProblemCode.CANCELLED:
            raise
    finally:
        _end(book, problem)
        used = (ctx.salesforce.calls() or (0, 0))[0] - before[0], ctx.activecampaign.calls_made() - before[1]
        counters = ctx.tally.counters(max(0, used[0]), max(0, used[1]))
        with ctx.stores.db.transaction():
            history.finish_run(ctx.run_id, state_of(problem, ctx.tally.issues), counters, problem)
            book.save(settings)


def _end(book: Book, problem: Problem | None) -> None:
    if problem is None:
        return
    cancelled = problem.code is ProblemCode.CANCELLED
    book.phase = BackfillPhase.PAUSED if cancelled else BackfillPhase.STOPPED
    book.problem = None if cancelled else problem


async def _perform(ctx: SyncContext, book: Book, *, go: bool) -> None:
    _enter(ctx, book, BackfillPhase.COUNTING)
    await _recovered(ctx, book)
    for name in WRITTEN_TAGS:
        await tag_id(ctx, name)
    await observe_activecampaign(ctx)
    await _count(ctx, book)
    _check_room(ctx, book)
    if not book.tried:
        _enter(ctx, book, BackfillPhase.CANARY)
        book.tried = await try_five(ctx, book)
        if book.tried and not go:
            _enter(ctx, book, BackfillPhase.WAITING_FOR_GO)
            return
    _enter(ctx, book, BackfillPhase.RUNNING)
    await Flow(ctx, book).run(chunks(ctx, book))
    _enter(ctx, book, BackfillPhase.DONE)


def _enter(ctx: SyncContext, book: Book, phase: BackfillPhase) -> None:
    book.phase = phase
    book.save(ctx.stores.settings)


async def _recovered(ctx: SyncContext, book: Book) -> None:
    """Check both ends and settle what was cut off; who was created by it counts as created."""
    before = ctx.stores.ledger.count_links()
    await prepare(ctx)
    org = await ctx.salesforce.org_id()
    if book.org and book.org != org:
        raise ProblemError(Problem(ProblemCode.OTHER_ORG, service=Service.SALESFORCE))
    book.org = org
    found = ctx.stores.ledger.count_links() - before
    book.counts = replace(book.counts, created=book.counts.created + max(0, found))


async def _count(ctx: SyncContext, book: Book) -> None:
    """Count what is left, so that progress and its end can be told."""
    ctx.report(Message(N_("Counting the records")), 0, None)
    behind = f"Id > {quote(book.cursor)}" if book.cursor else None
    clause = all_of([condition(ctx, book.request), behind]) or None
    book.total = book.reached + await ctx.salesforce.count(count(book.request.sobject, where=clause))


def _check_room(ctx: SyncContext, book: Book) -> None:
    """Stop before the first write when the plan cannot hold them, even if it knew all it can know (rule 6.1)."""
    left = book.total - book.reached
    least = left - ctx.stores.index.count() if not book.reached else 0
    if ctx.room is not None and least > ctx.room:
        values = {"what": "subscriber_limit", "count": least, "limit": ctx.room}
        raise ProblemError(Problem(ProblemCode.BRAKE, "subscriber_limit", values))
