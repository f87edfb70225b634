"""This installation and the pair that it syncs: claiming it before a run, the hourly sign of life, taking over."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable

from acassist.activecampaign.connection import Installation
from acassist.assistant.events import StatusChanged
from acassist.assistant.session import Session
from acassist.domain.ids import to18
from acassist.domain.problem import Problem, ProblemCode, ProblemError
from acassist.http import Priority
from acassist.sync.installation import Heart, Holder, Pair

_INSTALLATION = "installation"
_LOOK_EVERY = 60.0
LOST = {ProblemCode.OTHER_INSTALLATION, ProblemCode.TAKE_OVER_NEEDED}
_log = logging.getLogger(__name__)


class Pairing:
    """The entry in ActiveCampaign that names who runs the sync (rule 6.6), as one profile sees it."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._beating: asyncio.Task[None] | None = None
        self._looked: float | None = None

    @property
    def session(self) -> Session:
        """Return the profile."""
        return self._session

    # -- who we are
    def me(self) -> Installation:
        """Return this installation: an id of its own, and a name for people that holds the computer's."""
        stored = self._session.stores.settings.get(_INSTALLATION)
        key = str(stored["id"]) if isinstance(stored, dict) else self._new_id()
        machine, org = self._session.machine, self._session.setup.salesforce
        label = f"Setup Assistant on {machine.computer or 'a computer'} ({key[:8]})"
        return Installation(key, label, org.instance_url if org else "")

    def _new_id(self) -> str:
        machine = self._session.machine
        key = machine.fresh_id()
        if self._session.writer:
            self._session.stores.settings.put(_INSTALLATION, {"id": key, "computer": machine.computer})
        return key

    def settle_in(self) -> None:
        """Take a new id where the profile came from another computer: two must not look like one."""
        stored = self._session.stores.settings.get(_INSTALLATION)
        if isinstance(stored, dict) and stored.get("computer") != self._session.machine.computer:
            self._new_id()

    def heart(self) -> Heart:
        """Return what keeps the entry of the connected pair; raises SETUP_INCOMPLETE."""
        session = self._session
        sf, ac = session.setup.salesforce, session.setup.activecampaign
        if sf is None or ac is None:
            raise ProblemError(Problem(ProblemCode.SETUP_INCOMPLETE))
        pair = Pair(to18(sf.org_id), ac.account or ac.api_url, self.me())
        return Heart(session.stores.settings, session.machine.clock, pair)

    # -- looking
    async def holder(self) -> Holder:
        """Read who runs the sync of this pair; one call, nothing is written."""
        return await self.heart().look(await self._session.activecampaign())

    # -- holding
    async def check(self) -> Callable[[], Awaitable[None]]:
        """Make sure that nobody else runs the sync; return what gives the sign of life once the run may write.

        Nothing is asked or written while the last sign is young. Raises OTHER_INSTALLATION or TAKE_OVER_NEEDED.
        """
        heart, client = self.heart(), await self._session.activecampaign(Priority.JOB)
        holder = await heart.check(client)

        async def sign() -> None:
            if holder is not None:
                await heart.sign(client, holder)

        return sign

    async def take_over(self) -> None:
        """Take the pair over from a silent installation, on a person's word; raises OTHER_INSTALLATION."""
        self._session.require_manager()
        await self.heart().beat(await self._session.activecampaign(), take_over=True)
        self._session.events.emit(StatusChanged())

    async def introduce(self) -> None:
        """Write the entry once both ends are connected; what stands in the way is left to the first run."""
        if self._session.viewer:
            return
        self.settle_in()
        try:
            await self.heart().beat(await self._session.activecampaign())
        except ProblemError as error:
            _log.info("connection entry not written: %s", error.problem.code.value)

    async def tend(self) -> Problem | None:
        """Give a sign of life when one is due; returns why another installation holds the pair now."""
        if not self._may_beat():
            return None
        try:
            await self.heart().beat(await self._session.activecampaign(Priority.JOB))
        except ProblemError as error:
            # A network that is away is told by the run; only a lost pair matters here.
            return error.problem if error.problem.code in LOST else None
        return None

    def _may_beat(self) -> bool:
        setup = self._session.setup
        ready = setup.complete and setup.started and not setup.paused
        heart = self.heart() if ready else None
        # Whoever never held the pair claims it with a run, not in passing.
        return heart is not None and heart.holds() and heart.due()

    def tend_aside(self, lost: Callable[[Problem], None]) -> None:
        """Give a due sign of life while a long run goes on; `lost` is told when another installation took over."""
        now = self._session.machine.clock.monotonic()
        # Progress is told many times a second; the profile is asked once a minute.
        if self._looked is not None and now - self._looked < _LOOK_EVERY:
            return
        self._looked = now
        if (self._beating is None or self._beating.done()) and self._may_beat():
            self._beating = asyncio.create_task(self._tend_or_tell(lost), name="sign of life")

    async def _tend_or_tell(self, lost: Callable[[Problem], None]) -> None:
        problem = await self.tend()
        if problem is not None:
            lost(problem)

    async def leave(self) -> bool:
        """Delete the entry when it is ours; False when ActiveCampaign could not be asked."""
        session = self._session
        if session.setup.activecampaign is None or session.setup.salesforce is None:
            return True
        try:
            return await self.heart().leave(await session.activecampaign())
        except ProblemError as error:
            _log.warning("connection entry not removed: %s", error.problem.code.value)
            return False

    async def close(self) -> None:
        """End a sign of life under way."""
        if self._beating is not None:
            self._beating.cancel()
            await asyncio.gather(self._beating, return_exceptions=True)
