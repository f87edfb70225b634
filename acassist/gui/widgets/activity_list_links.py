"""Web addresses from outside: shown in full, copied, and opened only when they are http or https."""

from __future__ import annotations

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QWidget

from acassist.domain.foreign_text import wrappable
from acassist.gui.icons import set_icon
from acassist.gui.strings import tr
from acassist.gui.theme import S1, S2
from acassist.gui.widgets.buttons import Button, IconButton
from acassist.gui.widgets.labels import Text
from acassist.gui.widgets.layout import column, row

LINK_PADDING = 4
"""How far a link-like button's words stand from its edge; taken back where they line up with text."""
_BREAK_AFTER = "/?&=#-_."


def web_address(text: str | None) -> QUrl | None:
    """Return the address when it is a complete http or https one that says plainly where it leads, else None.

    A name in front of the host (`https://bank.example@evil.example`) only makes another host look like it.
    """
    url = QUrl(text or "", QUrl.ParsingMode.StrictMode)
    if not url.isValid() or url.scheme() not in {"http", "https"} or not url.host() or url.userInfo():
        return None
    return url


def address_shown(url: QUrl) -> str:
    """Return an address exactly as it is asked for: look-alike letters and invisible characters are encoded."""
    return url.toString(QUrl.ComponentFormattingOption.FullyEncoded)


def breakable(address: str) -> str:
    """Let a long address wrap: adds zero-width spaces, for showing only."""
    return wrappable("".join(char + "\u200b" if char in _BREAK_AFTER else char for char in address))


class WebButton(Button):
    """Opens one address in the browser; the address is in the tool tip and the spoken description."""

    def __init__(
        self, text: str, address: str | None = None, *, kind: str = "link", parent: QWidget | None = None
    ) -> None:
        super().__init__(text, self.open_address, kind=kind, parent=parent)
        set_icon(self, "external", "accent", 16)
        self._url: QUrl | None = None
        self.set_address(address)

    def set_address(self, address: str | None) -> None:
        """Use another address; the button hides when it is not a web address."""
        self._url = web_address(address)
        shown = address_shown(self._url) if self._url is not None else ""
        self.setToolTip(shown)
        self.setAccessibleDescription(shown)
        self.setVisible(self._url is not None)

    def open_address(self) -> None:
        """Hand the address to the desktop."""
        if self._url is not None:
            QDesktopServices.openUrl(self._url)


class LinkLine(QWidget):
    """An address in full, with buttons to open and to copy it."""

    def __init__(self, words: str, address: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        url = web_address(address)
        self._address = address_shown(url) if url is not None else address
        box = column(self, spacing=S1)
        self.address = Text(breakable(self._address), "muted")
        box.addWidget(self.address)
        line = row(spacing=S2, margins=(-LINK_PADDING, 0, 0, 0))
        line.addWidget(WebButton(words, address))
        line.addWidget(IconButton("copy", tr("Copy the address"), self._copy))
        line.addStretch(1)
        box.addLayout(line)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._address)
