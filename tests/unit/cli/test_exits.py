import pytest

from acassist.cli.exits import exit_for_problem, exit_for_run
from acassist.domain.ledger import RunState
from acassist.domain.problem import Problem, ProblemCode


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        (ProblemCode.NO_NETWORK, 3),
        (ProblemCode.AC_KEY_REFUSED, 3),
        (ProblemCode.SF_NO_API, 3),
        (ProblemCode.KEYRING_LOCKED, 3),
        (ProblemCode.SETUP_INCOMPLETE, 3),
        (ProblemCode.CANCELLED, 4),
        (ProblemCode.SF_VALIDATION, 4),
        (ProblemCode.PREVIEW_NEEDED, 5),
        (ProblemCode.BRAKE, 5),
        (ProblemCode.MAPPING_CHANGED, 5),
        (ProblemCode.PROFILE_BUSY, 6),
        (ProblemCode.FILE_INVALID, 2),
        (ProblemCode.INTERNAL, 1),
    ],
)
def test_every_kind_of_problem_has_its_documented_exit_code(code: ProblemCode, expected: int) -> None:
    assert exit_for_problem(Problem(code)) == expected


@pytest.mark.parametrize(
    ("state", "expected"),
    [(RunState.DONE, 0), (RunState.PARTIAL, 4), (RunState.CANCELLED, 4), (RunState.STOPPED, 3)],
)
def test_a_run_ends_with_the_exit_code_of_its_state(state: RunState, expected: int) -> None:
    assert exit_for_run(state) == expected
