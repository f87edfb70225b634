"""The checker must notice each kind of damage, and must be silent when all is well."""

import ast
import copy
from pathlib import Path
from typing import Any

import pytest

from acassist.sandbox.control import world_state
from tests.sandbox import in_process
from tests.simulation.checker import Excuses, Link, Mapped, agree, check

MAPPING = {
    "Lead": (
        Mapped("firstName", "FirstName"),
        Mapped("email", "Email", "email"),
        Mapped("field:1", "Budget", "number"),
    ),
}
LEAD = "00Q000000000001AAA"


def world() -> dict[str, Any]:
    """One lead linked with one contact, everything in order."""
    lead = {"Id": LEAD, "FirstName": "Ann", "Email": "Ann@x.example", "Budget": 1234.5, "HasOptedOutOfEmail": False,
            "ActiveCampaign_ID__c": "7"}  # fmt: skip
    contact = {"id": "7", "email": "ann@x.example", "firstName": "Ann", "fieldValues": {"1": "$1,234.50"},
               "lists": {"1": 1, "2": 2}, "tags": [], "account": None}  # fmt: skip
    return {
        "salesforce": {"Lead": [lead], "Contact": [], "Account": []},
        "activecampaign": {"contacts": [contact], "accounts": []},
    }


def found(before: dict[str, Any], after: dict[str, Any], excuses: Excuses | None = None) -> list[tuple[str, str]]:
    return [(finding.invariant, finding.subject) for finding in check(before, after, MAPPING, excuses)]


def test_a_good_world_has_no_findings() -> None:
    assert found(world(), world()) == []


def test_a_pair_that_differs_is_found_unless_an_issue_names_it() -> None:
    after = world()
    after["activecampaign"]["contacts"][0]["fieldValues"]["1"] = "$1,234.51"
    assert found(world(), after) == [("converged", LEAD)]
    for name in (LEAD, "ac:7", "ann@x.example"):
        assert found(world(), after, Excuses(issues=[name])) == []


def test_a_link_with_one_end_needs_an_issue() -> None:
    after = world()
    after["activecampaign"]["contacts"].clear()
    assert ("converged", LEAD) in found(world(), after)
    assert found(world(), after, Excuses(issues=[LEAD], others=["ac:7"])) == []


def test_links_may_come_from_the_ledger_instead() -> None:
    state = world()
    del state["salesforce"]["Lead"][0]["ActiveCampaign_ID__c"]
    state["salesforce"]["Lead"][0]["FirstName"] = "Bob"
    findings = check(state, state, MAPPING, links=[Link("Lead", LEAD, "7")])
    assert [finding.what for finding in findings] == ["FirstName and firstName differ"]


def test_a_second_contact_for_a_renamed_one_is_a_duplicate() -> None:
    after = world()
    after["activecampaign"]["contacts"][0]["email"] = "new@x.example"
    after["salesforce"]["Lead"][0]["Email"] = "new@x.example"
    back = copy.deepcopy(world()["activecampaign"]["contacts"][0]) | {"id": "8"}
    after["activecampaign"]["contacts"].append(back)
    assert found(world(), after) == [("no duplicate", "ann@x.example")]
    assert found(world(), after, Excuses(others=["ac:8"])) == []


def test_a_second_lead_for_an_address_is_a_duplicate() -> None:
    after = world()
    after["salesforce"]["Lead"].append({"Id": "00Q2", "Email": "ANN@x.example"})
    assert found(world(), after) == [("no duplicate", "ann@x.example")]


def test_two_leads_that_name_one_contact_are_found() -> None:
    state = world()
    twin = state["salesforce"]["Lead"][0] | {"Id": "00Q2"}
    state["salesforce"]["Lead"].append(twin)
    assert ("no duplicate", "ac:7") in found(state, state)


def test_a_cleared_opt_out_is_found_unless_a_person_cleared_it() -> None:
    before = world()
    before["salesforce"]["Lead"][0]["HasOptedOutOfEmail"] = True
    assert found(before, world()) == [("opt-out kept", LEAD)]
    assert found(before, world(), Excuses(others=[LEAD])) == []


@pytest.mark.parametrize("list_id", ["2", "3"])
def test_nobody_is_subscribed_again_or_against_their_wish(list_id: str) -> None:
    before, after = world(), world()
    for state in (before, after):
        state["salesforce"]["Lead"][0]["HasOptedOutOfEmail"] = True
    after["activecampaign"]["contacts"][0]["lists"][list_id] = 1
    assert ("opt-out kept", "ac:7") in found(before, after)


def test_deleted_records_are_found_on_both_sides() -> None:
    after = world()
    after["salesforce"]["Lead"].clear()
    after["activecampaign"]["contacts"].clear()
    assert set(found(world(), after)) == {("nothing deleted", LEAD), ("nothing deleted", "ac:7")}


def test_a_value_that_vanished_from_both_sides_is_found() -> None:
    after = world()
    after["salesforce"]["Lead"][0]["FirstName"] = None
    after["activecampaign"]["contacts"][0]["firstName"] = ""
    assert found(world(), after) == [("no lost value", LEAD)]


@pytest.mark.parametrize(
    ("kind", "decimal", "sf", "ac", "same"),
    [
        ("text", ".", "a\r\nb ", "a\nb", True),
        ("text", ".", None, "", True),
        ("text", ".", "A", "a", False),
        ("email", ".", "A@b.example", "a@b.example", True),
        ("number", ".", 85000.0, "$85,000", True),
        ("number", ",", 1234.56, "1.234,56 €", True),
        ("number", ",", 1234, "1234.00", True),
        ("number", ".", 1.234, "1,234", False),
        ("number", ".", 0, "", False),
        ("number", ".", 10000, "about 10k", False),
        ("bool", ".", True, "||true||", True),
        ("bool", ".", False, None, True),
        ("bool", ".", True, "", False),
        ("multi", ".", "b;a", "||a||b||", True),
        ("multi", ".", "a", "||a||b||", False),
        ("date", ".", "2026-03-01", "2026-03-01T00:00:00-05:00", True),
        ("date", ".", None, "0000-00-00", True),
        ("date", ".", "2026-03-01", "soon", False),
    ],
)
def test_values_agree_by_meaning(kind: str, decimal: str, sf: object, ac: str | None, same: bool) -> None:
    assert agree(Mapped("x", "X", kind, decimal), {"X": sf}, {"x": ac}) is same


def test_the_checker_shares_no_code_with_the_program() -> None:
    for name in ("checker.py", "plain_values.py"):
        tree = ast.parse((Path(__file__).parent / name).read_text(encoding="utf-8"))
        modules = [n.module or "" for n in ast.walk(tree) if isinstance(n, ast.ImportFrom)]
        modules += [alias.name for n in ast.walk(tree) if isinstance(n, ast.Import) for alias in n.names]
        assert not [module for module in modules if module.startswith("acassist")]


def test_the_checker_reads_the_state_of_the_sandbox() -> None:
    world_now = in_process()
    before = world_state(world_now)
    lead, contact = before["salesforce"]["Lead"][0], before["activecampaign"]["contacts"][0]
    links = [Link("Lead", lead["Id"], contact["id"])]
    contact["firstName"] = f"not {lead['FirstName']}"
    findings = check(before, before, {"Lead": (Mapped("firstName", "FirstName"),)}, links=links)
    assert [(finding.invariant, finding.subject) for finding in findings] == [("converged", lead["Id"])]
