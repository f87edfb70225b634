"""Copies of a whole scene, so that hundreds of faults can strike the same moment without building it anew."""

from __future__ import annotations

import copy
import random
import shutil
from dataclasses import replace
from datetime import UTC
from pathlib import Path

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
            db.on_commit = None
            db._connection.close()
            raise Killed

    db.on_commit = strike


async def rise(scene: Scene) -> None:
    """Start the program again after it was killed."""
    old = scene.engine.profile
    await old.assistant.session.close_clients()
    if old.lock is not None:
        old.lock.release()
    scene.engine.options = replace(scene.engine.options)
    await scene.engine.reopen()
