"""Value conversion for one mapped pair of fields: canonical values, and what each side is written as (section 3)."""

from __future__ import annotations

from dataclasses import dataclass

from babel import UnknownLocaleError

from acassist.domain.fields import ActiveCampaignField, FieldKind, SalesforceField, kind_of
from acassist.domain.problem import Problem, ProblemError
from acassist.domain.problem_codes import ProblemCode
from acassist.domain.text import N_, Message
from acassist.domain.values_choices import CheckboxConversion, MultiConversion
from acassist.domain.values_dates import DateConversion, MomentConversion, date_order
from acassist.domain.values_numbers import NumberConversion, convention
from acassist.domain.values_problem import Canonical, Conversion, Pair, ValueProblem
from acassist.domain.values_text import (
    DropdownConversion,
    FormulaConversion,
    PicklistConversion,
    TextConversion,
    is_dropdown,
)

__all__ = ["Canonical", "Codec", "ValueProblem", "codec_for"]

_NUMBERS = {FieldKind.NUMBER: "double", FieldKind.CURRENCY: "currency", FieldKind.PERCENT: "percent"}


@dataclass(frozen=True, slots=True)
class Codec:
    """Converts the values of one pair; built by `codec_for`. All reading and writing raises ValueProblem."""

    conversion: Conversion

    def from_salesforce(self, raw: object) -> Canonical:
        """Read a JSON value of Salesforce; None is blank."""
        return self.conversion.from_salesforce(raw)

    def from_activecampaign(self, raw: str | None) -> Canonical:
        """Read a text of ActiveCampaign.

        None means that the contact holds no value for the field; for a check box that is blank, while an empty
        text is an unticked box and reads `false`.
        """
        return self.conversion.from_activecampaign(raw)

    def to_salesforce(self, value: Canonical) -> object:
        """Return the JSON value to write; None clears, except that a check box becomes False."""
        return self.conversion.to_salesforce(value)

    def to_activecampaign(self, value: Canonical) -> str:
        """Return the text to write; an empty text clears."""
        return self.conversion.to_activecampaign(value)

    def equal(self, a: Canonical, b: Canonical) -> bool:
        """Tell whether two canonical values mean the same, so that nothing needs to be written."""
        return self.conversion.equal(a, b)


def _invalid(field: SalesforceField, reason: str) -> ProblemError:
    values = {"what": field.label, "reason": Message(reason)}
    return ProblemError(Problem(ProblemCode.MAPPING_INVALID, subject=field.label, values=values))


def _number(pair: Pair, type_: str, *, rounded: bool = False) -> NumberConversion:
    how = convention(pair.locale)
    return NumberConversion(pair, how, rounded=rounded, money=type_ == "currency", percent=type_ == "percent")


def _formula(pair: Pair) -> Conversion:
    """Choose by the describe type of the formula's result."""
    inner: Conversion
    if pair.sf.type == "boolean" or pair.ac.type == "checkbox":
        inner = CheckboxConversion(pair)
    elif pair.sf.type in {"double", "int", "long", "currency", "percent"}:
        inner = _number(pair, pair.sf.type, rounded=True)
    elif pair.sf.type == "date":
        inner = DateConversion(pair, date_order(pair.locale))
    elif pair.sf.type == "datetime":
        inner = MomentConversion(pair)
    else:
        inner = TextConversion(pair)
    return FormulaConversion(pair, inner)


def _conversion(pair: Pair, kind: FieldKind) -> Conversion:
    if kind is FieldKind.FORMULA:
        return _formula(pair)
    if kind is FieldKind.CHECKBOX:
        return CheckboxConversion(pair)
    if kind is FieldKind.MULTI_PICKLIST:
        return MultiConversion(pair)
    if kind is FieldKind.DATE or pair.ac.type == "date":
        return DateConversion(pair, date_order(pair.locale))
    if kind in _NUMBERS:
        return _number(pair, _NUMBERS[kind])
    return PicklistConversion(pair) if kind is FieldKind.PICKLIST else TextConversion(pair)


def codec_for(sf_field: SalesforceField, ac_field: ActiveCampaignField, *, locale: str = "en_US") -> Codec:
    """Build the codec of a pair.

    `locale` is the number and date format of the ActiveCampaign side (rule 3.2). Raises ProblemError
    MAPPING_INVALID when the Salesforce type cannot be mapped or the locale is unknown.
    """
    kind = kind_of(sf_field)
    if kind is None:
        raise _invalid(sf_field, N_("Its type cannot be mapped."))
    pair = Pair(sf_field, ac_field, locale)
    try:
        conversion = _conversion(pair, kind)
    except (UnknownLocaleError, ValueError):
        raise _invalid(sf_field, N_("Its number and date format is not known.")) from None
    return Codec(DropdownConversion(pair, conversion) if is_dropdown(pair) else conversion)
