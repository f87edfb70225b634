"""Page layouts: show the fields on lead and contact pages, and put a layout back as it was."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QCheckBox, QFrame, QHBoxLayout, QListView, QWidget

from acassist.assistant.provision_views import Consent, LayoutPreview, LayoutRow
from acassist.assistant.views import ActionResult, Level
from acassist.domain.ids import SObject
from acassist.domain.problem import Problem, ProblemCode
from acassist.gui.accessibility import name
from acassist.gui.bridge import Bridge, Call
from acassist.gui.dialogs.question import Answer, ask
from acassist.gui.setup.inner_page import InnerPage
from acassist.gui.setup.layouts_list import LayoutDelegate, state_words
from acassist.gui.setup.layouts_preview import LayoutView
from acassist.gui.strings import message, tr
from acassist.gui.theme import S3, S4
from acassist.gui.widgets import BusyButton, Card, EmptyState, Scroll, Text, clear, row
from acassist.gui.widgets.stateful import Loading, Stateful

_LIST_WIDTH = 236
_ROW = int(Qt.ItemDataRole.UserRole) + 1


class LayoutsPage(InnerPage):
    """The list on the left, the chosen layout as it would be on the right."""

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        lead = tr("The fields are added read-only in a section of their own. The layout is kept before it is changed.")
        super().__init__(bridge, tr("Page layouts"), lead, parent)
        self._call: Call | None = None
        self._consent = Consent()
        self._refused_id = ""
        self.shown: LayoutView | None = None
        self.preview: LayoutPreview | None = None
        self.model = QStandardItemModel(self)
        self.list = self._list()
        self.view = Scroll(spacing=S4)
        content = QWidget()
        content.setProperty("kind", "clear")
        across = row(content, spacing=S4)
        across.addWidget(self.list)
        card = Card(padding=S4)
        card.body.addWidget(self.view)
        across.addWidget(card, 1)
        nothing = EmptyState("window", tr("No page layout was found"), tr("Your user may not see page layouts."))
        self.state = Stateful(content, empty=nothing, loading=tr("Reading the layouts…"), retry=self.activate)
        self.area.hide()
        self.body.addWidget(self.state, 1)
        self.link = QCheckBox(tr("Also add the link Open in Setup Assistant"))
        self.link.toggled.connect(self._read_preview)
        self.body.addWidget(self.link)
        self.body.addLayout(self._buttons())

    def _list(self) -> QListView:
        view = QListView()
        view.setModel(self.model)
        view.setFixedWidth(_LIST_WIDTH)
        view.setFrameShape(QFrame.Shape.NoFrame)
        view.setItemDelegate(LayoutDelegate(_ROW, view))
        view.setMouseTracking(True)
        view.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        name(view, tr("Layouts of Lead and Contact"))
        view.selectionModel().currentChanged.connect(self._chosen)
        return view

    def _buttons(self) -> QHBoxLayout:
        line = row(spacing=S3)
        self.add = BusyButton(tr("Add to this layout"), self._add)
        self.undo = BusyButton(tr("Put back"), self._put_back, kind="")
        self.words = Text("", "muted")
        line.addWidget(self.add)
        line.addWidget(self.undo)
        line.addWidget(self.words, 1, Qt.AlignmentFlag.AlignVCenter)
        self._settle()
        return line

    # -- list
    @property
    def current(self) -> LayoutRow | None:
        """Return the layout that is chosen."""
        found: LayoutRow | None = self.list.currentIndex().data(_ROW)
        return found

    def activate(self) -> None:
        """Read the layouts."""
        self.banner.dismiss()
        if not self.model.rowCount():
            self.state.show_loading()
        self._read_rows()

    def _read_rows(self) -> None:
        self.bridge.call(lambda a: a.provisioning.layouts(), self._show, self.state.show_problem, owner=self)

    def _show(self, rows: list[LayoutRow]) -> None:
        kept = self.current
        blocked = self.list.selectionModel().blockSignals(True)
        self.model.clear()
        for found in sorted(rows, key=lambda item: (item.sobject is not SObject.LEAD, item.name.casefold())):
            self.model.appendRow(self._item(found))
        self.list.selectionModel().blockSignals(blocked)
        if not rows:
            self.state.show_empty()
            return
        self.state.show_content()
        places = [n for n in range(self.model.rowCount()) if kept and self.model.item(n).data(_ROW).id == kept.id]
        self.list.setCurrentIndex(self.model.index(places[0] if places else 0, 0))
        self._read_preview()
        if self.back.hasFocus() or self.focusWidget() is None:
            self.list.setFocus()

    def _item(self, found: LayoutRow) -> QStandardItem:
        item = QStandardItem(tr("{name}, {state}", name=found.name, state=state_words(found)))
        item.setData(found, _ROW)
        item.setToolTip(found.name)
        return item

    # -- preview
    def _chosen(self, _now: QModelIndex, _before: QModelIndex) -> None:
        self._read_preview()

    def _read_preview(self, _on: bool = False) -> None:
        found = self.current
        if found is None:
            return
        if self._call is not None:
            self._call.cancel()
        self.preview = None
        self._put(Loading(tr("Reading the layout…")))
        self._settle()
        key, link = found.id, self.link.isChecked()
        self._call = self.bridge.call(
            lambda a: a.provisioning.layout_preview(key, link=link), self._show_preview, self._no_preview, owner=self
        )

    def _put(self, widget: QWidget) -> None:
        clear(self.view.body)
        self.view.body.addWidget(widget)
        self.view.verticalScrollBar().setValue(0)

    def _show_preview(self, preview: LayoutPreview) -> None:
        self._call = None
        self.preview = preview
        found = self.current
        self.shown = LayoutView(preview, found.used_by if found else ())
        self._put(self.shown)
        if self._refused_id == preview.id:
            self.shown.show_by_hand()
        self._settle()

    def _no_preview(self, problem: Problem) -> None:
        self._call = None
        clear(self.view.body)
        self.banner.show_problem(problem, focus=False)

    def _settle(self) -> None:
        preview, found = self.preview, self.current
        blocked = preview is not None and preview.blocked is not None
        reason = tr("Choose a layout first.") if preview is None else tr("It shows the fields already.")
        self.add.allow(preview is not None and preview.changes, tr("Follow the steps instead.") if blocked else reason)
        self.undo.allow(found is not None and found.changed_here, tr("This program has not changed this layout."))

    # -- writing
    def _add(self) -> None:
        found = self.current
        if found is None:
            return
        key, link, consent = found.id, self.link.isChecked(), self._consent
        self._begin(self.add, tr("Adding…"))
        self.bridge.call(
            lambda a: a.provisioning.change_layout(key, link=link, consent=consent),
            self._written,
            self._refused,
            owner=self,
        )

    def _put_back(self) -> None:
        found = self.current
        if found is None:
            return
        key = found.id
        self._begin(self.undo, tr("Putting back…"))
        self.bridge.call(lambda a: a.provisioning.restore_layout(key), self._written, self._refused, owner=self)

    def _begin(self, button: BusyButton, words: str) -> None:
        self.banner.dismiss()
        for other in (self.add, self.undo):
            other.setEnabled(False)
        button.set_busy(True, words)
        for part in (self.list, self.link):
            part.setEnabled(False)

    def _rest(self) -> None:
        for button in (self.add, self.undo):
            button.set_busy(False)
        for part in (self.list, self.link):
            part.setEnabled(True)
        self._settle()

    def _written(self, result: ActionResult) -> None:
        self._rest()
        if result.problem is not None:
            found = self.current
            self._refused_id = found.id if found is not None else ""
            self.banner.show_problem(result.problem)
        elif result.done:
            self.banner.show_note(Level.OK, message(result.sentence), "", focus=True)
        else:
            self.banner.show_note(Level.WARN, message(result.sentence), "", focus=True)
        self._read_rows()

    def _refused(self, problem: Problem) -> None:
        self._rest()
        if problem.code is ProblemCode.CONFIRM_PRODUCTION:
            self._ask_production(problem)
        elif problem.code is ProblemCode.PACKAGE_PRESENT:
            self._ask_package(problem)
        else:
            self.banner.show_problem(problem)
            if self.shown is not None and problem.code in (ProblemCode.LAYOUT_REFUSED, ProblemCode.LAYOUT_BY_HAND):
                self.shown.show_by_hand()

    def _ask_production(self, problem: Problem) -> None:
        org = str(problem.values.get("org", ""))
        text = tr("{org} is a production org. Everybody who uses this layout will see the fields.", org=org)
        yes = Answer("production", tr("Change it in {org}", org=org))
        ask(self, message(problem.title), text, (_no(), yes), self._answered)

    def _ask_package(self, problem: Problem) -> None:
        yes = Answer("package", tr("Its sync is off: change the layout"))
        ask(self, message(problem.title), message(problem.sentence), (_no(), yes), self._answered)

    def _answered(self, answer: str) -> None:
        """Go on after a yes; it is asked once for all layouts of this visit."""
        if answer == "production":
            self._consent = replace(self._consent, production=True)
        elif answer == "package":
            self._consent = replace(self._consent, package_stopped=True)
        else:
            return
        self._add()


def _no() -> Answer:
    return Answer("no", tr("Do not change it"), default=True)
