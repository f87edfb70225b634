"""Schedules in any zone, at any moment."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from acassist.domain.schedule import Frequency, Schedule, next_run

zones = st.sampled_from([ZoneInfo(n) for n in ("Europe/Berlin", "America/New_York", "UTC", "Asia/Kolkata")])
moments = st.integers(1_704_067_200, 1_861_920_000).map(lambda second: datetime.fromtimestamp(second, UTC))
schedules = st.builds(Schedule, st.sampled_from(Frequency), st.integers(0, 23))


@given(schedules, moments, zones)
def test_after_a_run_the_next_one_is_later_and_at_most_25_hours_away(
    schedule: Schedule, last: datetime, zone: ZoneInfo
) -> None:
    due = next_run(schedule, scheduled_at=last - timedelta(hours=1), last_run=last, zone=zone)
    assert timedelta(0) < due - last <= timedelta(hours=25)


@given(st.integers(0, 23), moments, zones)
def test_daily_falls_on_its_hour_or_on_the_first_hour_that_exists(hour: int, last: datetime, zone: ZoneInfo) -> None:
    due = next_run(Schedule(Frequency.DAILY, hour), scheduled_at=last, last_run=last, zone=zone)
    assert due.hour in {hour, (hour + 1) % 24}
    assert due.minute == due.second == due.microsecond == 0


@given(schedules, moments, zones)
def test_a_whole_week_of_runs_has_no_doubles(schedule: Schedule, start: datetime, zone: ZoneInfo) -> None:
    runs, last = [], start
    for _ in range(7):
        last = next_run(schedule, scheduled_at=start, last_run=last, zone=zone)
        runs.append(last.astimezone(UTC))
    assert runs == sorted(set(runs))
    if schedule.frequency is Frequency.DAILY:
        assert len({run.astimezone(zone).date() for run in runs}) == 7
