"""Notices that the computer slept, or that its clock was set, from two clocks that disagree."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from acassist.domain.ports import Clock

TOLERANCE = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class Gap:
    """Time that passed without the program: asleep, or the wall clock was set (negative when set back)."""

    missed: timedelta


class WakeDetector:
    """Compares wall and monotonic time between two looks.

    On Linux and macOS the monotonic clock stands still during sleep; on Windows it goes on, so that only a look
    that comes much later than planned tells.
    """

    def __init__(self, clock: Clock, *, every: timedelta, tolerance: timedelta = TOLERANCE) -> None:
        self._clock = clock
        self._every = every
        self._tolerance = tolerance
        self._wall = clock.now()
        self._steady = clock.monotonic()

    def look(self) -> Gap | None:
        """Return what was missed since the last look, None when nothing was; call it `every` so often."""
        wall, steady = self._clock.now(), self._clock.monotonic()
        passed, counted = wall - self._wall, timedelta(seconds=steady - self._steady)
        self._wall, self._steady = wall, steady
        jumped = passed - counted
        if abs(jumped) > self._tolerance:
            return Gap(jumped)
        late = counted - self._every
        return Gap(late) if late > self._tolerance else None
