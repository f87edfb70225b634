"""Problems that concern the whole program, shown inside the window above the page."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from acassist.domain.problem import Problem, ProblemCode
from acassist.domain.profile import Step
from acassist.gui.strings import tr
from acassist.gui.theme import S3
from acassist.gui.widgets import ProblemBanner, column

_CONNECTION_CODES = {
    ProblemCode.AC_ACCOUNT_WRONG,
    ProblemCode.AC_KEY_REFUSED,
    ProblemCode.SF_RECONNECT,
    ProblemCode.SF_LOGIN_DENIED,
    ProblemCode.SF_CLIENT_ID,
    ProblemCode.SF_NO_API,
    ProblemCode.SECRET_MISSING,
    ProblemCode.OTHER_ORG,
    ProblemCode.OTHER_ACCOUNT,
}
_MAPPING_CODES = {ProblemCode.MAPPING_INVALID}


class Alerts(QWidget):
    """Shows the latest problem until it is dismissed, with a button that leads to the remedy."""

    follow = Signal(str, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        box = column(self, margins=(0, S3, 0, 0))
        self._banner = ProblemBanner(closable=True)
        self._step: Step | None = None
        self._remedy = self._banner.add_action(tr("Open"), self._open)
        self._banner.dismissed.connect(self.hide)
        box.addWidget(self._banner)
        self.hide()

    @property
    def problem(self) -> Problem | None:
        """Return what is shown."""
        return self._banner.problem

    def show_problem(self, problem: Problem) -> None:
        """Show a problem; the newest replaces the one before."""
        self.show()
        self._step = _step_for(problem)
        self._remedy.setVisible(self._step is not None)
        if self._step is Step.CONNECTIONS:
            self._remedy.setText(tr("Open System connections"))
        elif self._step is Step.MAPPING:
            self._remedy.setText(tr("Open Dynamic field mapping"))
        self._banner.show_problem(problem, focus=False)

    def dismiss(self) -> None:
        """Take the alert away."""
        self._banner.dismiss()

    def _open(self) -> None:
        self.follow.emit("setup", self._step)
        self.dismiss()


def _step_for(problem: Problem) -> Step | None:
    if problem.code in _CONNECTION_CODES:
        return Step.CONNECTIONS
    return Step.MAPPING if problem.code in _MAPPING_CODES else None
