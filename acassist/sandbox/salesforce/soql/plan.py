"""Which rows a query has to look at: by id, by an index, by SystemModstamp, or all of them."""

from __future__ import annotations

from collections.abc import Iterator

from acassist.sandbox.salesforce.ids import canonical
from acassist.sandbox.salesforce.soql.nodes import Compare, Condition, InList, Junction, Query
from acassist.sandbox.salesforce.table import Table

STAMP = "systemmodstamp"


def candidates(query: Query, table: Table, names: dict[str, str]) -> tuple[Iterator[str], bool]:
    """Return ids that include every match, and whether they come in the order of (SystemModstamp, Id).

    `names` maps lower-case field names to exact ones. The predicate is still to be applied.
    """
    found = _by_key(query.where, table, names)
    if found is not None:
        return iter(found), False
    bound = lower_bound(query.where)
    ordered = in_stamp_order(query)
    if bound is not None or ordered:
        return table.since(bound or ""), ordered
    return iter(list(table.rows)), False


def in_stamp_order(query: Query) -> bool:
    """Say whether the query asks for the order that the stamp index already has."""
    wanted = [("systemmodstamp",), ("id",)]
    asked = [tuple(part.lower() for part in term.path) for term in query.order]
    return bool(asked) and asked == wanted[: len(asked)] and not any(term.descending for term in query.order)


def lower_bound(condition: Condition | None) -> str | None:
    """Return a stamp before which no row can match, or None where there is no such bound."""
    if isinstance(condition, Compare):
        usable = condition.operator in (">", ">=", "=") and condition.literal.kind == "datetime"
        if usable and len(condition.path) == 1 and condition.path[0].lower() == STAMP:
            return str(condition.literal.value)
        return None
    if isinstance(condition, Junction):
        bounds = [lower_bound(part) for part in condition.parts]
        known = [bound for bound in bounds if bound is not None]
        if condition.every:
            return max(known, default=None)
        return min(known) if known and len(known) == len(bounds) else None
    return None


def _by_key(condition: Condition | None, table: Table, names: dict[str, str]) -> list[str] | None:
    """Return the ids that a condition on Id or on an indexed field allows, or None where there is none."""
    if isinstance(condition, Junction) and condition.every:
        for part in condition.parts:
            found = _by_key(part, table, names)
            if found is not None:
                return found
        return None
    literals = _wanted(condition)
    if literals is None or not isinstance(condition, (Compare, InList)) or len(condition.path) != 1:
        return None
    name = names.get(condition.path[0].lower(), "")
    if name == "Id":
        ids = dict.fromkeys(canonical(value) or "" for value in literals)
        return [key for key in ids if key in table.rows]
    if table.indexed(name):
        values = dict.fromkeys((canonical(value) or value) if name.endswith("Id") else value for value in literals)
        return list(dict.fromkeys(key for value in values for key in table.lookup(name, value)))
    return None


def _wanted(condition: Condition | None) -> list[str] | None:
    if isinstance(condition, Compare) and condition.operator == "=":
        literals = [condition.literal]
    elif isinstance(condition, InList) and not condition.negated:
        literals = list(condition.literals)
    else:
        return None
    texts = [str(lit.value) for lit in literals if lit.kind == "string" and lit.value]
    return texts if len(texts) == len(literals) else None
