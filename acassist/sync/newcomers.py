"""A selected record whose contact is to be created: what is sent, what recovery needs, what is kept of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from acassist.domain.ids import Service, SObject
from acassist.domain.ledger import HistoryAction, HistoryItem, Intent, IntentKind, Link
from acassist.domain.merge import Base
from acassist.domain.problem import Problem
from acassist.domain.record import ActiveCampaignContact, ImportRow, SalesforceRecord
from acassist.domain.tags import CREATED_FROM
from acassist.domain.values import ValueProblem
from acassist.sync.accounts import account_name_of
from acassist.sync.context import SyncContext, subject_of
from acassist.sync.plan import FieldProblem, creation_values
from acassist.sync.schema import OPT_OUT_FIELD
from acassist.sync.tagging import intend_tag
from acassist.sync.twins import primary_for


@dataclass(slots=True)
class Newcomer:
    """A record whose contact is being created, with the values to send."""

    record: SalesforceRecord
    values: dict[str, str]
    problems: tuple[FieldProblem, ...]
    account: str | None
    contact: ActiveCampaignContact | None = None

    @property
    def email(self) -> str:
        """Return the comparable address."""
        return self.record.email or ""


def newcomer(ctx: SyncContext, sobject: SObject, record: SalesforceRecord) -> Newcomer:
    """Return what a new contact of a record is to hold, and what did not fit."""
    values, problems = creation_values(ctx.schema.of(sobject).fields, record)
    return Newcomer(record, values, problems, account_name_of(ctx, record))


def open_intent(ctx: SyncContext, kind: IntentKind, people: Sequence[Newcomer]) -> Intent:
    """Store who is about to be created, with the values sent: recovery needs them as the base."""
    rows: list[dict[str, Any]] = [
        {
            "sobject": p.record.sobject.value,
            "sf_id": p.record.id,
            "email": p.email,
            "sent": sent_values(ctx, p),
            "account": p.account,
        }
        for p in people
    ]
    # Whoever this call makes gets a higher id than everybody known now.
    payload = {"rows": rows, "after": ctx.stores.index.max_id()}
    return ctx.stores.intents.open(Intent(kind, rows[0]["sf_id"], payload, run_id=ctx.run_id))


def sent_values(ctx: SyncContext, person: Newcomer) -> dict[str, str | None]:
    """Return what the new contact is to hold, by mapping key; fields that did not fit are left out."""
    found: dict[str, str | None] = {}
    for field_ in ctx.schema.of(person.record.sobject).fields:
        sent = field_.ac.key in person.values or field_.ac.key == "email"
        try:
            value = field_.codec.from_salesforce(person.record.fields.get(field_.sf.name))
        except ValueProblem:
            continue
        if sent or field_.codec.equal(value, None):
            found[field_.key] = value
    return found


def unsent_base(ctx: SyncContext, person: Newcomer, contact: ActiveCampaignContact) -> dict[str, Base]:
    """Return the base of fields that the mapping does not send, as long as the new contact has nothing there.

    Without it the first value that somebody types into the new contact would pass for an old difference.
    """
    base: dict[str, Base] = {}
    troubled = {problem.field.key for problem in person.problems}
    for key, field_ in ctx.schema.of(person.record.sobject).by_key().items():
        if key in troubled or field_.ac.key in person.values or contact.values.get(field_.ac.key):
            continue
        try:
            value = field_.codec.from_salesforce(person.record.fields.get(field_.sf.name))
        except ValueProblem:
            continue
        base[key] = Base(value, None)
    return base


def opted_out(record: SalesforceRecord) -> bool:
    """Tell whether a record wants no e-mail."""
    return bool(record.fields.get(OPT_OUT_FIELD))


def shown_base(
    ctx: SyncContext, sobject: SObject, sent: Mapping[str, str | None], contact: ActiveCampaignContact
) -> dict[str, Base]:
    """Return the base of a new pair: what was sent, as far as the contact shows it.

    A value that did not arrive has no base: with one, its absence would look like somebody's edit.
    """
    base: dict[str, Base] = {}
    for key, field_ in ctx.schema.of(sobject).by_key().items():
        if key not in sent:
            continue
        try:
            now = field_.codec.from_activecampaign(contact.values.get(field_.ac.key))
        except ValueProblem:
            continue
        if field_.codec.equal(sent[key], now):
            base[key] = Base(sent[key], sent[key])
    return base


def creation_items(ctx: SyncContext, person: Newcomer) -> Iterator[HistoryItem]:
    """Build the history of a new contact, one item a value."""
    record = person.record
    label_of = ctx.schema.of(record.sobject).label_of
    for key, value in {"email": person.email, **person.values}.items():
        yield ctx.item(
            Service.ACTIVECAMPAIGN,
            HistoryAction.CREATE,
            subject_of(record.sobject, record.id),
            name=record.name,
            sobject=record.sobject,
            sf_id=record.id,
            ac_id=person.contact.id if person.contact else None,
            field=label_of(key),
            after=value,
        )


def refused(ctx: SyncContext, record: SalesforceRecord, problem: Problem, *, field: str = "") -> None:
    """Raise an issue about a record that could not be sent."""
    ctx.raise_issue(
        problem,
        subject=subject_of(record.sobject, record.id),
        version=ctx.version(record),
        field=field,
        name=record.name,
        sobject=record.sobject,
        sf_id=record.id,
    )


def import_row(ctx: SyncContext, person: Newcomer) -> ImportRow:
    """Return a person as a row of a bulk import."""
    email = str(person.record.fields.get("Email") or "").strip()
    tags = (CREATED_FROM[person.record.sobject],)
    return ImportRow(email, person.values, tags, person.account, lists_to_join(ctx, person.record))


def lists_to_join(ctx: SyncContext, record: SalesforceRecord) -> tuple[str, ...]:
    """Return the lists that a new person joins (rule 5.2).

    Opted-out people are never subscribed, nor is anybody while nobody can tell who opted out (rule 5.8).
    """
    barred = opted_out(record) or not ctx.schema.of(record.sobject).opt_out_readable
    return () if barred else ctx.setup.outbound.subscribe_lists


def add_link(
    ctx: SyncContext,
    record: SalesforceRecord,
    ac_id: str,
    *,
    base: Mapping[str, Base] | None = None,
    account: str | None = None,
    lists: tuple[str, ...] = (),
) -> tuple[Link, Intent]:
    """Store a link, its history and the intent to tag the contact; call it inside a transaction.

    `lists` are those that a person who was just created, and by no import, still has to join.
    """
    primary = primary_for(ctx, record.sobject, ac_id)
    link = ctx.stores.ledger.add_link(
        Link(
            record.sobject,
            record.id,
            ac_id,
            record.email or "",
            primary=primary,
            base=base or {},
            sf_stamp=record.stamp,
            fingerprint=ctx.setup.mapping.fingerprint(record.sobject),
            synced_at=ctx.clock.now(),
        )
    )
    ctx.note(
        [
            ctx.item(
                Service.ACTIVECAMPAIGN,
                HistoryAction.LINK,
                subject_of(record.sobject, record.id),
                name=record.name,
                link_id=link.id,
                sobject=record.sobject,
                sf_id=record.id,
                ac_id=ac_id,
            )
        ]
    )
    return link, intend_tag(ctx, ac_id, CREATED_FROM[record.sobject], account=account, lists=lists)
