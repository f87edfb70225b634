"""Whether the program starts with the session."""

from __future__ import annotations

from enum import StrEnum
from typing import Protocol


class AutostartState(StrEnum):
    """What the operating system will do at the next login."""

    OFF = "off"
    ON = "on"
    OTHER = "other"
    """An entry of ours names another program file, for instance one that was moved."""


class Autostart(Protocol):
    """Starting with the session, on any operating system."""

    def enable(self) -> None:
        """Start this program at login from now on."""
        ...

    def disable(self) -> None:
        """Do not start at login any more."""
        ...

    def state(self) -> AutostartState:
        """Tell what will happen at the next login."""
        ...


def state_of(found: str, wanted: str) -> AutostartState:
    """Compare the stored command with this program's."""
    if not found:
        return AutostartState.OFF
    return AutostartState.ON if found == wanted else AutostartState.OTHER
