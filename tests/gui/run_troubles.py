"""What can go wrong with a whole run: on the wire, in either service, on this computer, by other people."""

from __future__ import annotations

import ssl
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import httpx

from acassist.activecampaign.connection import Installation
from acassist.domain.mapping import FieldMapping
from acassist.domain.problem import Problem, ProblemError
from tests.gui.every_problem import Stage

CROWD = 24
"""So many people are in sync before the first story."""


def wire(make: Callable[[httpx.Request], Exception], host: str = "acct") -> Callable[[Stage], None]:
    """Let every request to one service fail on its way."""

    def produce(stage: Stage) -> None:
        async def fail(request: httpx.Request) -> None:
            if request.url.host.startswith(host):
                raise make(request)

        stage.wire.trouble = fail

    return produce


def broken_certificate(request: httpx.Request) -> Exception:
    error = httpx.ConnectError("certificate verify failed", request=request)
    error.__cause__ = ssl.SSLCertVerificationError("certificate has expired")
    return error


def answer(service: str, path: str, status: int, body: Any, method: str | None = None) -> Callable[[Stage], None]:
    """Let one kind of request be answered so, again and again."""

    def produce(stage: Stage) -> None:
        action = {"kind": "status", "status": status, "body": body}
        stage.fault(service=service, method=method, path=path, times=-1, action=action)

    return produce


def org(**changes: Any) -> Callable[[Stage], None]:
    """Change switches of the org."""
    return lambda stage: stage.do(lambda s: s.org(**changes))


def hidden_field(stage: Stage) -> None:
    org(fls_hidden=["Lead.Nickname__c"])(stage)


def access_ended(stage: Stage) -> None:
    stage.do(lambda s: s.engine.control.call("POST", "/salesforce/revoke-tokens", {}))
    stage.do(lambda s: s.engine.control.call("POST", "/salesforce/expire-sessions", {}))


def login_closed(stage: Stage) -> None:
    stage.do(lambda s: s.engine.control.call("POST", "/salesforce/expire-sessions", {}))
    refusal = {"error": "invalid_request", "error_description": "logins are closed today"}
    answer("*", "/services/oauth2/token", 400, refusal)(stage)


def another_key(stage: Stage) -> None:
    stage.scene.world.activecampaign.api_key = "another-key-4711"


def another_org(stage: Stage) -> None:
    stage.scene.world.salesforce.org_id = "00D000000000999AAA"
    stage.do(_log_in_anew)


async def _log_in_anew(scene: Any) -> None:
    await scene.engine.assistant.session.close_clients()


def another_account(stage: Stage) -> None:
    account = stage.scene.world.activecampaign
    account.settings = account.settings.changed({"account_name": "somebodyelse"})


def vault(problem: Problem | None) -> Callable[[Stage], None]:
    """Let the keyring answer so."""

    def produce(stage: Stage) -> None:
        session = stage.scene.engine.assistant.session

        async def get(_name: str) -> str | None:
            if problem is not None:
                raise ProblemError(problem)
            return None

        async def lock(_scene: Any) -> None:
            session.machine.vault.get = get
            await session.close_clients()

        stage.do(lock)

    return produce


def no_room_on_the_disk(stage: Stage) -> None:
    async def fill(scene: Any) -> None:
        rows = scene.engine.stores.db.rows("PRAGMA page_count")
        scene.engine.stores.db.execute(f"PRAGMA max_page_count = {rows[0][0]}")
        for number in range(CROWD):
            await scene.lead(f"late{number}@x.example", LastName=f"Late {number}")

    stage.do(fill)


def few_calls(stage: Stage) -> None:
    org(daily_api_requests=100_000, daily_api_used=82_000)(stage)


def emptied(stage: Stage) -> None:
    async def empty(scene: Any) -> None:
        for row in scene.rows("Lead"):
            if str(row["LastName"]).startswith("Crowd"):
                await scene.edit("Lead", row["Id"], Nickname__c="")

    stage.do(empty)


def full_plan(stage: Stage) -> None:
    async def fill(scene: Any) -> None:
        await scene.account(subscriber_limit=len(scene.people()))
        await scene.lead("newcomer@x.example", LastName="Newcomer")

    stage.do(fill)


def remapped(*rows: tuple[str, str], **options: Any) -> Callable[[Stage], None]:
    """Let somebody put another mapping into effect."""

    def produce(stage: Stage) -> None:
        async def put(scene: Any) -> None:
            mapping = scene.engine.assistant.session.setup.mapping
            more = tuple(FieldMapping(scene.key(title), name, **options) for title, name in rows)
            scene.use(rows=replace(mapping, lead=(*mapping.lead, *more)))

        stage.do(put)

    return produce


def field_deleted(stage: Stage) -> None:
    async def drop(scene: Any) -> None:
        scene.world.activecampaign.tables["fields"].drop(scene.key("Nickname").removeprefix("field:"))

    stage.do(drop)


def by_another_computer(hours: float) -> Callable[[Stage], None]:
    """Let another installation hold the pair; its last sign of life is so old."""

    def produce(stage: Stage) -> None:
        async def sign(scene: Any) -> None:
            session = scene.engine.assistant.session
            org_id, client = session.setup.salesforce.org_id, await session.activecampaign()
            found = await client.find_connection(org_id)
            seen_at = scene.engine.options.clock.now() - timedelta(hours=hours)
            await client.sign_connection(found, org_id, Installation("other", "LAPTOP-2", ""), seen_at)
            scene.engine.assistant.jobs.pairing.heart().forget()

        stage.do(sign)

    return produce
