"""One writer per profile, and one token refresh at a time, across processes."""

from __future__ import annotations

import os
from pathlib import Path
from types import TracebackType

from acassist.domain.ports import Clock
from acassist.domain.problem import Problem, ProblemCode, ProblemError
from acassist.system.filelock import FileLock, Holder

__all__ = ["CrossProcessLock", "Holder", "WriterLock"]

POLL_SECONDS = 0.1
PATIENCE_SECONDS = 60.0


def _busy(lock: FileLock) -> ProblemError:
    holder = lock.read_holder()
    # As text: a process id is a name, not a quantity to be written with separators.
    pid = "?" if holder is None else str(holder.pid)
    return ProblemError(Problem(ProblemCode.PROFILE_BUSY, subject=lock.path.parent.name, values={"pid": pid}))


class WriterLock:
    """The right to write to a profile, held as long as the writing program runs."""

    def __init__(self, path: Path, *, clock: Clock) -> None:
        self._lock = FileLock(path)
        self._clock = clock

    def acquire(self) -> None:
        """Take the right to write; raises ProblemError PROFILE_BUSY naming the process that has it."""
        if not self._lock.try_acquire():
            raise _busy(self._lock)
        self._lock.sign(Holder(os.getpid(), self._clock.now()))

    def release(self) -> None:
        """Give the right back."""
        self._lock.release()

    @property
    def held(self) -> bool:
        """Tell whether this object has the right to write."""
        return self._lock.held

    def holder(self) -> Holder | None:
        """Tell who has the right to write now, None when nobody has."""
        if self._lock.held:
            return self._lock.read_holder()
        probe = FileLock(self._lock.path)
        if not probe.path.exists():
            return None
        if probe.try_acquire():
            probe.release()
            return None
        return probe.read_holder()

    def __enter__(self) -> WriterLock:
        self.acquire()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.release()


class CrossProcessLock:
    """A short lock for an async block, shared by all tasks and processes that name the same file."""

    def __init__(self, path: Path, *, clock: Clock, patience: float = PATIENCE_SECONDS) -> None:
        self._path = path
        self._clock = clock
        self._patience = patience
        self._held: FileLock | None = None

    async def __aenter__(self) -> CrossProcessLock:
        lock = FileLock(self._path)
        deadline = self._clock.monotonic() + self._patience
        while not lock.try_acquire():
            if self._clock.monotonic() >= deadline:
                raise _busy(lock)
            await self._clock.sleep(POLL_SECONDS)
        self._held = lock
        try:
            lock.sign(Holder(os.getpid(), self._clock.now()))
        except OSError:  # no room for the name; the lock itself is held
            return self
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        lock, self._held = self._held, None
        if lock is not None:
            lock.release()
