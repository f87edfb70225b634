"""The picture of a campaign: from hosts of the account only, without the key, bounded."""

import httpx
import pytest

from acassist.activecampaign.pictures import MOST_BYTES
from acassist.domain.problem import ProblemCode
from tests.unit.activecampaign.scripted import KEY, ok, problem_of

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 40
PATH = "/_screenshot_/5f.jpeg"


def sent(body: bytes = PNG, status: int = 200, **headers: str) -> httpx.Response:
    return httpx.Response(status, content=body, headers={"content-type": "image/png", **headers})


def told(service, address, message=""):
    service.on("GET", "campaigns/4", ok({"campaign": {"id": "4", "screenshot": address}}))
    service.on("GET", "campaigns/4/campaignMessages", ok({"campaignMessages": [{"id": "1", "screenshot": message}]}))
    return service.on("GET", PATH, sent())


async def picture(service):
    return await service.client(account="acme").campaign_picture("4")


def fetched(service) -> list[httpx.Request]:
    return [request for request in service.requests if request.url.path == PATH]


@pytest.mark.parametrize(
    "address",
    [
        f"//acme.img-us3.com{PATH}",
        f"https://acme.img-us3.com{PATH}",
        f"https://acme.activehosted.com{PATH}",
        f"https://ACME.activehosted.com{PATH}",
        f"https://content.app.activecampaign.com{PATH}",
        f"//acme.api-us1.com{PATH}",
    ],
)
async def test_a_picture_of_the_account_is_fetched_over_https_without_the_key(service, address):
    assert await picture(told(service, address)) == PNG
    request = fetched(service)[0]
    assert request.url.scheme == "https"
    assert KEY not in str(request.url) + str(request.headers)
    assert "api-token" not in request.headers


@pytest.mark.parametrize(
    "address",
    [
        f"http://acme.img-us3.com{PATH}",
        f"//evil.example{PATH}",
        f"https://evil.example{PATH}",
        f"https://other.img-us3.com{PATH}",
        f"https://acme.img-us3.com.evil.example{PATH}",
        f"https://evilactivehosted.com{PATH}",
        f"https://acme.img-us3.com:8443{PATH}",
        f"https://acme.img-us3.com@evil.example{PATH}",
        f"https://user:pass@acme.img-us3.com{PATH}",
        "https://[broken/x.png",
        f"//169.254.169.254{PATH}",
        f"http://127.0.0.1{PATH}",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "data:image/png;base64,AAAA",
        "x.png",
    ],
)
async def test_any_other_address_is_refused_before_anything_is_asked(service, address):
    assert (await problem_of(picture(told(service, address)))).code is ProblemCode.HOST_REFUSED
    assert fetched(service) == []


async def test_the_message_tells_where_the_campaign_does_not(service):
    assert await picture(told(service, "", f"//acme.img-us3.com{PATH}")) == PNG


@pytest.mark.parametrize("nothing", ["", None])
async def test_an_account_that_tells_of_no_picture_has_none(service, nothing):
    assert await picture(told(service, nothing, nothing)) is None


async def test_messages_that_cannot_be_listed_are_no_failure(service):
    told(service, "").on("GET", "campaigns/4/campaignMessages", ok({"message": "no"}, 404))
    assert await picture(service) is None


@pytest.mark.parametrize("status", [404, 410])
async def test_a_picture_that_is_gone_is_none(service, status):
    told(service, f"//acme.img-us3.com{PATH}").on("GET", PATH, sent(b"", status))
    assert await picture(service) is None


@pytest.mark.parametrize(
    "answer",
    [
        sent(b"<html>sign in</html>"),
        sent(b"<svg xmlns='http://www.w3.org/2000/svg' onload='x()'/>"),
        sent(b""),
        sent(PNG + b"0" * MOST_BYTES),
        sent(b"", 302, location="https://evil.example/x.png"),
    ],
    ids=["page", "drawing", "empty", "too large", "elsewhere"],
)
async def test_what_is_no_picture_or_too_large_is_not_taken(service, answer):
    told(service, f"//acme.img-us3.com{PATH}").on("GET", PATH, answer)
    assert (await problem_of(picture(service))).code is ProblemCode.BAD_ANSWER
    assert {request.url.host for request in fetched(service)} == {"acme.img-us3.com"}


@pytest.mark.parametrize("start", [b"\xff\xd8\xff\xe0", b"GIF87a", b"GIF89a"])
async def test_jpeg_and_gif_are_taken(service, start):
    told(service, f"//acme.img-us3.com{PATH}").on("GET", PATH, sent(start + b"rest"))
    assert await picture(service) == start + b"rest"
