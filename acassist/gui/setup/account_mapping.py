"""Account field mapping: the switch, and the rule that a plan without accounts follows."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox

from acassist.assistant.setup.flow import Page
from acassist.assistant.views import MappingChoices
from acassist.domain.mapping import FieldMapping
from acassist.gui.accessibility import name
from acassist.gui.setup.field_mapping import FieldMappingPage
from acassist.gui.strings import tr
from acassist.gui.theme import S1, S2, S7
from acassist.gui.widgets import Card, Text, column

if TYPE_CHECKING:
    from acassist.gui.setup.wizard import SetupWizard


class AccountMappingPage(FieldMappingPage):
    """Shows rows only while the switch is on."""

    def __init__(self, wizard: SetupWizard, page: Page) -> None:
        super().__init__(wizard, page)
        card = Card(spacing=S2)
        self.switch = QCheckBox(tr("Salesforce account field mapping"))
        name(self.switch, self.switch.text())
        self._plan = Text("", "muted")
        card.body.addWidget(self.switch, 0, Qt.AlignmentFlag.AlignLeft)
        explained = column(margins=(S7 + S1, 0, 0, 0))
        explained.addWidget(self._plan)
        card.body.addLayout(explained)
        self.body.insertWidget(0, card)
        self.switch.toggled.connect(self._switched)

    @property
    def _one_only(self) -> bool:
        return self.choices is not None and self.choices.rows_allowed == 1

    def _show_choices(self, choices: MappingChoices) -> None:
        self.choices = choices
        self._state.hide()
        self.switch.blockSignals(True)
        self.switch.setChecked(self.flow.draft.mapping.accounts_on)
        self.switch.blockSignals(False)
        self.redraw()

    def redraw(self) -> None:
        super().redraw()
        on = self.switch.isChecked()
        self.tools.setVisible(on)
        self._plan.setText(self._plan_words(on))

    def _plan_words(self, on: bool) -> str:
        if self._one_only:
            return tr(
                "Your ActiveCampaign plan has no accounts. One contact field can be mapped to "
                "Account Name in Salesforce."
            )
        if on:
            return tr("Accounts are synced for people who belong to one. ActiveCampaign keeps one account per person.")
        return tr("Off: people are synced, their accounts are left alone.")

    def _switched(self, on: bool) -> None:
        mapping = replace(self.flow.draft.mapping, accounts_on=on)
        rows = mapping.account
        if on and self._one_only and (len(rows) != 1 or rows[0].ac_key == "name"):
            rows = (FieldMapping("", "Name"),)
        flow = self.flow.with_draft(replace(self.flow.draft, mapping=replace(mapping, account=rows)))
        self.change(flow)
        self.redraw()
        if on and self.rows:
            self.rows[0].ac.setFocus()

    def ac_keys(self) -> tuple[str, ...]:
        return tuple(f.key for f in self.choices.ac_fields) if self.choices is not None else ()

    def first_field(self) -> QCheckBox:
        return self.switch
