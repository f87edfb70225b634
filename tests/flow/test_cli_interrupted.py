"""A run that is killed, and the next one that says what it settled: the program as a process, on a loopback sandbox."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from acassist.assistant.demo_browser import scripted_browser
from acassist.sandbox.control import world_state
from acassist.sandbox.server import Running, build
from acassist.sandbox.settings import Settings
from tests.flow.cli_story import EVERYBODY
from tests.flow.file_keyring import FILE

ROOT = Path(__file__).parents[2]
CREATE = "(contact/sync|import/bulk_import)$"


@dataclass
class Computer:
    """One profile, its keyring and a sandbox."""

    folder: Path
    sandbox: Running

    def start(self, *words: str) -> subprocess.Popen[str]:
        env = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        env |= {"LC_ALL": "C.UTF-8", FILE: str(self.folder / "keyring.json")}
        env |= {"PYTHON_KEYRING_BACKEND": "tests.flow.file_keyring.FileKeyring", "PYTHONPATH": str(ROOT)}
        command = [sys.executable, "-m", "acassist", *words, "--data-dir", str(self.folder / "profile")]
        pipe = subprocess.PIPE
        return subprocess.Popen(command, env=env, cwd=ROOT, stdin=pipe, stdout=pipe, stderr=pipe, text=True)

    def run(self, *words: str, stdin: str = "", codes: tuple[int, ...] = (0,)) -> str:
        out, err = (process := self.start(*words)).communicate(stdin, timeout=90)
        assert process.returncode in codes, f"{process.returncode}\n{out}\n{err}"
        return out

    def data(self, *words: str, codes: tuple[int, ...] = (0,)) -> Any:
        return json.loads(self.run(*words, "--json", codes=codes))

    def connect(self) -> None:
        info = self.sandbox.info
        key = ("connect", "activecampaign", "--account", info["activecampaign"], "--api-key-stdin")
        self.run(*key, stdin=info["api_key"] + "\n")
        login = ("connect", "salesforce", "--login-url", info["salesforce_login"], "--client-id", info["client_id"])
        process = self.start(*login, "--no-browser")
        assert process.stdout is not None
        address = next(line for line in process.stdout if line.startswith("http"))
        scripted_browser(info["username"], info["password"])(address.strip())
        process.communicate(timeout=60)
        assert process.returncode == 0

    def choose_everybody(self) -> None:
        data = json.loads(self.run("setup", "show", "--json"))
        data["setup"]["outbound"] = {"lead": EVERYBODY, "contact": EVERYBODY}
        self.run("setup", "import", "-", stdin=json.dumps(data))

    def control(self, method: str, path: str, body: Any = None) -> Any:
        answer = httpx.request(method, self.sandbox.info["control"] + path, json=body, timeout=30)
        assert answer.is_success, answer.text
        return answer.json() if answer.content else None


@pytest.fixture
def computer(tmp_path: Path) -> Iterator[Computer]:
    with Running(build(Settings(leads=4, contacts=3))) as sandbox:
        yield Computer(tmp_path, sandbox)


@pytest.mark.slow
def test_a_killed_sync_is_taken_up_and_the_next_one_says_what_it_settled(computer: Computer) -> None:
    computer.connect()
    computer.choose_everybody()
    # People are created, and the program ends before the answer; it asks for much else before that.
    process = computer.start("sync", "--yes")
    computer.control("POST", "/faults", {"path": CREATE, "action": {"kind": "kill_after", "pid": process.pid}})
    process.communicate(timeout=60)
    assert process.returncode == -signal.SIGKILL
    done = computer.data("sync", "--yes", codes=(0, 4))
    assert done["interrupted_run"] == done["run"]["id"] - 1
    assert [(s["kind"], s["known"]) for s in done["settled"]] != []
    contacts = [row["email"] for row in world_state(computer.sandbox.world)["activecampaign"]["contacts"]]
    assert len(contacts) == len(set(contacts))
    again = computer.data("sync", codes=(0, 4))
    assert (again["interrupted_run"], again["settled"]) == (None, [])
    assert computer.data("preview")["counts"]["creates_ac"] == 0
    verified = computer.data("verify", codes=(0, 4))
    assert verified["checked"] > 0
    email = next(row["Email"] for row in world_state(computer.sandbox.world)["salesforce"]["Contact"] if row["Email"])
    assert computer.data("explain", email)["conditions"]
    assert computer.data("undo", str(done["run"]["id"]), codes=(0, 4))["run"] == done["run"]["id"]
