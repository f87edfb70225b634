"""Fills both sides from one list of people: some on one side only, some on both, with twins and duplicates."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import datetime

from acassist.sandbox.activecampaign.load import load as load_activecampaign
from acassist.sandbox.people import Person, people
from acassist.sandbox.world import World

SHARED = 3 / 7  # of the people in Salesforce, so many are in ActiveCampaign too; as many again only there


def fill(world: World) -> None:
    """Fill the world with `settings.leads` leads, `settings.contacts` contacts and the people around them."""
    from acassist.sandbox.salesforce.load import load as load_salesforce

    settings, start = world.settings, world.clock.now().replace(microsecond=0)
    rng = random.Random(f"people {settings.seed}")
    known = settings.leads + settings.contacts
    everybody = list(people(rng, known + round(known * SHARED)))
    leads = _leads(everybody[: settings.leads])
    contacts = _contacts(everybody[settings.leads : known], leads)
    load_salesforce(world.salesforce, leads, contacts, custom_fields=settings.custom_fields)
    fill_activecampaign(world, everybody, start)


def fill_activecampaign(world: World, everybody: list[Person], start: datetime) -> None:
    """Fill only the ActiveCampaign side."""
    settings = world.settings
    rng = random.Random(f"activecampaign {settings.seed}")
    known = settings.leads + settings.contacts
    shared = [person for person in everybody[:known] if rng.random() < SHARED]
    load_activecampaign(world.activecampaign, rng, shared=shared, own=everybody[known:], start=start)


def _leads(persons: list[Person]) -> list[Person]:
    """Make one lead in sixty a second lead with the e-mail of an earlier one."""
    count = len(persons) // 60
    doubles = [replace(person, title="", company=f"{person.company} (old)") for person in persons[:count]]
    return [*persons[: len(persons) - count], *doubles]


def _contacts(persons: list[Person], leads: list[Person]) -> list[Person]:
    """Make one contact in fifteen the twin of a lead: the same person in both objects."""
    count = min(len(persons) // 15, len(leads) // 2)
    middle = len(leads) // 2
    return [*leads[middle : middle + count], *persons[: len(persons) - count]]
