"""How the tests walk through the window."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit, QWidget, QWizard

from acassist.domain.profile import Step
from acassist.gui.setup.page import SetupPage
from acassist.gui.setup.wizard import SetupWizard

_BUTTONS = {
    "Back": QWizard.WizardButton.BackButton,
    "Next": QWizard.WizardButton.NextButton,
    "Finish": QWizard.WizardButton.FinishButton,
    "Cancel": QWizard.WizardButton.CancelButton,
}


def open_page(qtbot, bridge, settle: Callable[[], None]) -> SetupPage:
    """Show the place Setup."""
    page = SetupPage(bridge)
    qtbot.addWidget(page)
    page.resize(960, 700)
    page.show()
    page.activate()
    settle()
    return page


def open_wizard(qtbot, bridge, settle: Callable[[], None], step: Step) -> SetupWizard:
    """Open the wizard of a step in its place."""
    page = open_page(qtbot, bridge, settle)
    page.open_step(step)
    settle()
    wizard = page.wizard
    assert wizard is not None
    wizard.setup_page = page
    return wizard


def press(wizard: SetupWizard, button: str, settle: Callable[[], None]) -> None:
    """Press a wizard button and wait for what follows."""
    wizard.button(_BUTTONS[button]).click()
    settle()


def type_into(edit: QLineEdit, text: str) -> None:
    """Replace what a field holds, key by key."""
    edit.selectAll()
    edit.setFocus()
    QTest.keyClicks(edit, text)


def shown_text(widget: QWidget) -> str:
    """Return the words of all labels that can be seen."""
    return " ".join(label.text() for label in widget.findChildren(QLabel) if label.isVisible())
