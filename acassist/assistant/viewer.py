"""The viewer profile: who holds only ActiveCampaign Standard User sees and uses records, and sets up nothing."""

from __future__ import annotations

from dataclasses import replace

from acassist.domain.fields import find_sync_fields
from acassist.domain.ids import PEOPLE, SObject
from acassist.domain.mapping import MappingSet, default_mapping
from acassist.domain.problem import ProblemError
from acassist.domain.profile import CxSettings, Role, Setup, Step
from acassist.salesforce.caller import HIDDEN
from acassist.salesforce.provisioning.definitions import MANAGER, PERMISSION_SETS, STANDARD
from acassist.salesforce.provisioning.inventory import rows_or_none
from acassist.salesforce.provisioning.surroundings import rights
from acassist.salesforce.rest import SalesforceClient
from acassist.salesforce.soql import all_of, in_list, quote, select

# Whoever may change the set-up of an org may set this program up, whatever else is assigned.
_SET_UP = ("PermissionsModifyMetadata", "PermissionsCustomizeApplication")
VIEWER_STEPS = (Step.CONNECTIONS, Step.CX_AUTOMATION)
"""What a viewer opens: the own login, and what is offered on records."""


async def roles_of(client: SalesforceClient) -> tuple[Role, ...]:
    """Return the roles that our user may have here, the suggested one first; about three calls.

    The two permission sets decide, of this program or of the package that has sets of these names; where assignments
    cannot be read, the rights to our fields do.
    """
    held = await _sets(client)
    if held is None:
        return (Role.VIEWER,) if await _only_reads(client) else (Role.MANAGER,)
    if STANDARD.name not in held:
        return (Role.MANAGER,)
    may = await rights(client) or {}
    if MANAGER.name in held or any(may.get(name) for name in _SET_UP):
        return (Role.MANAGER, Role.VIEWER)
    return (Role.VIEWER,)


async def _sets(client: SalesforceClient) -> set[str] | None:
    """Return which of the two sets our user holds; None when that cannot be read."""
    await client.source.access_token()
    known = in_list(item for spec in PERMISSION_SETS for item in (spec.name, spec.label))
    where = all_of(
        (
            f"AssigneeId = {quote(client.source.user_id)}",
            f"(PermissionSet.Name IN {known} OR PermissionSet.Label IN {known})",
        )
    )
    columns = ("PermissionSet.Name", "PermissionSet.Label")
    rows = await rows_or_none(client, select(columns, "PermissionSetAssignment", where=where))
    if rows is None:
        return None
    found = [row.get("PermissionSet") or {} for row in rows]
    words = {str(item.get(key)) for item in found for key in ("Name", "Label")}
    return {spec.name for spec in PERMISSION_SETS if words & {spec.name, spec.label}}


async def _only_reads(client: SalesforceClient) -> bool:
    """Tell whether our fields on leads can be seen and not written, which is what Standard User grants."""
    try:
        description = await client.describe(SObject.LEAD)
    except ProblemError as error:
        if error.problem.code not in HIDDEN:
            raise
        return False
    name = find_sync_fields(description).status
    field = description.field(name) if name else None
    return field is not None and not field.updateable


async def viewing(setup: Setup, client: SalesforceClient) -> Setup:
    """Return a viewer's set-up: the default fields that the user sees, and CX Automation switched on."""
    cx = setup.cx if setup.cx.enabled else CxSettings(enabled=True)
    return replace(setup, mapping=await _visible(client, default_mapping()), cx=cx, started=False)


async def _visible(client: SalesforceClient, mapping: MappingSet) -> MappingSet:
    """Leave out what the user does not see: a record without it is better than none."""
    for sobject in PEOPLE:
        description = await client.describe(sobject)
        rows = tuple(row for row in mapping.for_object(sobject) if description.has(row.sf_field))
        mapping = mapping.with_rows(sobject, rows)
    return mapping
