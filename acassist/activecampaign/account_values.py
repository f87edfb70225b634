"""Custom values of accounts on the wire: lists are arrays and currencies whole cents (activecampaign_api 5)."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from acassist.activecampaign.rest import Json, reference, text
from acassist.domain.ids import Service
from acassist.domain.problem import Problem, ProblemCode, ProblemError

_MANY = ("multiselect", "checkbox", "listbox")
_CENTS = Decimal(100)
_DEFAULT_CURRENCY = "USD"


def from_wire(value: object, meta: Json) -> str:
    """Return a value as text: lists as `||a||b||` like contact fields, currency as a plain decimal."""
    if isinstance(value, list):
        return "||" + "||".join(text(item) for item in value) + "||" if value else ""
    found = text(value)
    if text(meta.get("fieldType")) == "currency" and found.lstrip("-").isdecimal():
        return format(Decimal(found).scaleb(-2), "f")
    return found


def to_wire(field_id: str, value: str, meta: Json) -> Json:
    """Return the body of one value; raises ProblemError VALUE_NOT_NUMBER for a currency that is no amount in cents."""
    body: Json = {"customFieldId": reference(field_id)}
    kind = text(meta.get("fieldType"))
    if kind in _MANY:
        return {**body, "fieldValue": [part for part in value.split("||") if part]}
    if kind == "currency" and value:
        currency = text(meta.get("fieldDefaultCurrency")) or _DEFAULT_CURRENCY
        return {**body, "fieldValue": _cents(value, meta), "fieldCurrency": currency.upper()}
    return {**body, "fieldValue": value}


def _cents(value: str, meta: Json) -> int:
    try:
        cents = Decimal(value) * _CENTS
    except InvalidOperation:
        cents = Decimal("NaN")
    if not cents.is_finite() or cents != cents.to_integral_value():
        label = text(meta.get("fieldLabel"))
        values = {"field": label}
        raise ProblemError(Problem(ProblemCode.VALUE_NOT_NUMBER, label, values, service=Service.ACTIVECAMPAIGN))
    return int(cents)
