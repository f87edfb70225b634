from datetime import UTC, datetime, timedelta, timezone

from acassist.activecampaign.stamps import filter_stamp, parse_any_stamp, parse_stamp


def test_a_stamp_with_its_offset_becomes_utc():
    assert parse_stamp("2026-01-03T12:16:19-06:00") == datetime(2026, 1, 3, 18, 16, 19, tzinfo=UTC)


def test_stamps_that_hide_their_zone_or_are_empty_are_not_trusted():
    for value in ("2026-01-03 12:16:19", "0000-00-00 00:00:00", "0000-00-00", "", None, "soon"):
        assert parse_stamp(value) is None


def test_a_bare_stamp_is_us_central_winter_and_summer():
    assert parse_any_stamp("2026-01-03 12:00:00") == datetime(2026, 1, 3, 18, tzinfo=UTC)
    assert parse_any_stamp("2026-07-03 12:00:00") == datetime(2026, 7, 3, 17, tzinfo=UTC)
    assert parse_any_stamp("0000-00-00 00:00:00") is None


def test_a_filter_names_its_offset():
    berlin = timezone(timedelta(hours=1))
    assert filter_stamp(datetime(2026, 1, 3, 12, tzinfo=berlin)) == "2026-01-03T11:00:00+00:00"
