"""From JSON values to stored ones: types, lengths, e-mail addresses, picklists and numbers."""

from __future__ import annotations

import re
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any

from acassist.sandbox.salesforce.errors import ApiError, bad_json
from acassist.sandbox.salesforce.fields import NUMBER_TYPES, TEXT_TYPES, Field
from acassist.sandbox.salesforce.ids import canonical
from acassist.sandbox.salesforce.stamps import parse_datetime, stamp

EMAIL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9-]+)+")
TOKENS = {str: "VALUE_STRING", bool: "VALUE_TRUE", int: "VALUE_NUMBER_INT", float: "VALUE_NUMBER_FLOAT"}


def coerce(field: Field, raw: Any) -> Any:
    """Return `raw` as it is stored in `field`.

    Raises ApiError with the codes of section 2.4. None and blank text clear, except a checkbox (section 2.3).
    """
    if isinstance(raw, (dict, list)):
        raise _cannot(field, "START_OBJECT" if isinstance(raw, dict) else "START_ARRAY", raw)
    if raw is None or raw == "":
        if field.type == "boolean":
            message = f"{field.label}: value not of required type: {'null' if raw is None else ''}".rstrip()
            raise ApiError("INVALID_TYPE_ON_FIELD_IN_RECORD", message, fields=[field.name])
        return None
    if field.type in TEXT_TYPES or field.type == "encryptedstring":
        return _text(field, raw)
    if field.type in NUMBER_TYPES:
        return _number(field, raw)
    reader = {"boolean": _boolean, "date": _date, "datetime": _datetime, "reference": _reference, "id": _reference}
    convert = reader.get(field.type)
    return convert(field, raw) if convert else raw


def _cannot(field: Field, token: str, raw: Any) -> ApiError:
    where = "or request may be missing a required field at [line:1, column:1]"
    return bad_json(f"Cannot deserialize instance of {field.type} from {token} value {raw} {where}")


def _text(field: Field, raw: Any) -> str | None:
    if not isinstance(raw, str):
        raise _cannot(field, TOKENS[type(raw)], raw)
    text = raw.strip()
    if field.type == "textarea":
        text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\n", "\r\n")
    if not text:
        return None
    if field.type == "email" and not EMAIL.fullmatch(text):
        raise ApiError("INVALID_EMAIL_ADDRESS", f"{field.label}: invalid email address: {text}", fields=[field.name])
    if field.length and len(text) > field.length:
        message = f"{field.label}: data value too large: {text} (max length={field.length})"
        raise ApiError("STRING_TOO_LONG", message, fields=[field.name])
    if field.type == "multipicklist":
        return _choices(field, text)
    if field.type == "picklist":
        return _choice(field, text)
    return text


def _choice(field: Field, text: str) -> str:
    for value in field.picklist:
        if value.lower() == text.lower():
            return value
    if field.restricted:
        message = f"{field.label}: bad value for restricted picklist field: {text}"
        raise ApiError("INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST", message, fields=[field.name])
    return text


def _choices(field: Field, text: str) -> str | None:
    parts = [_choice(field, part.strip()) for part in text.split(";") if part.strip()]
    known = [value for value in field.picklist if value in parts]
    others = [part for part in dict.fromkeys(parts) if part not in field.picklist]
    return ";".join(known + others) or None


def _number(field: Field, raw: Any) -> int | float:
    if isinstance(raw, bool):
        raise _cannot(field, TOKENS[bool], raw)
    try:
        value = Decimal(str(raw).strip())
    except InvalidOperation as error:
        raise _cannot(field, TOKENS[type(raw)], raw) from error
    if not value.is_finite():
        raise _cannot(field, TOKENS[type(raw)], raw)
    whole = field.digits or (field.precision - field.scale)
    if whole and abs(value) >= Decimal(10) ** whole:
        message = f"{field.label}: value outside of valid range on numeric field: {raw}"
        raise ApiError("NUMBER_OUTSIDE_VALID_RANGE", message, fields=[field.name])
    rounded = value.quantize(Decimal(1).scaleb(-field.scale), rounding=ROUND_HALF_UP)
    return int(rounded) if field.type == "int" else float(rounded)


def _boolean(field: Field, raw: Any) -> bool:
    if isinstance(raw, bool):
        return raw
    if isinstance(raw, str) and raw.strip().lower() in ("true", "false"):
        return raw.strip().lower() == "true"
    raise _cannot(field, TOKENS[type(raw)], raw)


def _date(field: Field, raw: Any) -> str:
    if isinstance(raw, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", raw.strip()):
        try:
            day = date.fromisoformat(raw.strip())
        except ValueError as error:
            raise _cannot(field, "VALUE_STRING", raw) from error
        if 1700 <= day.year <= 4000:
            return day.isoformat()
        message = f"{field.label}: invalid date: {raw}"
        raise ApiError("INVALID_TYPE_ON_FIELD_IN_RECORD", message, fields=[field.name])
    raise _cannot(field, TOKENS[type(raw)], raw)


def _datetime(field: Field, raw: Any) -> str:
    when = parse_datetime(raw.strip()) if isinstance(raw, str) else None
    if when is None:
        raise _cannot(field, TOKENS[type(raw)], raw)
    return stamp(when)


def _reference(field: Field, raw: Any) -> str:
    found = canonical(raw) if isinstance(raw, str) else None
    if found is None:
        raise ApiError("MALFORMED_ID", f"{field.label}: id value of incorrect type: {raw}", fields=[field.name])
    return found
