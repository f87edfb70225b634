"""A profile database in a scratch folder on a clock that only moves when told."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from acassist.storage.database import Database

START = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


class StillClock:
    def __init__(self) -> None:
        self.at = START

    def now(self) -> datetime:
        return self.at

    def monotonic(self) -> float:
        return (self.at - START).total_seconds()

    async def sleep(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)

    def pass_time(self, **span: float) -> None:
        self.at += timedelta(**span)


@pytest.fixture
def clock() -> StillClock:
    return StillClock()


@pytest.fixture
def db(tmp_path: Path, clock: StillClock) -> Iterator[Database]:
    database = Database.open(tmp_path / "profile.db", clock=clock)
    yield database
    database.close()
