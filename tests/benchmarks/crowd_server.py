"""The crowd's two services in a process of their own: `python -m tests.benchmarks.crowd_server COUNT`."""

from __future__ import annotations

import asyncio
import json
import sys
from typing import Any

from acassist.sandbox.clock import SystemClock
from acassist.sandbox.server import Running
from acassist.sandbox.settings import Settings
from tests.benchmarks.crowd import crowd
from tests.engine import log_in


def main(count: int) -> None:
    """Print addresses and logins as one line, then serve until standard input ends."""
    # No limit but the engine's own work; imports are carried out at once.
    world = crowd(count, SystemClock(), Settings(leads=0, contacts=0, bulk_per_minute_many=10**9, bulk_seconds=0.0))
    token = asyncio.run(log_in(world))
    with Running(world) as running:
        org = world.salesforce
        until = org.now().timestamp() + 7200
        session = org.auth.open_session(org_id=org.org_id, user_id=org.user_id, scope="api", until=until).token
        info: dict[str, Any] = {**running.info, "refresh_token": token, "session": session}
        sys.stdout.write(json.dumps(info) + "\n")
        sys.stdout.flush()
        for line in sys.stdin:
            if line.strip() == "people":
                sys.stdout.write(f"{len(world.activecampaign.contacts)}\n")
                sys.stdout.flush()


if __name__ == "__main__":
    main(int(sys.argv[1]))
