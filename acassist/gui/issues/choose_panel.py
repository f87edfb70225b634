"""Which panel goes with which cause."""

from __future__ import annotations

from collections.abc import Callable

from acassist.assistant.value_edits import EDITABLE
from acassist.domain.problem_codes import ProblemCode
from acassist.gui.bridge import Bridge
from acassist.gui.issues.broken_panel import BrokenPanel
from acassist.gui.issues.conflict_panel import ConflictPanel, TwinPanel
from acassist.gui.issues.duplicate_panel import AccountPanel, DuplicatePanel
from acassist.gui.issues.edit_panel import EditPanel
from acassist.gui.issues.panels import Panel, account_move_panel, looked_panel, opt_out_panel

_MAKERS: dict[ProblemCode, Callable[[Bridge], Panel]] = {
    ProblemCode.CONFLICT: ConflictPanel,
    ProblemCode.TWIN_EDIT: TwinPanel,
    ProblemCode.DUPLICATE: DuplicatePanel,
    ProblemCode.AC_GONE: BrokenPanel,
    ProblemCode.SF_GONE: BrokenPanel,
    ProblemCode.ACCOUNT_AMBIGUOUS: AccountPanel,
    ProblemCode.ACCOUNT_MOVE: account_move_panel,
    ProblemCode.OPT_OUT_CLEARED: opt_out_panel,
    ProblemCode.SEND_UNKNOWN: looked_panel,
    ProblemCode.ENTER_UNKNOWN: looked_panel,
}
DECIDED = frozenset(_MAKERS)
"""Causes that no retry mends: a person decides."""


def panel_for(code: ProblemCode, bridge: Bridge) -> Panel | None:
    """Return the panel of a cause that a person decides or corrects, None for those that only wait or are retried."""
    make = _MAKERS.get(code) or (EditPanel if code in EDITABLE else None)
    return make(bridge) if make is not None else None
