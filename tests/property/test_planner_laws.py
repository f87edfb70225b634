"""Laws of the planner for every pair of several fields: nothing lost, nothing twice, no field in another's way."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from acassist.domain.fields import STANDARD_CONTACT_FIELDS, ActiveCampaignField, SalesforceField
from acassist.domain.ids import Service, SObject
from acassist.domain.ledger import Link
from acassist.domain.mapping import ConflictRule, Direction, FieldMapping, UpdateRule
from acassist.domain.merge import Base, FirstLinkChoice
from acassist.domain.record import ActiveCampaignContact, SalesforceRecord
from acassist.domain.values import codec_for
from acassist.domain.values_problem import ValueProblem
from acassist.sync.plan import Pair, PairPlan, creation_values, plan_pair, record_values
from acassist.sync.schema import MappedField

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
NAME = next(f for f in STANDARD_CONTACT_FIELDS if f.key == "firstName")
MONEY = ActiveCampaignField("field:1", "Annual budget", "text")
DAY = ActiveCampaignField("field:2", "Trial ends", "date")
KINDS: tuple[tuple[ActiveCampaignField, str, str, list[Any], list[str]], ...] = (
    (NAME, "FirstName", "string", [None, "Ann", "Bo", " Ann "], ["", "Ann", "Bo", "Cy"]),
    (MONEY, "Budget__c", "currency", [None, 5.0, 1000.5], ["", "5", "$1,000.50", "about 10k", "1,234"]),
    (DAY, "Trial__c", "date", [None, "2026-03-01", "2026-04-01"], ["", "2026-03-01", "2026-04-01", "soon"]),
)


@st.composite
def fields(draw: st.DrawFn) -> tuple[MappedField, ...]:
    made = []
    for ac, name, kind, _, _ in KINDS:
        sf = SalesforceField(name, name, kind, length=40, precision=18, scale=2)
        options = {
            "direction": draw(st.sampled_from(Direction)),
            "update": draw(st.sampled_from(UpdateRule)),
            "conflict": draw(st.sampled_from(ConflictRule)),
            "copy_blanks": draw(st.booleans()),
        }
        made.append(MappedField(FieldMapping(ac.key, name, **options), sf, ac, codec_for(sf, ac, locale="en_US")))
    return tuple(made)


@st.composite
def pairs(draw: st.DrawFn, *, primary: bool | None = None) -> Pair:
    minutes = st.integers(0, 20).map(lambda n: NOON + timedelta(minutes=n))
    left = {name: draw(st.sampled_from(sf)) for _, name, _, sf, _ in KINDS}
    right = {ac.key: draw(st.sampled_from(there)) for ac, _, _, _, there in KINDS}
    sides = [None, "Ann", "5", "2026-03-01"]
    base = {
        f"{ac.key}~{name}": Base(draw(st.sampled_from(sides)), draw(st.sampled_from(sides)))
        for ac, name, *_ in KINDS
        if draw(st.booleans())
    }
    stamps = {key: draw(minutes) for key in right if draw(st.booleans())}
    record = SalesforceRecord(SObject.LEAD, "00Q1", draw(minutes), left)
    contact = ActiveCampaignContact("1", "ann@x.example", draw(minutes), values=right, stamps=stamps)
    link = Link(SObject.LEAD, "00Q1", "1", "ann@x.example", id=1, base=base)
    return Pair(record, contact, link, primary=draw(st.booleans()) if primary is None else primary)


choices = st.dictionaries(
    st.sampled_from([f"{ac.key}~{name}" for ac, name, *_ in KINDS]), st.sampled_from(FirstLinkChoice)
)


def sides(field: MappedField, pair: Pair) -> tuple[str | None, str | None] | None:
    """Return what a field means on both sides, None when a value cannot be read."""
    try:
        left = field.codec.from_salesforce(pair.sf.fields[field.sf.name])
        return left, field.codec.from_activecampaign(pair.ac.values[field.ac.key])
    except ValueProblem:
        return None


def carried_out(plan: PairPlan, pair: Pair) -> Pair:
    """Return the pair after the writes of a plan were made and its base was stored."""
    left, right = dict(pair.sf.fields), dict(pair.ac.values)
    for change in plan.changes:
        if change.target is Service.SALESFORCE:
            left[change.field.sf.name] = change.written
        else:
            right[change.field.ac.key] = change.written
    link = replace(pair.link, base=dict(plan.base)) if pair.link else None
    return replace(pair, sf=replace(pair.sf, fields=left), ac=replace(pair.ac, values=right), link=link)


@given(fields(), pairs(), choices)
def test_what_one_side_typed_is_never_overwritten_by_the_plan(
    rows: tuple[MappedField, ...], pair: Pair, chosen: dict[str, FirstLinkChoice]
) -> None:
    plan = plan_pair(rows, pair, chosen)
    for change in plan.changes:
        base, values = (pair.link.base if pair.link else {}).get(change.field.key), sides(change.field, pair)
        if base is None or values is None:
            continue
        typed_here, typed_there = values[0] != base.salesforce, values[1] != base.activecampaign
        if typed_here != typed_there:
            assert change.target is (Service.ACTIVECAMPAIGN if typed_here else Service.SALESFORCE)


@given(fields(), pairs(), choices)
def test_a_plan_that_was_carried_out_plans_no_second_write(
    rows: tuple[MappedField, ...], pair: Pair, chosen: dict[str, FirstLinkChoice]
) -> None:
    once = plan_pair(rows, pair, chosen)
    assert plan_pair(rows, carried_out(once, pair), chosen).changes == ()


@given(fields(), pairs(), choices)
def test_a_field_is_planned_the_same_whatever_else_is_mapped(
    rows: tuple[MappedField, ...], pair: Pair, chosen: dict[str, FirstLinkChoice]
) -> None:
    whole = plan_pair(rows, pair, chosen)
    alone = [plan_pair((row,), pair, chosen) for row in rows]
    assert whole.changes == tuple(c for p in alone for c in p.changes)
    assert whole.questions == tuple(q for p in alone for q in p.questions)
    assert [p.field.key for p in whole.problems] == [t.field.key for p in alone for t in p.problems]
    assert dict(whole.base) == {key: base for p in alone for key, base in p.base.items()}


@given(fields(), pairs(), choices, st.sampled_from(Service))
def test_a_write_that_was_dropped_is_planned_again(
    rows: tuple[MappedField, ...], pair: Pair, chosen: dict[str, FirstLinkChoice], target: Service
) -> None:
    whole = plan_pair(rows, pair, chosen)
    kept = whole.without(target)
    assert kept.held_back is bool(whole.writes(target))
    again = plan_pair(rows, carried_out(kept, pair), chosen)
    assert [(c.field.key, c.after) for c in again.changes] == [(c.field.key, c.after) for c in whole.writes(target)]


@given(fields(), pairs(), choices)
def test_a_value_that_cannot_be_read_is_a_named_problem_and_leaves_its_field_alone(
    rows: tuple[MappedField, ...], pair: Pair, chosen: dict[str, FirstLinkChoice]
) -> None:
    plan = plan_pair(rows, pair, chosen)
    for row in rows:
        if sides(row, pair) is None:
            assert [p.problem.code.value.startswith("value_") for p in plan.problems if p.field == row] == [True]
            assert [c for c in plan.changes if c.field == row] == []
            assert plan.base.get(row.key) == (pair.link.base if pair.link else {}).get(row.key)


@given(fields(), pairs(primary=False), choices)
def test_a_secondary_twin_never_writes_to_activecampaign(
    rows: tuple[MappedField, ...], pair: Pair, chosen: dict[str, FirstLinkChoice]
) -> None:
    assert plan_pair(rows, pair, chosen).writes(Service.ACTIVECAMPAIGN) == ()


@given(fields(), pairs())
def test_a_new_record_or_contact_gets_only_what_its_mapping_may_write(
    rows: tuple[MappedField, ...], pair: Pair
) -> None:
    sent, _ = creation_values(rows, pair.sf)
    made, _ = record_values(rows, pair.ac)
    for row in rows:
        barred = row.mapping.update is UpdateRule.NEVER
        assert not (row.ac.key in sent and (barred or row.mapping.direction is Direction.TO_SALESFORCE))
        assert not (row.sf.name in made and (barred or row.mapping.direction is Direction.TO_ACTIVECAMPAIGN))
        if row.ac.key in sent:
            back = row.codec.from_activecampaign(sent[row.ac.key])
            assert back == row.codec.from_salesforce(pair.sf.fields[row.sf.name])
