"""Spreads calls so that a service's rate limit is never met, with room kept for the person at the screen."""

from __future__ import annotations

from collections import deque
from enum import Enum
from itertools import count

from acassist.domain.ports import Clock

# How long after an interactive call jobs keep leaving room, in seconds: people click in series.
_RECENT = 2.0
# Shorter sleeps could be rounded to nothing on a virtual clock and never end.
_SHORTEST = 0.001


class Priority(Enum):
    """Who asks: a person who waits, or a job."""

    INTERACTIVE = "interactive"
    JOB = "job"


class Pacer:
    """Lets at most `rate` calls start within any `window` seconds.

    While a person waits or has just asked, jobs may use at most `rate - reserve` of them; otherwise they use all, but
    spread out the last `reserve`, so that a person who comes then soon finds one free. ActiveCampaign allows 5 requests
    per second and account (activecampaign_api 1).
    """

    def __init__(self, clock: Clock, *, rate: int = 5, reserve: int = 2, window: float = 1.0) -> None:
        if not 0 <= reserve < rate:
            raise ValueError("the reserve must leave something to jobs")
        self._clock = clock
        self._rate = rate
        self._reserve = reserve
        self._window = window
        self._starts: deque[float] = deque(maxlen=rate)
        self._paused_until = 0.0
        self._last_interactive: float | None = None
        self._tickets = count()
        self._waiting: dict[Priority, list[int]] = {priority: [] for priority in Priority}

    def pause(self, seconds: float) -> None:
        """Let nothing start for so many seconds (Retry-After)."""
        self._paused_until = max(self._paused_until, self._clock.monotonic() + seconds)

    async def acquire(self, priority: Priority = Priority.JOB) -> None:
        """Wait until one call may start; first come, first served within a priority."""
        ticket = next(self._tickets)
        line = self._waiting[priority]
        line.append(ticket)
        try:
            while (delay := self._delay(priority, line.index(ticket))) > 0:
                await self._clock.sleep(max(delay, _SHORTEST))
        finally:
            line.remove(ticket)
        now = self._clock.monotonic()
        self._starts.append(now)
        if priority is Priority.INTERACTIVE:
            self._last_interactive = now

    def _delay(self, priority: Priority, position: int) -> float:
        """Return the seconds until this call may start; zero when it may start now."""
        now = self._clock.monotonic()
        if now < self._paused_until:
            return self._paused_until - now
        recent = [start for start in self._starts if now - start < self._window]
        allowed, step = self._allowed(priority, now), self._window / self._rate
        free = recent[len(recent) - allowed] + self._window - now if len(recent) >= allowed else 0.0
        if priority is Priority.INTERACTIVE:
            return max(free, position * step)
        spread = recent[-1] + step - now if len(recent) >= self._rate - self._reserve else 0.0
        # Whoever waits at the screen goes first.
        return max(free, spread, (position + len(self._waiting[Priority.INTERACTIVE])) * step)

    def _allowed(self, priority: Priority, now: float) -> int:
        if priority is Priority.INTERACTIVE or not self._person_is_active(now):
            return self._rate
        return self._rate - self._reserve

    def _person_is_active(self, now: float) -> bool:
        if self._waiting[Priority.INTERACTIVE]:
            return True
        return self._last_interactive is not None and now - self._last_interactive < _RECENT
