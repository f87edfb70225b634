"""Outbound selection: which leads and contacts are sent to ActiveCampaign (rule 1.2)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from acassist.domain.text import N_


class SelectionKind(StrEnum):
    """The four choices of the article."""

    NONE = "none"
    NEW = "new"
    MARKED = "marked"
    CRITERIA = "criteria"


class Operator(StrEnum):
    """Comparison of one criteria row."""

    EQUALS = "equals"
    NOT_EQUALS = "not_equals"
    LESS = "less"
    LESS_OR_EQUAL = "less_or_equal"
    GREATER = "greater"
    GREATER_OR_EQUAL = "greater_or_equal"
    CONTAINS = "contains"
    NOT_CONTAINS = "not_contains"
    STARTS_WITH = "starts_with"
    INCLUDES = "includes"
    EXCLUDES = "excludes"
    IS_BLANK = "is_blank"
    IS_NOT_BLANK = "is_not_blank"


OPERATOR_LABELS = {
    Operator.EQUALS: N_("equals"),
    Operator.NOT_EQUALS: N_("does not equal"),
    Operator.LESS: N_("is less than"),
    Operator.LESS_OR_EQUAL: N_("is at most"),
    Operator.GREATER: N_("is greater than"),
    Operator.GREATER_OR_EQUAL: N_("is at least"),
    Operator.CONTAINS: N_("contains"),
    Operator.NOT_CONTAINS: N_("does not contain"),
    Operator.STARTS_WITH: N_("starts with"),
    Operator.INCLUDES: N_("includes"),
    Operator.EXCLUDES: N_("excludes"),
    Operator.IS_BLANK: N_("is blank"),
    Operator.IS_NOT_BLANK: N_("is not blank"),
}
_BLANKNESS = (Operator.IS_BLANK, Operator.IS_NOT_BLANK)
_TEXT = (
    Operator.EQUALS,
    Operator.NOT_EQUALS,
    Operator.CONTAINS,
    Operator.NOT_CONTAINS,
    Operator.STARTS_WITH,
    *_BLANKNESS,
)
_ORDERED = (
    Operator.EQUALS,
    Operator.NOT_EQUALS,
    Operator.LESS,
    Operator.LESS_OR_EQUAL,
    Operator.GREATER,
    Operator.GREATER_OR_EQUAL,
    *_BLANKNESS,
)
_BY_TYPE: dict[str, tuple[Operator, ...]] = {
    "boolean": (Operator.EQUALS,),
    "multipicklist": (Operator.INCLUDES, Operator.EXCLUDES, *_BLANKNESS),
    "reference": (Operator.EQUALS, Operator.NOT_EQUALS, *_BLANKNESS),
    "id": (Operator.EQUALS, Operator.NOT_EQUALS),
}
_ORDERED_TYPES = {"int", "double", "currency", "percent", "date", "datetime", "long"}


def operators_for(field_type: str) -> tuple[Operator, ...]:
    """List the operators that make sense for a describe type."""
    if field_type in _BY_TYPE:
        return _BY_TYPE[field_type]
    return _ORDERED if field_type in _ORDERED_TYPES else _TEXT


@dataclass(frozen=True, slots=True)
class Criterion:
    """One row: field, operator, value; `value` is text as typed, dates ISO, numbers with a dot."""

    field: str
    operator: Operator
    value: str = ""


class Join(StrEnum):
    """How rows are joined."""

    AND = "and"
    OR = "or"


@dataclass(frozen=True, slots=True)
class Criteria:
    """Rows joined by AND or OR."""

    rows: tuple[Criterion, ...] = ()
    join: Join = Join.AND


@dataclass(frozen=True, slots=True)
class Selection:
    """The choice for one object; `since` is server time at the moment the choice "new" was saved."""

    kind: SelectionKind = SelectionKind.NONE
    criteria: Criteria = field(default_factory=Criteria)
    since: datetime | None = None
