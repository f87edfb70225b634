"""Turns a selection and its criteria into a WHERE clause, typed by what describe says of each field (rule 1.2)."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta

from acassist.domain.fields import STATUS_FIELD_LABEL, ObjectDescription, SalesforceField, SyncFields
from acassist.domain.ids import SObject, to18
from acassist.domain.selection import (
    OPERATOR_LABELS,
    Criteria,
    Criterion,
    Join,
    Operator,
    Selection,
    SelectionKind,
    operators_for,
)
from acassist.domain.text import N_, Message
from acassist.salesforce.soql import LONGEST_LITERAL, all_of, datetime_literal, in_list, like, quote

# The status field says so when a record was marked; older material shortens it (integration_behaviour A6).
MARKED = ("Waiting for next sync", "Waiting for sync")
_UNUSABLE = {"address", "location", "base64", "time", "anyType", "complexvalue", "encryptedstring"}
_COMPARE = {
    Operator.EQUALS: "=",
    Operator.NOT_EQUALS: "!=",
    Operator.LESS: "<",
    Operator.LESS_OR_EQUAL: "<=",
    Operator.GREATER: ">",
    Operator.GREATER_OR_EQUAL: ">=",
}
_BLANK = {Operator.IS_BLANK: "=", Operator.IS_NOT_BLANK: "!="}
_INTEGER = re.compile(r"[+-]?\d{1,18}")
_DECIMAL = re.compile(r"[+-]?\d{1,18}(?:\.\d{1,18})?")


class CriteriaError(ValueError):
    """A row that cannot be asked for; `message` says why in the user's words."""

    def __init__(self, message: Message) -> None:
        super().__init__(message.text)
        self.message = message


def _fail(text: str, field: SalesforceField | str, **values: object) -> CriteriaError:
    label = field if isinstance(field, str) else field.label
    return CriteriaError(Message(text, {"field": label, **values}))


def _whole_number(text: str) -> str | None:
    return str(int(text)) if _INTEGER.fullmatch(text) else None


def _number(text: str) -> str | None:
    return text.removeprefix("+") if _DECIMAL.fullmatch(text) else None


def _truth(text: str) -> str | None:
    return text.casefold() if text.casefold() in {"true", "false"} else None


def _date(text: str) -> str | None:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        return None


def _record_id(text: str) -> str | None:
    try:
        return quote(to18(text))
    except ValueError:
        return None


_LITERALS: dict[str, tuple[Callable[[str], str | None], str]] = {
    "int": (_whole_number, N_("{field} needs a whole number.")),
    "long": (_whole_number, N_("{field} needs a whole number.")),
    "double": (_number, N_("{field} needs a number, written with a dot, such as 1234.56.")),
    "currency": (_number, N_("{field} needs a number, written with a dot, such as 1234.56.")),
    "percent": (_number, N_("{field} needs a number, written with a dot, such as 1234.56.")),
    "boolean": (_truth, N_("{field} can only be true or false.")),
    "date": (_date, N_("{field} needs a date, written as year-month-day, such as 2026-11-24.")),
    "reference": (_record_id, N_("{field} needs a Salesforce id of 15 or 18 characters.")),
    "id": (_record_id, N_("{field} needs a Salesforce id of 15 or 18 characters.")),
}


def where(criteria: Criteria, description: ObjectDescription) -> str:
    """Return the condition of all rows; raises CriteriaError for the first row that does not fit its field."""
    if not criteria.rows:
        raise CriteriaError(Message(N_("Add at least one criterion.")))
    conditions = [condition(row, description) for row in criteria.rows]
    joiner = " AND " if criteria.join is Join.AND else " OR "
    return conditions[0] if len(conditions) == 1 else joiner.join(f"({one})" for one in conditions)


def condition(row: Criterion, description: ObjectDescription) -> str:
    """Return the condition of one row; raises CriteriaError when it does not fit its field."""
    field = description.field(row.field)
    if field is None:
        raise _fail(N_("The field {field} does not exist in Salesforce or is hidden."), row.field)
    if not field.filterable or field.type in _UNUSABLE:
        raise _fail(N_("Salesforce cannot search by {field}."), field)
    if row.operator not in operators_for(field.type):
        operator = Message(OPERATOR_LABELS[row.operator])
        raise _fail(N_("{field} cannot be compared with {operator}."), field, operator=operator)
    if row.operator in _BLANK:
        return f"{field.name} {_BLANK[row.operator]} null"
    value = row.value.strip()
    if not value:
        raise _fail(N_("Enter a value for {field}, or choose is blank."), field)
    if len(value) > LONGEST_LITERAL:
        raise _fail(N_("The value for {field} is too long."), field)
    return _typed(field, row.operator, value)


def _typed(field: SalesforceField, operator: Operator, value: str) -> str:
    if field.type == "datetime":
        return _moment(field, operator, value)
    if field.type == "multipicklist":
        word = "INCLUDES" if operator is Operator.INCLUDES else "EXCLUDES"
        return f"{field.name} {word} {in_list(part.strip() for part in value.split(';') if part.strip())}"
    if field.type in _LITERALS:
        read, complaint = _LITERALS[field.type]
        literal = read(value)
        if literal is None:
            raise _fail(complaint, field)
        return f"{field.name} {_COMPARE[operator]} {literal}"
    return _text(field.name, operator, value)


def _text(name: str, operator: Operator, value: str) -> str:
    if operator is Operator.CONTAINS:
        return f"{name} LIKE {like(value)}"
    if operator is Operator.NOT_CONTAINS:
        return f"(NOT {name} LIKE {like(value)})"
    if operator is Operator.STARTS_WITH:
        return f"{name} LIKE {like(value, before='')}"
    return f"{name} {_COMPARE[operator]} {quote(value)}"


def _moment(field: SalesforceField, operator: Operator, value: str) -> str:
    """Compare a date-time; a value without a time means the whole day in UTC."""
    name = field.name
    try:
        if len(value) <= 10:
            start = datetime.combine(date.fromisoformat(value), time(), UTC)
            return _whole_day(name, operator, start)
        moment = datetime.fromisoformat(value)
    except ValueError:
        raise _fail(N_("{field} needs a date, written as year-month-day, such as 2026-11-24."), field) from None
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return f"{name} {_COMPARE[operator]} {datetime_literal(aware)}"


def _whole_day(name: str, operator: Operator, start: datetime) -> str:
    first = datetime_literal(start)
    following = datetime_literal(start + timedelta(days=1))
    return {
        Operator.EQUALS: f"({name} >= {first} AND {name} < {following})",
        Operator.NOT_EQUALS: f"({name} < {first} OR {name} >= {following})",
        Operator.LESS: f"{name} < {first}",
        Operator.LESS_OR_EQUAL: f"{name} < {following}",
        Operator.GREATER: f"{name} >= {following}",
        Operator.GREATER_OR_EQUAL: f"{name} >= {first}",
    }[operator]


def selection_where(selection: Selection, description: ObjectDescription, sync_fields: SyncFields) -> str | None:
    """Return the WHERE clause of a selection, None when nothing is selected.

    Converted leads are never selected: Salesforce refuses changes to them. Raises CriteriaError when the selection
    cannot be asked for.
    """
    if selection.kind is SelectionKind.NONE:
        return None
    chosen = _chosen(selection, description, sync_fields)
    open_leads = "IsConverted = false" if description.sobject == SObject.LEAD and description.has("IsConverted") else ""
    return all_of([chosen, open_leads])


def _chosen(selection: Selection, description: ObjectDescription, sync_fields: SyncFields) -> str:
    if selection.kind is SelectionKind.NEW:
        if selection.since is None:
            raise CriteriaError(Message(N_("New records are selected from the moment this choice is saved.")))
        return f"CreatedDate >= {datetime_literal(selection.since)}"
    if selection.kind is SelectionKind.MARKED:
        if sync_fields.status is None:
            raise _fail(N_("The field {field} does not exist in Salesforce or is hidden."), STATUS_FIELD_LABEL)
        return f"{sync_fields.status} IN {in_list(MARKED)}"
    return where(selection.criteria, description)
