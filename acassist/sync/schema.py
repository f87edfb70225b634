"""What a run knows of both schemas: mapped fields with their codecs, the columns to read, the custom fields found."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from acassist.domain.fields import (
    ACCOUNT_NAME_FIELD,
    STANDARD_CONTACT_FIELDS,
    ActiveCampaignField,
    ObjectDescription,
    SalesforceField,
    SyncFields,
    find_sync_fields,
    forbidden,
    one_way,
    refusal,
)
from acassist.domain.ids import Service, SObject
from acassist.domain.mapping import Direction, FieldMapping, MappingSet
from acassist.domain.problem import Problem, ProblemCode, ProblemError
from acassist.domain.text import N_, Message
from acassist.domain.values import Codec, codec_for

OPT_OUT_FIELD = "HasOptedOutOfEmail"
# The name of a contact's account, read through the relation.
ACCOUNT_NAME = SalesforceField("Account.Name", N_("Account Name"), "string", 255, createable=False, updateable=False)
_BASE_COLUMNS = ("Id", "SystemModstamp", "CreatedDate", "IsDeleted", "MasterRecordId")
_PEOPLE_COLUMNS = ("Email", "FirstName", "LastName")
_LEAD_COLUMNS = ("Company", "IsConverted", "ConvertedContactId")
_CONTACT_COLUMNS = ("AccountId", "Account.Name")


@dataclass(frozen=True, slots=True)
class MappedField:
    """One mapping row with what is needed to convert its values."""

    mapping: FieldMapping
    sf: SalesforceField
    ac: ActiveCampaignField
    codec: Codec

    @property
    def key(self) -> str:
        """Return the mapping's key."""
        return self.mapping.key

    @property
    def label(self) -> str:
        """Return the label that a person knows this field by."""
        return self.sf.label


@dataclass(frozen=True, slots=True)
class ObjectSchema:
    """One sObject as a run sees it."""

    sobject: SObject
    description: ObjectDescription
    fields: tuple[MappedField, ...]
    sync_fields: SyncFields
    columns: tuple[str, ...]
    account_row: FieldMapping | None = None
    """The row that maps the person's ActiveCampaign account (lead Company); handled by accounts.py."""

    @property
    def forbidden(self) -> list[str]:
        """Return the mapped fields that may not be written for want of a right."""
        return [f.sf.name for f in self.fields if forbidden(f.sf)]

    @property
    def opt_out_readable(self) -> bool:
        """Tell whether Email Opt Out may be read."""
        return self.description.has(OPT_OUT_FIELD)

    def label_of(self, name: str) -> str:
        """Return the label that a person knows a Salesforce field or an ActiveCampaign key by."""
        found = next((f for f in self.fields if name in (f.ac.key, f.sf.name)), None)
        if found is not None:
            return found.label
        field = self.description.field("Email" if name == "email" else name)
        return field.label if field is not None else name

    def by_key(self) -> Mapping[str, MappedField]:
        """Return the mapped fields by mapping key."""
        return {f.key: f for f in self.fields}


@dataclass(frozen=True, slots=True)
class Schema:
    """Both schemas of a run."""

    objects: Mapping[SObject, ObjectSchema] = field(default_factory=dict)

    def of(self, sobject: SObject) -> ObjectSchema:
        """Return one object's schema."""
        return self.objects[sobject]


def _invalid(what: str, reason: Message) -> ProblemError:
    return ProblemError(Problem(ProblemCode.MAPPING_INVALID, what, {"what": what, "reason": reason}))


def _hidden_name(description: ObjectDescription, name: str) -> Message:
    """Name a field whose label cannot be read: by its API name, without what only Salesforce needs of it."""
    readable = name.removesuffix("__c").rpartition("__")[2].replace("_", " ")
    return Message(N_("{field} of {object}"), {"field": readable, "object": description.label})


def map_field(
    row: FieldMapping, description: ObjectDescription, ac_fields: Mapping[str, ActiveCampaignField]
) -> MappedField:
    """Join a row with both fields; raises MAPPING_INVALID or SF_FIELD_HIDDEN when it no longer fits."""
    sf = description.field(row.sf_field)
    if sf is None:
        values = {"what": _hidden_name(description, row.sf_field)}
        subject = f"{description.sobject}.{row.sf_field}"
        raise ProblemError(Problem(ProblemCode.SF_FIELD_HIDDEN, subject, values, service=Service.SALESFORCE))
    ac = ac_fields.get(row.ac_key)
    if ac is None:
        raise _invalid(sf.label, Message(N_("The ActiveCampaign field is gone.")))
    reason = refusal(ac, sf)
    if reason is not None:
        raise _invalid(sf.label, reason)
    # Read-only in Salesforce means one way, whatever an imported set-up says (rule 3.3). A right that was taken away
    # does not: what was typed in ActiveCampaign meanwhile would be taken for settled. Such writes are refused one by
    # one, listed, and tried again.
    forced = replace(row, direction=Direction.TO_ACTIVECAMPAIGN) if one_way(sf) and not forbidden(sf) else row
    return MappedField(forced, sf, ac, codec_for(sf, ac, locale=row.locale))


def _account_name_field(mapping: MappingSet, ac_fields: Mapping[str, ActiveCampaignField]) -> MappedField | None:
    """Map Account Name to a contact field on a plan without accounts: one row, one way (rule 5.7).

    Ours: the other way would rename an account for everybody who belongs to it, so it is not written back.
    """
    row = next((r for r in mapping.account if r.ac_key in ac_fields), None) if mapping.accounts_on else None
    if row is None or ac_fields[row.ac_key].custom_id is None or row.sf_field != "Name":
        return None
    ac = ac_fields[row.ac_key]
    forced = replace(row, sf_field=ACCOUNT_NAME.name, direction=Direction.TO_ACTIVECAMPAIGN)
    return MappedField(forced, ACCOUNT_NAME, ac, codec_for(ACCOUNT_NAME, ac, locale=row.locale))


def _columns(sobject: SObject, description: ObjectDescription, rows: Iterable[MappedField]) -> tuple[str, ...]:
    wanted = [*_BASE_COLUMNS]
    if sobject is SObject.ACCOUNT:
        wanted.append("Name")
    else:
        wanted += [*_PEOPLE_COLUMNS, *(_LEAD_COLUMNS if sobject is SObject.LEAD else _CONTACT_COLUMNS)]
        wanted += [*find_sync_fields(description).names]
        if description.has(OPT_OUT_FIELD):
            wanted.append(OPT_OUT_FIELD)
    wanted += [row.sf.name for row in rows]
    hidden = {"AccountId", "Account.Name"} if not description.has("AccountId") else set()
    return tuple(dict.fromkeys(c for c in wanted if c not in hidden))


def object_schema(
    sobject: SObject,
    description: ObjectDescription,
    mapping: MappingSet,
    ac_fields: Iterable[ActiveCampaignField],
) -> ObjectSchema:
    """Build one object's schema from describe, the mapping and the ActiveCampaign fields."""
    standard = (ACCOUNT_NAME_FIELD,) if sobject is SObject.ACCOUNT else STANDARD_CONTACT_FIELDS
    by_key = {f.key: f for f in (*standard, *ac_fields)}
    rows = mapping.for_object(sobject)
    account_row = next((r for r in rows if r.ac_key == "account"), None)
    fields = tuple(map_field(r, description, by_key) for r in rows if r is not account_row)
    account_name = _account_name_field(mapping, by_key) if sobject is SObject.CONTACT else None
    fields += (account_name,) if account_name is not None else ()
    return ObjectSchema(
        sobject,
        description,
        fields,
        find_sync_fields(description),
        _columns(sobject, description, fields),
        account_row,
    )
