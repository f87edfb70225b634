"""The planner is a pure function of base, both sides and the mapping."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from acassist.domain.fields import STANDARD_CONTACT_FIELDS, ActiveCampaignField, SalesforceField
from acassist.domain.ids import Service, SObject
from acassist.domain.ledger import Link
from acassist.domain.mapping import FieldMapping
from acassist.domain.merge import Base, Rule
from acassist.domain.record import ActiveCampaignContact, SalesforceRecord
from acassist.domain.values import codec_for
from acassist.sync.plan import Pair, PairPlan, creation_values, plan_pair, record_values
from acassist.sync.schema import MappedField

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
FIRST = next(f for f in STANDARD_CONTACT_FIELDS if f.key == "firstName")
BUDGET = ActiveCampaignField("field:1", "Annual budget", "text")
BOX = ActiveCampaignField("field:2", "Newsletter", "checkbox", options=("true",))


def row(ac: ActiveCampaignField, name: str, kind: str, **options: Any) -> MappedField:
    sf = SalesforceField(name, name, kind, length=40, precision=18, scale=2, createable=True, updateable=True)
    return MappedField(FieldMapping(ac.key, name, **options), sf, ac, codec_for(sf, ac, locale="en_US"))


NAME = row(FIRST, "FirstName", "string")
MONEY = row(BUDGET, "Budget__c", "currency")
TICK = row(BOX, "News__c", "boolean")


def plan(
    fields: tuple[MappedField, ...],
    sf: Mapping[str, Any],
    ac: Mapping[str, str],
    base: Mapping[str, Base] | None = None,
    *,
    primary: bool = True,
) -> PairPlan:
    record = SalesforceRecord(SObject.LEAD, "00Q1", NOON, sf)
    contact = ActiveCampaignContact("1", "ann@x.example", NOON, values=ac)
    link = None if base is None else Link(SObject.LEAD, "00Q1", "1", "ann@x.example", id=1, base=base)
    return plan_pair(fields, Pair(record, contact, link, primary=primary))


def agreed(value: str | None) -> Base:
    return Base(value, value)


def test_equal_sides_plan_nothing_and_become_the_base() -> None:
    made = plan((NAME,), {"FirstName": "Ann"}, {"firstName": "Ann"})
    assert made.quiet
    assert made.base == {NAME.key: agreed("Ann")}


def test_an_edit_on_one_side_is_written_to_the_other_with_what_it_replaces() -> None:
    made = plan((NAME,), {"FirstName": "Anna"}, {"firstName": "Ann"}, {NAME.key: agreed("Ann")})
    [change] = made.changes
    assert (change.target, change.before, change.after) == (Service.ACTIVECAMPAIGN, "Ann", "Anna")
    assert made.base == {NAME.key: agreed("Anna")}


def test_dropping_the_writes_to_one_side_keeps_the_base_so_that_they_come_again() -> None:
    made = plan((NAME,), {"FirstName": "Anna"}, {"firstName": "Ann"}, {NAME.key: agreed("Ann")})
    kept = made.without(Service.ACTIVECAMPAIGN)
    assert kept.changes == ()
    assert kept.held_back
    assert kept.base == {NAME.key: agreed("Ann")}


def test_dropping_a_write_without_a_base_leaves_no_base() -> None:
    made = plan((NAME,), {"FirstName": "Ann"}, {"firstName": ""})
    assert [c.rule for c in made.changes] == [Rule.FILLED_BLANK]
    assert made.without(Service.ACTIVECAMPAIGN).base == {}


def test_a_value_that_does_not_fit_leaves_its_field_alone_and_the_others_go_on() -> None:
    before = {NAME.key: agreed("Ann"), MONEY.key: agreed("5")}
    made = plan((MONEY, NAME), {"FirstName": "Ann", "Budget__c": 5}, {"firstName": "Anna", "field:1": "lots"}, before)
    assert [p.field.key for p in made.problems] == [MONEY.key]
    assert [c.field.key for c in made.changes] == [NAME.key]
    assert made.base[MONEY.key] == agreed("5")


def test_a_box_that_was_never_filled_is_no_edit() -> None:
    before = {TICK.key: Base("true", None)}
    assert plan((TICK,), {"News__c": True}, {}, before).quiet


def test_a_value_that_is_missing_now_was_emptied_when_both_sides_had_it() -> None:
    filled = row(FIRST, "FirstName", "string", copy_blanks=True)
    [change] = plan((filled,), {"FirstName": "Ann"}, {}, {filled.key: agreed("Ann")}).changes
    assert (change.target, change.after) == (Service.SALESFORCE, None)


def test_an_edit_of_a_secondary_twin_is_asked_and_keeps_the_base() -> None:
    before = {NAME.key: agreed("Ann")}
    made = plan((NAME,), {"FirstName": "Anna"}, {"firstName": "Ann"}, before, primary=False)
    assert made.changes == ()
    assert [q.rule for q in made.questions] == [Rule.SECONDARY_TWIN]
    assert made.base == before


def test_planning_twice_gives_the_same_plan() -> None:
    arguments = ((NAME, MONEY), {"FirstName": "Anna", "Budget__c": 7}, {"firstName": "Ann", "field:1": "5"})
    assert plan(*arguments, {NAME.key: agreed("Ann")}) == plan(*arguments, {NAME.key: agreed("Ann")})


def test_a_new_contact_gets_the_filled_values_that_may_go_there() -> None:
    record = SalesforceRecord(SObject.LEAD, "00Q1", NOON, {"FirstName": "Ann", "Budget__c": None})
    barred = row(BUDGET, "Budget__c", "currency", direction="to_salesforce")
    values, problems = creation_values((NAME, barred), record)
    assert (values, problems) == ({"firstName": "Ann"}, ())


def test_a_new_record_gets_the_filled_values_and_names_those_that_do_not_fit() -> None:
    contact = ActiveCampaignContact("1", "ann@x.example", NOON, values={"firstName": "Ann", "field:1": "lots"})
    values, problems = record_values((NAME, MONEY), contact)
    assert values == {"FirstName": "Ann"}
    assert [p.field.key for p in problems] == [MONEY.key]


LATER = NOON + timedelta(hours=2)


def conflict(
    sf: Mapping[str, Any], *, ac_at: datetime = NOON, sf_at: datetime = LATER, own: datetime | None = None
) -> PairPlan:
    """Plan a pair whose budgets both changed, with their stamps."""
    record = SalesforceRecord(SObject.LEAD, "00Q1", sf_at, {"FirstName": "Ann", **sf})
    values = {"firstName": "Ann", "field:1": "3"}
    contact = ActiveCampaignContact("1", "ann@x.example", ac_at, values=values, stamps={"field:1": ac_at})
    base = {NAME.key: agreed("Ann"), MONEY.key: agreed("1")}
    link = Link(SObject.LEAD, "00Q1", "1", "ann@x.example", id=1, base=base, own_sf_stamp=own)
    return plan_pair((NAME, MONEY), Pair(record, contact, link))


def test_the_stamp_of_a_record_counts_for_the_one_field_that_was_edited() -> None:
    [change] = conflict({"Budget__c": 2}).changes
    assert change.rule is Rule.SALESFORCE_NEWER


def test_a_stamp_that_another_edited_field_may_have_moved_does_not_let_salesforce_win() -> None:
    made = conflict({"Budget__c": 2, "FirstName": "Anna"})
    assert [c.field for c in made.changes] == [NAME]
    assert [q.rule for q in made.questions] == [Rule.CONFLICT]


def test_a_stamp_of_our_own_write_does_not_let_salesforce_win() -> None:
    assert [q.rule for q in conflict({"Budget__c": 2}, own=LATER).questions] == [Rule.CONFLICT]
    assert not conflict({"Budget__c": 2}, own=NOON).questions


def test_a_change_in_activecampaign_after_the_last_stamp_of_the_record_is_newer_for_certain() -> None:
    made = conflict({"Budget__c": 2, "FirstName": "Anna"}, ac_at=LATER, sf_at=NOON, own=LATER)
    assert Rule.ACTIVECAMPAIGN_NEWER in {c.rule for c in made.changes}
