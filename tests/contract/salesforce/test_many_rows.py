"""Collections, Composite and Batch (sections 4.1 and 4.2)."""

from __future__ import annotations

from typing import Any

from tests.contract.salesforce.conftest import Org, V

LEAD = {"attributes": {"type": "Lead"}, "LastName": "Doe", "Company": "Acme"}


def leads(count: int, **values: Any) -> list[dict[str, Any]]:
    return [{**LEAD, "LastName": f"L{n}", **values} for n in range(count)]


class TestCollections:
    async def test_results_come_in_the_order_of_the_request(self, org: Org) -> None:
        """4.1: 200, one result a row, statusCode in errors."""
        rows = [*leads(1), {"attributes": {"type": "Lead"}, "LastName": "x"}, *leads(1)]
        results = await org.good("POST", "/composite/sobjects", {"allOrNone": False, "records": rows})
        assert [result["success"] for result in results] == [True, False, True]
        assert results[1]["errors"] == [
            {
                "statusCode": "REQUIRED_FIELD_MISSING",
                "message": "Required fields are missing: [Company]",
                "fields": ["Company"],
            }
        ]
        assert "id" not in results[1]

    async def test_update_and_its_failures(self, org: Org) -> None:
        """4.1: the id comes with failed updates (UNVERIFIED, switch)."""
        key, dead = await org.lead(), await org.lead()
        await org.good("DELETE", f"/sobjects/Lead/{dead}")
        rows = [
            {"attributes": {"type": "Lead"}, "id": key, "City": "Bern"},
            {"attributes": {"type": "Lead"}, "id": dead, "City": "Bern"},
        ]
        good, bad = await org.good("PATCH", "/composite/sobjects", {"records": rows})
        assert good == {"id": key, "success": True, "errors": []}
        assert (bad["id"], bad["errors"][0]["statusCode"]) == (dead, "ENTITY_IS_DELETED")
        await org.set(failed_update_row_has_id=False)
        _, bad = await org.good("PATCH", "/composite/sobjects", {"records": rows})
        assert "id" not in bad

    async def test_all_or_none_takes_everything_back(self, org: Org) -> None:
        """4.1: the others are ALL_OR_NONE_OPERATION_ROLLED_BACK."""
        rows = [*leads(1), {"attributes": {"type": "Lead"}, "LastName": "x"}]
        results = await org.good("POST", "/composite/sobjects", {"allOrNone": True, "records": rows})
        assert results[0]["errors"][0]["statusCode"] == "ALL_OR_NONE_OPERATION_ROLLED_BACK"
        assert await org.ids("SELECT Id FROM Lead") == []

    async def test_two_hundred_rows_and_ten_chunks(self, org: Org) -> None:
        """4.1."""
        assert len(await org.good("POST", "/composite/sobjects", {"records": leads(200)})) == 200
        assert (await org.refused("POST", "/composite/sobjects", {"records": leads(201)}))[0] == 400
        account = {"attributes": {"type": "Account"}, "Name": "A"}
        assert await org.good("POST", "/composite/sobjects", {"records": [LEAD, account] * 5})
        assert (await org.refused("POST", "/composite/sobjects", {"records": [LEAD, account] * 5 + [LEAD]}))[0] == 400

    async def test_upsert_by_external_id(self, org: Org) -> None:
        """4.1: created true and false; the same key twice in a batch fails the second row."""
        path = "/composite/sobjects/Lead/ActiveCampaign_ID__c"
        rows = [{**LEAD, "ActiveCampaign_ID__c": "1"}, {**LEAD, "ActiveCampaign_ID__c": "1"}]
        first, second = await org.good("PATCH", path, {"records": rows})
        assert (first["success"], first["created"]) == (True, True)
        assert second["errors"][0]["statusCode"] == "DUPLICATE_VALUE"
        (again,) = await org.good("PATCH", path, {"records": rows[:1]})
        assert (again["id"], again["created"]) == (first["id"], False)

    async def test_upsert_on_email_and_on_a_null_id(self, org: Org) -> None:
        """4.1: an idLookup standard field, and /Id with null to force an insert."""
        row = {"attributes": {"type": "Contact"}, "LastName": "x", "Email": "a@b.example"}
        (first,) = await org.good("PATCH", "/composite/sobjects/Contact/Email", {"records": [row]})
        (again,) = await org.good("PATCH", "/composite/sobjects/Contact/Email", {"records": [row]})
        assert again["id"] == first["id"]
        (made,) = await org.good("PATCH", "/composite/sobjects/Contact/Id", {"records": [{**row, "Id": None}]})
        assert made["created"] is True

    async def test_several_matches_fail_the_row(self, org: Org) -> None:
        """2.4: DUPLICATE_EXTERNAL_ID inside Collections."""
        for _ in range(2):
            await org.lead(ActiveCampaign_ID__c="9")
        rows = [{**LEAD, "ActiveCampaign_ID__c": "9"}]
        (bad,) = await org.good("PATCH", "/composite/sobjects/Lead/ActiveCampaign_ID__c", {"records": rows})
        assert bad["errors"][0]["statusCode"] == "DUPLICATE_EXTERNAL_ID"

    async def test_delete(self, org: Org) -> None:
        """4.1."""
        key = await org.lead()
        path = f"/composite/sobjects?ids={key},00Q000000000000AAA&allOrNone=false"
        good, bad = await org.good("DELETE", path)
        assert good["success"] is True
        assert bad["errors"][0]["statusCode"] == "INVALID_CROSS_REFERENCE_KEY"

    async def test_retrieve_by_get_and_post(self, org: Org) -> None:
        """4.1: a missing id gives null; a POST here is a read."""
        key = await org.lead()
        body = {"ids": [key, "00Q000000000000AAA"], "fields": ["Id", "LastName"]}
        found = await org.good("POST", "/composite/sobjects/Lead", body)
        assert found[0]["LastName"] == "Doe"
        assert found[1] is None
        assert org.world.log.since()[-1]["kind"] == "read"
        params = {"ids": key, "fields": "LastName"}
        assert (await org.good("GET", "/composite/sobjects/Lead", params=params))[0]["LastName"] == "Doe"

    async def test_it_costs_one_call(self, org: Org) -> None:
        """4.1."""
        await org.good("POST", "/composite/sobjects", {"records": leads(50)})
        answer = await org.call("GET", "/limits")
        assert answer.headers["sforce-limit-info"].startswith("api-usage=2/")

    async def test_a_throwing_trigger_fails_its_whole_chunk(self, org: Org) -> None:
        """4.1: CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY on all."""
        await org.set(trigger_failures=[{"sobject": "Lead", "field": "LastName", "pattern": "^L1$"}])
        results = await org.good("POST", "/composite/sobjects", {"records": leads(3)})
        codes = {error["statusCode"] for result in results for error in result["errors"]}
        assert codes == {"CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY"}
        assert [result["success"] for result in results] == [False] * 3

    async def test_one_unreadable_value_fails_the_request(self, org: Org) -> None:
        rows = [*leads(1), {**LEAD, "Trial_End__c": "soon"}]
        status, error = await org.refused("POST", "/composite/sobjects", {"records": rows})
        assert (status, error["errorCode"]) == (400, "JSON_PARSER_ERROR")
        assert await org.ids("SELECT Id FROM Lead") == []


class TestComposite:
    async def test_parts_refer_to_earlier_ones(self, org: Org) -> None:
        """4.2."""
        parts = [
            {"method": "POST", "url": f"{V}/sobjects/Account", "referenceId": "a", "body": {"Name": "Acme"}},
            {
                "method": "POST",
                "url": f"{V}/sobjects/Contact",
                "referenceId": "c",
                "body": {"LastName": "Doe", "AccountId": "@{a.id}"},
            },
            {"method": "GET", "url": f"{V}/sobjects/Contact/@{{c.id}}?fields=AccountId", "referenceId": "r"},
        ]
        body = await org.good("POST", "/composite", {"compositeRequest": parts})
        made, _, read = body["compositeResponse"]
        assert [part["httpStatusCode"] for part in body["compositeResponse"]] == [201, 201, 200]
        assert read["body"]["AccountId"] == made["body"]["id"]
        assert read["referenceId"] == "r"

    async def test_errors_inside_have_the_list_form(self, org: Org) -> None:
        """4.2."""
        parts = [{"method": "GET", "url": f"{V}/query?q=SELECT+X+FROM+Lead", "referenceId": "q"}]
        (part,) = (await org.good("POST", "/composite", {"compositeRequest": parts}))["compositeResponse"]
        assert (part["httpStatusCode"], part["body"][0]["errorCode"]) == (400, "INVALID_FIELD")

    async def test_all_or_none(self, org: Org) -> None:
        """4.1 and 4.2: the rest is PROCESSING_HALTED and nothing is kept."""
        parts = [
            {"method": "POST", "url": f"{V}/sobjects/Account", "referenceId": "a", "body": {"Name": "Acme"}},
            {"method": "POST", "url": f"{V}/sobjects/Contact", "referenceId": "c", "body": {}},
        ]
        body = await org.good("POST", "/composite", {"allOrNone": True, "compositeRequest": parts})
        assert body["compositeResponse"][0]["body"][0]["errorCode"] == "PROCESSING_HALTED"
        assert await org.ids("SELECT Id FROM Account") == []

    async def test_at_most_25_parts(self, org: Org) -> None:
        """4.2."""
        parts = [{"method": "GET", "url": f"{V}/limits", "referenceId": f"r{n}"} for n in range(26)]
        assert (await org.refused("POST", "/composite", {"compositeRequest": parts}))[0] == 400

    async def test_conditional_headers_inside(self, org: Org) -> None:
        """4.6: UNVERIFIED that they are honoured, so a switch."""
        key = await org.lead()
        org.advance(100)
        await org.good("PATCH", f"/sobjects/Lead/{key}", {"City": "x"})
        part = {"method": "PATCH", "url": f"{V}/sobjects/Lead/{key}", "referenceId": "p", "body": {"City": "y"}}
        part["httpHeaders"] = {"If-Unmodified-Since": "Mon, 02 Mar 2026 09:00:00 GMT"}
        statuses = []
        for honoured in (True, False):
            await org.set(conditional_in_composite=honoured)
            (answer,) = (await org.good("POST", "/composite", {"compositeRequest": [part]}))["compositeResponse"]
            statuses.append(answer["httpStatusCode"])
        assert statuses == [412, 204]

    async def test_batch(self, org: Org) -> None:
        """4.2."""
        key = await org.lead()
        parts = [
            {"method": "PATCH", "url": f"v66.0/sobjects/Lead/{key}", "richInput": {"City": "Bern"}},
            {"method": "GET", "url": "v66.0/nothing"},
        ]
        body = await org.good("POST", "/composite/batch", {"batchRequests": parts})
        assert body["hasErrors"] is True
        assert body["results"][0] == {"statusCode": 204, "result": None}
        assert body["results"][1]["statusCode"] == 404
