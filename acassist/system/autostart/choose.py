"""Chooses how this operating system starts a program with the session."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from acassist.system.autostart.desktop_entry import DesktopEntry
from acassist.system.autostart.launch_agent import LaunchAgent
from acassist.system.autostart.state import Autostart


def autostart_for(command: Sequence[str], *, home: Path, environ: Mapping[str, str]) -> Autostart:
    """Return the autostart of the system the program runs on; `command` is the program and its arguments."""
    if sys.platform == "win32":
        from acassist.system.autostart.run_key import RunKey, UserRegistry

        return RunKey(command, registry=UserRegistry())
    if sys.platform == "darwin":
        return LaunchAgent(command, home=home)
    return DesktopEntry(command, home=home, environ=environ)
