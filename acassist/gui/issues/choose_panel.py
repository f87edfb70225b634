"""Which panel goes with which cause."""

from __future__ import annotations

from collections.abc import Callable

from acassist.domain.problem_codes import ProblemCode
from acassist.gui.bridge import Bridge
from acassist.gui.issues.conflict_panel import ConflictPanel
from acassist.gui.issues.duplicate_panel import DuplicatePanel
from acassist.gui.issues.panels import Panel, broken_panel, opt_out_panel, twin_panel

_MAKERS: dict[ProblemCode, Callable[[Bridge], Panel]] = {
    ProblemCode.CONFLICT: ConflictPanel,
    ProblemCode.DUPLICATE: DuplicatePanel,
    ProblemCode.TWIN_EDIT: twin_panel,
    ProblemCode.AC_GONE: broken_panel,
    ProblemCode.SF_GONE: broken_panel,
    ProblemCode.OPT_OUT_CLEARED: opt_out_panel,
}
DECIDED = frozenset(_MAKERS)
"""Causes that no retry mends: a person decides."""


def panel_for(code: ProblemCode, bridge: Bridge) -> Panel | None:
    """Return the panel of a cause that a person decides, None for the others."""
    make = _MAKERS.get(code)
    return make(bridge) if make is not None else None
