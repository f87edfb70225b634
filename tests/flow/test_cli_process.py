"""The command line as a process of its own."""

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from acassist import __version__
from acassist.cli.main import COMMANDS

PROGRAM = (sys.executable, "-m", "acassist")
NO_QT = "import sys; sys.modules['PySide6'] = None; from acassist.__main__ import main; sys.exit(main())"


def environment(**changes: str) -> dict[str, str]:
    plain = {name: value for name, value in os.environ.items() if name not in {"DISPLAY", "WAYLAND_DISPLAY"}}
    plain = {name: value for name, value in plain.items() if name not in {"QT_QPA_PLATFORM", "LANGUAGE"}}
    return {**plain, "LC_ALL": "C.UTF-8", **changes}


def run(*words: str, program: tuple[str, ...] = PROGRAM, **changes: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*program, *words], capture_output=True, text=True, timeout=60, env=environment(**changes), check=False
    )


@contextmanager
def running(*words: str, env: Mapping[str, str]) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [*PROGRAM, *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=dict(env),
        preexec_fn=None if sys.platform == "win32" else heed_interrupts,
    )
    with process:
        try:
            yield process
        finally:
            process.kill()


def heed_interrupts() -> None:
    """Undo what a shell does to what it starts in the background: there Ctrl+C is ignored, and that is inherited."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def first_line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline()


def test_the_version_works_without_the_window_library() -> None:
    result = run("--version", program=(sys.executable, "-c", NO_QT))
    assert (result.returncode, result.stdout, result.stderr) == (0, f"acassist {__version__}\n", "")


def test_commands_work_without_the_window_library(tmp_path: Path) -> None:
    result = run("status", "--json", "--data-dir", str(tmp_path), program=(sys.executable, "-c", NO_QT))
    assert result.returncode == 0
    assert json.loads(result.stdout)["steps_done"] == 0


def test_without_the_window_library_the_window_says_so(tmp_path: Path) -> None:
    result = run("--data-dir", str(tmp_path), program=(sys.executable, "-c", NO_QT), DISPLAY=":999")
    assert result.returncode == 3
    assert "PySide6" in result.stderr
    assert "Traceback" not in result.stderr


def test_help_names_every_command() -> None:
    result = run("--help")
    assert result.returncode == 0
    names = sorted({command.split()[0] for command in COMMANDS})
    assert [name for name in names if f"\n    {name} " not in result.stdout] == []


def test_without_arguments_and_display_there_is_a_sentence(tmp_path: Path) -> None:
    result = run(ACASSIST_DATA_DIR=str(tmp_path))
    assert result.returncode == 3
    assert "acassist --help" in result.stderr


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_sandbox_prints_one_json_line_serves_and_ends_on_a_signal(number: signal.Signals) -> None:
    with running("sandbox", "--leads", "3", "--contacts", "2", "--labels", env=environment()) as process:
        info = json.loads(first_line(process))
        assert {"salesforce_login", "salesforce_instance", "activecampaign", "control", "client_id"} <= set(info)
        assert {"username", "password", "api_key"} <= set(info)
        assert httpx.get(info["control"] + "/health", timeout=30).json()["ok"] is True
        process.send_signal(number)
        out, err = process.communicate(timeout=30)
    assert (process.returncode, out, err) == (0, "", "")


def test_the_sandbox_says_when_its_ports_are_taken() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = min(taken.getsockname()[1], 65532)  # the sandbox takes this one and the three after it
        result = run("sandbox", "--port", str(port))
    assert result.returncode == 3
    assert str(port) in result.stderr


def test_a_reader_that_goes_away_is_no_fault(tmp_path: Path) -> None:
    with running("setup", "show", "--json", "--data-dir", str(tmp_path), env=environment()) as process:
        assert process.stdout is not None
        process.stdout.close()
        assert process.stderr is not None
        err = process.stderr.read()
        code = process.wait(60)
    assert (code, err) == (0, "")


@pytest.mark.slow  # the demo keeps the pace of ActiveCampaign
def test_the_demo_without_a_display_syncs_each_way_and_shows_20_activities(tmp_path: Path) -> None:
    result = run("demo", HOME=str(tmp_path), XDG_DATA_HOME=str(tmp_path / "data"), TMPDIR=str(tmp_path))
    assert (result.returncode, result.stderr) == (0, "")
    for words in ("Step 1", "Step 4", "First sync", "The change in Salesforce", "The change in ActiveCampaign"):
        assert words in result.stdout
    assert "The 20 most recent activities of one person" in result.stdout
    assert [path.name for path in tmp_path.rglob("*.db")] == []
    assert not (tmp_path / "data").exists()


def test_the_window_of_the_demo_opens_holds_its_profile_and_ends_on_sigterm(tmp_path: Path) -> None:
    folder = tmp_path / "kept"
    env = environment(QT_QPA_PLATFORM="offscreen", LANG="en")
    with running("demo", "--keep", str(folder), env=env) as process:
        assert process.stdout is not None
        assert "Password" in "".join(process.stdout.readline() for _ in range(4))
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(4)
        assert run("sync", "--data-dir", str(folder)).returncode == 6
        assert run("--data-dir", str(folder), QT_QPA_PLATFORM="offscreen").returncode == 0
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0
    assert (folder / "profile.db").exists()


def test_the_self_test_finds_everything() -> None:
    result = run("--self-test")
    assert result.returncode == 0, result.stdout
    lines = result.stdout.splitlines()
    assert [line.split(":")[0] for line in lines] == [
        "OK modules", "OK resources", "OK languages", "OK profile", "OK sandbox", "OK window",
    ]  # fmt: skip
