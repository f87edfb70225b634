"""A Salesforce client that we did not write, simple-salesforce, against the sandbox over loopback."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import requests
from requests.adapters import HTTPAdapter
from simple_salesforce import Salesforce
from simple_salesforce.exceptions import (
    SalesforceExpiredSession,
    SalesforceMalformedRequest,
    SalesforceMoreThanOneRecord,
    SalesforceResourceNotFound,
)

from acassist.sandbox.server import Running, build
from acassist.sandbox.settings import Settings


class PlainHttp(HTTPAdapter):
    """Sends what the client wants to send over https without TLS, as the sandbox has none."""

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:
        assert request.url
        request.url = request.url.replace("https://", "http://", 1)
        return super().send(request, *args, **kwargs)


@pytest.fixture(scope="module")
def running() -> Iterator[Running]:
    with Running(build(Settings(), empty=True)) as found:
        yield found


@pytest.fixture
def sf(running: Running) -> Iterator[Salesforce]:
    """A client with a session of its own on an org without people."""
    org = running.world.salesforce
    for name in ("Lead", "Contact", "Account"):
        table = org.rows_of(name)
        for key in list(table.rows):
            table.remove(key)
    until = org.now().timestamp() + 7200
    token = org.auth.open_session(org_id=org.org_id, user_id=org.user_id, scope="api", until=until).token
    with requests.Session() as session:
        session.mount("https://", PlainHttp())
        address = running.info["salesforce_instance"].replace("http://", "https://")
        yield Salesforce(instance_url=address, session_id=token, session=session, version="66.0")


def fill(sf: Salesforce, count: int) -> None:
    """Create leads, 200 at a time, with the client's own Collections call."""
    for start in range(0, count, 200):
        rows = [
            {"attributes": {"type": "Lead"}, "LastName": f"L{start + n:05d}", "Company": "C"}
            for n in range(min(200, count - start))
        ]
        results = sf.restful("composite/sobjects", method="POST", json={"allOrNone": False, "records": rows})
        assert all(result["success"] for result in results)


def test_a_record_can_be_created_read_changed_and_deleted(sf: Salesforce) -> None:
    key = sf.Contact.create({"LastName": "Smith", "Email": "smith@firm.example"})["id"]
    assert sf.Contact.get(key)["Email"] == "smith@firm.example"
    assert sf.Contact.update(key, {"FirstName": "Ann"}) == 204
    assert sf.Contact.get(key)["Name"] == "Ann Smith"
    assert sf.Contact.delete(key) == 204
    with pytest.raises(SalesforceResourceNotFound):
        sf.Contact.get(key)


def test_refusals_reach_the_client_as_its_own_exceptions(sf: Salesforce, running: Running) -> None:
    with pytest.raises(SalesforceMalformedRequest, match="Required fields are missing"):
        sf.Lead.create({"LastName": "Smith"})
    with pytest.raises(SalesforceMalformedRequest, match="MALFORMED_QUERY"):
        sf.query("SELECT Id FROM")
    running.world.salesforce.auth.expire_sessions()
    with pytest.raises(SalesforceExpiredSession):
        sf.query("SELECT Id FROM Lead")


def test_query_all_follows_several_pages(sf: Salesforce) -> None:
    fill(sf, 4300)
    found = sf.query_all("SELECT Id, LastName FROM Lead ORDER BY LastName")
    assert found["totalSize"] == len(found["records"]) == 4300
    assert [row["LastName"] for row in found["records"]] == [f"L{n:05d}" for n in range(4300)]


def test_describe_and_limits(sf: Salesforce) -> None:
    assert {"Lead", "Contact", "Account"} <= {item["name"] for item in sf.describe()["sobjects"]}
    names = [field["name"] for field in sf.Lead.describe()["fields"]]
    assert names[0] == "Id"
    assert sf.limits()["DailyApiRequests"]["Max"] == 100000
    assert sf.api_usage["api-usage"].total == 100000


def test_upsert_by_external_id(sf: Salesforce) -> None:
    values = {"LastName": "Smith", "Company": "Acme"}
    assert sf.Lead.upsert("ActiveCampaign_ID__c/12", values) == 201
    assert sf.Lead.upsert("ActiveCampaign_ID__c/12", values) == 200
    assert sf.Lead.get_by_custom_id("ActiveCampaign_ID__c", "12")["Company"] == "Acme"
    sf.Lead.create({**values, "ActiveCampaign_ID__c": "12"})
    with pytest.raises(SalesforceMoreThanOneRecord):
        sf.Lead.upsert("ActiveCampaign_ID__c/12", values)


def test_updated_and_deleted(sf: Salesforce, running: Running) -> None:
    from datetime import timedelta

    now = running.world.clock.now()
    key = sf.Lead.create({"LastName": "Smith", "Company": "Acme"})["id"]
    assert key in sf.Lead.updated(now - timedelta(hours=1), now + timedelta(minutes=2))["ids"]
    sf.Lead.delete(key)
    gone = sf.Lead.deleted(now - timedelta(hours=1), now + timedelta(minutes=2))["deletedRecords"]
    assert key in {entry["id"] for entry in gone}


def test_bulk2_ingest_and_query(sf: Salesforce, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("simple_salesforce.bulk2.sleep", lambda _seconds: None)
    records = [{"LastName": f"B{n}", "Company": "C"} for n in range(25)] + [{"LastName": "bad", "Company": ""}]
    (result,) = sf.bulk2.Lead.insert(records=records)
    assert (result["numberRecordsProcessed"], result["numberRecordsFailed"]) == (26, 1)
    assert "REQUIRED_FIELD_MISSING" in sf.bulk2.Lead.get_failed_records(result["job_id"])
    pages = list(sf.bulk2.Lead.query("SELECT Id, LastName FROM Lead ORDER BY Id", max_records=10))
    assert [len(page.splitlines()) - 1 for page in pages] == [10, 10, 5]


def test_tooling_and_a_bad_address(sf: Salesforce) -> None:
    found = sf.toolingexecute("query/?q=SELECT+Id,DeveloperName+FROM+CustomField")
    assert "Annual_Budget" in {row["DeveloperName"] for row in found["records"]}
    with pytest.raises(SalesforceResourceNotFound):
        sf.restful("nothing")
