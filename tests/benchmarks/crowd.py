"""An org full of leads and an empty ActiveCampaign account, with an assistant connected to both on virtual time."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC
from pathlib import Path

from acassist.assistant.container import OpenProfile, Options, open_profile
from acassist.assistant.session import API_KEY, REFRESH_TOKEN
from acassist.domain.mapping import DEFAULT_CONTACT, DEFAULT_LEAD, FieldMapping, MappingSet
from acassist.domain.profile import Defaults, OutboundSettings
from acassist.sandbox.clock import SandboxClock
from acassist.sandbox.people import people
from acassist.sandbox.salesforce.load import load
from acassist.sandbox.server import build
from acassist.sandbox.settings import Settings
from acassist.sandbox.world import World
from acassist.system.vault import MemoryVault
from tests.benchmarks.virtual_time import Late, LoopClock
from tests.engine import connected, log_in
from tests.sandbox import transport
from tests.simulation.scene import field_key


def crowd(count: int, clock: SandboxClock, settings: Settings | None = None) -> World:
    """Return a world with so many leads that have an address each, and nobody in ActiveCampaign."""
    world = build(settings or Settings(leads=0, contacts=0), clock)
    rng = random.Random("crowd")
    leads = (replace(p, email=f"person{n}@company{n % 977}.example") for n, p in enumerate(people(rng, count)))
    load(world.salesforce, leads, [], custom_fields=True)
    return world


def two_fields(world: World) -> MappingSet:
    """Return the default mapping with two custom fields for leads."""
    rows = [("Nickname", "Nickname__c"), ("Annual budget", "Annual_Budget__c")]
    more = tuple(FieldMapping(field_key(world, title), name) for title, name in rows)
    return MappingSet(lead=(*DEFAULT_LEAD, *more), contact=DEFAULT_CONTACT)


async def open_late(folder: Path, world: World, clock: LoopClock, seconds: float) -> OpenProfile:
    """Open an assistant whose every call takes so many seconds."""
    vault = MemoryVault()
    await vault.put(API_KEY, world.activecampaign.api_key)
    await vault.put(REFRESH_TOKEN, await log_in(world))
    options = Options(
        data_dir=folder,
        clock=clock,
        vault=vault,
        transport=Late(transport(world), clock, seconds),
        browser=lambda url: False,
        zone=UTC,
        dice=random.Random(1),
        language="en",
    )
    profile = await open_profile(options)
    session = profile.assistant.session
    setup = connected(world, two_fields(world), OutboundSettings())
    session.store(replace(setup, defaults=Defaults(sync_opt_out=True)), what="test")
    return profile
