"""Brings what a long request tells on its way to the window, and its result at the end."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from acassist.assistant.provision_views import Progress
from acassist.domain.text import Message

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Told:
    """Where a request stands; `total` is None while it is not known."""

    phase: Message
    done: int
    total: int | None


@dataclass(frozen=True, slots=True)
class Outcome(Generic[T]):
    """What a request ended with."""

    value: T


async def told(work: Callable[[Progress], Awaitable[T]]) -> AsyncIterator[Told | Outcome[T]]:
    """Yield each progress report of `work`, then its outcome; what it raises is raised here.

    A window that goes away meanwhile does not stop the work: a half-made set-up would be worse than a finished one.
    """
    queue: asyncio.Queue[Told | None] = asyncio.Queue()

    def report(phase: Message, done: int, total: int | None) -> None:
        queue.put_nowait(Told(phase, done, total))

    def ended(task: asyncio.Future[T]) -> None:
        if not task.cancelled():
            task.exception()
        queue.put_nowait(None)

    task = asyncio.ensure_future(work(report))
    task.add_done_callback(ended)
    while (step := await queue.get()) is not None:
        yield step
    yield Outcome(await task)
