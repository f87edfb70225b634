"""Ready: what will be synced, what the first match would do, and Start."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from acassist.assistant.facade import AssistantPort
from acassist.assistant.views import MappingChoices
from acassist.domain.ids import SObject
from acassist.domain.ledger import Preview, RunSummary
from acassist.domain.merge import FirstLinkChoice
from acassist.domain.problem import Problem
from acassist.domain.profile import Setup
from acassist.gui.bridge import Bridge
from acassist.gui.setup.fact_list import FactList
from acassist.gui.setup.first_match import ChoiceCard, CountCards, PreviewTable
from acassist.gui.setup.ready_words import summary_lines
from acassist.gui.strings import tr
from acassist.gui.theme import S2, S3, S4, S5, S7
from acassist.gui.widgets import BusyButton, Button, Heading, ProblemBanner, Scroll, Text, column, row

if TYPE_CHECKING:
    from collections.abc import Mapping


class ReadyPage(QWidget):
    """Nothing is written before Start; the first match can be looked at as often as one likes."""

    left = Signal()
    started = Signal()
    existingWanted = Signal()
    """Asks for the backfill of existing records, after `started`."""

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "page")
        self.bridge = bridge
        outer = column(self, spacing=0)
        self.area = Scroll(spacing=S4)
        self.area.body.setContentsMargins(S7, S5, S7, S5)
        outer.addWidget(self.area, 1)
        body = self.area.body
        top = column(spacing=S2)
        top.addWidget(Heading(tr("Ready")))
        top.addWidget(Text(tr("Nothing has been written yet. Press Start when you agree with what you see."), "muted"))
        body.addLayout(top)
        self.banner = ProblemBanner()
        body.addWidget(self.banner)
        body.addWidget(Text(tr("What will be synced"), "section"))
        self.facts = FactList()
        body.addWidget(self.facts)
        body.addLayout(self._preview_title())
        self.counts, self.choices, self.table = CountCards(), ChoiceCard(), PreviewTable()
        self._state = Text("", "muted")
        for part in (self._state, self.counts, self.choices, self.table):
            body.addWidget(part)
        body.addStretch(1)
        outer.addWidget(self._actions())

    def _preview_title(self) -> QHBoxLayout:
        line = row(spacing=S3)
        line.addWidget(Text(tr("What the first sync would do"), "section"), 1)
        self.again = BusyButton(tr("Look again"), self.look, kind="")
        line.addWidget(self.again)
        return line

    def _actions(self) -> QWidget:
        holder = QWidget()
        line = row(holder, spacing=S2, margins=(S7, S3, S7, S4))
        self.back = Button(tr("Back to Setup"), self.left.emit)
        self.backfill = Button(tr("Also send existing records…"), self._start_and_send)
        self.start = BusyButton(tr("Start"), self._start)
        line.addWidget(self.back)
        line.addStretch(1)
        line.addWidget(self.backfill)
        line.addWidget(self.start)
        return holder

    def activate(self) -> None:
        """Read the set-up and compare both sides."""
        self.banner.dismiss()
        self.bridge.call(_read, self._show_setup, self.banner.show_problem, owner=self)
        self.look()

    def _show_setup(self, found: tuple[Setup, tuple[MappingChoices, ...]]) -> None:
        setup, choices = found
        self.facts.show_facts(summary_lines(setup))
        self.choices.show_mapping(setup.mapping, choices)
        self.table.name_fields(self.choices.titles)

    # -- preview
    def look(self) -> None:
        """Compare both sides without writing."""
        self.again.set_busy(True, tr("Comparing…"))
        self._allow(False, tr("Both sides are still being compared."))
        self._state.setText(tr("Comparing both sides. Nothing is written."))
        self._state.show()
        for part in (self.counts, self.choices, self.table):
            part.hide()
        self.bridge.call(lambda a: a.first_match(), self._show_preview, self._not_compared, owner=self)

    def _show_preview(self, preview: Preview) -> None:
        self.again.set_busy(False)
        self._allow(True)
        self._state.hide()
        self.counts.show_preview(preview)
        self.counts.show()
        self.choices.show_differences(preview)
        self.table.show_preview(preview)
        self.table.show()
        self.start.setFocus()

    def _not_compared(self, problem: Problem) -> None:
        self.again.set_busy(False)
        self._state.setText(tr("Both sides could not be compared, so nothing can be started yet."))
        self._allow(False, tr("Both sides must be compared first. Press Look again."))
        self.banner.show_problem(problem)

    # -- start
    def _allow(self, allowed: bool, reason: str = "") -> None:
        meaning = tr("Starts the sync, then asks which records that exist already are sent.")
        self.start.allow(allowed, reason)
        self.backfill.allow(allowed, reason)
        self.backfill.setToolTip(meaning if allowed else reason)

    def _start(self) -> None:
        choices: Mapping[str, FirstLinkChoice] = self.choices.choices()
        self.start.set_busy(True, tr("Starting…"))
        self.banner.dismiss()
        self.bridge.call(lambda a: a.start(choices), self._done, self._not_started, owner=self)
        self.started.emit()

    def _start_and_send(self) -> None:
        self._start()
        self.existingWanted.emit()

    def _done(self, _summary: RunSummary) -> None:
        self.start.set_busy(False)

    def _not_started(self, problem: Problem) -> None:
        self.start.set_busy(False)
        self.banner.show_problem(problem)


async def _read(assistant: AssistantPort) -> tuple[Setup, tuple[MappingChoices, ...]]:
    setup = await assistant.setup()
    choices = [await assistant.mapping_choices(sobject) for sobject in SObject]
    return setup, tuple(choices)
