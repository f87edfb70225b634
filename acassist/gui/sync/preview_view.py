"""Preview changes: what the next run would do, record by record; and the page on which a stopped run is decided."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QBoxLayout, QFrame, QWidget

from acassist.assistant.facade import AssistantPort
from acassist.domain.ledger import Preview
from acassist.domain.problem import Problem
from acassist.gui.bridge import Bridge, Call
from acassist.gui.dialogs.files import TABLE_FILTERS, SavedBanner, save_as
from acassist.gui.icons import set_icon
from acassist.gui.strings import number, tr
from acassist.gui.sync.changes_table import ChangesTable
from acassist.gui.sync.decision import DecisionCard, may_go_on
from acassist.gui.sync.field_choices import FieldChoices
from acassist.gui.theme import S2, S3
from acassist.gui.widgets import BusyButton, Button, EmptyState, Heading, IconButton, Text
from acassist.gui.widgets.layout import Card, Scroll, clear, column, row
from acassist.gui.widgets.stateful import Stateful

_TABLE_HEIGHT = 300


def counts(preview: Preview) -> list[tuple[str, int]]:
    """Return the counts of a dry run with their words."""
    return [
        (tr("New in ActiveCampaign"), preview.creates_ac),
        (tr("New in Salesforce"), preview.creates_sf),
        (tr("Changed in ActiveCampaign"), preview.updates_ac),
        (tr("Changed in Salesforce"), preview.updates_sf),
        (tr("Linked"), preview.links),
        (tr("Skipped"), preview.skips),
        (tr("Conflicts"), preview.conflicts),
    ]


class PreviewView(QWidget):
    """Reads a dry run and shows it; `goOn` asks for the run with the choices made, None when there are none."""

    back = Signal()
    goOn = Signal(object)
    openRecord = Signal(object)
    leadTo = Signal(str, object)

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._call: Call | None = None
        self._preview: Preview | None = None
        self.question, self.choices, self.saved = DecisionCard(), FieldChoices(), SavedBanner()
        self.question.leadTo.connect(self.leadTo)
        self.go = BusyButton(tr("Sync these changes"), self._go_on)
        self.stop = Button(tr("Leave as it is"), self._go_back)
        self.changes = ChangesTable(bridge, "preview", tr("Changes that the next run would make"))
        self.changes.openRecord.connect(self.openRecord)
        again = Button(tr("Look again"), self.reload)
        nothing = EmptyState(
            "check-circle", tr("Nothing to change"), tr("Both sides agree. The next run would change nothing."), again
        )
        self.state = Stateful(
            self._make_content(),
            empty=nothing,
            loading=tr("Comparing both sides. Nothing is written…"),
            retry=self.reload,
        )
        box = column(self, spacing=S3)
        box.addLayout(self._make_head())
        box.addWidget(self.saved)
        scroll = Scroll(spacing=S3)
        scroll.body.addWidget(self.question)
        scroll.body.addWidget(self.state, 1)
        box.addWidget(scroll, 1)

    def _make_head(self) -> QBoxLayout:
        self.heading = Heading(tr("Preview changes"))
        self.export = Button(tr("Export…"), self._export)
        set_icon(self.export, "download", "text", 16)
        line = row(spacing=S2)
        line.addWidget(IconButton("arrow-left", tr("Back to Sync"), self._go_back))
        line.addWidget(self.heading, 1)
        line.addWidget(IconButton("refresh", tr("Look again"), self.reload))
        for button in (self.export, self.stop, self.go):
            line.addWidget(button)
        return line

    def _make_content(self) -> QWidget:
        content = QWidget()
        content.setProperty("kind", "clear")
        box = column(content, spacing=S3)
        self._counts = row(spacing=S3)
        card = Card(padding=S3)
        card.body.addLayout(self._counts)
        self.note = Text("", "small")
        box.addWidget(card)
        box.addWidget(self.choices)
        box.addWidget(self.note)
        self.changes.setMinimumHeight(_TABLE_HEIGHT)
        box.addWidget(self.changes, 1)
        return content

    # -- content
    def start(self, problem: Problem | None = None) -> None:
        """Make a dry run; the problem says why a person must decide."""
        self.saved.hide()
        self.question.show_question(problem)
        self.heading.setText(tr("Preview changes") if problem is None else tr("Your decision"))
        self.reload()

    def reload(self) -> None:
        """Make the dry run again."""
        self.leave()
        self._preview = None
        self._offer(False)
        self.state.show_loading()
        self._call = self._bridge.call(lambda a: a.preview(), self._show, self._failed, owner=self)

    def leave(self) -> None:
        """Stop comparing."""
        if self._call is not None:
            self._call.cancel()
            self._call = None

    def _offer(self, offered: bool) -> None:
        """Show the buttons that need a finished comparison."""
        self.go.setVisible(offered and may_go_on(self.question.problem))
        self.stop.setVisible(self.question.problem is not None)
        self.export.setVisible(offered)

    def _go_back(self) -> None:
        self.leave()
        self.back.emit()

    def _go_on(self) -> None:
        self.goOn.emit(self.choices.choices() or None)

    def _failed(self, problem: Problem) -> None:
        self._call = None
        self.state.show_problem(problem)

    def _show(self, preview: Preview) -> None:
        self._call = None
        self._preview = preview
        self.choices.show_differences(preview.differences)
        self.question.show_totals(preview)
        self.go.set_busy(False)
        self.go.rename(tr("Go on") if self.question.problem is not None else tr("Sync these changes"))
        found = bool(preview.changes or preview.differences or any(count for _, count in counts(preview)))
        self._offer(found or self.question.problem is not None)
        if not found:
            self.state.show_empty()
            return
        self._show_counts(preview)
        self.note.setText(tr("Only the first changes are listed; the counts are complete."))
        self.note.setVisible(preview.truncated)
        self.changes.show_changes(list(preview.changes))
        self.state.show_content()

    def _show_counts(self, preview: Preview) -> None:
        clear(self._counts)
        for label, count in counts(preview):
            box = column(spacing=0)
            box.addWidget(Text(number(count), "section"), 0, Qt.AlignmentFlag.AlignLeft)
            words = Text(label, "small")
            box.addWidget(words, 1, Qt.AlignmentFlag.AlignTop)
            holder = QFrame()
            holder.setProperty("kind", "clear")
            holder.setLayout(box)
            holder.setAccessibleName(tr("{label}: {count}", label=label, count=number(count)))
            self._counts.addWidget(holder, 1)

    # -- export
    def _export(self) -> None:
        save_as(self, tr("Export the preview"), "preview.csv", TABLE_FILTERS, self._save)

    def _save(self, path: Path) -> None:
        preview = self._preview
        if preview is None:
            return

        async def write(assistant: AssistantPort) -> Path:
            return await assistant.desk.export_preview(preview, path)

        self._bridge.call(write, self.saved.show_saved, self.saved.show_problem, owner=self)
