"""From the paths of a query to fields, and from rows to the values at the end of a path."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from acassist.sandbox.salesforce.errors import ApiError
from acassist.sandbox.salesforce.fields import Field
from acassist.sandbox.salesforce.schema import SObject
from acassist.sandbox.salesforce.soql.nodes import Path
from acassist.sandbox.salesforce.table import Row

if TYPE_CHECKING:
    from acassist.sandbox.salesforce.org import Actor, SalesforceOrg

Getter = Callable[[Row], Any]


@dataclass(frozen=True, slots=True)
class Column:
    """A resolved path: the look-up fields on the way, then the field itself."""

    steps: tuple[Field, ...]
    owner: SObject
    field: Field
    get: Getter


class Resolver:
    """Resolves the paths of one query for one actor."""

    def __init__(self, org: SalesforceOrg, actor: Actor, item: SObject) -> None:
        self.org, self.actor, self.item = org, actor, item

    def column(self, path: Path) -> Column:
        """Return the column of a path. Raises ApiError INVALID_FIELD for an unknown or hidden one."""
        owner, steps = self.item, []
        parts = path[1:] if len(path) > 1 and path[0].lower() == self.item.name.lower() else path
        for step in parts[:-1]:
            link = owner.parents.get(step.lower())
            if link is None or link.name.lower() not in self.org.security.visible(self.actor, owner):
                raise self._no_relation(step, owner)
            steps.append(link)
            owner = self._target(link, step, owner)
        field = self.org.security.visible(self.actor, owner).get(parts[-1].lower())
        if field is None:
            raise no_column(parts[-1], owner)
        return Column(tuple(steps), owner, field, self._getter(tuple(steps), field))

    def parent(self, row: Row, link: Field) -> Row | None:
        """Return the row to which a look-up field points."""
        found = self.org.locate(str(row[link.name])) if row.get(link.name) else None
        return found[1] if found else None

    def _target(self, link: Field, step: str, owner: SObject) -> SObject:
        if len(link.refs) > 1:
            return self.org.schema.find("User")  # Name, Email and the like of users stand for queues too
        try:
            tooling = owner.tooling and self.org.schema.is_tooling(link.refs[0])
            return self.org.schema.find(link.refs[0], tooling=tooling)
        except ApiError as error:
            raise self._no_relation(step, owner) from error

    def _no_relation(self, step: str, owner: SObject) -> ApiError:
        message = (
            f"Didn't understand relationship '{step}' in field path. If you are attempting to use a custom "
            "relationship, be sure to append the '__r' after the custom relationship name. "
            f"Please reference your WSDL or the describe call for the appropriate names ({owner.name})."
        )
        return ApiError("INVALID_FIELD", message)

    def _getter(self, steps: tuple[Field, ...], field: Field) -> Getter:
        name = field.name
        if not steps:
            return lambda row: row.get(name)

        def climb(row: Row) -> Any:
            current: Row | None = row
            for link in steps:
                current = self.parent(current, link) if current is not None else None
            return current.get(name) if current is not None else None

        return climb


def no_column(name: str, owner: SObject) -> ApiError:
    """Return INVALID_FIELD in the words of the query service."""
    message = (
        f"No such column '{name}' on entity '{owner.name}'. If you are attempting to use a custom field, be sure to "
        "append the '__c' after the custom field name. Please reference your WSDL or the describe call for the "
        "appropriate names."
    )
    return ApiError("INVALID_FIELD", f"\n{name}\n^\nERROR at Row:1:Column:1\n{message}")
