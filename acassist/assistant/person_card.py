"""The header of a record page, put together from both ends of a person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from acassist.assistant.person_reader import OWNER, Ends, linked_ref
from acassist.assistant.views import RecordCard, SyncedField
from acassist.domain.ids import SObject
from acassist.domain.problem import Problem
from acassist.domain.record import ActiveCampaignContact, SalesforceRecord
from acassist.domain.text import N_, Message
from acassist.domain.values import ValueProblem
from acassist.salesforce.address import record_url
from acassist.sync.context import SyncContext, contact_subject, subject_of
from acassist.sync.schema import OPT_OUT_FIELD, ObjectSchema

KIND_LABELS = {SObject.LEAD: N_("Lead"), SObject.CONTACT: N_("Contact")}
AC_KIND = N_("ActiveCampaign contact")
_ACTIVE, _UNSUBSCRIBED, _BOUNCED = 1, 2, 3


@dataclass(frozen=True, slots=True)
class Memberships:
    """A contact's lists (name to status) and the names of its tags."""

    lists: Mapping[str, int]
    tags: tuple[str, ...]

    @property
    def unsubscribed(self) -> bool:
        """Tell whether the person left every list (rule 5.8)."""
        return _UNSUBSCRIBED in self.lists.values() and _ACTIVE not in self.lists.values()

    @property
    def bounced(self) -> bool:
        """Tell whether a list holds the address as bounced."""
        return _BOUNCED in self.lists.values()

    @property
    def active(self) -> tuple[str, ...]:
        """Return the names of the lists that the person is on."""
        return tuple(sorted(name for name, status in self.lists.items() if status == _ACTIVE))


def company_of(record: SalesforceRecord) -> str:
    """Return a lead's company or the name of a contact's account."""
    return str(record.fields.get("Company") or record.fields.get("Account.Name") or "")


def make_card(ctx: SyncContext, ends: Ends, held: Memberships, *, naming: bool = False) -> RecordCard:
    """Put the header together; `naming` says that names of lists and tags are still to come."""
    record, contact, link = ends.record, ends.contact, ends.link
    schema = ctx.schema.of(record.sobject) if record else None
    email = str(record.fields.get("Email") or "") if record else ""
    email = email or (contact.email if contact else "")
    return RecordCard(
        linked_ref(ends),
        (record.name if record else "") or (contact.name if contact else "") or email,
        email,
        Message(KIND_LABELS[record.sobject] if record else AC_KIND),
        company_of(record) if record else "",
        _sync_value(record, schema, "status"),
        _sync_value(record, schema, "contact_id") or (contact.id if contact else None),
        _sync_value(record, schema, "relation"),
        link.state if link else None,
        link.synced_at if link else None,
        opted_out=_opt_out(record, schema),
        unsubscribed=held.unsubscribed,
        bounced=bool(contact and contact.hard_bounces) or held.bounced,
        lists=held.active,
        tags=held.tags,
        fields=_fields(schema, record, contact),
        salesforce_url=_salesforce_url(ctx, record),
        activecampaign_url=_contact_url(ctx, contact),
        problems=_problems(ctx, record, contact),
        owner=str(record.fields.get(OWNER) or "") if record else "",
        contact_email=contact.email if contact else "",
        read_at=ctx.clock.now(),
        naming=naming,
    )


def _problems(
    ctx: SyncContext, record: SalesforceRecord | None, contact: ActiveCampaignContact | None
) -> tuple[Problem, ...]:
    subjects = [subject_of(record.sobject, record.id)] if record else []
    subjects += [contact_subject(contact.id)] if contact else []
    issues = [issue for subject in subjects for issue in ctx.stores.issues.open_for(subject)]
    return tuple(Problem(i.code, i.subject, i.values, i.detail) for i in issues)


def _sync_value(record: SalesforceRecord | None, schema: ObjectSchema | None, which: str) -> str | None:
    name = getattr(schema.sync_fields, which) if schema else None
    return str(record.fields.get(name) or "") if record and name else None


def _opt_out(record: SalesforceRecord | None, schema: ObjectSchema | None) -> bool | None:
    if record is None or schema is None or not schema.opt_out_readable:
        return None
    return bool(record.fields.get(OPT_OUT_FIELD))


def _fields(
    schema: ObjectSchema | None, record: SalesforceRecord | None, contact: ActiveCampaignContact | None
) -> tuple[SyncedField, ...]:
    if schema is None or record is None:
        return ()
    shown = []
    for field in schema.fields:
        raw = record.fields.get(field.sf.name)
        other = contact.values.get(field.ac.key) if contact else None
        try:
            equal = field.codec.equal(field.codec.from_salesforce(raw), field.codec.from_activecampaign(other))
        except ValueProblem:
            equal = False
        left = None if raw in (None, "") else str(raw)
        shown.append(SyncedField(Message(field.label), left, other or None, equal))
    return tuple(shown)


def _salesforce_url(ctx: SyncContext, record: SalesforceRecord | None) -> str | None:
    connection = ctx.setup.salesforce
    if record is None or connection is None or not connection.instance_url:
        return None
    return record_url(connection.instance_url, record.id, record.sobject)


def _contact_url(ctx: SyncContext, contact: ActiveCampaignContact | None) -> str | None:
    connection = ctx.setup.activecampaign
    if contact is None or connection is None or not connection.account:
        return None
    return f"https://{connection.account}.activehosted.com/app/contacts/{contact.id}"
