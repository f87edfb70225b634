"""Numbers, currencies and percents as people type them."""

import pytest

from acassist.domain.fields import FieldKind, SalesforceField
from acassist.domain.problem_codes import ProblemCode
from acassist.domain.values import Codec, ValueProblem, codec_for
from tests.unit.domain.fields_for_tests import SALESFORCE, activecampaign

TEXT = activecampaign("text")


def budget(locale: str = "en_US") -> Codec:
    return codec_for(SALESFORCE[FieldKind.CURRENCY], TEXT, locale=locale)


def score(locale: str = "en_US") -> Codec:
    return codec_for(SALESFORCE[FieldKind.NUMBER], TEXT, locale=locale)


def code_of(codec: Codec, typed: str) -> ProblemCode:
    with pytest.raises(ValueProblem) as caught:
        codec.from_activecampaign(typed)
    return caught.value.problem.code


@pytest.mark.parametrize(
    ("locale", "typed", "meant"),
    [
        ("en_US", "$85,000", "85000"),
        ("en_US", "$85,000.50", "85000.5"),
        ("en_US", "1,234", "1234"),
        ("en_US", "1,234,567", "1234567"),
        ("en_US", "1234.56", "1234.56"),
        ("en_US", "1 234.50", "1234.5"),
        ("en_US", "1\u00a0234.50", "1234.5"),
        ("en_US", "USD 85", "85"),
        ("en_US", "85 usd", "85"),
        ("en_US", "US$ 85", "85"),
        ("en_US", "-$85", "-85"),
        ("en_US", "$-85", "-85"),
        ("en_US", "($85.10)", "-85.1"),
        ("en_US", "−85", "-85"),
        ("en_US", "٣٤", "34"),
        ("en_US", "0.50", "0.5"),
        ("en_US", ".5", "0.5"),
        ("en_US", "-0.00", "0"),
        ("en_US", "007", "7"),
        ("de_DE", "1.234,56 €", "1234.56"),
        ("de_DE", "1.234", "1234"),
        ("de_DE", "EUR 1.234.567", "1234567"),
        ("de_DE", "12,5", "12.5"),
        ("de_DE", "1234.00", "1234"),
        ("de_DE", "85,- €", "85"),
        ("de_CH", "CHF 1'234.50", "1234.5"),
        ("de_CH", "CHF 1’234.50", "1234.5"),
        ("de_CH", "CHF 85.–", "85"),
        ("de_CH", "1,234.50", "1234.5"),
        ("fr_FR", "1\u202f234,56 €", "1234.56"),
        ("fr_FR", "1 234,56 €", "1234.56"),
        ("sv_SE", "1 234,50 kr", "1234.5"),
        ("en_IN", "₹12,34,567.50", "1234567.5"),
        ("pl_PL", "12,50 zł", "12.5"),
        ("pt_BR", "R$ 1.234,56", "1234.56"),
        ("de-DE", "1.234,56", "1234.56"),
    ],
)
def test_money_is_read_as_its_locale_writes_it(locale: str, typed: str, meant: str) -> None:
    assert budget(locale).from_activecampaign(typed) == meant


@pytest.mark.parametrize(
    ("locale", "typed"),
    [
        ("en_US", "1.234"),  # 1.234 does not fit two decimals; 1234 is what a German means
        ("de_DE", "85,000"),
        ("fr_FR", "1.234"),
        ("de_CH", "1,234"),
    ],
)
def test_a_form_that_reads_two_ways_is_never_guessed(locale: str, typed: str) -> None:
    assert code_of(budget(locale), typed) is ProblemCode.VALUE_AMBIGUOUS


@pytest.mark.parametrize(
    "typed",
    ["about 10k", "10k", "1e5", "5²", "1.2.3", "1,23,4.5.6", "--5", "85-", "5 dollars", "$", "$€5", "5 5", "½", "NaN",
     "Infinity", "9" * 500, "#N/A", "5\n6"],
)  # fmt: skip
def test_a_text_without_one_number_is_named(typed: str) -> None:
    assert code_of(budget(), typed) is ProblemCode.VALUE_NOT_NUMBER


def test_the_problem_names_the_field_and_never_the_value() -> None:
    with pytest.raises(ValueProblem) as caught:
        budget().from_activecampaign("canary 4711")
    problem = caught.value.problem
    assert problem.values == {"field": "Their field"}
    assert "4711" not in f"{caught.value} {problem} {problem.sentence.english()}"


def test_a_locale_decides_three_decimals_when_the_field_holds_three() -> None:
    assert score().from_activecampaign("1.234") == "1.234"
    assert score("de_DE").from_activecampaign("1,234") == "1.234"


def test_only_money_has_currency_signs_and_only_percents_have_percent_signs() -> None:
    percent = codec_for(SALESFORCE[FieldKind.PERCENT], TEXT)
    assert code_of(score(), "$5") is ProblemCode.VALUE_NOT_NUMBER
    assert code_of(percent, "$5") is ProblemCode.VALUE_NOT_NUMBER
    assert code_of(budget(), "5 %") is ProblemCode.VALUE_NOT_NUMBER


@pytest.mark.parametrize("typed", ["25", "25%", "25 %", "% 25", "25.0 ％"])
def test_percents_are_whole_on_both_sides(typed: str) -> None:
    percent = codec_for(SALESFORCE[FieldKind.PERCENT], TEXT)
    assert percent.from_activecampaign(typed) == percent.from_salesforce(25.0) == "25"
    assert percent.to_salesforce("25") == 25


@pytest.mark.parametrize(
    ("raw", "canonical"),
    [(85000.0, "85000"), (0.1, "0.1"), (-0.0, "0"), (1e16, "10000000000000000"), (12, "12"), ("12.50", "12.5"),
     (None, None), ("", None)],
)  # fmt: skip
def test_salesforce_numbers_have_one_canonical_text(raw: object, canonical: str | None) -> None:
    assert budget().from_salesforce(raw) == canonical


@pytest.mark.parametrize("raw", [True, float("nan"), float("inf"), "x", [], {}, "1e999999999"])
def test_what_is_no_number_in_salesforce_is_named(raw: object) -> None:
    with pytest.raises(ValueProblem) as caught:
        budget().from_salesforce(raw)
    assert caught.value.problem.code is ProblemCode.VALUE_NOT_NUMBER


def test_activecampaign_gets_the_decimal_sign_of_the_locale_and_no_groups() -> None:
    assert budget().to_activecampaign("1234567.5") == "1234567.5"
    assert budget("de_DE").to_activecampaign("1234567.5") == "1234567,5"
    assert budget().to_activecampaign(None) == ""


def test_a_number_of_absurd_length_is_not_written() -> None:
    with pytest.raises(ValueProblem) as caught:
        budget().to_activecampaign(budget().from_salesforce(1e99))
    assert caught.value.problem.code is ProblemCode.VALUE_OUT_OF_RANGE


def test_three_decimals_are_written_so_that_they_cannot_be_read_as_thousands() -> None:
    assert budget("de_DE").to_activecampaign("1.234") == "1,2340"
    assert budget("de_DE").from_activecampaign("1,2340") == "1.234"


@pytest.mark.parametrize("value", ["0.125", "99999999999999999"])
def test_salesforce_would_round_or_refuse_so_it_is_a_problem(value: str) -> None:
    with pytest.raises(ValueProblem) as caught:
        budget().to_salesforce(value)
    assert caught.value.problem.code is ProblemCode.VALUE_OUT_OF_RANGE


def test_whole_number_fields_refuse_decimals_and_too_many_digits() -> None:
    staff = codec_for(SalesforceField("Staff", "Staff", "int", digits=8), TEXT)
    assert staff.to_salesforce("12345678") == 12345678
    for value in ("1.5", "123456789"):
        with pytest.raises(ValueProblem):
            staff.to_salesforce(value)


def test_digits_beyond_a_float_are_written_as_text() -> None:
    assert budget().to_salesforce("1234567890123456.78") == "1234567890123456.78"
    assert budget().to_salesforce("0.5") == 0.5


def test_account_currencies_are_machine_numbers_in_every_locale() -> None:
    codec = codec_for(SALESFORCE[FieldKind.CURRENCY], activecampaign("currency"), locale="de_DE")
    assert codec.from_activecampaign("1.234") == "1.234"
    assert codec.to_activecampaign("1234.5") == "1234.5"
    assert code_of(codec, "1.234,56") is ProblemCode.VALUE_NOT_NUMBER


def test_a_dropdown_of_numbers_takes_the_option_with_the_same_number() -> None:
    codec = codec_for(SALESFORCE[FieldKind.NUMBER], activecampaign("dropdown", ("1,000", "some", "2000")))
    assert codec.to_activecampaign("1000") == "1,000"
    with pytest.raises(ValueProblem) as caught:
        codec.to_activecampaign("3000")
    assert caught.value.problem.code is ProblemCode.VALUE_NOT_IN_LIST


@pytest.mark.parametrize(
    ("locale", "typed", "value"),
    [
        ("en_US", "1.234,56 €", "1234.56"),
        ("en_US", "12,34", "12.34"),
        ("en_US", "1 234,56", "1234.56"),
        ("de_DE", "1,234.56", "1234.56"),
        ("de_DE", "1,234,567", "1234567"),
    ],
)
def test_a_form_with_one_reading_only_is_taken_in_every_locale(locale: str, typed: str, value: str) -> None:
    assert budget(locale).from_activecampaign(typed) == value
