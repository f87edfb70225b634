"""Start with the session on Linux: a desktop entry in the autostart folder (freedesktop autostart specification)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from acassist.system.autostart.state import AutostartState, state_of

FILE_NAME = "acassist.desktop"
_SPECIAL = ("\\", '"', "`", "$")


def autostart_folder(home: Path, environ: Mapping[str, str]) -> Path:
    """Return the folder that the desktop reads at login."""
    configured = environ.get("XDG_CONFIG_HOME", "")
    # The specification ignores a relative path.
    base = Path(configured) if configured.startswith("/") else home / ".config"
    return base / "autostart"


def exec_line(command: Sequence[str]) -> str:
    """Quote a command for the Exec key (Desktop Entry Specification, "The Exec key")."""
    return " ".join(_quoted(argument) for argument in command)


class DesktopEntry:
    """The entry of one user."""

    def __init__(self, command: Sequence[str], *, home: Path, environ: Mapping[str, str]) -> None:
        self._exec = exec_line(command)
        self.path = autostart_folder(home, environ) / FILE_NAME

    def enable(self) -> None:
        """Write the entry."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.path.write_text(self._content(), encoding="utf-8")

    def disable(self) -> None:
        """Delete the entry."""
        self.path.unlink(missing_ok=True)

    def state(self) -> AutostartState:
        """Tell whether this program starts with the session."""
        if not self.path.exists():
            return AutostartState.OFF
        lines = self.path.read_text(encoding="utf-8", errors="replace").splitlines()
        if "Hidden=true" in lines:
            return AutostartState.OFF
        found = next((line.partition("=")[2] for line in lines if line.startswith("Exec=")), "")
        return state_of(found, _escaped(self._exec))

    def _content(self) -> str:
        return (
            "[Desktop Entry]\nType=Application\nName=ActiveCampaign Setup Assistant\n"
            f"Exec={_escaped(self._exec)}\nIcon=acassist\nTerminal=false\nX-GNOME-Autostart-enabled=true\n"
        )


def _quoted(argument: str) -> str:
    text = argument.replace("%", "%%")
    for character in _SPECIAL:
        text = text.replace(character, "\\" + character)
    return f'"{text}"'


def _escaped(value: str) -> str:
    """Escape a value of type string: the file format has an escape level of its own."""
    return value.replace("\\", "\\\\")
