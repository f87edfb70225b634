"""Both connections, and the way to the page that disconnects them."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from acassist.domain.profile import Setup
from acassist.gui.icons import IconLabel
from acassist.gui.strings import tr
from acassist.gui.theme import S3
from acassist.gui.widgets import Button, Card, SelectableText, Text
from acassist.gui.widgets.layout import column, row


class ConnectionCard(Card):
    """Shows what is connected; `leave` asks for the page that says what goes and what stays."""

    leave = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.salesforce, self.activecampaign = SelectableText(), SelectableText()
        self.button = Button(tr("Disconnect…"), self.leave.emit, kind="danger")
        self.body.addWidget(Text(tr("Connections"), "section"))
        for icon_name, title, value in (
            ("cube", tr("Salesforce"), self.salesforce), ("mail", tr("ActiveCampaign"), self.activecampaign),
        ):  # fmt: skip
            line = row(spacing=S3)
            line.addWidget(IconLabel(icon_name, "muted", 20), 0, Qt.AlignmentFlag.AlignTop)
            words = column(spacing=0)
            words.addWidget(Text(title, "strong"))
            words.addWidget(value)
            line.addLayout(words, 1)
            self.body.addLayout(line)
        meaning = tr("Synced data is never deleted. A page says first what is removed and what stays.")
        self.body.addWidget(Text(meaning, "muted"))
        self.body.addWidget(self.button, 0, Qt.AlignmentFlag.AlignLeft)

    def show_setup(self, setup: Setup) -> None:
        """Show the connections of the set-up."""
        ac, sf = setup.activecampaign, setup.salesforce
        self.activecampaign.setText(
            tr("Not connected") if ac is None else _account(ac.account, ac.api_url, ac.user_email)
        )
        if sf is None:
            self.salesforce.setText(tr("Not connected"))
        else:
            kind = tr("Sandbox") if sf.sandbox else tr("Production")
            self.salesforce.setText(
                tr("{org} · {kind} · {user}", org=sf.org_name or sf.instance_url, kind=kind, user=sf.username)
            )
        self.button.allow(ac is not None or sf is not None, tr("Nothing is connected."))


def _account(account: str, address: str, user: str) -> str:
    parts = {"account": account or address, "user": user}
    return tr("{account} · {user}", **parts) if user else parts["account"]
