"""One of two programs on one profile: calls Salesforce once for every line that it is sent, and says how it went."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from acassist.assistant.container import Options, close_profile, open_profile
from acassist.domain.problem import ProblemError


async def main(folder: Path, *, writer: bool) -> None:
    profile = await open_profile(Options(data_dir=folder, writer=writer, language="en"))
    client = await profile.assistant.session.salesforce()
    await client.limits()
    loop = asyncio.get_running_loop()
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    while await loop.run_in_executor(None, sys.stdin.readline):
        try:
            await client.limits()
            answer = "ok"
        except ProblemError as error:
            answer = error.problem.code.value
        sys.stdout.write(answer + "\n")
        sys.stdout.flush()
    await close_profile(profile)


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), writer=sys.argv[2] == "writer"))
