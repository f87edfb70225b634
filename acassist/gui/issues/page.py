"""The Issues page: causes left, the chosen cause with its records right."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

from PySide6.QtCore import QModelIndex, Qt, QTimer
from PySide6.QtWidgets import QBoxLayout, QFrame, QListView, QStackedWidget, QWidget

from acassist.assistant.facade import AssistantPort
from acassist.assistant.views import RecordRef
from acassist.domain.ledger import Issue
from acassist.domain.problem import Problem
from acassist.gui.accessibility import name
from acassist.gui.bridge import Bridge, Call
from acassist.gui.dialogs.files import TABLE_FILTERS, SavedBanner, save_as
from acassist.gui.icons import set_icon
from acassist.gui.issues.group_view import GroupView
from acassist.gui.issues.grouping import grouped
from acassist.gui.issues.groups_model import GROUP_ROLE, GroupDelegate, GroupsModel
from acassist.gui.issues.health_sweeps import SweepsView
from acassist.gui.issues.health_view import HealthView
from acassist.gui.page import Page
from acassist.gui.strings import number, tr, tr_n
from acassist.gui.theme import S1, S4, S5, S7
from acassist.gui.widgets import Button, Combo, EmptyState, Heading, IconButton, Text
from acassist.gui.widgets.layout import column, row
from acassist.gui.widgets.stateful import Stateful

LIMIT = 10_000
_REFRESH_MS = 120
_LEFT_WIDTH = 232


class IssuesPage(Page):
    """What needs a person, grouped by cause."""

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(bridge, parent)
        self._call: Call | None = None
        self.model = GroupsModel(self)
        self.group = GroupView(bridge)
        self.nothing = EmptyState(
            "check-circle", tr("No issues"), tr("Nothing needs you. Records that cannot be synced appear here.")
        )
        self.state = Stateful(
            self._make_content(), empty=self.nothing, loading=tr("Reading the issues…"), retry=self.activate
        )
        self.inbox, self.health, self.sweeps = QWidget(), HealthView(bridge), SweepsView(bridge)
        self.inbox.setProperty("kind", "clear")
        box = column(self.inbox, spacing=S4)
        box.addLayout(self._make_head())
        box.addWidget(self.saved)
        box.addWidget(self.state, 1)
        self.stack = QStackedWidget()
        for part in (self.inbox, self.health, self.sweeps):
            self.stack.addWidget(part)
        column(self, margins=(S7, S5, S7, S5)).addWidget(self.stack)
        self._timer = QTimer(self, singleShot=True, interval=_REFRESH_MS)
        self._timer.timeout.connect(self.activate)
        for signal in (bridge.issuesChanged, bridge.runEnded):
            signal.connect(self._soon)
        self.group.changed.connect(self.activate)
        for opener in (self.group.openRecord, self.health.openRecord):
            opener.connect(self._to_record)
        for asker in (self.group.explain, self.health.explain):
            asker.connect(self._to_explain)
        self.health.back.connect(self._to_inbox)
        self.health.syncWanted.connect(self._to_sync)
        self.health.sweepsWanted.connect(self.show_sweeps)
        self.sweeps.back.connect(self.show_health)
        self.sweeps.limitsWanted.connect(self._to_sweep_limits)

    def _make_head(self) -> QBoxLayout:
        self.line = Text("", "muted")
        self.saved = SavedBanner()
        self.export = Button(tr("Export…"), self._export)
        self.health_button = Button(tr("Health"), self.show_health)
        for button, icon_name in ((self.export, "download"), (self.health_button, "shield")):
            set_icon(button, icon_name, "text", 16)
        self.export.hide()
        self.which = Combo()
        self.which.addItem(tr("Open"), False)
        self.which.addItem(tr("Ignored"), True)
        name(self.which, tr("Which issues"))
        self.which.currentIndexChanged.connect(self.activate)
        again = IconButton("refresh", tr("Read the issues again"), self.activate)
        head = row()
        head.addWidget(Heading(tr("Issues")), 1)
        parts: tuple[QWidget, ...] = (again, self.which, self.export, self.health_button)
        for part in parts:
            head.addWidget(part, 0, Qt.AlignmentFlag.AlignTop)
        box = column(spacing=S1)
        box.addLayout(head)
        box.addWidget(self.line)
        return box

    def _make_content(self) -> QWidget:
        self.list = QListView()
        self.list.setModel(self.model)
        self.list.setItemDelegate(GroupDelegate(self.list))
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.setMouseTracking(True)
        self.list.setFixedWidth(_LEFT_WIDTH)
        self.list.setResizeMode(QListView.ResizeMode.Adjust)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        name(self.list, tr("Causes"))
        self.list.selectionModel().currentChanged.connect(self._choose)
        content = QWidget()
        content.setProperty("kind", "clear")
        line = row(content, spacing=S4)
        line.addWidget(self.list)
        line.addWidget(self.group, 1)
        return content

    # -- what the window asks for
    def activate(self, _changed: int = 0) -> None:
        """Read the issues again; what is shown stays until the answer is there."""
        self._timer.stop()
        if self._call is not None:
            self._call.cancel()
        if not self.model.rowCount():
            self.state.show_loading()
        self._call = self.bridge.call(self._read(), self._show, self._failed, owner=self)

    def _read(self) -> Callable[[AssistantPort], Coroutine[Any, Any, list[Issue]]]:
        return (lambda a: a.desk.ignored()) if self.ignored else (lambda a: a.issues(LIMIT))

    @property
    def ignored(self) -> bool:
        """Tell whether the ignored issues are shown instead of the open ones."""
        return bool(self.which.currentData())

    def open(self, subject: object) -> None:
        """Show the health of all records when asked for it by name."""
        if subject == "health":
            self.show_health()
        elif subject == "sweeps":
            self.show_sweeps()

    def show_health(self) -> None:
        """Open the health of all records."""
        self.stack.setCurrentWidget(self.health)
        self.health.reload()

    def show_sweeps(self) -> None:
        """Open the rolling checks."""
        self.stack.setCurrentWidget(self.sweeps)
        self.sweeps.reload()

    def _to_sweep_limits(self) -> None:
        self.navigate.emit("settings", "sweeps")

    def _to_inbox(self) -> None:
        self.stack.setCurrentWidget(self.inbox)
        self.activate()

    def _soon(self, _event: object = None) -> None:
        if self.isVisible():
            self._timer.start()

    # -- content
    def _failed(self, problem: Problem) -> None:
        self._call = None
        self.model.set_groups(())
        self.line.setText("")
        self.export.hide()
        self.state.show_problem(problem)

    def _show(self, issues: list[Issue]) -> None:
        self._call = None
        kept = self.list.currentIndex().data(GROUP_ROLE)
        groups = grouped(issues)
        self.model.set_groups(groups)
        self.line.setText(_ignored(len(issues)) if self.ignored else _summary(len(issues), len(groups)))
        self.export.setVisible(bool(groups) and not self.ignored)
        self.group.show_ignored(self.ignored)
        self._name_emptiness()
        if not groups:
            self.state.show_empty()
            return
        place = next((n for n, group in enumerate(groups) if kept is not None and group.code is kept.code), 0)
        self.list.setCurrentIndex(self.model.index(place))
        self.state.show_content()

    def _name_emptiness(self) -> None:
        none = (tr("Nothing is ignored"), tr("Issues that you ignore wait here until their record changes."))
        good = (tr("No issues"), tr("Nothing needs you. Records that cannot be synced appear here."))
        title, words = none if self.ignored else good
        self.nothing.title.setText(title)
        self.nothing.text.setText(words)

    def _choose(self, index: QModelIndex) -> None:
        group = index.data(GROUP_ROLE) if index.isValid() else None
        if group is not None:
            self.group.show_group(group)

    # -- export
    def _export(self) -> None:
        save_as(self, tr("Export the issues"), "issues.csv", TABLE_FILTERS, self._save)

    def _save(self, path: Path) -> None:
        async def write(assistant: AssistantPort) -> Path:
            return await assistant.desk.export_issues(path)

        self.bridge.call(write, self.saved.show_saved, self.saved.show_problem, owner=self)

    # -- moving
    def _to_explain(self, ref: RecordRef) -> None:
        self.navigate.emit("explain", ref)

    def _to_sync(self) -> None:
        self.navigate.emit("sync", None)

    def _to_record(self, ref: RecordRef) -> None:
        self.navigate.emit("records", ref)


def _ignored(issues: int) -> str:
    if not issues:
        return ""
    return tr_n(
        "{n} issue is ignored until its record changes.",
        "{n} issues are ignored until their records change.",
        issues,
    )


def _summary(issues: int, causes: int) -> str:
    if not issues:
        return ""
    if issues >= LIMIT:
        return tr("The first {n} issues are shown. All other records go on syncing.", n=number(LIMIT))
    return tr(
        "{issues}, {causes}. All other records go on syncing.",
        issues=tr_n("{n} issue", "{n} issues", issues),
        causes=tr_n("{n} cause", "{n} causes", causes),
    )
