"""Builds a sandbox and serves it on loopback: four addresses, one process, one thread."""

from __future__ import annotations

import asyncio
import contextlib
import json
import random
import socket
import sys
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import uvicorn

from acassist.sandbox import control, keep
from acassist.sandbox.clock import SandboxClock, SystemClock
from acassist.sandbox.faults import Asgi, ConnectionDropped, FaultPlan, Receive, Scope, Send
from acassist.sandbox.requestlog import RequestLog
from acassist.sandbox.settings import Settings
from acassist.sandbox.world import Addresses, World

SAVE_EVERY = 10  # half seconds
NAMES = ("salesforce_login", "salesforce_instance", "activecampaign", "control")


def build(settings: Settings, clock: SandboxClock | None = None, *, empty: bool = False) -> World:
    """Return a world with its data set; `empty` leaves both services without people, fields and campaigns."""
    from acassist.sandbox.activecampaign.app import build_account
    from acassist.sandbox.dataset import fill
    from acassist.sandbox.salesforce.app import build_org

    clock = clock or SystemClock()
    rng, addresses = random.Random(settings.seed), Addresses()
    world = World(
        settings=settings,
        clock=clock,
        rng=rng,
        salesforce=build_org(settings, clock, rng),
        activecampaign=build_account(settings, clock, rng, addresses),
        faults=FaultPlan(),
        log=RequestLog(),
        addresses=addresses,
    )
    if not empty:
        fill(world)
    return world


def salesforce_app(world: World) -> Asgi:
    """Return the app of the instance host."""
    from acassist.sandbox.salesforce.app import instance_app

    return instance_app(world)


def login_app(world: World) -> Asgi:
    """Return the app of the login host."""
    from acassist.sandbox.salesforce.app import login_app as app

    return app(world)


def activecampaign_app(world: World) -> Asgi:
    """Return the app of the ActiveCampaign account."""
    from acassist.sandbox.activecampaign.app import app

    return app(world)


def control_app(world: World) -> Asgi:
    """Return the control app."""
    return control.app(world)


def info(world: World) -> dict[str, str]:
    """Return addresses and credentials, as `acassist sandbox` prints them."""
    org = world.salesforce
    return {
        **{name: getattr(world.addresses, name) for name in NAMES},
        "client_id": org.client_id,
        "username": org.username,
        "password": org.password,
        "api_key": world.activecampaign.api_key,
        "org_id": org.org_id,
    }


class HangUp:
    """Closes the socket without an answer when the app says that the connection is dropped."""

    def __init__(self, app: Asgi) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await self.app(scope, receive, send)
        except ConnectionDropped:
            # ASGI has no message for this: the transport hangs on the object whose method `send` is.
            send.__self__.transport.abort()  # type: ignore[attr-defined]
            while (await receive())["type"] != "http.disconnect":
                pass


class Running:
    """A sandbox served on 127.0.0.1 by a thread of its own, each of the four parts on its own port."""

    def __init__(self, world: World, ports: Sequence[int] = (0, 0, 0, 0)) -> None:
        """Bind and start; a port of 0 takes any free one. Raises OSError when a port is taken."""
        self.world = world
        apps = (login_app(world), salesforce_app(world), activecampaign_app(world), control_app(world))
        self._sockets = _bind(ports)
        self._servers = [uvicorn.Server(_config(HangUp(app))) for app in apps]
        for name, bound in zip(NAMES, self._sockets, strict=True):
            setattr(world.addresses, name, f"http://127.0.0.1:{bound.getsockname()[1]}")
        self._started = threading.Event()
        self._thread = threading.Thread(target=self._run, name="sandbox", daemon=True)
        self._thread.start()
        self._started.wait(10)

    @property
    def info(self) -> dict[str, str]:
        """Addresses and credentials."""
        return info(self.world)

    def save(self, path: Path) -> None:
        """Keep the world in a file, between two requests."""
        done = threading.Event()

        def work() -> None:
            try:
                keep.save(self.world, path)
            finally:
                done.set()

        self._loop.call_soon_threadsafe(work)
        done.wait(30)

    def stop(self) -> None:
        """Stop serving and free the ports."""
        for server in self._servers:
            server.should_exit = True
        self._thread.join(10)

    def __enter__(self) -> Running:
        return self

    def __exit__(self, *_error: object) -> None:
        self.stop()

    def _run(self) -> None:
        asyncio.run(self._serve())

    async def _serve(self) -> None:
        self._loop = asyncio.get_running_loop()
        pairs = zip(self._servers, self._sockets, strict=True)
        tasks = [asyncio.create_task(server.serve(sockets=[bound])) for server, bound in pairs]
        while not all(s.started for s in self._servers) and not any(t.done() for t in tasks):  # noqa: ASYNC110
            await asyncio.sleep(0.005)
        self._started.set()
        await asyncio.gather(*tasks)


def _bind(ports: Sequence[int]) -> list[socket.socket]:
    bound: list[socket.socket] = []
    try:
        for port in ports:
            # Named in full: asyncio turns Nagle's delay (40 ms an answer) off only for sockets that say TCP.
            item = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
            bound.append(item)
            if sys.platform != "win32":
                item.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            item.bind(("127.0.0.1", port))
            item.listen(128)
    except OSError:
        for item in bound:
            item.close()
        raise
    return bound


def _config(app: Any) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        http="h11",
        ws="none",
        lifespan="off",
        interface="asgi3",
        log_config=None,
        access_log=False,
        server_header=False,
        date_header=False,  # the services send the sandbox's own time
        timeout_keep_alive=75,
        timeout_graceful_shutdown=1,
    )


def print_info(values: dict[str, str]) -> None:
    """Write the one JSON line of `acassist sandbox` to standard output."""
    sys.stdout.write(json.dumps(values) + "\n")
    sys.stdout.flush()


def serve(
    settings: Settings,
    ports: Sequence[int] = (0, 0, 0, 0),
    *,
    announce: Callable[[dict[str, str]], None] = print_info,
    stop: threading.Event | None = None,
    kept: Path | None = None,
) -> None:
    """Serve until `stop` is set or the process is interrupted. Raises OSError when a port is taken.

    With `kept` the data of the last time are taken up again (the settings with them) and kept as they change.
    """
    stop = stop or threading.Event()
    world = (keep.load(kept) if kept else None) or build(settings)
    with Running(world, ports) as running:
        announce(running.info)
        with contextlib.suppress(KeyboardInterrupt):
            _wait(running, stop, kept)
        if kept:
            running.save(kept)


def _wait(running: Running, stop: threading.Event, kept: Path | None) -> None:
    saved, quiet = _version(running.world), 0
    while not stop.wait(0.5):
        quiet += 1
        version = _version(running.world)
        if kept and version != saved and quiet >= SAVE_EVERY:
            running.save(kept)
            saved, quiet = version, 0


def _version(world: World) -> object:
    """Return something that differs after any request or change."""
    return world.activecampaign.version, world.log.total
