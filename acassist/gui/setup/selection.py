"""Lead and contact sync selection: which records are sent to ActiveCampaign."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QButtonGroup, QRadioButton, QWidget

from acassist.assistant.facade import AssistantPort
from acassist.assistant.setup.flow import Page
from acassist.assistant.views import MappingChoices
from acassist.domain.ids import SObject
from acassist.domain.problem import Problem
from acassist.domain.selection import Selection, SelectionKind
from acassist.domain.text import N_, Message
from acassist.gui.accessibility import name
from acassist.gui.bridge import Call
from acassist.gui.setup.choice import Choice
from acassist.gui.setup.criteria import CriteriaEditor
from acassist.gui.setup.step_page import StepPage
from acassist.gui.strings import message, tr, tr_n
from acassist.gui.theme import S1, S2, S3
from acassist.gui.widgets import Card, SelectableText, Text, column

if TYPE_CHECKING:
    from acassist.gui.setup.wizard import SetupWizard

_DEBOUNCE_MS = 400
_K = SelectionKind
_CHOICES: dict[SObject, dict[SelectionKind, tuple[str, str]]] = {
    SObject.LEAD: {
        _K.NONE: (N_("Not using leads"), N_("No lead is sent to ActiveCampaign.")),
        _K.NEW: (
            N_("All leads created from this point forward"),
            N_("Every lead that is created in Salesforce after this step is finished."),
        ),
        _K.MARKED: (
            N_("Leads marked via Process Builder or other custom method"),
            N_("Every lead whose field ActiveCampaign Sync Status says Waiting for next sync."),
        ),
        _K.CRITERIA: (
            N_("Only leads that match certain criteria"),
            N_("Every lead that meets the conditions below."),
        ),
    },
    SObject.CONTACT: {
        _K.NONE: (N_("Not using contacts"), N_("No contact is sent to ActiveCampaign.")),
        _K.NEW: (
            N_("All contacts created from this point forward"),
            N_("Every contact that is created in Salesforce after this step is finished."),
        ),
        _K.MARKED: (
            N_("Contacts marked via Process Builder or other custom method"),
            N_("Every contact whose field ActiveCampaign Sync Status says Waiting for next sync."),
        ),
        _K.CRITERIA: (
            N_("Only contacts that match certain criteria"),
            N_("Every contact that meets the conditions below."),
        ),
    },
}


class SelectionPage(StepPage):
    """Four choices; the fourth opens the criteria editor with a live count and the WHERE clause."""

    def __init__(self, wizard: SetupWizard, page: Page) -> None:
        self.sobject = SObject.LEAD if page is Page.LEAD_SELECTION else SObject.CONTACT
        leads = self.sobject is SObject.LEAD
        super().__init__(
            wizard,
            page,
            tr("Choose which leads are sent to ActiveCampaign.")
            if leads
            else tr("Choose which contacts are sent to ActiveCampaign."),
        )
        self._count_call: Call | None = None
        self._loaded = False
        self.choices: dict[SelectionKind, QRadioButton] = {}
        self._group = QButtonGroup(self)
        card = Card(spacing=S3)
        for kind, (title, text) in _CHOICES[self.sobject].items():
            card.body.addWidget(self._choice(kind, tr(title), tr(text)))
        self.body.addWidget(card)
        self.editor_card = self._editor()
        self.body.addWidget(self.editor_card)
        self.body.addStretch(1)
        self._group.idToggled.connect(self._chosen)
        self._timer = QTimer(self, singleShot=True, interval=_DEBOUNCE_MS)
        self._timer.timeout.connect(self._count)

    def _choice(self, kind: SelectionKind, title: str, text: str) -> QWidget:
        choice = Choice(title, text)
        self._group.addButton(choice.button, list(SelectionKind).index(kind))
        self.choices[kind] = choice.button
        if kind is SelectionKind.MARKED:
            self._marked_note = choice.note
        return choice

    def _editor(self) -> Card:
        card = Card(spacing=S3)
        card.body.addWidget(Text(tr("Conditions"), "section"))
        self.editor = CriteriaEditor()
        self.editor.changed.connect(self._edited)
        card.body.addWidget(self.editor)
        self.count = Text("", "strong")
        self.soql = SelectableText("", "code")
        self.soql.setAccessibleName(tr("The conditions as SOQL"))
        self._problem = Text("", "bad")
        box = column(spacing=S1 + S2)
        for part in (self.count, self.soql, self._problem):
            box.addWidget(part)
            part.hide()
        card.body.addLayout(box)
        card.hide()
        return card

    # -- content
    @property
    def selection(self) -> Selection:
        """Return the selection that the flow holds."""
        return self.flow.draft.outbound.for_object(self.sobject)

    def activate(self) -> None:
        sobject = self.sobject
        self._render()
        self.bridge.call(lambda a: a.marked_blocked(sobject), self._show_marked, self.show_problem, owner=self)
        if not self._loaded:
            self.bridge.call(lambda a: a.selection_fields(sobject), self._show_fields, self.show_problem, owner=self)

    def _render(self) -> None:
        self._group.blockSignals(True)
        self.choices[self.selection.kind].setChecked(True)
        self._group.blockSignals(False)
        self.editor_card.setVisible(self.selection.kind is SelectionKind.CRITERIA)

    def _show_marked(self, missing: str | None) -> None:
        allowed = missing is None
        button = self.choices[SelectionKind.MARKED]
        button.setEnabled(allowed or button.isChecked())
        if missing is not None:
            reason = tr("The field {field} does not exist in this org yet.", field=missing)
            self._marked_note.setText(reason)
            name(button, button.accessibleName(), reason)

    def _show_fields(self, choices: MappingChoices) -> None:
        self._loaded = True
        self.editor.set_fields(choices.sf_fields)
        self.editor.show_criteria(self.selection.criteria)
        if self.selection.kind is SelectionKind.CRITERIA:
            self._timer.start()

    def first_field(self) -> QWidget:
        return self.choices[self.selection.kind]

    # -- changes
    def _hand_in(self, selection: Selection) -> None:
        outbound = self.flow.draft.outbound
        changed = (
            replace(outbound, lead=selection) if self.sobject is SObject.LEAD else replace(outbound, contact=selection)
        )
        self.change(self.flow.with_draft(replace(self.flow.draft, outbound=changed)))

    def _chosen(self, index: int, checked: bool) -> None:
        if not checked:
            return
        kind = list(SelectionKind)[index]
        self._hand_in(replace(self.selection, kind=kind))
        self.editor_card.setVisible(kind is SelectionKind.CRITERIA)
        if kind is SelectionKind.CRITERIA:
            if not self.editor.rows and self._loaded:
                self.editor.add_condition()
            self._timer.start()

    def _edited(self) -> None:
        self._problem.hide()
        self._hand_in(replace(self.selection, criteria=self.editor.criteria()))
        self._timer.start()

    # -- count
    def _count(self) -> None:
        if self._count_call is not None:
            self._count_call.cancel()
        self.count.show()
        if not self.editor.rows or self.editor.incomplete is not None:
            self.count.setText(tr("Complete the conditions to count the records."))
            self.soql.hide()
            return
        self.count.setText(tr("Counting…"))
        sobject, selection = self.sobject, self.selection

        async def ask(assistant: AssistantPort) -> tuple[str, int]:
            clause = await assistant.selection_soql(sobject, selection)
            return clause, await assistant.count_selection(sobject, selection)

        self._count_call = self.bridge.call(ask, self._counted, self._uncounted, owner=self)

    def _counted(self, answer: tuple[str, int]) -> None:
        clause, count = answer
        self._count_call = None
        if self.sobject is SObject.LEAD:
            self.count.setText(tr_n("{n} lead matches right now.", "{n} leads match right now.", count))
        else:
            self.count.setText(tr_n("{n} contact matches right now.", "{n} contacts match right now.", count))
        self.soql.setText(clause)
        self.soql.setVisible(bool(clause))

    def _uncounted(self, problem: Problem) -> None:
        self._count_call = None
        self.count.setText(tr("The records could not be counted."))
        self._problem.setText(message(problem.sentence))
        self._problem.show()

    # -- leaving
    def leaving(self) -> bool:
        if self.selection.kind is not SelectionKind.CRITERIA:
            return True
        line = self.editor.incomplete
        if line is None:
            return True
        line.point_out()
        return False

    def refuse(self, obstacle: Message) -> None:
        self._point_out(message(obstacle))
        self.editor.add.setFocus()

    def _point_out(self, sentence: str) -> None:
        self._problem.setText(sentence)
        self._problem.show()
        self.area.ensureWidgetVisible(self._problem)
