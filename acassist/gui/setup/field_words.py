"""Fields as the mapping pages name them."""

from __future__ import annotations

from collections.abc import Iterable

from acassist.assistant.views import MappingChoices
from acassist.domain.fields import (
    AC_TYPE_LABELS,
    KIND_LABELS,
    STANDARD_CONTACT_FIELDS,
    ActiveCampaignField,
    SalesforceField,
    kind_of,
    normalized_type,
    refusal,
)
from acassist.gui.strings import message, tr
from acassist.gui.widgets import FieldOption

_STANDARD_KEYS = {field.key for field in STANDARD_CONTACT_FIELDS} | {"name"}


def ac_title(field: ActiveCampaignField) -> str:
    """Return the name of a field: standard names are translated, the account's own names are foreign text."""
    return tr(field.title) if field.key in _STANDARD_KEYS else field.title


def ac_type(field: ActiveCampaignField) -> str:
    """Return the type of a field in words."""
    kind = normalized_type(field)
    return tr(AC_TYPE_LABELS[kind]) if kind in AC_TYPE_LABELS else kind


def sf_type(field: SalesforceField) -> str:
    """Return the type of a field in words, with what limits it."""
    kind = kind_of(field)
    words = tr(KIND_LABELS[kind]) if kind is not None else field.type
    if field.read_only:
        return tr("{type}, read only", type=words)
    return tr("{type}, required", type=words) if field.required_on_create else words


def ac_options(choices: MappingChoices, keys: Iterable[str], taken: Iterable[str]) -> list[FieldOption]:
    """List the ActiveCampaign fields with these keys; those already mapped are grey."""
    wanted, used = set(keys), set(taken)
    return [
        FieldOption(f.key, ac_title(f), ac_type(f), tr("Already mapped") if f.key in used else "")
        for f in choices.ac_fields
        if f.key in wanted
    ]


def sf_options(choices: MappingChoices, ac_key: str, taken: Iterable[str]) -> list[FieldOption]:
    """List the Salesforce fields; those that do not fit the ActiveCampaign field are grey with the reason."""
    used = set(taken)
    ac_field = next((f for f in choices.ac_fields if f.key == ac_key), None)
    fitting: list[FieldOption] = []
    unfitting: list[FieldOption] = []
    for field in sorted(choices.sf_fields, key=lambda f: f.label.casefold()):
        reason = tr("Already mapped") if field.name in used else ""
        if not reason and ac_field is not None:
            refused = refusal(ac_field, field)
            reason = message(refused) if refused else ""
        option = FieldOption(field.name, field.label, sf_type(field), reason)
        (unfitting if reason else fitting).append(option)
    return fitting + unfitting
