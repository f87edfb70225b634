"""Reads describe answers into the product's words (salesforce_api 2.2)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from acassist.domain.fields import ObjectDescription, PicklistValue, SalesforceField


@dataclass(frozen=True, slots=True)
class CachedDescription:
    """A description and the HTTP date to revalidate it with."""

    description: ObjectDescription
    stamp: str


def _whole(raw: Mapping[str, Any], name: str) -> int:
    value = raw.get(name)
    return int(value) if isinstance(value, int | float) else 0


def _picklist(raw: Mapping[str, Any]) -> tuple[PicklistValue, ...]:
    values = raw.get("picklistValues") or ()
    return tuple(
        PicklistValue(str(v.get("value") or ""), str(v.get("label") or v.get("value") or ""), bool(v.get("active")))
        for v in values
    )


def field_of(raw: Mapping[str, Any]) -> SalesforceField:
    """Read one field; a part that an older version lacks takes its harmless default."""
    extra = raw.get("extraTypeInfo")
    text_area = raw.get("type") == "textarea"
    html = bool(raw.get("htmlFormatted")) or extra == "richtextarea"
    return SalesforceField(
        name=str(raw["name"]),
        label=str(raw.get("label") or raw["name"]),
        type=str(raw.get("type") or "anyType"),
        length=_whole(raw, "length"),
        precision=_whole(raw, "precision"),
        scale=_whole(raw, "scale"),
        digits=_whole(raw, "digits"),
        createable=bool(raw.get("createable")),
        updateable=bool(raw.get("updateable")),
        nillable=bool(raw.get("nillable")),
        defaulted_on_create=bool(raw.get("defaultedOnCreate")),
        calculated=bool(raw.get("calculated")),
        custom=bool(raw.get("custom")),
        external_id=bool(raw.get("externalId")),
        restricted_picklist=bool(raw.get("restrictedPicklist")),
        picklist=_picklist(raw),
        html=html and text_area,
        long_text=text_area and not html and (extra == "plaintextarea" or not raw.get("filterable", True)),
        auto_number=bool(raw.get("autoNumber")),
        encrypted=bool(raw.get("encrypted")) or raw.get("type") == "encryptedstring",
        filterable=bool(raw.get("filterable", True)),
        compound=raw.get("compoundFieldName") or None,
    )


def description_of(raw: Mapping[str, Any]) -> ObjectDescription:
    """Read a whole describe answer; raises KeyError or TypeError when it is none."""
    return ObjectDescription(
        sobject=str(raw["name"]),
        label=str(raw.get("label") or raw["name"]),
        fields=tuple(field_of(field) for field in raw["fields"]),
        createable=bool(raw.get("createable")),
        updateable=bool(raw.get("updateable")),
    )
