"""Notifications: which changes of state are told."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QBoxLayout, QCheckBox, QWidget

from acassist.assistant.facade import AssistantPort
from acassist.domain.problem import Problem
from acassist.gui.alert_kinds import PREFERENCE, AlertKind, kinds_off
from acassist.gui.bridge import Bridge
from acassist.gui.strings import tr
from acassist.gui.theme import S1, S7
from acassist.gui.widgets import Card, ProblemBanner, Text
from acassist.gui.widgets.layout import column


def _words() -> dict[AlertKind, tuple[str, str]]:
    return {
        AlertKind.CONNECTION: (
            tr("A connection is lost"),
            tr("Salesforce or ActiveCampaign refuses the access, or cannot be reached."),
        ),
        AlertKind.QUOTA: (tr("Salesforce calls are used up"), tr("The sync waits until calls are free again.")),
        AlertKind.DECISION: (
            tr("A run waits for your decision"),
            tr("A brake stopped it, or a changed mapping has to be looked at."),
        ),
        AlertKind.OVERDUE: (
            tr("No run for longer than the schedule says"),
            tr("The computer slept, or something keeps the runs from starting."),
        ),
        AlertKind.COPY: (tr("The disk is full"), tr("The copy of the day could not be made.")),
    }


class AlertsCard(Card):
    """Each switch takes effect at once; `changed` carries the kinds that are off."""

    changed = Signal(object)

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self.body.addWidget(Text(tr("Notifications"), "section"))
        meaning = tr(
            "Told once, when the state changes, never again and again. The header and the Sync page always show the "
            "state, whatever you choose here."
        )
        self.body.addWidget(Text(meaning, "muted"))
        self.switches: dict[AlertKind, QCheckBox] = {}
        for kind, (title, note) in _words().items():
            self.body.addLayout(self._switch(kind, title, note))
        self.body.addWidget(Text(tr("Problems that put data at stake are always told."), "muted"))
        self.trouble = ProblemBanner(closable=True)
        self.body.addWidget(self.trouble)

    def _switch(self, kind: AlertKind, title: str, note: str) -> QBoxLayout:
        box = QCheckBox(title)
        box.setAccessibleDescription(note)
        box.setChecked(True)
        box.clicked.connect(self._save)
        self.switches[kind] = box
        words = Text(note, "muted")
        words.setContentsMargins(S7, 0, 0, 0)
        lines = column(spacing=S1)
        lines.addWidget(box)
        lines.addWidget(words)
        return lines

    # -- content
    @property
    def off(self) -> list[str]:
        """Return the kinds that are switched off."""
        return [kind.value for kind, box in self.switches.items() if not box.isChecked()]

    def load(self) -> None:
        """Show what was chosen before."""
        self._bridge.call(lambda a: a.preference(PREFERENCE), self._show, self._failed, owner=self)

    def _show(self, stored: object) -> None:
        off = kinds_off(stored)
        for kind, box in self.switches.items():
            box.setChecked(kind.value not in off)

    def _save(self, _on: bool = False) -> None:
        off = self.off

        async def write(assistant: AssistantPort) -> None:
            await assistant.set_preference(PREFERENCE, off)

        self._bridge.call(write, self._saved, self._not_saved, owner=self)

    def _saved(self, _answer: object) -> None:
        self.trouble.dismiss()
        self.changed.emit(self.off)

    def _not_saved(self, problem: Problem) -> None:
        self.load()
        self.trouble.show_problem(problem)

    def _failed(self, problem: Problem) -> None:
        self.trouble.show_problem(problem, focus=False)
