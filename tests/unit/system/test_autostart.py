from __future__ import annotations

import plistlib
import subprocess
import sys

import pytest

from acassist.system.autostart.choose import autostart_for
from acassist.system.autostart.desktop_entry import DesktopEntry, exec_line
from acassist.system.autostart.launch_agent import LaunchAgent
from acassist.system.autostart.run_key import RunKey
from acassist.system.autostart.state import AutostartState

COMMAND = ["/opt/My App/acassist", "--background"]


class FakeRegistry(dict):
    def read(self, name: str) -> str | None:
        return self.get(name)

    def write(self, name: str, value: str) -> None:
        self[name] = value

    def delete(self, name: str) -> None:
        self.pop(name, None)


@pytest.fixture(params=["linux", "windows", "macos"])
def make(request, tmp_path):
    registry = FakeRegistry()
    return {
        "linux": lambda command: DesktopEntry(command, home=tmp_path, environ={}),
        "windows": lambda command: RunKey(command, registry=registry),
        "macos": lambda command: LaunchAgent(command, home=tmp_path),
    }[request.param]


def test_it_can_be_switched_on_and_off_again(make):
    autostart = make(COMMAND)
    states = [autostart.state()]
    for step in (autostart.enable, autostart.enable, autostart.disable, autostart.disable):
        step()
        states.append(autostart.state())
    off, on = AutostartState.OFF, AutostartState.ON
    assert states == [off, on, on, off, off]


def test_an_entry_for_another_program_file_is_told_apart(make):
    make(["/old/acassist"]).enable()
    assert make(COMMAND).state() is AutostartState.OTHER


def test_the_desktop_folder_follows_the_environment_unless_it_is_relative(tmp_path):
    entry = DesktopEntry(COMMAND, home=tmp_path, environ={"XDG_CONFIG_HOME": "/x"})
    assert str(entry.path) == "/x/autostart/acassist.desktop"
    entry = DesktopEntry(COMMAND, home=tmp_path, environ={"XDG_CONFIG_HOME": "x"})
    assert entry.path == tmp_path / ".config" / "autostart" / "acassist.desktop"


def test_special_characters_of_a_command_are_quoted_for_the_desktop():
    assert exec_line(['a b"$`\\%']) == '"a b\\"\\$\\`\\\\%%"'


def test_a_hidden_desktop_entry_is_off(tmp_path):
    entry = DesktopEntry(COMMAND, home=tmp_path, environ={})
    entry.enable()
    entry.path.write_text(entry.path.read_text() + "Hidden=true\n")
    assert entry.state() is AutostartState.OFF


def test_the_agent_runs_the_command_at_login(tmp_path):
    agent = LaunchAgent(COMMAND, home=tmp_path)
    agent.enable()
    content = plistlib.loads(agent.path.read_bytes())
    assert (content["ProgramArguments"], content["RunAtLoad"]) == (COMMAND, True)


def test_a_damaged_agent_is_not_ours(tmp_path):
    agent = LaunchAgent(COMMAND, home=tmp_path)
    agent.enable()
    agent.path.write_text("<plist")
    assert agent.state() is AutostartState.OTHER


def test_windows_gets_one_quoted_command_line():
    registry = FakeRegistry()
    RunKey(COMMAND, registry=registry).enable()
    assert list(registry.values()) == ['"/opt/My App/acassist" --background']
    assert subprocess.list2cmdline(COMMAND) == '"/opt/My App/acassist" --background'


@pytest.mark.skipif(sys.platform != "linux", reason="names the Linux choice")
def test_linux_uses_a_desktop_entry(tmp_path):
    assert isinstance(autostart_for(COMMAND, home=tmp_path, environ={}), DesktopEntry)
