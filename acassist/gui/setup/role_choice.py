"""What the connected user is here for: setting up and running the sync, or seeing and using records only."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QWidget

from acassist.domain.profile import Role, SalesforceConnection
from acassist.gui.setup.choice import Choice
from acassist.gui.strings import tr
from acassist.gui.theme import S2, S4
from acassist.gui.widgets import Card, Text, column


class RoleChoice(Card):
    """Says that the user is a viewer, or lets somebody who may be both choose; hidden for everybody else."""

    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, padding=S4, spacing=S2)
        self.body.addWidget(Text(tr("Your role here"), "section"))
        self.sentence = Text("")
        self.body.addWidget(self.sentence)
        self.manager = Choice(
            tr("Set up and run the sync"), tr("The four steps, the schedule, records, issues and settings.")
        )
        self.viewer = Choice(
            tr("See and use records only"), tr("Records and CX Automation. This computer sets up and runs no sync.")
        )
        self._group = QButtonGroup(self)
        self.options = QWidget()
        box = column(self.options, spacing=S2)
        for choice in (self.manager, self.viewer):
            self._group.addButton(choice.button)
            box.addWidget(choice)
        self.body.addWidget(self.options)
        self._group.buttonClicked.connect(self._clicked)
        self.hide()

    def _clicked(self) -> None:
        self.chosen.emit(Role.VIEWER if self.viewer.button.isChecked() else Role.MANAGER)

    def show_roles(self, connection: SalesforceConnection, role: Role) -> None:
        """Show what the user may be, and what is chosen."""
        may_choose = len(connection.roles) > 1
        self.setVisible(may_choose or role is Role.VIEWER)
        self.options.setVisible(may_choose)
        (self.viewer if role is Role.VIEWER else self.manager).button.setChecked(True)
        values = {"user": connection.username}
        if may_choose:
            both = tr("{user} may set up the sync and also holds ActiveCampaign Standard User.", **values)
            self.sentence.setText(both)
            return
        self.sentence.setText(
            tr(
                "{user} holds ActiveCampaign Standard User: the program shows records and CX Automation. Setting up "
                "and running the sync stays with the person who does it today. Press Finish.",
                **values,
            )
        )
