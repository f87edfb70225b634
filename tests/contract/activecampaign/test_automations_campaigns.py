"""Automations, campaigns and the older interface that sends one campaign to one person (section 6)."""

from __future__ import annotations

import hashlib

from acassist.sandbox.activecampaign.automations import add_automation


class TestAutomations:
    async def test_the_list_has_starts_in_its_meta(self, call):
        """[R2] section 6."""
        body = await call("GET", "automations")
        assert body["meta"]["total"] == "5"
        assert body["meta"]["starts"][1] == {"id": "2", "series": "2", "type": "none", "dealfield": False}
        assert [row["status"] for row in body["automations"]] == ["1", "1", "2", "0", "1"]

    async def test_one_is_wrapped_as_one(self, call):
        """[R2] section 6."""
        assert (await call("GET", "automations/2"))["automation"]["name"] == "Welcome series"

    async def test_labels_show_only_by_the_switch(self, call, switch):
        """UNVERIFIED, section 6."""
        assert "labels" not in (await call("GET", "automations/1"))["automation"]
        switch(labels=True)
        assert (await call("GET", "automations/1"))["automation"]["labels"] == ["Salesforce"]
        switch(labels_as_objects=True)
        assert (await call("GET", "campaigns/1"))["campaign"]["labels"] == [{"id": "1", "label": "Salesforce"}]

    async def test_entering_is_201_and_runs(self, call, person):
        """[D] section 6."""
        key = person()
        given = {"contactAutomation": {"contact": key, "automation": 2}}
        row = (await call("POST", "contactAutomations", given, status=201))["contactAutomation"]
        assert (row["completed"], row["completeValue"], row["status"]) == (1, 100, "2")
        listed = (await call("GET", f"contacts/{key}/contactAutomations"))["contactAutomations"]
        assert [item["id"] for item in listed] == [row["id"]]

    async def test_it_is_not_idempotent_where_people_may_come_again(self, call, world, person):
        """[D] section 6: multientry."""
        given = {"contactAutomation": {"contact": person(), "automation": 2}}
        await call("POST", "contactAutomations", given, status=201)
        await call("POST", "contactAutomations", given, status=201)
        assert len(world.activecampaign.tables["contactAutomations"]) == 2
        once = {"contactAutomation": {**given["contactAutomation"], "automation": 5}}
        await call("POST", "contactAutomations", once, status=201)
        await call("POST", "contactAutomations", once, status=403)

    async def test_an_inactive_or_unknown_one_cannot_be_entered(self, call, person):
        """[D] section 6."""
        key = person()
        for number in (3, 4, 99):
            given = {"contactAutomation": {"contact": key, "automation": number}}
            body = await call("POST", "contactAutomations", given, status=403)
            assert body == {"message": "Could not create SubscriberSeries"}

    async def test_a_tag_starts_one_which_may_rewrite_a_field_by_the_switch(self, call, world, person, switch):
        account = world.activecampaign
        action = {"field": 14, "value": "rewritten"}
        add_automation(account, "Tidy", _tag=account.tag_id("go"), _actions=[action, {"add_tag": "done"}])
        given = {"contactTag": {"contact": person(), "tag": account.tag_id("go")}}
        await call("POST", "contactTags", given)
        contact = account.find("ada@mail.example")
        assert account.tag_id("done") in contact.tags
        assert 14 not in contact.values
        switch(automation_rewrites=True)
        await call("POST", "contactTags", {"contactTag": {**given["contactTag"], "contact": person("b@mail.example")}})
        assert account.find("b@mail.example").values[14].value == "rewritten"

    async def test_leaving_ends_it_unfinished_or_not(self, call, person):
        row = (await call("POST", "contactAutomations", {"contactAutomation": {"contact": person(), "automation": 2}}))[
            "contactAutomation"
        ]
        assert await call("DELETE", f"contactAutomations/{row['id']}", status=200) == {}
        body = await call("DELETE", "contactAutomations/99", status=404)
        assert body == {"message": "No Result found for SubscriberSeries with id 99"}


class TestCampaigns:
    async def test_a_row_has_the_recorded_keys(self, call):
        """[R2] section 6: 117 keys in lists; two fewer for one."""
        row = (await call("GET", "campaigns"))["campaigns"][0]
        assert len(row) == 117
        one = (await call("GET", "campaigns/1"))["campaign"]
        assert set(row) - set(one) == {"typeText", "statusString", "statusToolTip"}

    async def test_an_email_of_an_automation_says_so(self, call):
        """[R2] section 6."""
        row = (await call("GET", "campaigns?filters[seriesid]=2"))["campaigns"][0]
        assert (row["status"], row["statusString"], row["automation"]) == ("1", "Automation", "2")

    async def test_status_filters(self, call):
        """[C-RHE] section 6."""
        rows = (await call("GET", "campaigns?filters[status]=5"))["campaigns"]
        assert {row["status"] for row in rows} == {"5"}

    async def test_links_hold_the_read_tracker(self, call):
        """[D] section 6."""
        body = await call("GET", "campaigns/1/links")
        assert set(body) == {"links"}
        assert (body["links"][0]["link"], body["links"][0]["name"]) == ("open", "Read Tracker")
        assert body["links"][1]["link"].startswith("https://")

    async def test_the_message_is_found_from_the_row_and_from_the_parts(self, call):
        row = (await call("GET", "campaigns/1"))["campaign"]
        parts = (await call("GET", "campaigns/1/campaignMessages"))["campaignMessages"]
        assert [part["messageid"] for part in parts] == [row["message_id"]]
        assert (await call("GET", f"messages/{row['message_id']}"))["message"]["subject"] == "Spring is here – 20 % off"

    async def test_create_is_singular_and_answers_a_number_unwrapped(self, call):
        """[R2] section 6."""
        body = await call("POST", "campaign", {"name": "X", "type": "single"}, status=200)
        assert body == {"id": 7, "name": "X", "type": "single", "canSplitContent": False}
        await call("POST", "campaigns", {"name": "X"}, status=405)
        assert (await call("POST", "campaign", {"type": "single"}, status=400))["errors"] == ["Field name is required"]

    async def test_deleting_fails_softly(self, call):
        """[R2, D] section 6."""
        assert await call("DELETE", "campaigns/6/delete") == {"succeeded": 1, "message": "Campaign deleted."}
        assert (await call("DELETE", "campaigns/6/delete", status=200))["succeeded"] == 0

    async def test_the_web_copy_is_public(self, http):
        """[INFERRED] section 6: md5 of the campaign id, then the message id."""
        digest = hashlib.md5(b"1", usedforsecurity=False).hexdigest()
        page = await http.get(f"/index.php?action=social&chash={digest}.1&nosocial=1", headers={"Api-Token": ""})
        assert page.status_code == 200
        assert "Spring is here" in page.text


class TestOlderInterface:
    async def send(self, http, method: str = "GET", **more: str):
        given = {"api_action": "campaign_send", "api_output": "json", "email": "ada@mail.example", "campaignid": "1"}
        given |= {"messageid": "1", "type": "mime", "action": "send", **more}
        if method == "GET":
            return await http.get("/admin/api.php", params=given)
        return await http.post("/admin/api.php", data=given)

    async def test_one_campaign_goes_to_one_person(self, http, world, person, call):
        """[C, seen 2026-05] section 6."""
        key = person()
        body = (await self.send(http)).json()
        assert body == {"result": True, "result_code": 1, "result_message": "Message sent", "result_output": "json"}
        assert [(s["contact"], s["campaign"], s["action"]) for s in world.activecampaign.sends] == [(key, "1", "send")]
        stream = (await call("GET", f"activities?contact={key}"))["activities"]
        assert [row["reference_type"] for row in stream] == ["Log"]

    async def test_a_form_is_taken_too_and_a_test_leaves_no_trace(self, http, world, person, call):
        key = person()
        assert (await self.send(http, "POST", action="test")).json()["result_code"] == 1
        assert (await call("GET", f"activities?contact={key}"))["activities"] == []

    async def test_failures_are_a_200_with_code_0(self, http, world, person):
        """[D-V1] section 1."""
        person()
        for wrong in ({"email": "nobody@mail.example"}, {"campaignid": "99"}, {"messageid": "99"}):
            response = await self.send(http, **wrong)
            assert (response.status_code, response.json()["result_code"]) == (200, 0)
        assert world.activecampaign.sends == []

    async def test_message_zero_and_unknown_people_by_switches(self, http, person, switch):
        """UNVERIFIED, section 6."""
        person()
        assert (await self.send(http, messageid="0")).json()["result_code"] == 1
        switch(send_message_zero=False, send_needs_contact=False)
        assert (await self.send(http, messageid="0")).json()["result_code"] == 0
        assert (await self.send(http, email="nobody@mail.example")).json()["result_code"] == 1

    async def test_the_key_may_stand_in_the_address_but_never_in_the_log(self, http, world):
        """[D-V1] section 1."""
        key = world.activecampaign.api_key
        response = await http.get(f"/admin/api.php?api_key={key}&api_action=user_me", headers={"Api-Token": ""})
        assert response.json()["username"] == "alma"
        assert key not in str(world.log.since())
        wrong = await http.get("/admin/api.php?api_key=no&api_action=user_me", headers={"Api-Token": ""})
        assert (wrong.status_code, wrong.json()["result_code"]) == (200, 0)

    async def test_lists_are_numbered_keys(self, http):
        """[D-V1] section 1."""
        body = (await http.get("/admin/api.php?api_action=campaign_list&filters[name]=welcome")).json()
        assert body["0"]["name"] == "Welcome 1: hello"
        none = (await http.get("/admin/api.php?api_action=campaign_list&filters[name]=zzz")).json()
        assert (none["result_code"], none["result_message"]) == (0, "Failed: Nothing is returned")
        account = (await http.get("/admin/api.php?api_action=account_view")).json()
        assert account["subscriber_limit"] == 500_000
