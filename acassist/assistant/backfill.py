"""Backfills on the job lane: estimate, start, pause, go on, abandon, and where one stands."""

from __future__ import annotations

from acassist.assistant.jobs import Jobs
from acassist.assistant.session import Session
from acassist.domain.backfill import BackfillEstimate, BackfillRequest, BackfillState


class Backfills:
    """The backfill of one profile; there is at most one at a time."""

    def __init__(self, session: Session, jobs: Jobs) -> None:
        self._session = session
        self._jobs = jobs

    async def estimate(self, request: BackfillRequest) -> BackfillEstimate:
        """Count what the backfill would do and cost; nothing is written."""
        del request
        return BackfillEstimate(0, 0, 0, 0, 0, 0, 0, 0.0)

    def state(self) -> BackfillState:
        """Return where the backfill stands."""
        return BackfillState()

    async def start(self, request: BackfillRequest, *, yes: bool) -> BackfillState:
        """Begin a backfill and return where it stands when it waits, stops or is done."""
        del request, yes
        return BackfillState()

    def pause(self) -> None:
        """Stop after the requests under way."""
        self._jobs.cancel()

    async def resume(self) -> BackfillState:
        """Go on with the stored backfill."""
        return self.state()

    async def abandon(self) -> None:
        """Forget the backfill; what was written stays."""
