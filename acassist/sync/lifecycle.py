"""What becomes of a link when one end is deleted, merged, converted or restored (rules 2.4 and 2.5)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from acassist.domain.ids import Service, SObject
from acassist.domain.ledger import HistoryAction, Link, LinkState
from acassist.domain.merge import Base
from acassist.domain.problem import Problem, ProblemCode
from acassist.domain.record import SalesforceRecord
from acassist.domain.tags import CONVERTED
from acassist.sync.context import SyncContext, subject_of
from acassist.sync.tagging import intend_tag
from acassist.sync.twins import hand_over, primary_for

_GONE = (ProblemCode.SF_GONE, ProblemCode.AC_GONE)


def _break(ctx: SyncContext, link: Link, code: ProblemCode, name: str = "") -> None:
    """Mark a link broken and list it, both or neither; nothing is deleted on the other side."""
    if link.state is LinkState.BROKEN:
        return
    service = Service.SALESFORCE if code is ProblemCode.SF_GONE else Service.ACTIVECAMPAIGN
    with ctx.stores.db.transaction():
        if ctx.dry is None:
            # The cause stays with the link: its issue may be closed by a person who lets it go.
            ctx.stores.ledger.save_link(replace(link, state=LinkState.BROKEN, watch=code.value))
            hand_over(ctx.stores, link)
            # Whatever else was open about the record has lost its point.
            ctx.stores.issues.clear(subject_of(link.sobject, link.sf_id))
        ctx.raise_issue(
            Problem(code, subject_of(link.sobject, link.sf_id), service=service),
            subject=subject_of(link.sobject, link.sf_id),
            version="",
            name=name,
            sobject=link.sobject,
            sf_id=link.sf_id,
            ac_id=link.ac_id,
            link_id=link.id,
        )


def contact_gone(ctx: SyncContext, link: Link, name: str = "") -> None:
    """The contact is gone from ActiveCampaign; nobody is matched with it any more."""
    with ctx.stores.db.transaction():
        name = name or ctx.name_of(link.ac_id)
        ctx.stores.index.remove([link.ac_id])
        _break(ctx, link, ProblemCode.AC_GONE, name or link.email)


def record_gone(ctx: SyncContext, link: Link) -> None:
    """The record is gone from Salesforce, and from its recycle bin."""
    _break(ctx, link, ProblemCode.SF_GONE)


def settle(ctx: SyncContext, records: Sequence[SalesforceRecord]) -> list[SalesforceRecord]:
    """Follow deletes, merges, conversions and restores of linked records; return the records that stay live."""
    live = []
    for record in records:
        link = ctx.stores.ledger.links_by_sf(record.sobject, [record.id]).get(record.id)
        if record.deleted:
            if link is not None and link.state is not LinkState.BROKEN:
                _deleted(ctx, link, record)
        elif record.converted:
            if link is not None:
                _converted(ctx, link, record)
        else:
            if link is not None and link.state is LinkState.BROKEN:
                _restored(ctx, link)
            live.append(record)
    return live


def _restored(ctx: SyncContext, link: Link) -> None:
    """A record that came back takes part again, unless it was the contact that was gone."""
    subject = subject_of(link.sobject, link.sf_id)
    if ctx.dry is not None or link.watch == ProblemCode.AC_GONE:
        return
    if _taken(ctx, link, link.sobject):
        # Meanwhile its contact was linked to another record of the same object: a person decides.
        return
    with ctx.stores.db.transaction():
        primary = primary_for(ctx, link.sobject, link.ac_id, but=link.id)
        renewed = replace(link, state=LinkState.ACTIVE, ac_stamp=None, primary=primary, watch="")
        ctx.stores.ledger.save_link(renewed)
        ctx.stores.issues.clear(subject, codes=[ProblemCode.SF_GONE])


def _deleted(ctx: SyncContext, link: Link, record: SalesforceRecord) -> None:
    if record.survivor_id is None:
        _break(ctx, link, ProblemCode.SF_GONE, record.name)
        return
    _move(ctx, link, link.sobject, record.survivor_id)


def _converted(ctx: SyncContext, link: Link, record: SalesforceRecord) -> None:
    """Re-link to the contact the lead became, and never write to the lead again (rule 2.4)."""
    if record.converted_contact_id is None:
        _break(ctx, link, ProblemCode.SF_GONE, record.name)
        return
    with ctx.stores.db.transaction():
        if _move(ctx, link, SObject.CONTACT, record.converted_contact_id) and ctx.dry is None:
            intend_tag(ctx, link.ac_id, CONVERTED)


def _move(ctx: SyncContext, link: Link, sobject: SObject, sf_id: str) -> bool:
    """Point a link to another record; when that one is linked already, the two become one or an issue."""
    if ctx.dry is not None:
        return True
    other = ctx.stores.ledger.links_by_sf(sobject, [sf_id]).get(sf_id)
    with ctx.stores.db.transaction():
        if (other is not None and other.ac_id != link.ac_id) or (other is None and _taken(ctx, link, sobject)):
            _break(ctx, link, ProblemCode.SF_GONE)
            return False
        note = ctx.item(
            Service.SALESFORCE,
            HistoryAction.LINK,
            subject_of(sobject, sf_id),
            link_id=link.id,
            sobject=sobject,
            sf_id=sf_id,
            ac_id=link.ac_id,
            before=subject_of(link.sobject, link.sf_id),
            after=subject_of(sobject, sf_id),
        )
        ctx.note([note])
        if other is not None:
            ctx.stores.ledger.remove_link(link.id)
            ctx.stores.issues.clear(subject_of(link.sobject, link.sf_id))
            hand_over(ctx.stores, link)
            return True
        primary = link.primary if sobject is link.sobject else primary_for(ctx, sobject, link.ac_id, but=link.id)
        base = link.base if sobject is link.sobject else _translated(ctx, link, sobject)
        # Issues of the old record are raised anew for the new one; a link that its deletion broke is whole again.
        gone = {i.code for i in ctx.stores.issues.open_for(subject_of(link.sobject, link.sf_id))}
        state = LinkState.ACTIVE if ProblemCode.AC_GONE not in gone and link.state is LinkState.BROKEN else link.state
        if state is not LinkState.BROKEN:
            ctx.stores.issues.clear(subject_of(link.sobject, link.sf_id))
        moved = replace(link, sobject=sobject, sf_id=sf_id, base=base, state=state, primary=primary)
        ctx.stores.ledger.save_link(replace(moved, ac_stamp=None, sf_stamp=None))
        return True


def _taken(ctx: SyncContext, link: Link, sobject: SObject) -> bool:
    """Tell whether another record of the object has the contact: two of the same object are not linked (rule 2.2)."""
    others = ctx.stores.ledger.links_by_ac([link.ac_id]).get(link.ac_id, [])
    return any(o.id != link.id and o.sobject is sobject and o.state is not LinkState.BROKEN for o in others)


def _translated(ctx: SyncContext, link: Link, sobject: SObject) -> dict[str, Base]:
    """Carry what both sides last agreed on over to the new object, for fields of the same name on both objects.

    Without it an edit that was on its way when the lead was converted would be taken for an old difference.
    """
    return {f.key: link.base[f.key] for f in ctx.schema.of(sobject).fields if f.key in link.base}
