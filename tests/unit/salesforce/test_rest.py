"""The client on a scripted instance: tokens, versions, headers, pages, rows."""

import json

import httpx
import pytest

from acassist.domain.ids import SObject
from acassist.domain.problem import ProblemCode, ProblemError
from acassist.http import Priority
from tests.unit.salesforce.fakes import INSTANCE, Scene

EXPIRED = httpx.Response(401, json=[{"message": "Session expired or invalid", "errorCode": "INVALID_SESSION_ID"}])
USELESS = httpx.Response(
    401, json=[{"message": "This session is not valid for use with the REST API", "errorCode": "INVALID_SESSION_ID"}]
)
LIMIT = {"Sforce-Limit-Info": "api-usage=18/5000", "Date": "Tue, 24 Nov 2026 08:00:00 GMT"}


def scripted(*answers: httpx.Response) -> Scene:
    queue = list(answers)
    return Scene(instance=lambda request: queue.pop(0))


def page(records: list[dict[str, object]], following: str = "") -> httpx.Response:
    body = {"totalSize": 3, "done": not following, "records": records}
    return httpx.Response(200, json=body | ({"nextRecordsUrl": following} if following else {}), headers=LIMIT)


async def test_the_highest_tested_version_is_used_and_asked_for_without_a_token() -> None:
    scene = scripted(page([]))
    await scene.client().rows("SELECT Id FROM Lead")
    assert scene.asked("/query")[0].url.path == "/services/data/v66.0/query"
    assert "authorization" not in scene.asked("/services/data")[0].headers


async def test_pages_are_followed_verbatim() -> None:
    following = "/services/data/v66.0/query/0r8xx-2000"
    scene = scripted(page([{"Id": "1"}, {"Id": "2"}], following), page([{"Id": "3"}]))
    pages = [rows async for rows in scene.client().query("SELECT Id FROM Lead")]
    assert [len(rows) for rows in pages] == [2, 1]
    assert scene.requests[-1].url == f"{INSTANCE}{following}"


@pytest.mark.parametrize("elsewhere", ["@evil.example/x", "https://evil.example/services/x", "//evil.example/x"])
async def test_a_next_page_on_another_host_is_a_bad_answer_and_never_asked_for(elsewhere: str) -> None:
    scene = scripted(page([], elsewhere))
    with pytest.raises(ProblemError) as caught:
        await scene.client().rows("SELECT Id FROM Lead")
    assert caught.value.problem.code is ProblemCode.BAD_ANSWER
    assert len(scene.asked("/query")) == 1


async def test_an_expired_session_is_renewed_once_and_the_call_repeated_even_for_a_create() -> None:
    scene = scripted(EXPIRED, httpx.Response(200, json=[{"id": "00Q1", "success": True, "errors": []}]))
    results = await scene.client().create(SObject.LEAD, [{"LastName": "A"}])
    assert (results[0].id, results[0].created) == ("00Q1", True)
    sent = [request.headers["authorization"] for request in scene.asked("/composite/sobjects")]
    assert sent == ["Bearer access-1", "Bearer access-2"]


async def test_a_session_that_stays_refused_ends_in_reconnect() -> None:
    scene = scripted(EXPIRED, EXPIRED)
    with pytest.raises(ProblemError) as caught:
        await scene.client().count("SELECT COUNT() FROM Lead")
    assert caught.value.problem.code is ProblemCode.SF_RECONNECT
    assert scene.login.count == 2


async def test_a_session_without_api_access_is_not_refreshed() -> None:
    scene = scripted(USELESS)
    with pytest.raises(ProblemError) as caught:
        await scene.client().count("SELECT COUNT() FROM Lead")
    assert caught.value.problem.code is ProblemCode.SF_NO_API
    assert scene.login.count == 1


async def test_too_many_requests_at_once_are_waited_for_even_with_a_create() -> None:
    refusal = {"errorCode": "REQUEST_LIMIT_EXCEEDED", "message": "ConcurrentRequests Limit exceeded."}
    done = httpx.Response(200, json=[{"id": "00Q1", "success": True, "errors": []}])
    scene = scripted(httpx.Response(403, json=[refusal]), done)
    assert (await scene.client().create(SObject.LEAD, [{"LastName": "A"}]))[0].success
    assert scene.clock.seconds >= 5


async def test_a_used_up_day_is_told_at_once() -> None:
    refusal = {"errorCode": "REQUEST_LIMIT_EXCEEDED", "message": "TotalRequests Limit exceeded."}
    scene = scripted(httpx.Response(403, json=[refusal]))
    with pytest.raises(ProblemError) as caught:
        await scene.client().count("SELECT COUNT() FROM Lead")
    assert caught.value.problem.code is ProblemCode.SF_QUOTA
    assert scene.clock.seconds == 0


async def test_writes_keep_assignment_rules_out_unless_they_were_chosen() -> None:
    done = httpx.Response(200, json=[{"id": "00Q1", "success": True, "errors": []}])
    scene = scripted(done, done)
    await scene.client().update(SObject.LEAD, [("00Q1", {"City": "B"})])
    await scene.client(auto_assign=True).update(SObject.LEAD, [("00Q1", {"City": "B"})])
    first, second = scene.asked("/composite/sobjects")
    assert first.headers["Sforce-Auto-Assign"] == "FALSE"
    assert "Sforce-Auto-Assign" not in second.headers
    assert json.loads(first.content) == {
        "allOrNone": False,
        "records": [{"attributes": {"type": "Lead"}, "City": "B", "id": "00Q1"}],
    }


async def test_refused_rows_are_results_in_request_order() -> None:
    error = {"statusCode": "REQUIRED_FIELD_MISSING", "message": "m", "fields": ["LastName"]}
    answer = [{"success": False, "errors": [error]}, {"id": "00Q2", "success": True, "errors": []}]
    scene = scripted(httpx.Response(200, json=answer))
    bad, good = await scene.client().create(SObject.LEAD, [{}, {"LastName": "B"}])
    assert (bad.success, bad.id, bad.errors[0].fields) == (False, None, ("LastName",))
    assert (good.success, good.id) == (True, "00Q2")


async def test_an_answer_with_missing_rows_leaves_a_create_open() -> None:
    scene = scripted(httpx.Response(200, json=[]))
    with pytest.raises(ProblemError) as caught:
        await scene.client().create(SObject.LEAD, [{"LastName": "A"}])
    assert caught.value.problem.code is ProblemCode.BAD_ANSWER
    assert caught.value.problem.ambiguous


async def test_a_create_whose_answer_is_lost_is_not_sent_again() -> None:
    def lose(request: httpx.Request) -> httpx.Response:
        raise httpx.ReadError("gone")

    scene = Scene(instance=lose)
    with pytest.raises(ProblemError) as caught:
        await scene.client().create(SObject.LEAD, [{"LastName": "A"}])
    assert caught.value.problem.ambiguous
    assert len(scene.asked("/composite/sobjects")) == 1


async def test_nothing_is_sent_for_no_rows_and_more_than_200_are_refused() -> None:
    scene = scripted()
    assert await scene.client().create(SObject.LEAD, []) == []
    assert await scene.client().update(SObject.LEAD, []) == []
    assert scene.requests == []
    with pytest.raises(ValueError, match="200"):
        await scene.client().create(SObject.LEAD, [{}] * 201)


async def test_describe_is_kept_while_salesforce_says_that_it_is_unchanged() -> None:
    body = {"name": "Lead", "label": "Lead", "createable": True, "fields": [{"name": "City", "type": "string"}]}
    stamp = {"Last-Modified": "Mon, 23 Nov 2026 08:00:00 GMT"}
    scene = scripted(httpx.Response(200, json=body, headers=stamp), httpx.Response(304))
    client = scene.client()
    assert await client.describe(SObject.LEAD) == await client.describe(SObject.LEAD)
    asked = scene.asked("/describe")
    assert asked[1].headers["If-Modified-Since"] == stamp["Last-Modified"]


async def test_a_vanished_record_is_none() -> None:
    gone = httpx.Response(404, json=[{"errorCode": "NOT_FOUND", "message": "x"}])
    assert await scripted(gone).client().retrieve(SObject.LEAD, "00Q1", ["Id"]) is None


async def test_time_and_quota_come_from_the_answers_of_any_lane() -> None:
    client = scripted(page([])).client()
    assert (client.server_time(), client.calls()) == (None, None)
    await client.lane(Priority.INTERACTIVE).rows("SELECT Id FROM Lead")
    assert client.calls() == (18, 5000)
    moment = client.server_time()
    assert moment is not None
    assert moment.isoformat() == "2026-11-24T08:00:00+00:00"


async def test_jobs_and_facts_do_without_what_the_user_may_not_see() -> None:
    def refuse(request: httpx.Request) -> httpx.Response:
        return httpx.Response(403, json=[{"errorCode": "INSUFFICIENT_ACCESS", "message": "no"}], headers=LIMIT)

    client = Scene(instance=refuse).client()
    assert await client.scheduled_jobs() == []
    facts = await client.org_facts()
    assert (facts.org_id, facts.user_id, facts.calls_max) == ("00D000000000001EAA", "005000000000001AAA", 5000)
