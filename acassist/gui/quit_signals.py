"""Ctrl+C and SIGTERM end the window tidily; without this, Qt's loop would not let Python notice them."""

from __future__ import annotations

import signal
import socket
from collections.abc import Callable
from types import FrameType

from PySide6.QtCore import QCoreApplication, QSocketNotifier

_SIGNALS = (signal.SIGINT, signal.SIGTERM)


def quit_on_signals(app: QCoreApplication) -> Callable[[], None]:
    """Let both signals quit the application; return what puts everything back."""
    here, there = socket.socketpair()
    for end in (here, there):
        end.setblocking(False)
    # Python writes a byte when a signal comes; reading it wakes Qt, and then Python runs the handler.
    old_descriptor = signal.set_wakeup_fd(there.fileno(), warn_on_full_buffer=False)
    notifier = QSocketNotifier(here.fileno(), QSocketNotifier.Type.Read, app)
    notifier.activated.connect(lambda *_: here.recv(64))

    def asked(_number: int, _frame: FrameType | None) -> None:
        app.quit()

    before = {number: signal.signal(number, asked) for number in _SIGNALS}

    def undo() -> None:
        for number, old in before.items():
            signal.signal(number, old)
        signal.set_wakeup_fd(old_descriptor)
        notifier.setEnabled(False)
        here.close()
        there.close()

    return undo
