"""Where the files shipped with the program lie: checkout, installed wheel or frozen bundle."""

from __future__ import annotations

import sys
from pathlib import Path


def asset_folder() -> Path:
    """Return the folder that holds icons, catalogues and tokens."""
    here = Path(__file__).resolve()
    frozen = getattr(sys, "_MEIPASS", None)
    candidates = [
        *([Path(frozen) / "acassist" / "_resources", Path(frozen) / "resources"] if frozen else []),
        here.parents[1] / "_resources",
        here.parents[2] / "resources",
    ]
    return next((folder for folder in candidates if folder.is_dir()), candidates[-1])


def asset(name: str) -> Path:
    """Return the path of one shipped file; it need not exist."""
    return asset_folder() / name
