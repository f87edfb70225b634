"""The HTTP client: what it repeats, what it refuses, what it never lets out."""

import logging
import ssl
from collections.abc import Callable

import httpx
import pytest

from acassist.domain.ids import Service
from acassist.domain.problem import ProblemCode, ProblemError
from acassist.http import CallBudget, HeaderAuth, HttpClient, Pacer, Wiring
from tests.unit.http.clocks import HalfDice, JumpClock

BASE = "https://acme.api-us1.com"
SECRET = "canary-secret-0123456789"
Handler = Callable[[httpx.Request], httpx.Response]


class Wire:
    """A client over a scripted service that remembers what it was asked."""

    def __init__(self, *script: httpx.Response | Exception, base: str = BASE) -> None:
        self.clock = JumpClock()
        self.seen: list[httpx.Request] = []
        self._script = list(script)
        self.budget = CallBudget(self.clock)
        wiring = Wiring(self.clock, HalfDice(), self.budget, httpx.MockTransport(self._answer))
        self.client = HttpClient(
            Service.ACTIVECAMPAIGN, base_url=base, wiring=wiring, auth=HeaderAuth(BASE, "Api-Token", SECRET)
        )

    def _answer(self, request: httpx.Request) -> httpx.Response:
        self.seen.append(request)
        step = self._script.pop(0) if self._script else httpx.Response(200, json={"ok": True})
        if isinstance(step, Exception):
            raise step
        return step


async def failure(wire: Wire, method: str = "GET", **options: object) -> ProblemError:
    with pytest.raises(ProblemError) as caught:
        await wire.client.request(method, "/api/3/contacts", **options)  # type: ignore[arg-type]
    return caught.value


@pytest.mark.parametrize("passing", [httpx.Response(503), httpx.ReadTimeout("late"), httpx.ConnectError("refused")])
async def test_a_get_is_repeated_after_a_passing_fault(passing: httpx.Response | Exception) -> None:
    wire = Wire(passing)
    answer = await wire.client.request("GET", "/api/3/contacts")
    assert (answer.status, len(wire.seen)) == (200, 2)


@pytest.mark.parametrize(
    "lost", [httpx.ReadTimeout("late"), httpx.ReadError("reset"), httpx.RemoteProtocolError("closed")]
)
async def test_a_post_whose_answer_was_lost_is_not_repeated_and_called_ambiguous(lost: Exception) -> None:
    wire = Wire(lost)
    error = await failure(wire, "POST", json={"a": 1})
    assert len(wire.seen) == 1
    assert error.problem.ambiguous


async def test_a_post_that_never_left_is_repeated_and_not_ambiguous() -> None:
    wire = Wire(*[httpx.ConnectError("refused")] * 5)
    error = await failure(wire, "POST", json={})
    assert len(wire.seen) == 5
    assert error.problem.code is ProblemCode.NO_NETWORK
    assert not error.problem.ambiguous


async def test_a_write_marked_idempotent_is_repeated_after_a_lost_answer() -> None:
    wire = Wire(httpx.ReadError("reset"))
    answer = await wire.client.request("PUT", "/api/3/contacts/1", json={}, idempotent=True)
    assert (answer.status, len(wire.seen)) == (200, 2)


async def test_a_post_is_not_repeated_after_a_server_fault_and_the_answer_says_it_may_be_done() -> None:
    wire = Wire(httpx.Response(503))
    answer = await wire.client.request("POST", "/api/3/contacts", json={})
    assert (answer.status, answer.ambiguous, len(wire.seen)) == (503, True, 1)


async def test_a_throttled_post_is_repeated_after_the_time_that_was_asked_for() -> None:
    wire = Wire(httpx.Response(429, headers={"Retry-After": "7"}))
    answer = await wire.client.request("POST", "/api/3/contacts", json={})
    assert (answer.status, len(wire.seen)) == (200, 2)
    assert wire.clock.seconds >= 7


async def test_a_throttled_post_without_a_time_is_not_repeated() -> None:
    wire = Wire(httpx.Response(429))
    answer = await wire.client.request("POST", "/api/3/contacts", json={})
    assert (answer.status, len(wire.seen)) == (429, 1)


async def test_a_very_long_retry_after_is_handed_to_the_caller() -> None:
    wire = Wire(httpx.Response(429, headers={"Retry-After": "3600"}))
    answer = await wire.client.request("GET", "/api/3/contacts")
    assert answer.status == 429
    assert answer.retry_after(wire.clock.now()) == 3600
    assert wire.clock.seconds == 0


async def test_retries_stop_after_the_given_number_and_waits_grow() -> None:
    wire = Wire(*[httpx.Response(502)] * 9)
    answer = await wire.client.request("GET", "/x", retries=3)
    assert (answer.status, len(wire.seen)) == (502, 4)
    assert wire.clock.sleeps == sorted(wire.clock.sleeps)
    assert len(set(wire.clock.sleeps)) == 3


async def test_the_secret_goes_only_to_its_own_host() -> None:
    wire = Wire()
    await wire.client.request("GET", "/api/3/users/me")
    assert wire.seen[0].headers["Api-Token"] == SECRET
    for elsewhere in ("https://evil.example/x", "https://acme.api-us1.com:8443/x", "https://acme.api-us1.com.evil/x"):
        with pytest.raises(ProblemError) as caught:
            await wire.client.request("GET", elsewhere)
        assert caught.value.problem.code is ProblemCode.HOST_REFUSED
    assert len(wire.seen) == 1


async def test_a_redirect_to_another_host_is_returned_and_not_followed() -> None:
    wire = Wire(httpx.Response(302, headers={"Location": "https://evil.example/"}))
    answer = await wire.client.request("GET", "/api/3/users/me")
    assert (answer.status, len(wire.seen)) == (302, 1)


@pytest.mark.parametrize("base", ["http://acme.example", "ftp://acme.example", "http://192.168.1.5", "https://", "x"])
def test_plain_http_is_refused_away_from_this_computer(base: str) -> None:
    with pytest.raises(ProblemError) as caught:
        Wire(base=base)
    assert caught.value.problem.code is ProblemCode.HOST_REFUSED


@pytest.mark.parametrize("base", ["http://127.0.0.1:81", "http://127.8.9.1", "http://[::1]:9", "http://localhost:80"])
def test_plain_http_is_allowed_to_this_computer(base: str) -> None:
    assert Wire(base=base).client.base_url == base


async def test_user_information_in_an_address_is_refused() -> None:
    with pytest.raises(ProblemError):
        Wire(base="https://acme.api-us1.com@evil.example")


@pytest.mark.parametrize(
    ("raised", "code"),
    [
        (httpx.ConnectError("name not known"), ProblemCode.NO_NETWORK),
        (httpx.ReadTimeout("late"), ProblemCode.TIMEOUT),
        (httpx.ProxyError("403 Forbidden"), ProblemCode.PROXY),
    ],
)
async def test_transport_failures_become_problems(raised: Exception, code: ProblemCode) -> None:
    error = await failure(Wire(*[raised] * 9))
    assert error.problem.code is code
    assert error.problem.values["host"] == "acme.api-us1.com"


async def test_a_bad_certificate_is_a_tls_problem_and_not_repeated() -> None:
    wrapped = httpx.ConnectError("handshake")
    wrapped.__cause__ = ssl.SSLCertVerificationError("self-signed certificate")
    wire = Wire(wrapped)
    error = await failure(wire, "GET")
    assert (error.problem.code, len(wire.seen)) == (ProblemCode.TLS, 1)


async def test_a_page_instead_of_data_is_a_bad_answer_without_its_text() -> None:
    wire = Wire(httpx.Response(200, html="<html>secret page</html>"))
    answer = await wire.client.request("GET", "/x")
    with pytest.raises(ProblemError) as caught:
        answer.json()
    assert caught.value.problem.code is ProblemCode.BAD_ANSWER
    assert "secret" not in caught.value.problem.detail


async def test_nothing_secret_reaches_log_error_or_repr(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    wire = Wire(httpx.ReadError(f"Api-Token: {SECRET}"), httpx.ReadError("x"))
    with pytest.raises(ProblemError) as caught:
        await wire.client.request("POST", "/api/3/x", params={"email": "ann@mail.example"}, json={"phone": "12345"})
    told = caplog.text + repr(caught.value.problem) + repr(HeaderAuth(BASE, "Api-Token", SECRET))
    assert "POST acme.api-us1.com/api/3/x" in caplog.text
    for hidden in (SECRET, "ann@mail", "12345"):
        assert hidden not in told
    assert caught.value.__context__ is None


async def test_calls_are_counted_with_every_repeat() -> None:
    wire = Wire(httpx.Response(503))
    await wire.client.request("GET", "/x")
    assert wire.client.calls_made == 2
    assert wire.budget.calls_made(Service.SALESFORCE) == 0


async def test_cookies_are_not_kept() -> None:
    wire = Wire(httpx.Response(200, headers={"Set-Cookie": "session=abc"}))
    await wire.client.request("GET", "/x")
    await wire.client.request("GET", "/x")
    assert "cookie" not in wire.seen[1].headers


async def test_a_pacer_holds_everybody_back_for_the_time_that_was_asked_for() -> None:
    clock = JumpClock()
    pacer = Pacer(clock)
    answers = [httpx.Response(429, headers={"Retry-After": "20"})]
    transport = httpx.MockTransport(lambda request: answers.pop() if answers else httpx.Response(200))
    wiring = Wiring(clock, HalfDice(), CallBudget(clock), transport)
    client = HttpClient(Service.ACTIVECAMPAIGN, base_url=BASE, wiring=wiring, pacer=pacer)
    await client.request("GET", "/x", retries=0)
    await pacer.acquire()
    assert clock.seconds >= 20
