from __future__ import annotations

from datetime import timedelta

import pytest

from acassist.system.wake import WakeDetector


@pytest.mark.parametrize(
    ("wall", "steady", "missed"),
    [
        (60, 60, None),  # on time
        (75, 75, None),  # a little late
        (3660, 60, 3600),  # asleep while the steady clock stood still
        (3660, 3660, 3600),  # asleep while the steady clock went on
        (-3540, 60, -3600),  # the clock was set back
    ],
)
def test_missed_time_is_noticed(clock, wall, steady, missed):
    detector = WakeDetector(clock, every=timedelta(minutes=1))
    clock.move(wall, steady)
    gap = detector.look()
    assert (gap and gap.missed) == (None if missed is None else timedelta(seconds=missed))


def test_a_gap_is_told_once(clock):
    detector = WakeDetector(clock, every=timedelta(minutes=1))
    clock.move(3660, 60)
    assert detector.look() is not None
    clock.move(60, 60)
    assert detector.look() is None
