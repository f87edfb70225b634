"""Writes the published JSON schema of an exported set-up, or checks that it is current.

    python packaging/setup_schema.py          write resources/setup.schema.json
    python packaging/setup_schema.py check    exit 1 when the file says something else than the program
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from acassist.assistant.transfer import schema

FILE = Path(__file__).resolve().parent.parent / "resources" / "setup.schema.json"


def text() -> str:
    """Return what the file must hold."""
    return json.dumps(schema(), indent=2, sort_keys=True) + "\n"


def main(arguments: list[str]) -> int:
    if arguments == ["check"]:
        current = FILE.exists() and FILE.read_text(encoding="utf-8") == text()
        print("current" if current else f"{FILE.name} is stale; run packaging/setup_schema.py")
        return 0 if current else 1
    FILE.write_text(text(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
