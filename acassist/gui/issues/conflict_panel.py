"""A conflict: the value synced last, and what each side holds now, side by side, with the choice below each."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QCheckBox, QFrame, QGridLayout, QWidget

from acassist.assistant.decisions import Choice
from acassist.domain.ledger import Issue
from acassist.gui.accessibility import name
from acassist.gui.bridge import Bridge
from acassist.gui.issues.grouping import field_of
from acassist.gui.issues.panels import Panel
from acassist.gui.strings import tr, tr_n
from acassist.gui.theme import S1, S2, S3, dress
from acassist.gui.widgets import BusyButton, SelectableText, Text
from acassist.gui.widgets.layout import column, row

_SIDE_BY_SIDE = 540


class ValueBox(QFrame):
    """One value with where it comes from, and the button that keeps it."""

    def __init__(self, title: str, button: BusyButton | None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        dress(self, kind="card")
        self._title = title
        self.value = SelectableText("", "strong")
        self._box = column(self, spacing=S2, margins=(S3, S2, S3, S2))
        said = column(spacing=0)
        said.addWidget(Text(title, "small"))
        said.addWidget(self.value)
        said.addStretch(1)
        self._box.addLayout(said, 1)
        if button is not None:
            self._box.addWidget(button)

    def lie(self, flat: bool) -> None:
        """Put the button beside the value, or below it."""
        box = QBoxLayout.Direction
        self._box.setDirection(box.LeftToRight if flat else box.TopToBottom)

    def show_value(self, value: object) -> None:
        """Show a value; blank is said."""
        words = str(value) if value not in (None, "") else tr("blank")
        self.value.setText(words)
        name(self.value, tr("{title}: {value}", title=self._title, value=words))


class ConflictPanel(Panel):
    """Keeps one side's value, or both; for one record or for every conflict of the same field."""

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(bridge, parent)
        self.salesforce = BusyButton(tr("Keep Salesforce"), self._keep_salesforce, kind="")
        self.activecampaign = BusyButton(tr("Keep ActiveCampaign"), self._keep_activecampaign, kind="")
        self.both = BusyButton(tr("Keep both values"), self._keep_both, kind="link")
        self.buttons = [self.salesforce, self.activecampaign, self.both]
        self.boxes = {
            "base": ValueBox(tr("Last synced"), None),
            "salesforce": ValueBox(tr("Salesforce now"), self.salesforce),
            "activecampaign": ValueBox(tr("ActiveCampaign now"), self.activecampaign),
        }
        self._grid = QGridLayout()
        self._grid.setSpacing(S2)
        self.body.addLayout(self._grid)
        self._columns = 0
        self._place(1)
        self.all = QCheckBox("")
        foot = row(spacing=S2)
        foot.addWidget(self.both)
        foot.addWidget(Text(tr("The difference stays until one side changes."), "small"), 1)
        lines = column(spacing=S1)
        lines.addWidget(self.all)
        lines.addLayout(foot)
        self.body.addLayout(lines)

    def _place(self, columns: int) -> None:
        if columns == self._columns:
            return
        self._columns = columns
        for place, box in enumerate(self.boxes.values()):
            box.lie(columns == 1)
            self._grid.addWidget(box, place // columns, place % columns)
        for number in range(3):
            self._grid.setColumnStretch(number, 1 if number < columns else 0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Stand side by side where there is room, else one below the other."""
        super().resizeEvent(event)
        self._place(3 if event.size().width() >= _SIDE_BY_SIDE else 1)

    def show_issue(self, issue: Issue, same: Sequence[Issue]) -> None:
        """Show the three values, and how many conflicts the same field has."""
        if self.issue is None or self.issue.id != issue.id:
            self.all.setChecked(False)
        super().show_issue(issue, same)
        for key, box in self.boxes.items():
            box.show_value(issue.values.get(key))
        alike = [i for i in same if _field(i) == _field(issue)]
        self.all.setVisible(len(alike) > 1)
        self.all.setText(
            tr_n(
                "Do the same for the {n} conflict of {field}",
                "Do the same for all {n} conflicts of {field}",
                len(alike),
                field=field_of(issue),
            )
        )

    def _keep_salesforce(self) -> None:
        sentence = tr("The next run writes the Salesforce value to ActiveCampaign.")
        self._keep(Choice.SALESFORCE, self.salesforce, sentence)

    def _keep_activecampaign(self) -> None:
        sentence = tr("The next run writes the ActiveCampaign value to Salesforce.")
        self._keep(Choice.ACTIVECAMPAIGN, self.activecampaign, sentence)

    def _keep_both(self) -> None:
        self._keep(Choice.KEEP_BOTH, self.both, tr("Both values are kept."))

    def _keep(self, choice: Choice, button: BusyButton, sentence: str) -> None:
        issue = self.issue
        if issue is None:
            return
        every = not self.all.isHidden() and self.all.isChecked()
        self.decide(button, lambda d: d.resolve_conflict(issue.id, choice, same_field=every), sentence)


def _field(issue: Issue) -> tuple[object, object]:
    return issue.sobject, issue.values.get("key") or issue.field
