"""Objects whose rows do not lie in a table but are worked out for each query: effective rights and record access."""

from __future__ import annotations

from typing import TYPE_CHECKING

from acassist.sandbox.salesforce.errors import ApiError
from acassist.sandbox.salesforce.ids import canonical
from acassist.sandbox.salesforce.schema import SObject
from acassist.sandbox.salesforce.soql.nodes import Compare, Condition, InList, Junction, Query
from acassist.sandbox.salesforce.table import Table

if TYPE_CHECKING:
    from acassist.sandbox.salesforce.org import Actor, SalesforceOrg


def source(org: SalesforceOrg, actor: Actor, item: SObject, query: Query) -> Table:
    """Return the rows that a query on `item` reads."""
    if item.name == "UserPermissionAccess":
        return _rights(org, actor)
    if item.name == "UserRecordAccess":
        return _records(org, actor, query)
    return org.table(item)


def _rights(org: SalesforceOrg, actor: Actor) -> Table:
    table = Table()
    sets = org.rows_of("PermissionSet").rows
    assigned = org.rows_of("PermissionSetAssignment").rows.values()
    own = [sets[row["PermissionSetId"]] for row in assigned if row["AssigneeId"] == actor.user_id]
    names = [f.name for f in org.schema.find("PermissionSet").fields.values() if f.name.startswith("Permissions")]
    table.put({"Id": "0uP000000000001AAA", **{name: any(row.get(name) for row in own) for name in names}})
    return table


def _records(org: SalesforceOrg, actor: Actor, query: Query) -> Table:
    """Return one row for each record that the query names. Source: section 6.5 (at most 200 ids)."""
    table = Table()
    wanted = _named(query.where, "recordid")
    if not wanted or len(wanted) > 200 or not _named(query.where, "userid"):
        raise ApiError("MALFORMED_QUERY", "A query on UserRecordAccess needs UserId and at most 200 RecordId values.")
    for number, record_id in enumerate(wanted):
        found = org.locate(record_id)
        if found is None:
            continue
        may = org.security.object_writable(actor, found[0]) and not found[1].get("IsDeleted")
        access = {"HasReadAccess": True, "HasEditAccess": may, "HasDeleteAccess": may}
        table.put({"Id": f"0Ua{number:012d}AAA", "UserId": actor.user_id, "RecordId": record_id, **access})
    return table


def _named(condition: Condition | None, name: str) -> list[str]:
    if isinstance(condition, Junction) and condition.every:
        return [value for part in condition.parts for value in _named(part, name)]
    if not isinstance(condition, (Compare, InList)) or condition.path[-1].lower() != name:
        return []
    literals = condition.literals if isinstance(condition, InList) else (condition.literal,)
    found = [canonical(str(literal.value)) for literal in literals]
    return [value for value in found if value]
