"""Who may see and write which field: profile, permission sets and the switches that take rights away."""

from __future__ import annotations

from typing import TYPE_CHECKING

from acassist.sandbox.salesforce.errors import unsupported_type
from acassist.sandbox.salesforce.fields import Field
from acassist.sandbox.salesforce.schema import SObject

if TYPE_CHECKING:
    from acassist.sandbox.salesforce.org import Actor, SalesforceOrg


class Security:
    """Answers from the rows and switches of the org; answers are kept until something changes."""

    def __init__(self, org: SalesforceOrg) -> None:
        self._org = org
        self._visible: dict[tuple[str, str], dict[str, Field]] = {}
        self._writable: dict[tuple[str, str], frozenset[str]] = {}
        self._asked: tuple[list[str], list[str]] = ([], [])

    def forget(self) -> None:
        """Work everything out anew; to be called after a change of rights, fields or switches."""
        self._visible.clear()
        self._writable.clear()

    def visible(self, actor: Actor, item: SObject) -> dict[str, Field]:
        """Return the fields that `actor` sees, by lower-case name."""
        if actor.all_rights:
            return item.fields
        self._refresh()
        key = (actor.user_id, item.name)
        found = self._visible.get(key)
        if found is None:
            found = {name: field for name, field in item.fields.items() if self._sees(actor, item, field)}
            self._visible[key] = found
        return found

    def writable(self, actor: Actor, item: SObject) -> frozenset[str]:
        """Return the exact names of the fields that field-level security lets `actor` write."""
        if actor.all_rights:
            return frozenset(field.name for field in item.fields.values())
        self._refresh()
        key = (actor.user_id, item.name)
        found = self._writable.get(key)
        if found is None:
            seen = self.visible(actor, item).values()
            found = frozenset(field.name for field in seen if self._edits(actor, item, field))
            self._writable[key] = found
        return found

    def check_object(self, actor: Actor, item: SObject) -> None:
        """Raise ApiError INVALID_TYPE where the user has no right to the object at all."""
        if not actor.all_rights and item.name in self._org.switches.objects_hidden:
            raise unsupported_type(item.name)

    def object_writable(self, actor: Actor, item: SObject) -> bool:
        return actor.all_rights or item.name not in self._org.switches.objects_read_only

    def _refresh(self) -> None:
        """Drop what was kept where a switch was set meanwhile."""
        switches = self._org.switches
        asked = (list(switches.fls_hidden), list(switches.fls_read_only))
        if asked != self._asked:
            self._asked = asked
            self.forget()

    def _sees(self, actor: Actor, item: SObject, field: Field) -> bool:
        if not item.business or not field.permissionable:
            return True
        if self._listed(item, field, self._org.switches.fls_hidden):
            return False
        return field.granted or not field.permissionable or self._permitted(actor, item, field, "PermissionsRead")

    def _edits(self, actor: Actor, item: SObject, field: Field) -> bool:
        if not item.business:
            return True
        if self._listed(item, field, self._org.switches.fls_read_only):
            return False
        return field.granted or not field.permissionable or self._permitted(actor, item, field, "PermissionsEdit")

    def _listed(self, item: SObject, field: Field, names: list[str]) -> bool:
        return field.name in names or f"{item.name}.{field.name}" in names

    def _permitted(self, actor: Actor, item: SObject, field: Field, right: str) -> bool:
        assigned = self._org.rows_of("PermissionSetAssignment")
        own = {assigned.rows[key]["PermissionSetId"] for key in assigned.lookup("AssigneeId", actor.user_id)}
        grants = self._org.rows_of("FieldPermissions")
        rows = (grants.rows[key] for key in grants.lookup("Field", f"{item.name}.{field.name}"))
        return any(row["ParentId"] in own and row.get(right) for row in rows)
