"""From the conditions of a query to a Python predicate over rows.

Two-valued logic: a comparison with a blank is false, `!=` and `NOT IN` are true for a blank, and an empty string is
a blank. Text is compared without regard to case (section 3.1).
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from acassist.sandbox.salesforce.errors import ApiError
from acassist.sandbox.salesforce.fields import NUMBER_TYPES, Field
from acassist.sandbox.salesforce.ids import canonical
from acassist.sandbox.salesforce.soql.nodes import Compare, Condition, Includes, InList, InQuery, Junction, Literal, Not
from acassist.sandbox.salesforce.soql.periods import period
from acassist.sandbox.salesforce.soql.resolve import Column, Getter, Resolver
from acassist.sandbox.salesforce.stamps import stamp
from acassist.sandbox.salesforce.table import Row

if TYPE_CHECKING:
    from acassist.sandbox.salesforce.soql.nodes import Query

Predicate = Callable[[Row], bool]
ORDERED = {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}
NO_ORDER = frozenset({"boolean", "multipicklist"})
Subquery = Callable[["Query"], list[Any]]


class Compiler:
    """Turns conditions into predicates; `subquery` runs a semi join and returns its values."""

    def __init__(self, resolver: Resolver, subquery: Subquery) -> None:
        self._resolver, self._subquery = resolver, subquery

    def predicate(self, condition: Condition) -> Predicate:
        """Return the predicate. Raises ApiError for a field or literal that cannot be filtered so."""
        if isinstance(condition, Junction):
            return self._junction(condition)
        if isinstance(condition, Not):
            inner = self.predicate(condition.inner)
            return lambda row: not inner(row)
        column = self._column(condition)
        if isinstance(condition, Compare):
            return self._compare(column, condition)
        if isinstance(condition, InList):
            return self._in(column, [self._value(column.field, lit) for lit in condition.literals], condition.negated)
        if isinstance(condition, InQuery):
            return self._in_query(column, condition)
        return self._includes(column, condition)

    def _junction(self, condition: Junction) -> Predicate:
        parts = [self.predicate(part) for part in condition.parts]
        if len(parts) == 2:
            first, second = parts
            if condition.every:
                return lambda row: first(row) and second(row)
            return lambda row: first(row) or second(row)
        if condition.every:
            return lambda row: all(part(row) for part in parts)
        return lambda row: any(part(row) for part in parts)

    def _column(self, condition: Compare | InList | InQuery | Includes) -> Column:
        column = self._resolver.column(condition.path)
        field = column.field
        if not field.filterable or field.type in ("address", "complexvalue", "encryptedstring"):
            raise ApiError("INVALID_FIELD", f"field '{field.name}' can not be filtered in a query call")
        return column

    def _compare(self, column: Column, condition: Compare) -> Predicate:
        field, get, sign = column.field, column.get, condition.operator
        if condition.literal.kind == "period":
            return self._period(column, condition)
        if sign == "LIKE":
            return _like(field, get, condition.literal)
        value = self._value(field, condition.literal)
        if sign == "=":
            return _equal(field, get, value)
        if sign == "!=":
            same = _equal(field, get, value)
            return lambda row: not same(row)
        if value is None or field.type in NO_ORDER:
            raise ApiError("INVALID_QUERY_FILTER_OPERATOR", f"invalid operator on field '{field.name}': {sign}")
        return _ordered(field, get, sign, value)

    def _in(self, column: Column, values: list[Any], negated: bool) -> Predicate:
        field, get = column.field, column.get
        if field.type == "multipicklist":
            raise ApiError("INVALID_QUERY_FILTER_OPERATOR", f"invalid operator on multipicklist field: {field.name}")
        wanted = frozenset(values)
        if folds(field):

            def inside(row: Row) -> bool:
                found = get(row)
                return (found.lower() if found is not None else None) in wanted
        else:

            def inside(row: Row) -> bool:
                return get(row) in wanted

        return (lambda row: not inside(row)) if negated else inside

    def _in_query(self, column: Column, condition: InQuery) -> Predicate:
        if column.field.type not in ("id", "reference"):
            raise ApiError("INVALID_FIELD", f"A semi join needs an id or reference field: {column.field.name}")
        values = [value for value in self._subquery(condition.query) if value is not None]
        return self._in(column, values, condition.negated)

    def _includes(self, column: Column, condition: Includes) -> Predicate:
        if column.field.type != "multipicklist":
            raise ApiError("INVALID_QUERY_FILTER_OPERATOR", f"invalid operator on field: {column.field.name}")
        get, sets, negated = column.get, condition.sets, condition.negated

        def holds(row: Row) -> bool:
            chosen = {part.lower() for part in (get(row) or "").split(";")}
            return any(wanted <= chosen for wanted in sets) is not negated

        return holds

    def _period(self, column: Column, condition: Compare) -> Predicate:
        field, get, sign = column.field, column.get, condition.operator
        if field.type not in ("date", "datetime"):
            raise _wrong_kind(field, condition.literal)
        word, number = condition.literal.value
        first, after = period(word, number, self._resolver.org.now().date())
        start, end = (
            (first.isoformat(), after.isoformat()) if field.type == "date" else (_midnight(first), _midnight(after))
        )
        tests: dict[str, Predicate] = {
            "=": lambda row: (v := get(row)) is not None and start <= v < end,
            "!=": lambda row: (v := get(row)) is None or not start <= v < end,
            "<": lambda row: (v := get(row)) is not None and v < start,
            "<=": lambda row: (v := get(row)) is not None and v < end,
            ">": lambda row: (v := get(row)) is not None and v >= end,
            ">=": lambda row: (v := get(row)) is not None and v >= start,
        }
        return tests[sign]

    def _value(self, field: Field, literal: Literal) -> Any:
        """Return the literal in the stored form of the field. Raises ApiError where the kinds do not fit."""
        if literal.kind == "null" or (literal.kind == "string" and literal.value == ""):
            return None
        if field.type in ("id", "reference"):
            return _id(field, literal)
        if field.type in NUMBER_TYPES:
            wanted = "number"
        else:
            wanted = field.type if field.type in ("boolean", "date", "datetime") else "string"
        if literal.kind != wanted:
            raise _wrong_kind(field, literal)
        return str(literal.value).lower() if wanted == "string" else literal.value


def folds(field: Field) -> bool:
    """Say whether values of the field are compared without regard to case."""
    return field.type not in NUMBER_TYPES and field.type not in ("id", "reference", "boolean", "date", "datetime")


def _midnight(day: date) -> str:
    return stamp(datetime(day.year, day.month, day.day, tzinfo=UTC))


def _wrong_kind(field: Field, literal: Literal) -> ApiError:
    kind = {"datetime": "dateTime"}.get(field.type, field.type)
    quoted = "should be enclosed in quotes" if folds(field) else "should not be enclosed in quotes"
    shown = literal.value[0] if literal.kind == "period" else literal.value
    message = f"value of filter criterion for field '{field.name}' must be of type {kind} and {quoted}: {shown}"
    return ApiError("INVALID_FIELD", message)


def _id(field: Field, literal: Literal) -> str:
    if literal.kind != "string":
        raise _wrong_kind(field, literal)
    found = canonical(str(literal.value))
    if found is None:
        raise ApiError("INVALID_QUERY_FILTER_OPERATOR", f"invalid ID field: {literal.value}")
    return found


def _equal(field: Field, get: Getter, value: Any) -> Predicate:
    if value is None:
        return lambda row: get(row) is None
    if folds(field):
        return lambda row: (v := get(row)) is not None and v.lower() == value
    return lambda row: bool(get(row) == value)


def _ordered(field: Field, get: Getter, sign: str, value: Any) -> Predicate:
    test = ORDERED[sign]
    if folds(field):
        return lambda row: (v := get(row)) is not None and bool(test(v.lower(), value))
    return lambda row: (v := get(row)) is not None and bool(test(v, value))


def _like(field: Field, get: Getter, literal: Literal) -> Predicate:
    if not folds(field) or field.type == "multipicklist":
        raise ApiError("INVALID_QUERY_FILTER_OPERATOR", f"invalid operator on {field.type} field: {field.name}")
    parts, text, at = [], str(literal.value).lower(), 0
    while at < len(text):
        char = text[at]
        if char == "\\" and at + 1 < len(text):
            at += 1
            parts.append(re.escape(text[at]))
        else:
            parts.append({"%": ".*", "_": "."}.get(char, re.escape(char)))
        at += 1
    pattern = re.compile("".join(parts), re.DOTALL)
    return lambda row: (v := get(row)) is not None and pattern.fullmatch(v.lower()) is not None
