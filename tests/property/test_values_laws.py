"""Every allowed pair: a value makes the round trip unchanged or meets a named problem."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from acassist.domain.email import valid_email
from acassist.domain.fields import ALLOWED, FieldKind
from acassist.domain.problem_codes import ProblemCode
from acassist.domain.values import Codec, ValueProblem, codec_for
from tests.unit.domain.fields_for_tests import COLOURS, SALESFORCE, activecampaign

PAIRS = [(kind, ac_type) for kind, types in ALLOWED.items() for ac_type in sorted(types)]
LOCALES = ("en_US", "de_DE", "de_CH", "fr_FR", "en_IN", "sv_SE", "ar_EG", "pt_BR")
NAMED = {code for code in ProblemCode if code.value.startswith("value_")} | {ProblemCode.SF_BAD_EMAIL}
texts = st.text(max_size=80) | st.text("0123456789.,-' €$%()\u00a0|;", max_size=20) | st.sampled_from(COLOURS)
json_values = st.none() | st.booleans() | st.integers() | st.floats() | texts | st.dates().map(date.isoformat)
every_pair = pytest.mark.parametrize(("kind", "ac_type"), PAIRS)


def codec(kind: FieldKind, ac_type: str, locale: str = "en_US") -> Codec:
    return codec_for(SALESFORCE[kind], activecampaign(ac_type), locale=locale)


def named(problem: ValueProblem) -> None:
    assert problem.problem.code in NAMED
    assert set(problem.problem.values) <= {"field", "limit"}


@every_pair
@given(raw=texts | st.none(), locale=st.sampled_from(LOCALES))
@example(raw="||", locale="en_US")
@example(raw="\ud800", locale="en_US")
def test_from_activecampaign_and_back_or_a_named_problem(
    kind: FieldKind, ac_type: str, raw: str | None, locale: str
) -> None:
    it = codec(kind, ac_type, locale)
    try:
        value = it.from_activecampaign(raw)
        back = it.from_activecampaign(it.to_activecampaign(value))
    except ValueProblem as problem:
        named(problem)
        return
    assert it.equal(value, back)
    assert it.to_activecampaign(back) == it.to_activecampaign(value)


@every_pair
@given(raw=json_values, locale=st.sampled_from(LOCALES))
@example(raw=-(10**28) - 1, locale="en_US")
@example(raw=6e-69, locale="en_US")
def test_from_salesforce_to_activecampaign_and_back_or_a_named_problem(
    kind: FieldKind, ac_type: str, raw: object, locale: str
) -> None:
    it = codec(kind, ac_type, locale)
    try:
        value = it.from_salesforce(raw)
        there = it.to_activecampaign(value)
    except ValueProblem as problem:
        named(problem)
        return
    assert it.equal(it.from_activecampaign(there), value)


@every_pair
@given(raw=texts | st.none(), locale=st.sampled_from(LOCALES))
def test_from_activecampaign_to_salesforce_and_back_or_a_named_problem(
    kind: FieldKind, ac_type: str, raw: str | None, locale: str
) -> None:
    it = codec(kind, ac_type, locale)
    try:
        value = it.from_activecampaign(raw)
        there = it.to_salesforce(value)
    except ValueProblem as problem:
        named(problem)
        return
    assert it.equal(it.from_salesforce(there), value)


@every_pair
@given(a=texts, b=texts)
def test_equality_is_reflexive_and_symmetric(kind: FieldKind, ac_type: str, a: str, b: str) -> None:
    it = codec(kind, ac_type)
    assert it.equal(a, a)
    assert it.equal(a, b) == it.equal(b, a)


@given(
    number=st.decimals(-(10**15), 10**15, allow_nan=False, allow_infinity=False, places=2),
    locale=st.sampled_from(LOCALES),
)
def test_every_amount_that_salesforce_holds_reaches_activecampaign_and_returns(number: Decimal, locale: str) -> None:
    money = codec(FieldKind.CURRENCY, "text", locale)
    value = money.from_salesforce(str(number))
    assert value is not None
    assert Decimal(value) == number
    assert money.from_activecampaign(money.to_activecampaign(value)) == value
    assert Decimal(str(money.to_salesforce(value))) == number


@given(
    whole=st.integers(0, 10**12), cents=st.integers(0, 99), locale=st.sampled_from(["en_US", "de_DE", "fr_FR", "de_CH"])
)
def test_a_grouped_amount_with_cents_is_read_as_its_locale_means_it(whole: int, cents: int, locale: str) -> None:
    group, decimal = {"en_US": ",.", "de_DE": ".,", "fr_FR": "\u202f,", "de_CH": "’."}[locale]
    typed = f"{whole:,}".replace(",", group) + f"{decimal}{cents:02} €"
    value = codec(FieldKind.CURRENCY, "text", locale).from_activecampaign(typed)
    assert value is not None
    assert Decimal(value) == whole + Decimal(cents) / 100


@given(chosen=st.lists(st.sampled_from(COLOURS)))
def test_the_order_of_choices_never_matters(chosen: list[str]) -> None:
    multi = codec(FieldKind.MULTI_PICKLIST, "listbox")
    value = multi.from_activecampaign(f"||{'||'.join(chosen)}||")
    assert value == multi.from_salesforce(";".join(reversed(chosen)))
    assert (multi.to_activecampaign(value) == "") is (not chosen)


@given(day=st.dates(date(1700, 1, 1), date(4000, 12, 31)))
def test_every_day_survives_both_ways(day: date) -> None:
    for kind in (FieldKind.DATE, FieldKind.TEXT):
        it = codec(kind, "date")
        assert it.to_salesforce(it.from_activecampaign(day.isoformat())) == day.isoformat()
        assert it.to_activecampaign(it.from_salesforce(day.isoformat())) == day.isoformat()


@given(address=st.emails())
def test_plain_addresses_are_kept_as_typed(address: str) -> None:
    assume(valid_email(address) and len(address) <= 80)
    it = codec(FieldKind.EMAIL, "text")
    assert it.to_salesforce(it.from_activecampaign(f" {address} ")) == address
    assert it.equal(address, address.upper().lower())


@given(text=st.text(max_size=300))
def test_an_address_is_judged_without_an_error_and_has_one_at_and_no_space(text: str) -> None:
    if valid_email(text):
        assert text.count("@") == 1
        assert not any(c.isspace() for c in text)
