"""The problem catalogue: every failure that a person may meet, in plain words."""

from __future__ import annotations

from acassist.domain.problem_codes import ProblemCode, ProblemText
from acassist.domain.problem_texts_backfill import BACKFILL_TEXTS
from acassist.domain.problem_texts_program import PROGRAM_TEXTS
from acassist.domain.problem_texts_services import SERVICE_TEXTS

__all__ = ["TEXTS", "ProblemCode", "ProblemText"]

TEXTS: dict[ProblemCode, ProblemText] = {**SERVICE_TEXTS, **PROGRAM_TEXTS, **BACKFILL_TEXTS}
