import httpx
import pytest

from acassist.activecampaign.rest import number, reference, text
from acassist.domain.problem import ProblemCode
from tests.unit.activecampaign.scripted import KEY, ok, problem_of

FORBIDDEN = httpx.Response(403, json={"message": "Forbidden"})


async def test_the_key_travels_in_its_header_only(service):
    service.on("GET", "lists", ok({"lists": []}))
    await service.client().lists()
    request = service.requests[0]
    assert request.headers["Api-Token"] == KEY
    assert KEY not in str(request.url)


async def test_a_spurious_403_is_asked_once_more(service):
    service.on("GET", "lists", FORBIDDEN, ok({"lists": [{"id": "1", "name": "News"}]}))
    assert await service.client().lists() == {"1": "News"}


async def test_two_403s_and_a_failing_key_check_are_a_refused_key(service):
    service.on("GET", "lists", FORBIDDEN).on("GET", "users/me", FORBIDDEN)
    problem = await problem_of(service.client().lists())
    assert problem.code is ProblemCode.AC_KEY_REFUSED
    assert len(service.asked("GET", "lists")) == 2


async def test_two_403s_with_a_working_key_are_a_missing_right(service):
    service.on("GET", "lists", FORBIDDEN).on("GET", "users/me", ok({"user": {"id": "1"}}))
    assert (await problem_of(service.client().lists())).code is ProblemCode.AC_NO_RIGHTS


async def test_pages_are_read_to_the_end_even_when_the_limit_is_clamped(service):
    def page(request):
        offset = int(request.url.params["offset"])
        rows = [{"id": str(i), "name": f"L{i}"} for i in range(offset, min(offset + 20, 45))]
        return ok({"lists": rows, "meta": {"total": "45"}})

    service.on("GET", "lists", page)
    assert len(await service.client().lists()) == 45


async def test_a_list_that_ignores_the_offset_ends(service):
    rows = [{"id": str(i), "tag": f"t{i}", "tagType": "contact"} for i in range(100)]
    service.on("GET", "tags", ok({"tags": rows, "meta": {"total": "250"}}))
    assert len(await service.client().tags()) == 100


async def test_an_answer_that_is_no_json_is_named_as_such(service):
    service.on("GET", "lists", httpx.Response(200, html="<html>login</html>"))
    assert (await problem_of(service.client().lists())).code is ProblemCode.BAD_ANSWER


async def test_php_escapes_and_latin_1_are_read(service):
    raw = b'{"lists":[{"id":1,"name":"a\\/b \\u00e9"},{"id":"2","name":"caf\xe9"}]}'
    service.on("GET", "lists", httpx.Response(200, content=raw))
    assert await service.client().lists() == {"1": "a/b é", "2": "café"}


async def test_server_time_comes_from_the_service(service):
    service.on("GET", "lists", ok({"lists": []}))
    client = service.client()
    assert client.server_time() is None
    await client.lists()
    assert client.server_time().isoformat() == "2026-11-24T08:00:00+00:00"
    assert client.calls_made() == 1


@pytest.mark.parametrize(("value", "expected"), [(7, "7"), ("7", "7"), (None, ""), (True, "1"), ([1], ""), ({}, "")])
def test_scalars_become_text(value, expected):
    assert text(value) == expected


def test_numbers_and_references_are_read_defensively():
    assert (number("12"), number(None), number("x"), number(-3)) == (12, 0, 0, -3)
    assert (reference("12"), reference("a1")) == (12, "a1")
