"""What a field is: type, size, rights and picklist; read from the recorded tables or made from metadata."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from acassist.sandbox.salesforce.standard_fields import PICKLISTS

TEXT_TYPES = frozenset({"string", "textarea", "picklist", "multipicklist", "phone", "email", "url", "combobox"})
NUMBER_TYPES = frozenset({"int", "double", "currency", "percent"})


@dataclass(frozen=True, slots=True)
class Field:
    """One field of an sObject; `granted` says that a profile already shows it to everyone."""

    name: str
    label: str
    type: str
    length: int = 0
    precision: int = 0
    scale: int = 0
    digits: int = 0
    createable: bool = False
    updateable: bool = False
    nillable: bool = True
    defaulted: bool = False
    id_lookup: bool = False
    filterable: bool = True
    permissionable: bool = False
    refs: tuple[str, ...] = ()
    picklist: tuple[str, ...] = ()
    restricted: bool = False
    part: str | None = None
    custom: bool = False
    external_id: bool = False
    unique: bool = False
    case_sensitive: bool = False
    rich: bool = False
    formula: str | None = None
    default: str | None = None
    mask_char: str | None = None
    help: str | None = None
    granted: bool = True

    @property
    def long(self) -> bool:
        """Say whether it is a long or rich text area, which can be neither filtered nor sorted."""
        return self.type == "textarea" and not self.filterable

    @property
    def sortable(self) -> bool:
        return self.filterable and self.type not in {"multipicklist", "address", "encryptedstring"}

    @property
    def relationship(self) -> str | None:
        """Return the name by which a query reaches the parent (`AccountId` → `Account`)."""
        if not self.refs:
            return None
        if self.name.endswith("__c"):
            return self.name[:-1] + "r"
        return self.name[:-2] if self.name.endswith("Id") and self.name != "Id" else None

    @property
    def required(self) -> bool:
        """Say whether a create without it is refused (section 2.2)."""
        return self.createable and not self.nillable and not self.defaulted


LABELS = {
    "Lead.Name": "Full Name",
    "Contact.Name": "Full Name",
    "Account.Name": "Account Name",
    "Lead.NumberOfEmployees": "Employees",
    "Account.NumberOfEmployees": "Employees",
    "Contact.Phone": "Business Phone",
    "Contact.Fax": "Business Fax",
    "Account.Phone": "Account Phone",
    "Account.Fax": "Account Fax",
    "Account.Type": "Account Type",
    "Account.Site": "Account Site",
    "Account.Rating": "Account Rating",
    "Lead.Description": "Description",
    "Contact.Description": "Contact Description",
    "Account.Description": "Account Description",
    "HasOptedOutOfEmail": "Email Opt Out",
    "HasOptedOutOfFax": "Fax Opt Out",
    "MobilePhone": "Mobile Phone",
    "PostalCode": "Zip/Postal Code",
    "State": "State/Province",
    "IsDeleted": "Deleted",
    "IsConverted": "Converted",
    "Jigsaw": "Data.com Key",
    "SystemModstamp": "System Modstamp",
}


def label_of(sobject: str, name: str) -> str:
    """Return the English label: a known one, else the API name split at its capitals."""
    known = LABELS.get(f"{sobject}.{name}") or LABELS.get(name)
    if known:
        return known
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", name)
    return re.sub(r"\bId\b", "ID", words)


def from_line(sobject: str, line: str) -> Field:
    """Read one line of a field table (format: see `standard_fields`)."""
    name, kind, flags, *extras = line.split()
    more = dict(part.split("=", 1) for part in extras)
    pick = more.get("pv", "")
    values = PICKLISTS.get(pick.lstrip("!"), tuple(pick.lstrip("!").split("|")) if "|" in pick else ())
    return Field(
        name=name,
        label=label_of(sobject, name),
        type=kind,
        length=int(more.get("len", 0)),
        precision=int(more.get("prec", 0)),
        scale=int(more.get("scale", 0)),
        digits=int(more.get("digits", 0)),
        createable=flags[0] == "C",
        updateable=flags[1] == "U",
        nillable=flags[2] == "N",
        defaulted=flags[3] == "D",
        id_lookup=flags[4] == "I",
        filterable=flags[5] == "f",
        permissionable=flags[6] == "p",
        refs=tuple(more["ref"].split(",")) if "ref" in more else (),
        picklist=values,
        restricted=pick.startswith("!"),
        part=more.get("part"),
        default=more.get("default") or (values[0] if name == "Status" and values else None),
    )


METADATA_TYPES = {
    "Text": "string",
    "TextArea": "textarea",
    "LongTextArea": "textarea",
    "Html": "textarea",
    "Checkbox": "boolean",
    "Currency": "currency",
    "Number": "double",
    "Percent": "percent",
    "Date": "date",
    "DateTime": "datetime",
    "Email": "email",
    "Phone": "phone",
    "Url": "url",
    "Picklist": "picklist",
    "MultiselectPicklist": "multipicklist",
    "EncryptedText": "encryptedstring",
}
FIXED_LENGTH = {"Email": 80, "Phone": 40, "Url": 255, "TextArea": 255, "Picklist": 255, "MultiselectPicklist": 4099}


def from_metadata(full_name: str, meta: dict[str, Any], *, granted: bool = True) -> Field:
    """Make a custom field from a Metadata or Tooling definition. Raises ValueError with what is wrong with it."""
    name = full_name.rpartition(".")[2]
    if not re.fullmatch(r"[A-Za-z](?:_?[A-Za-z0-9])*__c", name):
        raise ValueError(
            "The field name can only contain underscores and alphanumeric characters. It must be unique, begin with "
            "a letter, not include spaces, not end with an underscore, and not contain two consecutive underscores."
        )
    declared = str(meta.get("type") or "")
    if declared not in METADATA_TYPES:
        raise ValueError(f"Unsupported field type: {declared or 'none given'}")
    if not meta.get("label"):
        raise ValueError("Field Label: You must enter a value")
    formula = meta.get("formula")
    kind = METADATA_TYPES[declared]
    long = declared in ("LongTextArea", "Html")
    return Field(
        name=name,
        label=str(meta["label"]),
        type=kind,
        length=_length(declared, meta),
        precision=_number(meta, "precision", 18) if kind in NUMBER_TYPES else 0,
        scale=_number(meta, "scale", 0) if kind in NUMBER_TYPES else 0,
        createable=not formula,
        updateable=not formula,
        nillable=kind != "boolean" and not _flag(meta, "required"),
        defaulted=kind == "boolean",
        id_lookup=_flag(meta, "externalId"),
        filterable=not long and kind != "encryptedstring",
        permissionable=not _flag(meta, "required"),
        picklist=_values(meta),
        restricted=_restricted(meta),
        custom=True,
        external_id=_flag(meta, "externalId"),
        unique=_flag(meta, "unique"),
        case_sensitive=_flag(meta, "caseSensitive"),
        rich=declared == "Html",
        formula=str(formula) if formula else None,
        mask_char="*" if kind == "encryptedstring" else None,
        help=meta.get("inlineHelpText"),
        granted=granted,
    )


def _flag(meta: dict[str, Any], key: str) -> bool:
    return str(meta.get(key, "")).lower() == "true"


def _number(meta: dict[str, Any], key: str, default: int) -> int:
    value = meta.get(key)
    if value in (None, ""):
        return default
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        raise ValueError(f"{key}: not a number: {value}")
    return int(value)


def _length(declared: str, meta: dict[str, Any]) -> int:
    if declared in FIXED_LENGTH:
        return FIXED_LENGTH[declared]
    if declared in ("LongTextArea", "Html"):
        return _number(meta, "length", 32768)
    if meta.get("formula"):
        return 1300 if declared == "Text" else 0
    if declared not in ("Text", "EncryptedText"):
        return 0
    length = _number(meta, "length", 0)
    limit = 175 if declared == "EncryptedText" else 255
    if not 1 <= length <= limit:
        raise ValueError(f"Length must be between 1 and {limit}: {length}")
    return length


def _value_set(meta: dict[str, Any]) -> dict[str, Any]:
    found = meta.get("valueSet")
    return found if isinstance(found, dict) else {}


def _restricted(meta: dict[str, Any]) -> bool:
    return _flag(_value_set(meta), "restricted")


def _values(meta: dict[str, Any]) -> tuple[str, ...]:
    definition = _value_set(meta).get("valueSetDefinition")
    entries = definition.get("value", []) if isinstance(definition, dict) else []
    if isinstance(entries, dict):
        entries = [entries]
    names = [str(e.get("fullName") or e.get("valueName") or e.get("label")) for e in entries]
    return tuple(names)
