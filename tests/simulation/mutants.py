"""Planted bugs: `python -m tests.simulation.mutants` puts one into a copy of the program and lets the seeds find it.

A mutant is caught when a seed fails. What the seeds cannot see by design (who wins a conflict, brakes, the status
race) is planted as well where another suite has to see it; those name that suite.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SEEDS = "-m tests.simulation --stop --seeds {seeds} --start {start}"
SUITE = "-m pytest -x -q -p no:cacheprovider tests/{name}.py"


@dataclass(frozen=True)
class Mutant:
    """One wrong line: where, what it replaces, and which file of tests has to notice; none means the seeds.

    The file is below `sync`; the tests are in `tests/flow` unless the suite names another folder.
    """

    name: str
    file: str
    old: str
    new: str
    suite: str = ""

    def command(self, *, seeds: int, start: int) -> list[str]:
        """Return the arguments of the suite that has to fail."""
        name = self.suite if "/" in self.suite else f"flow/{self.suite}"
        text = SUITE.replace("{name}", name) if self.suite else SEEDS.format(seeds=seeds, start=start)
        return text.split()


def mutants() -> list[Mutant]:
    """Read the planted bugs."""
    rows = tomllib.loads((Path(__file__).with_name("mutants.toml")).read_text())["mutant"]
    return [Mutant(**row) for row in rows]


def plant(mutant: Mutant, folder: Path) -> None:
    """Copy the program into `folder` with the wrong line; ValueError when the right one is not there once."""
    shutil.copytree(ROOT / "acassist", folder / "acassist", ignore=shutil.ignore_patterns("__pycache__", "gui"))
    for name in ("tests", "resources", "pyproject.toml"):
        (folder / name).symlink_to(ROOT / name)
    path = folder / "acassist" / "sync" / mutant.file
    text = path.read_text()
    if text.count(mutant.old) != 1:
        raise ValueError(f"{mutant.name}: the line is there {text.count(mutant.old)} times")
    path.write_text(text.replace(mutant.old, mutant.new))


def caught(mutant: Mutant, *, seeds: int, start: int) -> tuple[bool, str]:
    """Play a mutant; return whether its suite failed, and the first words of why."""
    with tempfile.TemporaryDirectory() as name:
        plant(mutant, Path(name))
        command = [sys.executable, *mutant.command(seeds=seeds, start=start)]
        # Every seventh call is enough to notice, and every call takes minutes.
        env = {**os.environ, "ACASSIST_SWEEP_STRIDE": "7"}
        done = subprocess.run(command, cwd=name, capture_output=True, text=True, check=False, env=env)
    lines = [line for line in done.stdout.splitlines() if re.match(r"(seed|  |FAILED|E  )", line)]
    return done.returncode != 0, " ".join(lines[:2])[:150]


def main(arguments: list[str] | None = None) -> int:
    """Play all mutants, or those whose name contains a text, and return how many went unnoticed."""
    parser = argparse.ArgumentParser(prog="python -m tests.simulation.mutants")
    parser.add_argument("--seeds", type=int, default=100)
    parser.add_argument("--start", type=int, default=0)
    parser.add_argument("--name", default="")
    options = parser.parse_args(arguments)
    missed = 0
    for mutant in (m for m in mutants() if options.name in m.name):
        found, why = caught(mutant, seeds=options.seeds, start=options.start)
        missed += not found
        print("caught" if found else "MISSED", mutant.name, "|", why, flush=True)
    return missed


if __name__ == "__main__":
    sys.exit(main())
