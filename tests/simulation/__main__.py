"""`python -m tests.simulation --seeds 100 --start 0`: play seeds, print what failed and how often each rule fired."""

from __future__ import annotations

import argparse
import sys
from collections import Counter

from tests.simulation.batch import reports
from tests.simulation.fired import table
from tests.simulation.simulate import STEPS


def main(arguments: list[str] | None = None) -> int:
    """Play seeds and return 1 when one of them broke a promise or, with `--fired`, when a rule fired too rarely."""
    parser = argparse.ArgumentParser(prog="python -m tests.simulation")
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--start", type=int, default=0)
    parser.add_argument("--steps", type=int, default=STEPS)
    parser.add_argument("--jobs", type=int, default=1, help="processes to play in")
    parser.add_argument("--fired", type=int, default=0, help="how often each rule has to fire in all")
    parser.add_argument("--story", action="store_true", help="print what happened in a failing seed")
    parser.add_argument("--stop", action="store_true", help="stop at the first failing seed")
    options = parser.parse_args(arguments)
    rules: Counter[str] = Counter()
    totals: Counter[str] = Counter()
    print(f"Playing {options.seeds} seeds from {options.start}; the same again: --start {options.start}", flush=True)
    for report in reports(range(options.start, options.start + options.seeds), options.steps, options.jobs):
        rules += report.rules
        totals.update(played=1, steps=report.steps, runs=report.runs, killed=report.killed, stopped=report.stopped)
        if report.findings:
            totals["failed"] += 1
            print(f"seed {report.seed}:", *dict.fromkeys(report.findings), sep="\n  ", flush=True)
            if options.story:
                print(*report.story, sep="\n    ")
            if options.stop:
                return 1
        if totals["played"] % 50 == 0:
            print(f"{totals['played']} seeds played", flush=True)
    print(dict(totals))
    return max(_shown(rules, options.fired), int(totals["failed"] > 0))


def _shown(rules: Counter[str], wanted: int) -> int:
    """Print how often each rule fired; 1 when one of them did so more rarely than wanted."""
    rare = 0
    for title, count in table(rules):
        rare += count < wanted
        print(f"{count:9}  {title}{'   TOO RARE' if count < wanted else ''}")
    return int(rare > 0)


if __name__ == "__main__":
    sys.exit(main())
