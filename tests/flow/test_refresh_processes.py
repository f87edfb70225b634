"""Two real processes share a profile with refresh-token rotation on."""

import asyncio
import json
import sys
from pathlib import Path

from acassist.sandbox.server import Running, build
from acassist.sandbox.settings import Settings


async def refresh_in_a_process(task: dict[str, str]) -> tuple[int, bytes]:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.flow.refresh_process"),
        cwd=Path(__file__).parents[2],
        stdin=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    _, errors = await process.communicate(json.dumps(task).encode())
    return process.returncode or 0, errors


async def test_a_hundred_refreshes_by_two_processes_revoke_nothing(tmp_path: Path) -> None:
    with Running(build(Settings(leads=1, contacts=1, rotate_refresh_tokens=True))) as sandbox:
        org = sandbox.world.salesforce
        family = org.auth.new_family(user_id=org.user_id, scope="api refresh_token", now=0.0, cap=5)
        (tmp_path / "vault").write_text(json.dumps({"sf": family.current}))
        task = {"login": sandbox.info["salesforce_login"], "client_id": org.client_id, "folder": str(tmp_path)}
        ends = await asyncio.gather(*(refresh_in_a_process({**task, "times": "50"}) for _ in range(2)))
    assert ends == [(0, b""), (0, b"")]
    assert len(family.past) >= 100
    assert not family.revoked
    assert json.loads((tmp_path / "vault").read_text()) == {"sf": family.current}
