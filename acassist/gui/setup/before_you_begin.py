"""Before you begin: what is needed, each with its state as far as it is known."""

from __future__ import annotations

from typing import TYPE_CHECKING

from acassist.assistant.setup.flow import Page
from acassist.gui.setup.check_list import CheckList
from acassist.gui.setup.step_page import StepPage
from acassist.gui.strings import tr

if TYPE_CHECKING:
    from acassist.gui.setup.wizard import SetupWizard


class BeforeYouBeginPage(StepPage):
    """Nothing is asked here; what cannot be known yet says so."""

    def __init__(self, wizard: SetupWizard, page: Page) -> None:
        super().__init__(wizard, page, tr("Check these points first. You can go on while some are still open."))
        self.list = CheckList()
        self.body.addWidget(self.list)
        self.body.addStretch(1)

    def activate(self) -> None:
        self.bridge.call(lambda a: a.before_you_begin(), self.list.show_items, self.show_problem, owner=self)
