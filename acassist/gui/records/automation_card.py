"""The CX Automation card of a record, shown only when step 4 is switched on."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QBoxLayout, QWidget

from acassist.assistant.views import RecordCard
from acassist.domain.profile import Setup
from acassist.gui.bridge import Bridge
from acassist.gui.icons import set_icon
from acassist.gui.records.offer_dialog import OfferDialog
from acassist.gui.records.offer_words import OfferKind
from acassist.gui.records.record_parts import send_blocked
from acassist.gui.strings import tr
from acassist.gui.theme import S2
from acassist.gui.widgets import Button, Card, Text
from acassist.gui.widgets.layout import column


class AutomationCard(Card):
    """Send a campaign, add to an automation."""

    acted = Signal()

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(parent, spacing=S2)
        self._bridge = bridge
        self._record: RecordCard | None = None
        self._enabled = False
        self.dialog: OfferDialog | None = None
        self.body.addWidget(Text(tr("CX Automation"), "section"))
        self.send = Button(tr("Send a campaign"), self._send)
        set_icon(self.send, "send", "text", 16)
        self.enter = Button(tr("Add to an automation"), self._enter)
        set_icon(self.enter, "automation", "text", 16)
        self.reason = Text("", "small")
        self._buttons = column(spacing=S2)
        for button in (self.send, self.enter):
            self._buttons.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
        self._buttons.addStretch(1)
        self.body.addLayout(self._buttons)
        self.body.addWidget(self.reason)
        self.hide()

    def set_wide(self, wide: bool) -> None:
        """Put the buttons side by side."""
        box = QBoxLayout.Direction
        self._buttons.setDirection(box.LeftToRight if wide else box.TopToBottom)

    def show_setup(self, setup: Setup) -> None:
        """Follow the switch of step 4."""
        self._enabled = setup.cx.enabled
        self._show()

    def show_record(self, record: RecordCard) -> None:
        """Offer the actions for one person."""
        self._record = record
        self._show()

    def _show(self) -> None:
        record = self._record
        self.setVisible(self._enabled and record is not None)
        if record is None:
            return
        reason = send_blocked(record)
        for button in (self.send, self.enter):
            button.allow(not reason, reason)
        self.reason.setText(reason)
        self.reason.setVisible(bool(reason))

    def _send(self) -> None:
        self._open(OfferKind.CAMPAIGN)

    def _enter(self) -> None:
        self._open(OfferKind.AUTOMATION)

    def _open(self, kind: OfferKind) -> None:
        if self._record is None or self.dialog is not None:
            return
        self.dialog = OfferDialog(self._bridge, kind, self._record, self.window())
        self.dialog.acted.connect(self.acted)
        self.dialog.finished.connect(self._closed)
        self.dialog.open()

    def _closed(self, _code: int) -> None:
        self.dialog = None
