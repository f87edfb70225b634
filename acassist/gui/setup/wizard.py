"""One of the four guided steps as a wizard inside the main window; the flow holds the truth."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QPushButton, QWidget, QWizard

from acassist.assistant.setup.flow import Page, SetupFlow
from acassist.domain.problem import Problem
from acassist.domain.profile import STEP_TITLES, Role, Setup
from acassist.gui.accessibility import name
from acassist.gui.bridge import Bridge
from acassist.gui.dialogs.question import Answer, ask
from acassist.gui.setup.registry import make_page
from acassist.gui.setup.step_page import StepPage
from acassist.gui.strings import tr
from acassist.gui.theme import dress

_BUTTONS = QWizard.WizardButton


class SetupWizard(QWizard):
    """Walks through one step. `ended` tells whether it was finished."""

    ended = Signal(bool)
    moved = Signal()
    navigate = Signal(str, object)
    """Ask the window for another page by its key; the wizard stays as it is."""

    def __init__(self, bridge: Bridge, flow: SetupFlow, parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Widget)
        self.bridge = bridge
        self.flow = flow
        self._opened_with = flow
        self._busy = False
        self._replaying = False
        self._words = {_BUTTONS.BackButton: tr("&Back"), _BUTTONS.NextButton: tr("&Next"),
                       _BUTTONS.FinishButton: tr("&Finish"), _BUTTONS.CancelButton: tr("Cancel")}  # fmt: skip
        self.setWizardStyle(QWizard.WizardStyle.ClassicStyle)
        self.setOption(QWizard.WizardOption.NoBackButtonOnStartPage, False)
        self.setOption(QWizard.WizardOption.NoDefaultButton, False)
        self.setWindowTitle(tr(STEP_TITLES[flow.step]))
        name(self, tr(STEP_TITLES[flow.step]))
        self._dress_buttons()
        # Every page is made: which of them are walked through may change with the role of the user who logs in.
        for number, page in enumerate(replace(flow, draft=replace(flow.draft, role=Role.MANAGER)).pages):
            self.setPage(number, make_page(self, page))
        self.currentIdChanged.connect(self._shown)
        self._walk_to(flow.index)

    def _dress_buttons(self) -> None:
        for which, words in self._words.items():
            self.setButtonText(which, words)
            name(self.button(which), words)
        for which in (_BUTTONS.NextButton, _BUTTONS.FinishButton):
            dress(self.button(which), kind="primary")

    def _walk_to(self, index: int) -> None:
        self._replaying = True
        self.restart()
        for _ in range(index):
            self.next()
        self._replaying = False
        self._shown(self.currentId())

    # -- the flow
    @property
    def page_widget(self) -> StepPage:
        """Return the page that is shown."""
        page = self.currentPage()
        assert isinstance(page, StepPage)
        return page

    @property
    def dirty(self) -> bool:
        """Tell whether the draft differs from what the step was opened with."""
        return self.flow.draft != self._opened_with.draft

    def change(self, flow: SetupFlow) -> None:
        """Take a new flow from the page."""
        self.flow = flow

    def step_page(self, page: Page) -> StepPage:
        """Return the widget of a page of this step."""
        found = self.page(self.flow.pages.index(page))
        assert isinstance(found, StepPage)
        return found

    def _shown(self, number: int) -> None:
        if self._replaying or number < 0:
            return
        while self.flow.index > number:
            self.flow = self.flow.back()
        self.page_widget.activate()
        self.focus_first()
        self.moved.emit()

    def focus_first(self) -> None:
        """Put the focus where the page's work begins, or on Next."""
        first = self.page_widget.first_field()
        if first is not None:
            first.setFocus()
        else:
            self.focus_next()

    def focus_next(self) -> None:
        """Put the focus on Next, once what the page asked for is done."""
        self.button(_BUTTONS.FinishButton if self.flow.is_last else _BUTTONS.NextButton).setFocus()

    def may_leave(self, page: StepPage) -> bool:
        """Decide whether Next or Finish goes on; says on the page why not."""
        if self._replaying:
            return True
        if self._busy or not page.leaving():
            return False
        obstacle = self.flow.obstacle(page.step_page)
        if obstacle is not None:
            page.refuse(obstacle)
            return False
        if self.flow.is_last:
            self._finish()
            return False
        self.flow = self.flow.forward()
        self.keep()
        return True

    # -- busy
    @property
    def busy(self) -> bool:
        """Tell whether the page checks or saves something."""
        return self._busy

    def set_busy(self, busy: bool, words: str = "") -> None:
        """While something is checked, Next and Finish say so and cannot be pressed."""
        self._busy = busy
        for which in (_BUTTONS.NextButton, _BUTTONS.FinishButton):
            button = self.button(which)
            button.setText(words if busy and words else self._words[which])
            button.setEnabled(not busy)
        self.button(_BUTTONS.BackButton).setEnabled(not busy and self.flow.index > 0)

    # -- keeping, finishing, leaving
    def keep(self) -> None:
        """Keep the unfinished input as a draft."""
        flow = self.flow
        self.bridge.call(lambda a: a.save_draft(flow), _ignore, owner=self)

    def keep_if_changed(self) -> None:
        """Keep the input when the user goes to another place in the middle."""
        if self.dirty or self.flow.index != self._opened_with.index:
            self.keep()

    def _finish(self) -> None:
        obstacle = next((page for page in self.flow.pages if self.flow.obstacle(page) is not None), None)
        if obstacle is not None:
            self.page_widget.show_refusal(tr("An earlier page needs your attention. Press Back."))
            return
        flow = self.flow
        self.set_busy(True, tr("Saving…"))
        self.bridge.call(lambda a: a.finish_step(flow), self._finished, self._not_finished, owner=self)

    def _finished(self, _setup: Setup) -> None:
        self.set_busy(False)
        self.ended.emit(True)

    def _not_finished(self, problem: Problem) -> None:
        self.set_busy(False)
        self.page_widget.show_problem(problem)

    def reject(self) -> None:
        """Cancel: ask first when something would be lost, or goes on unseen."""
        if words := self.page_widget.under_way():
            answers = (Answer("stay", tr("Stay here"), default=True), Answer("leave", tr("Leave")))
            ask(self, tr("Leave this step?"), words, answers, self._leave_as)
            return
        if not self.dirty:
            self._leave()
            return
        ask(
            self,
            tr("Leave this step?"),
            tr("You changed something that is not in effect yet. It can be kept as a draft."),
            (
                Answer("stay", tr("Stay here"), default=True),
                Answer("discard", tr("Discard changes"), danger=True),
                Answer("keep", tr("Keep as draft")),
            ),
            self._leave_as,
        )

    def abandon(self) -> None:
        """Stop what the pages wait for."""
        for number in self.pageIds():
            page = self.page(number)
            if isinstance(page, StepPage):
                page.abandon()

    def _leave_as(self, answer: str) -> None:
        if answer in ("keep", "leave"):
            self.keep()
            self._leave()
        elif answer == "discard":
            step = self.flow.step
            self.bridge.call(lambda a: a.discard_draft(step), self._discarded, owner=self)

    def _discarded(self, _none: None) -> None:
        self._leave()

    def _leave(self) -> None:
        self.abandon()
        self.ended.emit(False)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter is Next, except on a button, which it presses."""
        focused = self.focusWidget()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and isinstance(focused, QPushButton):
            focused.click()
            return
        super().keyPressEvent(event)


def _ignore(_none: None) -> None:
    """Nothing to show when a draft was kept."""
