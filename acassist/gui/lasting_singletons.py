"""Keeps None, True and False alive: PySide6 6.12 drops references to them under Python 3.11 and older.

Its wheel returns these objects as the interpreters from 3.12 on expect it, where they are immortal. An older
interpreter counts, and ends itself ("deallocating None") after a few thousand calls such as `Signal.emit`,
`QObject.parent` or `QStandardItem.setData`.
"""

from __future__ import annotations

import ctypes
import sys

_MANY = 1 << 40


def keep_singletons_alive() -> None:
    """Give the three objects more references than can ever be dropped; does nothing where they are immortal."""
    if sys.version_info >= (3, 12):
        return
    for value in (None, True, False):
        count = ctypes.c_ssize_t.from_address(id(value))
        # The count is the first word of an object unless the interpreter was built for tracing references.
        if abs(sys.getrefcount(value) - count.value) <= 8 and count.value < _MANY:
            count.value += _MANY
