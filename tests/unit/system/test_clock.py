from __future__ import annotations

from datetime import UTC

from acassist.system.clock import SystemClock


async def test_the_real_clock_is_aware_and_moves_forward():
    clock = SystemClock()
    first, began = clock.now(), clock.monotonic()
    await clock.sleep(0)
    assert first.tzinfo is UTC
    assert clock.now() >= first
    assert clock.monotonic() >= began
