"""A profile that is opened anew while the program runs, as after restoring a copy."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from acassist.__main__ import _engine
from acassist.assistant.container import Options
from acassist.assistant.engine_thread import EngineThread
from acassist.domain.problem import Problem, ProblemCode, ProblemError


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[EngineThread]:
    made = _engine(Options(tmp_path / "profile", in_memory_secrets=True), None)
    made.start().result(20)
    yield made
    made.stop()


async def _nothing_between(_assistant) -> Callable[[], None]:
    return lambda: None


def test_the_assistant_is_another_one_and_answers(engine):
    before = engine.assistant
    after = engine.reopen(_nothing_between).result(20)
    assert after is engine.assistant is not before
    assert engine.submit(lambda a: a.status()).result(20).steps_done == 0


def test_secrets_in_memory_outlive_it(engine):
    engine.submit(lambda a: a.session.vault.put("x", "y")).result(20)
    engine.reopen(_nothing_between).result(20)
    assert engine.submit(lambda a: a.session.vault.get("x")).result(20) == "y"


def test_what_cannot_be_prepared_changes_nothing(engine):
    before = engine.assistant

    async def refuse(_assistant) -> Callable[[], None]:
        raise ProblemError(Problem(ProblemCode.PROFILE_DAMAGED))

    with pytest.raises(ProblemError):
        engine.reopen(refuse).result(20)
    assert engine.assistant is before


def test_what_fails_while_it_is_closed_leaves_an_open_profile(engine):
    async def prepare(_assistant) -> Callable[[], None]:
        def fail() -> None:
            raise ProblemError(Problem(ProblemCode.DISK_FULL))

        return fail

    with pytest.raises(ProblemError):
        engine.reopen(prepare).result(20)
    assert engine.submit(lambda a: a.status()).result(20).steps_done == 0
