"""The Salesforce client of the engine: every REST call of the product (salesforce_api 2 to 4)."""

from __future__ import annotations

import copy
import re
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Self

from acassist.domain.fields import ObjectDescription
from acassist.domain.ids import Service, SObject
from acassist.domain.ports import Clock
from acassist.domain.problem import Problem, ProblemCode, ProblemError
from acassist.domain.profile import OrgFacts, ScheduledJob
from acassist.domain.record import RowResult
from acassist.http import HttpClient, Pacer, Priority, Response, Wiring, parse_limit_info
from acassist.salesforce import bulk, bulk_query, collections, jobs, org, query, search
from acassist.salesforce.bulk_csv import travels
from acassist.salesforce.describe import CachedDescription, description_of
from acassist.salesforce.errors import CONCURRENCY_WAIT, problem_of, session_expired, without_api
from acassist.salesforce.tokens import TokenSource

TESTED_VERSION = (66, 0)
_VERSION = re.compile(r"(\d+)\.(\d+)")
_BUSY_REPEATS = 3
_CALL_OPTIONS = {"Sforce-Call-Options": "client=acassist"}
# Without this each write may move the record to another owner and send e-mails (salesforce_api 4.5).
_NO_ASSIGNMENT = {"Sforce-Auto-Assign": "FALSE"}


@dataclass(slots=True)
class _State:
    """What all lanes of one connection have learned."""

    version: str = ""
    server_time: datetime | None = None
    calls: tuple[int, int] | None = None
    descriptions: dict[SObject, CachedDescription] = field(default_factory=dict)


class SalesforceClient:
    """Implements `domain.ports.SalesforcePort`, and what the screens need besides.

    Every method raises ProblemError for transport failures, ended access, quotas and maintenance; refused rows of
    `create` and `update` are results.
    """

    def __init__(
        self,
        source: TokenSource,
        *,
        wiring: Wiring,
        pacer: Pacer | None = None,
        auto_assign: bool = False,
        priority: Priority = Priority.JOB,
    ) -> None:
        self.source = source
        self._http = HttpClient(
            Service.SALESFORCE, base_url=source.instance_url, wiring=wiring, pacer=pacer, auth=source
        )
        self._auto_assign = auto_assign
        self._priority = priority
        self._state = _State()

    def lane(self, priority: Priority) -> Self:
        """Return this client with another priority; connections, caches and tokens are shared."""
        twin = copy.copy(self)
        twin._priority = priority
        return twin

    async def close(self) -> None:
        """Close the connections to the instance and to the login host."""
        await self._http.close()
        await self.source.close()

    # -- what was learned on the way
    @property
    def instance_url(self) -> str:
        """Return where the data lives."""
        return self.source.instance_url

    @property
    def calls_made(self) -> int:
        """Return how many requests this program sent to Salesforce since it started."""
        return self._http.calls_made

    def server_time(self) -> datetime | None:
        """Return the Date header of the last answer, None before the first."""
        return self._state.server_time

    def calls(self) -> tuple[int, int] | None:
        """Return (used, allowed) of the day's API calls, None before the first answer that told them."""
        return self._state.calls

    @property
    def clock(self) -> Clock:
        """Return the clock that paces this client."""
        return self._http.clock

    # -- reading
    async def org_facts(self) -> OrgFacts:
        """Read who and where we are; what the user may not see stays empty."""
        return await org.facts(self)

    async def org_id(self) -> str:
        """Return the org that the access token belongs to; costs no API call (tokens name their org)."""
        await self.source.access_token()
        return self.source.org_id

    async def limits(self) -> tuple[int, int] | None:
        """Return (used, allowed) from /limits, or from the last header when the user may not read it."""
        return await org.limits(self)

    async def scheduled_jobs(self) -> list[ScheduledJob]:
        """List the org's other scheduled jobs; empty when the user may not see them."""
        return await jobs.scheduled_jobs(self)

    async def search(self, text: str) -> list[dict[str, Any]]:
        """Find leads and contacts by name, address, company, id or record address; at most 25 of each."""
        return await search.people(self, text)

    async def describe(self, sobject: SObject) -> ObjectDescription:
        """Describe an object; kept, and asked for again with If-Modified-Since (304 brings no body)."""
        kept = self._state.descriptions.get(sobject)
        headers = {"If-Modified-Since": kept.stamp} if kept and kept.stamp else {}
        response = await self.get(f"sobjects/{sobject.value}/describe", headers=headers, accept=(304,))
        if response.status == 304 and kept is not None:
            return kept.description
        try:
            description = description_of(response.json())
        except (KeyError, TypeError, AttributeError):
            raise ProblemError(response.bad_answer()) from None
        stamp = response.headers.get("last-modified") or response.headers.get("date") or ""
        self._state.descriptions[sobject] = CachedDescription(description, stamp)
        return description

    async def query(self, soql: str, *, deleted: bool = False) -> AsyncIterator[list[dict[str, Any]]]:
        """Yield pages of raw rows (up to 2,000); `deleted` includes the recycle bin (queryAll).

        More than 50,000 rows of a person object come by a Bulk query, where the org lets us (salesforce_api 4.3).
        """
        response = await self._ask("queryAll" if deleted else "query", soql)
        sobject = query.object_of(soql)
        if sobject is not None and query.total_of(response) > query.MOST_BY_PAGES:
            try:
                async for rows in self.bulk_query(sobject, soql, deleted=deleted):
                    yield rows
            except bulk.RefusedError:
                pass
            else:
                return
        while True:
            rows, following = query.page_of(response)
            yield rows
            if not following:
                return
            response = await self.get(following)

    async def rows(self, soql: str, *, deleted: bool = False) -> list[dict[str, Any]]:
        """Read all rows of a query that is known to be small."""
        return [row async for page in self.query(soql, deleted=deleted) for row in page]

    async def count(self, soql: str) -> int:
        """Run a SELECT COUNT() query."""
        return query.total_of(await self._ask("query", soql))

    async def bulk_query(
        self, sobject: SObject, soql: str, *, deleted: bool = False, watch: bulk.Watch = bulk.no_watch
    ) -> AsyncIterator[list[dict[str, Any]]]:
        """Yield the same pages as `query` by way of a Bulk API 2.0 job: one call a 20,000 rows, and some to wait.

        `watch` is called between two calls and may raise to stop. Raises ProblemError when the job is refused.
        """
        kept = self._state.descriptions.get(sobject)
        description = kept.description if kept else await self.describe(sobject)
        pages = bulk_query.pages(self, soql, description=description, deleted=deleted, watch=watch)
        async for rows in pages:
            yield rows

    async def _ask(self, resource: str, soql: str) -> Response:
        """Send a query in the address, or in a body when it is too long for that; both only read."""
        if not query.too_long(soql):
            return await self.get(resource, params={"q": soql})
        await self.source.access_token()
        body = query.composite_body(await self._version(), resource, soql)
        try:
            inner = query.unwrap(await self._call("POST", "composite", json=body))
        except ProblemError as error:
            problem = replace(error.problem, ambiguous=False)
        else:
            if inner.ok:
                return inner
            problem = _problem(inner)
        raise ProblemError(problem)

    async def retrieve(self, sobject: SObject, record_id: str, fields: Sequence[str]) -> dict[str, Any] | None:
        """Read one record, None when it is gone."""
        path = f"sobjects/{sobject.value}/{record_id}"
        response = await self.get(path, params={"fields": ",".join(dict.fromkeys(fields))}, accept=(404,))
        if response.status == 404:
            return None
        body = response.json()
        if not isinstance(body, dict):
            raise ProblemError(response.bad_answer())
        return body

    # -- writing
    async def create(self, sobject: SObject, rows: Sequence[Mapping[str, Any]]) -> list[RowResult]:
        """Create up to 200 records in one call, results in order.

        Never repeated once it was sent: `problem.ambiguous` of the ProblemError tells that it may have been done.
        """
        if not rows:
            return []
        body = collections.create_body(sobject, rows)
        response = await self._write("POST", "composite/sobjects", body, idempotent=False)
        return collections.results(response, len(rows), creating=True)

    async def update(self, sobject: SObject, rows: Sequence[tuple[str, Mapping[str, Any]]]) -> list[RowResult]:
        """Update up to 200 records (id, fields) in one call, results in order; repeating it changes nothing more."""
        if not rows:
            return []
        body = collections.update_body(sobject, rows)
        response = await self._write("PATCH", "composite/sobjects", body, idempotent=True)
        return collections.results(response, len(rows), creating=False)

    async def bulk_update(
        self, sobject: SObject, rows: Sequence[tuple[str, Mapping[str, Any]]], *, watch: bulk.Watch = bulk.no_watch
    ) -> list[RowResult]:
        """Update any number of records (id, fields) by Bulk API 2.0 jobs, results in order.

        `watch` is called between two calls and may raise to stop; the job is then aborted. What Bulk cannot do goes
        by Collections: a text that reads `#N/A`, and everything where assignment rules were chosen.
        """
        by_csv = [i for i, (_, fields) in enumerate(rows) if travels(fields) and not self._auto_assign]
        csv_rows = [{"Id": rows[i][0], **rows[i][1]} for i in by_csv]
        found: dict[int, RowResult] = {}
        try:
            done = await bulk.ingest(self, sobject.value, "update", csv_rows, watch=watch)
            found.update(zip(by_csv, done, strict=True))
        except bulk.RefusedError:
            pass
        rest = [i for i in range(len(rows)) if i not in found]
        for start in range(0, len(rest), collections.MOST_ROWS):
            watch()
            part = rest[start : start + collections.MOST_ROWS]
            found.update(zip(part, await self.update(sobject, [rows[i] for i in part]), strict=True))
        return [found[i] for i in range(len(rows))]

    async def _write(self, method: str, path: str, body: Any, *, idempotent: bool) -> Response:
        headers = {} if self._auto_assign else _NO_ASSIGNMENT
        return await self._call(method, path, json=body, headers=headers, idempotent=idempotent)

    # -- the wire
    async def version(self) -> str:
        """Return the API version in use, such as 66.0."""
        return await self._version()

    def forget_descriptions(self) -> None:
        """Read describe answers anew; a change of rights need not move their stamp."""
        self._state.descriptions.clear()

    async def send(
        self,
        method: str,
        path: str,
        *,
        json: Any = None,
        content: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        idempotent: bool = False,
        accept: tuple[int, ...] = (),
    ) -> Response:
        """Write a set-up resource below the version; other statuses are problems.

        Never repeated once it was sent unless `idempotent`: `problem.ambiguous` tells that it may have been done.
        """
        return await self._call(
            method, path, json=json, content=content, headers=headers, idempotent=idempotent, accept=accept
        )

    async def get(
        self,
        path: str,
        *,
        params: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
        accept: tuple[int, ...] = (),
    ) -> Response:
        """Read a resource below the version, or an absolute path of this instance; other statuses are problems."""
        return await self._call("GET", path, params=params, headers=headers, accept=accept)

    async def _call(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, Any] | None = None,
        json: Any = None,
        content: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        idempotent: bool = True,
        accept: tuple[int, ...] = (),
    ) -> Response:
        """Send with the current token; when it has expired get a new one and send once more."""
        options = {
            "params": params,
            "json": json,
            "content": content,
            "headers": {**_CALL_OPTIONS, **(headers or {})},
            "idempotent": idempotent,
        }
        token = await self.source.access_token()
        response = await self._send(method, path, options)
        if session_expired(response):
            # An answer 401 means that nothing was carried out, so even a create may be sent again.
            await self.source.renew(token)
            response = await self._send(method, path, options)
        for _ in range(_BUSY_REPEATS):
            if response.ok or _problem(response).code is not ProblemCode.SF_BUSY or response.status != 403:
                break
            # Too many requests at once: refused before anything was carried out (salesforce_api 2.4).
            await self._http.clock.sleep(CONCURRENCY_WAIT)
            response = await self._send(method, path, options)
        if response.ok or response.status in accept:
            return response
        raise ProblemError(_problem(response))

    async def _send(self, method: str, path: str, options: Mapping[str, Any]) -> Response:
        # The instance may have changed with the last refresh, so the address is made anew each time.
        address = path if path.startswith("/") else f"/services/data/v{await self._version()}/{path}"
        response = await self._http.request(
            method, f"{self.source.instance_url}{address}", priority=self._priority, **options
        )
        self._learn(response)
        return response

    def _learn(self, response: Response) -> None:
        self._state.server_time = response.server_time or self._state.server_time
        self._state.calls = parse_limit_info(response.headers.get("sforce-limit-info")) or self._state.calls

    async def _version(self) -> str:
        """Choose the highest version offered that we have tested; asked for without a token (salesforce_api 0)."""
        if not self._state.version:
            url = f"{self.source.instance_url}/services/data"
            response = await self._http.request("GET", url, authenticated=False, priority=self._priority)
            if not response.ok:
                raise ProblemError(problem_of(response))
            self._state.version = _choose(response)
        return self._state.version


def _choose(response: Response) -> str:
    offered = response.json()
    found = [_VERSION.fullmatch(str(item.get("version"))) for item in offered] if isinstance(offered, list) else []
    versions = [(int(match[1]), int(match[2])) for match in found if match]
    if not versions:
        raise ProblemError(response.bad_answer())
    major, minor = min(max(versions), TESTED_VERSION)
    return f"{major}.{minor}"


def _problem(response: Response) -> Problem:
    if without_api(response):
        return Problem(ProblemCode.SF_NO_API, detail="not valid for use with the REST API", service=Service.SALESFORCE)
    return problem_of(response)
