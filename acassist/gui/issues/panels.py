"""What a person can decide about one issue: the choices with what each of them does."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from inspect import isawaitable
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QWidget

from acassist.assistant.decisions import Decisions
from acassist.assistant.facade import AssistantPort
from acassist.domain.ledger import Issue
from acassist.domain.problem import Problem
from acassist.gui.bridge import Bridge
from acassist.gui.strings import tr
from acassist.gui.theme import S1, S3, S4, dress
from acassist.gui.widgets import BusyButton, Text
from acassist.gui.widgets.layout import column

Work = Callable[[Decisions], Any]


class Panel(QFrame):
    """Carries out one decision at a time; `decided` says what follows, `failed` why it could not be done."""

    decided = Signal(str)
    failed = Signal(object)
    """Carries a problem that belongs above the records."""

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        dress(self, kind="well")
        self._bridge = bridge
        self._said = ""
        self.issue: Issue | None = None
        self.alike: Sequence[Issue] = ()
        self.buttons: list[BusyButton] = []
        self.body = column(self, spacing=S3, margins=(S4, S3, S4, S3))

    def show_issue(self, issue: Issue, same: Sequence[Issue]) -> None:
        """Show the choices for an issue; `same` are all issues with its cause."""
        self.issue, self.alike = issue, same
        for button in self.buttons:
            button.set_busy(False)

    def decide(self, button: BusyButton, work: Work, sentence: str) -> None:
        """Carry out a decision, once."""
        self._said = sentence
        for other in self.buttons:
            other.setEnabled(False)
        button.set_busy(True, tr("One moment…"))

        async def run(assistant: AssistantPort) -> Any:
            answer = work(assistant.decisions)
            result = await answer if isawaitable(answer) else answer
            await assistant.desk.decided()
            return result

        self._bridge.call(run, self._done, self._not_done, owner=self)

    def _calm(self) -> None:
        for button in self.buttons:
            button.set_busy(False)

    def _done(self, answer: object) -> None:
        self._calm()
        self.decided.emit(self._said if answer else tr("There was nothing left to decide. The list is read again."))

    def _not_done(self, problem: Problem) -> None:
        self._calm()
        self.failed.emit(problem)


@dataclass(frozen=True, slots=True)
class Option:
    """One choice: the button, what it does, what is said afterwards."""

    text: str
    meaning: str
    work: Callable[[Decisions, int], Any]
    after: str


class OptionsPanel(Panel):
    """A button and its meaning on each line."""

    def __init__(self, bridge: Bridge, options: Sequence[Option], parent: QWidget | None = None) -> None:
        super().__init__(bridge, parent)
        self._options = tuple(options)
        grid = QGridLayout()
        grid.setHorizontalSpacing(S4)
        grid.setVerticalSpacing(S3)
        grid.setColumnStretch(1, 1)
        for line, option in enumerate(self._options):
            button = BusyButton(option.text, self._pressed, kind="")
            self.buttons.append(button)
            grid.addWidget(button, line, 0, Qt.AlignmentFlag.AlignTop)
            meaning = Text(option.meaning, "muted")
            meaning.setContentsMargins(0, S1, 0, 0)
            grid.addWidget(meaning, line, 1)
        self.body.addLayout(grid)

    def _pressed(self) -> None:
        button, issue = self.sender(), self.issue
        if issue is None or button not in self.buttons:
            return
        option = self._options[self.buttons.index(button)]
        self.decide(button, lambda d: option.work(d, issue.id), option.after)


def account_move_panel(bridge: Bridge) -> Panel:
    """Move the person to the account that the record belongs to, or leave them (rule 5.7)."""
    return OptionsPanel(
        bridge,
        [
            Option(
                tr("Confirm the move"),
                tr("In ActiveCampaign the person belongs to the account of the Salesforce record from now on."),
                lambda d, number: d.move_account(number),
                tr("The person was moved to the account."),
            ),
            Option(
                tr("Leave the person"),
                tr("Nothing is changed, and the question is closed."),
                lambda d, number: d.let_go(number),
                tr("The person stays where they are."),
            ),
        ],
    )


def looked_panel(bridge: Bridge) -> Panel:
    """Close a question that only a look into ActiveCampaign answers (rule 6.3)."""
    return OptionsPanel(
        bridge,
        [
            Option(
                tr("I have looked"),
                tr("The question is closed. Nothing is sent or repeated."),
                lambda d, number: d.let_go(number),
                tr("The question is closed."),
            )
        ],
    )


def opt_out_panel(bridge: Bridge) -> Panel:
    """Clear the opt-out on a person's word, or keep it."""
    return OptionsPanel(
        bridge,
        [
            Option(
                tr("Clear the opt-out"),
                tr("Email Opt Out is cleared in Salesforce, because the person subscribed again."),
                lambda d, number: d.answer_opt_out(number, clear=True),
                tr("The opt-out was cleared in Salesforce."),
            ),
            Option(
                tr("Keep the opt-out"),
                tr("Salesforce stays as it is, and the person is unsubscribed from all lists in ActiveCampaign."),
                lambda d, number: d.answer_opt_out(number, clear=False),
                tr("The opt-out was kept, and the person was unsubscribed in ActiveCampaign."),
            ),
        ],
    )
