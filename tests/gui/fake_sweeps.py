"""The rolling sweeps of the fake assistant: four standings that tell different stories."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from acassist.assistant.events import StatusChanged
from acassist.domain.sweeps import SweepKind, SweepStanding
from tests.gui.fake_state import FakeState


class FakeSweeps(FakeState):
    """The sweep methods of AssistantPort."""

    def prepare_sweeps(self) -> None:
        ago = [self.now - timedelta(days=days) for days in (6, 9)]
        self.standings = {
            SweepKind.CONTACTS: SweepStanding(
                SweepKind.CONTACTS, last_turn=ago[1], started=ago[0], done=5_300, total=12_345,
                calls_today=6, allowance=1_000, calls_per_turn=124, found=3,
            ),
            SweepKind.FORMULAS: SweepStanding(SweepKind.FORMULAS, on=False, allowance=200),
            SweepKind.ACCOUNTS: SweepStanding(
                SweepKind.ACCOUNTS, last_turn=self.now - timedelta(hours=3), total=310,
                calls_today=16, allowance=200, calls_per_turn=8,
            ),
            SweepKind.TAGS: SweepStanding(
                SweepKind.TAGS, started=ago[0], done=8_000, total=90_000,
                calls_today=300, allowance=300, calls_per_turn=900, found=1,
            ),
        }  # fmt: skip

    async def sweeps(self) -> tuple[SweepStanding, ...]:
        await self._answer("sweeps")
        return tuple(self.standings[kind] for kind in SweepKind)

    async def sweep_now(self, kind: SweepKind) -> SweepStanding:
        await self._answer("sweep_now", kind)
        done = replace(self.standings[kind], last_turn=self.now, started=None, done=0)
        self.standings[kind] = done
        self.events.emit(StatusChanged())
        return done

    async def set_sweep_allowance(self, kind: SweepKind, calls: int) -> None:
        await self._answer("set_sweep_allowance", kind, calls)
        self.standings[kind] = replace(self.standings[kind], allowance=calls)
