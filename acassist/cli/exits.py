"""Exit codes, documented in docs/command_line.md."""

from __future__ import annotations

from enum import IntEnum

from acassist.domain.ledger import RunState
from acassist.domain.problem import Problem, ProblemCode, exit_code_for
from acassist.domain.text import N_, Message


class Exit(IntEnum):
    """How a command ended."""

    DONE = 0
    FAULT = 1
    """A fault of this program."""
    USAGE = 2
    CONNECTION = 3
    """Connection, permission, quota or set-up."""
    RECORDS = 4
    """Some records failed, or a run was cancelled before all of them were done."""
    DECISION = 5
    BUSY = 6
    INTERRUPTED = 130
    """Ctrl+C outside a run, as shells name it."""


_OWN_CODES = {
    ProblemCode.CANCELLED: Exit.RECORDS,
    ProblemCode.FILE_INVALID: Exit.USAGE,
    ProblemCode.INTERNAL: Exit.FAULT,
}
_RUN_CODES = {RunState.DONE: Exit.DONE, RunState.PARTIAL: Exit.RECORDS, RunState.CANCELLED: Exit.RECORDS}


def exit_for_problem(problem: Problem) -> int:
    """Return the exit code of a problem."""
    own = _OWN_CODES.get(problem.code)
    return exit_code_for(problem) if own is None else own


def exit_for_run(state: RunState) -> int:
    """Return the exit code of a run that ended without a problem of its own."""
    return _RUN_CODES.get(state, Exit.CONNECTION)


class Refusal(Exception):
    """A command cannot be carried out as asked; shown like a problem. `code` is the stable name in JSON."""

    def __init__(self, code: str, sentence: Message, next_step: Message, exit_code: Exit) -> None:
        super().__init__(code)
        self.code = code
        self.sentence = sentence
        self.next_step = next_step
        self.exit_code = exit_code


def no_window_library(detail: str) -> Refusal:
    """Return why there can be no window: `detail` is what the import system said."""
    return Refusal(
        "no_window_library",
        Message(N_("The window cannot open, because PySide6 or a system library that it needs is missing.")),
        Message(N_("Run packaging/bootstrap.sh, or install what this names: {detail}"), {"detail": detail}),
        Exit.CONNECTION,
    )
