"""The schedule while the program runs: the outbound job, the ten-minute inbound batch, catch-up after sleep."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from acassist.assistant.events import Alert
from acassist.assistant.jobs import Jobs
from acassist.assistant.session import Session
from acassist.domain.ledger import RunDirection, RunState
from acassist.domain.problem import Problem, ProblemCode, ProblemError
from acassist.domain.schedule import INBOUND_CONTACTS, inbound_due, next_run
from acassist.http import Priority
from acassist.storage.backups import back_up_daily
from acassist.sync.observe import DELTA_CURSOR

# How often the runner looks; the check for 100 changed contacts costs one call (rule 5.5).
LOOK_SECONDS = 20.0
CHECK_EVERY = timedelta(minutes=2)
# So often an inbound batch is made although no contact changed.
WHOLE_EVERY = timedelta(hours=1)
# A run that takes long, or a computer that wakes up, is not late yet.
GRACE = timedelta(hours=1)
_GOOD = (RunState.DONE, RunState.PARTIAL)
_INBOUND = RunDirection.INBOUND
_LAST_INBOUND = "runner.last_inbound"
_LAST_OUTBOUND = "runner.last_outbound"


@dataclass(slots=True)
class Runner:
    """Starts runs when they are due; missed ones collapse into one (rule 5.6)."""

    session: Session
    jobs: Jobs
    _checked: datetime | None = None
    _failed_at: datetime | None = None
    _late: bool = False
    _full: bool = False

    def next_outbound(self) -> datetime | None:
        """Return when the outbound job is due next, in local time; None while none is scheduled."""
        setup = self.session.setup
        if setup.outbound.schedule is None or not setup.started or setup.ask_each_time:
            return None
        return next_run(
            setup.outbound.schedule,
            scheduled_at=setup.outbound.scheduled_at or self.session.machine.clock.now(),
            last_run=self._last(_LAST_OUTBOUND),
            zone=self.session.machine.zone,
        )

    def _last(self, name: str) -> datetime | None:
        value = self.session.stores.settings.get(name)
        return datetime.fromisoformat(value) if value else None

    def overdue(self) -> datetime | None:
        """Return when the run was due that has been missing for longer than an hour; None while all is well."""
        setup, now = self.session.setup, self.session.machine.clock.now()
        if setup.outbound.schedule is None or not setup.started or setup.paused or setup.ask_each_time:
            return None
        good = (r for r in self.session.stores.history.runs(50) if r.state in _GOOD and r.direction is not _INBOUND)
        last = next((run.ended or run.started for run in good), None)
        due = next_run(
            setup.outbound.schedule,
            scheduled_at=setup.outbound.scheduled_at or now,
            last_run=last,
            zone=self.session.machine.zone,
        )
        return due if due is not None and now - due > GRACE else None

    def _copy(self) -> None:
        """Make the copy of the day, when it is due; a full disk is told and stops nothing."""
        try:
            back_up_daily(self.session.stores.db)
        except ProblemError as error:
            if not self._full:
                self.session.events.emit(Alert(error.problem))
            self._full = True
        else:
            self._full = False

    def _watch(self) -> None:
        """Tell once when the schedule is not kept."""
        due = self.overdue()
        if due is not None and not self._late:
            self.session.events.emit(Alert(Problem(ProblemCode.RUN_OVERDUE, values={"when": due})))
        self._late = due is not None

    def note_run(self, direction: RunDirection) -> None:
        """Remember that a run was made, whoever asked for it."""
        now = self.session.machine.clock.now().isoformat()
        if direction is not RunDirection.INBOUND:
            self.session.stores.settings.put(_LAST_OUTBOUND, now)
        if direction is not RunDirection.OUTBOUND:
            self.session.stores.settings.put(_LAST_INBOUND, now)

    async def forever(self) -> None:
        """Look for due runs until cancelled."""
        while True:
            self._copy()
            await self.look()
            await self._tend()
            await self.session.machine.clock.sleep(LOOK_SECONDS)

    async def _tend(self) -> None:
        """Give the hourly sign of life apart from the runs; a pair that was taken over is told once."""
        lost = await self.jobs.pairing.tend()
        if lost is not None:
            self.session.events.emit(Alert(lost))

    async def look(self) -> Problem | None:
        """Make the run that is due, if one is; returns the problem that stopped it."""
        self._watch()
        setup = self.session.setup
        if not setup.started or setup.paused or self.jobs.running or self._backing_off():
            return None
        try:
            await self._make_due()
        except ProblemError as error:
            self._failed_at = self.session.machine.clock.now()
            return error.problem
        self._failed_at = None
        return None

    def _backing_off(self) -> bool:
        """After a stop the next try waits as long as an inbound batch would."""
        now = self.session.machine.clock.now()
        return self._failed_at is not None and now - self._failed_at < timedelta(minutes=10)

    async def _make_due(self) -> None:
        now = self.session.machine.clock.now()
        due = self.next_outbound()
        if due is not None and due <= now:
            await self.make(RunDirection.BOTH, cause="schedule")
        elif await self._inbound_due(now):
            await self.make(RunDirection.INBOUND, cause="inbound")

    async def make(self, direction: RunDirection, *, cause: str) -> None:
        """Make one run and remember it."""
        self.note_run(direction)
        await self.jobs.sync(direction, yes=False, cause=cause)

    async def _inbound_due(self, now: datetime) -> bool:
        """Ask for the number of changed contacts, in one call and at most every two minutes (rule 5.5).

        Where nothing changed no batch is made and Salesforce is not asked, but for one batch an hour: a tag that was
        added need not show as a change of its contact.
        """
        last = self._last(_LAST_INBOUND)
        if last is None or now - last >= WHOLE_EVERY:
            return True
        if not self._may_ask(now, last):
            return False
        self._checked = now
        changed = await self._changed()
        return changed > 0 and inbound_due(now, last_batch=last, changed=changed)

    def _may_ask(self, now: datetime, last: datetime) -> bool:
        """Ask every two minutes, and as soon as a batch would be due."""
        if self._checked is None or now - self._checked >= CHECK_EVERY:
            return True
        return not inbound_due(self._checked, last_batch=last, changed=0) and inbound_due(
            now, last_batch=last, changed=0
        )

    async def _changed(self) -> int:
        """Count the contacts changed since they were last read, up to a page; the service's own time decides."""
        seen = self.session.stores.ledger.cursor(DELTA_CURSOR)
        if seen is None:
            return INBOUND_CONTACTS
        client = await self.session.activecampaign(Priority.JOB)
        async for page in client.contacts(updated_after=datetime.fromisoformat(seen)):
            return min(len(page), INBOUND_CONTACTS)
        return 0
