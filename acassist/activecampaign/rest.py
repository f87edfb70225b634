"""Speaks the v3 REST dialect: paths, pages, spurious refusals, refused requests as problems."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from acassist.activecampaign.errors import Asked, Refusal, RefusedError, decode, parse, problem_of
from acassist.domain.problem import ProblemCode, ProblemError
from acassist.http.address import host_of
from acassist.http.client import HttpClient
from acassist.http.pacing import Priority
from acassist.http.response import Response

Json = dict[str, Any]
Params = Mapping[str, str | int | Sequence[str]]

PREFIX = "/api/3/"
PAGE = 100
_WHO = "users/me"


def text(value: object) -> str:
    """Return a scalar as text: ids and numbers come as strings in some answers, as numbers in others (section 10)."""
    if value is None or isinstance(value, (dict, list)):
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    return str(value)


def number(value: object) -> int:
    """Return a whole number from a number or its text; 0 when it is none."""
    found = text(value).strip()
    return int(found) if found.lstrip("-").isdecimal() else 0


def reference(record_id: str) -> int | str:
    """Return an id as the documentation shows it in bodies: as a number."""
    return int(record_id) if record_id.isdecimal() else record_id


def objects(body: Mapping[str, Any], key: str) -> list[Json]:
    """Return the rows under a key; rows that are bare ids, and a missing key, are left out."""
    value = body.get(key)
    return [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []


def total_of(body: Mapping[str, Any]) -> int | None:
    """Return `meta.total` (a text or a number), None when it is not told."""
    meta = body.get("meta")
    found = text(meta.get("total")).strip() if isinstance(meta, Mapping) else ""
    return int(found) if found.isdecimal() else None


class Rest:
    """One account's v3 API over an `HttpClient`, which holds the key, the pace and the retries.

    Failures raise ProblemError; refused requests raise its child RefusedError.
    """

    def __init__(self, http: HttpClient, *, priority: Priority = Priority.JOB) -> None:
        self.http = http
        self.priority = priority
        self.server_time: datetime | None = None

    @property
    def host(self) -> str:
        """Return the host, to show."""
        return host_of(self.http.base_url)

    async def call(
        self,
        method: str,
        path: str,
        *,
        params: Params | None = None,
        body: object = None,
        idempotent: bool = True,
    ) -> Any:
        """Send one request below `/api/3/` and return the decoded answer, None when it is empty.

        A 403 to a repeatable request is asked once more, because the service sometimes refuses without cause
        (activecampaign_api 1); then the key is tried on its own to tell a refused key from a missing right.
        """
        content = None if body is None else json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
        answer = await self._send(method, path, params, content, idempotent)
        if answer.status == 403 and idempotent:
            answer = await self._send(method, path, params, content, idempotent)
        if not answer.ok:
            raise await self._refused(answer, path)
        return self._decoded(answer)

    async def get(self, path: str, params: Params | None = None) -> Json:
        """Read one answer as an object; an empty or bare answer is an empty object."""
        value = await self.call("GET", path, params=params)
        return value if isinstance(value, dict) else {}

    async def write(self, method: str, path: str, body: object, *, idempotent: bool = True) -> Json:
        """Write and return the answer as an object."""
        value = await self.call(method, path, body=body, idempotent=idempotent)
        return value if isinstance(value, dict) else {}

    async def pages(self, path: str, key: str, params: Params | None = None) -> AsyncIterator[Json]:
        """Yield the answers of an offset-paged list, until a short page that the total agrees with.

        The default page of 20 and silent clamping make the given limit unreliable, so the offset counts the rows
        that came (activecampaign_api 10).
        """
        offset = 0
        while True:
            body = await self.get(path, {**(params or {}), "limit": PAGE, "offset": offset})
            rows = objects(body, key)
            if rows:
                yield body
            offset += len(rows)
            total = total_of(body)
            if not rows or (len(rows) < PAGE and (total is None or total <= offset)):
                return

    async def rows(self, path: str, key: str, params: Params | None = None) -> list[Json]:
        """Read all rows of an offset-paged list, each id once (rows shift between pages while data changes)."""
        found: dict[str, Json] = {}
        async for body in self.pages(path, key, params):
            before = len(found)
            for row in objects(body, key):
                found.setdefault(text(row.get("id")) or f"#{len(found)}", row)
            if len(found) == before:
                break
        return list(found.values())

    async def form(self, path: str, data: Mapping[str, str]) -> Any:
        """Post a v1 form, never repeated once it may have left; the key goes in the header, not in the form."""
        answer = await self.http.request("POST", path, data=data, idempotent=False, priority=self.priority)
        self._note(answer)
        if not answer.ok:
            raise await self._refused(answer, path)
        return self._decoded(answer)

    async def _send(
        self, method: str, path: str, params: Params | None, content: bytes | None, idempotent: bool
    ) -> Response:
        answer = await self.http.request(
            method,
            PREFIX + path,
            params=params,
            content=content,
            headers={"Content-Type": "application/json"} if content is not None else None,
            idempotent=idempotent,
            priority=self.priority,
        )
        self._note(answer)
        return answer

    def _note(self, answer: Response) -> None:
        self.server_time = answer.server_time or self.server_time

    def _decoded(self, answer: Response) -> Any:
        try:
            return decode(answer.body)
        except ValueError:
            problem = answer.bad_answer()
        raise ProblemError(problem)

    async def _refused(self, answer: Response, path: str) -> RefusedError:
        refusal = parse(answer.status, answer.body)
        works = await self._key_works(refusal, path)
        asked = Asked(path, self.host, ambiguous=answer.ambiguous, key_works=works)
        return RefusedError(problem_of(refusal, asked, answer.headers), refusal)

    async def _key_works(self, refusal: Refusal, path: str) -> bool | None:
        """Ask who we are, when a bare 403 does not tell whether the key or a right is missing; None: not asked."""
        if refusal.status != 403 or path == _WHO or refusal.says("permission", "upgrade", "could not create"):
            return None
        try:
            await self.get(_WHO)
        except ProblemError as error:
            return False if error.problem.code is ProblemCode.AC_KEY_REFUSED else None
        return True


class RestPart:
    """Base of the parts of the client: they share one `Rest`."""

    def __init__(self, rest: Rest) -> None:
        self._rest = rest
