"""Who belongs to whom, on a person's word: linking anew, ending a link, choosing among duplicates and accounts."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from acassist.assistant.decisions import Choice
from acassist.domain.ids import SObject
from acassist.domain.ledger import Issue, LinkState
from acassist.domain.mapping import DEFAULT_ACCOUNT, ConflictRule
from acassist.domain.problem import ProblemCode, ProblemError
from acassist.sandbox.activecampaign.companies import add_company
from tests.simulation.scene import Scene

ROWS = [("Nickname", "Nickname__c")]


@pytest.fixture
async def scene(tmp_path: Path) -> AsyncIterator[Scene]:
    made = await Scene.open(tmp_path, rows=ROWS, conflict=ConflictRule.ASK)
    yield made
    await made.close()


def issue_of(scene: Scene, code: ProblemCode) -> Issue:
    return next(issue for issue in scene.issues() if issue.code is code)


async def twins(scene: Scene) -> tuple[str, str]:
    lead = await scene.lead("twin@x.example", FirstName="Twin", Nickname__c="old")
    await scene.sync()
    contact = await scene.contact("twin@x.example", FirstName="Twin")
    await scene.sync()
    await scene.sync()
    await scene.edit("Lead", lead, Nickname__c="from the lead")
    await scene.sync()
    assert scene.codes() == ["twin_edit"]
    return lead, contact


async def test_the_record_made_primary_writes_and_the_other_one_no_longer(scene: Scene) -> None:
    lead, contact = await twins(scene)
    scene.engine.assistant.decisions.make_primary(issue_of(scene, ProblemCode.TWIN_EDIT).id)
    await scene.sync()
    ac_id = scene.link(lead).ac_id
    assert scene.value(ac_id, "Nickname") == "from the lead"
    assert (scene.link(lead).primary, scene.link(contact).primary) == (True, False)
    assert scene.codes() == []
    await scene.edit("Contact", contact, Nickname__c="from the contact")
    await scene.sync()
    assert scene.value(ac_id, "Nickname") == "from the lead"
    assert [(i.code.value, i.sf_id) for i in scene.issues()] == [("twin_edit", contact)]


async def test_a_twin_can_take_over_the_value_of_the_contact(scene: Scene) -> None:
    lead, _ = await twins(scene)
    issue = issue_of(scene, ProblemCode.TWIN_EDIT)
    scene.engine.assistant.decisions.resolve_conflict(issue.id, Choice.ACTIVECAMPAIGN)
    await scene.sync()
    assert scene.row("Lead", lead)["Nickname__c"] == "old"
    assert scene.codes() == []


async def test_an_unlinked_twin_is_synced_no_more_and_can_be_resumed(scene: Scene) -> None:
    lead, _ = await twins(scene)
    assert await scene.engine.assistant.decisions.unlink(issue_of(scene, ProblemCode.TWIN_EDIT).id)
    await scene.edit("Lead", lead, Nickname__c="later")
    await scene.sync()
    assert scene.link(lead).state is LinkState.STOPPED
    assert scene.codes() == []
    assert scene.record_writes() == []


async def test_a_record_whose_contact_is_gone_is_linked_with_the_one_that_was_found(scene: Scene) -> None:
    lead = await scene.lead("ann@x.example", FirstName="Ann", Nickname__c="A")
    await scene.sync()
    await scene.drop(scene.link(lead).ac_id)
    survivor = await scene.person("ann.doe@y.example", firstName="Ann")
    await scene.edit("Lead", lead, FirstName="Anna")
    await scene.sync()
    decisions, issue = scene.engine.assistant.decisions, issue_of(scene, ProblemCode.AC_GONE)
    (hit,) = await decisions.partners(issue.id, "ann.doe")
    assert hit.ref.ac_id == survivor
    assert await decisions.relink(issue.id, hit)
    await scene.sync()
    assert scene.link(lead).ac_id == survivor
    assert scene.value(survivor, "Nickname") == "A"
    assert scene.codes() == []


async def test_a_contact_that_belongs_to_somebody_else_is_not_offered(scene: Scene) -> None:
    lead = await scene.lead("ann@x.example", FirstName="Ann")
    await scene.lead("bob@x.example", FirstName="Bob")
    await scene.sync()
    await scene.drop(scene.link(lead).ac_id)
    await scene.edit("Lead", lead, FirstName="Anna")
    await scene.sync()
    issue = issue_of(scene, ProblemCode.AC_GONE)
    assert await scene.engine.assistant.decisions.partners(issue.id, "bob") == []


async def test_a_contact_whose_record_is_gone_is_linked_with_another_record(scene: Scene) -> None:
    lead = await scene.lead("ann@x.example", LastName="First")
    await scene.sync()
    ac_id = scene.link(lead).ac_id
    await scene.delete("Lead", lead)
    other = await scene.lead(None, LastName="Second")
    await scene.sync()
    decisions, issue = scene.engine.assistant.decisions, issue_of(scene, ProblemCode.SF_GONE)
    hit = next(h for h in await decisions.partners(issue.id, "Second") if h.ref.sf_id == other)
    assert await decisions.relink(issue.id, hit)
    await scene.sync()
    assert scene.link(other).ac_id == ac_id
    assert scene.row("Lead", other)["Email"] == "ann@x.example"
    assert scene.codes() == []


async def duplicates(scene: Scene, *, linked: bool) -> tuple[str, str]:
    first = await scene.lead("two@x.example", LastName="One")
    if linked:
        await scene.sync()
    second = await scene.lead("two@x.example", LastName="Two")
    await scene.sync()
    return first, second


async def test_a_chosen_duplicate_gets_a_contact_where_there_is_none(scene: Scene) -> None:
    _, second = await duplicates(scene, linked=False)
    decisions = scene.engine.assistant.decisions
    issue = next(i for i in scene.issues() if i.sf_id == second)
    assert await decisions.choose_record(issue.id, second)
    assert [link.sf_id for link in scene.links()] == [second]
    assert scene.by_email("two@x.example")["lastName"] == "Two"
    assert scene.codes() == []


async def test_choosing_another_record_moves_the_link(scene: Scene) -> None:
    first, second = await duplicates(scene, linked=True)
    decisions, issue = scene.engine.assistant.decisions, issue_of(scene, ProblemCode.DUPLICATE)
    assert {c.record.id: c.linked for c in await decisions.candidates(issue.id)} == {first: True, second: False}
    ac_id = scene.link(first).ac_id
    assert await decisions.choose_record(issue.id, second)
    assert [(link.sf_id, link.ac_id) for link in scene.links()] == [(second, ac_id)]
    await scene.sync()
    assert scene.codes() == []


async def test_a_link_of_a_duplicate_can_be_ended(scene: Scene) -> None:
    first, _ = await duplicates(scene, linked=True)
    decisions, issue = scene.engine.assistant.decisions, issue_of(scene, ProblemCode.DUPLICATE)
    assert await decisions.unlink(issue.id, first)
    assert scene.links() == []
    assert not any(c.linked for c in await decisions.candidates(issue.id))


async def test_a_person_is_moved_to_another_account_only_on_a_persons_word(scene: Scene) -> None:
    ac_id = await scene.person("mover@x.example", firstName="Mover", account="Elsewhere Ltd")
    await scene.lead("mover@x.example", LastName="Mover", Company="Here Ltd")
    await scene.sync()
    issue = issue_of(scene, ProblemCode.ACCOUNT_MOVE)
    assert scene.ac(ac_id)["account"] == "Elsewhere Ltd"
    assert "Here Ltd" in str(issue.values)
    await scene.engine.assistant.decisions.move_account(issue.id)
    assert scene.ac(ac_id)["account"] == "Here Ltd"
    await scene.sync()
    assert scene.codes() == []


async def test_one_of_two_accounts_of_the_same_name_is_chosen(scene: Scene) -> None:
    mapping = scene.engine.assistant.session.setup.mapping
    scene.use(rows=replace(mapping, account=DEFAULT_ACCOUNT, accounts_on=True))
    for number in range(2):
        add_company(scene.world.activecampaign, f"Twice {number}")["name"] = "Twice Ltd"
    company = await scene.create("Account", Name="Twice Ltd")
    await scene.contact("worker@x.example", AccountId=company)
    await scene.sync(yes=True)
    decisions, issue = scene.engine.assistant.decisions, issue_of(scene, ProblemCode.ACCOUNT_AMBIGUOUS)
    chosen = (await decisions.account_candidates(issue.id))[1]
    assert await decisions.choose_account(issue.id, chosen.id)
    await scene.sync()
    links = scene.engine.stores.ledger.iter_links(sobject=SObject.ACCOUNT)
    assert [(link.sf_id, link.ac_id) for link in links] == [(company, f"account:{chosen.id}")]
    assert scene.codes() == []


async def test_a_tag_that_was_refused_is_given_with_a_retry_and_its_issue_closes_itself(scene: Scene) -> None:
    refusal = {"kind": "status", "status": 422, "body": {"errors": [{"title": "Tags rest today"}]}}
    scene.world.faults.add({"method": "POST", "path": "/contactTags$", "times": 1, "action": refusal})
    await scene.lead("ann@x.example", FirstName="Ann", LastName="Doe")
    await scene.sync()
    (issue,) = scene.issues()
    assert (issue.code, issue.name) == (ProblemCode.AC_REJECTED, "Ann Doe")
    await scene.engine.assistant.retry_issue(issue.id)
    await scene.sync()
    assert scene.by_email("ann@x.example")["tags"] == ["created-from-salesforce-lead"]
    assert scene.codes() == []


async def test_a_record_that_was_deleted_meanwhile_cannot_be_chosen(scene: Scene) -> None:
    first, _ = await duplicates(scene, linked=False)
    issue = next(i for i in scene.issues() if i.sf_id != first)
    await scene.delete("Lead", first)
    with pytest.raises(ProblemError) as caught:
        await scene.engine.assistant.decisions.choose_record(issue.id, first)
    assert caught.value.problem.code is ProblemCode.SF_GONE
