"""Fields of both services and the table that says which pairs may be mapped."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from acassist.domain.ids import SObject
from acassist.domain.text import N_, Message


@dataclass(frozen=True, slots=True)
class PicklistValue:
    """One value of a Salesforce picklist."""

    value: str
    label: str
    active: bool = True


@dataclass(frozen=True, slots=True)
class SalesforceField:
    """One field of a describe answer, reduced to what the product needs (salesforce_api 2.2)."""

    name: str
    label: str
    type: str
    length: int = 0
    precision: int = 0
    scale: int = 0
    digits: int = 0
    createable: bool = True
    updateable: bool = True
    nillable: bool = True
    defaulted_on_create: bool = False
    calculated: bool = False
    custom: bool = False
    external_id: bool = False
    restricted_picklist: bool = False
    picklist: tuple[PicklistValue, ...] = ()
    html: bool = False
    long_text: bool = False
    auto_number: bool = False
    encrypted: bool = False
    filterable: bool = True
    compound: str | None = None

    @property
    def required_on_create(self) -> bool:
        """Tell whether a create without this field fails."""
        return self.createable and not self.nillable and not self.defaulted_on_create

    @property
    def read_only(self) -> bool:
        """Tell whether a sync may not write this field (formula, auto number, no permission)."""
        return self.calculated or self.auto_number or not self.updateable


@dataclass(frozen=True, slots=True)
class ObjectDescription:
    """What describe says about one sObject for the current user."""

    sobject: str
    label: str
    fields: tuple[SalesforceField, ...]
    createable: bool = True
    updateable: bool = True

    def field(self, name: str) -> SalesforceField | None:
        """Find a field by API name, ignoring case."""
        wanted = name.casefold()
        return next((f for f in self.fields if f.name.casefold() == wanted), None)

    def has(self, name: str) -> bool:
        """Tell whether the field exists and may be seen."""
        return self.field(name) is not None


class FieldKind(StrEnum):
    """Salesforce field types in the words of the official mapping table (integration_behaviour A4)."""

    CHECKBOX = "Checkbox"
    CURRENCY = "Currency"
    DATE = "Date"
    EMAIL = "Email"
    FORMULA = "Formula"
    NUMBER = "Number"
    PERCENT = "Percent"
    PICKLIST = "Picklist"
    MULTI_PICKLIST = "MultiPicklist"
    PHONE = "Phone"
    TEXT = "Text"
    TEXT_AREA = "TextArea"
    LONG_TEXT_AREA = "LongTextArea"
    RICH_TEXT_AREA = "RichTextArea"
    ENCRYPTED_TEXT = "EncryptedText"
    URL = "Url"


@dataclass(frozen=True, slots=True)
class ActiveCampaignField:
    """A standard or custom field of an ActiveCampaign contact or account.

    `key` is the stable name used by mappings: `email`, `firstName`, `lastName`, `phone`, `account` (the
    person's account name), `field:<id>` for custom contact fields, `name` and `accountField:<id>` for accounts.
    """

    key: str
    title: str
    type: str
    options: tuple[str, ...] = ()
    required: bool = False
    perstag: str = ""

    @property
    def custom_id(self) -> str | None:
        """Return the custom field's id, or None for a standard field."""
        head, _, tail = self.key.partition(":")
        return tail if head in {"field", "accountField"} else None


STANDARD_CONTACT_FIELDS = (
    ActiveCampaignField("firstName", N_("First name"), "text"),
    ActiveCampaignField("lastName", N_("Last name"), "text"),
    ActiveCampaignField("email", N_("Email"), "email"),
    ActiveCampaignField("phone", N_("Phone"), "phone"),
    ActiveCampaignField("account", N_("Account"), "account"),
)
ACCOUNT_NAME_FIELD = ActiveCampaignField("name", N_("Account"), "account")

KIND_LABELS: dict[FieldKind, str] = {
    FieldKind.CHECKBOX: N_("Checkbox"),
    FieldKind.CURRENCY: N_("Currency"),
    FieldKind.DATE: N_("Date"),
    FieldKind.EMAIL: N_("Email"),
    FieldKind.FORMULA: N_("Formula"),
    FieldKind.NUMBER: N_("Number"),
    FieldKind.PERCENT: N_("Percent"),
    FieldKind.PICKLIST: N_("Picklist"),
    FieldKind.MULTI_PICKLIST: N_("Picklist (multi-select)"),
    FieldKind.PHONE: N_("Phone number"),
    FieldKind.TEXT: N_("Text"),
    FieldKind.TEXT_AREA: N_("Text area"),
    FieldKind.LONG_TEXT_AREA: N_("Text area (long)"),
    FieldKind.RICH_TEXT_AREA: N_("Text area (rich)"),
    FieldKind.ENCRYPTED_TEXT: N_("Text (encrypted)"),
    FieldKind.URL: N_("URL"),
}
AC_TYPE_LABELS: dict[str, str] = {
    "text": N_("Text input"),
    "textarea": N_("Text area"),
    "dropdown": N_("Dropdown"),
    "hidden": N_("Hidden"),
    "checkbox": N_("Check box(es)"),
    "listbox": N_("List box"),
    "date": N_("Date"),
    "datetime": N_("Date and time"),
    "radio": N_("Radio buttons"),
    "number": N_("Number"),
    "currency": N_("Currency"),
    "email": N_("Email"),
    "phone": N_("Phone"),
    "account": N_("Account"),
}

# The official table (package >= 1.20), Salesforce type -> ActiveCampaign types; integration_behaviour A4 [O3].
ALLOWED: dict[FieldKind, frozenset[str]] = {
    FieldKind.CHECKBOX: frozenset({"checkbox"}),
    FieldKind.CURRENCY: frozenset({"currency", "text", "hidden"}),
    FieldKind.DATE: frozenset({"date"}),
    FieldKind.EMAIL: frozenset({"text", "dropdown", "hidden"}),
    FieldKind.FORMULA: frozenset({"text", "textarea", "hidden", "checkbox"}),
    FieldKind.NUMBER: frozenset({"text", "dropdown", "hidden"}),
    FieldKind.PERCENT: frozenset({"text", "hidden"}),
    FieldKind.PICKLIST: frozenset({"text", "dropdown", "hidden"}),
    FieldKind.MULTI_PICKLIST: frozenset({"listbox"}),
    FieldKind.PHONE: frozenset({"text", "hidden"}),
    # "Text (valid date format)" with Date is the same Salesforce type: the text must already be a date.
    FieldKind.TEXT: frozenset({"text", "dropdown", "hidden", "date"}),
    FieldKind.TEXT_AREA: frozenset({"text", "textarea", "hidden"}),
    FieldKind.LONG_TEXT_AREA: frozenset({"textarea", "hidden"}),
    FieldKind.RICH_TEXT_AREA: frozenset({"textarea", "hidden"}),
    FieldKind.ENCRYPTED_TEXT: frozenset({"text", "hidden"}),
    FieldKind.URL: frozenset({"text", "dropdown", "hidden"}),
}
# Account fields of ActiveCampaign name their list type differently.
_ALIASES = {"multiselect": "listbox"}
_KINDS = {
    "boolean": FieldKind.CHECKBOX,
    "currency": FieldKind.CURRENCY,
    "date": FieldKind.DATE,
    "email": FieldKind.EMAIL,
    "double": FieldKind.NUMBER,
    "int": FieldKind.NUMBER,
    "long": FieldKind.NUMBER,
    "percent": FieldKind.PERCENT,
    "picklist": FieldKind.PICKLIST,
    "combobox": FieldKind.PICKLIST,
    "multipicklist": FieldKind.MULTI_PICKLIST,
    "phone": FieldKind.PHONE,
    "string": FieldKind.TEXT,
    "encryptedstring": FieldKind.ENCRYPTED_TEXT,
    "url": FieldKind.URL,
}
# Formulas may not feed these (integration_behaviour A4, formula rules).
_NO_FORMULA = frozenset({"lastName", "email", "account", "name"})


def kind_of(field: SalesforceField) -> FieldKind | None:
    """Name a field's type in the table's words, or None when the table does not hold it (lookup, time, ...)."""
    if field.calculated:
        return FieldKind.FORMULA
    if field.auto_number:
        return None
    if field.encrypted:
        return FieldKind.ENCRYPTED_TEXT
    if field.type == "textarea":
        if field.html:
            return FieldKind.RICH_TEXT_AREA
        return FieldKind.LONG_TEXT_AREA if field.long_text or field.length > 255 else FieldKind.TEXT_AREA
    return _KINDS.get(field.type)


def normalized_type(ac_field: ActiveCampaignField) -> str:
    """Return the ActiveCampaign type under the name that the table uses."""
    return _ALIASES.get(ac_field.type, ac_field.type)


def _standard_reason(ac_field: ActiveCampaignField, kind: FieldKind) -> Message | None:
    """Check a standard ActiveCampaign field, which the official table does not list."""
    if ac_field.type == "email":
        allowed = {FieldKind.EMAIL}
    elif ac_field.type == "phone":
        allowed = {FieldKind.PHONE, FieldKind.TEXT}
    else:
        allowed = {FieldKind.TEXT, FieldKind.PICKLIST, FieldKind.FORMULA, FieldKind.TEXT_AREA}
    if kind in allowed:
        return None
    return Message(
        N_("{title} needs a Salesforce field that holds the same kind of value."), {"title": Message(ac_field.title)}
    )


def refusal(ac_field: ActiveCampaignField, sf_field: SalesforceField) -> Message | None:
    """Say why this pair may not be mapped, or None when it may (rule 3.1)."""
    kind = kind_of(sf_field)
    if kind is None:
        return Message(N_("Salesforce fields of the type of {label} cannot be mapped."), {"label": sf_field.label})
    if kind is FieldKind.FORMULA and ac_field.key in _NO_FORMULA:
        return Message(
            N_("A formula cannot feed {title}: that field must be writable in both."),
            {"title": Message(ac_field.title)},
        )
    if ac_field.custom_id is None:
        return _standard_reason(ac_field, kind)
    kind_type = normalized_type(ac_field)
    if kind_type not in ALLOWED[kind]:
        return Message(
            N_("{kind} in Salesforce cannot be mapped to {type} in ActiveCampaign."),
            {"kind": Message(KIND_LABELS[kind]), "type": Message(AC_TYPE_LABELS.get(kind_type, kind_type))},
        )
    return _option_refusal(ac_field, kind, sf_field)


def _option_refusal(ac_field: ActiveCampaignField, kind: FieldKind, sf_field: SalesforceField) -> Message | None:
    """Check the option values that a check box needs."""
    boolean_formula = kind is FieldKind.FORMULA and sf_field.type == "boolean"
    if boolean_formula and normalized_type(ac_field) != "checkbox":
        return Message(N_("A formula that is true or false can only be mapped to check boxes."), {})
    if normalized_type(ac_field) == "checkbox" and "true" not in ac_field.options:
        return Message(
            N_("The check box {title} needs an option with the value true, in lower case."), {"title": ac_field.title}
        )
    return None


def one_way(sf_field: SalesforceField) -> bool:
    """Tell whether a mapping with this field can only go to ActiveCampaign (rule 3.3)."""
    return sf_field.read_only


def forbidden(sf_field: SalesforceField) -> bool:
    """Tell whether a field could be written, were it not for the user's rights; standard fields have other reasons."""
    return sf_field.custom and not (sf_field.updateable or sf_field.calculated or sf_field.auto_number)


STATUS_FIELD_LABEL = "ActiveCampaign Sync Status"
ID_FIELD_LABEL = "ActiveCampaign ID"
RELATION_FIELD_LABEL = "ActiveCampaign Relation Sync Status"


@dataclass(frozen=True, slots=True)
class SyncFields:
    """API names of the three custom fields as found in this org; None where the org lacks one."""

    status: str | None = None
    contact_id: str | None = None
    relation: str | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """List the names that exist."""
        return tuple(n for n in (self.status, self.contact_id, self.relation) if n)


def _named(description: ObjectDescription, label: str) -> str | None:
    stem = label.replace(" ", "_").casefold()
    for field in description.fields:
        bare = field.name.casefold().removesuffix("__c")
        if field.custom and (field.label.casefold() == label.casefold() or bare.split("__")[-1] == stem):
            return field.name
    return None


def find_sync_fields(description: ObjectDescription) -> SyncFields:
    """Find the three custom fields by label or name, with or without a namespace (A1: never hard-coded)."""
    return SyncFields(
        status=_named(description, STATUS_FIELD_LABEL),
        contact_id=_named(description, ID_FIELD_LABEL) if description.sobject != SObject.ACCOUNT else None,
        relation=_named(description, RELATION_FIELD_LABEL),
    )
