import hashlib
from datetime import UTC, datetime

import pytest

from acassist.activecampaign.activities import DETAILS, OLDER, STREAM, TRACKED, Given
from acassist.activecampaign.activity_rows import WebLinks, plain, web_address
from acassist.domain.activity import ActivityKind
from acassist.domain.problem import ProblemCode
from tests.unit.activecampaign.scripted import ok, problem_of

CAMPAIGN = {"id": "4", "name": "Spring news", "public": "1", "message_id": "8"}


def at(minute, hour=12):
    return f"2026-03-01T{hour:02}:{minute:02}:00-06:00"


def entry(number, kind, ref, minute, action=""):
    return {
        "id": str(number),
        "tstamp": at(minute),
        "reference_type": kind,
        "reference_id": str(ref),
        "reference_action": action,
        "reference": {"type": kind.lower(), "id": str(ref)},
    }


def passage(number, **more):
    return {"id": str(number), "automation": "9", "seriesid": "9", "completed": 0, "adddate": at(0), **more}


STREAM_BODY = {
    "activities": [
        entry(1, "Log", 10, 1),
        entry(2, "LinkData", 20, 2),
        entry(3, "MppLinkData", 30, 3),
        entry(4, "LinkData", 21, 4),
        entry(5, "Reply", 40, 5),
        entry(6, "SubscriberSeries", 50, 6, "start"),
        entry(7, "TrackingLog", 60, 7),
        entry(8, "Note", 70, 8),
    ],
    "logs": [{"id": "10", "campaignid": "4", "messageid": "8", "successful": "1"}],
    "linkData": [
        {"id": "20", "campaignid": "4", "messageid": "8", "link": "1", "isread": "1"},
        {"id": "21", "campaignid": "4", "messageid": "8", "link": "2", "isread": "0"},
    ],
    "mppLinkData": [{"id": "30", "campaignid": "4", "messageid": "8", "link": "1", "isread": "1"}],
    "links": [{"id": "1", "link": "open"}, {"id": "2", "link": "https://shop.example/sale"}],
    "replies": [
        {"id": "40", "campaignid": "4", "subject": "Re: hi", "message": "<p>Yes &amp; no</p><script>x()</script>"}
    ],
    "campaigns": [CAMPAIGN],
    "automations": [{"id": "9", "name": "Welcome"}],
    "meta": {"total": "8"},
}


def scripted(service, stream=None, passages=None, tracking=None):
    view = {"contact": {"id": "7"}, "contactAutomations": passages if passages is not None else [passage(50)]}
    rows = tracking if tracking is not None else [{"id": "60", "type": "Trial", "value": "pro", "tstamp": at(7)}]
    service.on("GET", "contacts/7", ok(view)).on("GET", "activities", ok(stream or STREAM_BODY))
    service.on("GET", "automations", ok({"automations": STREAM_BODY["automations"]}))
    return service.on("GET", "contacts/7/trackingLogs", ok({"trackingLogs": rows}))


async def feed(service, limit=20, account="acme"):
    return await scripted_feed(service, limit, account)


async def scripted_feed(service, limit, account):
    return await service.client(account=account).recent_activities("7", limit)


async def test_all_kinds_come_newest_first_and_each_once(service):
    found = await feed(scripted(service))
    assert [(a.kind, a.title) for a in found.items] == [
        (ActivityKind.TRACKING, "Trial"),
        (ActivityKind.REPLIED, "Re: hi"),
        (ActivityKind.CLICKED, "Spring news"),
        (ActivityKind.MACHINE_OPENED, "Spring news"),
        (ActivityKind.OPENED, "Spring news"),
        (ActivityKind.SENT, "Spring news"),
        (ActivityKind.ENTERED, "Welcome"),
    ]
    assert (found.complete, found.unavailable) == (True, ())
    assert found.items[0].at == datetime(2026, 3, 1, 18, 7, tzinfo=UTC)


async def test_details_and_links_are_what_the_caret_shows(service):
    by_kind = {a.kind: a for a in (await feed(scripted(service))).items}
    copy = f"index.php?action=social&chash={hashlib.md5(b'4').hexdigest()}.8&nosocial=1"
    assert by_kind[ActivityKind.OPENED].link == f"https://acme.activehosted.com/{copy}"
    assert by_kind[ActivityKind.CLICKED].link == by_kind[ActivityKind.CLICKED].detail == "https://shop.example/sale"
    assert by_kind[ActivityKind.REPLIED].detail == "Yes & no"
    assert by_kind[ActivityKind.SENT].link is None
    assert by_kind[ActivityKind.ENTERED].link == "https://acme.activehosted.com/series/9"
    assert by_kind[ActivityKind.TRACKING].detail == "pro"


async def test_the_first_twenty_take_at_most_six_calls(service):
    bare = {**STREAM_BODY, "campaigns": [], "automations": [], "meta": {"total": "900"}}
    scripted(service, stream=bare)
    service.on("GET", "campaigns", ok({"campaigns": [CAMPAIGN]})).on("GET", "automations", ok({"automations": []}))
    await feed(service)
    assert len(service.requests) <= 6


async def test_the_contact_is_read_before_its_stream(service):
    await feed(scripted(service))
    paths = [r.url.path for r in service.requests]
    assert paths.index("/api/3/contacts/7") < paths.index("/api/3/activities")
    query = service.asked("GET", "activities")[0].url.params
    assert (query["contact"], query["orders[tstamp]"]) == ("7", "desc")


async def test_without_isread_the_link_decides(service):
    data = [{k: v for k, v in row.items() if k != "isread"} for row in STREAM_BODY["linkData"]]
    found = await feed(scripted(service, stream={**STREAM_BODY, "linkData": data}))
    kinds = [a.kind for a in found.items]
    assert kinds.count(ActivityKind.OPENED) == 1
    assert kinds.count(ActivityKind.CLICKED) == 1


async def test_rows_whose_object_did_not_come_are_said_to_be_missing(service):
    found = await feed(scripted(service, stream={**STREAM_BODY, "linkData": []}))
    assert found.unavailable == (DETAILS,)
    assert not found.complete


async def test_a_source_without_rights_is_named_and_the_others_are_shown(service):
    scripted(service)
    refusal = {"errors": [{"title": "Forbidden", "detail": "You do not have permission to view this."}]}
    service.on("GET", "contacts/7/trackingLogs", ok(refusal, 403))
    found = await feed(service)
    assert found.unavailable == (TRACKED,)
    assert ActivityKind.SENT in {a.kind for a in found.items}


async def test_a_broken_stream_leaves_passages_and_events(service):
    scripted(service).on("GET", "activities", ok({}, 500))
    service.on("GET", "automations", ok({"automations": [{"id": "9", "name": "Welcome"}]}))
    found = await feed(service)
    assert found.unavailable == (STREAM,)
    assert {a.kind for a in found.items} == {ActivityKind.TRACKING, ActivityKind.ENTERED}


async def test_a_deleted_contact_is_gone(service):
    scripted(service).on("GET", "contacts/7", ok({"message": "No Result found for Subscriber with id 7"}, 404))
    assert (await problem_of(service.client().recent_activities("7", 20))).code is ProblemCode.AC_GONE


async def test_a_refused_key_is_not_an_empty_feed(service):
    for path in ("contacts/7", "activities", "contacts/7/trackingLogs", "users/me"):
        service.on("GET", path, ok({"message": "Forbidden"}, 403))
    assert (await problem_of(service.client().recent_activities("7", 20))).code is ProblemCode.AC_KEY_REFUSED


async def test_a_completed_passage_shows_entering_and_completion(service):
    done = passage(50, completed=1, remdate=at(30))
    found = await feed(scripted(service, stream={"activities": []}, passages=[done], tracking=[]))
    assert [(a.kind, a.at.minute) for a in found.items] == [(ActivityKind.COMPLETED, 30), (ActivityKind.ENTERED, 0)]


async def test_a_page_visit_shows_its_address_and_only_web_addresses_become_links(service):
    rows = [
        {"id": "1", "type": "__pagevisit", "value": "https://shop.example/a", "tstamp": at(1)},
        {"id": "2", "type": "Event", "value": "javascript:alert(1)", "tstamp": at(2)},
    ]
    found = await feed(scripted(service, stream={"activities": []}, passages=[], tracking=rows))
    event, visit = found.items
    assert (visit.title, visit.link) == ("https://shop.example/a", "https://shop.example/a")
    assert event.link is None


async def test_a_long_stream_of_other_rows_is_said_to_hide_older_activities(service):
    notes = [entry(i, "Note", i, i % 60) for i in range(100)]
    scripted(service, stream={"activities": notes, "meta": {"total": "5000"}}, passages=[], tracking=[])
    found = await feed(service)
    assert found.unavailable == (OLDER,)


async def test_an_unknown_account_has_no_links_to_its_pages(service):
    wiring = await scripted(service).client(url="http://127.0.0.1:4005").recent_activities("7", 20)
    assert all(a.link is None for a in wiring.items if a.kind in {ActivityKind.OPENED, ActivityKind.ENTERED})


def paged(rows, **siblings):
    def answer(request):
        offset = int(request.url.params["offset"])
        return ok({"activities": rows[offset : offset + 100], "meta": {"total": str(len(rows))}, **siblings})

    return answer


async def test_all_activities_come_in_pages_merged_by_time_without_repeats(service):
    logs = [{"id": str(i), "campaignid": "4", "messageid": "8", "successful": "1"} for i in range(250)]
    rows = [
        {**entry(i, "Log", i, 0), "tstamp": f"2026-03-{28 - i // 10:02}T{23 - i % 10:02}:00:00-06:00"}
        for i in range(250)
    ]
    tracking = [{"id": "1", "type": "E", "value": "", "tstamp": "2026-03-10T12:00:00-06:00"}]
    scripted(service, passages=[passage(50, adddate="2026-01-01T00:00:00-06:00")], tracking=tracking)
    service.on("GET", "activities", paged(rows, logs=logs, campaigns=[CAMPAIGN]))
    service.on("GET", "automations", ok({"automations": [{"id": "9", "name": "Welcome"}]}))
    pages = [page async for page in service.client().all_activities("7")]
    items = [item for page in pages for item in page]
    assert len(pages) == 3
    assert len(items) == 252
    assert [i.at for i in items] == sorted((i.at for i in items), reverse=True)
    assert items[-1].kind is ActivityKind.ENTERED


async def test_all_activities_raise_what_failed_after_the_rest(service):
    scripted(service).on("GET", "contacts/7/trackingLogs", ok({}, 500))
    seen = []

    async def read():
        async for page in service.client().all_activities("7"):
            seen.extend(page)

    assert (await problem_of(read())).code is ProblemCode.AC_DOWN
    assert ActivityKind.SENT in {a.kind for a in seen}


SINCE = datetime(2026, 3, 1, 18, 0, tzinfo=UTC)


async def test_a_sent_campaign_is_found_in_the_stream(service):
    client = scripted(service).client()
    assert await client.campaign_was_sent("7", "4", SINCE) is True
    assert await client.campaign_was_sent("7", "5", SINCE) is False


async def test_a_sending_in_the_very_second_counts(service):
    just_after = datetime(2026, 3, 1, 18, 1, 0, 700_000, tzinfo=UTC)
    assert await scripted(service).client().campaign_was_sent("7", "4", just_after) is True


async def test_an_older_or_failed_sending_does_not_count(service):
    later = datetime(2026, 3, 1, 19, 0, tzinfo=UTC)
    assert await scripted(service).client().campaign_was_sent("7", "4", later) is False
    failed = {**STREAM_BODY, "logs": [{"id": "10", "campaignid": "4", "successful": "0"}]}
    assert await scripted(service, stream=failed).client().campaign_was_sent("7", "4", SINCE) is False


async def test_a_log_without_its_object_leaves_it_open(service):
    client = scripted(service, stream={**STREAM_BODY, "logs": []}).client()
    assert await client.campaign_was_sent("7", "4", SINCE) is None


def test_foreign_html_becomes_text():
    assert plain("a<br>b<style>p{}</style> <b onclick=x>c</b> &lt;d&gt;") == "a\nb c <d>"


def test_only_web_addresses_are_addresses():
    assert web_address(" https://x.example/a ") == "https://x.example/a"
    assert web_address("https://") is None
    assert web_address("data:text/html,x") is None
    assert web_address("http://[bad") is None


def test_a_private_campaign_has_no_web_copy():
    links = WebLinks("acme")
    assert links.web_copy({**CAMPAIGN, "public": "0"}, "8") is None
    assert links.web_copy({"id": "4"}, "") is None


async def test_equal_times_keep_the_order_of_the_service(service):
    same = [entry(number, "Log", 10, 1) for number in (11, 13, 12)]
    body = {**STREAM_BODY, "activities": [*same, entry(14, "SubscriberSeries", 50, 1, "start")]}
    entered = passage(50, adddate=at(1))
    found = await feed(scripted(service, stream=body, passages=[entered], tracking=[]))
    assert [item.order for item in found.items] == [14, 13, 12, 11]
    assert found.items[0].kind is ActivityKind.ENTERED


async def test_names_of_automations_that_are_known_are_not_asked_for_and_new_ones_are_kept(service):
    known = {"9": "Welcome"}
    client = scripted(service, stream={**STREAM_BODY, "automations": []}).client(account="acme")
    found = await client.recent_activities("7", 20, given=Given(known))
    assert "Welcome" in {item.title for item in found.items}
    assert service.asked("GET", "automations") == []
    fresh: dict[str, str] = {}
    await client.recent_activities("7", 20, given=Given(fresh))
    assert fresh == {"9": "Welcome"}


@pytest.mark.parametrize(
    ("name", "other"),
    [("linkData", "linkDatas"), ("mppLinkData", "mppLinkDatas"), ("replies", "reply")],
)
async def test_siblings_are_found_under_either_name(service, name, other):
    expected = [(item.kind, item.at, item.title) for item in (await feed(scripted(service))).items]
    body = {other if key == name else key: value for key, value in STREAM_BODY.items()}
    found = await feed(scripted(service, stream=body))
    assert [(item.kind, item.at, item.title) for item in found.items] == expected
    assert found.complete


async def test_the_object_may_stand_in_the_row_itself(service):
    log = {"id": "10", "campaignid": "4", "messageid": "8", "successful": "1", "tstamp": at(1)}
    row = {**entry(1, "Log", 10, 1), "reference": log}
    found = await feed(scripted(service, stream={**STREAM_BODY, "activities": [row], "logs": []}))
    assert ActivityKind.SENT in {item.kind for item in found.items}


@pytest.mark.parametrize("key", ["message", "body", "text"])
@pytest.mark.parametrize("subject", ["Re: hi", None])
async def test_a_reply_is_shown_whatever_its_text_is_called(service, key, subject):
    reply = {"id": "40", "campaignid": "4", "subject": subject, key: "<p>Yes</p>"}
    found = await feed(scripted(service, stream={**STREAM_BODY, "replies": [reply]}))
    shown = next(item for item in found.items if item.kind is ActivityKind.REPLIED)
    assert (shown.title, shown.detail) == (subject or "Spring news", "Yes")


@pytest.mark.parametrize("ident", [10, "10"])
async def test_ids_may_be_numbers_or_texts(service, ident):
    body = {**STREAM_BODY, "activities": [{**entry(1, "Log", 10, 1), "reference_id": ident}]}
    body["logs"] = [{**STREAM_BODY["logs"][0], "id": ident, "campaignid": 4}]
    body["campaigns"] = [{**CAMPAIGN, "id": 4}]
    found = await feed(scripted(service, stream=body))
    assert [item.title for item in found.items if item.kind is ActivityKind.SENT] == ["Spring news"]
