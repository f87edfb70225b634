"""The job schedule: frequencies of the article and when the next run is due (rules 5.5 and 5.6)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from enum import StrEnum

from acassist.domain.text import N_

INBOUND_MINUTES = 10
INBOUND_CONTACTS = 100


class Frequency(StrEnum):
    """How often the outbound job runs [S]."""

    HOURLY = "1h"
    EVERY_2_HOURS = "2h"
    EVERY_3_HOURS = "3h"
    EVERY_4_HOURS = "4h"
    EVERY_6_HOURS = "6h"
    EVERY_8_HOURS = "8h"
    EVERY_12_HOURS = "12h"
    DAILY = "daily"

    @property
    def hours(self) -> int:
        """Return the interval in hours."""
        return 24 if self is Frequency.DAILY else int(self.value.removesuffix("h"))


FREQUENCY_LABELS = {
    Frequency.HOURLY: N_("Every hour"),
    Frequency.EVERY_2_HOURS: N_("Every 2 hours"),
    Frequency.EVERY_3_HOURS: N_("Every 3 hours"),
    Frequency.EVERY_4_HOURS: N_("Every 4 hours"),
    Frequency.EVERY_6_HOURS: N_("Every 6 hours"),
    Frequency.EVERY_8_HOURS: N_("Every 8 hours"),
    Frequency.EVERY_12_HOURS: N_("Every 12 hours"),
    Frequency.DAILY: N_("Once a day"),
}


@dataclass(frozen=True, slots=True)
class Schedule:
    """A scheduled job; `hour` (0–23, local time) counts only for once a day."""

    frequency: Frequency = Frequency.HOURLY
    hour: int = 6


def _daily(schedule: Schedule, after: datetime, zone: tzinfo) -> datetime:
    local = after.astimezone(zone)
    due = local.replace(hour=schedule.hour, minute=0, second=0, microsecond=0)
    if due <= local:
        tomorrow = local.date() + timedelta(days=1)
        due = due.replace(year=tomorrow.year, month=tomorrow.month, day=tomorrow.day, fold=0)
    # An hour that the change to summer time leaves out falls on the hour after it.
    return due.astimezone(UTC).astimezone(zone)


def next_run(schedule: Schedule, *, scheduled_at: datetime, last_run: datetime | None, zone: tzinfo) -> datetime:
    """Return when the job is due next, in the zone given.

    All but daily start at once after scheduling [S]; missed runs collapse into one because only the last
    run counts (rule 5.6).
    """
    if schedule.frequency is Frequency.DAILY:
        return _daily(schedule, max(scheduled_at, last_run or scheduled_at), zone)
    if last_run is None or last_run < scheduled_at:
        return scheduled_at.astimezone(zone)
    # In UTC, because an interval is elapsed time and not wall-clock time.
    return (last_run.astimezone(UTC) + timedelta(hours=schedule.frequency.hours)).astimezone(zone)


def inbound_due(now: datetime, *, last_batch: datetime | None, changed: int) -> bool:
    """Tell whether an inbound batch is due: ten minutes, or 100 changed contacts [S]."""
    if last_batch is None:
        return True
    return now - last_batch >= timedelta(minutes=INBOUND_MINUTES) or changed >= INBOUND_CONTACTS
