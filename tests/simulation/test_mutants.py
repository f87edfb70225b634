"""Every planted bug still fits the program; `python -m tests.simulation.mutants` plays them."""

from __future__ import annotations

import pytest

from tests.simulation.mutants import ROOT, Mutant, mutants


@pytest.mark.parametrize("mutant", mutants(), ids=lambda m: m.name)
def test_the_line_that_a_planted_bug_replaces_is_there_once(mutant: Mutant) -> None:
    text = (ROOT / "acassist" / "sync" / mutant.file).read_text()
    assert text.count(mutant.old) == 1
    assert mutant.old != mutant.new


def test_there_are_at_least_twenty_planted_bugs() -> None:
    assert len(mutants()) >= 20
