"""Sweeps for the window and the command line: where they stand, their allowance, and a full turn right away."""

from __future__ import annotations

from acassist.assistant.events import StatusChanged
from acassist.assistant.jobs import Jobs
from acassist.assistant.runner import Runner
from acassist.assistant.session import Session
from acassist.domain.ledger import RunDirection
from acassist.domain.sweeps import MOST_ALLOWED, SweepKind, SweepStanding
from acassist.sync.sweeps import standing


class Sweeps:
    """The rolling sweeps of one profile."""

    def __init__(self, session: Session, jobs: Jobs, runner: Runner) -> None:
        self._session, self._jobs, self._runner = session, jobs, runner

    def standings(self) -> tuple[SweepStanding, ...]:
        """Tell where every sweep stands, in the order of `SweepKind`; makes no call."""
        return tuple(self.standing(kind) for kind in SweepKind)

    def standing(self, kind: SweepKind) -> SweepStanding:
        """Tell where one sweep stands."""
        return standing(self._session.stores, kind, self._session.machine.clock.now().date().isoformat())

    def set_allowance(self, kind: SweepKind, calls: int) -> None:
        """Let a sweep make this many calls a day, 0 to switch it off; kept in the audit log."""
        stored = min(MOST_ALLOWED, max(0, calls))
        if stored != self._session.stores.sweeps.allowance(kind):
            self._session.stores.sweeps.set_allowance(kind, stored)
            self._session.events.emit(StatusChanged())

    async def now(self, kind: SweepKind) -> SweepStanding:
        """Read everything of one kind now, whatever its allowance, and carry out what it finds, as a run.

        Raises whatever stops a run, for instance BRAKE.
        """
        await self._jobs.sync(RunDirection.BOTH, yes=False, cause="sweep", sweep=kind)
        self._runner.note_run(RunDirection.BOTH)
        return self.standing(kind)
