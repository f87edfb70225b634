"""Collects cyclic garbage on the window's thread only: widgets may not end on the engine's thread."""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer

_EVERY_MS = 500


class GarbageCollector(QObject):
    """Takes over from Python's own collector, which runs on whichever thread happens to allocate.

    A widget or signal that is part of a cycle would otherwise be torn down by the engine's thread, while Qt, the
    accessibility bridge above all, still uses it on this one.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        gc.disable()
        # What start-up made lives to the end; leaving it out keeps a full collection short.
        gc.collect()
        gc.freeze()
        self._timer = QTimer(self, interval=_EVERY_MS)
        self._timer.timeout.connect(self._collect)
        self._timer.start()

    def close(self) -> None:
        """Give the work back to Python."""
        self._timer.stop()
        gc.unfreeze()
        gc.enable()

    def _collect(self) -> None:
        """Collect the oldest generation that Python itself would have collected by now."""
        for generation, (count, threshold) in reversed(
            list(enumerate(zip(gc.get_count(), gc.get_threshold(), strict=True)))
        ):
            if count > threshold:
                gc.collect(generation)
                return
