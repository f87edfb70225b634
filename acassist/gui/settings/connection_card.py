"""Both connections, and Disconnect with what it removes and what stays."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from acassist.assistant.views import Level
from acassist.domain.problem import Problem
from acassist.domain.profile import Setup
from acassist.gui.bridge import Bridge
from acassist.gui.dialogs.question import Answer, ask
from acassist.gui.icons import IconLabel
from acassist.gui.strings import tr
from acassist.gui.theme import S2, S3
from acassist.gui.widgets import BusyButton, Card, ProblemBanner, SelectableText, Text
from acassist.gui.widgets.layout import column, row


def removed() -> list[str]:
    """List what Disconnect takes away."""
    return [
        tr("The access to Salesforce, which is also revoked there."),
        tr("The ActiveCampaign API key in the keyring of this computer."),
        tr("The schedule: no run starts any more."),
    ]


def kept() -> list[str]:
    """List what Disconnect leaves as it is."""
    return [
        tr("Every record in Salesforce and in ActiveCampaign, with all synced values, tags and status fields."),
        tr("The mapping, the settings of the four steps and the history on this computer."),
    ]


class ConnectionCard(Card):
    """Shows what is connected; `disconnected` tells that nothing is any more."""

    disconnected = Signal()

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self.salesforce, self.activecampaign = SelectableText(), SelectableText()
        self.outcome = ProblemBanner(closable=True)
        self.button = BusyButton(tr("Disconnect"), self._ask, kind="danger")
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
        columns = row(spacing=S3)
        for title, lines in ((tr("Disconnect removes"), removed()), (tr("What stays"), kept())):
            columns.addWidget(_list(title, lines), 1)
        self.body.addLayout(columns)
        self.body.addWidget(self.outcome)
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
        self.button.set_busy(False)
        self.button.allow(ac is not None or sf is not None, tr("Nothing is connected."))

    def _ask(self) -> None:
        text = tr(
            "The program forgets both connections and stops syncing. No record is deleted on either side. "
            "To sync again, go through step 1 again."
        )
        answers = (
            Answer("keep", tr("Stay connected"), default=True),
            Answer("disconnect", tr("Disconnect"), danger=True),
        )
        ask(self, tr("Disconnect Salesforce and ActiveCampaign?"), text, answers, self._answered)

    def _answered(self, answer: str) -> None:
        if answer != "disconnect":
            return
        self.button.set_busy(True, tr("Disconnecting…"))
        self._bridge.call(lambda a: a.disconnect(), self._done, self._failed, owner=self)

    def _done(self, _answer: object) -> None:
        self.button.set_busy(False)
        self.outcome.show_note(Level.OK, tr("Disconnected."), tr("Synced data stays where it is."), focus=True)
        self.disconnected.emit()

    def _failed(self, problem: Problem) -> None:
        self.button.set_busy(False)
        self.outcome.show_problem(problem)


def _account(account: str, address: str, user: str) -> str:
    parts = {"account": account or address, "user": user}
    return tr("{account} · {user}", **parts) if user else parts["account"]


def _list(title: str, lines: list[str]) -> QWidget:
    holder = QWidget()
    box = column(holder, spacing=S2)
    box.addWidget(Text(title, "strong"))
    for text in lines:
        line = row(spacing=S2)
        line.addWidget(IconLabel("minus", "muted", 16), 0, Qt.AlignmentFlag.AlignTop)
        line.addWidget(Text(text, "muted"), 1)
        box.addLayout(line)
    box.addStretch(1)
    return holder
