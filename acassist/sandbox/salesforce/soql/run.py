"""Running a parsed query on the rows of an org."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from acassist.sandbox.salesforce import access
from acassist.sandbox.salesforce.errors import ApiError
from acassist.sandbox.salesforce.schema import SObject
from acassist.sandbox.salesforce.soql import plan
from acassist.sandbox.salesforce.soql.nodes import Order, Query
from acassist.sandbox.salesforce.soql.resolve import Column, Resolver
from acassist.sandbox.salesforce.soql.where import Compiler, folds
from acassist.sandbox.salesforce.table import Row, Table

if TYPE_CHECKING:
    from acassist.sandbox.salesforce.org import Actor, SalesforceOrg


class Execution:
    """One query of one actor: the object, the selected columns and the ids of the matching rows in order."""

    def __init__(self, org: SalesforceOrg, actor: Actor, query: Query, *, deleted: bool, tooling: bool) -> None:
        self.org, self.actor, self.query = org, actor, query
        self.deleted, self.tooling = deleted, tooling
        self.item: SObject = org.schema.find(query.sobject, tooling=tooling)
        org.security.check_object(actor, self.item)
        self.resolver = Resolver(org, actor, self.item)
        self.columns: list[Column] = [self.resolver.column(path) for path in query.paths]
        self.table = access.source(org, actor, self.item, query)
        self.ids = self._run()

    def row(self, record_id: str) -> Row | None:
        """Return a matching row as it is seen now."""
        return self.table.seen(record_id, self.org.now().timestamp())

    def _run(self) -> list[str]:
        table = self.table
        compiler = Compiler(self.resolver, self._values)
        test = compiler.predicate(self.query.where) if self.query.where is not None else None
        terms = [(self._sortable(term), term) for term in self.query.order]
        keys, ordered = self._keys(table)
        visible = self._visible(table, keys)
        rows: Iterable[Row] = visible if test is None else (row for row in visible if test(row))
        if terms and not ordered:
            rows = _sorted(rows, terms)
        elif not terms:
            rows = sorted(rows, key=lambda row: str(row["Id"]))
        stop = None if self.query.limit is None else self.query.offset + self.query.limit
        return [str(row["Id"]) for row in islice(rows, self.query.offset, stop)]

    def _keys(self, table: Table) -> tuple[Iterator[str], bool]:
        table.settle(self.org.now().timestamp())
        if table.unsettled:
            return iter(list(table.rows)), False  # indexes know the newest version only
        names = {key: field.name for key, field in self.item.fields.items()}
        return plan.candidates(self.query, table, names)

    def _visible(self, table: Table, keys: Iterator[str]) -> Iterator[Row]:
        if not table.unsettled:
            found = (table.rows[key] for key in keys)
        else:
            now = self.org.now().timestamp()
            found = (row for row in (table.seen(key, now) for key in keys) if row is not None)
        return found if self.deleted else (row for row in found if not row.get("IsDeleted"))

    def _sortable(self, term: Order) -> Column:
        column = self.resolver.column(term.path)
        if not column.field.sortable:
            message = f"field '{column.field.name}' can not be sorted in a query call"
            raise ApiError("MALFORMED_QUERY", message)
        return column

    def _values(self, query: Query) -> list[Any]:
        inner = Execution(self.org, self.actor, query, deleted=self.deleted, tooling=self.tooling)
        column = inner.columns[0]
        if column.field.type not in ("id", "reference"):
            raise ApiError("INVALID_FIELD", f"A semi join selects an id or reference field: {column.field.name}")
        return [column.get(row) for key in inner.ids if (row := inner.row(key)) is not None]


def _sorted(rows: Iterable[Row], terms: list[tuple[Column, Order]]) -> list[Row]:
    """Sort by the terms in turn, blanks first unless asked otherwise, and by id in the end."""
    found = sorted(rows, key=lambda row: str(row["Id"]))
    for column, term in reversed(terms):
        keyed = [(column.get(row), row) for row in found]
        blank = [row for value, row in keyed if value is None]
        low = folds(column.field)
        filled = [(value.lower() if low else value, row) for value, row in keyed if value is not None]
        filled.sort(key=itemgetter(0), reverse=term.descending)
        rest = [row for _, row in filled]
        found = rest + blank if term.nulls_last else blank + rest
    return found
