"""The composition root: builds an assistant from the real machine, or from what a test or the demo hands in."""

from __future__ import annotations

import platform
import random  # noqa: TID251 - the one place where randomness enters; everything else gets it handed in
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from pathlib import Path
from typing import Any

from acassist.activecampaign.client import RATE
from acassist.assistant.assistant import Assistant
from acassist.assistant.session import Machine, Session
from acassist.domain.ports import Clock, Vault
from acassist.http import CallBudget, Wiring
from acassist.storage.database import Database
from acassist.sync.context import Stores
from acassist.system.browser import open_browser
from acassist.system.clock import SystemClock
from acassist.system.lock import WriterLock
from acassist.system.logs import KnownSecrets
from acassist.system.paths import ProfilePaths, data_dir, profile_paths, resource
from acassist.system.translate import Translator, available_languages, detect_language
from acassist.system.vault import KeyringVault, MemoryVault, service_name_for


@dataclass(frozen=True, slots=True)
class Options:
    """How a profile is opened. `writer` takes the profile's writer lock (PROFILE_BUSY when another has it).

    `transport` replaces the network in tests; `vault` the keyring; `schedule` starts due runs.
    """

    data_dir: Path | None = None
    environ: Mapping[str, str] = field(default_factory=dict)
    writer: bool = True
    in_memory_secrets: bool = False
    language: str | None = None
    schedule: bool = False
    clock: Clock | None = None
    vault: Vault | None = None
    transport: Any = None
    browser: Callable[[str], bool] = open_browser
    zone: tzinfo | None = None
    dice: random.Random | None = None
    secrets: KnownSecrets = field(default_factory=KnownSecrets)
    pace: int = RATE
    computer: str = ""
    """The name of this computer; the system's own when empty."""


def translator_for(options: Options) -> Translator:
    """Load the catalogue of the language asked for, else of the environment's, else English."""
    folder = resource("i18n")
    languages = available_languages(folder)
    return Translator.load(options.language or detect_language(options.environ, languages), folder)


def paths_for(options: Options) -> ProfilePaths:
    """Return the paths of the profile."""
    return profile_paths(data_dir(options.data_dir, options.environ))


@dataclass(slots=True)
class OpenProfile:
    """An open assistant and what has to be closed with it."""

    assistant: Assistant
    translator: Translator
    db: Database
    lock: WriterLock | None
    owned_vault: KeyringVault | MemoryVault | None
    """The vault that was opened here; one that was handed in stays open."""


async def open_profile(options: Options) -> OpenProfile:
    """Open a profile on the running loop's thread.

    Raises ProblemError PROFILE_BUSY, PROFILE_NEWER, PROFILE_DAMAGED or DISK_FULL.
    """
    clock = options.clock or SystemClock()
    paths = paths_for(options)
    paths.prepare()
    lock = WriterLock(paths.lock, clock=clock) if options.writer else None
    if lock is not None:
        lock.acquire()
    try:
        db = Database.open(paths.db, clock=clock)
    except BaseException:
        if lock is not None:
            lock.release()
        raise
    stores = Stores.on(db)
    owned = _vault(options, stores) if options.vault is None else None
    vault: Vault = options.vault or owned or MemoryVault()
    translator = translator_for(options)
    session = Session(_machine(options, clock, paths, vault, translator), stores, writer=options.writer)
    session.load()
    assistant = Assistant(session)
    if options.schedule:
        assistant.start_scheduler()
    return OpenProfile(assistant, translator, db, lock, owned)


def _machine(
    options: Options, clock: Clock, paths: ProfilePaths, vault: Vault, translator: Translator
) -> Machine:
    dice = options.dice or random.Random()  # noqa: S311 - jitter of retries, no secret
    zone = options.zone or datetime.now().astimezone().tzinfo  # noqa: TID251 - the machine's own zone
    if zone is None:
        raise LookupError("the machine has no time zone")
    return Machine(
        paths,
        clock,
        vault,
        MemoryVault(),
        Wiring(clock, dice, CallBudget(clock), options.transport),
        zone,
        options.browser,
        options.secrets.add,
        translate=translator.message,
        computer=options.computer or platform.node().partition(".")[0],
        pace=options.pace,
    )


def _vault(options: Options, stores: Stores) -> KeyringVault | MemoryVault:
    """Use the keyring under a name of this profile's own, or memory for a throw-away profile."""
    if options.in_memory_secrets:
        return MemoryVault()
    profile_id = stores.settings.get("profile_id")
    if profile_id is None:
        profile_id = uuid.uuid4().hex
        stores.settings.put("profile_id", profile_id)
    return KeyringVault(service_name_for(str(profile_id)))


async def close_profile(profile: OpenProfile) -> None:
    """Close everything, in order."""
    await profile.assistant.close()
    profile.db.close()
    if profile.owned_vault is not None:
        profile.owned_vault.close()
    if profile.lock is not None:
        profile.lock.release()
