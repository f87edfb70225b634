"""Keeps a sandbox in a file, so that its data survive a restart."""

from __future__ import annotations

import io
import pickle
from pathlib import Path
from typing import Any

from acassist.sandbox.world import World

FORMAT = b"acassist sandbox 1\n"
# Only plain values, the sandbox's own classes and these are ever made from a file.
_FOREIGN = frozenset(
    {
        *(("builtins", name) for name in ("dict", "int", "list", "set", "frozenset", "tuple", "str", "object")),
        *(("collections", name) for name in ("defaultdict", "deque", "Counter", "OrderedDict")),
        *(("datetime", name) for name in ("date", "datetime", "time", "timedelta", "timezone")),
        ("random", "Random"),
        ("re", "_compile"),
    }
)
_FUNCTIONS = frozenset({"on_tag", "_first_number"})


class _Reader(pickle.Unpickler):
    """Refuses everything that a sandbox file has no need of, so that a doctored file cannot run code."""

    def find_class(self, module: str, name: str) -> Any:
        refused = pickle.UnpicklingError(f"{module}.{name} has no place in a sandbox file")
        own = module.startswith("acassist.sandbox.")
        if "." in name or not (own or (module, name) in _FOREIGN):
            raise refused
        found = super().find_class(module, name)
        if own and not isinstance(found, type) and name not in _FUNCTIONS:
            raise refused
        return found


def save(world: World, path: Path) -> None:
    """Write the world to `path` in one step: either the old file or the new one is there, never half of one."""
    beside = path.with_name(path.name + ".new")
    beside.write_bytes(FORMAT + pickle.dumps(world))
    beside.replace(path)


def load(path: Path) -> World | None:
    """Read a world; None where there is no file or one that this version cannot read."""
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        return None
    if not raw.startswith(FORMAT):
        return None
    try:
        world = _Reader(io.BytesIO(raw[len(FORMAT) :])).load()
    except (pickle.UnpicklingError, AttributeError, EOFError, ImportError, IndexError, TypeError, ValueError):
        return None
    return world if isinstance(world, World) else None
