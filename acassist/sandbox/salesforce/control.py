"""The control routes of the Salesforce side: state, edits as another user, outages and rights."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from acassist.sandbox.salesforce import lifecycle
from acassist.sandbox.salesforce.errors import ApiError
from acassist.sandbox.salesforce.org import SalesforceOrg
from acassist.sandbox.salesforce.save import Writer
from acassist.sandbox.salesforce.schema import PEOPLE
from acassist.sandbox.salesforce.seed import add_user
from acassist.sandbox.salesforce.table import Row

if TYPE_CHECKING:
    from acassist.sandbox.world import World

Handler = Callable[[Request], Awaitable[Response]]


def state(org: SalesforceOrg) -> dict[str, Any]:
    """Return all leads, contacts and accounts that are not deleted, by id."""
    return {name: rows(org, name) for name in PEOPLE}


def rows(org: SalesforceOrg, name: str, *, deleted: bool = False) -> list[Row]:
    """Return the rows of one object in the order of their ids, blanks left out."""
    table = org.table(org.schema.find(name))
    found = (table.rows[key] for key in sorted(table.rows))
    return [dict(row) for row in found if deleted or not row.get("IsDeleted")]


class _Desk:
    def __init__(self, world: World) -> None:
        self.org = world.salesforce

    async def list(self, request: Request) -> Response:
        deleted = request.query_params.get("deleted") == "true"
        return _json(rows(self.org, request.path_params["sobject"], deleted=deleted))

    async def create(self, request: Request) -> Response:
        item = self.org.schema.find(request.path_params["sobject"])
        key = self._writer().create(item, await _body(request))
        return _json({"id": key}, 201)

    async def change(self, request: Request) -> Response:
        item = self.org.schema.find(request.path_params["sobject"])
        self._writer().update(item, request.path_params["id"], await _body(request))
        return _json({})

    async def remove(self, request: Request) -> Response:
        item = self.org.schema.find(request.path_params["sobject"])
        self._writer().delete(item, request.path_params["id"])
        return _json({})

    async def undelete(self, request: Request) -> Response:
        item = self.org.schema.find(request.path_params["sobject"])
        lifecycle.undelete(self.org, self.org.other_actor, item, request.path_params["id"])
        return _json({})

    async def merge(self, request: Request) -> Response:
        body = await _body(request)
        item = self.org.schema.find(str(body["sobject"]))
        lifecycle.merge(self.org, self.org.other_actor, item, str(body["master"]), list(body["losers"]))
        return _json({})

    async def convert(self, request: Request) -> Response:
        body = await _body(request)
        return _json(lifecycle.convert(self.org, self.org.other_actor, str(body["lead"]), body.get("contact")))

    async def add_user(self, request: Request) -> Response:
        return _json({"id": add_user(self.org, str((await _body(request))["username"]))}, 201)

    async def expire_sessions(self, _request: Request) -> Response:
        return _json({"expired": self.org.auth.expire_sessions()})

    async def revoke_tokens(self, _request: Request) -> Response:
        return _json({"revoked": self.org.auth.revoke_all()})

    async def settings(self, request: Request) -> Response:
        changes = await _body(request)
        callbacks = changes.pop("callbacks", None)
        self.org.switches.change(changes)
        if callbacks is not None:
            self.org.auth.callbacks = [str(item) for item in callbacks]
        self.org.toggled()
        return _json({})

    def _writer(self) -> Writer:
        return Writer(self.org, self.org.other_actor)


def routes(world: World) -> list[Route]:
    """Return the control routes of the Salesforce side."""
    desk = _Desk(world)
    table: tuple[tuple[str, str, Handler], ...] = (
        ("GET", "/state/salesforce/{sobject}", desk.list),
        ("POST", "/salesforce/merge", desk.merge),
        ("POST", "/salesforce/convert", desk.convert),
        ("POST", "/salesforce/users", desk.add_user),
        ("POST", "/salesforce/expire-sessions", desk.expire_sessions),
        ("POST", "/salesforce/revoke-tokens", desk.revoke_tokens),
        ("PATCH", "/salesforce/settings", desk.settings),
        ("POST", "/salesforce/{sobject}", desk.create),
        ("PATCH", "/salesforce/{sobject}/{id}", desk.change),
        ("DELETE", "/salesforce/{sobject}/{id}", desk.remove),
        ("POST", "/salesforce/{sobject}/{id}/undelete", desk.undelete),
    )
    return [Route(path, _guarded(world, handler), methods=[method]) for method, path, handler in table]


def _guarded(world: World, handler: Handler) -> Handler:
    """Answer 400 with the reason where a control call makes no sense."""

    async def answer(request: Request) -> Response:
        try:
            return await handler(request)
        except ApiError as error:
            return _json({"error": error.message, "code": error.code}, 400)
        except (ValueError, KeyError, TypeError) as error:
            return _json({"error": str(error)}, 400)
        finally:
            world.salesforce.written.clear()

    return answer


async def _body(request: Request) -> dict[str, Any]:
    found = await request.json()
    if not isinstance(found, dict):
        raise ValueError("a JSON object is required")
    return found


def _json(value: Any, status: int = 200) -> Response:
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return Response(text, status, media_type="application/json")
