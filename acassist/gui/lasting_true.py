"""Keeps the object True alive: PySide6 6.12 drops a reference to it at every `Signal.emit`.

On Python 3.11 the interpreter ends itself ("deallocating True or False") once all references are gone, which a
few thousand signals achieve. From Python 3.12 on, True cannot be deallocated and nothing needs to be done.
"""

from __future__ import annotations

import ctypes
import sys

_MANY = 1 << 40


def keep_true_alive() -> None:
    """Give True more references than signals can ever drop; does nothing where True is immortal."""
    if sys.version_info >= (3, 12):
        return
    count = ctypes.c_ssize_t.from_address(id(True))
    # The count is the first word of an object unless the interpreter was built for tracing references.
    if 0 <= sys.getrefcount(True) - count.value <= 3 and count.value < _MANY:
        count.value += _MANY
