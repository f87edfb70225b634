"""The ActiveCampaign side as an ASGI app: keys, limits, v3, v1 and the public web copy of a message."""

from __future__ import annotations

import hashlib
import html
import random
import re
import uuid
from datetime import timedelta
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import Response

from acassist.sandbox.activecampaign import (
    automations,
    campaigns,
    companies,
    contacts,
    fields,
    imports,
    office,
    picture,
    stream,
    tags,
    v1,
)
from acassist.sandbox.activecampaign.account import Account
from acassist.sandbox.activecampaign.router import Call, Query, Router
from acassist.sandbox.activecampaign.wire import ApiError, Reply, encode, forbidden
from acassist.sandbox.clock import SandboxClock
from acassist.sandbox.faults import LOG_KEY, Asgi, InjectFaults, Receive, Scope, Send
from acassist.sandbox.settings import Settings

if TYPE_CHECKING:
    from acassist.sandbox.world import Addresses, World

_HEADERS = {
    "Cache-Control": "no-store, no-cache, must-revalidate",
    "Expires": "Thu, 19 Nov 1981 08:52:00 GMT",
    "Pragma": "no-cache",
    "Cf-Cache-Status": "DYNAMIC",
}
_NO_ACCESS = {"lists": "lists", "tags": "tags", "contacts": "contacts", "automations": "automations"}
_ACCOUNTS = frozenset({"accounts", "accountContacts", "accountCustomFieldMeta", "accountCustomFieldData", "deals"})
_LIMITED = frozenset({"users", "contacts", "contact"})  # what the key with few rights may use


def build_account(settings: Settings, clock: SandboxClock, rng: random.Random, addresses: Addresses) -> Account:
    """Return an account with its users and automations at work, and nothing else in it."""
    account = Account(settings, clock, rng, addresses)
    account.on_tag = automations.on_tag
    people = (("alma", "Alma", "Reyes"), ("theo", "Theo", "Lindqvist"))
    for username, first, last in people:
        account.tables["users"].add(
            {
                "username": username,
                "firstName": first,
                "lastName": last,
                "email": f"{username}@fernandfield.example",
                "phone": "",
                "signature": None,
                "lang": "english",
                "localZoneid": "Europe/Berlin",
                "mfaEnabled": "0",
                "roles": [],
                "cdate": account.now(),
                "udate": account.now(),
            }
        )
    return account


def routes() -> Router:
    """Return the table of all v3 paths."""
    parts = (contacts, fields, tags, companies, imports, automations, campaigns, stream, office)
    return Router(route for part in parts for route in part.ROUTES)


class ActiveCampaign:
    """The ASGI app of one account."""

    def __init__(self, world: World) -> None:
        self.world, self.router = world, routes()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        request = Request(scope, receive)
        body = await request.body()
        reply = self._reply(request, body)
        written = self.world.activecampaign.take_writes()
        if written:
            people = {item["contact"] for item in written if item.get("contact")}
            scope[LOG_KEY] |= {"written": written, "rows": max(len(people), 1)}
        headers = {**_HEADERS, "X-Request-Id": uuid.uuid4().hex, **reply.headers}
        raw = b"" if reply.body is None else reply.body if isinstance(reply.body, bytes) else encode(reply.body)
        await Response(raw, reply.status, headers, reply.media_type)(scope, receive, send)

    def _reply(self, request: Request, body: bytes) -> Reply:
        account, path = self.world.activecampaign, request.url.path
        imports.settle(account)
        try:
            if path.rstrip("/") == "/admin/api.php":
                return self._v1(account, request, body)
            if path.startswith("/api/3/"):
                return self._v3(account, request, path[len("/api/3/") :], body)
            return public_page(account, request)
        except ApiError as error:
            return error.reply

    def _v3(self, account: Account, request: Request, path: str, body: bytes) -> Reply:
        key = request.headers.get("api-token", "")
        if key not in (account.api_key, account.limited_key):
            raise self._wrong_key()
        _pace(account)
        resource = path.split("/")[0]
        _spurious(account)
        _permit(account, resource, limited=key == account.limited_key)
        handler, args = self.router.find(request.method, path)
        return handler(Call(account, Query(request.url.query), body, args))

    def _wrong_key(self) -> ApiError:
        form = self.world.activecampaign.settings.wrong_key_body
        if form == "json":
            return forbidden()
        error = ApiError(403, b"<html><body><h1>403 Forbidden</h1></body></html>" if form == "html" else None)
        error.reply.media_type = "text/html"
        return error

    def _v1(self, account: Account, request: Request, body: bytes) -> Reply:
        form = body if "json" not in request.headers.get("content-type", "") else b""
        given = v1.parameters(request.url.query, form)
        key = request.headers.get("api-token") or given.get("api_key", "")
        if key != account.api_key:
            return v1.refused()
        _pace(account)
        return v1.answer(account, given)


def _pace(account: Account) -> None:
    """Hold the limit of requests a second (section 1)."""
    settings = account.settings
    account.served += 1
    if not settings.rate_limit:
        return
    now = account.clock.now().timestamp()
    account.requests = [at for at in account.requests if at > now - timedelta(seconds=1).total_seconds()]
    if len(account.requests) >= settings.rate_per_second:
        headers = {"Retry-After": str(settings.retry_after), "RateLimit-Limit": str(settings.rate_per_second)}
        raise ApiError(settings.rate_status, {"message": "Too Many Requests"}, headers)
    account.requests.append(now)


def _spurious(account: Account) -> None:
    every = account.settings.spurious_403_every
    if every and account.served % every == 0:
        raise forbidden()


def _permit(account: Account, resource: str, *, limited: bool) -> None:
    """Refuse what the plan or the rights of the key do not hold."""
    settings = account.settings
    if resource in _ACCOUNTS and not settings.accounts_plan:
        raise ApiError(403, {"message": settings.accounts_403_message})
    if resource in settings.denied_resources or (limited and resource not in _LIMITED):
        name = _NO_ACCESS.get(resource)
        raise forbidden(f"You do not have permission to view {name}." if name else "")


def public_page(account: Account, request: Request) -> Reply:
    """Answer the web copy of a message (section 6, form of the address inferred) and pictures; else a 404 page."""
    pictured = re.fullmatch(rf"{campaigns.PICTURES}(\d+)\.png", request.url.path)
    if pictured and account.tables["campaigns"].rows.get(int(pictured.group(1))):
        return Reply(picture.of_campaign(int(pictured.group(1))), media_type="image/png")
    found = re.fullmatch(r"([0-9a-f]{32})\.(\d+)", request.query_params.get("chash", ""))
    for campaign in account.tables["campaigns"] if found else ():
        digest = hashlib.md5(str(campaign["id"]).encode(), usedforsecurity=False).hexdigest()
        if found and found.group(1) == digest and campaign["message_id"] == found.group(2):
            message = account.tables["messages"].get(campaign["message_id"])
            title = html.escape(message["subject"])
            page = f"<!doctype html><meta charset=utf-8><title>{title}</title>{message['html']}"
            return Reply(page.encode(), media_type="text/html")
    return Reply(b"<!doctype html><title>Not found</title><h1>Not found</h1>", 404, media_type="text/html")


def app(world: World) -> Asgi:
    """Return the app with faults and log around it."""
    return InjectFaults(
        ActiveCampaign(world), service="activecampaign", faults=world.faults, log=world.log, clock=world.clock
    )
