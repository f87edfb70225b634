"""Preview changes: what the next run would do, record by record, without writing anything."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QBoxLayout, QFrame, QWidget

from acassist.domain.ledger import Preview
from acassist.domain.problem import Problem
from acassist.gui.bridge import Bridge, Call
from acassist.gui.strings import number, tr
from acassist.gui.sync.changes_table import ChangesTable
from acassist.gui.theme import S3, S4
from acassist.gui.widgets import BusyButton, Button, EmptyState, Heading, IconButton, ProblemBanner, Text
from acassist.gui.widgets.layout import Card, clear, column, row
from acassist.gui.widgets.stateful import Stateful


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
    """Reads a dry run and shows it; `goOn` asks for the run, a problem that asked for a decision stays in sight."""

    back = Signal()
    goOn = Signal()
    openRecord = Signal(object)

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._call: Call | None = None
        self.question = ProblemBanner()
        self.go = BusyButton(tr("Sync these changes"), self.goOn.emit)
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
        box = column(self, spacing=S4)
        box.addLayout(self._make_head())
        box.addWidget(self.question)
        box.addWidget(self.state, 1)

    def _make_head(self) -> QBoxLayout:
        line = row(spacing=S3)
        line.addWidget(IconButton("arrow-left", tr("Back to Sync"), self._go_back))
        line.addWidget(Heading(tr("Preview changes")), 1)
        line.addWidget(IconButton("refresh", tr("Look again"), self.reload))
        line.addWidget(self.go)
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
        box.addWidget(self.note)
        box.addWidget(self.changes, 1)
        return content

    # -- content
    def start(self, problem: Problem | None = None) -> None:
        """Make a dry run; the problem says why a person must look at it."""
        if problem is None:
            self.question.hide()
        else:
            self.question.show_problem(problem, focus=False)
        self.reload()

    def reload(self) -> None:
        """Make the dry run again."""
        self.leave()
        self.go.hide()
        self.state.show_loading()
        self._call = self._bridge.call(lambda a: a.preview(), self._show, self._failed, owner=self)

    def leave(self) -> None:
        """Stop comparing."""
        if self._call is not None:
            self._call.cancel()
            self._call = None

    def _go_back(self) -> None:
        self.leave()
        self.back.emit()

    def _failed(self, problem: Problem) -> None:
        self._call = None
        self.state.show_problem(problem)

    def _show(self, preview: Preview) -> None:
        self._call = None
        if not preview.changes and not any(count for _, count in counts(preview)):
            self.state.show_empty()
            return
        self._show_counts(preview)
        self.note.setText(tr("Only the first changes are listed; the counts are complete."))
        self.note.setVisible(preview.truncated)
        self.changes.show_changes(list(preview.changes))
        self.go.set_busy(False)
        self.go.show()
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
