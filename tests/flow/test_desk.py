"""Health, exports, limits, logs and copies, on a synced profile."""

from __future__ import annotations

import csv
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from acassist.assistant.events import Alert
from acassist.assistant.health import HealthKind
from acassist.assistant.views import RecordRef
from acassist.domain.ids import SObject
from acassist.domain.problem import ProblemCode, ProblemError
from acassist.domain.profile import Defaults, Limits, OutboundSettings
from acassist.domain.schedule import Schedule
from acassist.domain.selection import Criteria, Criterion, Operator, Selection, SelectionKind
from tests.engine import Engine, open_engine

EVERYBODY = Selection(SelectionKind.CRITERIA, Criteria((Criterion("LastName", Operator.IS_NOT_BLANK),)))


@pytest.fixture
async def engine(tmp_path: Path) -> AsyncIterator[Engine]:
    outbound = OutboundSettings(lead=EVERYBODY, contact=EVERYBODY)
    opened = await open_engine(tmp_path / "profile", outbound=outbound)
    await opened.assistant.sync_now(yes=True)
    await opened.assistant.sync_now(yes=True)
    yield opened
    await opened.close()


async def test_health_counts_every_link_once(engine: Engine) -> None:
    health = await engine.assistant.desk.health()
    linked = sum(n for kind, n in health.counts.items() if kind is not HealthKind.IN_ERROR)
    assert linked == engine.stores.ledger.count_links()
    assert health.counts[HealthKind.SYNCED] > 0


async def test_a_link_whose_contact_is_gone_is_listed_as_missing(engine: Engine) -> None:
    link = next(iter(engine.stores.ledger.iter_links(sobject=SObject.CONTACT)))
    await engine.control.call("DELETE", f"/activecampaign/contacts/{link.ac_id}")
    await engine.control.call("PATCH", f"/salesforce/Contact/{link.sf_id}", {"FirstName": "Again"})
    await engine.assistant.sync_now()
    rows = (await engine.assistant.desk.health()).rows[HealthKind.MISSING]
    assert link.sf_id in {row.ref.sf_id for row in rows}


async def test_comparing_finds_a_value_that_was_changed_behind_the_back(engine: Engine) -> None:
    link = next(iter(engine.stores.ledger.iter_links(sobject=SObject.CONTACT)))
    await engine.control.call("PATCH", f"/salesforce/Contact/{link.sf_id}", {"FirstName": "Behind"})
    steps = [step async for step in engine.assistant.desk.compare(None)]
    assert steps[-1].checked == steps[-1].total
    assert (link.sf_id, 1) in {(row.ref.sf_id, steps[-1].differing) for row in steps[-1].rows}
    assert await engine.assistant.desk.sync_again([steps[-1].rows[0].ref]) >= 1


async def test_a_contact_that_lost_its_tag_is_found_and_gets_it_back(engine: Engine) -> None:
    link = next(iter(engine.stores.ledger.iter_links(sobject=SObject.CONTACT)))
    client = await engine.assistant.session.activecampaign()
    for association in (await client.contact_tags(link.ac_id)).values():
        await client.remove_tag(association)
    found = [step async for step in engine.assistant.desk.compare(None)][-1].untagged_rows
    assert link.ac_id in {row.ref.ac_id for row in found}
    await engine.assistant.desk.tag_again([row.ref for row in found])
    again = [step async for step in engine.assistant.desk.compare(None)][-1]
    assert again.untagged == 0


async def test_addresses_are_known_without_a_call(engine: Engine) -> None:
    mark = engine.world.log.total
    left, right = await engine.assistant.desk.addresses(RecordRef(SObject.LEAD, "00Q000000000001AAA", "7"))
    assert left is not None
    assert "00Q000000000001AAA" in left
    assert right == "https://acct.activehosted.com/app/contacts/7"
    assert await engine.assistant.desk.addresses(RecordRef()) == (None, None)
    assert engine.world.log.total == mark


async def test_a_run_is_exported_with_every_change(engine: Engine, tmp_path: Path) -> None:
    run = (await engine.assistant.runs())[-1]
    await engine.assistant.desk.export_run(run.id, tmp_path / "run.csv")
    await engine.assistant.desk.export_run(run.id, tmp_path / "run.json")
    with (tmp_path / "run.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    items = await engine.assistant.run_items(run.id, 100_000)
    assert len(rows) == len(items) + 1
    assert len(json.loads((tmp_path / "run.json").read_text("utf-8"))) == len(items)


async def test_an_export_to_a_place_that_cannot_be_written_says_so(engine: Engine, tmp_path: Path) -> None:
    with pytest.raises(ProblemError) as refused:
        await engine.assistant.desk.export_issues(tmp_path / "nowhere" / "issues.csv")
    assert refused.value.problem.code is ProblemCode.EXPORT_FAILED


async def test_limits_and_defaults_hold_and_are_in_the_audit_log(engine: Engine) -> None:
    await engine.assistant.desk.set_limits(Limits(salesforce_share=100, emptied_count=7))
    await engine.assistant.desk.set_defaults(Defaults(last_name=" Unknown "))
    setup = await engine.assistant.setup()
    assert (setup.limits.salesforce_share, setup.limits.emptied_count) == (95, 7)
    assert setup.defaults.last_name == "Unknown"
    told = await engine.assistant.desk.audit()
    assert [entry.what for entry in told[:2]] == ["defaults", "limits"]
    assert "limits.emptied_count: 7" in told[1].after


async def test_an_import_says_what_it_would_change(engine: Engine, tmp_path: Path) -> None:
    file = await engine.assistant.desk.export_setup(tmp_path / "setup.json")
    data = json.loads(file.read_text("utf-8"))
    data["setup"]["limits"]["emptied_count"] = 99
    file.write_text(json.dumps(data), "utf-8")
    changes = (await engine.assistant.desk.read_import(file)).changes
    assert [(c.path, c.before, c.after) for c in changes] == [("limits.emptied_count", "20", "99")]


@pytest.mark.parametrize("text", ["", "[]", "{", '{"format": "other"}'])
async def test_a_file_that_is_no_set_up_is_refused(engine: Engine, tmp_path: Path, text: str) -> None:
    (tmp_path / "x.json").write_text(text, "utf-8")
    with pytest.raises(ProblemError) as refused:
        await engine.assistant.desk.read_import(tmp_path / "x.json")
    assert refused.value.problem.code is ProblemCode.FILE_INVALID


async def test_diagnostics_hold_no_secret_and_no_address(engine: Engine) -> None:
    text = await engine.assistant.desk.diagnostics()
    assert "SET-UP" in text
    assert engine.world.activecampaign.api_key not in text
    assert "@" not in text
    connection = engine.assistant.session.setup.salesforce
    assert connection is not None
    assert connection.client_id not in text


async def test_a_copy_of_the_profile_is_made_on_demand(engine: Engine) -> None:
    made = await engine.assistant.desk.back_up()
    assert made.path.exists()
    assert (await engine.assistant.desk.backups())[0].path == made.path


async def test_the_copy_of_the_day_is_made_once_while_the_schedule_runs(engine: Engine) -> None:
    for _ in range(3):
        engine.assistant.runner._copy()
    assert len(await engine.assistant.desk.backups()) == 1


async def test_a_schedule_that_is_not_kept_is_told_once(engine: Engine) -> None:
    session = engine.assistant.session
    outbound = replace(session.setup.outbound, schedule=Schedule(), scheduled_at=session.machine.clock.now())
    session.store(session.with_setup(outbound=outbound, paused=False), what="test")
    told: list[ProblemCode] = []
    session.events.subscribe(lambda e: told.append(e.problem.code) if isinstance(e, Alert) else None)
    assert engine.assistant.runner.overdue() is None
    await session.machine.clock.sleep(3 * 86_400)
    for _ in range(3):
        engine.assistant.runner._watch()
    assert told == [ProblemCode.RUN_OVERDUE]


async def test_the_run_history_is_exported_with_its_counters(engine: Engine, tmp_path: Path) -> None:
    runs = await engine.assistant.runs(10)
    path = await engine.assistant.desk.export_runs(tmp_path / "runs.csv")
    rows = list(csv.DictReader(path.read_text("utf-8-sig").splitlines()))
    assert [row["Run"] for row in rows] == [str(run.id) for run in runs]
    assert rows[-1]["Created in ActiveCampaign"] == str(runs[-1].counters.created_ac)
    assert {row["State"] for row in rows} <= {"Done", "Done, with issues"}
