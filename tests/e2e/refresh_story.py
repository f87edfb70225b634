"""Two processes on one profile, refresh-token rotation on: every round both find their session expired at once."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from pathlib import Path

from acassist.sandbox.server import Running, build
from acassist.sandbox.settings import Settings
from tests.e2e.shared_profile import connect, login, stored_token

ROUNDS = 50
ROOT = Path(__file__).parents[2]


def start(folder: Path, role: str) -> subprocess.Popen[str]:
    command = (sys.executable, "-m", "tests.e2e.refresh_process", str(folder), role)
    pipe = subprocess.PIPE
    process = subprocess.Popen(command, cwd=ROOT, stdin=pipe, stdout=pipe, text=True, bufsize=1)
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


def round_(processes: list[subprocess.Popen[str]]) -> list[str]:
    """Let both call at once and return their answers."""
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("call\n")
    return [process.stdout.readline().strip() for process in processes if process.stdout is not None]


def main(folder: Path) -> None:
    profile = folder / "profile"
    with Running(build(Settings(leads=1, contacts=1, rotate_refresh_tokens=True))) as running:
        family = login(running)
        asyncio.run(connect(profile, running, family.current))
        processes = [start(profile, "writer"), start(profile, "reader")]
        before = len(family.past)
        answers = []
        for _ in range(ROUNDS):
            running.world.salesforce.auth.expire_sessions()
            answers += round_(processes)
        for process in processes:
            process.communicate(timeout=20)
        told = {
            "answers": sorted(set(answers)),
            "refreshes": len(family.past) - before,
            "revoked": family.revoked,
            "kept": asyncio.run(stored_token(profile)) == family.current,
            "codes": [process.returncode for process in processes],
        }
    sys.stdout.write(json.dumps(told) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
