"""What a seed draws before it begins and now and then: mappings, limits, rights of the org, faults."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any

from acassist.domain.mapping import (
    DEFAULT_ACCOUNT,
    ConflictRule,
    Direction,
    FieldMapping,
    MappingSet,
    UpdateRule,
)
from acassist.domain.profile import Limits
from tests.simulation.people_edits import CUSTOM
from tests.simulation.scene import Scene, field_key, mapping

FAULTS: tuple[dict[str, Any], ...] = (
    {"kind": "status", "status": 503},
    {"kind": "status", "status": 500},
    {"kind": "status", "status": 502, "body": "<html>Bad gateway</html>"},
    {"kind": "status", "status": 200, "body": "<html>Maintenance</html>"},
    {"kind": "status", "status": 429, "headers": {"Retry-After": "2"}},
    {"kind": "drop"},
    {"kind": "drop_after"},
    {"kind": "drop_after"},
    {"kind": "delay", "seconds": 50},
    {"kind": "expire_token"},
    {"kind": "quota"},
)
SWITCHES: tuple[dict[str, Any], ...] = (
    {"fls_hidden": ["Lead.Nickname__c"]},
    {"fls_hidden": ["Lead.HasOptedOutOfEmail", "Contact.HasOptedOutOfEmail"]},
    {"fls_read_only": ["Lead.Nickname__c", "Contact.Notes__c"]},
    {"validation_rules": [{"sobject": "Lead", "field": "Nickname__c", "pattern": "7$"}]},
    {"trigger_failures": [{"sobject": "Contact", "field": "Nickname__c", "pattern": "3$", "message": "no"}]},
    {"duplicate_rules": {"Lead": "block", "Contact": "alert"}},
)
"""Switches of the org; all of them are lists but the duplicate rules."""


def draw(scene: Scene, dice: random.Random) -> None:
    """Give a scene a mapping, limits and what was chosen for first links."""
    scene.use(rows=random_mapping(scene, dice))
    session = scene.engine.assistant.session
    if dice.random() < 0.9:
        limits = replace(Limits(), emptied_count=dice.choice([1, 1, 1, 2]))
        session.store(replace(session.setup, limits=limits), what="test")
    if dice.random() < 0.6:
        keys = [row.key for row in lead_rows(scene)[5:]]
        chosen = {key: dice.choice(["salesforce", "activecampaign"]) for key in keys if dice.random() < 0.6}
        chosen |= {"firstName~FirstName": dice.choice(["salesforce", "activecampaign"])}
        scene.engine.stores.settings.put("first_link_choices", chosen)


def random_mapping(scene: Scene, dice: random.Random) -> MappingSet:
    """Return the default rows and most custom ones, each with rules of its own; sometimes accounts too."""
    base = mapping(scene.world)
    rows = []
    for name, title, kind in CUSTOM:
        if dice.random() < 0.15:
            continue
        row = FieldMapping(field_key(scene.world, title), name)
        row = replace(
            row,
            conflict=dice.choice([ConflictRule.NEWEST] * 7 + [*ConflictRule]),
            direction=dice.choice([Direction.BOTH] * 7 + [Direction.TO_ACTIVECAMPAIGN, Direction.TO_SALESFORCE]),
            update=dice.choice([UpdateRule.ALWAYS] * 7 + [UpdateRule.IF_BLANK, UpdateRule.NEVER]),
            copy_blanks=dice.random() < 0.5 or kind == "bool",
        )
        rows.append(row)
    accounts = dice.random() < 0.9
    return MappingSet((*base.lead, *rows), (*base.contact, *rows), DEFAULT_ACCOUNT, accounts_on=accounts)


def lead_rows(scene: Scene) -> tuple[FieldMapping, ...]:
    """Return the mapping of leads in effect."""
    return scene.engine.assistant.session.setup.mapping.lead
