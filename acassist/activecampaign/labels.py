"""Labels of campaigns and automations, which no documented answer holds (activecampaign_api 6): read when told."""

from __future__ import annotations

from acassist.activecampaign.rest import Json, text


def labels_of(row: Json) -> tuple[str, ...] | None:
    """Return the labels of a row (texts, or objects with a name), None when the account's API does not tell them."""
    value = row.get("labels")
    if not isinstance(value, list):
        return None
    names = (_name(item) for item in value)
    return tuple(name for name in names if name)


def _name(item: object) -> str:
    if isinstance(item, dict):
        return text(item.get("label") or item.get("name") or item.get("title")).strip()
    return text(item).strip()
