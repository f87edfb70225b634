"""Control routes, the request log and the data set of the Salesforce side."""

from __future__ import annotations

from acassist.sandbox.settings import Settings
from tests.contract.salesforce.conftest import Org
from tests.sandbox import in_process


class TestControl:
    async def test_edits_as_another_user(self, org: Org) -> None:
        made = await org.control.call("POST", "/salesforce/Lead", {"LastName": "a", "Company": "b"})
        await org.control.call("PATCH", f"/salesforce/Lead/{made['id']}", {"City": "Bern"})
        record = await org.read("Lead", made["id"], "City", "LastModifiedById")
        assert (record["City"], record["LastModifiedById"]) == ("Bern", org.org.other_user_id)
        await org.control.call("DELETE", f"/salesforce/Lead/{made['id']}")
        assert await org.control.call("GET", "/state/salesforce/Lead") == []

    async def test_unknown_settings_are_refused(self, org: Org) -> None:
        answer = await org.control._client.patch("/salesforce/settings", json={"nothing": 1})
        assert answer.status_code == 400
        answer = await org.control._client.patch("/salesforce/settings", json={"rotate": "yes"})
        assert answer.status_code == 400

    async def test_the_state_is_the_same_for_the_same_seed(self) -> None:
        first, second = (Org(in_process(Settings(leads=30, contacts=20))) for _ in range(2))
        states = [await found.control.call("GET", "/state") for found in (first, second)]
        assert states[0]["salesforce"] == states[1]["salesforce"]


class TestLog:
    async def test_writes_name_object_rows_and_fields(self, org: Org) -> None:
        rows = [{"attributes": {"type": "Lead"}, "LastName": "a", "Company": "b"}] * 2
        await org.good("POST", "/composite/sobjects", {"records": rows})
        entry = org.world.log.since()[-1]
        assert (entry["kind"], entry["sobject"], entry["rows"]) == ("write", "Lead", 2)
        assert entry["fields"] == ["Company", "LastName"]

    async def test_secrets_never_enter_it(self, org: Org) -> None:
        await org.query("SELECT Id FROM Lead")
        token = org.web.headers["authorization"].partition(" ")[2]
        assert token not in repr(org.world.log.since())


class TestDataSet:
    async def test_it_has_the_kinds_of_people_that_cause_trouble(self, peopled: Org) -> None:
        everybody = "/queryAll"
        assert await peopled.ids("SELECT Id FROM Lead WHERE IsConverted = true")
        assert await peopled.ids("SELECT Id FROM Lead WHERE IsDeleted = true AND MasterRecordId != null", everybody)
        assert await peopled.ids("SELECT Id FROM Contact WHERE Account.Name != null")
        leads = {row["Email"] for row in (await peopled.query("SELECT Email FROM Lead WHERE Email != null"))["records"]}
        contacts = (await peopled.query("SELECT Email FROM Contact WHERE Email != null"))["records"]
        assert leads & {row["Email"] for row in contacts}

    async def test_activecampaign_fields_are_blank(self, peopled: Org) -> None:
        assert await peopled.ids("SELECT Id FROM Lead WHERE ActiveCampaign_Sync_Status__c != null") == []
