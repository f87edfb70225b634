"""What the pages of the four wizards have in common: heading, scrolling body, and how they refuse to be left."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget, QWizardPage

from acassist.assistant.setup.flow import PAGE_TITLES, Page, SetupFlow
from acassist.assistant.views import Level
from acassist.domain.problem import Problem
from acassist.domain.text import Message
from acassist.gui.bridge import Bridge
from acassist.gui.strings import message, tr
from acassist.gui.theme import S1, S2, S4
from acassist.gui.widgets import Heading, ProblemBanner, Scroll, Text, column

if TYPE_CHECKING:
    from acassist.gui.setup.wizard import SetupWizard


class StepPage(QWizardPage):
    """A page only renders the flow; what the user does becomes a new flow through `change`."""

    def __init__(self, wizard: SetupWizard, page: Page, lead: str = "") -> None:
        super().__init__(wizard)
        self.host = wizard
        self.step_page = page
        self.outer = outer = column(self, spacing=S2)
        outer.addWidget(Heading(tr(PAGE_TITLES[page])))
        self.lead = Text(lead, "muted")
        outer.addWidget(self.lead)
        if not lead:
            self.lead.hide()
        outer.addSpacing(S1)
        self.banner = ProblemBanner()
        outer.addWidget(self.banner)
        self.area = Scroll(spacing=S4)
        self.body = self.area.body
        outer.addWidget(self.area, 1)

    @property
    def flow(self) -> SetupFlow:
        """Return the flow that the wizard walks through."""
        return self.host.flow

    @property
    def bridge(self) -> Bridge:
        """Return the way to the engine."""
        return self.host.bridge

    def change(self, flow: SetupFlow) -> None:
        """Hand in what the user did."""
        self.banner.dismiss()
        self.host.change(flow)

    def activate(self) -> None:
        """Show the flow; runs each time the page comes up."""

    def leaving(self) -> bool:
        """Tell whether Next may go on; a page may do something first and return False."""
        return True

    def under_way(self) -> str:
        """Say what goes on without the page, empty when nothing does; leaving asks with these words."""
        return ""

    def abandon(self) -> None:
        """Stop what the page waits for; the wizard goes away."""

    def first_field(self) -> QWidget | None:
        """Return the widget that takes the focus when the page comes up."""
        return None

    def refuse(self, obstacle: Message) -> None:
        """Say what stands in the way, next to its cause where the page knows it."""
        self.show_refusal(message(obstacle))

    def show_refusal(self, sentence: str) -> None:
        """Say in the banner what stands in the way."""
        self.banner.show_note(Level.BAD, tr("This page is not finished"), sentence, focus=True)

    def show_problem(self, problem: Problem) -> None:
        """Show what went wrong while something was read or saved."""
        self.banner.show_problem(problem)

    def validatePage(self) -> bool:
        return self.host.may_leave(self)
