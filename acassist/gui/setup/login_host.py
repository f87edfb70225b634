"""Where to log in: production, sandbox, or the org's My Domain address."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QLabel, QLineEdit, QRadioButton, QWidget

from acassist.gui.accessibility import name
from acassist.gui.strings import tr
from acassist.gui.theme import S1, S4
from acassist.gui.widgets import Labelled, column, row

PRODUCTION = "https://login.salesforce.com"
SANDBOX = "https://test.salesforce.com"


class LoginHost(QWidget):
    """Three choices; the third takes an address."""

    edited = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        box = column(self, spacing=S1)
        box.addWidget(QLabel(tr("Where do you log in?")))
        self._choices = (
            QRadioButton(tr("Production")),
            QRadioButton(tr("Sandbox")),
            QRadioButton(tr("My Domain address")),
        )
        line = row(spacing=S4)
        self._group = QButtonGroup(self)
        for number, choice in enumerate(self._choices):
            name(choice, choice.text())
            self._group.addButton(choice, number)
            line.addWidget(choice)
        line.addStretch(1)
        box.addLayout(line)
        self.address = QLineEdit()
        self.address.setPlaceholderText("https://acme.my.salesforce.com")
        self._address = Labelled(
            tr("My Domain"), self.address, tr("In Salesforce: Setup > Company Settings > My Domain.")
        )
        box.addSpacing(S1)
        box.addWidget(self._address)
        self._choices[0].setChecked(True)
        self._address.hide()
        self._group.idToggled.connect(self._toggled)
        self.address.textEdited.connect(self._address_edited)

    @property
    def my_domain(self) -> QRadioButton:
        """Return the third choice."""
        return self._choices[2]

    def _toggled(self, _number: int, checked: bool) -> None:
        if checked:
            self._address.setVisible(self.my_domain.isChecked())
            self.edited.emit()

    def _address_edited(self) -> None:
        self._address.accept()
        self.edited.emit()

    def show_url(self, url: str) -> None:
        """Show the choice that stands for an address, without reporting a change."""
        index = {PRODUCTION: 0, SANDBOX: 1}.get(url, 2)
        self.blockSignals(True)
        self._choices[index].setChecked(True)
        self.blockSignals(False)
        if index == 2:
            self.address.setText(url)

    def url(self) -> str:
        """Return the address to log in at, without a trailing slash."""
        if not self.my_domain.isChecked():
            return SANDBOX if self._choices[1].isChecked() else PRODUCTION
        typed = self.address.text().strip().rstrip("/")
        return typed if "://" in typed or not typed else f"https://{typed}"

    def complete(self) -> bool:
        """Tell whether the choice can be used; says next to the address what is missing."""
        if self.my_domain.isChecked() and not self.url():
            self._address.refuse(tr("Enter the My Domain address of your org."))
            return False
        return True
