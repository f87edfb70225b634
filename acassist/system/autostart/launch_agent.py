"""Start with the session on macOS: a property list in the user's LaunchAgents (launchd.plist(5))."""

from __future__ import annotations

import plistlib
from collections.abc import Sequence
from pathlib import Path
from xml.parsers.expat import ExpatError

from acassist.system.autostart.state import AutostartState

LABEL = "org.acassist.app"


class LaunchAgent:
    """The agent of one user."""

    def __init__(self, command: Sequence[str], *, home: Path) -> None:
        self._command = list(command)
        self.path = home / "Library" / "LaunchAgents" / f"{LABEL}.plist"

    def enable(self) -> None:
        """Write the agent; launchd reads it at the next login."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        content = {
            "Label": LABEL,
            "ProgramArguments": self._command,
            "RunAtLoad": True,
            "ProcessType": "Interactive",
        }
        self.path.write_bytes(plistlib.dumps(content))

    def disable(self) -> None:
        """Delete the agent."""
        self.path.unlink(missing_ok=True)

    def state(self) -> AutostartState:
        """Tell whether this program starts with the session."""
        if not self.path.exists():
            return AutostartState.OFF
        try:
            content = plistlib.loads(self.path.read_bytes())
        except (plistlib.InvalidFileException, ExpatError, ValueError):
            return AutostartState.OTHER
        same = isinstance(content, dict) and content.get("ProgramArguments") == self._command
        return AutostartState.ON if same else AutostartState.OTHER
