"""A backfill in a process of its own, so that its memory is only its own: reads logins, prints what it spent."""

from __future__ import annotations

import asyncio
import json
import resource
import sys
import time
from pathlib import Path
from typing import Any

from acassist.assistant.container import close_profile
from acassist.domain.backfill import BackfillRequest
from acassist.domain.ids import SObject
from tests.benchmarks.own_process import open_connected

LEADS = BackfillRequest(SObject.LEAD)


def memory() -> float:
    """Return the most memory this process has held so far, in MB.

    Linux hands the figure of `getrusage` down from the parent, so the kernel's own account is asked there.
    """
    status = Path("/proc/self/status")
    if status.exists():
        line = next(row for row in status.read_text().splitlines() if row.startswith("VmHWM"))
        return int(line.split()[1]) / 1024
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / (1024 * 1024 if sys.platform == "darwin" else 1024)


async def spend(folder: Path, info: dict[str, Any]) -> dict[str, Any]:
    """Make a backfill of all leads and return how it ended, with seconds of processor and MB above the idle program."""
    profile = await open_connected(folder, info)
    await profile.assistant.backfill_estimate(LEADS)
    idle, begun = memory(), time.process_time()
    state = await profile.assistant.start_backfill(LEADS, yes=True)
    spent, held = time.process_time() - begun, memory() - idle
    await close_profile(profile)
    return {"phase": state.phase, "created": state.created, "calls": state.calls, "seconds": spent, "megabytes": held}


if __name__ == "__main__":
    found = asyncio.run(spend(Path(sys.argv[1]), json.load(sys.stdin)))
    sys.stdout.write(json.dumps(found) + "\n")
