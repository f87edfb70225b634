"""One of several programs that share a profile: refreshes again and again over real connections and a real lock."""

import asyncio
import json
import random
import sys
from pathlib import Path

from acassist.http import CallBudget, Wiring
from acassist.salesforce import OAuthClient, TokenSource
from acassist.system.clock import SystemClock
from acassist.system.lock import CrossProcessLock


class FileVault:
    """Secrets in a file; only for this test."""

    def __init__(self, path: Path) -> None:
        self._path = path

    async def get(self, name: str) -> str | None:
        return json.loads(self._path.read_text()).get(name)

    async def put(self, name: str, secret: str) -> None:
        self._path.write_text(json.dumps({name: secret}))

    async def remove(self, name: str) -> None:
        raise AssertionError("nothing may be forgotten")


async def main(task: dict[str, str]) -> None:
    clock = SystemClock()
    wiring = Wiring(clock, random.Random(1), CallBudget(clock))
    oauth = OAuthClient(task["login"], task["client_id"], wiring)
    folder = Path(task["folder"])
    source = TokenSource(
        oauth, vault=FileVault(folder / "vault"), entry="sf", lock=CrossProcessLock(folder / "lock", clock=clock)
    )
    for _ in range(int(task["times"])):
        await source.renew(await source.access_token())
    await oauth.close()


if __name__ == "__main__":
    asyncio.run(main(json.loads(sys.stdin.read())))
