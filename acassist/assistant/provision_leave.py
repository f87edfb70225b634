"""Leaving an org: count what would be lost, then take back layouts, assignments, fields, links and permission sets."""

from __future__ import annotations

from dataclasses import dataclass

from acassist.assistant import provision_layouts
from acassist.assistant.provision_org import PreparedOrg
from acassist.assistant.provision_views import LeavePlan, Left, Progress, ValueCount
from acassist.domain.ids import PEOPLE, Service, SObject
from acassist.domain.problem import Problem, ProblemCode, ProblemError
from acassist.domain.text import N_, Message
from acassist.salesforce.caller import HIDDEN
from acassist.salesforce.provisioning import assignments, inventory
from acassist.salesforce.provisioning.definitions import FIELDS, LINK_NAME, MARK, PERMISSION_SETS, FieldSpec
from acassist.salesforce.soql import count
from acassist.storage.provisioning_journal import EntryKind, EntryState

STAYS = (
    N_("Everything that was synced stays, in Salesforce and in ActiveCampaign."),
    N_("Fields and permission sets of an installed package, or made by somebody else, stay as they are."),
    N_("Salesforce keeps deleted fields for 15 days; until then an administrator can bring them back."),
)


@dataclass(frozen=True, slots=True)
class Ours:
    """What this program put into an org, on this computer or another."""

    org: str
    fields: tuple[FieldSpec, ...]
    sets: dict[str, str]
    """Name of each permission set and its id."""
    held: tuple[assignments.Assignment, ...]
    layouts: dict[str, str]
    links: tuple[SObject, ...]

    def members(self) -> dict[str, list[str]]:
        """Return the components to remove by metadata type."""
        found = {
            "CustomField": [spec.full_name for spec in self.fields],
            "PermissionSet": list(self.sets),
            "WebLink": [f"{sobject.value}.{LINK_NAME}" for sobject in self.links],
        }
        return {kind: names for kind, names in found.items() if names}


async def find(org: PreparedOrg) -> Ours:
    """Find what is ours by the text that this program writes beside it, and by the journal."""
    facts = await org.facts()
    stock = await inventory.take(org.client)
    journal = _made_here(org)
    rows = await inventory.set_rows(org.client)
    sets = {
        name: str(row["Id"])
        for name, row in rows.items()
        if str(row.get("Description") or "").startswith(MARK) or ("PermissionSet", name) in journal
    }
    saved = org.journal.saved_layouts(org.id)
    return Ours(
        facts.name,
        await _fields(org, journal),
        sets,
        tuple(await assignments.assignments(org.client, list(sets.values()))),
        {key: str(entry.payload["name"]) for key, entry in saved.items()},
        tuple(sobject for sobject in PEOPLE if sobject in stock.links),
    )


def _made_here(org: PreparedOrg) -> set[tuple[str, str]]:
    return {
        (kind, name)
        for entry in org.journal.entries(org.id, EntryKind.DEPLOY)
        if entry.state is EntryState.DONE
        for kind, names in entry.payload.items()
        for name in names
    }


async def _fields(org: PreparedOrg, journal: set[tuple[str, str]]) -> tuple[FieldSpec, ...]:
    by_name = {spec.full_name: spec for spec in FIELDS}
    found = []
    for row in await inventory.field_rows(org.client, FIELDS) or []:
        spec = by_name.get(f"{row.get('TableEnumOrId')}.{row.get('DeveloperName')}__c")
        if spec is None or row.get("NamespacePrefix"):
            continue
        body = await inventory.metadata_of(org.client, "CustomField", str(row["Id"]))
        meta = body.get("Metadata") or {}
        if str(meta.get("description") or "").startswith(MARK) or ("CustomField", spec.full_name) in journal:
            found.append(spec)
    return tuple(sorted(found, key=FIELDS.index))


async def plan(org: PreparedOrg, ours: Ours) -> LeavePlan:
    """Count the records that hold values, and say what goes and what stays."""
    labels = {spec.name: spec.label for spec in PERMISSION_SETS}
    holders = [item.set_id for item in ours.held]
    return LeavePlan(
        ours.org,
        tuple([await _counted(org, spec) for spec in ours.fields]),
        tuple((labels[name], holders.count(key)) for name, key in ours.sets.items()),
        tuple(ours.layouts.values()),
        ours.links,
        tuple(Message(text) for text in STAYS),
    )


async def _counted(org: PreparedOrg, spec: FieldSpec) -> ValueCount:
    found: int | None
    try:
        found = await org.client.count(count(spec.sobject.value, where=f"{spec.name} != null"))
    except ProblemError as error:
        if error.problem.code not in HIDDEN:
            raise
        found = None
    return ValueCount(spec.sobject, spec.label, spec.name, found)


def check_typed(typed: str, org: str) -> None:
    """Raise CONFIRM_LEAVE unless the name of the org was typed."""
    if typed.strip().casefold() != org.strip().casefold() or not org.strip():
        raise ProblemError(Problem(ProblemCode.CONFIRM_LEAVE, values={"org": org}, service=Service.SALESFORCE))


async def leave(org: PreparedOrg, ours: Ours, progress: Progress) -> Left:
    """Take everything back in an order in which each step can be repeated: layouts, assignments, then the rest."""
    problems: list[Problem] = []
    removed: list[str] = []
    for done, (key, name) in enumerate(ours.layouts.items()):
        progress(Message(N_("Putting page layouts back")), done, len(ours.layouts))
        answer = await provision_layouts.restore(org, key)
        if answer.problem is not None:
            problems.append(answer.problem)
        else:
            removed.append(name)
    if ours.held:
        progress(Message(N_("Removing assignments")), 0, len(ours.held))
        answers = await org.unassign(ours.held)
        problems += [problem for problem in answers.values() if problem is not None]
    members = ours.members()
    if members:
        refused = await org.remove(members, progress)
        problems += refused
        removed += [] if refused else [name for names in members.values() for name in names]
    return Left(tuple(removed), tuple(problems))
