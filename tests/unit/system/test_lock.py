from __future__ import annotations

import asyncio
import os
import subprocess
import sys

import pytest

from acassist.domain.problem import ProblemCode, ProblemError
from acassist.system.lock import CrossProcessLock, WriterLock

HOLD = """
import sys
from pathlib import Path
from acassist.system.clock import SystemClock
from acassist.system.lock import WriterLock
lock = WriterLock(Path(sys.argv[1]), clock=SystemClock())
lock.acquire()
print("held", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def other_process(tmp_path):
    command = [sys.executable, "-c", HOLD, str(tmp_path / "lock")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        yield process
        process.kill()


def test_a_second_process_is_refused_and_told_who_writes(tmp_path, clock, other_process):
    with pytest.raises(ProblemError) as caught:
        WriterLock(tmp_path / "lock", clock=clock).acquire()
    problem = caught.value.problem
    assert problem.code is ProblemCode.PROFILE_BUSY
    assert problem.values == {"pid": str(other_process.pid)}


def test_the_lock_of_a_killed_process_is_free(tmp_path, clock, other_process):
    lock = WriterLock(tmp_path / "lock", clock=clock)
    assert lock.holder().pid == other_process.pid
    other_process.kill()
    other_process.wait()
    assert lock.holder() is None
    lock.acquire()
    assert (lock.holder().pid, lock.holder().started) == (os.getpid(), clock.now())
    lock.release()


def test_a_released_lock_can_be_taken_again(tmp_path, clock):
    first, second = (WriterLock(tmp_path / "lock", clock=clock) for _ in range(2))
    with first, pytest.raises(ProblemError):
        second.acquire()
    with second:
        assert (first.held, second.held) == (False, True)


def test_an_unreadable_holder_is_still_a_holder(tmp_path, clock):
    with WriterLock(tmp_path / "lock", clock=clock):
        (tmp_path / "lock").write_text("")
        with pytest.raises(ProblemError) as caught:
            WriterLock(tmp_path / "lock", clock=clock).acquire()
    assert caught.value.problem.values == {"pid": "?"}


async def test_blocks_under_the_same_file_never_overlap(tmp_path, clock):
    trace: list[str] = []
    shared = CrossProcessLock(tmp_path / "token.lock", clock=clock)

    async def refresh(lock: CrossProcessLock, name: str) -> None:
        async with lock:
            trace.append(name + " in")
            await clock.sleep(1)
            trace.append(name + " out")

    other = CrossProcessLock(tmp_path / "token.lock", clock=clock)
    await asyncio.gather(refresh(shared, "a"), refresh(shared, "b"), refresh(other, "c"))
    assert [step.split()[1] for step in trace] == ["in", "out"] * 3
    assert all(trace[i].split()[0] == trace[i + 1].split()[0] for i in (0, 2, 4))


async def test_waiting_for_the_lock_ends_with_a_problem(tmp_path, clock, other_process):
    begun = clock.monotonic()
    with pytest.raises(ProblemError) as caught:
        async with CrossProcessLock(tmp_path / "lock", clock=clock, patience=5):
            pass
    assert caught.value.problem.code is ProblemCode.PROFILE_BUSY
    assert clock.monotonic() - begun == pytest.approx(5, abs=0.2)


async def test_a_failure_inside_frees_the_lock(tmp_path, clock):
    lock = CrossProcessLock(tmp_path / "token.lock", clock=clock, patience=0)
    with pytest.raises(KeyError):
        async with lock:
            raise KeyError
    async with lock:
        pass
