"""Sync defaults: stand-ins for required fields, opt-outs, and what new records set off."""

from __future__ import annotations

from PySide6.QtWidgets import QCheckBox, QLineEdit, QWidget

from acassist.assistant.views import Level
from acassist.domain.problem import Problem
from acassist.domain.profile import Defaults
from acassist.gui.bridge import Bridge
from acassist.gui.strings import tr
from acassist.gui.theme import S1, S2, S4, S7
from acassist.gui.widgets import BusyButton, Button, Card, Labelled, ProblemBanner, Text
from acassist.gui.widgets.layout import column, row


class DefaultsCard(Card):
    """Five values; they take effect with the next run."""

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._defaults = Defaults()
        self.last_name, self.company = QLineEdit(), QLineEdit()
        for edit in (self.last_name, self.company):
            edit.setMaxLength(80)
            edit.textChanged.connect(self._changed)
        self.body.addWidget(Text(tr("Sync defaults"), "section"))
        self.body.addWidget(
            Text(tr("Salesforce requires these two. Without a stand-in such people become an issue instead."), "muted")
        )
        line = row(spacing=S4)
        line.addWidget(Labelled(tr("Last &name where there is none"), self.last_name), 1)
        line.addWidget(Labelled(tr("&Company where there is none"), self.company), 1)
        self.body.addLayout(line)
        self.opt_out = self._switch(
            tr("Opt-outs flow both ways"),
            tr("Email Opt Out in Salesforce unsubscribes in ActiveCampaign, and the other way round. Keep this on."),
        )
        self.automations = self._switch(
            tr("New contacts start automations"),
            tr("People created by the sync enter the automations that wait for new contacts."),
        )
        self.assign = self._switch(
            tr("New leads follow assignment rules"),
            tr("Leads created in Salesforce go to the owner that your active assignment rule names."),
        )
        self.outcome = ProblemBanner(closable=True)
        self.save, self.revert = BusyButton(tr("Save defaults"), self._save), Button(tr("Revert"), self._revert)
        foot = row(spacing=S2)
        foot.addWidget(self.save)
        foot.addWidget(self.revert)
        foot.addStretch(1)
        self.body.addWidget(self.outcome)
        self.body.addLayout(foot)
        self._revert()

    def _switch(self, text: str, meaning: str) -> QCheckBox:
        box = QCheckBox(text)
        box.setAccessibleDescription(meaning)
        box.toggled.connect(self._changed)
        lines = column(spacing=S1)
        lines.addWidget(box)
        words = Text(meaning, "muted")
        words.setContentsMargins(S7, 0, 0, 0)
        lines.addWidget(words)
        self.body.addLayout(lines)
        return box

    @property
    def typed(self) -> Defaults:
        """Return what the fields say."""
        return Defaults(
            self.last_name.text().strip(),
            self.company.text().strip(),
            sync_opt_out=self.opt_out.isChecked(),
            run_automations=self.automations.isChecked(),
            auto_assign=self.assign.isChecked(),
        )

    @property
    def changed(self) -> bool:
        """Tell whether the fields differ from what is in effect."""
        return self.typed != self._defaults

    def show_defaults(self, defaults: Defaults) -> None:
        """Show the defaults in effect; what is being typed stays."""
        if self.changed and defaults == self._defaults:
            return
        self._defaults = defaults
        self._revert()

    def _revert(self) -> None:
        found = self._defaults
        self.last_name.setText(found.last_name)
        self.company.setText(found.company)
        self.opt_out.setChecked(found.sync_opt_out)
        self.automations.setChecked(found.run_automations)
        self.assign.setChecked(found.auto_assign)
        self._changed()

    def _changed(self, _value: object = None) -> None:
        if not hasattr(self, "save"):
            return
        self.save.allow(self.changed, tr("Nothing was changed."))
        self.revert.setVisible(self.changed)

    def _save(self) -> None:
        defaults = self.typed
        self.save.set_busy(True, tr("Saving…"))
        self._bridge.call(lambda a: a.desk.set_defaults(defaults), self._saved, self._failed, owner=self)

    def _saved(self, _answer: object) -> None:
        self._defaults = self.typed
        self.save.set_busy(False)
        self._changed()
        self.outcome.show_note(Level.OK, tr("Saved"), tr("The defaults hold from the next run on."), focus=True)

    def _failed(self, problem: Problem) -> None:
        self.save.set_busy(False)
        self._changed()
        self.outcome.show_problem(problem)
