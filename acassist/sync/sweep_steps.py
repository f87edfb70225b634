"""What every rolling sweep offers: one step of a turn at a time, and what a turn costs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from acassist.domain.sweeps import SweepKind
from acassist.storage.sweeps import SweepState
from acassist.sync.context import SyncContext

PAGE = 100
"""Rows a call brings in ActiveCampaign."""


@dataclass(frozen=True, slots=True)
class SweepStep:
    """What one step did. `cursor` is where the next step begins, None when the turn is complete.

    `calls` is told by sweeps that know it; those that ask ActiveCampaign are counted at the client.
    """

    cursor: str | None
    read: int
    found: int = 0
    calls: int = 0


class Sweep(Protocol):
    """One kind of rolling sweep. A step stores what it read before it returns, and may be repeated (rule I7)."""

    kind: SweepKind

    def on(self, ctx: SyncContext) -> bool:
        """Tell whether there is anything to watch in this run's direction and mapping."""
        ...

    def total(self, ctx: SyncContext) -> int:
        """Count what a turn reads, as far as it is known; 0 means that no turn is begun."""
        ...

    def calls(self, total: int, ctx: SyncContext) -> int:
        """Forecast the calls of a turn."""
        ...

    async def step(self, ctx: SyncContext, state: SweepState) -> SweepStep:
        """Read the next part; `state.cursor` is blank at the beginning of a turn."""
        ...


def pages(total: int, size: int = PAGE) -> int:
    """Return how many pages hold so many rows."""
    return -(-total // size)
