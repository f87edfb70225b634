"""Backfills on the job lane: estimate, start, pause, go on, abandon, and where one stands."""

from __future__ import annotations

from acassist.assistant.jobs import Jobs
from acassist.assistant.session import Session
from acassist.domain.backfill import UNFINISHED, BackfillEstimate, BackfillRequest, BackfillState
from acassist.domain.problem import Problem, ProblemCode, ProblemError
from acassist.http import Priority
from acassist.sync.backfill.book import Book
from acassist.sync.backfill.estimate import estimate
from acassist.sync.backfill.run import run_backfill
from acassist.sync.context import SyncContext
from acassist.sync.run import load_schema


class Backfills:
    """The backfill of one profile; there is at most one at a time."""

    def __init__(self, session: Session, jobs: Jobs) -> None:
        self._session = session
        self._jobs = jobs
        self._book: Book | None = None
        """The backfill that is being carried out right now."""

    async def estimate(self, request: BackfillRequest) -> BackfillEstimate:
        """Count what the backfill would do and cost; nothing is written, and a run under way is not waited for."""
        ctx = await self._looking()
        await load_schema(ctx)
        return await estimate(ctx, request)

    async def _looking(self) -> SyncContext:
        session = self._session
        if not session.setup.complete:
            raise ProblemError(Problem(ProblemCode.SETUP_INCOMPLETE))
        salesforce = await session.salesforce(Priority.INTERACTIVE)
        activecampaign = await session.activecampaign(Priority.INTERACTIVE)
        return SyncContext(session.setup, salesforce, activecampaign, session.stores, session.machine.clock)

    def state(self) -> BackfillState:
        """Return where the backfill stands."""
        if self._book is not None:
            return self._book.state(active=True)
        stored = Book.load(self._session.stores.settings)
        return BackfillState() if stored is None else stored.state(active=False)

    async def start(self, request: BackfillRequest, *, yes: bool) -> BackfillState:
        """Begin a backfill and return where it stands when it waits, stops or is done."""
        session = self._session
        session.require_manager()
        if not session.setup.complete:
            raise ProblemError(Problem(ProblemCode.SETUP_INCOMPLETE))
        if not session.setup.started:
            raise await self._jobs.preview_needed()
        if self.state().phase in UNFINISHED:
            raise ProblemError(Problem(ProblemCode.BACKFILL_UNFINISHED))
        return await self._carry_out(Book(request, session.machine.clock.now()), go=yes)

    def pause(self) -> None:
        """Stop after the requests under way."""
        if self._book is not None:
            self._jobs.cancel()

    async def resume(self) -> BackfillState:
        """Go on with the stored backfill; this is also the go after the five people."""
        self._session.require_manager()
        stored = Book.load(self._session.stores.settings)
        if stored is None or stored.phase not in UNFINISHED or self._book is not None:
            raise ProblemError(Problem(ProblemCode.BACKFILL_NONE))
        return await self._carry_out(stored, go=True)

    async def _carry_out(self, book: Book, *, go: bool) -> BackfillState:
        self._book = book
        try:
            await self._jobs.backfill(lambda ctx: run_backfill(ctx, book, go=go))
        except ProblemError:
            # What stopped it is told by the state; what came before its first step is the caller's.
            if book.problem is None:
                raise
        finally:
            self._book = None
        return self.state()

    async def abandon(self) -> None:
        """Forget the backfill; what was written stays. One under way is stopped first."""
        self.pause()
        await self._jobs.alone(self._forget)

    async def _forget(self) -> None:
        Book.forget(self._session.stores.settings)


class BackfillCalls:
    """The part of the facade that concerns backfills."""

    backfills: Backfills

    async def backfill_estimate(self, request: BackfillRequest) -> BackfillEstimate:
        """Count what a backfill would do and cost."""
        return await self.backfills.estimate(request)

    async def start_backfill(self, request: BackfillRequest, *, yes: bool = False) -> BackfillState:
        """Begin a backfill."""
        return await self.backfills.start(request, yes=yes)

    async def backfill_state(self) -> BackfillState:
        """Return where the backfill stands."""
        return self.backfills.state()

    async def pause_backfill(self) -> None:
        """Stop after the requests under way."""
        self.backfills.pause()

    async def resume_backfill(self) -> BackfillState:
        """Go on with the stored backfill."""
        return await self.backfills.resume()

    async def abandon_backfill(self) -> None:
        """Forget the backfill; what was written stays."""
        await self.backfills.abandon()
