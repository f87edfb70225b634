"""What the wizard pages ask both services: fields to map, rows to check, samples, counts, jobs, offers."""

from __future__ import annotations

from dataclasses import replace

from acassist.assistant.session import Session
from acassist.assistant.views import MappingChoices, Offer, RowCheck, Sample, SampleReport
from acassist.domain.activity import Automation, Campaign
from acassist.domain.fields import (
    ACCOUNT_NAME_FIELD,
    STANDARD_CONTACT_FIELDS,
    STATUS_FIELD_LABEL,
    ActiveCampaignField,
    SalesforceField,
    find_sync_fields,
    one_way,
    refusal,
)
from acassist.domain.ids import SObject
from acassist.domain.mapping import Direction, FieldMapping
from acassist.domain.problem import Problem, ProblemCode, ProblemError
from acassist.domain.profile import ScheduledJob
from acassist.domain.record import ActiveCampaignContact, SalesforceRecord, normalize_email
from acassist.domain.selection import Selection, SelectionKind
from acassist.domain.tags import is_offered_label
from acassist.domain.text import N_, Message
from acassist.domain.values import Codec, ValueProblem, codec_for
from acassist.salesforce.criteria import CriteriaError, selection_where
from acassist.salesforce.soql import all_of, count, select
from acassist.sync.context import to_record

_SAMPLE_COLUMNS = ("Id", "SystemModstamp", "Email", "Name")


class Probes:
    """Questions of the wizard pages; nothing here writes."""

    def __init__(self, session: Session) -> None:
        self._session = session

    # -- mapping
    async def choices(self, sobject: SObject) -> MappingChoices:
        """Return the fields that may be mapped for one object."""
        salesforce = await self._session.salesforce()
        description = await salesforce.describe(sobject)
        fields = tuple(f for f in description.fields if f.type not in {"id", "reference", "address", "location"})
        if sobject is SObject.ACCOUNT:
            return await self._account_choices(fields)
        activecampaign = await self._session.activecampaign()
        standard = [f for f in STANDARD_CONTACT_FIELDS if f.key != "account" or sobject is SObject.LEAD]
        return MappingChoices(sobject, (*standard, *await activecampaign.custom_fields()), fields)

    async def _account_choices(self, fields: tuple[SalesforceField, ...]) -> MappingChoices:
        """On a plan without accounts: one row, any contact field with Account Name (rule 5.7)."""
        activecampaign = await self._session.activecampaign()
        connection = self._session.setup.activecampaign
        if connection is not None and connection.accounts_available is False:
            name = tuple(f for f in fields if f.name == "Name")
            return MappingChoices(SObject.ACCOUNT, tuple(await activecampaign.custom_fields()), name, rows_allowed=1)
        return MappingChoices(SObject.ACCOUNT, (ACCOUNT_NAME_FIELD, *await activecampaign.account_fields()), fields)

    async def _pair(self, sobject: SObject, row: FieldMapping) -> tuple[ActiveCampaignField, SalesforceField]:
        choices = await self.choices(sobject)
        ac = next((f for f in choices.ac_fields if f.key == row.ac_key), None)
        sf = next((f for f in choices.sf_fields if f.name == row.sf_field), None)
        if ac is None or sf is None:
            gone = Message(N_("One of the two fields is gone."))
            raise ProblemError(
                Problem(ProblemCode.MAPPING_INVALID, row.key, {"what": row.sf_field or row.ac_key, "reason": gone})
            )
        return ac, sf

    async def check_row(self, sobject: SObject, row: FieldMapping) -> RowCheck:
        """Check one row: type table, forced direction, warnings."""
        try:
            ac, sf = await self._pair(sobject, row)
        except ProblemError as error:
            return RowCheck(error.problem.sentence, None)
        reason = refusal(ac, sf)
        forced = Direction.TO_ACTIVECAMPAIGN if one_way(sf) else None
        return RowCheck(reason, forced, () if reason is not None else _warnings(ac, sf))

    async def try_mapping(self, sobject: SObject, row: FieldMapping, limit: int) -> SampleReport:
        """Try one row on the newest records that have an address, without writing."""
        ac, sf = await self._pair(sobject, row)
        reason = refusal(ac, sf)
        if reason is not None:
            values = {"what": sf.label, "reason": reason}
            raise ProblemError(Problem(ProblemCode.MAPPING_INVALID, sf.label, values))
        records = await self._recent(sobject, sf.name, limit)
        contacts = await self._contacts_of(records) if sobject is not SObject.ACCOUNT else {}
        codec = codec_for(sf, ac, locale=row.locale)
        samples = [_sample(codec, sf, ac, r, contacts.get(r.email or "")) for r in records]
        return SampleReport(tuple(samples), sum(1 for s in samples if s.problem is None))

    async def _recent(self, sobject: SObject, column: str, limit: int) -> list[SalesforceRecord]:
        salesforce = await self._session.salesforce()
        base = _SAMPLE_COLUMNS if sobject is not SObject.ACCOUNT else ("Id", "SystemModstamp", "Name")
        where = "Email != null" if sobject is not SObject.ACCOUNT else None
        soql = select([*base, column], sobject, where=where, order_by="SystemModstamp DESC", limit=limit)
        return [to_record(sobject, row) async for page in salesforce.query(soql) for row in page]

    async def _contacts_of(self, records: list[SalesforceRecord]) -> dict[str, ActiveCampaignContact]:
        activecampaign = await self._session.activecampaign()
        found = {}
        for record in records[:5]:
            contact = await activecampaign.contact_by_email(record.email or "")
            if contact is not None:
                found[normalize_email(contact.email) or ""] = contact
        return found

    # -- selection
    async def selection_fields(self, sobject: SObject) -> MappingChoices:
        """Return the Salesforce fields that criteria may use."""
        salesforce = await self._session.salesforce()
        description = await salesforce.describe(sobject)
        fields = tuple(f for f in description.fields if f.filterable and f.type not in {"address", "location"})
        return MappingChoices(sobject, (), fields)

    async def soql(self, sobject: SObject, selection: Selection) -> str:
        """Return the WHERE clause that a selection stands for, empty for "none"."""
        salesforce = await self._session.salesforce()
        description = await salesforce.describe(sobject)
        if selection.kind is SelectionKind.NEW and selection.since is None:
            now = salesforce.server_time() or self._session.machine.clock.now()
            selection = replace(selection, since=now)
        try:
            return selection_where(selection, description, find_sync_fields(description)) or ""
        except CriteriaError as error:
            values = {"what": Message(N_("The condition")), "reason": error.message}
            raise ProblemError(Problem(ProblemCode.MAPPING_INVALID, values=values)) from error

    async def count(self, sobject: SObject, selection: Selection) -> int:
        """Count the records with an address that a selection chooses right now."""
        clause = await self.soql(sobject, selection)
        if not clause:
            return 0
        salesforce = await self._session.salesforce()
        return await salesforce.count(count(sobject, where=all_of(["Email != null", clause])))

    async def marked_blocked(self, sobject: SObject) -> str | None:
        """Return the label of the missing status field, or None when "marked" may be chosen."""
        salesforce = await self._session.salesforce()
        found = find_sync_fields(await salesforce.describe(sobject))
        return None if found.status else STATUS_FIELD_LABEL

    async def other_jobs(self) -> list[ScheduledJob]:
        """List the org's other scheduled jobs."""
        return await (await self._session.salesforce()).scheduled_jobs()

    # -- step 4
    async def offers(self) -> tuple[list[Offer], list[Offer]]:
        """Return campaigns and automations with what is offered (labels where the account tells them)."""
        activecampaign = await self._session.activecampaign()
        cx = self._session.setup.cx
        campaigns = [_campaign(c, cx.campaigns) for c in await activecampaign.campaigns()]
        automations = [_automation(a, cx.automations) for a in await activecampaign.automations()]
        return campaigns, automations


def _labelled(labels: tuple[str, ...] | None) -> bool | None:
    return None if labels is None else any(is_offered_label(label) for label in labels)


def _campaign(campaign: Campaign, ticked: tuple[str, ...]) -> Offer:
    reason = None if campaign.sendable else Message(N_("Only a finished campaign with its own message can be sent."))
    return Offer(
        campaign.id, campaign.name, campaign.subject, _labelled(campaign.labels), campaign.id in ticked, reason
    )


def _automation(automation: Automation, ticked: tuple[str, ...]) -> Offer:
    reason = None if automation.active else Message(N_("The automation is inactive."))
    return Offer(automation.id, automation.name, "", _labelled(automation.labels), automation.id in ticked, reason)


def _warnings(ac: ActiveCampaignField, sf: SalesforceField) -> tuple[Message, ...]:
    """Name what may go wrong later: options that one side lacks, required fields."""
    found = []
    if sf.restricted_picklist and ac.options:
        missing = [o for o in ac.options if o not in {v.value for v in sf.picklist if v.active}]
        if missing:
            values = {"values": ", ".join(missing[:5])}
            found.append(Message(N_("Salesforce does not accept these options: {values}."), values))
    if sf.required_on_create:
        found.append(Message(N_("Salesforce needs a value in this field for every new record.")))
    return tuple(found)


def _sample(
    codec: Codec,
    sf: SalesforceField,
    ac: ActiveCampaignField,
    record: SalesforceRecord,
    contact: ActiveCampaignContact | None,
) -> Sample:
    """Convert one real value each way and name the problem when it does not fit."""
    raw, other = record.fields.get(sf.name), contact.values.get(ac.key) if contact else None
    result: str | None = None
    target, problem = Direction.TO_ACTIVECAMPAIGN, None
    try:
        if raw in (None, "", False) and other:
            target = Direction.TO_SALESFORCE
            result = _shown(codec.to_salesforce(codec.from_activecampaign(other)))
        else:
            result = codec.to_activecampaign(codec.from_salesforce(raw)) or None
    except ValueProblem as error:
        problem = error.problem.sentence
    return Sample(
        str(record.fields.get("Name") or record.id), _shown(raw), other or None, result, target, problem
    )


def _shown(value: object) -> str | None:
    return None if value in (None, "") else str(value)
