"""Prepare Salesforce: what the org lacks for the full function, and what is lost without it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from acassist.assistant.setup.flow import Page
from acassist.assistant.views import CheckItem, Level
from acassist.domain.problem import Problem
from acassist.gui.setup.check_list import CheckList
from acassist.gui.setup.step_page import StepPage
from acassist.gui.strings import tr, tr_n
from acassist.gui.theme import S3
from acassist.gui.widgets import BusyButton, Card, Text, row

if TYPE_CHECKING:
    from acassist.gui.setup.wizard import SetupWizard


class PreparePage(StepPage):
    """Shows each addition with its present state; the step can be finished without any of them."""

    def __init__(self, wizard: SetupWizard, page: Page) -> None:
        super().__init__(
            wizard, page, tr("These fields and permission sets make the sync visible inside Salesforce.")
        )  # fmt: skip
        top = row(spacing=S3)
        self._summary = Text("", "strong")
        self._again = BusyButton(tr("Check again"), self.activate, kind="")
        top.addWidget(self._summary, 1)
        top.addWidget(self._again, 0, Qt.AlignmentFlag.AlignTop)
        self.body.addLayout(top)
        self.list = CheckList()
        self.body.addWidget(self.list)
        self._without = self._note()
        self.body.addWidget(self._without)
        self.body.addStretch(1)

    def _note(self) -> Card:
        card = Card(spacing=4)
        card.body.addWidget(Text(tr("You can finish without them"), "strong"))
        card.body.addWidget(
            Text(
                tr(
                    "The sync works all the same. Without the fields, nobody sees the sync state in Salesforce, "
                    "and records cannot be marked for the sync by hand or by automation."
                ),
                "muted",
            )
        )
        return card

    def activate(self) -> None:
        self._again.set_busy(True, tr("Checking…"))
        self.list.show_loading()
        self._summary.setText("")
        self.bridge.call(lambda a: a.prepare_state(), self._show, self._failed, owner=self)

    def _show(self, items: list[CheckItem]) -> None:
        self._again.set_busy(False)
        self.list.show_items(items)
        missing = sum(1 for item in items if item.level is not Level.OK)
        everything = tr("Everything is in place.")
        self._summary.setText(
            tr_n("{n} item is missing.", "{n} items are missing.", missing) if missing else everything
        )
        self._without.setVisible(missing > 0)

    def _failed(self, problem: Problem) -> None:
        self._again.set_busy(False)
        self.list.show_items(())
        self.show_problem(problem)
