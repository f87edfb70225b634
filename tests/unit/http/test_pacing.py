"""The pacer on a clock that jumps."""

import asyncio

import pytest

from acassist.http.pacing import Pacer, Priority
from tests.unit.http.clocks import JumpClock


async def starts(pacer: Pacer, clock: JumpClock, number: int, priority: Priority = Priority.JOB) -> list[float]:
    times = []
    for _ in range(number):
        await pacer.acquire(priority)
        times.append(clock.seconds)
    return times


def most_within_a_second(times: list[float]) -> int:
    return max(sum(1 for t in times if start <= t < start + 0.999) for start in times)


async def test_never_more_than_five_start_within_any_second() -> None:
    clock = JumpClock()
    times = await starts(Pacer(clock), clock, 42)
    assert most_within_a_second(times) == 5
    assert times[-1] == pytest.approx(8, abs=0.25)


async def test_a_slow_caller_does_not_save_up_a_burst() -> None:
    clock = JumpClock()
    pacer = Pacer(clock)
    await starts(pacer, clock, 1)
    clock.seconds += 60
    assert most_within_a_second(await starts(pacer, clock, 20)) == 5


async def test_jobs_leave_room_while_a_person_is_active() -> None:
    clock = JumpClock()
    pacer = Pacer(clock)
    await pacer.acquire(Priority.INTERACTIVE)
    times = await starts(pacer, clock, 8)
    assert most_within_a_second([t for t in times if t < 1.9]) <= 3


async def test_a_person_does_not_wait_for_a_job_that_runs_beside() -> None:
    clock = JumpClock()
    pacer = Pacer(clock)
    await pacer.acquire(Priority.INTERACTIVE)
    await starts(pacer, clock, 2)
    before = clock.seconds
    await pacer.acquire(Priority.INTERACTIVE)
    assert clock.seconds == before


async def test_waiting_callers_together_keep_the_rate() -> None:
    clock = JumpClock()
    pacer = Pacer(clock)
    lists = await asyncio.gather(*(starts(pacer, clock, 4) for _ in range(6)))
    assert most_within_a_second([t for times in lists for t in times]) == 5


async def test_a_cancelled_waiter_leaves_the_line() -> None:
    clock = JumpClock()
    pacer = Pacer(clock)
    pacer.pause(1000)
    waiting = asyncio.create_task(pacer.acquire())
    await asyncio.sleep(0)
    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)
    clock.seconds = 2000
    before = clock.seconds
    await pacer.acquire()
    assert clock.seconds == before


def test_a_reserve_that_leaves_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="reserve"):
        Pacer(JumpClock(), rate=2, reserve=2)


@pytest.mark.parametrize("click", [2.0, 2.05, 2.2, 2.41, 2.6, 2.99])
async def test_a_person_who_comes_while_a_job_uses_everything_has_five_calls_within_a_second(click: float) -> None:
    clock = JumpClock()
    pacer = Pacer(clock)
    while clock.seconds < click:
        await pacer.acquire(Priority.JOB)
    began = clock.seconds
    assert (await starts(pacer, clock, 5, Priority.INTERACTIVE))[-1] - began <= 1.01


async def test_a_waiting_person_goes_before_waiting_jobs() -> None:
    clock = JumpClock()
    pacer = Pacer(clock)
    await starts(pacer, clock, 5)
    order: list[str] = []

    async def call(name: str, priority: Priority) -> None:
        await pacer.acquire(priority)
        order.append(name)

    jobs = [call(f"job {number}", Priority.JOB) for number in range(3)]
    people = [call(f"person {number}", Priority.INTERACTIVE) for number in range(2)]
    await asyncio.gather(*jobs, *people)
    assert order[:2] == ["person 0", "person 1"]
