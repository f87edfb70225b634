"""One value that a person corrects: read fresh, checked against both fields, intended, written, recorded."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from acassist.domain.email import valid_email
from acassist.domain.fields import STANDARD_CONTACT_FIELDS, ActiveCampaignField, FieldKind, SalesforceField, kind_of
from acassist.domain.ids import Service, SObject
from acassist.domain.ledger import HistoryAction, Intent, IntentKind, IntentState, Issue, Link
from acassist.domain.mapping import FieldMapping
from acassist.domain.merge import Base, Canonical
from acassist.domain.problem import Problem, ProblemCode, ProblemError
from acassist.domain.record import ActiveCampaignContact, SalesforceRecord
from acassist.domain.values import ValueProblem, codec_for
from acassist.sync.account_links import PREFIX
from acassist.sync.contact_writes import ContactUpdate, fresh_contacts, write_contacts
from acassist.sync.context import SyncContext, contact_subject, subject_of
from acassist.sync.observe import fetch_records
from acassist.sync.record_writes import update_records
from acassist.sync.schema import MappedField, ObjectSchema

EDITED = "person"
"""The rule under which the history keeps what a person corrected."""
ACCOUNT_KEY = "account"
_EMAIL_CODES = frozenset(
    {
        ProblemCode.NO_EMAIL,
        ProblemCode.INVALID_EMAIL,
        ProblemCode.SF_BAD_EMAIL,
        ProblemCode.AC_EMAIL_TAKEN,
        ProblemCode.AC_IMPORT_FAILED,
    }
)
_ANY_FIELD = frozenset(
    {ProblemCode.SF_VALIDATION, ProblemCode.SF_REJECTED, ProblemCode.SF_AUTOMATION, ProblemCode.AC_REJECTED}
)
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose value it is, both sides as read now; `account` is the name of the contact's account."""

    sobject: SObject
    name: str
    record: SalesforceRecord | None = None
    contact: ActiveCampaignContact | None = None
    link: Link | None = None
    account: str = ""

    @property
    def subject(self) -> str:
        """Name the owner in the history."""
        if self.record is not None:
            return subject_of(self.sobject, self.record.id)
        return contact_subject(self.contact.id if self.contact is not None else "")

    def raw(self, field: MappedField, side: Service) -> Any:
        """Return the value as the service holds it."""
        if side is Service.SALESFORCE:
            return self.record.fields.get(field.sf.name) if self.record is not None else None
        if field.ac.key == ACCOUNT_KEY:
            return self.account
        if field.ac.key == "email" and self.contact is not None:
            return self.contact.email
        return self.contact.values.get(field.ac.key) if self.contact is not None else None

    def value(self, field: MappedField, side: Service) -> Canonical:
        """Return the canonical value; raises ValueProblem when it cannot be understood."""
        raw = self.raw(field, side)
        if side is Service.SALESFORCE:
            return field.codec.from_salesforce(raw)
        return field.codec.from_activecampaign(raw)

    def shown(self, field: MappedField, side: Service) -> Canonical:
        """Return the canonical value, or the text as it stands when it cannot be understood."""
        try:
            return self.value(field, side)
        except ValueProblem:
            return str(self.raw(field, side))


# -- whose value, which fields
async def owner_of(ctx: SyncContext, issue: Issue) -> Owner:
    """Read both sides of an issue's record anew."""
    sobject = issue.sobject or SObject.CONTACT
    link = _link(ctx, issue, sobject)
    sf_id, ac_id = issue.sf_id or (link.sf_id if link else None), issue.ac_id or (link.ac_id if link else None)
    record = (await fetch_records(ctx, sobject, [sf_id])).get(sf_id) if sf_id else None
    if record is not None and (record.deleted or record.converted):
        record = None
    if sobject is SObject.ACCOUNT:
        return Owner(sobject, issue.name, record, await _account(ctx, ac_id), link)
    contact = (await fresh_contacts(ctx, [ac_id])).get(ac_id) if ac_id else None
    account = ""
    if contact is not None and ctx.schema.of(sobject).account_row is not None:
        account = (await ctx.activecampaign.account_of([contact.id])).get(contact.id, ("", ""))[1]
    return Owner(sobject, issue.name, record, contact, link, account)


def _link(ctx: SyncContext, issue: Issue, sobject: SObject) -> Link | None:
    if issue.link_id is not None:
        return ctx.stores.ledger.link(issue.link_id)
    return ctx.stores.ledger.links_by_sf(sobject, [issue.sf_id]).get(issue.sf_id) if issue.sf_id else None


async def _account(ctx: SyncContext, ac_id: str | None) -> ActiveCampaignContact | None:
    """Return an account in the shape of a contact, as the plan of a pair takes it."""
    account_id = (ac_id or "").removeprefix(PREFIX)
    names = dict(await ctx.activecampaign.accounts())
    if account_id not in names:
        return None
    custom = (await ctx.activecampaign.accounts_custom_values([account_id])).get(account_id, {})
    return ActiveCampaignContact(account_id, "", _NEVER, values={"name": names[account_id], **custom})


def fields_of(ctx: SyncContext, issue: Issue) -> list[MappedField]:
    """Return the fields whose value may mend an issue: those it names, else whatever is mapped."""
    schema = ctx.schema.of(issue.sobject or SObject.CONTACT)
    known = known_fields(ctx, schema)
    if issue.code in _EMAIL_CODES:
        return [known["email~Email"]] if "email~Email" in known else []
    wanted = _named(issue)
    found = [f for f in known.values() if {f.label, f.sf.name, f.ac.title, f.key} & wanted]
    covered = {name for f in found for name in (f.label, f.sf.name)}
    for name in sorted(wanted - covered):
        sf = next((f for f in schema.description.fields if name in (f.name, f.label)), None)
        found += _unmapped(sf) if sf is not None else []
    return found or ([f for f in known.values() if not f.sf.read_only] if issue.code in _ANY_FIELD else [])


def _named(issue: Issue) -> set[str]:
    listed = str(issue.values.get("fields") or "").split(", ")
    return {name for name in (issue.field, str(issue.values.get("field") or ""), *listed) if name}


def known_fields(ctx: SyncContext, schema: ObjectSchema) -> dict[str, MappedField]:
    """Return every field that a person may correct, by mapping key: the mapped ones, the account, the address."""
    known = dict(schema.by_key())
    row, connection = schema.account_row, ctx.setup.activecampaign
    company = schema.description.field(row.sf_field) if row is not None else None
    if row is not None and company is not None and not (connection and connection.accounts_available is False):
        known[row.key] = _with(row, company)
    email = schema.description.field("Email")
    if email is not None:
        known.setdefault("email~Email", _with(FieldMapping("email", "Email"), email))
    return known


def _with(row: FieldMapping, sf: SalesforceField) -> MappedField:
    ac = next(f for f in STANDARD_CONTACT_FIELDS if f.key == row.ac_key)
    return MappedField(row, sf, ac, codec_for(sf, replace(ac, type="text"), locale=row.locale))


def _unmapped(sf: SalesforceField) -> list[MappedField]:
    """Return a field of Salesforce alone; a type that no mapping knows cannot be corrected here."""
    if kind_of(sf) is None:
        return []
    nowhere = ActiveCampaignField("", "", "text")
    return [MappedField(FieldMapping("", sf.name), sf, nowhere, codec_for(sf, nowhere))]


# -- the write
@dataclass(frozen=True, slots=True)
class Correction:
    """One value that is to be written to one side; `seen` is what the person saw there."""

    field: MappedField
    target: Service
    value: Canonical
    seen: Canonical


def check(owner: Owner, correction: Correction) -> Any:
    """Return the value in the form of the target; raises ProblemError when it fits one of the two fields not.

    A value that only one side takes would be an issue again with the next run.
    """
    field, value = correction.field, correction.value
    if owner.shown(field, correction.target) != correction.seen:
        raise ProblemError(Problem(ProblemCode.VALUE_MOVED, owner.subject, {"field": field.label}))
    if kind_of(field.sf) is FieldKind.EMAIL and value is not None and not valid_email(value):
        raise ProblemError(Problem(ProblemCode.SF_BAD_EMAIL, owner.subject, {"field": field.label}))
    if value is None and field.ac.key in (ACCOUNT_KEY, "email"):
        raise ProblemError(Problem(ProblemCode.SF_REQUIRED, owner.subject, {"fields": field.label}))
    to_sf = field.codec.to_salesforce(value)
    to_ac = field.codec.to_activecampaign(value)
    return to_sf if correction.target is Service.SALESFORCE else to_ac


async def correct(ctx: SyncContext, owner: Owner, correction: Correction) -> None:
    """Write one value; raises the problem of the service that refuses it. Call it within a run (rule 6.5)."""
    form = check(owner, correction)
    intent = ctx.stores.intents.open(
        Intent(IntentKind.EDIT_VALUE, owner.subject, _payload(owner, correction), run_id=ctx.run_id)
    )
    try:
        await _write(ctx, owner, correction, form)
    except ProblemError as error:
        if not error.problem.ambiguous:
            ctx.stores.intents.close(intent.id, IntentState.DONE)
        raise
    _keep(ctx, owner, correction, intent)


def _payload(owner: Owner, correction: Correction) -> dict[str, Any]:
    return {
        "sobject": owner.sobject.value,
        "sf_id": owner.record.id if owner.record is not None else None,
        "ac_id": owner.contact.id if owner.contact is not None else None,
        "link": owner.link.id if owner.link is not None else None,
        "name": owner.name,
        "key": correction.field.key,
        "target": correction.target.value,
        "value": correction.value,
        "seen": correction.seen,
    }


async def _write(ctx: SyncContext, owner: Owner, correction: Correction, form: Any) -> None:
    field = correction.field
    if correction.target is Service.SALESFORCE:
        if owner.record is None:
            raise ProblemError(Problem(ProblemCode.SF_GONE, owner.subject, service=Service.SALESFORCE))
        outcome = await update_records(ctx, owner.sobject, [(owner.record.id, {field.sf.name: form})])
        problem = outcome[owner.record.id]
    else:
        problem = await _write_contact(ctx, owner, field, str(form))
    if problem is not None:
        raise ProblemError(problem)


async def _write_contact(ctx: SyncContext, owner: Owner, field: MappedField, form: str) -> Problem | None:
    contact = owner.contact
    if contact is None:
        return Problem(ProblemCode.AC_GONE, owner.subject, service=Service.ACTIVECAMPAIGN)
    if owner.sobject is SObject.ACCOUNT:
        named = form if field.ac.key == "name" else None
        await ctx.activecampaign.update_account(contact.id, named, {} if named is not None else {field.ac.key: form})
        return None
    if field.ac.key == ACCOUNT_KEY:
        account_id = await ctx.activecampaign.create_account(form)
        await ctx.activecampaign.move_to_account(contact.id, account_id)
        return None
    written = await write_contacts(ctx, [ContactUpdate(contact.id, contact.email, {field.ac.key: form})])
    return written.problems.get(contact.id)


def _keep(ctx: SyncContext, owner: Owner, correction: Correction, intent: Intent) -> None:
    """Record the write, and let the other side's present value be the base: the corrected one flows there next."""
    field, link = correction.field, ctx.stores.ledger.link(owner.link.id) if owner.link is not None else None
    to_sf = correction.target is Service.SALESFORCE
    ctx.tally.updated_sf += to_sf
    ctx.tally.updated_ac += not to_sf
    with ctx.stores.db.transaction():
        if link is not None and field.key in ctx.schema.of(owner.sobject).by_key():
            base = _rebased(owner, correction, link)
            ctx.stores.ledger.save_link(replace(link, base=base, ac_stamp=None))
        ctx.note(
            [
                ctx.item(
                    correction.target,
                    HistoryAction.UPDATE,
                    owner.subject,
                    name=owner.name,
                    link_id=link.id if link is not None else None,
                    sobject=owner.sobject,
                    sf_id=owner.record.id if owner.record is not None else None,
                    ac_id=owner.contact.id if owner.contact is not None else None,
                    field=field.label,
                    before=correction.seen,
                    after=correction.value,
                    rule=EDITED,
                    key=field.key if link is not None else "",
                )
            ]
        )
        ctx.stores.intents.close(intent.id, IntentState.DONE)


def _rebased(owner: Owner, correction: Correction, link: Link) -> dict[str, Base]:
    other = Service.ACTIVECAMPAIGN if correction.target is Service.SALESFORCE else Service.SALESFORCE
    try:
        now = owner.value(correction.field, other)
    except ValueProblem:
        return dict(link.base)
    return {**link.base, correction.field.key: Base(now, now)}


async def settle_edit(ctx: SyncContext, intent: Intent) -> None:
    """After a crash: record a correction that arrived; one that did not is asked about again by its issue."""
    told = intent.payload
    sobject = SObject(told["sobject"])
    issue = Issue(
        ProblemCode.VALUE_MOVED,
        intent.key,
        name=str(told["name"]),
        sobject=sobject,
        sf_id=told["sf_id"],
        ac_id=told["ac_id"],
        link_id=told["link"],
    )
    schema = ctx.schema.objects.get(sobject)
    field = known_fields(ctx, schema).get(str(told["key"])) if schema is not None else None
    if field is not None:
        owner = await owner_of(ctx, issue)
        correction = Correction(field, Service(told["target"]), told["value"], told["seen"])
        if field.codec.equal(owner.shown(field, correction.target), correction.value):
            _keep(ctx, owner, correction, intent)
            return
    ctx.stores.intents.close(intent.id, IntentState.DONE)
