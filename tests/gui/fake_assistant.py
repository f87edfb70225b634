"""An assistant with believable data and switchable states; every answer can be delayed or made to fail."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from acassist.assistant.events import IssuesChanged, RunEnded, RunProgress, RunStarted, SetupChanged, StatusChanged
from acassist.assistant.explain import Explanation
from acassist.assistant.views import CheckItem, Level, RecordRef, Status, StepCard
from acassist.domain.ledger import HistoryItem, Issue, Preview, RunDirection, RunSummary
from acassist.domain.merge import FirstLinkChoice
from acassist.domain.profile import STEP_TITLES, Setup, Step
from acassist.domain.text import Message
from acassist.sync.undo import UndoReport
from tests.gui import fake_data as data
from tests.gui.fake_backfill import FakeBackfill
from tests.gui.fake_desk import FakeDecisions, FakeDesk
from tests.gui.fake_people import FakePeople
from tests.gui.fake_steps import FakeSteps
from tests.gui.fake_sweeps import FakeSweeps

_SUMMARIES = {
    Step.CONNECTIONS: "Connect ActiveCampaign and Salesforce",
    Step.MAPPING: "Choose which fields belong together",
    Step.OUTBOUND: "Choose which leads and contacts are sent, and how often",
    Step.CX_AUTOMATION: "Send campaigns and start automations from a record",
}


class FakeAssistant(FakeSteps, FakePeople, FakeBackfill, FakeSweeps):
    """Implements AssistantPort. `fail` holds problems by method name; `delay` seconds before answers."""

    def __init__(self, *, now: datetime, setup: Setup | None = None) -> None:
        super().__init__(now=now, setup=setup)
        self.decisions = FakeDecisions(self)
        self.desk = FakeDesk(self)
        self.prepare_backfill()
        self.prepare_sweeps()

    # -- state
    async def status(self) -> Status:
        await self._answer("status")
        done = len(self.current.finished)
        complete = done == 4
        sentence = Message("Setup: {done} of 4 steps done", {"done": done})
        if complete:
            sentence = Message("Everything is in sync") if self.current.started else Message("Ready to start")
        if self.running:
            sentence = Message("Syncing")
        blocked = None if self.current.started else Message("Finish the four steps and press Start first.")
        return Status(
            sentence=sentence,
            level=Level.BUSY if self.running else Level.OK if self.current.started else Level.IDLE,
            profile="Acme GmbH" if self.org else "New profile",
            steps_done=done, started=self.current.started, running=self.running, paused=self.current.paused,
            in_sync=8_412 if complete else 0, waiting=37 if complete else 0, need_you=3 if complete else 0,
            next_run=self.now + timedelta(minutes=30) if self.current.started else None,
            last_run=data.run_list(self.now)[0] if self.current.started else None,
            sync_blocked=blocked, calls_sf=(12_588, 100_000) if self.org else None, calls_ac=431 if self.account else 0,
            sandbox_service=self.sandbox, role=self.current.role,
        )  # fmt: skip

    async def setup(self) -> Setup:
        await self._answer("setup")
        return self.current

    async def step_cards(self) -> list[StepCard]:
        await self._answer("step_cards")
        locked = None if self.current.done(Step.CONNECTIONS) else Message("Finish System connections first.")
        return [
            StepCard(
                step, number, Message(STEP_TITLES[step]), Message(_SUMMARIES[step]), self.current.done(step),
                step in self.drafts, None if step is Step.CONNECTIONS else locked,
            )
            for number, step in enumerate(Step, start=1)
        ]  # fmt: skip

    # -- ready and sync
    async def first_match(self) -> Preview:
        await self._answer("first_match")
        return Preview() if self.empty else data.first_match()

    async def start(self, choices: Mapping[str, FirstLinkChoice] | None = None) -> RunSummary:
        await self._answer("start", dict(choices or {}))
        self.current = replace(self.current, started=True)
        return await self._run(RunDirection.BOTH)

    async def preview(self, direction: RunDirection = RunDirection.BOTH) -> Preview:
        await self._answer("preview", direction)
        found = data.first_match()
        return Preview() if self.empty else found if self.remapped else replace(found, differences=())

    async def sync_now(self, direction: RunDirection = RunDirection.BOTH, *, yes: bool = False) -> RunSummary:
        await self._answer("sync_now", direction, yes)
        return await self._run(direction)

    async def _run(self, direction: RunDirection) -> RunSummary:
        self.running = True
        self.events.emit(RunStarted(42, direction))
        self.events.emit(
            RunProgress(42, Message("Sending leads to ActiveCampaign"), 6_200, 10_000, 1_500.0, 120.0, 9, 41)
        )
        await asyncio.sleep(self.delay.get("run", 0))
        self.running = False
        summary = replace(data.run_list(self.now)[0], id=42, direction=direction)
        self.events.emit(RunEnded(summary))
        self.events.emit(StatusChanged())
        return summary

    async def take_over(self) -> None:
        await self._answer("take_over")
        self.events.emit(StatusChanged())

    async def cancel_run(self) -> None:
        await self._answer("cancel_run")

    async def set_paused(self, paused: bool) -> None:
        await self._answer("set_paused", paused)
        self.current = replace(self.current, paused=paused)
        self.events.emit(StatusChanged())

    async def runs(self, limit: int = 50, before_id: int | None = None) -> list[RunSummary]:
        await self._answer("runs", limit, before_id)
        found = [run for run in data.run_list(self.now) if before_id is None or run.id < before_id]
        return [] if self.empty else found[:limit]

    async def run_items(self, run_id: int, limit: int = 500, before_id: int | None = None) -> list[HistoryItem]:
        await self._answer("run_items", run_id)
        return [] if self.empty or before_id else data.history(self.now)

    async def issues(self, limit: int = 500) -> list[Issue]:
        await self._answer("issues")
        return [] if self.empty or not self.current.complete else data.issue_list(self.now)

    async def retry_issue(self, issue_id: int) -> None:
        await self._answer("retry_issue", issue_id)

    async def ignore_issue(self, issue_id: int) -> None:
        await self._answer("ignore_issue", issue_id)
        self.events.emit(IssuesChanged(2))

    async def undo_run(self, run_id: int) -> UndoReport:
        await self._answer("undo_run", run_id)
        return data.undo_report(self.now)

    async def explain(self, ref: RecordRef) -> Explanation:
        await self._answer("explain", ref)
        return data.explanation(blocked=not self.empty)

    # -- settings
    async def preference(self, name: str) -> Any:
        await self._answer("preference", name)
        return self.preferences.get(name)

    async def set_preference(self, name: str, value: Any) -> None:
        await self._answer("set_preference", name, value)
        self.preferences[name] = value

    async def export_setup(self) -> dict[str, Any]:
        await self._answer("export_setup")
        return {"version": 1}

    async def import_setup(self, data: Mapping[str, Any]) -> Setup:
        await self._answer("import_setup")
        return self.current

    async def disconnect(self, *, forget: bool = False, export: Path | None = None) -> bool:
        await self._answer("disconnect", forget, *([export] if export else []))
        self.current, self.account, self.org = Setup(), None, None
        self.events.emit(SetupChanged())
        self.events.emit(StatusChanged())
        return self.revokes

    async def doctor(self) -> list[CheckItem]:
        await self._answer("doctor")
        return data.check_items()
