"""A run that must not go on stops before it writes, or between two actions (rules 2.6, 5.8 and 6.2)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from acassist.domain.ids import SObject
from acassist.domain.problem import ProblemCode
from acassist.domain.profile import Limits
from acassist.sandbox.settings import Settings
from tests.simulation.scene import Scene

OUT = "HasOptedOutOfEmail"


@pytest.fixture
async def scene(tmp_path: Path) -> AsyncIterator[Scene]:
    made = await Scene.open(tmp_path)
    yield made
    await made.close()


def share(scene: Scene, percent: int) -> None:
    session = scene.engine.assistant.session
    session.store(replace(session.setup, limits=replace(Limits(), salesforce_share=percent)), what="test")


async def test_another_activecampaign_account_stops_the_run_before_any_write(scene: Scene) -> None:
    await scene.lead("ann@x.example")
    session = scene.engine.assistant.session
    known = session.setup.activecampaign
    assert known is not None
    session.store(replace(session.setup, activecampaign=replace(known, account="somebody-else")), what="test")
    assert (await scene.sync_stops()).code is ProblemCode.OTHER_ACCOUNT
    assert scene.record_writes() == []


async def test_a_run_that_reaches_the_share_in_the_middle_stops_and_the_next_window_does_the_rest_once(
    tmp_path: Path,
) -> None:
    scene = await Scene.open(tmp_path, settings=Settings(leads=0, contacts=0, daily_api_requests=200))
    for number in range(30):
        await scene.lead(f"p{number}@x.example", FirstName="P")
    await scene.sync()
    for person in scene.people():
        await scene.change(person["id"], firstName="Q")
    used = scene.engine.assistant.session.calls()[0]
    assert used is not None
    # Enough for the beginning of the run, not for its end.
    share(scene, (used[0] + 6) * 100 // 200)
    assert (await scene.sync_stops()).code is ProblemCode.SF_QUOTA
    share(scene, 95)
    await scene.sync()
    assert {row["FirstName"] for row in scene.rows("Lead")} == {"Q"}
    assert len(scene.people()) == 30
    await scene.sync()
    assert scene.record_writes() == []
    await scene.close()


async def twins(scene: Scene) -> tuple[str, str, str]:
    lead = await scene.lead("ann@x.example", FirstName="Ann")
    contact = await scene.contact("ann@x.example", FirstName="Ann")
    await scene.sync()
    ac = scene.link(contact).ac_id
    await scene.change(ac, lists={"1": 1, "2": 1})
    await scene.sync()
    return lead, contact, ac


async def test_an_opt_out_of_one_twin_counts_for_both(scene: Scene) -> None:
    lead, contact, ac = await twins(scene)
    await scene.edit("Lead", lead, **{OUT: True})
    await scene.sync()
    await scene.sync()
    assert scene.ac(ac)["lists"] == {"1": 2, "2": 2}
    assert scene.row("Contact", contact)[OUT] is True


async def test_an_unsubscribe_opts_both_twins_out(scene: Scene) -> None:
    lead, contact, ac = await twins(scene)
    await scene.change(ac, lists={"1": 2, "2": 2})
    await scene.sync()
    assert (scene.row("Lead", lead)[OUT], scene.row("Contact", contact)[OUT]) == (True, True)


async def test_a_bounce_is_recorded_as_a_bounce(scene: Scene) -> None:
    _, contact, ac = await twins(scene)
    scene.world.activecampaign.contacts[int(ac)].bounced_hard = 1
    await scene.change(ac, firstName="Anna")
    await scene.sync()
    row = scene.row("Contact", contact)
    assert row[OUT] is True
    assert row["EmailBouncedReason"] == "Hard bounce reported by ActiveCampaign"
    rules = {i.rule for i in scene.engine.stores.history.items(limit=1000) if i.field == OUT}
    assert rules == {"bounce"}


async def test_somebody_opted_out_in_salesforce_is_sent_without_any_list(tmp_path: Path) -> None:
    scene = await Scene.open(tmp_path)
    session = scene.engine.assistant.session
    outbound = replace(session.setup.outbound, subscribe_lists=("1",))
    session.store(replace(session.setup, outbound=outbound), what="test")
    await scene.lead("out@x.example", **{OUT: True})
    await scene.lead("in@x.example")
    await scene.sync()
    assert scene.by_email("out@x.example")["lists"] == {}
    assert scene.by_email("in@x.example")["lists"] == {"1": 1}
    await scene.close()


async def test_while_the_opt_out_is_hidden_nobody_is_put_on_a_list_and_the_doctor_says_so(tmp_path: Path) -> None:
    scene = await Scene.open(tmp_path)
    session = scene.engine.assistant.session
    outbound = replace(session.setup.outbound, subscribe_lists=("1",))
    session.store(replace(session.setup, outbound=outbound), what="test")
    await scene.org(fls_hidden=[f"Lead.{OUT}"])
    await scene.lead("ann@x.example")
    await scene.sync()
    assert scene.by_email("ann@x.example")["lists"] == {}
    red = [i for i in await scene.engine.assistant.doctor() if i.level.value == "bad"]
    assert any("Opt Out" in scene.engine.assistant.session.machine.translate(i.state) for i in red)
    await scene.close()


async def test_somebody_created_in_salesforce_who_is_unsubscribed_is_opted_out(scene: Scene) -> None:
    await scene.sync()
    await scene.person("ann@x.example", lastName="Doe", lists={"1": 2}, tags_add=["create-salesforce-contact"])
    await scene.sync()
    await scene.sync()
    [row] = scene.rows("Contact")
    assert row[OUT] is True


async def test_an_undeleted_record_takes_part_again(scene: Scene) -> None:
    sf = await scene.lead("ann@x.example", FirstName="Ann")
    await scene.sync()
    await scene.delete("Lead", sf)
    await scene.sync()
    assert scene.codes() == ["sf_gone"]
    await scene.undelete("Lead", sf)
    await scene.edit("Lead", sf, FirstName="Anna")
    await scene.sync()
    assert scene.codes() == []
    assert scene.link(sf).sobject is SObject.LEAD
    assert scene.by_email("ann@x.example")["firstName"] == "Anna"
    assert len(scene.people()) == 1


async def test_an_unsubscribe_while_the_opt_out_was_hidden_counts_once_it_can_be_read(scene: Scene) -> None:
    sf = await scene.contact("ann@x.example")
    await scene.sync()
    await scene.sync()
    await scene.org(fls_hidden=[f"Contact.{OUT}"])
    await scene.change(scene.link(sf).ac_id, lists={"1": 2})
    await scene.sync()
    await scene.sync()
    await scene.org(fls_hidden=[])
    await scene.sync()
    assert scene.row("Contact", sf)[OUT] is True
    await scene.sync()
    assert scene.record_writes() == []
