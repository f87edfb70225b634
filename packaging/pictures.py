"""Renews the pictures of the documentation from the demo.

    python packaging/pictures.py            render every screen, keep the chosen ones in docs/pictures
    python packaging/pictures.py DIR        take them from a folder made by `acassist demo --screenshots DIR`
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PICTURES = ROOT / "docs" / "pictures"
# Name in the documentation, and how the screen's picture ends (numbers in front of it change when screens are added).
CHOSEN = {
    "records": "light-en-*-record-details.png",
    "sync": "light-en-*-sync-started.png",
    "mapping": "light-en-*-lead_standard.png",
    "selection-spanish-dark": "dark-es-*-lead_selection.png",
}


def render(folder: Path) -> None:
    """Let the program draw every screen into a folder."""
    subprocess.run([sys.executable, "-m", "acassist", "demo", "--screenshots", str(folder)], cwd=ROOT, check=True)


def take(folder: Path) -> None:
    """Copy the chosen pictures; LookupError names a screen that is missing."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    for name, pattern in CHOSEN.items():
        found = sorted(folder.glob(pattern))
        if not found:
            raise LookupError(f"no picture {pattern} in {folder}")
        shutil.copyfile(found[0], PICTURES / f"{name}.png")


def main() -> int:
    """Render if no folder is named, then copy."""
    if len(sys.argv) > 1:
        take(Path(sys.argv[1]))
        return 0
    with tempfile.TemporaryDirectory(prefix="acassist-pictures-") as name:
        render(Path(name))
        take(Path(name))
    return 0


if __name__ == "__main__":
    sys.exit(main())
