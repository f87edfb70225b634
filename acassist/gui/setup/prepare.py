"""Prepare Salesforce: checks, what would be added with its present state, Apply, and what is lost without it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QWizard

from acassist.assistant.facade import AssistantPort
from acassist.assistant.provision_checks import PACKAGE_TITLE
from acassist.assistant.provision_views import Applied, Consent
from acassist.assistant.setup.flow import Page
from acassist.assistant.views import CheckItem, Level
from acassist.domain.problem import Problem, ProblemCode
from acassist.gui.dialogs.question import Answer, ask
from acassist.gui.setup.prepare_actions import PrepareActions
from acassist.gui.setup.prepare_list import CHECK_WORDS, PLAN_WORDS, StateList, component_of
from acassist.gui.setup.prepare_more import MoreCard, lost_card
from acassist.gui.setup.prepare_preview import WritePreviewPanel
from acassist.gui.setup.step_page import StepPage
from acassist.gui.setup.told import Outcome, Told, told
from acassist.gui.strings import message, tr, tr_n
from acassist.gui.theme import S3, S7, dress
from acassist.gui.widgets import BusyButton, Text, row

if TYPE_CHECKING:
    from acassist.gui.setup.wizard import SetupWizard


class PreparePage(StepPage):
    """Nothing is written before Apply; the step can be finished without any of it."""

    def __init__(self, wizard: SetupWizard, page: Page) -> None:
        lead = tr("These fields and permission sets make the sync visible inside Salesforce. Nothing else is changed.")
        super().__init__(wizard, page, lead)
        self._items: list[CheckItem] = []
        self._package = False
        self._applying = False
        top = row(spacing=S3)
        self._summary = Text("", "strong")
        self._again = BusyButton(tr("Check again"), self.activate, kind="")
        top.addWidget(self._summary, 1, Qt.AlignmentFlag.AlignVCenter)
        top.addWidget(self._again, 0, Qt.AlignmentFlag.AlignTop)
        self.body.addLayout(top)
        self.checks = StateList(tr("Before anything is written"), CHECK_WORDS, fold=True)
        self.list = StateList(tr("What is added to the org"), PLAN_WORDS)
        self.preview = WritePreviewPanel(self.bridge)
        self.list.body.addWidget(self.preview)
        self.lost = lost_card()
        self.more = MoreCard(tr("Then, if you like"))
        for part in (self.lost, self.checks, self.list, self.more):
            self.body.addWidget(part)
        self.body.addStretch(1)
        self.foot = PrepareActions(self.apply, self.skip)
        self.outer.addWidget(self.foot)
        self.more.wanted.connect(self.host.navigate)

    # -- looking
    def activate(self) -> None:
        if self._applying:
            return
        self._again.set_busy(True, tr("Checking…"))
        self.banner.dismiss()
        self.area.verticalScrollBar().setValue(0)
        for part in (self.checks, self.list):
            part.show_loading()
        self._summary.setText("")
        self.lost.hide()
        self.foot.show_loading()
        self.preview.fold()
        self.bridge.call(_look, self._show, self._failed, owner=self)

    def _show(self, found: tuple[list[CheckItem], list[CheckItem]]) -> None:
        checks, items = found
        self._again.set_busy(False)
        self._package = any(i.title.text == PACKAGE_TITLE and i.level is Level.BAD for i in checks)
        self.checks.show_items(checks)
        self._show_plan(items)

    def _show_plan(self, items: Sequence[CheckItem], problems: dict[str, Problem] | None = None) -> None:
        self._items = list(items)
        self.list.show_items(items, problems)
        missing = sum(1 for item in items if item.level is not Level.OK)
        everything = tr("Everything is in place.")
        self._summary.setText(
            tr_n("{n} item is missing.", "{n} items are missing.", missing) if missing else everything
        )
        self.preview.toggle.setVisible(missing > 0)
        self.more.allow(missing < len(items))
        self.foot.show_state(complete=missing == 0, package=self._package)
        # One primary button a page: Finish is it once there is nothing left to apply.
        dress(self.host.button(QWizard.WizardButton.FinishButton), kind="" if missing else "primary")

    def _failed(self, problem: Problem) -> None:
        self._again.set_busy(False)
        self.preview.toggle.hide()
        self.foot.show_failed()
        self.checks.show_nothing(tr("The org could not be looked at."))
        self.list.show_nothing(tr("Press Check again once the problem is solved. You can finish without it."))
        self.show_problem(problem)

    # -- Apply
    def apply(self) -> None:
        """Add what is missing; pressing it again finishes what was begun, or changes nothing."""
        self._send(production=False)

    def _send(self, *, production: bool) -> None:
        consent = Consent(production=production, package_stopped=self.foot.package_off.isChecked())
        self._applying = True
        self.banner.dismiss()
        self.lost.hide()
        self.preview.fold()
        self.foot.begin()
        self._again.setEnabled(False)
        self.host.set_busy(True)
        self.bridge.stream(
            lambda a: told(lambda progress: a.provisioning.apply(progress, consent)),
            self._told,
            self._rest,
            self._refused,
            owner=self,
        )

    def _told(self, step: Told | Outcome[Applied]) -> None:
        if isinstance(step, Told):
            self.foot.show_progress(step)
        else:
            self._applied(step.value)

    def _rest(self, _none: None = None) -> None:
        self._applying = False
        self.host.set_busy(False)
        self._again.setEnabled(True)
        self.foot.end()

    def _applied(self, outcome: Applied) -> None:
        self._rest()
        lines = {component_of(item) for item in outcome.items} - {""}
        placed = {problem.subject: problem for problem in outcome.problems if problem.subject in lines}
        self._show_plan(outcome.items, placed)
        loose = [problem for problem in outcome.problems if problem.subject not in lines]
        if outcome.complete:
            self._say_done(changed=outcome.changed)
        elif loose:
            self.banner.show_problem(loose[0])
        else:
            self._say_partly(len(placed))

    def _say_done(self, *, changed: bool) -> None:
        text = tr("Salesforce has everything now.") if changed else tr("Everything was there already.")
        title = tr("Salesforce is prepared") if changed else tr("Nothing had to be changed")
        self.banner.show_note(Level.OK, title, text)
        self.area.verticalScrollBar().setValue(0)
        self.host.focus_next()

    def _say_partly(self, refused: int) -> None:
        text = tr_n(
            "Salesforce refused {n} part; the reason stands beside it.",
            "Salesforce refused {n} parts; the reasons stand beside them.",
            refused,
        )
        missing = tr("Some parts are still missing. Press Apply again in a minute.")
        self.banner.show_note(Level.WARN, tr("Not everything could be added"), text if refused else missing, focus=True)
        first = next((line for line in self.list.rows if line.refused), None)
        if first is not None:
            QTimer.singleShot(0, first, lambda: self.area.ensureWidgetVisible(first, 0, S7))

    def _refused(self, problem: Problem) -> None:
        self._rest()
        if problem.code is ProblemCode.CONFIRM_PRODUCTION:
            self._ask_production(problem)
            return
        if problem.code is ProblemCode.PACKAGE_PRESENT:
            self._package = True
            self.foot.show_state(complete=False, package=True)
        self.show_problem(problem)

    def _ask_production(self, problem: Problem) -> None:
        org = str(problem.values.get("org", ""))
        answers = (
            Answer("no", tr("Do not apply"), default=True),
            Answer("yes", tr("Apply to {org}", org=org)),
        )
        text = tr(
            "{org} is a production org: people work in it. The additions listed here are made there, "
            "no record is changed, and they can be removed again.",
            org=org,
        )
        ask(self, message(problem.title), text, answers, self._answered)

    def _answered(self, answer: str) -> None:
        if answer == "yes":
            self._send(production=True)
        else:
            self.foot.apply.setFocus()

    def under_way(self) -> str:
        if not self._applying:
            return ""
        return tr("Apply goes on without this page. Open the page again to see how it ended.")

    # -- Skip
    def skip(self) -> None:
        """Say what is lost, and lead to Finish."""
        self.lost.show()
        self.area.verticalScrollBar().setValue(0)
        self.host.focus_next()


async def _look(assistant: AssistantPort) -> tuple[list[CheckItem], list[CheckItem]]:
    checks, items = await asyncio.gather(assistant.provisioning.checks(), assistant.provisioning.plan())
    return checks, items
