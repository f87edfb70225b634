"""Failures as data: code, title, one sentence, next step, subject, retry rule (house 7)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from acassist.domain.ids import Service
from acassist.domain.problem_texts import TEXTS, ProblemCode, ProblemText
from acassist.domain.text import Message

__all__ = ["Problem", "ProblemCode", "ProblemError", "ProblemText", "Reaction", "exit_code_for"]


class Reaction(StrEnum):
    """What a failure does to a run."""

    STOP = "stop"
    """Connection, permission, quota, identity: the run stops cleanly and says when it goes on."""
    ISSUE = "issue"
    """One record: it becomes an issue, the run goes on."""
    RETRY = "retry"
    """Passing trouble: tried again with backoff where that is safe."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One failure, made at the boundary, shown by one place.

    `subject` names the record, field or file; `detail` is redacted technical text; `retry_after` is in seconds;
    `ambiguous` is True when a request may have been carried out although its answer was lost.
    """

    code: ProblemCode
    subject: str = ""
    values: Mapping[str, object] = field(default_factory=dict)
    detail: str = ""
    service: Service | None = None
    retry_after: float | None = None
    ambiguous: bool = False

    @property
    def text(self) -> ProblemText:
        """Return the catalogue entry of this code."""
        return TEXTS[self.code]

    @property
    def title(self) -> Message:
        """Return the title to show."""
        return Message(self.text.title, self.values)

    @property
    def sentence(self) -> Message:
        """Return what happened and what it means for the data."""
        return Message(self.text.sentence, self.values)

    @property
    def next_step(self) -> Message:
        """Return what to do next."""
        return Message(self.text.next_step, self.values)

    @property
    def reaction(self) -> Reaction:
        """Return what this failure does to a run."""
        return Reaction(self.text.reaction)

    def about(self, subject: str) -> Problem:
        """Return the same problem with its subject filled in."""
        return replace(self, subject=subject)


class ProblemError(Exception):
    """Carries a `Problem` up to the place that handles it; its text holds the code only, never data."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.code.value)
        self.problem = problem


_PERSON_CODES = {
    ProblemCode.PREVIEW_NEEDED,
    ProblemCode.BRAKE,
    ProblemCode.CANARY_DIFFERS,
    ProblemCode.BACKFILL_UNFINISHED,
    ProblemCode.MAPPING_CHANGED,
    ProblemCode.TAKE_OVER_NEEDED,
    ProblemCode.OTHER_INSTALLATION,
    ProblemCode.PACKAGE_PRESENT,
    ProblemCode.CONFIRM_PRODUCTION,
    ProblemCode.CONFIRM_LEAVE,
}


def exit_code_for(problem: Problem) -> int:
    """Translate a problem into the documented exit code (3 connection or permission, 5 decision, 6 busy profile)."""
    if problem.code is ProblemCode.PROFILE_BUSY:
        return 6
    if problem.code in _PERSON_CODES:
        return 5
    return 4 if problem.reaction is Reaction.ISSUE else 3
