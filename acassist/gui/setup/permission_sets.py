"""Permission sets: who may run the sync, who sees the fields, and giving or taking both."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Sequence
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QButtonGroup, QRadioButton, QWidget

from acassist.assistant.facade import AssistantPort
from acassist.assistant.provision_views import AssignAnswer, UserRow
from acassist.assistant.views import Level
from acassist.domain.problem import Problem
from acassist.domain.text import N_
from acassist.gui.accessibility import name
from acassist.gui.bridge import Bridge, Call
from acassist.gui.setup.inner_page import InnerPage
from acassist.gui.setup.permission_users import UsersModel, UsersTable
from acassist.gui.strings import message, tr, tr_n
from acassist.gui.theme import S1, S2, S3, S4
from acassist.gui.widgets import BusyButton, Card, EmptyState, LevelIcon, SearchField, Text, clear, column, row
from acassist.gui.widgets.stateful import Stateful

MANAGER, STANDARD = "ActiveCampaign_Package_Manager", "ActiveCampaign_Standard_User"
_TABLE = 250
# The back end lists no more at once.
_MOST = 500
# Salesforce's own labels of the sets, never translated, and what each is for here.
_SETS = (
    (
        MANAGER,
        "ActiveCampaign Package Manager",
        N_("For the user whose access syncs: reads, creates and edits leads, contacts and accounts."),
    ),
    (
        STANDARD,
        "ActiveCampaign Standard User",
        N_(
            "For people who see and use records: in this program they get Records and CX Automation, without set-up. "
            "The sync does not depend on it: their edits are synced with or without it."
        ),
    ),
)


class PermissionsPage(InnerPage):
    """Search, tick, Assign or Remove; each refusal is told by name."""

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        lead = tr("Nobody but you has one of the two sets unless you assign it here or in Salesforce.")
        super().__init__(bridge, tr("Permission sets"), lead, parent)
        self._call: Call | None = None
        self._asked = ""
        self.model = UsersModel()
        self.table = UsersTable(self.model)
        self.search = SearchField(tr("Search name, user name or e-mail"))
        self.refusals = Card(padding=S4, spacing=S2)
        self.refusals.hide()
        for part in (self.refusals, self._choice(), self.search):
            self.content.addWidget(part)
        hint = tr("Check the spelling, or search for the e-mail address.")
        nobody = EmptyState("users", tr("Nobody was found"), hint)
        self.state = Stateful(self.table, empty=nobody, loading=tr("Reading the users…"), retry=self.activate)
        self.state.setMinimumHeight(_TABLE)
        self.content.addWidget(self.state, 1)
        self.more = Text(tr("Only the first {count} users are shown. Search to find the others.", count=_MOST), "small")
        self.more.hide()
        self.content.addWidget(self.more)
        self.body.addLayout(self._buttons())
        self.search.searched.connect(self._search)
        self.model.ticked_changed.connect(self._count)
        self.table.remember(bridge, "permission-users")
        self._count()

    def _choice(self) -> Card:
        card = Card(padding=S4, spacing=S2)
        self.choices = QButtonGroup(self)
        self.radios: dict[str, QRadioButton] = {}
        for key, label, meaning in _SETS:
            radio = QRadioButton(label)
            name(radio, label, tr(meaning))
            self.choices.addButton(radio)
            self.radios[key] = radio
            words = column(spacing=0)
            words.addWidget(radio)
            text = Text(tr(meaning), "muted")
            text.setContentsMargins(34, 0, 0, 0)
            words.addWidget(text)
            card.body.addLayout(words)
        self.radios[STANDARD].setChecked(True)
        self.choices.buttonToggled.connect(self._count)
        return card

    def _buttons(self) -> Any:
        line = row(spacing=S3)
        self.assign = BusyButton(tr("Assign"), self._assign)
        self.remove = BusyButton(tr("Remove"), self._remove, kind="")
        self.ticked = Text("", "muted")
        line.addWidget(self.assign)
        line.addWidget(self.remove)
        line.addWidget(self.ticked, 1, Qt.AlignmentFlag.AlignVCenter)
        return line

    @property
    def chosen(self) -> str:
        """Return the API name of the set that Assign and Remove work on."""
        return next(key for key, radio in self.radios.items() if radio.isChecked())

    # -- users
    def activate(self) -> None:
        """Read the users."""
        self.banner.dismiss()
        self.refusals.hide()
        self.search.setFocus()
        self._read(self.search.text().strip())

    def _search(self, text: str) -> None:
        self._read(text.strip())

    def _read(self, text: str) -> None:
        if self._call is not None:
            self._call.cancel()
        self._asked = text
        if not self.model.total:
            self.state.show_loading()
        self._call = self.bridge.call(lambda a: a.provisioning.users(text), self._show, self._failed, owner=self)

    def _show(self, users: list[UserRow]) -> None:
        self._call = None
        self.model.set_rows(users)
        self.more.setVisible(len(users) >= _MOST)
        if users:
            self.state.show_content()
            self.table.setCurrentIndex(self.model.index(0, 0))
        else:
            self.state.show_empty()

    def _failed(self, problem: Problem) -> None:
        self._call = None
        self.state.show_problem(problem)

    def _count(self, _button: object = None, _on: object = None) -> None:
        count = len(self.model.ticked)
        self.ticked.setText(tr_n("{n} user ticked", "{n} users ticked", count))
        for button in (self.assign, self.remove):
            button.allow(count > 0, tr("Tick at least one user first."))

    # -- giving and taking
    def _assign(self) -> None:
        ids, wanted = self.model.ticked, self.chosen
        self.assign.set_busy(True, tr("Assigning…"))
        self.remove.setEnabled(False)
        self._send(lambda a: a.provisioning.assign(ids, wanted), self._assigned)

    def _remove(self) -> None:
        ids, wanted = self.model.ticked, self.chosen
        self.remove.set_busy(True, tr("Removing…"))
        self.assign.setEnabled(False)
        self._send(lambda a: a.provisioning.remove(ids, wanted), self._removed)

    def _send(
        self,
        work: Callable[[AssistantPort], Coroutine[Any, Any, list[AssignAnswer]]],
        done: Callable[[list[AssignAnswer]], None],
    ) -> None:
        self.banner.dismiss()
        self.refusals.hide()
        self.bridge.call(work, done, self._not_sent, owner=self)

    def _assigned(self, answers: list[AssignAnswer]) -> None:
        good = sum(answer.done for answer in answers)
        self._tell(answers, tr_n("{n} user has it now.", "{n} users have it now.", good), tr("Not assigned"))

    def _removed(self, answers: list[AssignAnswer]) -> None:
        good = sum(answer.done for answer in answers)
        self._tell(answers, tr_n("{n} user no longer has it.", "{n} users no longer have it.", good), tr("Not removed"))

    def _tell(self, answers: Sequence[AssignAnswer], good: str, failed_title: str) -> None:
        self._rest()
        done = [answer.user_id for answer in answers if answer.done]
        refused = [answer for answer in answers if not answer.done]
        self.model.untick(done)
        if done:
            self.banner.show_note(Level.OK, self.radios[self.chosen].text(), good, focus=not refused)
        self._show_refusals(failed_title, refused)
        self._read(self._asked)

    def _show_refusals(self, title: str, refused: Sequence[AssignAnswer]) -> None:
        clear(self.refusals.body)
        self.refusals.setVisible(bool(refused))
        if not refused:
            return
        self.area.verticalScrollBar().setValue(0)
        self.refusals.body.addWidget(Text(title, "section"))
        for answer in refused:
            line = row(spacing=S3)
            line.addWidget(LevelIcon(Level.BAD), 0, Qt.AlignmentFlag.AlignTop)
            words = column(spacing=S1)
            words.addWidget(Text(answer.name, "strong"))
            if answer.problem is not None:
                words.addWidget(Text(message(answer.problem.sentence)))
                words.addWidget(Text(message(answer.problem.next_step), "muted"))
            line.addLayout(words, 1)
            self.refusals.body.addLayout(line)

    def _not_sent(self, problem: Problem) -> None:
        self._rest()
        self.banner.show_problem(problem)

    def _rest(self) -> None:
        self.assign.set_busy(False)
        self.remove.set_busy(False)
        self._count()
