"""Bulk API 2.0 (section 4.3)."""

from __future__ import annotations

import csv
import io
from typing import Any

from tests.contract.salesforce.conftest import Org

JOB = {"object": "Lead", "operation": "insert", "contentType": "CSV", "lineEnding": "LF"}


async def run(org: Org, text: str, **job: Any) -> dict[str, Any]:
    """Upload and finish a job; return its last status."""
    made = await org.good("POST", "/jobs/ingest", {**JOB, **job})
    upload = await org.web.put("/" + made["contentUrl"], content=text.encode(), headers={"Content-Type": "text/csv"})
    assert upload.status_code == 201
    path = f"/jobs/ingest/{made['id']}"
    await org.good("PATCH", path, {"state": "UploadComplete"})
    states = [(await org.good("GET", path))["state"] for _ in range(2)]
    assert states[0] == "InProgress"
    return dict(await org.good("GET", path))


async def table(org: Org, job: dict[str, Any], which: str) -> list[dict[str, str]]:
    answer = await org.call("GET", f"/jobs/ingest/{job['id']}/{which}/")
    assert answer.headers["content-type"].startswith("text/csv")
    return list(csv.DictReader(io.StringIO(answer.text)))


class TestIngest:
    async def test_the_job(self, org: Org) -> None:
        """apiVersion is a number, contentUrl has no leading slash, state Open."""
        job = await org.good("POST", "/jobs/ingest", JOB)
        assert job["id"].startswith("750")
        assert (job["state"], job["apiVersion"]) == ("Open", 66.0)
        assert job["contentUrl"] == f"services/data/v66.0/jobs/ingest/{job['id']}/batches"

    async def test_good_and_bad_rows(self, org: Org) -> None:
        """sf__Id, sf__Created and sf__Error in the form CODE:message:Field --."""
        job = await run(org, "LastName,Company,Email\nAnn,Acme,a@b.example\nBob,,\n")
        assert (job["state"], job["numberRecordsProcessed"], job["numberRecordsFailed"]) == ("JobComplete", 2, 1)
        (good,) = await table(org, job, "successfulResults")
        (bad,) = await table(org, job, "failedResults")
        assert (good["sf__Created"], good["LastName"]) == ("true", "Ann")
        assert bad["sf__Error"].startswith("REQUIRED_FIELD_MISSING:Required fields are missing: [Company]:Company --")
        assert await table(org, job, "unprocessedrecords") == []

    async def test_blank_leaves_alone_and_na_clears(self, org: Org) -> None:
        key = await org.lead(City="Bern", Title="CEO")
        await run(org, f"Id,City,Title\n{key},,#N/A\n", operation="update")
        record = await org.read("Lead", key, "City", "Title")
        assert (record["City"], record["Title"]) == ("Bern", None)

    async def test_upsert_and_delete(self, org: Org) -> None:
        text = "ActiveCampaign_ID__c,LastName,Company\n1,A,C\n"
        for created in ("true", "false"):
            job = await run(org, text, operation="upsert", externalIdFieldName="ActiveCampaign_ID__c")
            (good,) = await table(org, job, "successfulResults")
            assert good["sf__Created"] == created
        await run(org, f"Id\n{good['sf__Id']}\n", operation="delete")
        assert await org.ids("SELECT Id FROM Lead") == []

    async def test_an_unknown_column_fails_the_job(self, org: Org) -> None:
        job = await run(org, "LastName,Nothing\nA,B\n")
        assert job["state"] == "Failed"
        assert "Nothing" in job["errorMessage"]

    async def test_an_aborted_job_writes_nothing(self, org: Org) -> None:
        made = await org.good("POST", "/jobs/ingest", JOB)
        await org.web.put("/" + made["contentUrl"], content=b"LastName,Company\nA,B\n")
        await org.good("PATCH", f"/jobs/ingest/{made['id']}", {"state": "Aborted"})
        assert (await org.good("GET", f"/jobs/ingest/{made['id']}"))["state"] == "Aborted"
        assert len(await table(org, made, "unprocessedrecords")) == 1

    async def test_no_assignment_without_a_rule_id(self, org: Org) -> None:
        job = await run(org, "LastName,Company\nA,B\n")
        (good,) = await table(org, job, "successfulResults")
        assert (await org.read("Lead", good["sf__Id"], "OwnerId"))["OwnerId"] == org.org.user_id


class TestQueryJobs:
    async def test_pages_by_locator(self, org: Org) -> None:
        """Sforce-Locator is null at the end; Sforce-NumberOfRecords counts the page."""
        keys = [await org.lead() for _ in range(3)]
        body = {"operation": "query", "query": "SELECT Id, Owner.Name FROM Lead ORDER BY Id"}
        job = await org.good("POST", "/jobs/query", body)
        path = f"/jobs/query/{job['id']}"
        assert [(await org.good("GET", path))["state"] for _ in range(2)] == ["InProgress", "JobComplete"]
        first = await org.call("GET", f"{path}/results?maxRecords=2")
        assert first.headers["sforce-numberofrecords"] == "2"
        rest = await org.call("GET", f"{path}/results", params={"locator": first.headers["sforce-locator"]})
        assert rest.headers["sforce-locator"] == "null"
        rows = [*csv.DictReader(io.StringIO(first.text)), *csv.DictReader(io.StringIO(rest.text))]
        assert [row["Id"] for row in rows] == keys
        assert rows[0]["Owner.Name"] == "Sasha Admin"

    async def test_compound_fields_are_refused(self, org: Org) -> None:
        body = {"operation": "query", "query": "SELECT Address FROM Lead"}
        assert (await org.refused("POST", "/jobs/query", body))[0] == 400
