"""The place Setup: the four cards, the wizard of the step that is open, or the page Ready."""

from __future__ import annotations

from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QStackedWidget, QWidget

from acassist.assistant.facade import AssistantPort
from acassist.assistant.setup.flow import SetupFlow
from acassist.assistant.views import Status, StepCard
from acassist.domain.problem import Problem
from acassist.domain.profile import Role, Step
from acassist.gui.bridge import Bridge
from acassist.gui.page import Page
from acassist.gui.setup.home import SetupHome
from acassist.gui.setup.ready import ReadyPage
from acassist.gui.setup.wizard import SetupWizard
from acassist.gui.setup.wizard_frame import WizardFrame
from acassist.gui.widgets import column


class SetupPage(Page):
    """Keeps an open wizard while the user looks at other places."""

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(bridge, parent)
        self.stack = QStackedWidget()
        column(self).addWidget(self.stack)
        self.home, self.ready = SetupHome(), ReadyPage(bridge)
        self.frame: WizardFrame | None = None
        self._opening = False
        self.stack.addWidget(self.home)
        self.stack.addWidget(self.ready)
        self.home.opened.connect(self.open_step)
        self.home.ready_wanted.connect(self.show_ready)
        self.home.place_wanted.connect(self.navigate)
        self.ready.left.connect(self.show_home)
        self.ready.started.connect(self._started)
        self.ready.existingWanted.connect(self._to_backfill)
        bridge.setupChanged.connect(self._setup_changed)

    @property
    def wizard(self) -> SetupWizard | None:
        """Return the wizard that is open."""
        return self.frame.wizard if self.frame is not None else None

    def activate(self) -> None:
        self._refresh()

    def open(self, subject: object) -> None:
        if isinstance(subject, Step):
            self.open_step(subject)

    def _setup_changed(self, _event: object) -> None:
        self._refresh()

    def _refresh(self) -> None:
        self.bridge.call(_cards, self._show_cards, self.home.show_problem, owner=self)

    def _show_cards(self, found: tuple[list[StepCard], Status]) -> None:
        cards, status = found
        if status.role is Role.VIEWER:
            self._lead_to_records()
            return
        self.home.show_cards(cards, started=status.started)
        if self.stack.currentWidget() is self.home:
            self.home.focus_next()

    def _lead_to_records(self) -> None:
        """A viewer has no cards; whoever closes a step goes back to the records."""
        if self.frame is None and not self._opening and self.isVisible():
            self.navigate.emit("records", None)

    def show_home(self) -> None:
        """Show the four cards."""
        self.stack.setCurrentWidget(self.home)
        self._refresh()

    def show_ready(self) -> None:
        """Show what the first sync would do."""
        self.stack.setCurrentWidget(self.ready)
        self.ready.activate()

    def _started(self) -> None:
        self.navigate.emit("sync", None)
        self.stack.setCurrentWidget(self.home)

    def _to_backfill(self) -> None:
        self.navigate.emit("sync", "backfill")

    # -- wizard
    def open_step(self, step: Step) -> None:
        """Open a step in its wizard; a wizard that is open for it comes back as it was."""
        if self.wizard is not None and self.wizard.flow.step is step:
            self._show_frame()
            return
        if self._opening:
            return
        self._opening = True
        self.bridge.call(lambda a: a.open_step(step), self._show_wizard, self._not_opened, owner=self)

    def _not_opened(self, problem: Problem) -> None:
        self._opening = False
        self.home.show_problem(problem)

    def _show_wizard(self, flow: SetupFlow) -> None:
        self._opening = False
        self._drop_wizard(keep=True)
        self.frame = WizardFrame(SetupWizard(self.bridge, flow))
        self.frame.wizard.ended.connect(self._ended)
        self.frame.wizard.navigate.connect(self.navigate)
        self.frame.home_wanted.connect(self._leave_for_home)
        self.stack.addWidget(self.frame)
        self._show_frame()

    def _show_frame(self) -> None:
        if self.frame is not None:
            self.stack.setCurrentWidget(self.frame)
            self.frame.wizard.focus_first()

    def _leave_for_home(self) -> None:
        if self.wizard is not None:
            self.wizard.reject()

    def _ended(self, finished: bool) -> None:
        self._drop_wizard(keep=False)
        if finished:
            self.bridge.call(lambda a: a.status(), self._after_finish, owner=self)
        self.show_home()

    def _after_finish(self, status: Status) -> None:
        if status.steps_done == len(Step) and not status.started:
            self.show_ready()

    def _drop_wizard(self, *, keep: bool) -> None:
        if self.frame is None:
            return
        if keep:
            self.frame.wizard.keep_if_changed()
        self.frame.wizard.abandon()
        self.stack.removeWidget(self.frame)
        self.frame.hide()
        self.frame.deleteLater()
        self.frame = None

    def hideEvent(self, event: QHideEvent) -> None:
        if self.wizard is not None:
            self.wizard.keep_if_changed()
        super().hideEvent(event)


async def _cards(assistant: AssistantPort) -> tuple[list[StepCard], Status]:
    return await assistant.step_cards(), await assistant.status()
