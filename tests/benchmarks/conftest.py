"""What the benchmarks share."""

from __future__ import annotations

import pytest

from acassist.sync.context import SyncContext


@pytest.fixture
def without_sweeps(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave the rolling sweeps out: they have an allowance of calls a day of their own, tested by itself."""

    async def nothing(ctx: SyncContext) -> None:
        assert ctx.run_id is not None

    monkeypatch.setattr("acassist.sync.run.sweep", nothing)
