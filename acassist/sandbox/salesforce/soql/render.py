"""From matching rows to the JSON of an answer: attributes first, then the fields as they were selected."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from acassist.sandbox.salesforce.fields import Field
from acassist.sandbox.salesforce.schema import SObject
from acassist.sandbox.salesforce.soql.resolve import Column, Resolver
from acassist.sandbox.salesforce.table import Row

if TYPE_CHECKING:
    from acassist.sandbox.salesforce.org import SalesforceOrg

Show = Callable[[Row], Any]
ADDRESS = ("city", "country", "geocodeAccuracy", "latitude", "longitude", "postalCode", "state", "street")


def attributes(item: SObject, record_id: str, version: str) -> dict[str, str]:
    """Return the `attributes` object of a record."""
    area = "tooling/" if item.tooling else ""
    return {"type": item.name, "url": f"/services/data/v{version}/{area}sobjects/{item.name}/{record_id}"}


def shown(field: Field) -> Show:
    """Return the function that gives a field's value as answers show it."""
    name = field.name
    if field.type == "address":
        return lambda row: _address(name, row)
    if field.mask_char:
        mask = field.mask_char
        return lambda row: mask * len(str(row[name])) if row.get(name) is not None else None
    if field.type == "boolean" and not field.nillable:
        return lambda row: bool(row.get(name))
    return lambda row: row.get(name)


def _address(name: str, row: Row) -> dict[str, Any] | None:
    """Return the compound value of `Address`, `MailingAddress` and the like; None where all parts are blank."""
    prefix = name.removesuffix("Address")
    parts = {key: row.get(prefix + key[0].upper() + key[1:]) for key in ADDRESS}
    return parts if any(value is not None for value in parts.values()) else None


class Renderer:
    """Renders rows of one object with chosen columns."""

    def __init__(self, org: SalesforceOrg, resolver: Resolver, columns: Iterable[Column], version: str) -> None:
        self._org, self._resolver, self._version = org, resolver, version
        self._item = resolver.item
        self._tree: dict[str, Any] = {}
        for column in columns:
            self._plant(column)

    def record(self, row: Row) -> dict[str, Any]:
        """Return one record."""
        return self._node(self._item, row, self._tree)

    def _plant(self, column: Column) -> None:
        branch = self._tree
        for link in column.steps:
            _, branch = branch.setdefault(str(link.relationship), (link, {}))
        branch[column.field.name] = shown(column.field)

    def _node(self, item: SObject, row: Row, branch: dict[str, Any]) -> dict[str, Any]:
        out: dict[str, Any] = {"attributes": attributes(item, row["Id"], self._version)}
        for name, leaf in branch.items():
            out[name] = self._parent(row, *leaf) if isinstance(leaf, tuple) else leaf(row)
        return out

    def _parent(self, row: Row, link: Field, branch: dict[str, Any]) -> dict[str, Any] | None:
        found = self._org.locate(str(row[link.name])) if row.get(link.name) else None
        return self._node(*found, branch) if found else None
