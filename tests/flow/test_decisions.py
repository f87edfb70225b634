"""What a person decides in the inbox reaches both services with the next run, and nothing else does."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from acassist.assistant.decisions import Choice
from acassist.domain.ids import SObject
from acassist.domain.ledger import Issue, Link
from acassist.domain.mapping import ConflictRule, default_mapping
from acassist.domain.problem import ProblemCode
from acassist.domain.profile import OutboundSettings
from acassist.domain.selection import Criteria, Criterion, Operator, Selection, SelectionKind
from tests.engine import Engine, open_engine

EVERYBODY = Selection(SelectionKind.CRITERIA, Criteria((Criterion("LastName", Operator.IS_NOT_BLANK),)))


@pytest.fixture
async def engine(tmp_path: Path) -> AsyncIterator[Engine]:
    plain = default_mapping()
    asking = tuple(replace(row, conflict=ConflictRule.ASK) for row in plain.contact)
    opened = await open_engine(
        tmp_path / "profile",
        outbound=OutboundSettings(lead=EVERYBODY, contact=EVERYBODY),
        mapping=replace(plain, contact=asking),
    )
    await opened.assistant.sync_now(yes=True)
    yield opened
    await opened.close()


def contacts(engine: Engine) -> list[Link]:
    return [x for x in engine.stores.ledger.iter_links(sobject=SObject.CONTACT) if x.primary]


async def both(engine: Engine, link: Link) -> tuple[str, str]:
    sf = await engine.control.call("GET", f"/state/salesforce/{link.sobject}")
    ac = await engine.control.call("GET", "/state/activecampaign/contacts")
    left = next(r["FirstName"] for r in sf if r["Id"] == link.sf_id)
    return left, next(r["firstName"] for r in ac if r["id"] == link.ac_id)


async def conflict(engine: Engine, links: list[Link]) -> list[Issue]:
    for number, link in enumerate(links):
        await engine.control.call("PATCH", f"/salesforce/Contact/{link.sf_id}", {"FirstName": f"Left{number}"})
        await engine.control.call("PATCH", f"/activecampaign/contacts/{link.ac_id}", {"firstName": f"Right{number}"})
    await engine.assistant.sync_now()
    return [i for i in await engine.assistant.issues() if i.code is ProblemCode.CONFLICT]


@pytest.mark.parametrize(
    ("choice", "expected"),
    [
        (Choice.SALESFORCE, ("Left0", "Left0")),
        (Choice.ACTIVECAMPAIGN, ("Right0", "Right0")),
        (Choice.KEEP_BOTH, ("Left0", "Right0")),
    ],
)
async def test_the_chosen_value_reaches_the_other_side(
    engine: Engine, choice: Choice, expected: tuple[str, str]
) -> None:
    link = contacts(engine)[0]
    issues = await conflict(engine, [link])
    assert await both(engine, link) == ("Left0", "Right0")
    engine.assistant.decisions.resolve_conflict(issues[0].id, choice)
    await engine.assistant.sync_now()
    assert await both(engine, link) == expected
    assert ProblemCode.CONFLICT not in {i.code for i in await engine.assistant.issues()}


async def test_one_decision_can_answer_every_conflict_of_the_same_field(engine: Engine) -> None:
    links = contacts(engine)[:2]
    issues = await conflict(engine, links)
    assert engine.assistant.decisions.resolve_conflict(issues[0].id, Choice.SALESFORCE, same_field=True) == 2
    await engine.assistant.sync_now()
    assert [await both(engine, x) for x in links] == [("Left0", "Left0"), ("Left1", "Left1")]


async def test_an_edit_after_the_decision_is_a_conflict_again(engine: Engine) -> None:
    link = contacts(engine)[0]
    issues = await conflict(engine, [link])
    engine.assistant.decisions.resolve_conflict(issues[0].id, Choice.SALESFORCE)
    await engine.control.call("PATCH", f"/activecampaign/contacts/{link.ac_id}", {"firstName": "Later"})
    await engine.assistant.sync_now()
    assert await both(engine, link) == ("Left0", "Later")
    assert ProblemCode.CONFLICT in {i.code for i in await engine.assistant.issues()}


async def test_a_duplicate_is_linked_to_the_record_that_was_chosen(engine: Engine) -> None:
    for name in ("One", "Two"):
        values = {"LastName": name, "Email": "double@pair.example"}
        await engine.control.call("POST", "/salesforce/Contact", values)
    await engine.control.call("POST", "/activecampaign/contacts", {"email": "double@pair.example"})
    await engine.assistant.sync_now()
    issue = next(i for i in await engine.assistant.issues() if i.code is ProblemCode.DUPLICATE)
    found = await engine.assistant.decisions.candidates(issue.id)
    chosen = next(c.record for c in found if c.record.fields["LastName"] == "Two")
    assert await engine.assistant.decisions.choose_record(issue.id, chosen.id)
    await engine.assistant.sync_now()
    assert engine.stores.ledger.links_by_sf(SObject.CONTACT, [chosen.id])
    assert ProblemCode.DUPLICATE not in {i.code for i in await engine.assistant.issues()}


async def test_a_broken_link_that_is_let_go_is_never_recreated(engine: Engine) -> None:
    link = contacts(engine)[0]
    await engine.control.call("DELETE", f"/activecampaign/contacts/{link.ac_id}")
    await engine.control.call("PATCH", f"/salesforce/Contact/{link.sf_id}", {"FirstName": "Again"})
    await engine.assistant.sync_now()
    issue = next(i for i in await engine.assistant.issues() if i.code is ProblemCode.AC_GONE)
    people = len(await engine.control.call("GET", "/state/activecampaign/contacts"))
    engine.assistant.decisions.let_go(issue.id)
    await engine.assistant.sync_now()
    assert len(await engine.control.call("GET", "/state/activecampaign/contacts")) == people
    assert ProblemCode.AC_GONE not in {i.code for i in await engine.assistant.issues()}


async def test_a_broken_link_can_be_linked_again_on_a_persons_word(engine: Engine) -> None:
    link = contacts(engine)[0]
    await engine.control.call("DELETE", f"/activecampaign/contacts/{link.ac_id}")
    await engine.control.call("PATCH", f"/salesforce/Contact/{link.sf_id}", {"FirstName": "Again"})
    await engine.assistant.sync_now()
    issue = next(i for i in await engine.assistant.issues() if i.code is ProblemCode.AC_GONE)
    assert engine.assistant.decisions.link_again(issue.id)
    await engine.control.call("PATCH", f"/salesforce/Contact/{link.sf_id}", {"FirstName": "Once more"})
    await engine.assistant.sync_now()
    renewed = engine.stores.ledger.links_by_sf(SObject.CONTACT, [link.sf_id])[link.sf_id]
    assert renewed.ac_id != link.ac_id
    assert await both(engine, renewed) == ("Once more", "Once more")


@pytest.mark.parametrize("clear", [True, False])
async def test_a_withdrawn_opt_out_waits_for_a_person(engine: Engine, clear: bool) -> None:
    link = contacts(engine)[0]
    await engine.control.call("PATCH", f"/activecampaign/contacts/{link.ac_id}", {"lists": {"1": 2, "2": 2}})
    await engine.assistant.sync_now()
    await engine.control.call("PATCH", f"/activecampaign/contacts/{link.ac_id}", {"lists": {"1": 1, "2": 2}})
    await engine.assistant.sync_now()
    issue = next(i for i in await engine.assistant.issues() if i.code is ProblemCode.OPT_OUT_CLEARED)
    await engine.assistant.decisions.answer_opt_out(issue.id, clear=clear)
    await engine.assistant.sync_now()
    sf = await engine.control.call("GET", "/state/salesforce/Contact")
    ac = await engine.control.call("GET", "/state/activecampaign/contacts")
    assert next(r["HasOptedOutOfEmail"] for r in sf if r["Id"] == link.sf_id) is not clear
    assert int(next(r["lists"]["1"] for r in ac if r["id"] == link.ac_id)) == (1 if clear else 2)
    assert ProblemCode.OPT_OUT_CLEARED not in {i.code for i in await engine.assistant.issues()}
