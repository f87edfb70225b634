"""Texts, dates, check boxes, lists and formulas between the two services."""

from dataclasses import replace
from datetime import date

import pytest

from acassist.domain.fields import (
    ALLOWED,
    STANDARD_CONTACT_FIELDS,
    ActiveCampaignField,
    FieldKind,
    PicklistValue,
    SalesforceField,
)
from acassist.domain.problem import ProblemError
from acassist.domain.problem_codes import ProblemCode
from acassist.domain.values import Codec, ValueProblem, codec_for
from tests.unit.domain.fields_for_tests import SALESFORCE, activecampaign


def pair(kind: FieldKind, ac_type: str, options: tuple[str, ...] | None = None, locale: str = "en_US") -> Codec:
    return codec_for(SALESFORCE[kind], activecampaign(ac_type, options), locale=locale)


def named(caught: pytest.ExceptionInfo[ValueProblem]) -> ProblemCode:
    return caught.value.problem.code


@pytest.mark.parametrize(("kind", "ac_type"), [(k, t) for k, types in ALLOWED.items() for t in sorted(types)])
def test_every_allowed_pair_has_a_codec_that_clears_and_reads_blank(kind: FieldKind, ac_type: str) -> None:
    codec = pair(kind, ac_type)
    assert codec.from_salesforce(None) is None
    assert codec.from_activecampaign(None) is None
    assert codec.to_activecampaign(None) == ""
    assert codec.to_salesforce(None) is (False if kind is FieldKind.CHECKBOX or ac_type == "checkbox" else None)


@pytest.mark.parametrize("field", STANDARD_CONTACT_FIELDS, ids=lambda f: f.key)
def test_standard_fields_pass_texts_through(field: ActiveCampaignField) -> None:
    kind = {"email": FieldKind.EMAIL, "phone": FieldKind.PHONE}.get(field.type, FieldKind.TEXT)
    codec = codec_for(SALESFORCE[kind], field)
    text = "Zoë@example.org" if kind is FieldKind.EMAIL else "Zoë O'Neil 🌍"
    assert codec.to_activecampaign(codec.from_salesforce(f" {text} ")) == text
    assert codec.to_salesforce(codec.from_activecampaign(text)) == text


def test_texts_are_trimmed_and_have_one_kind_of_line_end() -> None:
    codec = pair(FieldKind.TEXT_AREA, "textarea")
    assert codec.from_salesforce(" a\r\nb\rc\n ") == codec.from_activecampaign("a\nb\nc") == "a\nb\nc"
    assert codec.from_activecampaign(" \t\r\n") is None


def test_a_long_text_is_refused_with_the_limit_and_never_cut() -> None:
    codec = pair(FieldKind.TEXT, "text")
    assert codec.to_salesforce("🌍" * 60) == "🌍" * 60
    with pytest.raises(ValueProblem) as caught:
        codec.to_salesforce("x" * 61)
    assert named(caught) is ProblemCode.VALUE_TOO_LONG
    assert caught.value.problem.sentence.english() == "Nickname holds at most 60 characters. Nothing was cut."


@pytest.mark.parametrize("text", ["a\x00b", "a\x0bb", "a\ud83d", "\ufffe"])
def test_characters_that_neither_side_stores_are_named(text: str) -> None:
    codec = pair(FieldKind.TEXT, "text")
    for read in (codec.from_salesforce, codec.from_activecampaign):
        with pytest.raises(ValueProblem) as caught:
            read(text)
        assert named(caught) is ProblemCode.VALUE_NOT_TEXT


def test_the_null_mark_of_bulk_files_is_an_ordinary_text() -> None:
    codec = pair(FieldKind.TEXT, "text")
    assert codec.to_salesforce(codec.from_activecampaign("#N/A")) == "#N/A"
    assert codec.to_activecampaign(codec.from_salesforce("#N/A")) == "#N/A"


def test_a_salesforce_text_must_be_a_text() -> None:
    with pytest.raises(ValueProblem) as caught:
        pair(FieldKind.TEXT, "text").from_salesforce(5)
    assert named(caught) is ProblemCode.VALUE_NOT_TEXT


def test_rich_text_is_compared_as_it_is() -> None:
    codec = pair(FieldKind.RICH_TEXT_AREA, "textarea")
    assert codec.from_salesforce("<p>a &amp; b</p>") == "<p>a &amp; b</p>"
    assert not codec.equal("<b>a</b>", "<strong>a</strong>")


def test_addresses_are_equal_without_case_and_written_as_typed() -> None:
    codec = codec_for(SALESFORCE[FieldKind.EMAIL], STANDARD_CONTACT_FIELDS[2])
    assert codec.equal(codec.from_salesforce(" Ann@Example.ORG"), codec.from_activecampaign("ann@example.org"))
    assert codec.to_activecampaign(codec.from_salesforce(" Ann@Example.ORG")) == "Ann@Example.ORG"
    assert not codec.equal("ann@example.org", None)


def test_case_matters_in_every_other_text() -> None:
    assert not pair(FieldKind.TEXT, "text").equal("Ann", "ann")


def test_an_invalid_address_is_not_sent_to_salesforce() -> None:
    with pytest.raises(ValueProblem) as caught:
        pair(FieldKind.EMAIL, "text").to_salesforce("none yet")
    assert named(caught) is ProblemCode.SF_BAD_EMAIL


@pytest.mark.parametrize("raw", ["2026-03-01", "2026-03-01T23:30:00-05:00", "2026-03-01 00:00:00", "3/1/2026"])
def test_days_are_read_from_dates_and_moments(raw: str) -> None:
    assert pair(FieldKind.DATE, "date").from_activecampaign(raw) == "2026-03-01"


@pytest.mark.parametrize("raw", ["2026-02-29", "2026-13-01", "01.03.2026", "31/12/2026", "soon", "20260301", "1/3/26"])
def test_what_is_no_date_is_named(raw: str) -> None:
    with pytest.raises(ValueProblem) as caught:
        pair(FieldKind.DATE, "date").from_activecampaign(raw)
    assert named(caught) is ProblemCode.VALUE_NOT_DATE


def test_zeros_are_no_date() -> None:
    assert pair(FieldKind.DATE, "date").from_activecampaign("0000-00-00 00:00:00") is None


@pytest.mark.parametrize("day", ["1699-12-31", "4001-01-01"])
def test_days_that_salesforce_cannot_hold_are_named(day: str) -> None:
    with pytest.raises(ValueProblem):
        pair(FieldKind.DATE, "date").to_salesforce(day)


@pytest.mark.parametrize(("locale", "typed"), [("de_DE", "1.3.2026"), ("en_GB", "01/03/2026"), ("en_US", "03/01/2026")])
def test_a_date_held_as_text_is_read_in_the_order_of_the_locale(locale: str, typed: str) -> None:
    codec = pair(FieldKind.TEXT, "date", locale=locale)
    assert codec.from_salesforce(typed) == codec.from_activecampaign("2026-03-01") == "2026-03-01"
    assert codec.to_activecampaign(codec.from_salesforce(typed)) == "2026-03-01"


def test_a_text_that_is_no_date_cannot_feed_a_date() -> None:
    with pytest.raises(ValueProblem) as caught:
        pair(FieldKind.TEXT, "date").from_salesforce("next week")
    assert named(caught) is ProblemCode.VALUE_NOT_DATE
    assert pair(FieldKind.DATE, "date").from_salesforce(date(2026, 3, 1)) == "2026-03-01"


@pytest.mark.parametrize(
    ("raw", "ticked"), [("||true||", "true"), ("true", "true"), ("TRUE", "true"), ("", "false"), ("||||", "false")]
)
def test_check_boxes_are_read_from_their_option(raw: str, ticked: str) -> None:
    assert pair(FieldKind.CHECKBOX, "checkbox").from_activecampaign(raw) == ticked


def test_check_boxes_are_written_as_option_and_boolean() -> None:
    codec = pair(FieldKind.CHECKBOX, "checkbox")
    assert codec.to_activecampaign(codec.from_salesforce(True)) == "||true||"
    assert codec.to_activecampaign(codec.from_salesforce(False)) == ""
    assert codec.to_salesforce("true") is True
    assert codec.to_salesforce("false") is False


def test_a_blank_check_box_equals_false() -> None:
    codec = pair(FieldKind.CHECKBOX, "checkbox")
    assert codec.equal(codec.from_activecampaign(None), codec.from_salesforce(False))
    assert not codec.equal(None, "true")


@pytest.mark.parametrize("raw", ["||yes||", "||true||other||", "1"])
def test_other_options_are_neither_true_nor_blank(raw: str) -> None:
    with pytest.raises(ValueProblem) as caught:
        pair(FieldKind.CHECKBOX, "checkbox").from_activecampaign(raw)
    assert named(caught) is ProblemCode.VALUE_NOT_BOOLEAN


@pytest.mark.parametrize("raw", ["||red||blue||", "red||blue", "||blue||red||", '["red", "blue"]', "|| red ||blue||"])
def test_lists_have_no_order(raw: str) -> None:
    codec = pair(FieldKind.MULTI_PICKLIST, "listbox")
    assert codec.from_activecampaign(raw) == codec.from_salesforce("red;blue") == "blue;red"
    assert codec.to_salesforce("blue;red") == "blue;red"
    assert codec.to_activecampaign("blue;red") == "||blue||red||"


def test_a_single_choice_keeps_its_pipes() -> None:
    assert pair(FieldKind.MULTI_PICKLIST, "listbox").to_activecampaign("red") == "||red||"


def test_values_that_a_list_does_not_offer_are_named_on_either_side() -> None:
    codec = pair(FieldKind.MULTI_PICKLIST, "listbox", ("red", "pink"))
    for write, value in ((codec.to_salesforce, "pink"), (codec.to_activecampaign, "blue")):
        with pytest.raises(ValueProblem) as caught:
            write(value)
        assert named(caught) is ProblemCode.VALUE_NOT_IN_LIST


def test_separators_inside_a_choice_are_named() -> None:
    open_list = codec_for(replace(SALESFORCE[FieldKind.MULTI_PICKLIST], restricted_picklist=False),
                          activecampaign("listbox", ()))  # fmt: skip
    with pytest.raises(ValueProblem):
        open_list.from_activecampaign("||a;b||")
    with pytest.raises(ValueProblem):
        open_list.to_activecampaign("a||b")


def test_restricted_picklists_take_only_active_values() -> None:
    picks = (PicklistValue("red", "Red"), PicklistValue("old", "Old", active=False))
    codec = codec_for(replace(SALESFORCE[FieldKind.PICKLIST], picklist=picks), activecampaign("text"))
    assert codec.to_salesforce("red") == "red"
    with pytest.raises(ValueProblem) as caught:
        codec.to_salesforce("old")
    assert named(caught) is ProblemCode.VALUE_NOT_IN_LIST


def test_unrestricted_picklists_take_any_value() -> None:
    codec = codec_for(replace(SALESFORCE[FieldKind.PICKLIST], restricted_picklist=False), activecampaign("text"))
    assert codec.to_salesforce(codec.from_activecampaign("mauve")) == "mauve"


def test_labels_and_other_case_mean_the_same_picklist_value() -> None:
    picks = (PicklistValue("gold", "Gold card"),)
    codec = codec_for(
        replace(SALESFORCE[FieldKind.PICKLIST], picklist=picks), activecampaign("dropdown", ("Gold card",))
    )
    assert codec.from_activecampaign("Gold card") == codec.from_activecampaign("GOLD") == "gold"
    assert codec.to_activecampaign("gold") == "Gold card"


def test_dropdowns_take_only_their_options() -> None:
    codec = pair(FieldKind.TEXT, "dropdown", ("one", "two"))
    assert codec.from_activecampaign("||one||") == "one"
    assert codec.to_activecampaign("two") == "two"
    with pytest.raises(ValueProblem) as caught:
        codec.to_activecampaign("three")
    assert named(caught) is ProblemCode.VALUE_NOT_IN_LIST
    assert caught.value.problem.values == {"field": "Their field"}


def formula(type_: str, **rest: int) -> SalesforceField:
    return SalesforceField("F__c", "F", type_, calculated=True, updateable=False, **rest)


@pytest.mark.parametrize(
    ("field", "raw", "written"),
    [
        (formula("string", length=1300), "18-25", "18-25"),
        (formula("double", precision=18, scale=2), 33.333333333333336, "33.33"),
        (formula("percent", precision=18, scale=1), 0.25, "0.3"),
        (formula("currency", precision=18, scale=2), 1234.5, "1234.5"),
        (formula("date"), "2026-03-01", "2026-03-01"),
        (formula("datetime"), "2026-03-01T10:00:00.000+0200", "2026-03-01T08:00:00Z"),
    ],
)
def test_formulas_are_written_by_the_type_of_their_result(field: SalesforceField, raw: object, written: str) -> None:
    codec = codec_for(field, activecampaign("text"))
    canonical = codec.from_salesforce(raw)
    assert codec.to_activecampaign(canonical) == written
    assert codec.from_activecampaign(written) == canonical


def test_a_true_or_false_formula_ticks_the_check_box() -> None:
    codec = codec_for(formula("boolean"), activecampaign("checkbox"))
    assert codec.to_activecampaign(codec.from_salesforce(True)) == "||true||"


@pytest.mark.parametrize("type_", ["double", "date", "datetime", "string"])
def test_nothing_in_activecampaign_can_stop_a_formula(type_: str) -> None:
    codec = codec_for(formula(type_), activecampaign("text"))
    assert codec.from_activecampaign("typed\x00 by hand") == "typed by hand"


@pytest.mark.parametrize("type_", ["reference", "time", "datetime", "address", "base64"])
def test_types_outside_the_table_have_no_codec(type_: str) -> None:
    with pytest.raises(ProblemError) as caught:
        codec_for(SalesforceField("X", "X", type_), activecampaign("text"))
    assert caught.value.problem.code is ProblemCode.MAPPING_INVALID


def test_an_unknown_locale_is_a_mapping_that_no_longer_fits() -> None:
    with pytest.raises(ProblemError) as caught:
        pair(FieldKind.NUMBER, "text", locale="xx_QQ")
    assert caught.value.problem.code is ProblemCode.MAPPING_INVALID
