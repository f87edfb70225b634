"""Seeds of the simulation: known hard ones, some fresh ones, and the same seed twice.

The test command plays 300 fresh seeds besides, by `python -m tests.simulation`, and counts how often each rule fired.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.simulation.simulate import simulate

HERE = Path(__file__).parent
FRESH = int(os.environ.get("ACASSIST_SEEDS", "8"))
FIRST = int(os.environ.get("ACASSIST_FIRST_SEED", "1000"))


def regressions() -> list[int]:
    lines = (HERE / "regressions.txt").read_text().splitlines()
    return [int(line.split()[0]) for line in lines if line.strip() and not line.startswith("#")]


@pytest.mark.parametrize("seed", regressions())
async def test_a_seed_that_once_failed_passes(tmp_path: Path, seed: int) -> None:
    report = await simulate(seed, tmp_path / "profile")
    assert report.findings == []


@pytest.mark.parametrize("seed", range(FIRST, FIRST + FRESH))
async def test_a_fresh_seed_passes(tmp_path: Path, seed: int) -> None:
    report = await simulate(seed, tmp_path / "profile")
    assert report.findings == []
    assert report.steps >= 60
    assert report.people >= 40


async def test_the_same_seed_makes_the_same_requests(tmp_path: Path) -> None:
    first = await simulate(7, tmp_path / "first")
    second = await simulate(7, tmp_path / "second")
    assert first.digest == second.digest
    assert first.story == second.story
