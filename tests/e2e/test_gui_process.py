"""The whole path in the real window, driven from outside: see driver/story.py. Imports nothing of the program."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
SYSTEM_PYTHON = "/usr/bin/python3"
TOOLS = ("Xvfb", "openbox", "xdotool", "scrot", "dbus-run-session", "gnome-keyring-daemon")


def missing() -> list[str]:
    """Name what the machine lacks for a driver."""
    found = [tool for tool in TOOLS if shutil.which(tool) is None]
    bindings = "import gi; gi.require_version('Atspi', '2.0'); from gi.repository import Atspi"
    if not Path(SYSTEM_PYTHON).exists() or subprocess.run([SYSTEM_PYTHON, "-c", bindings], check=False).returncode:
        found.append("python3-gi with gir1.2-atspi-2.0")
    return found


pytestmark = [
    pytest.mark.e2e,
    pytest.mark.timeout(420),
    pytest.mark.skipif(bool(missing()), reason=f"not installed: {', '.join(missing())}"),
]


@pytest.fixture
def display(tmp_path: Path) -> Iterator[str]:
    """A screen of its own."""
    reading, writing = os.pipe()
    command = ["Xvfb", "-displayfd", str(writing), "-screen", "0", "1400x1000x24", "-nolisten", "tcp"]
    with (tmp_path / "screen.log").open("w") as log:
        screen = subprocess.Popen(command, pass_fds=(writing,), stderr=log)
        os.close(writing)
        with os.fdopen(reading) as number:
            name = f":{number.readline().strip()}"
        yield name
        screen.terminate()
        screen.wait(10)


@pytest.fixture
def environment(tmp_path: Path, display: str) -> dict[str, str]:
    """A home and a session of its own, without proxies."""
    home, runtime = tmp_path / "home", tmp_path / "runtime"
    runtime.mkdir(mode=0o700)
    for part in (".local/share", ".config", ".cache"):
        (home / part).mkdir(parents=True)
    return {
        "PATH": os.environ["PATH"],
        "LANG": "C.UTF-8",
        "HOME": str(home),
        "XDG_DATA_HOME": str(home / ".local/share"),
        "XDG_CONFIG_HOME": str(home / ".config"),
        "XDG_CACHE_HOME": str(home / ".cache"),
        "XDG_RUNTIME_DIR": str(runtime),
        "DISPLAY": display,
        "PYTHONDONTWRITEBYTECODE": "1",
    }


def test_four_steps_and_three_syncs_in_the_window_leave_both_systems_equal(
    tmp_path: Path, environment: dict[str, str]
) -> None:
    program = [sys.executable, "-m", "acassist"]
    task = {
        "folder": str(tmp_path),
        "program": [*program, "--data-dir", str(tmp_path / "profile"), "--language", "en"],
        "sandbox": [*program, "sandbox", "--port", "0", "--leads", "14", "--contacts", "10", "--labels"],
    }
    (tmp_path / "task.json").write_text(json.dumps(task))
    session = ["dbus-run-session", "--", "sh", str(HERE / "driver/session.sh")]
    command = [*session, str(HERE / "driver/story.py"), str(tmp_path / "task.json")]
    options = {"env": environment, "cwd": ROOT, "capture_output": True, "text": True, "timeout": 400}
    driver = subprocess.run(command, check=False, **options)
    assert driver.returncode == 0, f"{driver.stdout}\n{driver.stderr}"
