"""Start with the session on Windows: a value under the user's Run key."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from typing import Protocol

from acassist.system.autostart.state import AutostartState, state_of

KEY = r"Software\Microsoft\Windows\CurrentVersion\Run"
VALUE_NAME = "ActiveCampaign Setup Assistant"


class Registry(Protocol):
    """The values of one registry key of the current user."""

    def read(self, name: str) -> str | None:
        """Read a text value, None when it is not there."""
        ...

    def write(self, name: str, value: str) -> None:
        """Write a text value."""
        ...

    def delete(self, name: str) -> None:
        """Delete a value; nothing happens when it is not there."""
        ...


class RunKey:
    """The Run value of one user."""

    def __init__(self, command: Sequence[str], *, registry: Registry) -> None:
        self._command = subprocess.list2cmdline(command)
        self._registry = registry

    def enable(self) -> None:
        """Write the value."""
        self._registry.write(VALUE_NAME, self._command)

    def disable(self) -> None:
        """Delete the value."""
        self._registry.delete(VALUE_NAME)

    def state(self) -> AutostartState:
        """Tell whether this program starts with the session."""
        return state_of(self._registry.read(VALUE_NAME) or "", self._command)


if sys.platform == "win32":
    import winreg

    class UserRegistry:
        """HKEY_CURRENT_USER's Run key."""

        def read(self, name: str) -> str | None:
            """Read a text value, None when it is not there."""
            try:
                with winreg.OpenKey(winreg.HKEY_CURRENT_USER, KEY) as key:
                    return str(winreg.QueryValueEx(key, name)[0])
            except FileNotFoundError:
                return None

        def write(self, name: str, value: str) -> None:
            """Write a text value."""
            with winreg.CreateKey(winreg.HKEY_CURRENT_USER, KEY) as key:
                winreg.SetValueEx(key, name, 0, winreg.REG_SZ, value)

        def delete(self, name: str) -> None:
            """Delete a value; nothing happens when it is not there."""
            try:
                with winreg.OpenKey(winreg.HKEY_CURRENT_USER, KEY, 0, winreg.KEY_SET_VALUE) as key:
                    winreg.DeleteValue(key, name)
            except FileNotFoundError:
                return
