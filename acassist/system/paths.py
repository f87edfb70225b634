"""Where a profile's files lie and where the program's own resources lie."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import platformdirs

ENVIRONMENT_NAME = "ACASSIST_DATA_DIR"
_PACKAGE = Path(__file__).resolve().parent.parent
_PROFILE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")


@dataclass(frozen=True, slots=True)
class ProfilePaths:
    """Everything that belongs to one profile, in one folder."""

    root: Path

    @property
    def db(self) -> Path:
        """The database."""
        return self.root / "profile.db"

    @property
    def logs(self) -> Path:
        """The folder of the log files."""
        return self.root / "logs"

    @property
    def lock(self) -> Path:
        """The file that the one writer holds."""
        return self.root / "lock"

    @property
    def token_lock(self) -> Path:
        """The file that is held while a token is refreshed."""
        return self.root / "token.lock"

    @property
    def backups(self) -> Path:
        """The folder of the database's backups."""
        return self.root / "backups"

    def prepare(self) -> None:
        """Create the folders so that only their owner may enter them."""
        for folder in (self.root, self.logs, self.backups):
            make_private_folder(folder)


def data_dir(argument: Path | None, environ: Mapping[str, str]) -> Path:
    """Choose the data folder: the argument, else the environment, else the operating system's place for it."""
    if argument is not None:
        return argument.expanduser().absolute()
    named = environ.get(ENVIRONMENT_NAME, "").strip()
    if named:
        return Path(named).expanduser().absolute()
    return platformdirs.user_data_path("acassist", appauthor=False)


def profile_paths(data: Path, profile: str = "") -> ProfilePaths:
    """Return the paths of a profile: the data folder itself, or a folder below it for a further profile.

    Raises ValueError when the name could leave the data folder.
    """
    if not profile:
        return ProfilePaths(data)
    if not _PROFILE_NAME.fullmatch(profile):
        raise ValueError("a profile name has letters, digits, - and _ only")
    return ProfilePaths(data / "profiles" / profile)


def make_private_folder(folder: Path) -> None:
    """Create a folder for its owner only (mode 0700); an existing one of our own is narrowed."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if sys.platform != "win32":
        folder.chmod(0o700)


def resource(name: str, *, package: Path = _PACKAGE, frozen: Path | None = None) -> Path:
    """Find a file or folder of the program: frozen program first, then installed wheel, then checkout.

    Raises FileNotFoundError when it is in none of them.
    """
    bundle = frozen or getattr(sys, "_MEIPASS", None)
    roots = [Path(bundle) / "resources"] if bundle else []
    roots += [package / "_resources", package.parent / "resources"]
    for root in roots:
        if (root / name).exists():
            return root / name
    raise FileNotFoundError(f"resource {name}")
