"""When the outbound job is due, across changes of the clocks and after sleep."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from acassist.domain.schedule import Frequency, Schedule, inbound_due, next_run

BERLIN, NEW_YORK = ZoneInfo("Europe/Berlin"), ZoneInfo("America/New_York")
SAVED = datetime(2026, 1, 1, 12, tzinfo=UTC)
HOURS = {"1h": 1, "2h": 2, "3h": 3, "4h": 4, "6h": 6, "8h": 8, "12h": 12}


def daily(hour: int, after: datetime, zone: ZoneInfo) -> datetime:
    return next_run(Schedule(Frequency.DAILY, hour), scheduled_at=SAVED, last_run=after, zone=zone)


@pytest.mark.parametrize("value", HOURS)
def test_all_but_daily_start_at_once(value: str) -> None:
    assert next_run(Schedule(Frequency(value)), scheduled_at=SAVED, last_run=None, zone=BERLIN) == SAVED


@pytest.mark.parametrize(("value", "hours"), HOURS.items())
def test_intervals_count_from_the_last_run(value: str, hours: int) -> None:
    last = SAVED + timedelta(minutes=7)
    due = next_run(Schedule(Frequency(value)), scheduled_at=SAVED, last_run=last, zone=BERLIN)
    assert due == last + timedelta(hours=hours)


def test_a_job_scheduled_anew_starts_at_once_whatever_ran_before() -> None:
    due = next_run(Schedule(), scheduled_at=SAVED, last_run=SAVED - timedelta(minutes=1), zone=BERLIN)
    assert due == SAVED


def test_an_interval_is_elapsed_time_when_the_clocks_change() -> None:
    last = datetime(2026, 3, 29, 1, 30, tzinfo=BERLIN)
    due = next_run(Schedule(Frequency.HOURLY), scheduled_at=SAVED, last_run=last, zone=BERLIN)
    assert due.astimezone(UTC) - last.astimezone(UTC) == timedelta(hours=1)


def test_missed_runs_collapse_into_one() -> None:
    last, woke = SAVED, SAVED + timedelta(days=3)
    hourly = Schedule(Frequency.HOURLY)
    assert next_run(hourly, scheduled_at=SAVED, last_run=last, zone=BERLIN) <= woke
    assert next_run(hourly, scheduled_at=SAVED, last_run=woke, zone=BERLIN) == woke + timedelta(hours=1)


def test_missed_days_collapse_into_one() -> None:
    slept, woke = datetime(2026, 5, 1, 6, tzinfo=BERLIN), datetime(2026, 5, 9, 13, 20, tzinfo=BERLIN)
    assert daily(6, slept, BERLIN) <= woke
    assert daily(6, woke, BERLIN) == datetime(2026, 5, 10, 6, tzinfo=BERLIN)


def test_daily_waits_for_its_hour_the_same_day_or_the_next() -> None:
    schedule = Schedule(Frequency.DAILY, 6)
    early, late = datetime(2026, 5, 1, 5, 59, tzinfo=BERLIN), datetime(2026, 5, 1, 6, tzinfo=BERLIN)
    today = next_run(schedule, scheduled_at=early, last_run=None, zone=BERLIN)
    tomorrow = next_run(schedule, scheduled_at=late, last_run=None, zone=BERLIN)
    assert (today.day, today.hour) == (1, 6)
    assert (tomorrow.day, tomorrow.hour) == (2, 6)


@pytest.mark.parametrize(
    ("zone", "before"),
    [
        (BERLIN, datetime(2026, 3, 28, 6, tzinfo=BERLIN)),
        (BERLIN, datetime(2026, 10, 24, 6, tzinfo=BERLIN)),
        (NEW_YORK, datetime(2026, 3, 7, 6, tzinfo=NEW_YORK)),
        (NEW_YORK, datetime(2026, 10, 31, 6, tzinfo=NEW_YORK)),
    ],
)
def test_daily_keeps_its_hour_when_the_clocks_change(zone: ZoneInfo, before: datetime) -> None:
    due = daily(6, before, zone)
    assert (due.date() - before.date()).days == 1
    assert due.hour == 6


@pytest.mark.parametrize(
    ("zone", "day", "hour", "shown"), [(BERLIN, (2026, 3, 29), 2, 3), (NEW_YORK, (2026, 3, 8), 2, 3)]
)
def test_an_hour_that_does_not_exist_is_kept_an_hour_later(
    zone: ZoneInfo, day: tuple[int, int, int], hour: int, shown: int
) -> None:
    due = daily(hour, datetime(*day, 0, 30, tzinfo=zone), zone)
    assert (due.date(), due.hour) == (date(*day), shown)
    again = daily(hour, due, zone)
    assert again.date() - due.date() == timedelta(days=1)
    assert again.hour == hour


@pytest.mark.parametrize(("zone", "day", "hour"), [(BERLIN, (2026, 10, 25), 2), (NEW_YORK, (2026, 11, 1), 1)])
def test_an_hour_that_comes_twice_runs_once(zone: ZoneInfo, day: tuple[int, int, int], hour: int) -> None:
    first = daily(hour, datetime(*day, 0, 30, tzinfo=zone), zone)
    assert (first.hour, first.fold) == (hour, 0)
    again = daily(hour, first, zone)
    assert (again.date() - first.date(), again.hour) == (timedelta(days=1), hour)
    from_second_pass = daily(hour, datetime(*day, hour, 30, fold=1, tzinfo=zone), zone)
    assert from_second_pass == again


def test_inbound_is_due_after_ten_minutes_or_a_hundred_changes() -> None:
    assert inbound_due(SAVED, last_batch=None, changed=0)
    assert not inbound_due(SAVED, last_batch=SAVED - timedelta(minutes=9, seconds=59), changed=99)
    assert inbound_due(SAVED, last_batch=SAVED - timedelta(minutes=10), changed=0)
    assert inbound_due(SAVED, last_batch=SAVED - timedelta(seconds=1), changed=100)
