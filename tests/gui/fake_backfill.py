"""The backfill of the fake assistant: an estimate, a canary that waits for a go, and switchable states."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from acassist.assistant.events import RunProgress, StatusChanged
from acassist.domain.backfill import (
    BackfillCounts,
    BackfillEstimate,
    BackfillPhase,
    BackfillRequest,
    BackfillState,
)
from acassist.domain.problem import Problem
from acassist.domain.text import Message
from tests.gui.fake_state import FakeState

ESTIMATE = BackfillEstimate(
    records=12_480,
    without_email=312,
    linked=1_900,
    existing=268,
    new=10_000,
    calls_salesforce=160,
    calls_activecampaign=150,
    seconds=35.0,
    notes=(Message("Automations can still start by tags that the backfill adds."),),
)


class FakeBackfill(FakeState):
    """The backfill methods of AssistantPort."""

    def prepare_backfill(self) -> None:
        self.backfill_answer = ESTIMATE
        self.backfill = BackfillState()
        self.backfill_problem: Problem | None = None
        """Stops the next start or resume in the middle."""

    def _backfill_at(self, phase: BackfillPhase, done: int, **more: Any) -> BackfillState:
        counts = BackfillCounts(created=max(0, done - 268), linked=min(done, 268), skipped=312, problems=2, calls=310)
        self.backfill = replace(self.backfill, phase=phase, done=done, counts=counts, **more)
        self.events.emit(StatusChanged())
        return self.backfill

    async def backfill_estimate(self, request: BackfillRequest) -> BackfillEstimate:
        await self._answer("backfill_estimate", request)
        return self.backfill_answer

    async def start_backfill(self, request: BackfillRequest, *, yes: bool = False) -> BackfillState:
        await self._answer("start_backfill", request, yes)
        self.backfill = BackfillState(request=request, started=self.now, run_id=42, total=ESTIMATE.to_send)
        if not yes:
            return self._backfill_at(BackfillPhase.WAITING_FOR_GO, 5)
        return await self._work_backfill()

    async def _work_backfill(self) -> BackfillState:
        self._backfill_at(BackfillPhase.RUNNING, 6_200, active=True, problem=None)
        self.events.emit(RunProgress(42, Message("Sending existing records"), 6_200, 10_268, 1_500.0, 120.0, 99, 101))
        await self._answer("work_backfill")
        if self.backfill.phase is not BackfillPhase.RUNNING:
            return self.backfill
        if self.backfill_problem is not None:
            return self._backfill_at(BackfillPhase.STOPPED, 6_200, active=False, problem=self.backfill_problem)
        return self._backfill_at(BackfillPhase.DONE, ESTIMATE.to_send, active=False)

    async def backfill_state(self) -> BackfillState:
        await self._answer("backfill_state")
        return self.backfill

    async def pause_backfill(self) -> None:
        await self._answer("pause_backfill")
        self._backfill_at(BackfillPhase.PAUSED, self.backfill.done, active=False)

    async def resume_backfill(self) -> BackfillState:
        await self._answer("resume_backfill")
        return await self._work_backfill()

    async def abandon_backfill(self) -> None:
        await self._answer("abandon_backfill")
        self.backfill = BackfillState()
        self.events.emit(StatusChanged())
