"""Ctrl+C and SIGTERM while something runs that must end tidily."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

SIGNALS = (signal.SIGINT, signal.SIGTERM)


@contextmanager
def on_interrupt(first: Callable[[], object], again: Callable[[], object]) -> Iterator[None]:
    """Call `first` on the first signal and `again` on every later one, on the running loop.

    Needs the main thread. Plain signal handlers, because Windows loops have none of their own.
    """
    loop = asyncio.get_running_loop()
    asked = 0

    def pressed() -> None:
        nonlocal asked
        asked += 1
        (first if asked == 1 else again)()

    def handler(_number: int, _frame: FrameType | None) -> None:
        loop.call_soon_threadsafe(pressed)

    before = {number: signal.signal(number, handler) for number in SIGNALS}
    try:
        yield
    finally:
        for number, old in before.items():
            signal.signal(number, old)
