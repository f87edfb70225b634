"""Quotas and brakes with their meaning; what can be changed has a field, and takes effect with the next run."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QGridLayout, QSpinBox, QWidget

from acassist.assistant.views import Level
from acassist.domain.problem import Problem
from acassist.domain.profile import Limits
from acassist.gui.accessibility import name
from acassist.gui.bridge import Bridge
from acassist.gui.strings import number, tr
from acassist.gui.theme import S2, S3, S4
from acassist.gui.widgets import BusyButton, Button, Card, ProblemBanner, Text
from acassist.gui.widgets.layout import column, row

_WIDTH = 132


class Amount(QSpinBox):
    """A number that the mouse wheel does not change by accident while the page scrolls."""

    def __init__(self, title: str, low: int, high: int, suffix: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setRange(low, high)
        self.setSuffix(suffix)
        self.setGroupSeparatorShown(True)
        self.setFixedWidth(_WIDTH)
        self.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        name(self, title)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave the wheel to the page."""
        event.ignore()


class LimitsCard(Card):
    """What protects the data and the quotas; `saved` tells that limits were put into effect."""

    saved = Signal()

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._limits = Limits()
        percent = tr(" %")
        self.count = Amount(tr("Overwritten records"), 1, 1_000_000)
        self.percent = Amount(tr("Overwritten records, share of all"), 1, 100, percent)
        self.emptied = Amount(tr("Emptied fields"), 1, 1_000_000)
        self.share = Amount(tr("Salesforce calls"), 1, 95, percent)
        self.amounts = (self.count, self.percent, self.emptied, self.share)
        self.body.addWidget(Text(tr("Quotas and brakes"), "section"))
        meaning = tr("They protect both sides from a mistake. A brake cannot be switched off.")
        self.body.addWidget(Text(meaning, "muted"))
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(S4)
        self._grid.setVerticalSpacing(S3)
        self._grid.setColumnStretch(0, 1)
        self.body.addLayout(self._grid)
        self._fill()
        self.outcome = ProblemBanner(closable=True)
        self.body.addWidget(self.outcome)
        self.save, self.revert = BusyButton(tr("Save limits"), self._save), Button(tr("Revert"), self._revert)
        line = row(spacing=S2)
        line.addWidget(self.save)
        line.addWidget(self.revert)
        line.addStretch(1)
        self.body.addLayout(line)
        for amount in self.amounts:
            amount.valueChanged.connect(self._changed)
        self._revert()

    def _fill(self) -> None:
        self._line(
            tr("Overwritten records"),
            tr("A run stops for your decision before it overwrites more records than this, or a larger share of all."),
            self.count,
            self.percent,
        )
        self._line(
            tr("Emptied fields"),
            tr("A run stops for your decision before it empties one field on more records than this."),
            self.emptied,
        )
        self._line(
            tr("Salesforce calls"),
            tr(
                "The sync pauses when this share of the day’s allowance is used, and goes on when calls are free again."
            ),
            self.share,
        )
        self._line(
            tr("New records"),
            tr("A run stops before it creates more records than the preview announced or the plan has room for."),
            Text(tr("always on"), "strong", wrap=False),
        )
        self._line(
            tr("ActiveCampaign calls"),
            tr("All programs of the account share five calls a second. This program keeps below and waits when asked."),
            Text(tr("{n} a second", n=number(5)), "strong", wrap=False),
        )

    def _line(self, title: str, meaning: str, *fields: QWidget) -> None:
        place = self._grid.rowCount()
        words = column(spacing=0)
        words.addWidget(Text(title, "strong"))
        words.addWidget(Text(meaning, "muted"))
        words.addStretch(1)
        self._grid.addLayout(words, place, 0)
        box = column(spacing=S2)
        for field in fields:
            box.addWidget(field, 0, Qt.AlignmentFlag.AlignRight)
        box.addStretch(1)
        self._grid.addLayout(box, place, 1)

    # -- content
    def show_limits(self, limits: Limits) -> None:
        """Show the limits in effect; what is being typed stays."""
        if self.changed and limits == self._limits:
            return
        self._limits = limits
        self._revert()

    @property
    def typed(self) -> Limits:
        """Return what the fields say."""
        return Limits(self.count.value(), self.percent.value(), self.emptied.value(), self.share.value())

    @property
    def changed(self) -> bool:
        """Tell whether the fields differ from what is in effect."""
        return self.typed != self._limits

    def _revert(self) -> None:
        limits = self._limits
        values = (limits.overwrite_count, limits.overwrite_percent, limits.emptied_count, limits.salesforce_share)
        for amount, value in zip(self.amounts, values, strict=True):
            amount.setValue(value)
        self._changed()

    def _changed(self, _value: int = 0) -> None:
        self.save.allow(self.changed, tr("Nothing was changed."))
        self.revert.setVisible(self.changed)

    # -- saving
    def _save(self) -> None:
        limits = self.typed
        self.save.set_busy(True, tr("Saving…"))
        self._bridge.call(lambda a: a.desk.set_limits(limits), self._saved, self._failed, owner=self)

    def _saved(self, _answer: object) -> None:
        self._limits = self.typed
        self.save.set_busy(False)
        self._changed()
        self.outcome.show_note(Level.OK, tr("Saved"), tr("The limits hold from the next run on."), focus=True)
        self.saved.emit()

    def _failed(self, problem: Problem) -> None:
        self.save.set_busy(False)
        self._changed()
        self.outcome.show_problem(problem)
