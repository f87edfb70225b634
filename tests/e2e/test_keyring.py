"""The vault on a real SecretService: GNOME Keyring on a message bus of its own, in a scratch home."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.skipif(
        not (shutil.which("gnome-keyring-daemon") and shutil.which("dbus-run-session")),
        reason="gnome-keyring-daemon or dbus-run-session is not installed",
    ),
]

UNLOCK = 'printf "pw\\n" | gnome-keyring-daemon --unlock --components=secrets >/dev/null'
SESSION = UNLOCK + ' && exec "$0" "$@"'
LOCKED_SESSION = UNLOCK + ' && "$0" -c "$1" && exec "$0" -c "$2"'

KEEP = """
import asyncio
from acassist.system.vault import KeyringVault, service_name_for

async def main():
    vault = KeyringVault(service_name_for("p1"))
    state = await vault.state()
    print(state.kind, state.safe, state.backend)
    print(await vault.get("token"))
    for secret in ("first", "second ñ " * 800):
        await vault.put("token", secret)
        print(await vault.get("token") == secret)
    print(await KeyringVault(service_name_for("p2")).get("token"))
    await vault.put("kept", "for the next process")
    await vault.remove("token")
    await vault.remove("token")
    print(await vault.get("token"))

asyncio.run(main())
"""

READ_BACK = """
import asyncio
from acassist.system.vault import KeyringVault, service_name_for
print(asyncio.run(KeyringVault(service_name_for("p1")).get("kept")))
"""

LOCK = """
import contextlib, secretstorage
with contextlib.closing(secretstorage.dbus_init()) as connection:
    secretstorage.get_default_collection(connection).lock()
"""

READ_LOCKED = """
import asyncio
from acassist.domain.problem import ProblemError
from acassist.system.vault import KeyringVault, service_name_for

async def main():
    try:
        await KeyringVault(service_name_for("p1"), timeout=3).get("token")
    except ProblemError as error:
        print(error.problem.code)

asyncio.run(main())
"""


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """A home of its own without a screen, so that no prompt can appear."""
    runtime = tmp_path / "runtime"
    runtime.mkdir(mode=0o700)
    kept = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
    return {
        **kept,
        "HOME": str(tmp_path),
        "XDG_DATA_HOME": str(tmp_path / "data"),
        "XDG_RUNTIME_DIR": str(runtime),
        "PYTHONUTF8": "1",
    }


def in_session(environment: dict[str, str], shell: str, *arguments: str) -> list[str]:
    command = ["dbus-run-session", "--", "sh", "-c", shell, sys.executable, *arguments]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def test_secrets_are_kept_read_and_forgotten_by_the_desktop_keyring(environment):
    state, *rest = in_session(environment, SESSION, "-c", KEEP)
    assert state == "keyring True SecretService Keyring"
    assert rest == ["None", "True", "True", "None", "None"]


def test_a_secret_outlives_the_session(environment):
    in_session(environment, SESSION, "-c", KEEP)
    assert in_session(environment, SESSION, "-c", READ_BACK) == ["for the next process"]


def test_a_locked_keyring_is_a_problem_and_not_a_hang(environment):
    in_session(environment, SESSION, "-c", KEEP)
    assert in_session(environment, LOCKED_SESSION, LOCK, READ_LOCKED) == ["keyring_locked"]


def test_without_a_keyring_nothing_is_stored_anywhere(environment):
    code = READ_LOCKED.replace('.get("token")', '.put("token", "s3cret")').replace("timeout=3", "timeout=20")
    environment["DBUS_SESSION_BUS_ADDRESS"] = "unix:path=/nonexistent"
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.stdout == "keyring_missing\n"
    home = Path(environment["HOME"])
    assert not any("s3cret" in path.read_text(errors="replace") for path in home.rglob("*") if path.is_file())
