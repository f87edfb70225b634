"""What the command line gets from the process it runs in, and the window that it may open but never imports."""

from __future__ import annotations

import os
import sys
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Protocol, TextIO

from acassist.assistant.assistant import Assistant
from acassist.assistant.container import Options

Prepare = Callable[[Assistant], Awaitable[None]]


class Front(Protocol):
    """The window, given by `__main__` so that nothing here needs it."""

    def open_window(self, options: Options, prepare: Prepare | None = None, *, link: str = "") -> int:
        """Open the window on a profile, prepared where asked, and return the exit code when it is closed.

        `link` (`acassist://record/<id>`) is shown in it, or in the window that is open already.

        Raises ProblemError when the profile cannot be opened, Refusal when there can be no window.
        """
        ...

    def screenshots(self, options: Options, folder: Path) -> int:
        """Write a picture of every screen into a folder."""
        ...

    def check(self) -> str:
        """Build a window without showing it and say what was built (used by --self-test)."""
        ...


@dataclass(frozen=True, slots=True)
class Host:
    """Standard streams, environment, and the window where there is one."""

    environ: Mapping[str, str]
    stdin: TextIO
    stdout: TextIO
    stderr: TextIO
    front: Front | None = None


def has_display(environ: Mapping[str, str]) -> bool:
    """Tell whether a window can be shown; Windows and macOS always have a display."""
    if sys.platform in {"win32", "darwin"}:
        return True
    return any(environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))


def host_of_process(front: Front | None = None) -> Host:
    """Return the streams of this process; a Windows program without a console has none and gets empty ones."""
    streams = (_stream(sys.stdin, "r"), _stream(sys.stdout, "w"), _stream(sys.stderr, "w"))
    return Host(dict(os.environ), *streams, front=front)


def _stream(stream: IO[str] | None, mode: str) -> TextIO:
    if stream is None:
        return Path(os.devnull).open(mode, encoding="utf-8")  # type: ignore[return-value]
    # A name that the console's code page cannot show must not end a command.
    reconfigure = getattr(stream, "reconfigure", None)
    if reconfigure is not None and mode == "w":
        reconfigure(errors="replace")
    return stream  # type: ignore[return-value]
