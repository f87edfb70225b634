"""What Salesforce does around a write: assignment, rules, duplicates, locks, conversion, merge, deletion."""

from __future__ import annotations

import pytest

from tests.contract.salesforce.conftest import Org

NO_ASSIGN = {"Sforce-Auto-Assign": "FALSE"}


class TestAssignment:
    async def test_without_the_header_a_lead_changes_hands(self, org: Org) -> None:
        """4.5 and 8.4, point 7: TRUE by default, on create and on update."""
        made = await org.good("POST", "/sobjects/Lead", {"LastName": "a", "Company": "b"})
        assert (await org.read("Lead", made["id"], "OwnerId"))["OwnerId"] == org.org.queue_id
        key = await org.lead()
        assert (await org.read("Lead", key, "OwnerId"))["OwnerId"] == org.org.user_id
        await org.good("PATCH", f"/sobjects/Lead/{key}", {"City": "x"})
        assert (await org.read("Lead", key, "OwnerId"))["OwnerId"] == org.org.queue_id

    @pytest.mark.parametrize(("honoured", "stays"), [(True, True), (False, False)])
    async def test_whether_collections_honour_it_is_a_switch(self, org: Org, honoured: bool, stays: bool) -> None:
        """4.5: UNVERIFIED."""
        await org.set(collections_honour_auto_assign=honoured)
        key = await org.lead()
        row = {"attributes": {"type": "Lead"}, "id": key, "City": "x"}
        await org.good("PATCH", "/composite/sobjects", {"records": [row]}, headers=NO_ASSIGN)
        assert ((await org.read("Lead", key, "OwnerId"))["OwnerId"] == org.org.user_id) is stays

    async def test_contacts_are_not_assigned(self, org: Org) -> None:
        key = await org.contact()
        assert (await org.read("Contact", key, "OwnerId"))["OwnerId"] == org.org.user_id


class TestRules:
    async def test_a_validation_rule_speaks_the_admins_words(self, org: Org) -> None:
        """2.4: FIELD_CUSTOM_VALIDATION_EXCEPTION."""
        rule = {"sobject": "Lead", "field": "City", "pattern": "^Atlantis$", "message": "That city has sunk."}
        await org.set(validation_rules=[rule])
        status, error = await org.refused(
            "POST", "/sobjects/Lead", {"LastName": "a", "Company": "b", "City": "Atlantis"}
        )
        assert (status, error["errorCode"]) == (400, "FIELD_CUSTOM_VALIDATION_EXCEPTION")
        assert error["message"] == "That city has sunk."

    async def test_a_rule_looks_at_the_whole_record(self, org: Org) -> None:
        key = await org.lead()
        await org.set(validation_rules=[{"sobject": "Lead", "field": "City", "rule": "required", "message": "City?"}])
        assert (await org.refused("PATCH", f"/sobjects/Lead/{key}", {"Title": "x"}))[1]["message"] == "City?"
        await org.good("PATCH", f"/sobjects/Lead/{key}", {"City": "Bern"})

    async def test_alert_rules_can_be_overruled_and_block_rules_not(self, org: Org) -> None:
        """4.4."""
        twin = await org.lead(Email="a@b.example")
        body = {"LastName": "x", "Company": "y", "Email": "A@B.example"}
        allow = {"Sforce-Duplicate-Rule-Header": "allowSave=true; includeRecordDetails=false"}
        await org.set(duplicate_rules={"Lead": "block"})
        assert (await org.refused("POST", "/sobjects/Lead", body, headers=allow))[0] == 400
        await org.set(duplicate_rules={"Lead": "alert"})
        status, error = await org.refused("POST", "/sobjects/Lead", body)
        assert (status, error["errorCode"]) == (400, "DUPLICATES_DETECTED")
        result = error["duplicateResult"]
        assert result["allowSave"] is True
        assert result["matchResults"][0]["matchRecords"][0]["record"]["Id"] == twin
        await org.good("POST", "/sobjects/Lead", body, headers=allow)

    async def test_duplicate_details_inside_collections_are_a_switch(self, org: Org) -> None:
        """4.4: UNVERIFIED."""
        await org.lead(Email="a@b.example")
        await org.set(duplicate_rules={"Lead": "alert"})
        row = {"attributes": {"type": "Lead"}, "LastName": "x", "Company": "y", "Email": "a@b.example"}
        seen = []
        for shown in (True, False):
            await org.set(duplicate_result_in_rows=shown)
            (bad,) = await org.good("POST", "/composite/sobjects", {"records": [row]})
            seen.append("duplicateResult" in bad["errors"][0])
        assert seen == [True, False]

    async def test_locked_rows(self, org: Org) -> None:
        """2.4: UNABLE_TO_LOCK_ROW; a second try may pass."""
        key = await org.lead()
        await org.set(locked_rows=[key], lock_times=1)
        _, error = await org.refused("PATCH", f"/sobjects/Lead/{key}", {"City": "x"})
        assert error["errorCode"] == "UNABLE_TO_LOCK_ROW"
        await org.good("PATCH", f"/sobjects/Lead/{key}", {"City": "x"})

    async def test_a_unique_field_refuses_a_second_row(self, org: Org) -> None:
        """2.4: DUPLICATE_VALUE names the other record."""
        meta = {"label": "Key", "type": "Text", "length": 20, "externalId": True, "unique": True}
        await org.good("POST", "/tooling/sobjects/CustomField", {"FullName": "Lead.Key__c", "Metadata": meta})
        other = org.org.other_actor
        first = await org.control.call("POST", "/salesforce/Lead", {"LastName": "a", "Company": "b", "Key__c": "1"})
        body = {"LastName": "a", "Company": "b", "Key__c": "1"}
        refused = await org.control._client.post("/salesforce/Lead", json=body)
        assert refused.json()["code"] == "DUPLICATE_VALUE"
        assert first["id"][:15] in refused.json()["error"]
        assert other.user_id


class TestConversion:
    async def test_a_lead_becomes_a_contact_with_an_account(self, org: Org) -> None:
        """Section 5: the lead stays, its stamp moves, the new ids are on it."""
        key = await org.lead(FirstName="Ann", Email="a@b.example", City="Bern")
        org.advance(30)
        made = await org.control.call("POST", "/salesforce/convert", {"lead": key, "contact": None})
        lead = await org.read("Lead", key, "IsConverted", "ConvertedContactId", "ConvertedDate", "SystemModstamp")
        assert lead["IsConverted"] is True
        assert lead["ConvertedContactId"] == made["contact"]
        assert lead["ConvertedDate"] == "2026-03-02"
        assert lead["SystemModstamp"] == "2026-03-02T09:00:30.000+0000"
        contact = await org.read("Contact", made["contact"], "Name", "Email", "MailingCity", "Account.Name")
        assert (contact["Name"], contact["MailingCity"], contact["Account"]["Name"]) == ("Ann Doe", "Bern", "Acme")

    async def test_an_existing_contact_keeps_its_values(self, org: Org) -> None:
        """Section 5: the target's values can win."""
        key, target = await org.lead(Title="CEO", Phone="1"), await org.contact(Title="CTO")
        await org.control.call("POST", "/salesforce/convert", {"lead": key, "contact": target})
        contact = await org.read("Contact", target, "Title", "Phone")
        assert (contact["Title"], contact["Phone"]) == ("CTO", "1")

    @pytest.mark.parametrize("refusal", [400, 403])
    async def test_a_converted_lead_cannot_be_updated(self, org: Org, refusal: int) -> None:
        """2.4: CANNOT_UPDATE_CONVERTED_LEAD; 400 or 403 is UNVERIFIED."""
        key = await org.lead()
        await org.control.call("POST", "/salesforce/convert", {"lead": key})
        await org.set(refusal_status=refusal)
        status, error = await org.refused("PATCH", f"/sobjects/Lead/{key}", {"City": "x"})
        assert (status, error["errorCode"]) == (refusal, "CANNOT_UPDATE_CONVERTED_LEAD")
        assert error["message"] == "cannot reference converted lead"
        await org.set(edit_converted_leads=True)
        await org.good("PATCH", f"/sobjects/Lead/{key}", {"City": "x"})


class TestMergeAndDeletion:
    async def test_a_merge_leaves_the_loser_in_the_bin(self, org: Org) -> None:
        """Section 5: IsDeleted and MasterRecordId, the winner's stamp moves."""
        winner, loser = await org.lead(), await org.lead()
        org.advance(60)
        body = {"sobject": "Lead", "master": winner, "losers": [loser]}
        await org.control.call("POST", "/salesforce/merge", body)
        text = f"SELECT IsDeleted, MasterRecordId FROM Lead WHERE Id = '{loser}'"
        record = (await org.query(text, "/queryAll"))["records"][0]
        assert (record["IsDeleted"], record["MasterRecordId"]) == (True, winner)
        stamp = (await org.read("Lead", winner, "SystemModstamp"))["SystemModstamp"]
        assert stamp == "2026-03-02T09:01:00.000+0000"

    async def test_merged_accounts_hand_over_their_contacts(self, org: Org) -> None:
        """Section 5: re-parented children keep their ids."""
        first, second = [(await org.good("POST", "/sobjects/Account", {"Name": n}))["id"] for n in "AB"]
        child = await org.contact(AccountId=second)
        await org.control.call("POST", "/salesforce/merge", {"sobject": "Account", "master": first, "losers": [second]})
        assert (await org.read("Contact", child, "AccountId"))["AccountId"] == first

    async def test_undelete_comes_back_with_a_new_stamp(self, org: Org) -> None:
        """Section 5."""
        key = await org.lead()
        await org.good("DELETE", f"/sobjects/Lead/{key}")
        org.advance(60)
        await org.control.call("POST", f"/salesforce/Lead/{key}/undelete")
        stamp = (await org.read("Lead", key, "SystemModstamp"))["SystemModstamp"]
        assert stamp == "2026-03-02T09:01:00.000+0000"

    async def test_an_account_takes_its_contacts_along(self, org: Org) -> None:
        """Section 5: the delete cascades."""
        account = (await org.good("POST", "/sobjects/Account", {"Name": "A"}))["id"]
        await org.contact(AccountId=account)
        await org.good("DELETE", f"/sobjects/Account/{account}")
        assert await org.ids("SELECT Id FROM Contact") == []


class TestCommitDelay:
    async def test_others_rows_appear_later_with_an_earlier_stamp(self, org: Org) -> None:
        """3.2 and 8.4, point 4: visible so many seconds after the stamp."""
        key = await org.lead(City="old")
        await org.set(commit_delay=120.0)
        made = await org.control.call("POST", "/salesforce/Lead", {"LastName": "Late", "Company": "C"})
        await org.control.call("PATCH", f"/salesforce/Lead/{key}", {"City": "new"})
        assert await org.ids("SELECT Id FROM Lead") == [key]
        assert (await org.read("Lead", key, "City"))["City"] == "old"
        org.advance(121)
        records = (await org.query("SELECT Id, City, SystemModstamp FROM Lead ORDER BY Id"))["records"]
        assert [record["Id"] for record in records] == [key, made["id"]]
        assert records[0]["City"] == "new"
        assert records[1]["SystemModstamp"] == "2026-03-02T09:00:00.000+0000"

    async def test_latest_date_covered_waits_for_the_open_transaction(self, org: Org) -> None:
        """3.3: the earliest still-uncommitted transaction in the range."""
        org.advance(600)
        await org.set(commit_delay=300.0)
        await org.control.call("POST", "/salesforce/Lead", {"LastName": "Late", "Company": "C"})
        org.advance(120)
        params = {"start": "2026-03-02T08:00:00+00:00", "end": "2026-03-02T09:12:00+00:00"}
        body = await org.good("GET", "/sobjects/Lead/updated/", params=params)
        assert body == {"ids": [], "latestDateCovered": "2026-03-02T09:10:00.000+0000"}
