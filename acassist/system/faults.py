"""What the interpreter writes when it dies, found again at the next start."""

from __future__ import annotations

import faulthandler
import os
import sys
from collections.abc import Callable
from pathlib import Path

from acassist.system.paths import make_private_folder


def watch_faults(folder: Path) -> Callable[[], None]:
    """Let the interpreter write a fatal error to `fault-<pid>.txt`; return what ends the watch tidily."""
    make_private_folder(folder)
    path = folder / f"fault-{os.getpid()}.txt"
    descriptor = os.open(path, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600)
    faulthandler.enable(file=descriptor)

    def end() -> None:
        faulthandler.disable()
        os.close(descriptor)
        path.unlink(missing_ok=True)

    return end


def collect_faults(folder: Path) -> list[str]:
    """Return what earlier processes left behind and remove their files; running ones keep theirs."""
    texts = []
    for path in sorted(folder.glob("fault-*.txt")):
        pid = path.stem.partition("-")[2]
        if not pid.isdigit() or int(pid) == os.getpid() or _runs(int(pid)):
            continue
        text = path.read_text("utf-8", "replace")
        try:
            path.unlink()
        except PermissionError:  # Windows: its process still has it open
            continue
        if text.strip():
            texts.append(text)
    return texts


def _runs(pid: int) -> bool:
    if sys.platform == "win32":  # signal 0 would end the process there; deleting an open file fails instead
        return False
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
