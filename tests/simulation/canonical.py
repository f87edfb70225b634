"""The state of both services without what may differ between two runs that did the same: ids, stamps and order."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from acassist.domain.ids import SObject
from acassist.domain.ledger import LinkState
from acassist.sandbox.control import world_state
from acassist.sandbox.world import World
from acassist.sync.context import Stores

_OURS = ("activecampaign_id__c", "relation_sync_status__c")
_LEFT_OUT = {"Id", "SystemModstamp", "LastModifiedDate", "CreatedDate", "LastModifiedById", "CreatedById", "OwnerId",
             "AccountId", "ConvertedContactId", "ConvertedAccountId", "ConvertedOpportunityId", "MasterRecordId",
             "IndividualId", "LastActivityDate", "LastViewedDate", "LastReferencedDate"}  # fmt: skip


def canonical(world: World) -> dict[str, Any]:
    """Return rows and people as sorted texts, each contact id replaced by the address of that contact."""
    state = world_state(world)
    emails = {p["id"]: p["email"] for p in state["activecampaign"]["contacts"]}
    rows = {
        sobject: sorted(_row(row, emails) for row in found)
        for sobject, found in state["salesforce"].items()
        if sobject in {"Lead", "Contact"}
    }
    everybody = state["activecampaign"]["contacts"]
    people = sorted(repr(sorted((k, v) for k, v in p.items() if k != "id")) for p in everybody)
    companies = sorted(a["name"] for a in state["activecampaign"]["accounts"])
    return {**rows, "people": people, "companies": companies}


def _row(row: Mapping[str, Any], emails: Mapping[str, str]) -> str:
    kept = {k: v for k, v in row.items() if k not in _LEFT_OUT and v is not None}
    for name in kept:
        if name.lower().endswith(_OURS[0]):
            kept[name] = emails.get(str(kept[name]).removesuffix(".0"), "gone")
    return repr(sorted(kept.items()))


def ledger_of(stores: Stores, world: World) -> list[str]:
    """Return the links as sorted texts: object, address of the contact, state, primary and base."""
    emails = {p["id"]: p["email"] for p in world_state(world)["activecampaign"]["contacts"]}
    found = []
    for link in stores.ledger.iter_links(limit=100_000):
        if link.sobject is SObject.ACCOUNT:
            continue
        base = sorted((k, b.salesforce, b.activecampaign) for k, b in link.base.items())
        shown = base if link.state is LinkState.ACTIVE else []
        found.append(repr((link.sobject.value, emails.get(link.ac_id), link.state.value, link.primary, shown)))
    return sorted(found)
