"""Shows why the program could not start, when there is no window yet to show it in."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox

from acassist.domain.problem import Problem
from acassist.domain.text import N_
from acassist.gui.strings import Translator


def show_start_problem(problem: Problem, translator: Translator) -> None:
    """Show a problem and wait until it was read; needs the application object, whose loop does not run yet."""
    box = QMessageBox()
    box.setWindowTitle(translator.text(N_("ActiveCampaign Setup Assistant")))
    box.setIcon(QMessageBox.Icon.Warning)
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setText(translator.message(problem.title))
    box.setInformativeText(f"{translator.message(problem.sentence)}\n\n{translator.message(problem.next_step)}")
    box.exec()
