"""Links that open a record: what counts as one, and what never does."""

from __future__ import annotations

import pytest

from acassist.domain.ids import SObject, to18
from acassist.domain.record_link import is_link, linked_record

LEAD = "00Q5e000001AbCd"


@pytest.mark.parametrize(
    "text",
    [f"acassist://record/{LEAD}", f"acassist://record/{to18(LEAD)}", f"ACASSIST://record/{LEAD}/", f" acassist://record/{LEAD}"],
)  # fmt: skip
def test_a_link_to_a_lead_gives_its_18_character_id(text: str) -> None:
    assert linked_record(text) == (SObject.LEAD, to18(LEAD))


def test_a_link_to_a_contact_is_told_apart() -> None:
    assert linked_record("acassist://record/0035e000001AbCdEAA") == (SObject.CONTACT, "0035e000001AbCdEAA")


@pytest.mark.parametrize(
    "text",
    [
        "acassist://record/0015e000001AbCdEAA",
        "acassist://sync/now",
        f"acassist://record/{LEAD}/delete",
        f"acassist://record/{LEAD}?do=delete",
        f"acassist://record/{LEAD}\nshow",
        "acassist://record/00Q5e0000'OR1=1",
        "acassist://record/" + "0" * 5000,
        f"https://record/{LEAD}",
        "",
    ],
)
def test_anything_else_is_no_record(text: str) -> None:
    assert linked_record(text) is None


def test_only_this_programs_scheme_is_meant_for_it() -> None:
    assert is_link("acassist://record/x")
    assert not is_link("status")
    assert not is_link("https://acassist.example")
