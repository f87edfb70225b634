"""Records and calls a day: sums runs per local day, so that the chart and its text alternative say the same."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta, tzinfo
from enum import StrEnum

from acassist.domain.ledger import RunSummary

DAYS = 14


class Measure(StrEnum):
    """What the chart counts."""

    RECORDS = "records"
    CALLS = "calls"


@dataclass(frozen=True, slots=True)
class DaySum:
    """What the runs of one local day wrote, in records, and the calls they made."""

    day: date
    to_activecampaign: int = 0
    to_salesforce: int = 0
    calls_ac: int = 0
    calls_sf: int = 0

    @property
    def total(self) -> int:
        return self.to_activecampaign + self.to_salesforce

    def of(self, measure: Measure) -> tuple[int, int]:
        """Return the numbers of a measure: ActiveCampaign, then Salesforce."""
        if measure is Measure.CALLS:
            return self.calls_ac, self.calls_sf
        return self.to_activecampaign, self.to_salesforce


def per_day(runs: Iterable[RunSummary], *, today: date, days: int = DAYS, zone: tzinfo | None = None) -> list[DaySum]:
    """Sum runs over the last days, oldest first, days without a run included; `zone` None is the local zone."""
    first = today - timedelta(days=days - 1)
    sums = {first + timedelta(days=n): DaySum(first + timedelta(days=n)) for n in range(days)}
    for run in runs:
        day = run.started.astimezone(zone).date()
        if day not in sums:
            continue
        done, before = run.counters, sums[day]
        sums[day] = DaySum(
            day,
            before.to_activecampaign + done.created_ac + done.updated_ac,
            before.to_salesforce + done.created_sf + done.updated_sf,
            before.calls_ac + done.calls_ac,
            before.calls_sf + done.calls_sf,
        )
    return list(sums.values())
