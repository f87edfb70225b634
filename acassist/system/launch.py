"""Starts this program a second time, as a process of its own."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence


def own_command(arguments: Sequence[str], *, frozen: bool, executable: str) -> list[str]:
    """Return the command line that starts this program: the frozen program itself, or the module."""
    return [executable, *arguments] if frozen else [executable, "-m", "acassist", *arguments]


def start_own(arguments: Sequence[str]) -> int:
    """Start this program with arguments, without waiting for it, and return its process id."""
    command = own_command(arguments, frozen=bool(getattr(sys, "frozen", False)), executable=sys.executable)
    process = subprocess.Popen(  # noqa: S603 - our own program with fixed arguments
        command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )
    # Nobody waits for it, so nobody is told of its end.
    process.returncode = 0
    return process.pid
