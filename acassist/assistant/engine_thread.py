"""The engine thread: one asyncio loop that owns the database connection and the HTTP clients."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable, Coroutine
from concurrent.futures import Future
from typing import Any, Generic, TypeVar

T = TypeVar("T")
A = TypeVar("A")


class EngineThread(Generic[A]):
    """Runs an assistant on a thread of its own; the window and tests talk to it through `submit`."""

    def __init__(self, build: Callable[[], Awaitable[A]], close: Callable[[A], Awaitable[None]]) -> None:
        self._build = build
        self._close = close
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="engine", daemon=True)
        self._assistant: A | None = None

    def start(self) -> Future[A]:
        """Start the thread and build the assistant on it; the future holds it or the problem."""
        self._thread.start()
        return asyncio.run_coroutine_threadsafe(self._start(), self._loop)

    async def _start(self) -> A:
        self._assistant = await self._build()
        return self._assistant

    @property
    def assistant(self) -> A:
        """Return the assistant; raises RuntimeError before it was built."""
        if self._assistant is None:
            raise RuntimeError("the engine has not been started")
        return self._assistant

    def submit(self, work: Callable[[A], Coroutine[Any, Any, T]]) -> Future[T]:
        """Run a coroutine of the assistant on the engine thread; cancel the future to cancel it."""
        return asyncio.run_coroutine_threadsafe(work(self.assistant), self._loop)

    def reopen(self, prepare: Callable[[A], Awaitable[Callable[[], None]]]) -> Future[A]:
        """Close the assistant and build it anew; what `prepare` returns is done while it is closed.

        Everything else that was asked of the old assistant is cancelled. When `prepare` raises, nothing happened; when
        what it returned raises, the assistant is built anew all the same before the error is told.
        """
        return asyncio.run_coroutine_threadsafe(self._reopen(prepare), self._loop)

    async def _reopen(self, prepare: Callable[[A], Awaitable[Callable[[], None]]]) -> A:
        between = await prepare(self.assistant)
        await self._cancel_others()
        await self._close(self.assistant)
        try:
            between()
        finally:
            self._assistant = await self._build()
        return self._assistant

    def stop(self, timeout: float = 10.0) -> None:
        """Cancel what runs, close the assistant and end the thread."""
        if not self._thread.is_alive():
            self._loop.close()
            return
        asyncio.run_coroutine_threadsafe(self._shutdown(), self._loop).result(timeout)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(timeout)
        self._loop.close()

    async def _shutdown(self) -> None:
        await self._cancel_others()
        if self._assistant is not None:
            await self._close(self._assistant)

    @staticmethod
    async def _cancel_others() -> None:
        others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
