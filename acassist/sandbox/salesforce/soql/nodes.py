"""The tree of a parsed query."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

Path = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Literal:
    """A value in a condition; `kind` is string, number, date, datetime, boolean, null or period (`LAST_N_DAYS:7`)."""

    kind: str
    value: Any


@dataclass(frozen=True, slots=True)
class Compare:
    """`path operator literal`; the operator is one of = != < <= > >= LIKE."""

    path: Path
    operator: str
    literal: Literal


@dataclass(frozen=True, slots=True)
class InList:
    """`path [NOT] IN (literals)`."""

    path: Path
    literals: tuple[Literal, ...]
    negated: bool


@dataclass(frozen=True, slots=True)
class InQuery:
    """`path [NOT] IN (SELECT …)`."""

    path: Path
    query: Query
    negated: bool


@dataclass(frozen=True, slots=True)
class Includes:
    """`path INCLUDES|EXCLUDES ('a;b', 'c')`: each entry is a set of values that must all be chosen."""

    path: Path
    sets: tuple[frozenset[str], ...]
    negated: bool


@dataclass(frozen=True, slots=True)
class Not:
    """`NOT (condition)`."""

    inner: Condition


@dataclass(frozen=True, slots=True)
class Junction:
    """Conditions joined by AND (`every`) or by OR."""

    every: bool
    parts: tuple[Condition, ...]


Condition = Compare | InList | InQuery | Includes | Not | Junction


@dataclass(frozen=True, slots=True)
class Order:
    """One term of ORDER BY; nulls come first unless NULLS LAST."""

    path: Path
    descending: bool = False
    nulls_last: bool = False


@dataclass(frozen=True, slots=True)
class Query:
    """A whole query; `count` means `SELECT COUNT()`."""

    paths: tuple[Path, ...]
    sobject: str
    where: Condition | None = None
    order: tuple[Order, ...] = ()
    limit: int | None = None
    offset: int = 0
    count: bool = False
