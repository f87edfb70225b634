"""`python -m tests.simulation --seeds 100 --start 0`: play seeds, print what failed and how often each rule fired."""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
from collections import Counter
from pathlib import Path

from tests.simulation.simulate import STEPS, Report, simulate


def play(seed: int, steps: int) -> Report:
    """Play one seed in a folder of its own."""
    with tempfile.TemporaryDirectory() as folder:
        return asyncio.run(simulate(seed, Path(folder) / "profile", steps=steps))


def main(arguments: list[str] | None = None) -> int:
    """Play seeds and return 1 when one of them broke a rule."""
    parser = argparse.ArgumentParser(prog="python -m tests.simulation")
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--start", type=int, default=0)
    parser.add_argument("--steps", type=int, default=STEPS)
    parser.add_argument("--story", action="store_true", help="print what happened in a failing seed")
    parser.add_argument("--stop", action="store_true", help="stop at the first failing seed")
    options = parser.parse_args(arguments)
    rules: Counter[str] = Counter()
    totals: Counter[str] = Counter()
    for seed in range(options.start, options.start + options.seeds):
        report = play(seed, options.steps)
        rules += report.rules
        totals.update(steps=report.steps, runs=report.runs, killed=report.killed, stopped=report.stopped)
        if report.findings:
            totals["failed"] += 1
            print(f"seed {seed}:", *dict.fromkeys(report.findings), sep="\n  ")
            if options.story:
                print(*report.story, sep="\n    ")
            if options.stop:
                return 1
    print({**totals, "seeds": options.seeds})
    for rule, count in rules.most_common():
        print(f"{count:9}  {rule}")
    return 1 if totals["failed"] else 0


if __name__ == "__main__":
    sys.exit(main())
