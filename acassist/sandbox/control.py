"""The control app: state of both sides, log, faults, clock, and edits as another user. Plain JSON, no key."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from acassist.sandbox.clock import VirtualClock

if TYPE_CHECKING:
    from acassist.sandbox.world import World


class Canonical(JSONResponse):
    """JSON with sorted keys, so that equal states are equal texts."""

    def render(self, content: Any) -> bytes:
        return json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def world_state(world: World) -> dict[str, Any]:
    """Return the state of both sides as JSON-able values."""
    from acassist.sandbox.activecampaign.control import state as activecampaign_state
    from acassist.sandbox.salesforce.control import state as salesforce_state

    return {
        "salesforce": salesforce_state(world.salesforce),
        "activecampaign": activecampaign_state(world.activecampaign),
    }


class _Desk:
    """The routes that belong to neither side."""

    def __init__(self, world: World) -> None:
        self.world = world

    async def health(self, _request: Request) -> Response:
        return Canonical({"ok": True, "now": self.world.clock.now().isoformat()})

    async def state(self, _request: Request) -> Response:
        return Canonical(world_state(self.world))

    async def log(self, request: Request) -> Response:
        if request.method == "DELETE":
            self.world.log.clear()
            return Canonical({})
        since = request.query_params.get("since", "0")
        if not since.isdigit():
            return Canonical({"error": "since must be a number"}, 400)
        return Canonical(self.world.log.since(int(since)))

    async def counts(self, _request: Request) -> Response:
        return Canonical(self.world.log.counts())

    async def faults(self, request: Request) -> Response:
        plan = self.world.faults
        if request.method == "GET":
            return Canonical([rule.as_dict() for rule in plan.rules()])
        if request.method == "DELETE":
            plan.clear()
            return Canonical({})
        try:
            return Canonical({"id": plan.add(await request.json())})
        except (ValueError, TypeError) as error:
            return Canonical({"error": str(error)}, 400)

    async def fault(self, request: Request) -> Response:
        known = self.world.faults.remove(request.path_params["id"])
        return Canonical({}, 200 if known else 404)

    async def advance(self, request: Request) -> Response:
        clock = self.world.clock
        if not isinstance(clock, VirtualClock):
            return Canonical({"error": "the sandbox runs on the wall clock"}, 409)
        clock.advance(float((await request.json())["seconds"]))
        return Canonical({"now": clock.now().isoformat()})

    def routes(self) -> list[Route]:
        """Return the routes."""
        return [
            Route("/health", self.health),
            Route("/state", self.state),
            Route("/log", self.log, methods=["GET", "DELETE"]),
            Route("/log/counts", self.counts),
            Route("/faults", self.faults, methods=["GET", "POST", "DELETE"]),
            Route("/faults/{id}", self.fault, methods=["DELETE"]),
            Route("/clock/advance", self.advance, methods=["POST"]),
        ]


def app(world: World) -> Starlette:
    """Return the control app of one world."""
    from acassist.sandbox.activecampaign.control import routes as activecampaign_routes
    from acassist.sandbox.salesforce.control import routes as salesforce_routes

    return Starlette(routes=[*_Desk(world).routes(), *activecampaign_routes(world), *salesforce_routes(world)])
