"""Issues grouped by cause, the causes that stop the most records first; knows no widgets."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from acassist.domain.ledger import Issue
from acassist.domain.problem import Problem
from acassist.domain.problem_codes import ProblemCode
from acassist.domain.text import Message
from acassist.gui.strings import tr

_KNOWN = {"HasOptedOutOfEmail": "Email Opt Out"}
"""Labels of Salesforce fields that no mapping names."""

_ADDRESS = frozenset(
    {
        ProblemCode.NO_EMAIL,
        ProblemCode.INVALID_EMAIL,
        ProblemCode.SF_BAD_EMAIL,
        ProblemCode.AC_EMAIL_TAKEN,
        ProblemCode.AC_IMPORT_FAILED,
        ProblemCode.DUPLICATE,
    }
)
"""Causes that are about the address, whatever service told of them."""


@dataclass(frozen=True, slots=True)
class IssueGroup:
    """All issues with one cause."""

    code: ProblemCode
    issues: tuple[Issue, ...]

    @property
    def title(self) -> Message:
        return problem_of(self.issues[0]).title

    @property
    def remedy(self) -> Message:
        return problem_of(self.issues[0]).next_step


def field_of(issue: Issue) -> str:
    """Name the field: the label the engine gave, else the readable half of the mapping key."""
    named = str(issue.values.get("field") or issue.field.rpartition("~")[2] or issue.values.get("fields") or "")
    if not named and issue.code in _ADDRESS:
        return tr("Email")
    return _KNOWN.get(named, named)


def name_of(issue: Issue) -> str:
    """Name the record; one without a name is called by its id."""
    if issue.name or issue.sf_id:
        return issue.name or str(issue.sf_id)
    return tr("Contact {id}", id=issue.ac_id) if issue.ac_id else issue.subject


def problem_of(issue: Issue) -> Problem:
    """Return the issue as a problem that can be put into words."""
    values = {"name": name_of(issue), "field": field_of(issue), **issue.values}
    return Problem(issue.code, subject=issue.subject, values=values, detail=issue.detail)


def grouped(issues: Iterable[Issue]) -> list[IssueGroup]:
    """Group by cause; larger groups first, then the older one."""
    found: dict[ProblemCode, list[Issue]] = {}
    for issue in issues:
        found.setdefault(issue.code, []).append(issue)
    groups = [IssueGroup(code, tuple(members)) for code, members in found.items()]
    return sorted(groups, key=lambda group: (-len(group.issues), group.code.value))
