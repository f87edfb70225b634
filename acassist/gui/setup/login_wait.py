"""While the browser is open: the time left, the link to copy, and the way to give up."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QElapsedTimer, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFrame, QProgressBar, QWidget

from acassist.gui.accessibility import name
from acassist.gui.strings import duration, tr
from acassist.gui.theme import S2, S3
from acassist.gui.widgets import Button, Text, column, row

LIMIT_SECONDS = 300


class LoginWait(QFrame):
    """Counts down to the engine's own time-out; the engine decides, this only tells."""

    def __init__(self, give_up: Callable[[], None], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "well")
        box = column(self, spacing=S2, margins=(S3, S3, S3, S3))
        self._text = Text("")
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setRange(0, LIMIT_SECONDS)
        name(self._bar, tr("Time left for the login"))
        buttons = row()
        self.copy = Button(tr("Copy link"), self._copy_link)
        self.cancel = Button(tr("Cancel login"), give_up)
        self._copied = Text("", "ok", wrap=False)
        buttons.addWidget(self.copy)
        buttons.addWidget(self.cancel)
        buttons.addWidget(self._copied)
        buttons.addStretch(1)
        box.addWidget(self._text)
        box.addWidget(self._bar)
        box.addLayout(buttons)
        self._url = ""
        self._opened = True
        self._since = QElapsedTimer()
        self._timer = QTimer(self, interval=1000)
        self._timer.timeout.connect(self._tick)
        self.hide()

    def begin(self) -> None:
        """Start to wait."""
        self._url, self._opened = "", True
        self.copy.setEnabled(False)
        self._copied.setText("")
        self._since.start()
        self._timer.start()
        self._tick()
        self.show()

    def show_address(self, url: str, opened: bool) -> None:
        """Offer the address; it may be pasted into another browser on this computer."""
        self._url, self._opened = url, opened
        self.copy.setEnabled(True)
        self._tick()

    def _tick(self) -> None:
        left = max(0, LIMIT_SECONDS - self._since.elapsed() // 1000)
        self._bar.setValue(left)
        if self._opened:
            words = tr(
                "Log in and choose Allow on the page that opened in your browser. {left} left.", left=duration(left)
            )
        else:
            words = tr("The browser did not open. Copy the link into a browser. {left} left.", left=duration(left))
        self._text.setText(words)

    def _copy_link(self) -> None:
        QGuiApplication.clipboard().setText(self._url)
        self._copied.setText(tr("Copied"))

    def end(self) -> None:
        """Stop waiting."""
        self._timer.stop()
        self._url = ""
        self.hide()
