from datetime import UTC, datetime
from urllib.parse import parse_qs

import httpx

from acassist.domain.problem import ProblemCode
from tests.unit.activecampaign.scripted import KEY, ok, problem_of

V1 = "/admin/api.php"
PASSAGE = {
    "id": "5",
    "automation": "9",
    "seriesid": "9",
    "status": "2",
    "completed": 1,
    "adddate": "2026-01-03T12:00:00-06:00",
    "remdate": "2026-01-03T13:00:00-06:00",
    "lastdate": "2026-01-03T12:59:00-06:00",
}


async def test_automations_tell_state_and_repetition_and_labels_only_when_the_account_does(service):
    rows = [
        {"id": 9, "name": "Welcome", "status": "1", "multientry": "1", "labels": ["Salesforce", {"label": "x"}]},
        {"id": "10", "name": "Old", "status": "2", "multientry": "0"},
        {"id": "11", "name": "Hidden", "status": "1", "hidden": "1"},
    ]
    service.on("GET", "automations", ok({"automations": rows, "meta": {"total": "3"}}))
    first, second = await service.client().automations()
    assert (first.id, first.active, first.multi_entry, first.labels) == ("9", True, True, ("Salesforce", "x"))
    assert (second.active, second.multi_entry, second.labels) == (False, False, None)


async def test_passages_tell_entering_completion_and_removal(service):
    removed = {**PASSAGE, "id": "6", "completed": 0}
    running = {**PASSAGE, "id": "7", "status": "1", "completed": 0, "remdate": None}
    service.on("GET", "contacts/7/contactAutomations", ok({"contactAutomations": [PASSAGE, removed, running]}))
    done, out, inside = await service.client().automation_entries("7")
    assert (done.completed, done.active, done.ended) == (True, False, datetime(2026, 1, 3, 19, tzinfo=UTC))
    assert (out.completed, out.active) == (False, False)
    assert (inside.active, inside.ended, inside.entered) == (True, None, datetime(2026, 1, 3, 18, tzinfo=UTC))


async def test_entering_an_automation_is_refused_in_one_call(service):
    service.on("POST", "contactAutomations", ok({"message": "Could not create SubscriberSeries"}, 403))
    problem = await problem_of(service.client().enter_automation("7", "9"))
    assert problem.code is ProblemCode.AUTOMATION_REFUSED
    assert len(service.requests) == 1


async def test_a_lost_answer_of_entering_is_ambiguous_and_not_repeated(service):
    def lost(request):
        raise httpx.ReadError("gone", request=request)

    service.on("POST", "contactAutomations", lost)
    problem = await problem_of(service.client().enter_automation("7", "9"))
    assert problem.ambiguous
    assert len(service.requests) == 1


async def test_a_server_fault_while_entering_is_ambiguous_and_not_repeated(service):
    service.on("POST", "contactAutomations", ok({}, 504))
    assert (await problem_of(service.client().enter_automation("7", "9"))).ambiguous
    assert len(service.requests) == 1


async def test_only_finished_campaigns_of_a_person_may_be_sent(service):
    rows = [
        {"id": "1", "name": "News", "type": "single", "status": "5", "seriesid": "0", "automation": None},
        {"id": "2", "name": "Draft", "type": "single", "status": "0", "seriesid": "0", "laststep": "list"},
        {"id": "5", "name": "One", "type": "single", "status": "0", "laststep": "summary", "message_id": "3"},
        {"id": "3", "name": "Mail 1", "type": "single", "status": "1", "statusString": "Automation", "seriesid": "4"},
        {"id": "4", "name": "Feed", "type": "activerss", "status": "1", "seriesid": "0"},
    ]
    parts = [{"id": "9", "campaignid": "1", "messageid": "31", "subject": "Spring"}]
    service.on("GET", "campaigns", ok({"campaigns": rows})).on(
        "GET", "campaignMessages", ok({"campaignMessages": parts})
    )
    found = {c.id: c for c in await service.client().campaigns()}
    assert {key: c.sendable for key, c in found.items()} == {"1": True, "2": False, "3": False, "4": False, "5": True}
    assert (found["1"].message_id, found["1"].subject, found["1"].labels) == ("31", "Spring", None)


async def test_without_the_list_of_messages_the_campaign_row_tells(service):
    rows = [{"id": "1", "name": "News", "type": "single", "status": "5", "message_id": "31"}]
    service.on("GET", "campaigns", ok({"campaigns": rows}))
    assert [c.message_id for c in await service.client().campaigns()] == ["31"]


async def send(service, message="31"):
    await service.client().send_campaign(email="ada@x.example", campaign_id="1", message_id=message)


async def test_a_campaign_is_sent_as_a_form_with_the_key_in_its_header(service):
    service.on("POST", V1, ok({"result_code": 1, "result_message": "Message sent"}))
    await send(service)
    request = service.requests[0]
    assert parse_qs(request.content.decode()) == {
        "api_action": ["campaign_send"],
        "api_output": ["json"],
        "email": ["ada@x.example"],
        "campaignid": ["1"],
        "messageid": ["31"],
        "type": ["mime"],
        "action": ["send"],
    }
    assert request.headers["Api-Token"] == KEY
    assert request.headers["content-type"] == "application/x-www-form-urlencoded"
    assert KEY not in request.content.decode() + str(request.url)


async def test_an_unknown_message_is_looked_up_before_sending(service):
    service.on("GET", "campaigns/1/campaignMessages", ok({"campaignMessages": [{"campaignid": "1", "messageid": "8"}]}))
    service.on("POST", V1, ok({"result_code": "1"}))
    await send(service, message="")
    assert parse_qs(service.requests[-1].content.decode())["messageid"] == ["8"]


async def test_a_no_of_the_older_interface_is_a_failed_send(service):
    service.on("POST", V1, ok({"result_code": 0, "result_message": "Contact not found."}))
    problem = await problem_of(send(service))
    assert (problem.code, problem.values, problem.ambiguous) == (
        ProblemCode.SEND_FAILED,
        {"reason": "Contact not found"},
        False,
    )


async def test_lost_and_unreadable_answers_of_a_send_are_ambiguous_and_never_repeated(service):
    def lost(request):
        raise httpx.ReadTimeout("slow", request=request)

    for answer in (lost, ok({}, 502), httpx.Response(200, html="<html>?</html>"), ok({"huh": 1}), ok(None)):
        service.requests.clear()
        service.on("POST", V1, answer)
        assert (await problem_of(send(service))).ambiguous
        assert len(service.requests) == 1


async def test_a_send_that_could_not_leave_is_not_ambiguous(service):
    def down(request):
        raise httpx.ConnectError("refused", request=request)

    service.on("POST", V1, down)
    assert not (await problem_of(send(service))).ambiguous
