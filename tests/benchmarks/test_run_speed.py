"""How long a run takes for many new people when every call takes 300 ms; virtual time, so the figure is exact."""

from __future__ import annotations

from dataclasses import replace
from math import ceil
from pathlib import Path

import pytest

from acassist.assistant.container import close_profile
from tests.benchmarks.crowd import crowd, open_late
from tests.benchmarks.test_call_budget import ALL
from tests.benchmarks.virtual_time import LoopClock, on_virtual_time

PEOPLE, LATENCY = 2_000, 0.3
# Both connections checked, tags made, five people tried first: what a run of twenty people takes as well.
FIXED = 15.0


async def _seconds(clock: LoopClock, folder: Path, people: int) -> float:
    world = crowd(people, clock)
    profile = await open_late(folder, world, clock, LATENCY)
    session = profile.assistant.session
    session.store(replace(session.setup, outbound=ALL), what="test")
    begun = clock.monotonic()
    await profile.assistant.sync_now(yes=True)
    assert len(world.activecampaign.contacts) == people
    took = clock.monotonic() - begun
    await close_profile(profile)
    return took


@pytest.mark.usefixtures("without_sweeps")
def test_a_run_of_many_new_people_uses_the_allowance(tmp_path: Path) -> None:
    took = on_virtual_time(lambda clock: _seconds(clock, tmp_path / "profile", PEOPLE))
    least = (ceil(PEOPLE / 250) + ceil(PEOPLE / 100)) / 5
    limit = FIXED + 2 * least
    held = "held" if took <= limit else "MISSED"
    print(f"\n{PEOPLE:,} new people: {took:.1f} s at {LATENCY} s a call, the allowance needs {least:.1f} s")
    print(f"limit {FIXED:.0f} s and twice the least, {limit:.1f} s: {held}")
    assert took <= limit
