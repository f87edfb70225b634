"""The form of a backfill: which records, and what the new contacts set off."""

from __future__ import annotations

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QButtonGroup, QCheckBox, QRadioButton, QWidget

from acassist.assistant.facade import AssistantPort
from acassist.assistant.views import MappingChoices
from acassist.domain.backfill import EVERYONE, BackfillRequest, matching
from acassist.domain.ids import SObject
from acassist.domain.problem import Problem
from acassist.domain.selection import Criteria
from acassist.gui.accessibility import name
from acassist.gui.bridge import Bridge, Call
from acassist.gui.setup.criteria import CriteriaEditor
from acassist.gui.strings import message, tr, tr_n
from acassist.gui.sync.backfill import words
from acassist.gui.sync.backfill.lists import ListChoice
from acassist.gui.theme import S1, S2, S3, S5, S7
from acassist.gui.widgets import Card, Text
from acassist.gui.widgets.layout import column, row

_COUNT_MS = 500


class BackfillForm(QWidget):
    """`changed` tells that an estimate made before no longer holds."""

    changed = Signal()

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "clear")
        self._bridge = bridge
        self._call: Call | None = None
        self._fields_of: SObject | None = None
        self._timer = QTimer(self, singleShot=True, interval=_COUNT_MS)
        self._timer.timeout.connect(self._count)
        box = column(self, spacing=S3)
        box.addWidget(self._make_records())
        box.addWidget(self._make_effects())
        self._show_object()

    # -- building
    def _make_records(self) -> Card:
        card = Card(spacing=S3)
        card.body.addWidget(Text(tr("Which records"), "section"))
        self.leads, self.contacts = QRadioButton(words.object_words(SObject.LEAD)), QRadioButton(
            words.object_words(SObject.CONTACT)
        )
        self._objects = QButtonGroup(self)
        line = row(spacing=S5)
        for button in (self.leads, self.contacts):
            name(button, button.text())
            self._objects.addButton(button)
            line.addWidget(button)
        line.addStretch(1)
        self.leads.setChecked(True)
        self.leads.toggled.connect(self._object_chosen)
        card.body.addLayout(line)
        self.everyone, self.some = QRadioButton(), QRadioButton()
        self._scopes = QButtonGroup(self)
        scopes = column(spacing=S1)
        for button in (self.everyone, self.some):
            self._scopes.addButton(button)
            scopes.addWidget(button)
        self.everyone.setChecked(True)
        self.everyone.toggled.connect(self._scope_chosen)
        card.body.addLayout(scopes)
        card.body.addWidget(self._make_editor())
        return card

    def _make_editor(self) -> QWidget:
        self.conditions = QWidget()
        self.conditions.setProperty("kind", "clear")
        inside = column(self.conditions, spacing=S2, margins=(S7, 0, 0, 0))
        self.editor = CriteriaEditor()
        self.editor.changed.connect(self._edited)
        self.count, self.trouble = Text("", "strong"), Text("", "bad")
        for part in (self.editor, self.count, self.trouble):
            inside.addWidget(part)
        self.trouble.hide()
        self.conditions.hide()
        return self.conditions

    def _make_effects(self) -> Card:
        card = Card(spacing=S3)
        card.body.addWidget(Text(tr("What new contacts set off"), "section"))
        self.automations = QCheckBox(tr("Start automations"))
        note = tr(
            "Off: nobody gets an e-mail because of the backfill. Automations that wait for a tag can still start."
        )
        self.automations.setAccessibleDescription(note)
        self.automations.toggled.connect(self._effect_changed)
        meaning = Text(note, "muted")
        meaning.setContentsMargins(S7 + S1, 0, 0, 0)
        inside = column(spacing=S1)
        inside.addWidget(self.automations)
        inside.addWidget(meaning)
        card.body.addLayout(inside)
        self.lists = ListChoice(self._bridge)
        self.lists.changed.connect(self._effect_changed)
        card.body.addWidget(self.lists)
        return card

    # -- content
    @property
    def sobject(self) -> SObject:
        """Return the object chosen."""
        return SObject.LEAD if self.leads.isChecked() else SObject.CONTACT

    @property
    def request(self) -> BackfillRequest:
        """Return what the form asks for."""
        everyone = self.everyone.isChecked()
        selection = EVERYONE if everyone else matching(self.editor.criteria())
        return BackfillRequest(self.sobject, selection, self.automations.isChecked(), self.lists.chosen)

    def point_out(self) -> bool:
        """Go to what is missing; True when nothing is."""
        if self.everyone.isChecked():
            return True
        if not self.editor.rows:
            self.count.setText(tr("Add a condition, or choose all of them."))
            self.editor.add.setFocus()
            return False
        line = self.editor.incomplete
        if line is not None:
            line.point_out()
        return line is None

    def activate(self) -> None:
        """Read the lists, which are few."""
        self.lists.load()

    def _show_object(self) -> None:
        leads = self.leads.isChecked()
        self.everyone.setText(tr("All leads") if leads else tr("All contacts"))
        some = tr("Only leads that meet conditions") if leads else tr("Only contacts that meet conditions")
        self.some.setText(some)
        for button in (self.everyone, self.some):
            name(button, button.text())

    # -- changes
    def _object_chosen(self, _leads: bool) -> None:
        self._show_object()
        self.editor.show_criteria(Criteria())
        self.count.setText("")
        self._load_fields()
        self.changed.emit()

    def _scope_chosen(self, _everyone: bool) -> None:
        self.conditions.setVisible(self.some.isChecked())
        self._load_fields()
        self.changed.emit()

    def _load_fields(self) -> None:
        """Read the fields that conditions may use, once they are wanted."""
        sobject = self.sobject
        if self.everyone.isChecked() or self._fields_of is sobject:
            return
        self.trouble.hide()
        self._bridge.call(lambda a: a.selection_fields(sobject), self._show_fields, self._failed, owner=self)

    def _show_fields(self, choices: MappingChoices) -> None:
        if choices.sobject is not self.sobject:
            return
        self._fields_of = choices.sobject
        self.editor.set_fields(choices.sf_fields)
        self.editor.show_criteria(self.editor.criteria())
        if not self.editor.rows:
            self.editor.add_condition()

    def _failed(self, problem: Problem) -> None:
        self.count.setText(tr("The records could not be counted."))
        self.trouble.setText(message(problem.sentence))
        self.trouble.show()

    def _effect_changed(self, _on: object = None) -> None:
        self.changed.emit()

    def _edited(self) -> None:
        self._timer.start()
        self.changed.emit()

    # -- live count
    def _count(self) -> None:
        self.trouble.hide()
        if self._call is not None:
            self._call.cancel()
        if not self.editor.rows or self.editor.incomplete is not None:
            self.count.setText(tr("Complete the conditions to count the records."))
            return
        self.count.setText(tr("Counting…"))
        sobject, selection = self.sobject, matching(self.editor.criteria())

        async def ask(assistant: AssistantPort) -> int:
            return await assistant.count_selection(sobject, selection)

        self._call = self._bridge.call(ask, self._counted, self._failed, owner=self)

    def _counted(self, count: int) -> None:
        self._call = None
        if self.sobject is SObject.LEAD:
            self.count.setText(tr_n("{n} lead matches right now.", "{n} leads match right now.", count))
        else:
            self.count.setText(tr_n("{n} contact matches right now.", "{n} contacts match right now.", count))
