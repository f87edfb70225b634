"""The one road by which rows are created and changed, with every check of the platform on the way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from acassist.sandbox.salesforce import derived, duplicates, hooks, rules
from acassist.sandbox.salesforce.errors import ApiError, deleted, gone, no_such_column
from acassist.sandbox.salesforce.fields import Field
from acassist.sandbox.salesforce.ids import canonical
from acassist.sandbox.salesforce.org import Written
from acassist.sandbox.salesforce.schema import SObject
from acassist.sandbox.salesforce.table import Row, Unsettled
from acassist.sandbox.salesforce.values import coerce

if TYPE_CHECKING:
    from acassist.sandbox.salesforce.org import Actor, SalesforceOrg


@dataclass(frozen=True, slots=True)
class SaveOptions:
    """Headers that change what a save does (sections 4.4 and 4.5)."""

    auto_assign: bool = True
    allow_duplicates: bool = False
    include_record_details: bool = False


@dataclass
class Transaction:
    """What a request has written so far, so that all-or-none can take it back."""

    org: SalesforceOrg
    before: list[tuple[SObject, str, Row | None]] = field(default_factory=list)

    def roll_back(self, mark: int = 0) -> None:
        """Put every row back as it was when the transaction had written `mark` rows."""
        undone = self.before[mark:]
        for item, record_id, old in reversed(undone):
            table = self.org.table(item)
            if old is None:
                table.remove(record_id)
            else:
                table.put(old)
        del self.org.written[len(self.org.written) - len(undone) :]
        del self.before[mark:]
        self.org.security.forget()


class Writer:
    """Creates, updates and deletes rows for one actor; refusals are ApiErrors."""

    def __init__(
        self,
        org: SalesforceOrg,
        actor: Actor,
        options: SaveOptions | None = None,
        transaction: Transaction | None = None,
    ) -> None:
        self.org, self.actor = org, actor
        self.options = options or SaveOptions()
        self.transaction = transaction or Transaction(org)

    def create(self, item: SObject, values: Mapping[str, Any]) -> str:
        """Create a row from field values and return its id."""
        self._allowed(item, "c")
        clean = self._values(item, values, creating=True)
        row: Row = {"Id": self.org.ids.new(item.prefix)}
        row.update(derived.defaults(item, self.actor))
        row.update({name: value for name, value in clean.items() if value is not None})
        return self._save(item, None, row, tuple(clean))

    def update(self, item: SObject, record_id: str, values: Mapping[str, Any]) -> None:
        """Change the given fields of a row; None clears (section 2.3)."""
        self._allowed(item, "u")
        old = self.existing(item, record_id)
        clean = self._values(item, values, creating=False)
        self._not_locked(old)
        converted = item.name == "Lead" and old.get("IsConverted") and not self.actor.all_rights
        if converted and not self.org.switches.edit_converted_leads:
            raise ApiError(
                "CANNOT_UPDATE_CONVERTED_LEAD",
                "cannot reference converted lead",
                status=self.org.switches.refusal_status,
                fields=[],
            )
        row = dict(old)
        for name, value in clean.items():
            if value is None:
                row.pop(name, None)
            else:
                row[name] = value
        self._save(item, old, row, tuple(clean))

    def delete(self, item: SObject, record_id: str) -> None:
        """Move a row to the recycle bin, or away for good where there is none; an Account takes its Contacts along."""
        self._allowed(item, "d")
        old = self.existing(item, record_id)
        self._not_locked(old)
        if not item.business:
            for kind, key in hooks.children(self.org, item, old["Id"]):
                self.delete(kind, key)
            self.transaction.before.append((item, old["Id"], old))
            self.org.table(item).remove(old["Id"])
            self._note(item, ())
            hooks.after_write(self.org, item)
            return
        if item.name == "Account":
            contacts = self.org.schema.find("Contact")
            for child in self.org.table(contacts).lookup("AccountId", old["Id"]):
                if not self.org.table(contacts).rows[child].get("IsDeleted"):
                    self.delete(contacts, child)
        self.commit(item, old, {**old, "IsDeleted": True}, ("IsDeleted",))

    def existing(self, item: SObject, record_id: str) -> Row:
        """Return a live row. Raises ApiError for a bad, unknown or deleted id (section 2.4)."""
        key = canonical(record_id)
        if key is None:
            raise ApiError("MALFORMED_ID", f"{item.label} ID: id value of incorrect type: {record_id}", fields=["Id"])
        row = self.org.table(item).rows.get(key)
        if row is None:
            raise gone()
        if row.get("IsDeleted"):
            raise deleted()
        return row

    def commit(self, item: SObject, old: Row | None, row: Row, names: tuple[str, ...]) -> str:
        """Stamp and store a row, and tell the request log; every write of the sandbox ends here."""
        now = self.org.stamp()
        if "SystemModstamp" in row or item.get("SystemModstamp"):
            row["SystemModstamp"] = now
        if item.get("LastModifiedDate"):
            row["LastModifiedDate"], row["LastModifiedById"] = now, self.actor.user_id
        if old is None and item.get("CreatedDate"):
            row["CreatedDate"], row["CreatedById"] = now, self.actor.user_id
        derived.compute(item, row)
        table = self.org.table(item)
        self.transaction.before.append((item, row["Id"], old))
        delay = self.org.switches.commit_delay
        if delay and self.actor.all_rights:
            until = (self.org.now() + timedelta(seconds=delay)).timestamp()
            earlier = table.unsettled.get(row["Id"])
            table.unsettled[row["Id"]] = Unsettled(until, earlier.before if earlier else old)
        table.put(row)
        self._note(item, names)
        hooks.after_write(self.org, item)
        return str(row["Id"])

    def _save(self, item: SObject, old: Row | None, row: Row, names: tuple[str, ...]) -> str:
        derived.compute(item, row)
        rules.required(item, row)
        rules.references(self.org, item, row, names)
        self._auto_assign(item, row)
        hooks.before_save(self.org, item, old, row)
        rules.unique(self.org, item, row)
        if not self.actor.all_rights:
            rules.validation(self.org, item, old, row)
            duplicates.check(self.org, item, row, self.options)
        return self.commit(item, old, row, names)

    def _note(self, item: SObject, names: tuple[str, ...]) -> None:
        self.org.written.append(Written(item.name, names))

    def _allowed(self, item: SObject, operation: str) -> None:
        self.org.security.check_object(self.actor, item)
        if operation not in item.operations:
            raise ApiError("CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", f"entity type cannot be written: {item.name}")
        if not self.org.security.object_writable(self.actor, item):
            raise ApiError(
                "INSUFFICIENT_ACCESS_OR_READONLY",
                "insufficient access rights on object id",
                status=self.org.switches.refusal_status,
                fields=[],
            )

    def _values(self, item: SObject, values: Mapping[str, Any], *, creating: bool) -> dict[str, Any]:
        """Return the given values by exact field name, checked and converted."""
        visible = self.org.security.visible(self.actor, item)
        writable = self.org.security.writable(self.actor, item)
        refused: list[str] = []
        clean: dict[str, Any] = {}
        for name, raw in values.items():
            if isinstance(raw, dict) and name.lower() in item.parents:
                link = item.parents[name.lower()]
                clean[link.name] = hooks.by_external_id(self.org, link, raw)
                continue
            known = visible.get(name.lower())
            if known is None:
                raise no_such_column(name, item.name)
            if not self._may(known, writable, creating=creating):
                refused.append(known.name)
                continue
            clean[known.name] = coerce(known, raw)
        if refused:
            raise ApiError(
                "INVALID_FIELD_FOR_INSERT_UPDATE",
                f"Unable to create/update fields: {', '.join(refused)}. Please check the security settings of this "
                "field and verify that it is read/write for your profile or permission set.",
                fields=refused,
            )
        return clean

    def _may(self, known: Field, writable: frozenset[str], *, creating: bool) -> bool:
        if known.name == "IsConverted" and not self.actor.all_rights:
            return False  # createable in describe, but only with the audit permission (section 5)
        return known.name in writable and (known.createable if creating else known.updateable)

    def _not_locked(self, row: Row) -> None:
        switches = self.org.switches
        locked = [key for key in (row["Id"], row.get("AccountId")) if key and key in switches.locked_rows]
        if not locked or switches.lock_times == 0 or self.actor.all_rights:
            return
        if switches.lock_times > 0:
            switches.lock_times -= 1
        message = f"unable to obtain exclusive access to this record or 1 records: {locked[0]}"
        raise ApiError("UNABLE_TO_LOCK_ROW", message, fields=[])

    def _auto_assign(self, item: SObject, row: Row) -> None:
        """Reassign a Lead, as the assignment rule does unless the header says no (section 4.5)."""
        active = self.org.switches.assignment_rule_active and not self.actor.all_rights
        if item.name == "Lead" and active and self.options.auto_assign:
            row["OwnerId"] = self.org.queue_id
