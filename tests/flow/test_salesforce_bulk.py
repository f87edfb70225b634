"""Bulk API 2.0 against the sandbox: whole jobs, refused rows, failed jobs, lost answers, time-outs and stopping."""

from typing import Any

import pytest

from acassist.domain.ids import SObject
from acassist.domain.problem import Problem, ProblemCode, ProblemError
from acassist.domain.record import RowResult
from acassist.salesforce import SalesforceClient, bulk, query, row_problem
from acassist.salesforce.bulk import ingest
from acassist.sandbox.settings import Settings
from tests.flow.connection import Connection

SOQL = "SELECT Id, Email, IsConverted, NumberOfEmployees, SystemModstamp, Owner.Name FROM Lead ORDER BY Id"


@pytest.fixture
async def connection() -> Connection:
    made = Connection(Settings(leads=30, contacts=10))
    await made.log_in()
    return made


@pytest.fixture
def client(connection: Connection) -> SalesforceClient:
    return connection.client()


async def lead_ids(client: SalesforceClient, most: int = 5) -> list[str]:
    rows = await client.rows(f"SELECT Id FROM Lead WHERE IsConverted = false ORDER BY Id LIMIT {most}")
    return [row["Id"] for row in rows]


async def cities(client: SalesforceClient, ids: list[str]) -> list[str | None]:
    return [(await client.retrieve(SObject.LEAD, i, ["City"]) or {})["City"] for i in ids]


def to(city: str | None, ids: list[str]) -> list[tuple[str, dict[str, Any]]]:
    return [(i, {"City": city}) for i in ids]


def calls(connection: Connection, part: str) -> list[dict[str, Any]]:
    return [entry for entry in connection.world.log.since(0) if part in entry["path"]]


async def test_records_are_updated_and_a_blank_empties_the_field(client: SalesforceClient) -> None:
    ids = await lead_ids(client)
    results = await client.bulk_update(SObject.LEAD, to("Köln, \"am\nRhein\"", ids))
    assert results == [RowResult(i, success=True) for i in ids]
    await client.bulk_update(SObject.LEAD, to(None, ids[:2]))
    assert await cities(client, ids[:3]) == [None, None, "Köln, \"am\nRhein\""]


async def test_a_refused_row_is_told_and_leaves_the_others_alone(client: SalesforceClient) -> None:
    ids = await lead_ids(client, 3)
    rows = [(ids[0], {"City": "A"}), (ids[1], {"LastName": "x" * 90}), (ids[2], {"City": "C"})]
    good, bad, last = await client.bulk_update(SObject.LEAD, rows)
    assert good.success
    assert last.success
    assert (bad.id, bad.success) == (ids[1], False)
    assert row_problem(bad.errors[0]).code is ProblemCode.SF_TOO_LONG


async def test_a_text_that_reads_as_null_goes_by_collections(connection: Connection, client: SalesforceClient) -> None:
    first, second = await lead_ids(client, 2)
    results = await client.bulk_update(SObject.LEAD, [(first, {"City": "#N/A"}), (second, {"City": "B"})])
    assert [r.success for r in results] == [True, True]
    assert await cities(client, [first, second]) == ["#N/A", "B"]
    assert len(calls(connection, "composite/sobjects")) == 1


async def test_created_records_come_back_in_order_with_their_ids(client: SalesforceClient) -> None:
    rows: list[dict[str, Any]] = [{"LastName": name, "Company": "C"} for name in ("A", "B", "B")]
    rows[1:1] = [{"LastName": "No company"}]
    results = await ingest(client, "Lead", "insert", rows)
    assert [r.created for r in results] == [True, False, True, True]
    made = [await client.retrieve(SObject.LEAD, r.id or "", ["LastName"]) for r in results if r.success]
    assert [(record or {})["LastName"] for record in made] == ["A", "B", "B"]
    assert len({r.id for r in results if r.success}) == 3
    assert row_problem(results[1].errors[0]).code is ProblemCode.SF_REQUIRED


async def test_a_job_that_fails_gives_every_row_its_reason(client: SalesforceClient) -> None:
    ids = await lead_ids(client, 2)
    results = await client.bulk_update(SObject.LEAD, [(i, {"Nowhere__c": "x"}) for i in ids])
    assert [r.success for r in results] == [False, False]
    assert "Nowhere__c" in results[0].errors[0].message


LOST = [
    ("POST", "jobs/ingest$"),
    ("PUT", "batches$"),
    ("PATCH", "jobs/ingest/750"),
    ("GET", "jobs/ingest/750"),
]


@pytest.mark.parametrize("kind", ["drop", "drop_after"])
@pytest.mark.parametrize(("method", "path"), LOST, ids=["create", "upload", "close", "poll"])
async def test_a_lost_answer_does_not_lose_or_repeat_anything(
    connection: Connection, client: SalesforceClient, method: str, path: str, kind: str
) -> None:
    ids = await lead_ids(client)
    connection.world.faults.add({"method": method, "path": path, "action": {"kind": kind}})
    results = await client.bulk_update(SObject.LEAD, to("Bern", ids))
    assert all(r.success for r in results)
    assert await cities(client, ids) == ["Bern"] * 5
    uploaded = [e for e in calls(connection, "/batches") if e["status"] == 201]
    done = [job for job in connection.world.salesforce.jobs.values() if job.state == "JobComplete"]
    assert len(done) == 1, uploaded


async def test_a_job_that_never_ends_is_aborted_and_reported_as_busy(
    connection: Connection, client: SalesforceClient
) -> None:
    ids = await lead_ids(client)
    connection.world.salesforce.switches.bulk_polls = 100_000
    with pytest.raises(ProblemError) as caught:
        await client.bulk_update(SObject.LEAD, to("Bern", ids))
    assert caught.value.problem.code is ProblemCode.SF_BUSY
    assert [job.state for job in connection.world.salesforce.jobs.values()] == ["Aborted"]
    asked = [e for e in calls(connection, "jobs/ingest/750") if e["method"] == "GET"]
    assert len(asked) < 260


async def test_the_questions_come_at_growing_distances(connection: Connection, client: SalesforceClient) -> None:
    connection.world.salesforce.switches.bulk_polls = 8
    before = connection.clock.seconds
    await client.bulk_update(SObject.LEAD, to("Bern", await lead_ids(client)))
    asked = [e for e in calls(connection, "jobs/ingest/750") if e["method"] == "GET"]
    assert len(asked) == 9
    assert connection.clock.seconds - before > 60


async def test_stopping_aborts_the_job(connection: Connection, client: SalesforceClient) -> None:
    connection.world.salesforce.switches.bulk_polls = 5
    asked = 0

    def stop() -> None:
        nonlocal asked
        asked += 1
        if asked == 3:
            raise ProblemError(Problem(ProblemCode.CANCELLED))

    with pytest.raises(ProblemError) as caught:
        await client.bulk_update(SObject.LEAD, to("Bern", await lead_ids(client)), watch=stop)
    assert caught.value.problem.code is ProblemCode.CANCELLED
    assert [job.state for job in connection.world.salesforce.jobs.values()] == ["Aborted"]


async def test_an_org_that_takes_no_job_is_written_by_collections(
    connection: Connection, client: SalesforceClient
) -> None:
    ids = await lead_ids(client)
    body = [{"errorCode": "FUNCTIONALITY_NOT_ENABLED", "message": "not enabled"}]
    action = {"kind": "status", "status": 403, "body": body}
    connection.world.faults.add({"method": "POST", "path": "jobs/ingest$", "times": -1, "action": action})
    assert all(r.success for r in await client.bulk_update(SObject.LEAD, to("Bern", ids)))
    assert await cities(client, ids) == ["Bern"] * 5


async def test_a_bulk_query_brings_the_same_rows_as_a_query(
    connection: Connection, client: SalesforceClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("acassist.salesforce.bulk_query.ANSWER_ROWS", 7)
    monkeypatch.setattr("acassist.salesforce.bulk_query.PAGE_ROWS", 3)
    plain = await client.rows(SOQL, deleted=True)
    pages = [page async for page in client.bulk_query(SObject.LEAD, SOQL, deleted=True)]
    assert max(map(len, pages)) == 3
    found = [row for page in pages for row in page]
    for row in plain:
        row.pop("attributes")
        row["Owner"].pop("attributes")
    assert found == plain
    assert len(calls(connection, "/results")) == -(-len(plain) // 7)


async def test_a_query_with_too_many_rows_becomes_a_job(
    connection: Connection, client: SalesforceClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(query, "MOST_BY_PAGES", 20)
    rows = await client.rows("SELECT Id FROM Lead ORDER BY Id")
    assert len({row["Id"] for row in rows}) == len(rows) == await client.count("SELECT COUNT() FROM Lead")
    assert len(calls(connection, "/results")) == 1


@pytest.mark.parametrize("way", ["refused", "failed"])
async def test_a_query_goes_on_by_pages_when_the_job_is_refused_or_fails(
    connection: Connection, client: SalesforceClient, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    monkeypatch.setattr(query, "MOST_BY_PAGES", 20)
    refusal = {"status": 400, "body": [{"errorCode": "INVALIDJOB", "message": "not supported"}]}
    failed = {"status": 200, "body": {"id": "750", "state": "Failed", "errorMessage": "INVALID_FIELD: x"}}
    method, path, answer = ("POST", "jobs/query$", refusal) if way == "refused" else ("GET", "jobs/query/750", failed)
    connection.world.faults.add({"method": method, "path": path, "times": -1, "action": {"kind": "status", **answer}})
    rows = await client.rows("SELECT Id FROM Lead ORDER BY Id")
    assert len({row["Id"] for row in rows}) == len(rows) == await client.count("SELECT COUNT() FROM Lead")


async def test_stopping_a_bulk_query_aborts_its_job(connection: Connection, client: SalesforceClient) -> None:
    connection.world.salesforce.switches.bulk_polls = 5
    asked: list[int] = []

    def stop() -> None:
        asked.append(1)
        if len(asked) == 2:
            raise ProblemError(Problem(ProblemCode.CANCELLED))

    with pytest.raises(ProblemError):
        async for _ in client.bulk_query(SObject.LEAD, SOQL, watch=stop):
            pass
    assert [job.state for job in connection.world.salesforce.jobs.values()] == ["Aborted"]


def test_the_pauses_grow() -> None:
    assert list(bulk.PAUSES) == sorted(bulk.PAUSES)
