"""Counts the calls that this program makes, and reads what Salesforce says about its daily quota."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date

from acassist.domain.ids import Service
from acassist.domain.ports import Clock

_USAGE = re.compile(r"(?:^|[\s;,])api-usage=(\d+)/(\d+)")


def parse_limit_info(header: str | None) -> tuple[int, int] | None:
    """Read `Sforce-Limit-Info: api-usage=18/5000` as (used, allowed), None without it (salesforce_api 2.6)."""
    match = _USAGE.search(header or "")
    return (int(match[1]), int(match[2])) if match else None


class CallBudget:
    """Calls by service: since the program started, and on the current UTC day."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._total: Counter[Service] = Counter()
        self._by_day: Counter[tuple[Service, date]] = Counter()

    def note(self, service: Service) -> None:
        """Count one call that leaves now."""
        self._total[service] += 1
        self._by_day[service, self._clock.now().date()] += 1

    def calls_made(self, service: Service) -> int:
        """Return the calls since the program started."""
        return self._total[service]

    def calls_today(self, service: Service) -> int:
        """Return the calls on this UTC day."""
        return self._by_day[service, self._clock.now().date()]
