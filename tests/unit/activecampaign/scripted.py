"""A scripted ActiveCampaign: answers by method and path, remembers what was asked."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs

import httpx

from acassist.activecampaign.client import ActiveCampaignClient, http_for
from acassist.domain.problem import Problem, ProblemError
from acassist.http.budget import CallBudget
from acassist.http.client import Wiring

KEY = "canary-key-7f3d91"
URL = "https://acme.api-us1.com"
Answer = httpx.Response | Callable[[httpx.Request], httpx.Response]


class StandingClock:
    """Time moves only by sleeping."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def now(self) -> datetime:
        return datetime(2026, 11, 24, 8, 0, tzinfo=UTC) + timedelta(seconds=self.seconds)

    def monotonic(self) -> float:
        return self.seconds

    async def sleep(self, seconds: float) -> None:
        until = self.seconds + seconds
        await asyncio.sleep(0)
        self.seconds = max(self.seconds, until)


class Middle:
    def random(self) -> float:
        return 0.5


def ok(body: Any, status: int = 200) -> httpx.Response:
    return httpx.Response(status, json=body, headers={"date": "Tue, 24 Nov 2026 08:00:00 GMT"})


class Service:
    """Answers are used in order, the last one for ever; unknown paths answer 404 without a body."""

    def __init__(self) -> None:
        self.script: dict[tuple[str, str], list[Answer]] = {}
        self.requests: list[httpx.Request] = []
        self.clock = StandingClock()

    def on(self, method: str, path: str, *answers: Answer) -> Service:
        self.script[method, path if path.startswith("/") else f"/api/3/{path}"] = list(answers)
        return self

    def _answer(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        answers = self.script.get((request.method, request.url.path), [])
        if not answers:
            return httpx.Response(404)
        answer = answers.pop(0) if len(answers) > 1 else answers[0]
        made = answer(request) if callable(answer) else answer
        return httpx.Response(made.status_code, headers=made.headers, content=made.content)

    def client(self, *, account: str = "", url: str = URL) -> ActiveCampaignClient:
        wiring = Wiring(self.clock, Middle(), CallBudget(self.clock), httpx.MockTransport(self._answer))
        return ActiveCampaignClient(http_for(url, KEY, wiring=wiring), account=account)

    def asked(self, method: str, path: str) -> list[httpx.Request]:
        wanted = path if path.startswith("/") else f"/api/3/{path}"
        return [r for r in self.requests if r.method == method and r.url.path == wanted]

    def query(self, index: int = -1) -> dict[str, list[str]]:
        return parse_qs(self.requests[index].url.query.decode(), keep_blank_values=True)

    def body(self, index: int = -1) -> Any:
        return json.loads(self.requests[index].content)


async def problem_of(awaitable: Any) -> Problem:
    """Return the problem that the call ends in."""
    try:
        await awaitable
    except ProblemError as error:
        return error.problem
    raise AssertionError("no problem")
