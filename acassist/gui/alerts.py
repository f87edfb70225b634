"""Problems that concern the whole program, shown inside the window above the page."""

from __future__ import annotations

from dataclasses import dataclass

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
    ProblemCode.SF_LOGIN_FAILED,
    ProblemCode.SF_NO_API,
    ProblemCode.SECRET_MISSING,
    ProblemCode.OTHER_ORG,
    ProblemCode.OTHER_ACCOUNT,
}
_MAPPING_CODES = {ProblemCode.MAPPING_INVALID, ProblemCode.SF_FIELD_HIDDEN}
DECISIONS = {ProblemCode.PREVIEW_NEEDED, ProblemCode.BRAKE, ProblemCode.MAPPING_CHANGED}
"""Alerts that are answered on the Sync page, after its totals were looked at."""


@dataclass(frozen=True, slots=True)
class Remedy:
    """Where an alert leads: the words of its button, a place, and what to show there."""

    words: str
    place: str
    subject: object


_HOLDER_CODES = {ProblemCode.OTHER_INSTALLATION, ProblemCode.TAKE_OVER_NEEDED}
_STAYS = frozenset({ProblemCode.FILE_INVALID, ProblemCode.EXPORT_FAILED})
"""What no run has to do with: a good one says nothing about it."""


class Alerts(QWidget):
    """Shows the latest problem until it is dismissed, with a button that leads to the remedy."""

    follow = Signal(str, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        box = column(self, margins=(0, S3, 0, 0))
        self._banner = ProblemBanner(closable=True)
        self._lead: Remedy | None = None
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
        self._lead = remedy_for(problem)
        self._remedy.setVisible(self._lead is not None)
        if self._lead is not None:
            self._remedy.setText(self._lead.words)
        self._banner.show_problem(problem, focus=False)

    def settle(self) -> None:
        """Take away what a good run has settled: whatever stopped the one before is behind it then."""
        if self.problem is not None and self.problem.code not in _STAYS:
            self.dismiss()

    def dismiss(self) -> None:
        """Take the alert away."""
        self._banner.dismiss()

    def _open(self) -> None:
        lead = self._lead
        if lead is not None:
            self.dismiss()
            self.follow.emit(lead.place, lead.subject)


def remedy_for(problem: Problem) -> Remedy | None:
    """Return where a problem is mended, None where there is no such place in the window."""
    code = problem.code
    if code in _CONNECTION_CODES:
        return Remedy(tr("Open System connections"), "setup", Step.CONNECTIONS)
    if code in _MAPPING_CODES:
        return Remedy(tr("Open Dynamic field mapping"), "setup", Step.MAPPING)
    if code in DECISIONS:
        return Remedy(tr("Look and decide"), "sync", problem)
    if code in _HOLDER_CODES:
        return Remedy(tr("See who runs the sync"), "activecampaign", None)
    if code is ProblemCode.SF_QUOTA:
        return Remedy(tr("Open the limits"), "settings", "limits")
    return Remedy(tr("Open Sync"), "sync", None) if code is ProblemCode.RUN_OVERDUE else None
