"""The activity stream and the lists of what happened (section 7)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from acassist.sandbox.activecampaign.activity import KINDS, OTHER_KINDS, record
from tests.sandbox import in_process


@pytest.fixture
def did(world, person):
    """Record things that one person did, a minute apart."""
    key = person()

    def add(kind: str, **data: Any) -> str:
        world.clock.advance(60)
        record(world.activecampaign, world.activecampaign.contact(key), {"kind": kind, **data})
        return key

    return add


def only(body: dict[str, Any], name: str) -> dict[str, Any]:
    assert len(body[name]) == 1, body[name]
    return body[name][0]


class TestStream:
    async def test_a_row_refers_to_its_model(self, call, did):
        """[D] section 7.1, envelope."""
        body = await call("GET", f"activities?contact={did('sent', campaign=1)}")
        row = only(body, "activities")
        assert (row["reference_type"], row["reference"]) == ("Log", {"type": "log", "id": row["reference_id"]})
        assert row["tstamp"] == "2026-03-02T03:01:00-06:00"
        assert body["meta"] == {"total": "1"}
        assert body["activityRecipients"] == []

    async def test_oldest_first_unless_ordered(self, call, did):
        """[D] section 7.1: orders[tstamp]."""
        for kind in ("sent", "opened", "clicked"):
            key = did(kind, campaign=1)
        up = [row["id"] for row in (await call("GET", f"activities?contact={key}"))["activities"]]
        down = [row["id"] for row in (await call("GET", f"activities?contact={key}&orders[tstamp]=desc"))["activities"]]
        assert up == list(reversed(down)) == ["1", "2", "3"]

    async def test_after_and_pages(self, call, did):
        for _ in range(25):
            key = did("event", event="Login")
        assert len((await call("GET", f"activities?contact={key}"))["activities"]) == 20
        assert len((await call("GET", f"activities?contact={key}&offset=20"))["activities"]) == 5
        late = await call("GET", f"activities?contact={key}&after=2026-03-02T09:24:00%2B00:00")
        assert late["meta"]["total"] == "1"

    async def test_filters_are_passed_over(self, call, did):
        """[C-RHE] section 7.1."""
        key = did("sent", campaign=1)
        body = await call("GET", f"activities?contact={key}&filters[reference_type]=LinkData")
        assert body["meta"]["total"] == "1"

    async def test_a_sent_campaign_comes_with_log_campaign_and_message(self, call, did):
        """[D] section 7.1, table."""
        key = did("sent", campaign=2)
        include = "reference,reference.log,reference.log.campaign,reference.log.message"
        body = await call("GET", f"activities?contact={key}&include={include}")
        assert only(body, "logs")["campaignid"] == only(body, "campaigns")["id"] == "2"
        assert only(body, "messages")["subject"] == "What's new in March"

    async def test_an_open_is_a_read_of_the_tracker_and_a_click_is_not(self, call, did):
        """[C-TESSI] section 7.1: isread, and the link "open"."""
        did("opened", campaign=1)
        key = did("clicked", campaign=1)
        body = await call("GET", f"activities?contact={key}&include=reference,reference.link,reference.campaign")
        links = {row["id"]: row["link"] for row in body["links"]}
        seen = [(row["isread"], links[row["link"]] == "open") for row in body["linkData"]]
        assert seen == [("1", True), ("0", False)]
        assert only(body, "campaigns")["name"] == "Spring offer"

    async def test_isread_may_be_missing_by_the_switch(self, call, did, switch):
        """Conflict, section 7.1."""
        key = did("opened", campaign=1)
        switch(isread_present=False)
        body = await call("GET", f"activities?contact={key}&include=reference")
        assert "isread" not in only(body, "linkData")

    async def test_the_same_link_again_counts_on_one_row(self, call, did):
        """[INFERRED] section 7.2: one row per person and link."""
        did("clicked", campaign=1)
        key = did("clicked", campaign=1)
        assert only(await call("GET", "linkData"), "linkData")["times"] == "2"
        assert (await call("GET", f"activities?contact={key}"))["meta"]["total"] == "2"

    async def test_machine_opens_stand_apart(self, call, did):
        """[C-TESSI] section 7.1."""
        key = did("mpp_opened", campaign=1)
        row = only(await call("GET", f"activities?contact={key}"), "activities")
        assert (row["reference_type"], row["referenceModelName"]) == ("MppLinkData", "mpp-link-data")

    async def test_automations_start_and_complete(self, call, did, switch):
        """[D] section 7.1; the model name is UNVERIFIED."""
        switch(series_model_name="contact-automation")
        key = did("automation_entered", automation=2)
        body = await call("GET", f"activities?contact={key}&include=reference,reference.automation")
        assert [row["reference_action"] for row in body["activities"]] == ["start", "complete"]
        assert {row["referenceModelName"] for row in body["activities"]} == {"contact-automation"}
        assert only(body, "automations")["name"] == "Welcome series"
        assert only(body, "contactAutomations")["completed"] == 1

    async def test_replies_bring_subject_and_body(self, call, did):
        """[UNVERIFIED shape] section 7.1."""
        key = did("replied", campaign=1, subject="Re: x", message="<p>y</p>")
        body = await call("GET", f"activities?contact={key}&include=reference")
        assert (only(body, "replies")["subject"], only(body, "replies")["message"]) == ("Re: x", "<p>y</p>")

    async def test_replies_may_come_without_text_by_the_switch(self, call, did, switch):
        """UNVERIFIED, section 7.1."""
        switch(reply_has_text=False)
        key = did("replied", campaign=1, subject="Re: x", message="y")
        body = await call("GET", f"activities?contact={key}&include=reference")
        assert "message" not in only(body, "replies")

    async def test_events_and_page_visits_are_tracking_logs(self, call, did, switch):
        """[D; visits INFERRED] section 7.3."""
        did("event", event="Trial started", value="Pro")
        key = did("page", url="https://www.shop.example/")
        rows = (await call("GET", f"contacts/{key}/trackingLogs"))["trackingLogs"]
        assert [(row["type"], row["value"]) for row in rows] == [
            ("Trial started", "Pro"),
            ("__pagevisit", "https://www.shop.example/"),
        ]
        assert len(rows[0]["hash"]) == 40
        switch(page_visits_in_log=False)
        did("page", url="https://www.shop.example/2")
        assert len((await call("GET", f"contacts/{key}/trackingLogs"))["trackingLogs"]) == 2

    async def test_it_may_need_a_look_at_the_person_first(self, call, world, did, switch):
        """[D] section 7.1: GET /contacts/{id} brings the stream up to date (switch)."""
        switch(activities_need_view=True)
        key = did("sent", campaign=1)
        assert (await call("GET", f"activities?contact={key}"))["activities"] == []
        await call("GET", f"contacts/{key}")
        assert len((await call("GET", f"activities?contact={key}"))["activities"]) == 1


class TestListsOfEvents:
    async def test_the_undocumented_lists_exist(self, call, did):
        """[C-SINGER, C-TESSI] section 7.2."""
        did("sent", campaign=1)
        did("bounced", campaign=1)
        names = ("logs", "linkData", "mppLinkData", "links", "bounceLogs", "campaignMessages", "campaignLists")
        for name in (*names, "contactTags", "contactLists", "segments", "conversions"):
            body = await call("GET", name, status=200)
            assert isinstance(body[name], list), name
        assert only(await call("GET", "bounceLogs"), "bounceLogs")["email"] == "ada@mail.example"

    async def test_a_hard_bounce_marks_the_person_and_the_lists(self, call, world, did):
        key = did("subscribed", list=1)
        did("bounced", campaign=1, hard=True)
        row = (await call("GET", f"contacts/{key}"))["contact"]
        assert row["bounced_hard"] == "1"
        assert (await call("GET", f"contacts/{key}/contactLists"))["contactLists"][0]["status"] == "3"

    async def test_sends_may_be_listed_as_mails_by_the_switch(self, call, did, switch):
        """[C-RHE] section 7.2, UNVERIFIED."""
        did("sent", campaign=1)
        assert (await call("GET", "emailActivities"))["emailActivities"] == []
        switch(email_activities_hold_sends=True)
        did("sent", campaign=1)
        assert only(await call("GET", "emailActivities"), "emailActivities")["subject"] == "Spring offer"

    async def test_one_to_one_mails_are_found_by_person(self, call, did):
        """[D] section 7.2."""
        key = did("mailed", subject="Quote")
        body = await call("GET", f"emailActivities?filters[subscriberid]={key}")
        assert only(body, "emailActivities")["subject"] == "Quote"
        assert (await call("GET", "emailActivities?filters[subscriberid]=99"))["emailActivities"] == []


class TestDataSet:
    def test_some_people_have_at_least_45_activities_of_every_kind(self):
        """Issue B, 3."""
        account = in_process().activecampaign
        busy = [rows for rows in account.activities.values() if len(rows) >= 45]
        assert len(busy) >= 5
        assert {row.kind for row in busy[0]} == {*KINDS, *OTHER_KINDS}

    def test_it_lies_in_the_past(self):
        world = in_process()
        account = world.activecampaign
        now = world.clock.now()
        assert all(row.at <= now for rows in account.activities.values() for row in rows)
        assert all(c.cdate <= c.udate <= now for c in account.contacts.values())
        assert now - timedelta(days=1000) < min(c.cdate for c in account.contacts.values())
        assert now > datetime(2026, 1, 1, tzinfo=UTC)
