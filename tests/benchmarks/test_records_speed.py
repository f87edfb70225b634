"""How long a record takes at 300 ms a call, and from the cache; figures are printed, counts are checked."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from time import perf_counter

import httpx
import pytest

from acassist.assistant.views import RecordRef
from acassist.http import Priority
from acassist.system.clock import SystemClock
from tests.engine import Engine
from tests.flow.records_world import ac_calls, did, links, open_records, ref_of
from tests.sandbox import transport

LATENCY = 0.3


class Slow(httpx.AsyncBaseTransport):
    """Lets every answer take a while."""

    def __init__(self, inner: httpx.AsyncBaseTransport) -> None:
        self._inner = inner

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        await asyncio.sleep(LATENCY)
        return await self._inner.handle_async_request(request)


@pytest.fixture
async def engine(tmp_path: Path) -> AsyncIterator[Engine]:
    opened = await open_records(tmp_path / "p")
    for number in range(30):
        for link in links(opened)[:3]:
            did(opened, link.ac_id, ("sent", "opened", "event")[number % 3], minutes=30 - number, campaign=1)
            did(opened, link.ac_id, "automation_entered", minutes=31 + number, automation=1)
    await opened.close()
    opened.options = replace(opened.options, clock=SystemClock(), transport=Slow(transport(opened.world)))
    await opened.reopen()
    yield opened
    await opened.close()


async def both(engine: Engine, ref: RecordRef) -> tuple[float, int, int]:
    mark, begun = engine.world.log.total, perf_counter()
    _, feed = await asyncio.gather(engine.assistant.record(ref), engine.assistant.recent_activities(ref))
    taken = perf_counter() - begun
    assert len(feed.items) == 20
    calls = len(ac_calls(engine, mark))
    return taken, calls, engine.world.log.total - mark - calls


async def test_a_record_and_its_activities_at_300_ms_a_call(engine: Engine) -> None:
    first, second, third = (ref_of(link) for link in links(engine)[:3])
    cold = await both(engine, first)
    await asyncio.sleep(1.2)
    warm = await both(engine, second)
    job = asyncio.create_task(backfill(engine))
    await asyncio.sleep(2)
    busy = await both(engine, third)
    job.cancel()
    await asyncio.gather(job, return_exceptions=True)
    begun = perf_counter()
    assert await engine.assistant.last_activities(second) is not None
    assert await engine.assistant.seen_record(second) is not None
    cached = perf_counter() - begun
    print(f"\ncold {cold[0]:.2f} s in {cold[1]} + {cold[2]} calls; warm {warm[0]:.2f} s in {warm[1]} + {warm[2]} calls;"
          f" beside a backfill {busy[0]:.2f} s in {busy[1]} calls; from the cache {cached * 1000:.1f} ms")  # fmt: skip
    assert warm[1] <= 6


async def backfill(engine: Engine) -> None:
    client = await engine.assistant.session.activecampaign(Priority.JOB)
    while True:
        await asyncio.gather(*(client.lists() for _ in range(3)))
