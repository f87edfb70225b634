"""Go back to a copy of the profile: the copies with date and size, what would be forgotten, and an explicit yes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QWidget

from acassist.assistant.desk import AuditEntry, Copy, Forgotten
from acassist.assistant.facade import AssistantPort
from acassist.domain.problem import Problem
from acassist.gui.bridge import Bridge, Call
from acassist.gui.settings.sub_page import SubPage
from acassist.gui.settings.words import event_words
from acassist.gui.strings import ago, number, tr, tr_n, when
from acassist.gui.theme import S2, S3, S4, theme
from acassist.gui.widgets import BusyButton, Card, EmptyState, ProblemBanner, Text
from acassist.gui.widgets.layout import Scroll, column, row
from acassist.gui.widgets.rows_model import Column, RowsModel
from acassist.gui.widgets.rows_table import RowsTable

_MEGABYTE = 1_000_000
_LEFT_WIDTH = 330
_SHOWN = 12


def size_words(size: int) -> str:
    """Say a size in bytes in megabytes."""
    return tr("{n} MB", n=number(max(0.1, round(size / _MEGABYTE, 1))))


class RestoreView(SubPage):
    """The window is made anew on the restored profile; nothing in either service changes."""

    restoring = Signal()

    def __init__(self, bridge: Bridge) -> None:
        empty = EmptyState("history", tr("No copy yet"), tr("The program makes one every day while it runs."))
        meaning = tr(
            "Goes back to an earlier state of this computer’s profile: mapping, settings, links and history. "
            "Nothing in Salesforce or ActiveCampaign is changed or deleted."
        )
        self._looking: Call | None = None
        super().__init__(bridge, tr("Restore a copy"), meaning, empty)

    # -- building
    def make_content(self) -> QWidget:
        """Build the list of copies and what the chosen one means."""
        self.model: RowsModel[Copy] = RowsModel(
            [
                Column(lambda: tr("Made"), lambda c: when(c.at), 5, order=lambda c: c.at.timestamp(),
                       tip=lambda c: tr("{time}, {file}", time=ago(c.at), file=c.path.name)),
                Column(lambda: tr("Size"), lambda c: size_words(c.size), 3, order=lambda c: c.size, numeric=True),
            ],
            self,
        )  # fmt: skip
        self.table = RowsTable(self.model, tr("Copies of the profile"))
        self.table.setFixedWidth(round(_LEFT_WIDTH * theme().scale))
        self.table.chosen.connect(self._choose)
        content = QWidget()
        content.setProperty("kind", "clear")
        line = row(content, spacing=S4)
        line.addWidget(self.table)
        line.addWidget(self._make_detail(), 1)
        return content

    def _make_detail(self) -> Card:
        card = Card(spacing=S3)
        self.title, self.age = Text("", "section"), Text("", "muted")
        self.lost, self.settings, self.kept = Text(""), Text("", "muted"), Text("")
        self.trouble = ProblemBanner()
        self.sure = QCheckBox(tr("Forget on this computer what is listed"))
        self.sure.toggled.connect(self._allow)
        self.restore = BusyButton(tr("Restore this copy"), self._restore, kind="danger")
        inner = Scroll(spacing=S3)
        for part in (self.lost, self.settings, self.kept):
            inner.body.addWidget(part)
        inner.body.addStretch(1)
        head = column(spacing=0)
        head.addWidget(self.title)
        head.addWidget(self.age)
        card.body.addLayout(head)
        card.body.addWidget(self.trouble)
        card.body.addWidget(inner, 1)
        card.body.addWidget(self.sure)
        foot = row(spacing=S2)
        foot.addWidget(self.restore)
        foot.addStretch(1)
        card.body.addLayout(foot)
        return card

    # -- content
    def reload(self) -> None:
        """Read which copies there are."""
        self.ask(lambda a: a.desk.backups(), self._show)

    def _show(self, copies: list[Copy]) -> None:
        if not copies:
            self.state.show_empty()
            return
        self.model.set_rows(copies)
        self.table.setCurrentIndex(self.model.index(0, 0))
        self.state.show_content()

    def _choose(self, copy: Copy | None) -> None:
        if self._looking is not None:
            self._looking.cancel()
        self.trouble.dismiss()
        self.sure.setChecked(False)
        self.sure.setEnabled(False)
        self._allow()
        if copy is None:
            return
        path = copy.path
        self.title.setText(tr("Copy of {time}", time=when(copy.at)))
        self.age.setText(tr("{time}, {size}", time=ago(copy.at), size=size_words(copy.size)))
        self.lost.setText(tr("Looking into the copy…"))
        for part in (self.settings, self.kept):
            part.setText("")

        async def look(assistant: AssistantPort) -> Forgotten:
            return await assistant.desk.forgotten(path)

        self._looking = self.bridge.call(look, self._show_forgotten, self._unreadable, owner=self)

    def _show_forgotten(self, found: Forgotten) -> None:
        self._looking = None
        self.lost.setText(lost_words(found))
        self.settings.setText(settings_words(found.settings, found.settings_count))
        self.settings.setVisible(bool(found.settings))
        self.kept.setText(
            tr(
                "The state of now is kept as a copy first, so that you can come back. Scheduled runs are paused "
                "afterwards: look at Preview changes, then press Resume."
            )
        )
        self.sure.setEnabled(True)

    def _unreadable(self, problem: Problem) -> None:
        self._looking = None
        self.lost.setText("")
        self.trouble.show_problem(problem, focus=False)

    def _allow(self, _on: bool = False) -> None:
        self.restore.allow(self.sure.isChecked(), tr("Tick that what is listed may be forgotten."))

    # -- restoring
    def _restore(self) -> None:
        copy = self.table.current
        if copy is None or not self.sure.isChecked():
            return
        path: Path = copy.path
        self.restore.set_busy(True, tr("Restoring…"))
        self.sure.setEnabled(False)
        self.restoring.emit()

        async def prepare(assistant: AssistantPort) -> Callable[[], None]:
            return await assistant.desk.prepare_restore(path)

        self.bridge.reopen(prepare, self._not_restored, owner=self)

    def _not_restored(self, problem: Problem) -> None:
        self.restore.set_busy(False)
        self.sure.setEnabled(True)
        self._allow()
        self.trouble.show_problem(problem)


def lost_words(found: Forgotten) -> str:
    """Say what this computer forgets."""
    if found.nothing:
        return tr("Nothing happened since then: nothing is forgotten.")
    parts = [
        tr_n("{n} run of the history", "{n} runs of the history", found.runs) if found.runs else "",
        tr_n("{n} link made since", "{n} links made since", found.links) if found.links else "",
        tr_n("{n} change of settings or decision", "{n} changes of settings and decisions", found.settings_count)
        if found.settings_count
        else "",
    ]
    said = tr("This computer forgets: {list}.", list=", ".join(part for part in parts if part))
    if not found.links:
        return said
    again = tr("People linked since then are found again by their address; nobody is created twice.")
    return tr("{lost} {again}", lost=said, again=again)


def settings_words(entries: tuple[AuditEntry, ...], count: int) -> str:
    """List the changes of settings, newest first."""
    lines = [tr("{time}: {what}", time=when(e.at), what=event_words(e.what)) for e in entries[:_SHOWN]]
    if count > len(lines):
        lines.append(tr_n("and {n} more", "and {n} more", count - len(lines)))
    return "\n".join(lines)
