"""A schedule holds a profile; a sync on the same profile is refused, and works once the schedule has ended."""

from __future__ import annotations

import asyncio
import json
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

from acassist.sandbox.server import Running, build
from acassist.sandbox.settings import Settings
from tests.e2e.shared_profile import connect, login


def program(folder: Path, *words: str) -> list[str]:
    return [sys.executable, "-m", "acassist", "--data-dir", str(folder), "--language", "en", *words]


def sync(folder: Path) -> dict[str, Any]:
    ended = subprocess.run(program(folder, "sync", "--yes"), capture_output=True, text=True, check=False, timeout=60)
    return {"code": ended.returncode, "output": ended.stdout + ended.stderr}


def main(folder: Path) -> None:
    profile = folder / "profile"
    with Running(build(Settings(leads=2, contacts=2))) as running:
        asyncio.run(connect(profile, running, login(running).current))
        pipe = subprocess.PIPE
        holder = subprocess.Popen(program(profile, "run"), stdout=pipe, stderr=subprocess.STDOUT, text=True)
        assert holder.stdout is not None
        first = holder.stdout.readline()
        refused = sync(profile)
        alive = holder.poll() is None
        holder.send_signal(signal.SIGTERM)
        holder.communicate(timeout=30)
        told = {
            "first": first,
            "pid": holder.pid,
            "refused": refused,
            "alive": alive,
            "holder": holder.returncode,
            "then": sync(profile),
        }
    sys.stdout.write(json.dumps(told) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
