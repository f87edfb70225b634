"""An event loop whose time stands still while there is work and jumps to the next timer when there is none.

So whatever overlaps in the program overlaps here, and an hour of waiting takes no time.
"""

from __future__ import annotations

import asyncio
import selectors
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


class _Selector(selectors.DefaultSelector):
    """Never waits: what would have been a wait is told to the loop."""

    loop: VirtualLoop

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        found = super().select(0)
        if not found and timeout is None:
            raise RuntimeError("everything waits for something that never comes")
        if not found and timeout:
            self.loop.passed += timeout
        return found


class VirtualLoop(asyncio.SelectorEventLoop):
    """A loop on virtual time."""

    def __init__(self) -> None:
        self.passed = 0.0
        selector = _Selector()
        selector.loop = self
        super().__init__(selector)

    def time(self) -> float:
        return self.passed


class LoopClock:
    """The time of a loop, for the program and for the sandbox alike."""

    def __init__(self, loop: VirtualLoop) -> None:
        self._loop = loop

    def now(self) -> datetime:
        return START + timedelta(seconds=self._loop.passed)

    def monotonic(self) -> float:
        return self._loop.passed

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


class Late(httpx.AsyncBaseTransport):
    """Answers after a while; half of it passes before the service acts."""

    def __init__(self, inner: httpx.AsyncBaseTransport, clock: LoopClock, seconds: float) -> None:
        self._inner, self._clock, self._seconds = inner, clock, seconds

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        await self._clock.sleep(self._seconds / 2)
        answer = await self._inner.handle_async_request(request)
        await self._clock.sleep(self._seconds / 2)
        return answer


def on_virtual_time(work: Any) -> Any:
    """Run a coroutine function of one argument, the clock, on virtual time and return what it returns."""
    loop = VirtualLoop()
    with asyncio.Runner(loop_factory=lambda: loop) as runner:
        return runner.run(work(LoopClock(loop)))
