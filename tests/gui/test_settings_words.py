"""Every entry that the program writes to the audit log has words of its own."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import acassist
from acassist.domain.profile import Step
from acassist.domain.sweeps import SweepKind
from acassist.gui.settings.words import event_words

_WRITTEN = re.compile(r"""(?:\.audit\(|what=)\s*"([a-z_.]+)\"""")


def written() -> set[str]:
    root = Path(acassist.__file__).parent
    texts = (path.read_text("utf-8") for part in ("assistant", "sync") for path in (root / part).rglob("*.py"))
    return {name for text in texts for name in _WRITTEN.findall(text)}


def test_the_search_finds_what_is_written():
    assert {"limits", "import", "conflict", "restore"} <= written()


@pytest.mark.parametrize("what", sorted(written()))
def test_each_entry_is_named_in_words(what):
    assert event_words(what) != what


NAMED_APART = [*(f"step.{step}" for step in Step), *(f"sweep.allowance.{kind}" for kind in SweepKind)]


@pytest.mark.parametrize("what", NAMED_APART)
def test_entries_about_a_step_or_a_check_are_named_too(what):
    assert "." not in event_words(what)
