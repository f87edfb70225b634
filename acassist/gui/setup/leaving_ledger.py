"""What becomes of links and history on this computer when one leaves: keep, export and delete, or delete."""

from __future__ import annotations

from enum import Enum, auto

from PySide6.QtWidgets import QButtonGroup, QWidget

from acassist.gui.setup.choice import Choice
from acassist.gui.strings import tr
from acassist.gui.theme import S3, S4
from acassist.gui.widgets import Card, Text


class Ledger(Enum):
    """What is done with what this computer knows of the linked people."""

    KEEP = auto()
    EXPORT = auto()
    DELETE = auto()


class LedgerCard(Card):
    """Three choices; keeping is chosen first."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, padding=S4, spacing=S3)
        self.body.addWidget(Text(tr("History on this computer"), "section"))
        self.choices = {
            Ledger.KEEP: Choice(
                tr("Keep links, history and issues"),
                tr("Reconnecting goes on where the sync ended. The settings stay."),
            ),
            Ledger.EXPORT: Choice(
                tr("Save them to a file, then delete them here"),
                tr("The file holds every link with the values last agreed on, the history and the open issues."),
            ),
            Ledger.DELETE: Choice(
                tr("Delete links, history, issues and copies"),
                tr(
                    "They cannot be brought back. A later connection finds the links again through the "
                    "ActiveCampaign ID in Salesforce, or by e-mail. The settings stay."
                ),
            ),
        }
        self._group = QButtonGroup(self)
        for choice in self.choices.values():
            self._group.addButton(choice.button)
            self.body.addWidget(choice)
        self.reset()

    @property
    def chosen(self) -> Ledger:
        """Return what is to be done."""
        return next(key for key, choice in self.choices.items() if choice.button.isChecked())

    def choose(self, ledger: Ledger) -> None:
        """Choose one as a person would."""
        self.choices[ledger].button.setChecked(True)

    def reset(self) -> None:
        """Choose keeping."""
        self.choose(Ledger.KEEP)
