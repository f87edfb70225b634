"""The main window on a real engine, as the tests of the whole assistant open it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from acassist.assistant.engine_thread import EngineThread
from acassist.gui.bridge import Bridge
from acassist.gui.main_window import MainWindow, WindowStart


@contextmanager
def main_window(real: EngineThread, qtbot) -> Iterator[MainWindow]:
    """Show the window, with the keyboard on it, for as long as the test lasts."""
    bridge = Bridge(real)
    shown = MainWindow(bridge, WindowStart(real.submit(lambda a: a.status()).result(30)))
    qtbot.addWidget(shown)
    shown.show()
    shown.windowHandle().requestActivate()
    yield shown
    bridge.close()
