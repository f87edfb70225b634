"""Backfill of existing records: five people first, then everybody, once, with what was wished and nothing else."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from acassist.assistant.events import RunProgress
from acassist.domain.backfill import BackfillPhase, BackfillRequest, matching
from acassist.domain.ids import SObject
from acassist.domain.ledger import RunState
from acassist.domain.problem import ProblemCode, ProblemError
from acassist.domain.profile import OutboundSettings
from acassist.domain.selection import Criteria, Criterion, Operator
from acassist.sync.backfill.book import Book
from tests.simulation.scene import Scene

LEADS = BackfillRequest(SObject.LEAD)
ROWS = [("Nickname", "Nickname__c"), ("Annual budget", "Annual_Budget__c")]
STATUS, AC_ID = "ActiveCampaign_Sync_Status__c", "ActiveCampaign_ID__c"


@pytest.fixture
async def scene(tmp_path: Path) -> AsyncIterator[Scene]:
    opened = await Scene.open(tmp_path / "profile", rows=ROWS, outbound=OutboundSettings())
    yield opened
    await opened.close()


async def leads(scene: Scene, count: int, **fields: object) -> list[str]:
    made = range(count)
    return [await scene.lead(f"p{n}@x.example", FirstName=f"F{n}", Nickname__c=f"N{n}", **fields) for n in made]


def tags_of(scene: Scene, email: str) -> list[str]:
    return [str(tag) for tag in scene.by_email(email)["tags"]]


async def test_everybody_is_sent_once_and_told_so(scene: Scene) -> None:
    ids = await leads(scene, 40)
    state = await scene.engine.assistant.start_backfill(LEADS, yes=True)
    assert (state.phase, state.done, state.total, state.created) == (BackfillPhase.DONE, 40, 40, 40)
    assert len(scene.people()) == 40
    rows = {row["Id"]: row for row in scene.rows("Lead")}
    assert {rows[i][STATUS] for i in ids} == {"Synced successfully"}
    told = {str(rows[link.sf_id][AC_ID]).removesuffix(".0") for link in scene.links()}
    assert told == {p["id"] for p in scene.people()}
    assert scene.value(scene.link(ids[7]).ac_id, "Nickname") == "N7"
    assert tags_of(scene, "p7@x.example") == ["created-from-salesforce-lead"]


async def test_the_runs_after_a_backfill_have_nothing_to_do(scene: Scene) -> None:
    await leads(scene, 30)
    await scene.engine.assistant.start_backfill(LEADS, yes=True)
    await scene.sync()
    assert scene.record_writes() == []


async def test_verify_names_only_what_was_kept_and_undo_takes_back_only_what_was_filled(scene: Scene) -> None:
    ids = await leads(scene, 20)
    await scene.person("p3@x.example", firstName="Other")
    state = await scene.engine.assistant.start_backfill(LEADS, yes=True)
    report = await scene.engine.assistant.verify()
    assert (report.checked, [d.subject for d in report.differences]) == (20, [f"Lead:{ids[3]}"])
    undone = await scene.engine.assistant.undo_run(state.run_id or 0)
    assert {item.subject for item in undone.restored} == {f"Lead:{ids[3]}"}
    assert len(scene.people()) == 20


async def test_five_people_are_sent_before_a_go_is_given(scene: Scene) -> None:
    await leads(scene, 30)
    state = await scene.engine.assistant.start_backfill(LEADS)
    assert (state.phase, state.total, len(scene.people())) == (BackfillPhase.WAITING_FOR_GO, 30, 5)
    state = await scene.engine.assistant.resume_backfill()
    assert (state.phase, state.created, len(scene.people())) == (BackfillPhase.DONE, 30, 30)


async def test_a_value_that_does_not_arrive_stops_after_the_five_and_names_it(scene: Scene) -> None:
    await leads(scene, 30)
    await scene.account(automation_rewrites=False, blank_overwrites=True)
    scene.world.activecampaign.set_value = lambda contact, field_id, value: None  # type: ignore[method-assign]
    state = await scene.engine.assistant.start_backfill(LEADS, yes=True)
    assert (state.phase, len(scene.people())) == (BackfillPhase.STOPPED, 5)
    assert state.problem is not None
    assert state.problem.code is ProblemCode.CANARY_DIFFERS
    assert state.problem.values["sent"] == "N0"
    assert set(scene.codes()) == {"canary_differs"}


async def test_who_is_known_by_address_is_linked_and_only_blanks_are_filled(scene: Scene) -> None:
    ids = await leads(scene, 20)
    known = await scene.person("P3@x.example", firstName="Other")
    state = await scene.engine.assistant.start_backfill(LEADS, yes=True)
    assert (state.created, state.linked) == (19, 1)
    assert scene.link(ids[3]).ac_id == known
    person = scene.ac(known)
    assert (person["firstName"], scene.value(known, "Nickname")) == ("Other", "N3")
    assert scene.rows("Lead")[3]["FirstName"] == "F3"


async def test_who_has_no_address_or_shares_one_is_left_out_and_counted(scene: Scene) -> None:
    await leads(scene, 12)
    await scene.lead(None)
    await scene.lead("p4@x.example", FirstName="Double")
    state = await scene.engine.assistant.start_backfill(LEADS, yes=True)
    assert (state.created, state.skipped, state.done) == (11, 3, 14)
    assert set(scene.codes()) == {"duplicate", "no_email"}


async def test_who_is_silently_left_out_of_an_import_becomes_an_issue(scene: Scene) -> None:
    await leads(scene, 20)
    scene.world.activecampaign.excluded = {"p13@x.example"}
    state = await scene.engine.assistant.start_backfill(LEADS, yes=True)
    assert (state.phase, state.created, state.problems) == (BackfillPhase.DONE, 19, 1)
    assert [(i.code, i.name) for i in scene.issues()] == [(ProblemCode.AC_IMPORT_FAILED, "F13 Doe")]
    assert str(scene.rows("Lead")[13][STATUS]).startswith("Not synced: ")


async def test_people_who_show_late_in_lists_are_waited_for(scene: Scene) -> None:
    await leads(scene, 20)
    await scene.account(list_lag_seconds=45.0)
    state = await scene.engine.assistant.start_backfill(LEADS, yes=True)
    assert (state.phase, state.created, scene.codes()) == (BackfillPhase.DONE, 20, [])


async def test_strangers_who_come_meanwhile_are_known_afterwards(scene: Scene) -> None:
    await leads(scene, 20)
    await scene.engine.assistant.start_backfill(LEADS)
    stranger = await scene.person("stranger@x.example", firstName="S")
    await scene.engine.assistant.resume_backfill()
    assert stranger in scene.engine.stores.index.by_ids([stranger])
    assert stranger not in {link.ac_id for link in scene.links()}


async def test_criteria_narrow_it_down(scene: Scene) -> None:
    await leads(scene, 15)
    await scene.lead("other@x.example", LastName="Roe")
    wish = BackfillRequest(SObject.LEAD, matching(Criteria((Criterion("LastName", Operator.EQUALS, "Roe"),))))
    state = await scene.engine.assistant.start_backfill(wish, yes=True)
    assert (state.total, [p["email"] for p in scene.people()]) == (1, ["other@x.example"])


async def test_automations_stay_quiet_unless_they_are_wished(scene: Scene) -> None:
    started: list[str] = []
    scene.world.activecampaign.on_tag = lambda account, contact, tag: started.append(contact.email)
    await leads(scene, 12)
    await scene.person("p3@x.example")
    await scene.engine.assistant.start_backfill(LEADS, yes=True)
    assert started == []
    assert "created-from-salesforce-lead" in tags_of(scene, "p3@x.example")
    await scene.lead("late@x.example")
    await scene.engine.assistant.start_backfill(BackfillRequest(SObject.LEAD, run_automations=True), yes=True)
    assert started == ["late@x.example"]


async def test_new_people_join_the_lists_except_who_opted_out(scene: Scene) -> None:
    await leads(scene, 12)
    await scene.lead("out@x.example", HasOptedOutOfEmail=True)
    wish = BackfillRequest(SObject.LEAD, subscribe_lists=("1",))
    await scene.engine.assistant.start_backfill(wish, yes=True)
    assert {str(k): v for k, v in scene.by_email("p3@x.example")["lists"].items()} == {"1": 1}
    assert not scene.by_email("out@x.example")["lists"]


async def test_nobody_is_sent_beyond_what_the_plan_has_room_for(scene: Scene) -> None:
    await leads(scene, 30)
    scene.world.activecampaign.subscriber_limit = 20
    state = await scene.engine.assistant.start_backfill(LEADS, yes=True)
    assert state.phase is BackfillPhase.STOPPED
    assert state.problem is not None
    assert state.problem.code is ProblemCode.BRAKE
    assert scene.people() == []


async def test_it_stops_at_the_share_of_salesforces_calls_and_goes_on_the_next_day(scene: Scene) -> None:
    await leads(scene, 30)
    scene.world.salesforce.switches.daily_api_used = 80_000
    state = await scene.engine.assistant.start_backfill(LEADS, yes=True)
    assert (state.phase, state.problem and state.problem.code) == (BackfillPhase.STOPPED, ProblemCode.SF_QUOTA)
    scene.world.clock.advance(86_400)
    scene.world.salesforce.switches.daily_api_used = 0
    await scene.sync()
    assert (await scene.engine.assistant.resume_backfill()).phase is BackfillPhase.DONE
    assert len(scene.people()) == 30


async def test_a_pause_keeps_what_is_done_and_resuming_sends_the_rest_once(scene: Scene) -> None:
    await leads(scene, 30)
    assistant = scene.engine.assistant
    await assistant.start_backfill(LEADS)

    def pause(event: object) -> None:
        if isinstance(event, RunProgress) and event.phase.text == "Counting the records":
            assistant.jobs.cancel()

    stop = assistant.events.subscribe(pause)
    assert (await assistant.resume_backfill()).phase is BackfillPhase.PAUSED
    stop()
    assert (await assistant.backfill_state()).resumable
    assert (await assistant.resume_backfill()).created == 30
    assert len(scene.people()) == 30


async def test_a_pause_does_not_wait_for_an_import_that_does_not_end(scene: Scene) -> None:
    await leads(scene, 30)
    assistant = scene.engine.assistant
    await assistant.start_backfill(LEADS)
    await scene.account(bulk_seconds=36_000.0)

    def pause(event: object) -> None:
        if isinstance(event, RunProgress) and event.phase.text == "Sending existing records":
            assistant.jobs.cancel()

    stop = assistant.events.subscribe(pause)
    begun = scene.world.clock.now()
    assert (await assistant.resume_backfill()).phase is BackfillPhase.PAUSED
    stop()
    assert (scene.world.clock.now() - begun).total_seconds() < 120
    await scene.account(bulk_seconds=0.0)
    assert (await assistant.resume_backfill()).phase is BackfillPhase.DONE
    assert len(scene.people()) == 30


async def test_one_backfill_at_a_time_and_abandoning_makes_room(scene: Scene) -> None:
    await leads(scene, 12)
    assistant = scene.engine.assistant
    await assistant.start_backfill(LEADS)
    with pytest.raises(ProblemError) as caught:
        await assistant.start_backfill(LEADS)
    assert caught.value.problem.code is ProblemCode.BACKFILL_UNFINISHED
    await assistant.abandon_backfill()
    assert (await assistant.backfill_state()).phase is BackfillPhase.IDLE
    assert len(scene.people()) == 5
    with pytest.raises(ProblemError) as caught:
        await assistant.resume_backfill()
    assert caught.value.problem.code is ProblemCode.BACKFILL_NONE


async def test_a_backfill_of_another_org_is_not_gone_on_with(scene: Scene) -> None:
    await leads(scene, 12)
    assistant = scene.engine.assistant
    await assistant.start_backfill(LEADS)
    book = Book.load(scene.engine.stores.settings)
    assert book is not None
    book.org = "00DHs000000zzzzMAA"
    book.save(scene.engine.stores.settings)
    state = await assistant.resume_backfill()
    assert (state.problem and state.problem.code, len(scene.people())) == (ProblemCode.OTHER_ORG, 5)


async def test_it_is_a_run_of_its_own_in_the_history(scene: Scene) -> None:
    await leads(scene, 12)
    state = await scene.engine.assistant.start_backfill(LEADS, yes=True)
    run = (await scene.engine.assistant.runs())[0]
    assert (run.id, run.state, run.cause, run.counters.created_ac) == (state.run_id, RunState.DONE, "backfill", 12)


async def test_the_estimate_counts_who_is_new_known_linked_and_without_address(scene: Scene) -> None:
    await leads(scene, 12)
    await scene.engine.assistant.start_backfill(LEADS, yes=True)
    for n in range(6):
        await scene.lead(f"new{n}@x.example")
    await scene.lead(None)
    await scene.lead("known@x.example")
    await scene.person("known@x.example")
    await scene.sync()
    before = scene.world.log.total
    found = await scene.engine.assistant.backfill_estimate(LEADS)
    assert (found.records, found.without_email, found.linked, found.existing, found.new) == (20, 1, 12, 1, 6)
    assert (found.fits_today, found.fits_plan) == (True, True)
    assert [e for e in scene.world.log.since(before) if e["kind"] == "write"] == []


async def test_the_estimate_says_when_the_plan_or_the_day_cannot_hold_it(scene: Scene) -> None:
    await leads(scene, 12)
    scene.world.activecampaign.subscriber_limit = 5
    scene.world.salesforce.switches.daily_api_used = 79_995
    found = await scene.engine.assistant.backfill_estimate(LEADS)
    assert (found.fits_today, found.fits_plan) == (False, False)
