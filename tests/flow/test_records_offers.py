"""What CX Automation offers: labelled items in any case, ticked ones, and why some cannot be used."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from acassist.assistant.views import ActionResult, Offer
from acassist.domain.ledger import Link
from acassist.domain.problem import ProblemCode
from acassist.sandbox.settings import Settings
from tests.engine import Engine
from tests.flow.records_world import mailable, open_records, ref_of


@pytest.fixture(params=[False, True], ids=["labels as texts", "labels as objects"])
async def engine(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Engine]:
    opened = await open_records(tmp_path / "p", settings=Settings(labels=True, labels_as_objects=request.param))
    untick(opened)
    yield opened
    await opened.close()


def untick(engine: Engine) -> None:
    session = engine.assistant.session
    session.store(replace(session.setup, cx=replace(session.setup.cx, campaigns=(), automations=())), what="test")


def label(engine: Engine, kind: str, *labels: str) -> str:
    """Give the first usable item of a kind exactly these labels, and nothing else any; return its id."""
    rows = list(engine.world.activecampaign.tables[kind])
    for row in rows:
        row["_labels"] = []
    row = next(r for r in rows if r["status"] == ("5" if kind == "campaigns" else "1"))
    row["_labels"] = list(labels)
    return str(row["id"])


def offered(offers: list[Offer]) -> list[str]:
    return [offer.id for offer in offers if offer.offered]


@pytest.mark.parametrize("text", ["Salesforce", "salesforce", "SALESFORCE", " Salesforce "])
async def test_the_label_counts_in_any_case(engine: Engine, text: str) -> None:
    campaign, automation = label(engine, "campaigns", "Other", text), label(engine, "automations", text)
    campaigns, automations = await engine.assistant.offers()
    assert (offered(campaigns), offered(automations)) == ([campaign], [automation])


async def test_a_label_that_only_resembles_it_does_not_count(engine: Engine) -> None:
    label(engine, "campaigns", "Salesforce leads", "Not Salesforce")
    label(engine, "automations")
    assert [offered(offers) for offers in await engine.assistant.offers()] == [[], []]


async def test_what_was_ticked_in_step_four_is_offered_beside_the_labelled(engine: Engine) -> None:
    labelled = label(engine, "campaigns", "Salesforce")
    session = engine.assistant.session
    rows = engine.world.activecampaign.tables["campaigns"]
    other = next(str(row["id"]) for row in rows if str(row["id"]) != labelled)
    session.store(replace(session.setup, cx=replace(session.setup.cx, campaigns=(other,))), what="test")
    campaigns, _ = await engine.assistant.offers()
    assert set(offered(campaigns)) == {labelled, other}


async def test_inactive_automations_and_drafts_say_why_they_cannot_be_used(engine: Engine) -> None:
    campaign, automation = label(engine, "campaigns", "Salesforce"), label(engine, "automations", "Salesforce")
    tables = engine.world.activecampaign.tables
    tables["campaigns"].get(campaign).update(status="0", laststep="designer")
    tables["automations"].get(automation)["status"] = "2"
    campaigns, automations = await engine.assistant.offers()
    reasons = [next(o.reason for o in offers if o.offered) for offers in (campaigns, automations)]
    assert all(reason is not None and reason.english() for reason in reasons)
    person = mailable(engine)
    email = (await engine.assistant.record(ref_of(person))).contact_email
    sent = await engine.assistant.send_campaign(ref_of(person), campaign, email)
    entered = await engine.assistant.enter_automation(ref_of(person), automation, email)
    assert (code(sent), code(entered)) == (ProblemCode.NOT_OFFERED, ProblemCode.NOT_OFFERED)
    assert engine.world.activecampaign.sends == []


def code(result: ActionResult) -> ProblemCode | None:
    return result.problem.code if result.problem else None


async def test_the_address_of_the_contact_is_used_and_no_other(engine: Engine) -> None:
    campaign, person = label(engine, "campaigns", "Salesforce"), mailable(engine)
    await move(engine, person)
    card = await engine.assistant.record(ref_of(person))
    assert (card.contact_email, card.email != card.contact_email) == ("moved@one.example", True)
    refused = await engine.assistant.send_campaign(card.ref, campaign, card.email)
    assert code(refused) is ProblemCode.PERSON_CHANGED
    assert (await engine.assistant.send_campaign(card.ref, campaign, card.contact_email)).done
    assert [sent["email"] for sent in engine.world.activecampaign.sends] == ["moved@one.example"]


async def move(engine: Engine, person: Link) -> None:
    path, body = f"/activecampaign/contacts/{person.ac_id}", {"email": "moved@one.example", "lists": {"1": 1}}
    await engine.control.call("PATCH", path, body)
