"""Every entry that the program writes to the audit log has words of its own."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import acassist
from acassist.assistant.session import dump
from acassist.assistant.upkeep import _walk
from acassist.domain.mapping import default_mapping
from acassist.domain.profile import CxSettings, OutboundSettings, Setup, Step
from acassist.domain.schedule import Schedule
from acassist.domain.selection import Criteria, Criterion, Operator, Selection, SelectionKind
from acassist.domain.sweeps import SweepKind
from acassist.gui.settings.words import event_words, setting_words, value_words

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


def stored() -> dict[str, str]:
    """Every value that a set-up with all its parts stores."""
    chosen = Selection(SelectionKind.CRITERIA, Criteria((Criterion("LastName", Operator.EQUALS, "Peña"),)))
    outbound = OutboundSettings(lead=chosen, contact=Selection(SelectionKind.NEW), schedule=Schedule())
    cx = CxSettings(enabled=True, automations=("1",))
    return dict(_walk(dump(Setup(mapping=default_mapping(), outbound=outbound, cx=cx)), ""))


_RAW = re.compile(r"[a-z]+_[a-z]+|(?:^|· )(?:lead|contact|account|kind|join|rows|direction|update|hour)(?: ·|$)")


@pytest.mark.parametrize("path", sorted(stored()))
def test_no_stored_name_is_left_in_the_words_of_a_setting(path):
    assert not _RAW.search(setting_words(path))


@pytest.mark.parametrize(
    ("path", "value", "words"),
    [
        ("outbound.lead.kind", "none", "None"),
        ("outbound.lead.criteria.join", "or", "at least one condition holds"),
        ("outbound.lead.criteria.rows.1.operator", "equals", "equals"),
        ("mapping.lead.phone~Phone.direction", "both", "Both directions"),
    ],
)
def test_stored_values_are_said_as_the_wizard_says_them(path, value, words):
    assert value_words(path, value) == words
