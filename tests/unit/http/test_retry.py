"""The rule table, row by row, and the readings of answers."""

from datetime import UTC, datetime

import pytest

from acassist.http.budget import parse_limit_info
from acassist.http.faults import Outcome, outcome_of_status
from acassist.http.response import Response
from acassist.http.retry import may_repeat, wait_before
from tests.unit.http.clocks import HalfDice


@pytest.mark.parametrize(
    ("outcome", "safe", "unsafe"),
    [
        (Outcome.ANSWERED, False, False),
        (Outcome.NOT_SENT, True, True),
        (Outcome.REFUSED, False, False),
        (Outcome.LOST, True, False),
        (Outcome.THROTTLED, True, True),
        (Outcome.UNAVAILABLE, True, False),
    ],
)
def test_what_may_be_repeated(outcome: Outcome, safe: bool, unsafe: bool) -> None:
    assert may_repeat(outcome, idempotent=True) is safe
    assert may_repeat(outcome, idempotent=False) is unsafe


@pytest.mark.parametrize(
    ("status", "named", "outcome"),
    [
        (200, False, Outcome.ANSWERED),
        (304, False, Outcome.ANSWERED),
        (401, False, Outcome.ANSWERED),
        (422, True, Outcome.ANSWERED),
        (429, True, Outcome.THROTTLED),
        (429, False, Outcome.UNAVAILABLE),
        (503, True, Outcome.UNAVAILABLE),
        (500, False, Outcome.UNAVAILABLE),
    ],
)
def test_how_far_a_status_says_the_request_came(status: int, named: bool, outcome: Outcome) -> None:
    assert outcome_of_status(status, has_retry_after=named) is outcome


def test_waits_double_stay_bounded_and_obey_the_service() -> None:
    waits = [wait_before(n, dice=HalfDice()) for n in range(1, 20)]
    assert waits[1] == 2 * waits[0]
    assert max(waits) <= 30
    assert wait_before(1, dice=HalfDice(), retry_after=45) == 45


def test_retry_after_is_read_as_seconds_or_as_a_date_of_the_service() -> None:
    now = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
    assert Response(429, {"retry-after": "12"}).retry_after(now) == 12
    dated = {"retry-after": "Tue, 24 Nov 2026 08:00:30 GMT", "date": "Tue, 24 Nov 2026 08:00:00 GMT"}
    assert Response(429, dated).retry_after(now) == 30
    assert Response(429, {"retry-after": "soon"}).retry_after(now) is None
    assert Response(429).retry_after(now) is None


def test_limit_info_is_read_from_its_header() -> None:
    assert parse_limit_info("api-usage=18/5000") == (18, 5000)
    assert parse_limit_info("per-app-api-usage=17/250(appName=x); api-usage=3/100") == (3, 100)
    assert parse_limit_info(None) is None
