"""Which changes of state may be told, and the kinds that a person switched off."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from acassist.domain.problem import Problem, ProblemCode

PREFERENCE = "alerts.off"
"""Name of the preference that lists the kinds switched off."""


class AlertKind(StrEnum):
    """One reason to tell that the state changed."""

    CONNECTION = "connection"
    QUOTA = "quota"
    DECISION = "decision"
    OVERDUE = "overdue"
    COPY = "copy"


_KINDS = {
    ProblemCode.SF_RECONNECT: AlertKind.CONNECTION,
    ProblemCode.SF_LOGIN_DENIED: AlertKind.CONNECTION,
    ProblemCode.SF_CLIENT_ID: AlertKind.CONNECTION,
    ProblemCode.SF_NO_API: AlertKind.CONNECTION,
    ProblemCode.SF_BUSY: AlertKind.CONNECTION,
    ProblemCode.SF_MAINTENANCE: AlertKind.CONNECTION,
    ProblemCode.AC_ACCOUNT_WRONG: AlertKind.CONNECTION,
    ProblemCode.AC_KEY_REFUSED: AlertKind.CONNECTION,
    ProblemCode.AC_BUSY: AlertKind.CONNECTION,
    ProblemCode.AC_DOWN: AlertKind.CONNECTION,
    ProblemCode.NO_NETWORK: AlertKind.CONNECTION,
    ProblemCode.TIMEOUT: AlertKind.CONNECTION,
    ProblemCode.SECRET_MISSING: AlertKind.CONNECTION,
    ProblemCode.SF_QUOTA: AlertKind.QUOTA,
    ProblemCode.BRAKE: AlertKind.DECISION,
    ProblemCode.PREVIEW_NEEDED: AlertKind.DECISION,
    ProblemCode.MAPPING_CHANGED: AlertKind.DECISION,
    ProblemCode.RUN_OVERDUE: AlertKind.OVERDUE,
    ProblemCode.DISK_FULL: AlertKind.COPY,
}


def kind_of(problem: Problem) -> AlertKind | None:
    """Return the kind of an alert; None for those that are always told, because data is at stake."""
    return _KINDS.get(problem.code)


def told(problem: Problem, off: Iterable[str]) -> bool:
    """Tell whether an alert is shown although these kinds are switched off."""
    kind = kind_of(problem)
    return kind is None or kind.value not in set(off)


def kinds_off(stored: object) -> tuple[str, ...]:
    """Read the preference; what is not a list of known kinds counts for nothing."""
    found = stored if isinstance(stored, list) else []
    return tuple(kind.value for kind in AlertKind if kind.value in found)
