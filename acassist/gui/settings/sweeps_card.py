"""How many calls a day each rolling check may make, with what that means for its age."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QWidget

from acassist.assistant.facade import AssistantPort
from acassist.assistant.views import Level
from acassist.domain.problem import Problem
from acassist.domain.sweeps import MOST_ALLOWED, SWEEP_NAMES, SWEEP_NOTES, SweepKind, SweepStanding
from acassist.domain.text import Message
from acassist.gui.bridge import Bridge
from acassist.gui.issues import sweep_words as said
from acassist.gui.settings.limits_card import Amount
from acassist.gui.strings import message, tr
from acassist.gui.theme import S2, S3, S4
from acassist.gui.widgets import BusyButton, Button, Card, ProblemBanner, Text
from acassist.gui.widgets.layout import column, row


class SweepsCard(Card):
    """Zero switches a check off."""

    standingsWanted = Signal()

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._standings: dict[SweepKind, SweepStanding] = {}
        self.body.addWidget(Text(tr("Rolling checks"), "section"))
        meaning = tr(
            "Neither service reports every change, so a part of everything is read again each day. More calls find "
            "them sooner. Zero switches a check off."
        )
        self.body.addWidget(Text(meaning, "muted"))
        self.amounts: dict[SweepKind, Amount] = {}
        self.forecasts: dict[SweepKind, Text] = {}
        self.body.addLayout(self._make_grid())
        self.outcome = ProblemBanner(closable=True)
        self.save, self.revert = BusyButton(tr("Save allowances"), self._save), Button(tr("Revert"), self._revert)
        self.look = Button(tr("Where they stand"), self.standingsWanted.emit, kind="link")
        foot = row(spacing=S2)
        for button in (self.save, self.revert):
            foot.addWidget(button)
        foot.addStretch(1)
        foot.addWidget(self.look)
        self.body.addWidget(self.outcome)
        self.body.addLayout(foot)
        self._changed()

    def _make_grid(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(S4)
        grid.setVerticalSpacing(S3)
        grid.setColumnStretch(0, 1)
        for place, kind in enumerate(SweepKind):
            title = message(Message(SWEEP_NAMES[kind]))
            amount = Amount(tr("Calls a day: {what}", what=title), 0, MOST_ALLOWED)
            amount.valueChanged.connect(self._changed)
            self.amounts[kind], self.forecasts[kind] = amount, Text("", "small")
            box = column(spacing=0)
            box.addWidget(Text(title, "strong"))
            box.addWidget(Text(message(Message(SWEEP_NOTES[kind])), "muted"))
            box.addWidget(self.forecasts[kind])
            grid.addLayout(box, place, 0)
            grid.addWidget(amount, place, 1, Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignRight)
        return grid

    # -- content
    def load(self) -> None:
        """Read the allowances; what is being typed stays."""
        self._bridge.call(lambda a: a.sweeps(), self._show, self._failed, owner=self)

    def _show(self, standings: tuple[SweepStanding, ...]) -> None:
        typed = self.typed if self.changed else {}
        self._standings = {standing.kind: standing for standing in standings}
        for kind, standing in self._standings.items():
            self.amounts[kind].setValue(typed.get(kind, standing.allowance))
        self._changed()

    @property
    def typed(self) -> dict[SweepKind, int]:
        """Return what the fields say."""
        return {kind: amount.value() for kind, amount in self.amounts.items()}

    @property
    def changed(self) -> bool:
        """Tell whether the fields differ from what is in effect."""
        return any(s.allowance != self.typed[kind] for kind, s in self._standings.items())

    def _revert(self) -> None:
        for kind, standing in self._standings.items():
            self.amounts[kind].setValue(standing.allowance)

    def _changed(self, _value: int = 0) -> None:
        for kind, standing in self._standings.items():
            as_typed = replace(standing, allowance=self.amounts[kind].value())
            self.forecasts[kind].setText(_forecast(as_typed))
        self.save.allow(self.changed, tr("Nothing was changed."))
        self.revert.setVisible(self.changed)

    # -- saving
    def _save(self) -> None:
        wanted = {kind: calls for kind, calls in self.typed.items() if calls != self._standings[kind].allowance}
        self.save.set_busy(True, tr("Saving…"))

        async def work(assistant: AssistantPort) -> None:
            for kind, calls in wanted.items():
                await assistant.set_sweep_allowance(kind, calls)

        self._bridge.call(work, self._saved, self._failed, owner=self)

    def _saved(self, _answer: object) -> None:
        self._standings = {kind: replace(s, allowance=self.typed[kind]) for kind, s in self._standings.items()}
        self.save.set_busy(False)
        self._changed()
        self.outcome.show_note(Level.OK, tr("Saved"), tr("The allowances hold from the next run on."), focus=True)

    def _failed(self, problem: Problem) -> None:
        self.save.set_busy(False)
        self._changed()
        self.outcome.show_problem(problem, focus=False)


def _forecast(standing: SweepStanding) -> str:
    if not standing.on:
        return tr("There is nothing to watch at the moment.")
    if not standing.allowance:
        return tr("Switched off: such changes are found only by chance.")
    if standing.days_per_turn is None:
        return ""
    return tr("A full turn takes {forecast}.", forecast=said.forecast_words(standing))
