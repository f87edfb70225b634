"""Many seeds at once, in as many processes as wanted."""

from __future__ import annotations

import asyncio
import multiprocessing
import tempfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from tests.simulation.simulate import Report, simulate


def play(seed: int, steps: int) -> Report:
    """Play one seed in a folder of its own."""
    with tempfile.TemporaryDirectory() as folder:
        return asyncio.run(simulate(seed, Path(folder) / "profile", steps=steps))


def reports(seeds: range, steps: int, jobs: int) -> Iterator[Report]:
    """Play seeds, in several processes when there is more than one job, and yield what became of them in order."""
    if jobs == 1:
        yield from (play(seed, steps) for seed in seeds)
        return
    with multiprocessing.get_context("spawn").Pool(jobs) as pool:
        yield from pool.imap(partial(play, steps=steps), seeds, chunksize=2)
