"""Runs a module in a session of its own: a message bus, an unlocked GNOME Keyring, a scratch home, no screen."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
UNLOCK = 'printf "pw\\n" | gnome-keyring-daemon --unlock --components=secrets >/dev/null && exec "$0" "$@"'
KEYRING_NEEDED = pytest.mark.skipif(
    not (shutil.which("gnome-keyring-daemon") and shutil.which("dbus-run-session")),
    reason="gnome-keyring-daemon or dbus-run-session is not installed",
)


def environment(folder: Path) -> dict[str, str]:
    runtime = folder / "runtime"
    runtime.mkdir(mode=0o700)
    names = {"HOME": "home", "XDG_DATA_HOME": "home/.local/share", "XDG_CONFIG_HOME": "home/.config"}
    for part in names.values():
        (folder / part).mkdir(parents=True, exist_ok=True)
    kept = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
    return {**kept, **{k: str(folder / v) for k, v in names.items()}, "XDG_RUNTIME_DIR": str(runtime), "LANGUAGE": "en"}


def run_in_session(folder: Path, module: str, timeout: float) -> str:
    """Run a module with the folder as its argument; returns what it printed. Raises AssertionError when it fails."""
    command = ["dbus-run-session", "--", "sh", "-c", UNLOCK, sys.executable, "-m", module, str(folder)]
    options = {"env": environment(folder), "cwd": ROOT, "capture_output": True, "text": True, "timeout": timeout}
    ended = subprocess.run(command, check=False, **options)
    assert ended.returncode == 0, f"{ended.stdout}\n{ended.stderr}"
    return ended.stdout
