"""Leaving: what goes and what stays, optionally our additions in the org, and Disconnect."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QLineEdit, QProgressBar, QWidget

from acassist.assistant.provision_views import LeavePlan, Left
from acassist.assistant.views import Level
from acassist.domain.problem import Problem, ProblemCode
from acassist.domain.profile import Role, Setup
from acassist.gui.accessibility import name
from acassist.gui.bridge import Bridge
from acassist.gui.dialogs.files import save_as
from acassist.gui.dialogs.question import Answer, ask
from acassist.gui.setup.inner_page import InnerPage
from acassist.gui.setup.leaving_ledger import Ledger, LedgerCard
from acassist.gui.setup.leaving_parts import plan_table, two_lists
from acassist.gui.setup.told import Outcome, Told, told
from acassist.gui.strings import message, number, tr
from acassist.gui.theme import S3, S4
from acassist.gui.widgets import BusyButton, Button, Card, Labelled, ProblemBanner, Text, clear, column, row

_FIELD = 420
_INDENT = 34


class LeavePage(InnerPage):
    """Removes what was asked for first: without access nothing can be removed any more."""

    parent_key = "settings"

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        lead = tr("Synced data is never deleted. Reconnecting to the same org finds its links again.")
        super().__init__(bridge, tr("Disconnect"), lead, parent)
        self._plan: LeavePlan | None = None
        self._connected = False
        self._role = Role.MANAGER
        self._file: Path | None = None
        self._lists = column(spacing=0)
        self._lists.addWidget(two_lists())
        self.content.addLayout(self._lists)
        self._additions = self._additions_card()
        self.content.addWidget(self._additions)
        self.ledger = LedgerCard()
        self.content.addWidget(self.ledger)
        self.content.addStretch(1)
        self.words = Text("", "muted")
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.hide()
        self.body.addWidget(self.bar)
        line = row(spacing=S3)
        self.button = BusyButton(tr("Disconnect"), self._pressed, kind="danger")
        self.stay = Button(tr("Stay connected"), self.go_back)
        for part in (self.stay, self.button):
            line.addWidget(part)
        line.addWidget(self.words, 1, Qt.AlignmentFlag.AlignVCenter)
        self.body.addLayout(line)

    def _additions_card(self) -> Card:
        card = Card(padding=S4, spacing=S3)
        card.body.addWidget(Text(tr("Additions in Salesforce"), "section"))
        self.state = Text(tr("Counting what the org holds…"), "muted")
        self.trouble = ProblemBanner()
        self.trouble.add_action(tr("Try again"), self._read_plan)
        self.remove = QCheckBox(tr("Also remove what this program added"))
        self.remove.toggled.connect(self._remove_toggled)
        self.remove.hide()
        for part in (self.state, self.trouble, self.remove):
            card.body.addWidget(part)
        self.panel = QWidget()
        box = column(self.panel, spacing=S3, margins=(_INDENT, 0, 0, 0))
        self._table = column(spacing=0)
        box.addLayout(self._table)
        self.typed = QLineEdit()
        self.typed.textEdited.connect(self._typed)
        self._confirm = Labelled(tr("Type the name of the org to confirm"), self.typed)
        self._confirm.setMaximumWidth(max(_FIELD, self._confirm.label.sizeHint().width() + S4))
        box.addWidget(self._confirm)
        self.panel.hide()
        card.body.addWidget(self.panel)
        return card

    # -- looking
    def activate(self) -> None:
        """Read what is connected and count what would be lost."""
        self.banner.dismiss()
        self.stay.show()
        self.stay.setFocus()
        self.bridge.call(lambda a: a.setup(), self._show_setup, owner=self)

    def _show_setup(self, setup: Setup) -> None:
        self._connected = setup.activecampaign is not None or setup.salesforce is not None
        self.button.allow(self._connected, tr("Nothing is connected."))
        self._show_role(setup.role)
        if setup.role is Role.VIEWER:
            return
        if setup.salesforce is not None:
            self._read_plan()
            return
        self._hide_additions(tr("Salesforce is not connected, so nothing can be removed there from here."))

    def _show_role(self, role: Role) -> None:
        """A viewer leaves with the own login; the org is the administrator's."""
        if role is self._role:
            return
        self._role = role
        clear(self._lists)
        self._lists.addWidget(two_lists(viewer=role is Role.VIEWER))
        self._additions.setVisible(role is Role.MANAGER)
        self.ledger.setVisible(role is Role.MANAGER)
        if role is Role.VIEWER:
            # Records seen last are all that a viewer keeps here, and they go with the login.
            self._hide_additions("")
            self.ledger.choose(Ledger.DELETE)

    def _hide_additions(self, words: str) -> None:
        self._plan = None
        self.trouble.hide()
        self.remove.setChecked(False)
        self.remove.hide()
        self.state.setText(words)
        self.state.show()

    def _read_plan(self) -> None:
        self._hide_additions(tr("Counting what the org holds…"))
        self.bridge.call(lambda a: a.provisioning.leave_plan(), self._show_plan, self._no_plan, owner=self)

    def _show_plan(self, plan: LeavePlan) -> None:
        if plan.empty:
            self._hide_additions(tr("{org} holds nothing that this program added.", org=plan.org))
            return
        self._plan = plan
        clear(self._table)
        self._table.addWidget(plan_table(plan))
        self._confirm.set_hint(tr("The name is {org}. Removing the fields deletes the values in them.", org=plan.org))
        self.state.hide()
        self.remove.show()
        self.remove.setText(tr("Also remove what this program added to {org}", org=plan.org))
        name(self.remove, self.remove.text())

    def _no_plan(self, problem: Problem) -> None:
        self._hide_additions(tr("The additions stay in the org for now. You can disconnect all the same."))
        self.trouble.show_problem(problem, focus=False)

    def _remove_toggled(self, on: bool) -> None:
        self.panel.setVisible(on)
        self._confirm.accept()
        if on:
            self.typed.setFocus()

    def _typed(self) -> None:
        self._confirm.accept()

    # -- leaving
    def _pressed(self) -> None:
        if self.ledger.chosen is Ledger.EXPORT and self._file is None:
            title = tr("Save links and history")
            self._dialog = save_as(self, title, "acassist-ledger.json", ("JSON (*.json)",), self._file_chosen)
            return
        plan = self._plan
        if self.remove.isChecked() and plan is not None:
            if self.typed.text().strip().casefold() != plan.org.strip().casefold():
                self._confirm.refuse(tr("Type the name exactly: {org}", org=plan.org))
                self.area.ensureWidgetVisible(self._confirm)
                return
            self._remove_additions()
            return
        text = self._question()
        answers = (
            Answer("keep", tr("Stay connected"), default=True),
            Answer("disconnect", tr("Disconnect"), danger=True),
        )
        ask(self, tr("Disconnect Salesforce and ActiveCampaign?"), text, answers, self._answered)

    def _file_chosen(self, path: Path) -> None:
        self._file = path
        self._pressed()

    def _question(self) -> str:
        if self._role is Role.VIEWER:
            return tr("The program forgets your login and the records seen last. Nothing is deleted on either side.")
        if self._file is not None:
            return tr(
                "The program saves links, history and issues to {file}, forgets both connections, and then deletes "
                "them from this computer. No record is deleted on either side.",
                file=str(self._file),
            )
        if self.ledger.chosen is Ledger.DELETE:
            return tr(
                "The program forgets both connections, and deletes links, history, issues and copies from this "
                "computer. No record is deleted on either side."
            )
        return tr(
            "The program forgets both connections and stops syncing. No record is deleted on either side. "
            "To sync again, go through step 1 again."
        )

    def _answered(self, answer: str) -> None:
        if answer == "disconnect":
            self._disconnect()
        else:
            self._file = None

    def _remove_additions(self) -> None:
        typed = self.typed.text()
        self._begin(tr("Removing…"))
        self.bar.setRange(0, 0)
        self.bar.show()
        self.bridge.stream(
            lambda a: told(lambda progress: a.provisioning.leave(confirm=typed, progress=progress)),
            self._told,
            _nothing,
            self._refused,
            owner=self,
        )

    def _told(self, step: Told | Outcome[Left]) -> None:
        if isinstance(step, Outcome):
            self._removed(step.value)
            return
        words = message(step.phase)
        if step.total:
            words = tr("{phase}: {done} of {total}", phase=step.phase, done=number(step.done), total=number(step.total))
        self.words.setText(words)
        self.bar.setRange(0, step.total or 0)
        self.bar.setValue(step.done)
        name(self.bar, words)

    def _removed(self, left: Left) -> None:
        self.bar.hide()
        if not left.problems:
            self._disconnect()
            return
        self._rest()
        self.banner.show_problem(left.problems[0])
        self.words.setText(tr("Still connected. Press Disconnect to try again, or untick the removal."))
        self._read_plan_again()

    def _read_plan_again(self) -> None:
        self.bridge.call(lambda a: a.provisioning.leave_plan(), self._show_plan, self._no_plan, owner=self)

    def _disconnect(self) -> None:
        self._begin(tr("Disconnecting…"))
        forget, file = self.ledger.chosen is not Ledger.KEEP, self._file
        self.bridge.call(lambda a: a.disconnect(forget=forget, export=file), self._done, self._refused, owner=self)

    def _begin(self, words: str) -> None:
        self.banner.dismiss()
        self.button.set_busy(True, words)
        for part in (self.stay, self.remove, self.typed, self.ledger):
            part.setEnabled(False)

    def _rest(self) -> None:
        self.bar.hide()
        self.words.setText("")
        self.button.set_busy(False)
        for part in (self.stay, self.remove, self.typed, self.ledger):
            part.setEnabled(True)

    def _refused(self, problem: Problem) -> None:
        self._rest()
        self._file = None
        if problem.code is ProblemCode.CONFIRM_LEAVE:
            self._confirm.refuse(message(problem.next_step))
            return
        self.banner.show_problem(problem)

    def _done(self, revoked: object) -> None:
        self._rest()
        self.typed.clear()
        saved, self._file = self._file, None
        self.ledger.reset()
        self.stay.hide()
        self.button.allow(False, tr("Nothing is connected."))
        self._hide_additions(tr("Salesforce is not connected, so nothing can be removed there from here."))
        if revoked is False:
            text = tr(
                "Salesforce could not be reached, so the access was only forgotten here. "
                "End it in Salesforce Setup under Connected Apps OAuth Usage."
            )
            self.banner.show_note(Level.WARN, tr("Disconnected."), text, focus=True)
            return
        text = tr("Synced data stays where it is.")
        if saved is not None:
            text = tr("Synced data stays where it is. Links and history are saved in {file}.", file=str(saved))
        self.banner.show_note(Level.OK, tr("Disconnected."), text, focus=True)


def _nothing(_none: None) -> None:
    """The outcome came with the stream."""
