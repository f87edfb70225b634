"""Runs and previews: one at a time, cancellable between two actions, with progress events and remembered counts."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any, TypeVar

from acassist.assistant.announced import announce, hold_to, redeem
from acassist.assistant.events import Alert, IssuesChanged, RunEnded, RunProgress, RunStarted, StatusChanged
from acassist.assistant.pairing import LOST, Pairing
from acassist.assistant.session import Session
from acassist.domain.ids import Service
from acassist.domain.ledger import (
    HistoryAction,
    HistoryItem,
    KeptDifference,
    PlannedChange,
    Preview,
    RunDirection,
    RunState,
    RunSummary,
)
from acassist.domain.merge import FirstLinkChoice, Rule
from acassist.domain.problem import Problem, ProblemCode, ProblemError
from acassist.domain.profile import Setup
from acassist.domain.sweeps import SweepKind
from acassist.domain.text import Message
from acassist.http import Priority
from acassist.sync.context import Progress, SyncContext, Tally
from acassist.sync.run import load_schema, perform, prepare, run
from acassist.sync.tagging import load_tags
from acassist.sync.undo import UndoReport, undo_run
from acassist.sync.verify import VerifyReport, verify, verify_pages

T = TypeVar("T")

SHOWN = 5000
_CONFLICTS = {ProblemCode.CONFLICT, ProblemCode.TWIN_EDIT}


class Jobs:
    """Makes runs on the engine thread; a second one waits for the first."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._lock = asyncio.Lock()
        self._cancelled = False
        self.pairing = Pairing(session)
        self.current: RunProgress | None = None
        self.comparing = False
        """True while a preview is made: nothing is written."""
        self.problem: Problem | None = None
        """Why the last run stopped; None after one that did not."""
        self._stopped_with: Setup | None = None

    @property
    def running(self) -> bool:
        """Tell whether a run or preview is under way."""
        return self._lock.locked()

    @property
    def braked(self) -> bool:
        """Tell whether a brake stopped the last run of this very set-up: who goes on from its preview has answered it.

        A set-up that was changed since may overwrite or empty something else.
        """
        stopped = self.problem is not None and self.problem.code is ProblemCode.BRAKE
        return stopped and self._stopped_with == self._session.setup

    def cancel(self) -> None:
        """Stop the run under way between two actions."""
        self._cancelled = True

    async def _context(self, direction: RunDirection, *, yes: bool = False) -> SyncContext:
        session = self._session
        session.require_manager()
        return SyncContext(
            session.setup,
            await session.salesforce(Priority.JOB),
            await session.activecampaign(Priority.JOB),
            session.stores,
            session.machine.clock,
            direction=direction,
            yes=yes,
            cancelled=lambda: self._cancelled,
            choices=_choices(session),
        )

    def remember_choices(self, choices: Mapping[str, FirstLinkChoice]) -> None:
        """Keep what was chosen per field; a later start answers for new fields, what was chosen before stays."""
        settings = self._session.stores.settings
        known = settings.get("first_link_choices") if self._session.setup.started else None
        stored = {**(known or {}), **{key: choice.value for key, choice in choices.items()}}
        settings.put("first_link_choices", stored)

    @asynccontextmanager
    async def _lone(self) -> AsyncIterator[None]:
        """Do something while no run is under way; who was told of it meanwhile hears when it has ended."""
        try:
            async with self._lock:
                yield
        finally:
            self._session.events.emit(StatusChanged())

    async def preview(self, direction: RunDirection) -> Preview:
        """Make a dry run: the same path, stopped before every write."""
        async with self._lone():
            self._cancelled = False
            self.comparing = True
            try:
                ctx = await self._context(direction)
                ctx.dry = []
                ctx.report = self._reporter(ctx)
                await perform(ctx)
                announce(self._session, ctx)
            finally:
                self.current, self.comparing = None, False
            return replace(summarize(ctx.dry), differences=_differences(ctx.kept))

    async def sync(
        self,
        direction: RunDirection,
        *,
        yes: bool,
        cause: str,
        accepted: bool = False,
        sweep: SweepKind | None = None,
    ) -> RunSummary:
        """Make a run. Raises PREVIEW_NEEDED before the first one unless `yes`, and whatever stops the run.

        `accepted` tells that a person saw the preview of a first run or of a changed mapping and went on; brakes
        hold all the same. `sweep` makes a full turn of one sweep.
        """
        session = self._session
        session.require_manager()
        if not session.setup.complete:
            raise ProblemError(Problem(ProblemCode.SETUP_INCOMPLETE))
        if not session.setup.started and not yes and not accepted:
            raise await self._preview_needed()
        async with self._lock:
            self._cancelled = False
            ctx = await self._context(direction, yes=yes)
            ctx.accepted, ctx.sweep_now = accepted, sweep
            hold_to(session, ctx)
            return await self._run(ctx, cause=cause)

    async def _preview_needed(self) -> ProblemError:
        preview = await self.preview(RunDirection.BOTH)
        values = {
            "creates_ac": preview.creates_ac,
            "creates_sf": preview.creates_sf,
            "links": preview.links,
            "updates": preview.updates_ac + preview.updates_sf,
        }
        return ProblemError(Problem(ProblemCode.PREVIEW_NEEDED, values=values))

    async def _run(self, ctx: SyncContext, *, cause: str) -> RunSummary:
        ctx.report = self._reporter(ctx)
        problem: Problem | None = None
        try:
            await self._check_holder(ctx, cause)
            self._started(ctx)
            used = ctx.salesforce.calls()
            before = (used[0] if used else 0, ctx.activecampaign.calls_made())
            summary = await run(ctx, cause=cause, calls=before)
            redeem(self._session, ctx)
            return summary
        except ProblemError as error:
            problem = error.problem
            raise
        finally:
            self._ended(ctx, problem)

    async def backfill(self, work: Callable[[SyncContext], Coroutine[Any, Any, None]]) -> None:
        """Carry out a stretch of a backfill where runs are made: alone, with progress, and to be cancelled like one."""
        async with self._lock:
            self._cancelled = False
            ctx = await self._context(RunDirection.OUTBOUND)
            ctx.report = self._reporter(ctx)
            problem: Problem | None = None
            try:
                await self._check_holder(ctx, "backfill")
                self._started(ctx)
                await work(ctx)
            except ProblemError as error:
                problem = error.problem
                raise
            finally:
                self._ended(ctx, problem)

    async def preview_needed(self) -> ProblemError:
        """Return the problem that asks for a look at the preview of the first sync."""
        return await self._preview_needed()

    async def _check_holder(self, ctx: SyncContext, cause: str) -> None:
        """Let nobody else run beside it; a failure to ask is a run that stopped, another holder is no run at all."""
        try:
            ctx.claim = await self.pairing.check()
        except ProblemError as error:
            if error.problem.code not in LOST:
                history = self._session.stores.history
                ctx.run_id = history.start_run(ctx.direction, cause)
                history.finish_run(ctx.run_id, RunState.STOPPED, ctx.tally.counters(0, 0), error.problem)
            raise

    def _started(self, ctx: SyncContext) -> None:
        session = self._session
        if not session.setup.started:
            session.store(replace(session.setup, started=True), what="start")
            ctx.setup = session.setup
        session.events.emit(RunStarted(0, ctx.direction))

    def _lost(self, problem: Problem) -> None:
        """Another installation took the pair over meanwhile: stop between two actions, and say so."""
        self._cancelled = True
        self._session.events.emit(Alert(problem))

    def _ended(self, ctx: SyncContext, problem: Problem | None) -> None:
        session = self._session
        told, self.current, self.problem = self.problem, None, problem
        self._stopped_with = session.setup if problem is not None else None
        session.store_calls()
        summary = session.stores.history.run(ctx.run_id) if ctx.run_id is not None else None
        if summary is not None:
            session.events.emit(RunEnded(summary, problem))
        if problem is not None and problem.code is not ProblemCode.CANCELLED and not _same(told, problem):
            session.events.emit(Alert(problem))
        session.events.emit(IssuesChanged(sum(session.stores.issues.counts().values())))
        session.events.emit(StatusChanged())

    def _reporter(self, ctx: SyncContext) -> Progress:
        clock = self._session.machine.clock
        phase_started: dict[str, float] = {}

        def report(phase: Message, done: int, total: int | None) -> None:
            begun = phase_started.setdefault(phase.text, clock.monotonic())
            spent = clock.monotonic() - begun
            self.pairing.tend_aside(self._lost)
            rate = done / spent * 60 if spent > 1 and done else None
            left = (total - done) / rate * 60 if rate and total else None
            used = ctx.salesforce.calls()
            self.current = RunProgress(
                ctx.run_id or 0,
                phase,
                done,
                total,
                rate,
                left,
                calls_sf=used[0] if used else 0,
                calls_ac=ctx.activecampaign.calls_made(),
            )
            self._session.events.emit(self.current)

        return report

    async def alone(self, work: Callable[[], Coroutine[Any, Any, T]]) -> T:
        """Do something while no run is under way, and let runs wait for it."""
        async with self._lone():
            self._cancelled = False
            return await work()

    async def person_context(self) -> SyncContext:
        """Return the context of a single record that a person waits for; raises what stops a run."""
        ctx = await self._context(RunDirection.BOTH)
        ctx.claim = await self.pairing.check()
        ctx.salesforce = await self._session.salesforce(Priority.INTERACTIVE)
        ctx.activecampaign = await self._session.activecampaign(Priority.INTERACTIVE)
        return ctx

    async def undo(self, run_id: int) -> UndoReport:
        """Take back what a run wrote, as a run of its own in the history."""
        items = self._session.stores.history.items(run_id=run_id, limit=100_000)
        return await self.undo_items(items, cause=f"undo {run_id}")

    async def undo_items(self, items: Sequence[HistoryItem], *, cause: str) -> UndoReport:
        """Take back some changes, as a run of its own in the history."""
        async with self._lock:
            ctx = await self._context(RunDirection.BOTH, yes=True)
            ctx.claim = await self.pairing.check()
            ctx.run_id = self._session.stores.history.start_run(RunDirection.BOTH, cause)
            state, problem, tally = RunState.STOPPED, None, Tally()
            try:
                await prepare(ctx)
                report = await undo_run(ctx, items)
                state, tally = RunState.DONE, _restored(report)
            except ProblemError as error:
                problem = error.problem
                raise
            finally:
                self._session.stores.history.finish_run(ctx.run_id, state, tally.counters(0, 0), problem)
                self._session.events.emit(StatusChanged())
            return report

    async def verify(self, limit: int | None) -> VerifyReport:
        """Compare linked pairs on values read now; writes nothing."""
        async with self._lone():
            ctx = await self._context(RunDirection.BOTH)
            await load_schema(ctx)
            return await verify(ctx, limit=limit)

    async def verify_pages(self, limit: int | None, *, tags: bool = True) -> AsyncIterator[VerifyReport]:
        """Compare like `verify` and yield the growing report; a run waits until the caller is done.

        `tags` looks for the sync tags of each chunk, which for all records takes more calls than one look at each tag.
        """
        async with self._lone():
            self._cancelled = False
            ctx = await self._context(RunDirection.BOTH)
            await load_schema(ctx)
            await load_tags(ctx)
            async for report in verify_pages(ctx, limit=limit, tags=tags):
                yield report

    def runs(self, limit: int, before_id: int | None) -> list[RunSummary]:
        """Return the run history, newest first; a run that only looks unfinished is shown as interrupted."""
        rows = self._session.stores.history.runs(limit, before_id)
        if self.running:
            return rows
        return [replace(r, state=RunState.KILLED) if r.state is RunState.RUNNING else r for r in rows]


def _differences(kept: Sequence[KeptDifference]) -> tuple[KeptDifference, ...]:
    """Cut each field's differences at what is shown of changes, so that no field is missing among the choices."""
    counts: Counter[str] = Counter()
    shown = []
    for difference in kept:
        counts[difference.key] += 1
        if counts[difference.key] <= SHOWN:
            shown.append(difference)
    return tuple(shown)


def _restored(report: UndoReport) -> Tally:
    """Count the records that were set back on each side."""
    subjects = {side: {i.subject for i in report.restored if i.target is side} for side in Service}
    return Tally(updated_sf=len(subjects[Service.SALESFORCE]), updated_ac=len(subjects[Service.ACTIVECAMPAIGN]))


def _same(told: Problem | None, problem: Problem) -> bool:
    """Tell whether a person was told already: an alert marks a change of state, not every run that fails."""
    return told is not None and (told.code, told.subject) == (problem.code, problem.subject)


def _choices(session: Session) -> Mapping[str, FirstLinkChoice]:
    stored = session.stores.settings.get("first_link_choices") or {}
    return {key: FirstLinkChoice(value) for key, value in stored.items()}


def _records(changes: Sequence[PlannedChange], target: Service, action: HistoryAction) -> int:
    return len({c.subject for c in changes if c.target is target and c.action is action and c.problem is None})


def summarize(changes: Sequence[PlannedChange]) -> Preview:
    """Count what a dry run found, by record."""
    conflicts = {(c.subject, c.field) for c in changes if c.problem in _CONFLICTS or c.rule == Rule.CONFLICT}
    skipped = {c.subject for c in changes if c.problem is not None and c.problem not in _CONFLICTS}
    links = {c.subject for c in changes if c.action is HistoryAction.LINK}
    return Preview(
        creates_ac=_records(changes, Service.ACTIVECAMPAIGN, HistoryAction.CREATE),
        creates_sf=_records(changes, Service.SALESFORCE, HistoryAction.CREATE),
        updates_ac=_records(changes, Service.ACTIVECAMPAIGN, HistoryAction.UPDATE),
        updates_sf=_records(changes, Service.SALESFORCE, HistoryAction.UPDATE),
        links=len(links),
        skips=len(skipped),
        conflicts=len(conflicts),
        changes=tuple(changes[:SHOWN]),
        truncated=len(changes) > SHOWN,
    )
