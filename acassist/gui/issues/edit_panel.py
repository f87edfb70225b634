"""Correcting a value where that is the remedy: both sides as they are now, one input that fits, save to either side."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from PySide6.QtWidgets import QWidget

from acassist.assistant.facade import AssistantPort
from acassist.assistant.value_edits import Edit, EditableValue, InputKind
from acassist.assistant.views import ActionResult
from acassist.domain.ids import Service
from acassist.domain.ledger import Issue
from acassist.domain.problem import Problem
from acassist.domain.problem_codes import ProblemCode
from acassist.gui.accessibility import name
from acassist.gui.bridge import Bridge, Call
from acassist.gui.issues.panels import Panel
from acassist.gui.issues.sides import SideBySide, ValueBox
from acassist.gui.issues.value_input import ValueInput
from acassist.gui.strings import message, number, tr, tr_n
from acassist.gui.theme import S2
from acassist.gui.widgets import BusyButton, Combo, Labelled, Text
from acassist.gui.widgets.flow import FlowLayout
from acassist.gui.widgets.layout import column


class EditPanel(Panel):
    """Reads both sides when an issue is chosen; saving syncs the record at once."""

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(bridge, parent)
        self._call: Call | None = None
        self.fields: tuple[EditableValue, ...] = ()
        self.words = Text("", "muted")
        self.which = Combo()
        name(self.which, tr("Field"))
        self.which.currentIndexChanged.connect(self._show_field)
        self.sides = SideBySide(
            {"salesforce": ValueBox(tr("Salesforce now")), "activecampaign": ValueBox(tr("ActiveCampaign now"))}
        )
        self.input = ValueInput()
        self.line = Labelled(tr("New value"), self.input)
        self.to_salesforce = BusyButton(tr("Save to Salesforce"), self._save_salesforce, kind="")
        self.to_activecampaign = BusyButton(tr("Save to ActiveCampaign"), self._save_activecampaign, kind="")
        self.buttons = [self.to_salesforce, self.to_activecampaign]
        self.body.addWidget(self.words)
        self.body.addWidget(self._make_form())
        self.input.changed.connect(self._edited)
        self.input.submitted.connect(self._submit)

    def _make_form(self) -> QWidget:
        self.form = QWidget()
        self.form.setProperty("kind", "clear")
        box = column(self.form, spacing=S2)
        self.save_row = FlowLayout(spacing=S2)
        for part in (self.which, self.sides, self.line):
            box.addWidget(part)
        box.addLayout(self.save_row)
        return self.form

    # -- content
    def show_issue(self, issue: Issue, same: Sequence[Issue]) -> None:
        """Read the values of an issue; what is being typed stays while it is the same one."""
        known = self.issue
        super().show_issue(issue, same)
        if known is None or known.id != issue.id or known.last_seen != issue.last_seen or not self.fields:
            self.reload()

    def reload(self) -> None:
        """Read both sides again."""
        issue = self.issue
        if issue is None:
            return
        self.form.hide()
        self.words.setText(tr("Reading the values…"))
        self.words.show()
        if self._call is not None:
            self._call.cancel()

        async def read(assistant: AssistantPort) -> tuple[EditableValue, ...]:
            return await assistant.decisions.editable(issue.id)

        self._call = self._bridge.call(read, self._show, self._not_read, owner=self)

    def _not_read(self, problem: Problem) -> None:
        self._call = None
        self.words.setText(tr("The values could not be read."))
        self.failed.emit(problem)

    def _show(self, fields: tuple[EditableValue, ...]) -> None:
        self._call = None
        self.fields = fields
        self.words.setText(tr("This value cannot be corrected here. Correct it where it was typed, then press Retry."))
        self.words.setVisible(not fields)
        self.form.setVisible(bool(fields))
        self.which.blockSignals(True)
        self.which.clear()
        for field in fields:
            self.which.addItem(field.label, field.key)
        self.which.blockSignals(False)
        self.which.setVisible(len(fields) > 1)
        if fields:
            self._show_field()

    @property
    def field(self) -> EditableValue | None:
        """Return the field that is offered."""
        place = self.which.currentIndex()
        return self.fields[place] if 0 <= place < len(self.fields) else None

    def _show_field(self, _place: int = 0) -> None:
        field = self.field
        if field is None:
            return
        self.line.accept()
        self.line.label.setText(tr("New value of {field}", field=field.label))
        for key, side in (("salesforce", field.salesforce), ("activecampaign", field.activecampaign)):
            self.sides.boxes[key].show_value(_shown(field, side.value), message(side.refusal) if side.refusal else "")
        self.input.show_field(field, field.side(field.wrong).value)
        self._order(field)
        self._edited()

    def _order(self, field: EditableValue) -> None:
        """Put the side whose value is wrong first: that is where the remedy saves."""
        buttons = {Service.SALESFORCE: self.to_salesforce, Service.ACTIVECAMPAIGN: self.to_activecampaign}
        while self.save_row.count():
            self.save_row.takeAt(0)
        for side in sorted(buttons, key=lambda s: s is not field.wrong):
            button, refusal = buttons[side], field.side(side).refusal
            button.make("primary" if side is field.wrong else "")
            button.setVisible(refusal is None)
            self.save_row.addWidget(button)
        first = buttons[field.wrong]
        chain = [*self.input.parts, first, next(b for b in buttons.values() if b is not first)]
        for before, after in pairwise(chain):
            QWidget.setTabOrder(before, after)

    def _edited(self) -> None:
        field = self.field
        if field is None:
            return
        self.line.accept()
        hint = ""
        if field.length:
            hint = tr_n(
                "{n} character; Salesforce takes {limit}.",
                "{n} characters; Salesforce takes {limit}.",
                len(self.input.value or ""),
                limit=number(field.length),
            )
        elif field.kind is InputKind.NUMBER:
            hint = tr("Digits only, with a point before the decimals, for example 1234.50.")
        self.line.set_hint(hint)

    # -- saving
    def _save_salesforce(self) -> None:
        self._save(Service.SALESFORCE, self.to_salesforce)

    def _save_activecampaign(self) -> None:
        self._save(Service.ACTIVECAMPAIGN, self.to_activecampaign)

    def _submit(self) -> None:
        field = self.field
        if field is None or self._call is not None:
            return
        button = self.to_salesforce if field.wrong is Service.SALESFORCE else self.to_activecampaign
        if button.isVisible() and button.isEnabled():
            button.click()

    def _save(self, side: Service, button: BusyButton) -> None:
        issue, field = self.issue, self.field
        if issue is None or field is None:
            return
        self.line.accept()
        edit = Edit(field.key, side, self.input.value, field.side(side).value)
        self.decide(button, lambda d: d.edit_value(issue.id, edit), "")

    def _done(self, answer: object) -> None:
        self._calm()
        if isinstance(answer, ActionResult):
            if answer.done:
                self.fields = ()
                self.decided.emit(message(answer.sentence))
            else:
                self.line.refuse(message(answer.sentence))

    def _not_done(self, problem: Problem) -> None:
        """Say next to the input why the value was not saved."""
        self._calm()
        if problem.code is ProblemCode.VALUE_MOVED:
            self.reload()
            self.failed.emit(problem)
        else:
            self.line.refuse(message(problem.sentence))


def _shown(field: EditableValue, value: str | None) -> str | None:
    """Write a value as people call it."""
    if field.kind is InputKind.YES_NO and value in ("true", "false"):
        return tr("Yes") if value == "true" else tr("No")
    if field.kind is InputKind.CHOICES and value:
        return ", ".join(value.split(";"))
    labels = {option.value: option.label for option in field.options}
    return labels.get(value or "", value)
