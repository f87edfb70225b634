"""The callback address on real sockets of this computer."""

import asyncio
import socket
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import httpx
import pytest

from acassist.domain.problem import Problem, ProblemCode, ProblemError
from acassist.domain.text import Message
from acassist.salesforce.loopback import LoopbackListener
from tests.unit.http.clocks import JumpClock


class StillClock:
    """Time never passes: only events end a wait."""

    def now(self) -> datetime:
        return datetime(2026, 11, 24, tzinfo=UTC)

    def monotonic(self) -> float:
        return 0.0

    async def sleep(self, seconds: float) -> None:
        await asyncio.Event().wait()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def has_ipv6() -> bool:
    try:
        with socket.socket(socket.AF_INET6) as probe:
            probe.bind(("::1", 0))
    except OSError:
        return False
    return True


class Visit:
    """A listener with a browser beside it."""

    def __init__(self) -> None:
        self.stray: list[Problem] = []
        self.listener = LoopbackListener(
            "right", clock=StillClock(), on_stray=self.stray.append, ports=(free_port(), free_port())
        )
        self.browser = httpx.AsyncClient(trust_env=False)

    def url(self, path: str, host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.listener.port}{path}"

    async def get(self, path: str, **options: bool) -> httpx.Response:
        return await self.browser.get(self.url(path), **options)

    async def refused(self) -> ProblemCode:
        with pytest.raises(ProblemError) as caught:
            await self.listener.wait(300)
        return caught.value.problem.code


@pytest.fixture
async def visit() -> AsyncIterator[Visit]:
    made = Visit()
    await made.listener.start()
    yield made
    await made.browser.get(made.url("/done"))
    await made.listener.close()
    await made.browser.aclose()


async def test_the_code_is_taken_and_leaves_the_address_bar(visit: Visit) -> None:
    answer = await visit.get("/callback?code=aPrx%2Bab%3D%3D&state=right")
    assert (answer.status_code, answer.headers["location"]) == (303, "/done")
    assert await visit.listener.wait(300) == "aPrx+ab=="
    page = await visit.get("/done")
    assert page.status_code == 200
    assert "close this window" in page.text
    assert "<script" not in page.text
    assert page.headers["cache-control"] == "no-store"


async def test_the_redirect_address_is_always_localhost(visit: Visit) -> None:
    assert visit.listener.redirect_uri == f"http://localhost:{visit.listener.port}/callback"


@pytest.mark.skipif(not has_ipv6(), reason="this computer has no IPv6")
async def test_it_listens_on_ipv6_too(visit: Visit) -> None:
    answer = await visit.browser.get(visit.url("/done", "[::1]"))
    assert answer.status_code == 200


async def test_another_state_is_refused_reported_and_the_wait_goes_on(visit: Visit) -> None:
    answer = await visit.get("/callback?code=evil&state=wrong")
    assert answer.status_code == 400
    assert [problem.code for problem in visit.stray] == [ProblemCode.SF_LOGIN_STATE]
    assert (await visit.get("/callback?error=access_denied")).status_code == 400
    await visit.get("/callback?code=good&state=right")
    assert await visit.listener.wait(300) == "good"


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("error=access_denied&error_description=end-user+denied", ProblemCode.SF_LOGIN_DENIED),
        ("error=OAUTH_APP_BLOCKED&error_description=blocked+by+admin", ProblemCode.SF_LOGIN_FAILED),
    ],
)
async def test_a_refusal_ends_the_wait_with_its_reason(visit: Visit, query: str, code: ProblemCode) -> None:
    answer = await visit.get(f"/callback?{query}&state=right", follow_redirects=True)
    assert answer.status_code == 200
    assert str(answer.url).endswith("/failed")
    assert await visit.refused() is code


async def test_browsers_may_ask_beforehand_and_for_icons(visit: Visit) -> None:
    ask = {"Access-Control-Request-Private-Network": "true", "Access-Control-Request-Method": "GET"}
    answer = await visit.browser.options(visit.url("/callback"), headers=ask)
    assert (answer.status_code, answer.headers["access-control-allow-private-network"]) == (204, "true")
    assert answer.headers["access-control-allow-methods"] == "GET"
    assert (await visit.get("/favicon.ico")).status_code == 404
    assert (await visit.get("/callback?state=right")).status_code == 400
    assert (await visit.browser.post(visit.url("/callback"))).status_code == 405


async def test_a_foreign_name_that_points_here_is_refused(visit: Visit) -> None:
    answer = await visit.browser.get(visit.url("/done"), headers={"Host": f"evil.example:{visit.listener.port}"})
    assert answer.status_code == 400


async def test_noise_on_the_port_does_no_harm(visit: Visit) -> None:
    for noise in (b"\x16\x03\x01\r\n\r\n", b"GET /" + b"a" * 40_000, b""):
        _, writer = await asyncio.open_connection("127.0.0.1", visit.listener.port)
        writer.write(noise)
        writer.close()
    assert (await visit.get("/done")).status_code == 200


async def test_a_silent_connection_does_not_hold_closing_back() -> None:
    visit = Visit()
    await visit.listener.start()
    _, writer = await asyncio.open_connection("127.0.0.1", visit.listener.port)
    await visit.get("/done")
    await asyncio.wait_for(visit.listener.close(), 5)
    writer.close()
    await visit.browser.aclose()


async def test_cancelling_ends_the_wait_at_once(visit: Visit) -> None:
    visit.listener.cancel()
    assert await visit.refused() is ProblemCode.SF_LOGIN_CANCELLED


async def test_the_wait_ends_after_its_time() -> None:
    listener = LoopbackListener("s", clock=JumpClock(), ports=(free_port(),))
    await listener.start()
    with pytest.raises(ProblemError) as caught:
        await listener.wait(300)
    await listener.close()
    assert caught.value.problem.code is ProblemCode.SF_LOGIN_TIMEOUT
    assert caught.value.problem.sentence.english() == "The login was not finished within 5 minutes."


async def test_the_next_port_is_taken_when_the_first_is_in_use_and_all_in_use_is_a_problem() -> None:
    ports = (free_port(), free_port())
    listeners = [LoopbackListener("s", clock=StillClock(), ports=ports) for _ in range(3)]
    assert str(ports[0]) in await listeners[0].start()
    assert str(ports[1]) in await listeners[1].start()
    with pytest.raises(ProblemError) as caught:
        await listeners[2].start()
    assert caught.value.problem.code is ProblemCode.SF_PORTS_TAKEN
    assert str(ports[0]) in caught.value.problem.next_step.english()
    await asyncio.gather(*(listener.close() for listener in listeners))


async def test_pages_are_translated_and_escaped() -> None:
    listener = LoopbackListener(
        "s", clock=StillClock(), ports=(free_port(),), translate=lambda message: f"<b>{Message.english(message)}"
    )
    await listener.start()
    async with httpx.AsyncClient(trust_env=False) as browser:
        page = await browser.get(f"http://127.0.0.1:{listener.port}/done")
    await listener.close()
    assert "&lt;b&gt;You can close this window" in page.text
    assert "<b>" not in page.text
