"""The picture of a campaign in the send dialog: fetched only when asked for, drawn from bytes, never by address."""

from __future__ import annotations

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QRectF, QSize, Qt
from PySide6.QtGui import QImage, QImageReader, QPainter, QPen, QPixmap
from PySide6.QtWidgets import QLabel, QWidget

from acassist.assistant.views import CampaignPicture
from acassist.domain.problem import Problem
from acassist.gui.accessibility import name
from acassist.gui.bridge import Bridge, Call
from acassist.gui.strings import message, tr
from acassist.gui.theme import S2, S3, theme
from acassist.gui.widgets import BusyButton, Text
from acassist.gui.widgets.activity_list_links import LINK_PADDING
from acassist.gui.widgets.layout import column, row

MOST_PIXELS = 8_000_000
"""What unfolds to more is not drawn: a few kilobytes may stand for gigabytes of picture."""
_BOX = QSize(300, 180)
_ICON = 24
"""The words of the card stand beside icons of this width."""


def drawn(data: bytes, box: QSize) -> QImage | None:
    """Draw a picture into a box, keeping its shape and never enlarging it; None when it cannot or must not be drawn."""
    buffer = QBuffer()
    buffer.setData(QByteArray(data))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer)
    reader.setDecideFormatFromContent(True)
    size = reader.size()
    if not size.isValid() or size.width() * size.height() > MOST_PIXELS:
        return None
    if size.width() > box.width() or size.height() > box.height():
        reader.setScaledSize(size.scaled(box, Qt.AspectRatioMode.KeepAspectRatio).expandedTo(QSize(1, 1)))
    image = reader.read()
    return None if image.isNull() else image


def _framed(image: QImage) -> QPixmap:
    """Draw a thin frame, because most campaigns are as white as the card behind them."""
    picture = QPixmap.fromImage(image)
    painter = QPainter(picture)
    painter.setPen(QPen(theme().color("line"), 1))
    size = picture.deviceIndependentSize()
    painter.drawRect(QRectF(0.5, 0.5, size.width() - 1, size.height() - 1))
    painter.end()
    return picture


class PictureLine(QWidget):
    """A button that fetches the picture, and then the picture or why there is none."""

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._campaign = ""
        self._title = ""
        self._call: Call | None = None
        self.button = BusyButton(tr("Show the picture"), self._fetch, kind="link")
        self.image = QLabel()
        self.words = Text("", "muted")
        box = column(self, spacing=S2, margins=(_ICON + S3, 0, 0, 0))
        line = row(margins=(-LINK_PADDING, 0, 0, 0))
        line.addWidget(self.button)
        line.addStretch(1)
        box.addLayout(line)
        box.addWidget(self.image, 0, Qt.AlignmentFlag.AlignLeft)
        box.addWidget(self.words)

    def show_campaign(self, campaign_id: str, title: str) -> None:
        """Offer the picture of a campaign; one that is shown already stays."""
        if campaign_id == self._campaign:
            return
        self.stop()
        self._campaign, self._title = campaign_id, title
        self.image.clear()
        self.image.hide()
        self.words.hide()
        self.button.set_busy(False)
        self.button.show()

    def stop(self) -> None:
        """Wait for no picture any more."""
        if self._call is not None:
            self._call.cancel()
            self._call = None

    def _fetch(self) -> None:
        if self._call is not None:
            return
        campaign = self._campaign
        self.words.hide()
        self.button.set_busy(True, tr("Fetching the picture…"))
        self._call = self._bridge.call(lambda a: a.campaign_picture(campaign), self._show, self._failed, owner=self)

    def _show(self, found: CampaignPicture) -> None:
        self._call = None
        self.button.set_busy(False)
        if found.data is None:
            self._say(message(found.reason) if found.reason is not None else "")
            return
        ratio = self.devicePixelRatioF()
        image = drawn(found.data, _BOX * ratio)
        if image is None:
            self._say(tr("What came is no picture that can be shown."))
            return
        image.setDevicePixelRatio(ratio)
        self.image.setPixmap(_framed(image))
        name(self.image, tr("Picture of the campaign “{name}”", name=self._title))
        self.button.hide()
        self.image.show()

    def _failed(self, problem: Problem) -> None:
        """Say why; the button stays, so that it can be tried again."""
        self._call = None
        self.button.set_busy(False)
        self.words.setText(message(problem.sentence))
        self.words.show()

    def _say(self, words: str) -> None:
        self.button.hide()
        self.words.setText(words)
        self.words.show()
