"""Copies of a whole scene, so that hundreds of faults can strike the same moment, and kills at any commit or call."""

from __future__ import annotations

import asyncio
import copy
import random
import shutil
from dataclasses import replace
from datetime import UTC
from pathlib import Path
from typing import Any, NoReturn

from acassist.assistant.container import Options, open_profile
from acassist.assistant.session import API_KEY, REFRESH_TOKEN
from acassist.sandbox.world import World
from acassist.system.vault import MemoryVault
from tests.engine import Engine, VirtualEngineClock
from tests.sandbox import Control, transport
from tests.simulation.scene import Scene


class Killed(BaseException):
    """The program ended here; nothing of it runs any more."""


class Snapshot:
    """A scene at one moment: the world, the profile's file and the secrets."""

    def __init__(self, world: World, file: Path, secrets: dict[str, str]) -> None:
        self._world, self._file, self._secrets = world, file, secrets

    @classmethod
    async def of(cls, scene: Scene, folder: Path) -> Snapshot:
        """Take a snapshot into `folder`."""
        file = scene.engine.profile.db.backup(folder / "snapshot.db")
        vault = scene.engine.options.vault
        secrets = {name: await vault.get(name) or "" for name in (API_KEY, REFRESH_TOKEN)}
        return cls(copy.deepcopy(scene.world), file, secrets)

    def _place(self, folder: Path) -> None:
        folder.mkdir(parents=True)
        shutil.copy(self._file, folder / "profile.db")

    async def open(self, folder: Path) -> Scene:
        """Open a copy in `folder`."""
        world = copy.deepcopy(self._world)
        vault = MemoryVault()
        for name, secret in self._secrets.items():
            await vault.put(name, secret)
        self._place(folder)
        options = Options(
            data_dir=folder,
            clock=VirtualEngineClock(world),
            vault=vault,
            transport=transport(world),
            browser=lambda url: False,
            zone=UTC,
            dice=random.Random(1),
            language="en",
        )
        return Scene(Engine(await open_profile(options), world, Control(world), options))


def kill_at_commit(scene: Scene, number: int) -> None:
    """Let the program end right after so many more commits: the file is closed and the run is torn away."""
    db = scene.engine.profile.db
    last = db.commits + number

    def strike(count: int) -> None:
        if count >= last:
            _end(scene)

    db.on_commit = strike


def kill_at_call(scene: Scene, number: int, *, carried_out: bool) -> None:
    """Let the program end at its so many-th request from now on, before it arrives or after it was carried out."""
    faults: Any = scene.world.faults
    log: Any = scene.world.log
    match, append = type(faults).match, type(log).append
    count = 0

    def before(*request: Any) -> Any:
        nonlocal count
        count += 1
        if count == number and not carried_out:
            _end(scene)
        return match(faults, *request)

    def after(*entry: Any) -> Any:
        row = append(log, *entry)
        if count == number:
            _end(scene)
        return row

    faults.match = before
    if carried_out:
        log.append = after


def _end(scene: Scene) -> NoReturn:
    """Close the file under the program, and let no other task of it reach a service any more."""
    db = scene.engine.profile.db
    db.on_commit = None
    db._connection.close()

    def dead(*_request: Any) -> NoReturn:
        raise Killed

    scene.world.faults.match = dead  # type: ignore[method-assign]
    raise Killed


def disarm(scene: Scene) -> None:
    """Take back a kill that did not strike."""
    scene.engine.profile.db.on_commit = None
    for part in (scene.world.faults, scene.world.log):
        part.__dict__.pop("match", None)
        part.__dict__.pop("append", None)


async def rise(scene: Scene) -> None:
    """Start the program again after it was killed."""
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)
    disarm(scene)
    old = scene.engine.profile
    await old.assistant.session.close_clients()
    if old.lock is not None:
        old.lock.release()
    scene.engine.options = replace(scene.engine.options)
    await scene.engine.reopen()
