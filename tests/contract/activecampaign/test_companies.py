"""Accounts, who belongs to them, and their custom fields (section 5)."""

from __future__ import annotations

import pytest


@pytest.fixture
async def acme(call) -> str:
    return (await call("POST", "accounts", {"account": {"name": "Acme Inc"}}, status=201))["account"]["id"]


class TestAccounts:
    async def test_a_row_has_the_recorded_keys(self, call, acme):
        """[R2] section 5."""
        row = (await call("GET", "accounts"))["accounts"][0]
        assert (row["name"], row["contactCount"], row["dealCount"]) == ("Acme Inc", "0", "0")
        assert {"accountUrl", "createdTimestamp", "updatedTimestamp", "owner", "links", "id"} <= set(row)

    async def test_search_contains(self, call, acme):
        assert (await call("GET", "accounts?search=CME"))["meta"]["total"] == "1"
        assert (await call("GET", "accounts?search=zzz"))["meta"]["total"] == "0"

    async def test_a_name_is_needed_and_unique(self, call, acme):
        """[D] section 5."""
        none = await call("POST", "accounts", {"account": {}}, status=422)
        assert none["errors"][0]["title"] == "The account name was not provided."
        error = (await call("POST", "accounts", {"account": {"name": "Acme Inc"}}, status=422))["errors"][0]
        assert error["title"] == 'An account named "Acme Inc" already exists. Please choose a new name.'
        assert (error["code"], error["source"]["pointer"]) == ("duplicate", "/data/attributes/name")

    async def test_fields_are_saved_along_and_said_so(self, call):
        """[R2] section 5."""
        given = {"name": "Bolt", "fields": [{"customFieldId": 2, "fieldValue": "1250000", "fieldCurrency": "GBP"}]}
        body = await call("POST", "accounts", {"account": given}, status=201)
        assert body["customFieldSaveStatus"] == {"status": "success"}
        assert body["account"]["fields"] == [{"customFieldId": 2, "fieldValue": "1250000"}]

    async def test_an_unknown_one_is_a_customer_account(self, call):
        """[R1] section 1."""
        body = await call("GET", "accounts/99", status=404)
        assert body == {"message": "No Result found for CustomerAccount with id 99"}

    async def test_several_are_deleted_at_once(self, call, acme):
        assert await call("DELETE", f"accounts/bulk_delete?ids[]={acme}") == {"meta": {"success": True}}
        await call("GET", f"accounts/{acme}", status=404)

    async def test_the_lower_plan_answers_403(self, call, switch):
        """[C-JI] section 5 and 9."""
        switch(accounts_plan=False)
        for path in ("accounts?limit=1", "accountContacts", "accountCustomFieldMeta", "deals?limit=1"):
            await call("GET", path, status=403)
        await call("GET", "users/me", status=200)


class TestAccountContacts:
    async def test_a_person_has_one_account_only(self, call, acme, person):
        """[D] section 5."""
        key = person()
        given = {"accountContact": {"contact": key, "account": acme, "jobTitle": "Buyer"}}
        row = (await call("POST", "accountContacts", given, status=201))["accountContact"]
        assert (row["account"], row["jobTitle"]) == (int(acme), "Buyer")
        error = (await call("POST", "accountContacts", given, status=422))["errors"][0]
        assert error["title"].startswith("This contact is already associated with an account.")
        assert error["source"]["pointer"] == "/data/attributes/account,contact"

    async def test_put_moves_and_delete_parts(self, call, acme, person):
        key = person()
        other = (await call("POST", "accounts", {"account": {"name": "Other"}}))["account"]["id"]
        row = (await call("POST", "accountContacts", {"accountContact": {"contact": key, "account": acme}}))[
            "accountContact"
        ]
        await call("PUT", f"accountContacts/{row['id']}", {"accountContact": {"account": other}}, status=200)
        found = await call("GET", f"accountContacts?filters[contact]={key}")
        assert [item["account"] for item in found["accountContacts"]] == [other]
        assert (await call("GET", f"accountContacts?filters[account]={acme}"))["accountContacts"] == []
        await call("DELETE", f"accountContacts/{row['id']}", status=200)
        body = await call("DELETE", f"accountContacts/{row['id']}", status=404)
        assert body == {"message": f"No Result found for CustomerAccountSubscriber with id {row['id']}"}

    async def test_the_person_shows_the_account(self, call, acme, person):
        key = person()
        await call("POST", "accountContacts", {"accountContact": {"contact": key, "account": acme}})
        row = (await call("GET", f"contacts?ids[]={key}"))["contacts"][0]
        assert (row["orgid"], row["orgname"], row["organization"]) == (acme, "Acme Inc", acme)


class TestAccountFields:
    async def test_definitions_have_latin_wrappers(self, call):
        """[D] section 5 and 10.4."""
        given = {"accountCustomFieldMetum": {"fieldLabel": "Founded", "fieldType": "date"}}
        assert (await call("POST", "accountCustomFieldMeta", given))["accountCustomFieldMetum"]["fieldType"] == "date"
        labels = [row["fieldLabel"] for row in (await call("GET", "accountCustomFieldMeta"))["accountCustomFieldMeta"]]
        assert labels == ["Industry", "Revenue", "Employees", "Founded"]

    async def test_a_value_is_written_and_found_by_account(self, call, acme):
        """[D] section 5."""
        given = {"customerAccountId": acme, "customFieldId": 2, "fieldValue": 1234500, "fieldCurrency": "EUR"}
        row = (await call("POST", "accountCustomFieldData", {"accountCustomFieldDatum": given}))[
            "accountCustomFieldDatum"
        ]
        assert (row["fieldValue"], row["fieldCurrency"], row["accountId"]) == ("1234500", "EUR", acme)
        found = await call("GET", f"accountCustomFieldData?filters[customerAccountId]={acme}")
        assert [item["id"] for item in found["accountCustomFieldData"]] == [row["id"]]

    @pytest.mark.parametrize("key", ["customerAccountId", "accountId"])
    async def test_bulk_create_takes_a_bare_list(self, call, acme, switch, key):
        """[D; which key is UNVERIFIED] section 5."""
        switch(account_data_key=key)
        rows = [{key: acme, "customFieldId": 1, "fieldValue": "Retail"}]
        body = await call("POST", "accountCustomFieldData/bulkCreate", rows)
        assert body == {"message": "the bulk insert was successful"}

    async def test_bulk_update_writes_by_id(self, call, acme):
        await call(
            "POST",
            "accountCustomFieldData/bulkCreate",
            [{"accountId": acme, "customFieldId": 3, "fieldValue": "5"}],
        )
        await call("PATCH", "accountCustomFieldData/bulkUpdate", [{"id": 1, "fieldValue": "7"}])
        rows = (await call("GET", f"accounts/{acme}/accountCustomFieldData"))["customerAccountCustomFieldData"]
        assert [row["fieldValue"] for row in rows] == ["7"]
