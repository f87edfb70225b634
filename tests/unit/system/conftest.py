"""A clock that moves only when something sleeps on it, or when told."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest


class HandClock:
    def __init__(self) -> None:
        self.wall = datetime(2026, 3, 1, 12, tzinfo=UTC)
        self.steady = 0.0

    def now(self) -> datetime:
        return self.wall

    def monotonic(self) -> float:
        return self.steady

    async def sleep(self, seconds: float) -> None:
        self.move(seconds, seconds)
        await asyncio.sleep(0)

    def move(self, wall: float, steady: float) -> None:
        self.wall += timedelta(seconds=wall)
        self.steady += steady


@pytest.fixture
def clock() -> HandClock:
    return HandClock()
