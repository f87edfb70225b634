"""Generated queries of the supported grammar, against a plain evaluation written apart from the sandbox's own."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from acassist.sandbox.salesforce.errors import ApiError
from acassist.sandbox.salesforce.org import SalesforceOrg
from acassist.sandbox.salesforce.save import Writer
from acassist.sandbox.salesforce.soql.parse import parse
from acassist.sandbox.salesforce.soql.run import Execution
from acassist.sandbox.settings import Settings
from tests.sandbox import in_process

Row = dict[str, Any]
Test = Callable[[Row], bool]
Condition = tuple[str, Test]
TEXTS = ("Anna", "anna", "ÄNNE", "änne", "Bob", "bob's", "100%", "a_b", "back\\slash", "O'Neil", "Zoë")
NUMBERS = (-3, 0, 7, 7.5, 12)
DAYS = ("2026-01-31", "2026-03-02", "2026-12-24")
CHOICES = ("Analytics", "CRM", "SMS")
LOW = str.lower
WORDS = "SELECT Id City FROM Lead WHERE = 'a' ( ) AND OR NOT , null LIMIT 3 *"


def build_org() -> tuple[SalesforceOrg, list[Row]]:
    """Return an org with 60 leads that repeat values and leave many blank, and the leads as plain rows."""
    org = in_process(Settings(seed=3), empty=True).salesforce
    writer, rng, rows = Writer(org, org.api_actor), org.rng, []
    for number in range(60):
        values: Row = {
            "LastName": rng.choice(TEXTS),
            "Company": f"C{number % 4}",
            "City": rng.choice((None, *TEXTS)),
            "Score__c": rng.choice((None, *NUMBERS)),
            "Trial_End__c": rng.choice((None, *DAYS)),
            "Newsletter__c": rng.random() < 0.5,
            "Product_Interest__c": rng.choice((None, "Analytics", "CRM;SMS", "Analytics;CRM;SMS")),
        }
        key = writer.create(org.schema.find("Lead"), values)
        rows.append({**values, "Id": key})
    return org, rows


ORG, ROWS = build_org()


def quoted(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def compared(name: str, sign: str, literal: str, value: Any, fold: Callable[[Any], Any]) -> Condition:
    def test(row: Row) -> bool:
        found = row[name]
        if value is None or sign in ("=", "!="):
            same = found is None if value is None else found is not None and fold(found) == fold(value)
            return same if sign == "=" else not same
        if found is None:
            return False
        left, right = fold(found), fold(value)
        return {"<": left < right, "<=": left <= right, ">": left > right, ">=": left >= right}[sign]

    return f"{name} {sign} {literal}", test


signs = st.sampled_from(("=", "!=", "<", "<=", ">", ">="))


@st.composite
def comparisons(draw: st.DrawFn) -> Condition:
    kind = draw(st.sampled_from(("text", "number", "day", "flag", "blank")))
    if kind == "text":
        value = draw(st.sampled_from(TEXTS))
        return compared(draw(st.sampled_from(("City", "LastName"))), draw(signs), quoted(value), value, LOW)
    if kind == "number":
        number = draw(st.sampled_from(NUMBERS))
        return compared("Score__c", draw(signs), str(number), number, float)
    if kind == "day":
        day = draw(st.sampled_from(DAYS))
        return compared("Trial_End__c", draw(signs), day, day, str)
    sign = draw(st.sampled_from(("=", "!=")))
    if kind == "flag":
        flag = draw(st.booleans())
        return compared("Newsletter__c", sign, str(flag).upper(), flag, bool)
    name = draw(st.sampled_from(("City", "Score__c", "Trial_End__c")))
    return compared(name, sign, "null", None, str)


@st.composite
def lists(draw: st.DrawFn) -> Condition:
    values = draw(st.lists(st.sampled_from((None, *TEXTS)), min_size=1, max_size=3))
    negated = draw(st.booleans())
    wanted = {value.lower() if value else None for value in values}
    text = ", ".join("null" if value is None else quoted(value) for value in values)

    def test(row: Row) -> bool:
        found = row["City"]
        return ((found.lower() if found else None) in wanted) is not negated

    return f"City {'NOT IN' if negated else 'IN'} ({text})", test


@st.composite
def patterns(draw: st.DrawFn) -> Condition:
    parts = draw(st.lists(st.sampled_from(("%", "_", "a", "B", "n", "\\%", "\\_", "Ä")), min_size=1, max_size=4))
    expression = "".join({"%": ".*", "_": ".", "\\%": "%", "\\_": "_"}.get(p, re.escape(p.lower())) for p in parts)

    def test(row: Row) -> bool:
        return row["City"] is not None and re.fullmatch(expression, row["City"].lower(), re.DOTALL) is not None

    return f"City LIKE '{''.join(parts)}'", test


@st.composite
def choices(draw: st.DrawFn) -> Condition:
    sets = draw(st.lists(st.sets(st.sampled_from(CHOICES), min_size=1), min_size=1, max_size=2))
    negated = draw(st.booleans())
    text = ", ".join(quoted(";".join(sorted(chosen))) for chosen in sets)

    def test(row: Row) -> bool:
        chosen = set((row["Product_Interest__c"] or "").split(";"))
        return any(wanted <= chosen for wanted in sets) is not negated

    return f"Product_Interest__c {'EXCLUDES' if negated else 'INCLUDES'} ({text})", test


def joined(parts: list[Condition], word: str) -> Condition:
    combine = all if word == "AND" else any
    return f" {word} ".join(f"({text})" for text, _ in parts), lambda row: combine(test(row) for _, test in parts)


def negated(inner: Condition) -> Condition:
    return f"NOT ({inner[0]})", lambda row: not inner[1](row)


leaves = comparisons() | lists() | patterns() | choices()
conditions = st.recursive(
    leaves,
    lambda inner: (
        st.builds(joined, st.lists(inner, min_size=2, max_size=3), st.sampled_from(("AND", "OR")))
        | st.builds(negated, inner)
    ),
    max_leaves=8,
)


def run(text: str) -> list[str]:
    return Execution(ORG, ORG.api_actor, parse(text), deleted=False, tooling=False).ids


@settings(max_examples=400, deadline=None)
@given(conditions)
def test_a_condition_finds_the_rows_that_it_describes(condition: Condition) -> None:
    text, test = condition
    expected = sorted(row["Id"] for row in ROWS if test(row))
    assert run(f"SELECT Id FROM Lead WHERE {text}") == expected


@settings(max_examples=200, deadline=None)
@given(
    st.sampled_from(("City", "Score__c", "Trial_End__c", "Id")),
    st.booleans(),
    st.booleans(),
    st.integers(0, 70),
    st.integers(0, 70),
)
def test_order_limit_and_offset(name: str, descending: bool, last: bool, limit: int, offset: int) -> None:
    def rank(row: Row) -> Any:
        value = row[name]
        return value.lower() if name == "City" and value else value

    filled = sorted((row for row in ROWS if row[name] is not None), key=lambda row: str(row["Id"]))
    filled.sort(key=rank, reverse=descending)
    blank = sorted((row for row in ROWS if row[name] is None), key=lambda row: str(row["Id"]))
    ordered = [row["Id"] for row in (filled + blank if last else blank + filled)]
    direction = f"{'DESC' if descending else 'ASC'} NULLS {'LAST' if last else 'FIRST'}"
    text = f"SELECT Id FROM Lead ORDER BY {name} {direction} LIMIT {limit} OFFSET {offset}"
    assert run(text) == ordered[offset : offset + limit]


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(WORDS.split()), max_size=9))
def test_words_in_any_order_are_answered_or_refused_but_never_crash(words: list[str]) -> None:
    found: list[str] = []
    with contextlib.suppress(ApiError):
        found = run("SELECT Id FROM Lead " + " ".join(words))
    assert set(found) <= {row["Id"] for row in ROWS}
