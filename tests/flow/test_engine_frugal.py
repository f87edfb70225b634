"""Large runs: page by page with the same result, Bulk jobs above their limits, a last look before an import."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from acassist.domain.profile import OutboundSettings
from acassist.domain.selection import Selection, SelectionKind
from acassist.sandbox.activecampaign.account import Account
from acassist.sync import run
from tests.simulation.scene import Scene, titles

ROWS = [("Nickname", "Nickname__c"), ("Annual budget", "Annual_Budget__c")]
MARKED = OutboundSettings(lead=Selection(SelectionKind.MARKED), contact=Selection(SelectionKind.MARKED))
STATUS = "ActiveCampaign_Sync_Status__c"


async def crowd(scene: Scene, count: int = 30) -> list[str]:
    return [await scene.lead(f"p{n}@x.example", FirstName=f"P{n}", Nickname__c=f"N{n}") for n in range(count)]


async def story(folder: Path) -> tuple[Any, Any]:
    """Send people, edit them on both sides, and return both sides without what time and order gave them."""
    scene = await Scene.open(folder, rows=ROWS)
    for n in range(0, 30, 7):
        await scene.person(f"p{n}@x.example", phone=f"+41 {n}")
    ids = await crowd(scene)
    await scene.sync(yes=True)
    for n, sf_id in enumerate(ids):
        if n % 2:
            await scene.edit("Lead", sf_id, Nickname__c=f"edited {n}")
        else:
            await scene.change(scene.link(sf_id).ac_id, lastName=f"Changed {n}")
    await scene.sync(yes=True)
    people = {p["email"]: (p["firstName"], p["lastName"], p["phone"], p["fieldValues"]) for p in scene.people()}
    leads = {r["Email"]: (r["LastName"], r.get("Phone"), r["Nickname__c"], r[STATUS]) for r in scene.rows("Lead")}
    assert scene.codes() == []
    await scene.sync()
    assert scene.record_writes() == []
    await scene.close()
    return people, leads


async def test_small_pages_and_bulk_jobs_lead_to_the_same_state(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = await story(tmp_path / "plain")
    monkeypatch.setattr("acassist.sync.run.PAGE", 4)
    monkeypatch.setattr("acassist.sync.pairs.CHUNK", 4)
    monkeypatch.setattr("acassist.sync.observe.IN_CHUNK", 3)
    monkeypatch.setattr("acassist.sync.record_writes.STATUS_CHUNK", 5)
    assert await story(tmp_path / "pages") == plain
    monkeypatch.undo()
    monkeypatch.setattr("acassist.sync.record_writes.MOST_BY_COLLECTIONS", 3)
    monkeypatch.setattr("acassist.salesforce.query.MOST_BY_PAGES", 5)
    assert await story(tmp_path / "bulk") == plain


async def test_writes_above_the_limit_go_by_one_job(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("acassist.sync.record_writes.MOST_BY_COLLECTIONS", 29)
    scene = await Scene.open(tmp_path, rows=ROWS)
    ids = await crowd(scene)
    await scene.sync(yes=True)
    assert [t for t in titles(scene.calls("write")) if "composite" in t] == []
    assert sum(t.endswith("/jobs/ingest") for t in titles(scene.calls("write"))) == 1
    assert {scene.row("Lead", i)[STATUS] for i in ids} == {"Synced successfully"}
    await scene.close()


async def test_a_refused_row_of_a_job_becomes_an_issue(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scene = await Scene.open(tmp_path, rows=ROWS)
    ids = await crowd(scene, 12)
    await scene.sync(yes=True)
    monkeypatch.setattr("acassist.sync.record_writes.MOST_BY_COLLECTIONS", 3)
    monkeypatch.setattr("acassist.sync.pairs.MOST_BY_COLLECTIONS", 3)
    await scene.org(validation_rules=[{"sobject": "Lead", "field": "Nickname__c", "pattern": "^bad$"}])
    for n, sf_id in enumerate(ids):
        await scene.change(scene.link(sf_id).ac_id, values={"Nickname": "bad" if n == 5 else "good"})
    await scene.sync()
    assert [scene.row("Lead", i)["Nickname__c"] for i in ids] == ["good"] * 5 + ["N5"] + ["good"] * 6
    assert scene.codes() == ["sf_validation"]
    assert scene.row("Lead", ids[5])[STATUS].startswith("Not synced:")
    await scene.close()


async def test_somebody_who_appears_just_before_an_import_is_linked_and_keeps_the_values(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene = await Scene.open(tmp_path, rows=ROWS)
    await scene.person("first@x.example")
    await scene.sync()
    ids = await crowd(scene, 12)
    account, found = scene.world.activecampaign, "acassist.sync.candidates.sort_records"
    sort = __import__("acassist.sync.candidates", fromlist=["sort_records"]).sort_records

    async def meanwhile(*given: Any) -> Any:
        sorted_ = await sort(*given)
        appear(account)
        return sorted_

    monkeypatch.setattr(found, meanwhile)
    await scene.sync(yes=True)
    person = scene.by_email("p3@x.example")
    assert (person["firstName"], person["lastName"]) == ("Form", "Filled")
    assert scene.link(ids[3]).ac_id == person["id"]
    assert len(scene.links()) == 12
    await scene.close()


def appear(account: Account) -> None:
    if account.find("p3@x.example") is None:
        account.create("p3@x.example", {"firstName": "Form", "lastName": "Filled"})


async def test_the_status_of_a_record_that_could_not_be_sent_says_why(tmp_path: Path) -> None:
    scene = await Scene.open(tmp_path, rows=ROWS)
    ids = await crowd(scene, 12)
    twins = [await scene.lead("twin@x.example"), await scene.lead("twin@x.example")]
    nobody = await scene.lead(None)
    await scene.account(excluded=["p4@x.example"])
    await scene.sync(yes=True)
    assert scene.codes() == ["ac_import_failed", "duplicate", "duplicate", "no_email"]
    assert {scene.row("Lead", i)[STATUS].partition(":")[0] for i in (*twins, ids[4])} == {"Not synced"}
    # Nobody asked for a record without an address.
    assert STATUS not in scene.row("Lead", nobody)
    await scene.sync()
    assert scene.record_writes() == []
    await scene.account(excluded=[])
    await scene.edit("Lead", ids[4], FirstName="Changed")
    await scene.sync()
    assert scene.row("Lead", ids[4])[STATUS] == "Synced successfully"
    await scene.close()


async def test_a_marked_record_that_failed_is_tried_again_although_the_text_took_its_mark(tmp_path: Path) -> None:
    scene = await Scene.open(tmp_path, rows=ROWS, outbound=MARKED)
    sf_id = await scene.lead(None, **{STATUS: "Waiting for next sync"})
    await scene.sync()
    assert scene.row("Lead", sf_id)[STATUS].startswith("Not synced:")
    assert scene.codes() == ["no_email"]
    await scene.sync(wait=90_000)
    assert scene.codes() == ["no_email"]
    await scene.edit("Lead", sf_id, Email="ann@x.example")
    await scene.sync(wait=90_000)
    assert scene.row("Lead", sf_id)[STATUS] == "Synced successfully"
    assert scene.codes() == []
    await scene.close()


async def test_a_first_run_stops_when_its_first_five_people_do_not_hold_what_was_sent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene = await Scene.open(tmp_path, rows=ROWS)
    await crowd(scene, 12)
    monkeypatch.setattr(Account, "set_value", lambda *_: None)
    problem = await scene.sync_stops(yes=True)
    assert (problem.code.value, problem.values["field"], problem.values["sent"]) == ("canary_differs", "Nickname", "N0")
    assert len(scene.people()) == 5
    assert scene.codes() == ["canary_differs"]
    await scene.close()


async def test_a_run_holds_one_page_of_records_at_a_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scene = await Scene.open(tmp_path, rows=ROWS)
    ids = await crowd(scene)
    held: list[int] = []
    candidates, pairs = run.work_candidates, run.work_pairs

    async def new(ctx: Any, sobject: Any, records: Any, status: Any) -> Any:
        held.append(len(records))
        return await candidates(ctx, sobject, records, status)

    async def linked(ctx: Any, sobject: Any, links: Any, *, records: Any, status: Any) -> None:
        held.extend((len(links), len(records)))
        await pairs(ctx, sobject, links, records=records, status=status)

    monkeypatch.setattr(run, "PAGE", 4)
    monkeypatch.setattr("acassist.sync.pairs.CHUNK", 4)
    monkeypatch.setattr(run, "work_candidates", new)
    monkeypatch.setattr(run, "work_pairs", linked)
    await scene.sync(yes=True)
    for sf_id in ids:
        await scene.edit("Lead", sf_id, Nickname__c="edited")
    await scene.sync()
    assert max(held) == 4
    assert {p["fieldValues"][scene.key("Nickname").removeprefix("field:")] for p in scene.people()} == {"edited"}
    await scene.close()


async def test_people_who_show_late_are_not_asked_for_one_by_one_and_are_linked_once(tmp_path: Path) -> None:
    scene = await Scene.open(tmp_path, rows=ROWS)
    await scene.lead("first@x.example")
    await scene.sync()
    ids = await crowd(scene, 40)
    await scene.account(list_lag_seconds=120.0)
    await scene.sync(yes=True)
    assert sum("email=" in e["query"] for e in scene.calls()) == 0
    await scene.sync()
    await scene.sync(wait=90_000)
    assert scene.codes() == []
    assert len(scene.people()) == 41
    assert len({scene.link(i).ac_id for i in ids}) == 40
    await scene.close()


@pytest.mark.parametrize("hidden", [True, False], ids=["excluded", "bounced"])
async def test_whom_an_import_passes_over_gets_the_tag_all_the_same(tmp_path: Path, *, hidden: bool) -> None:
    scene = await Scene.open(tmp_path, rows=ROWS)
    known = [await scene.person(f"p{n}@x.example") for n in range(12)]
    await crowd(scene, 12)
    if hidden:
        await scene.account(excluded=["p4@x.example"])
    else:
        scene.world.activecampaign.contacts[int(known[4])].bounced_hard = 1
    await scene.sync(yes=True)
    assert {tag for person in scene.people() for tag in person["tags"]} == {"created-from-salesforce-lead"}
    assert all(person["tags"] for person in scene.people())
    await scene.close()
