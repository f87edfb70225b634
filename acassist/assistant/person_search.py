"""Search over both services: pasted ids and addresses, and one list of typed results."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from acassist.assistant.person_card import AC_KIND, KIND_LABELS, company_of
from acassist.assistant.views import RecordRef, SearchHit
from acassist.domain.ids import SObject, sobject_of, to18
from acassist.domain.record import ActiveCampaignContact, SalesforceRecord
from acassist.domain.text import Message
from acassist.storage.ledger import Ledger
from acassist.sync.context import to_record

_ID_IN_TEXT = re.compile(r"\b((?:00Q|003)[0-9A-Za-z]{12}(?:[0-9A-Za-z]{3})?)\b")
_CONTACT_IN_TEXT = re.compile(r"/app/contacts/(\d+)")
_NEVER = "1970-01-01T00:00:00.000+0000"


def pasted(text: str) -> RecordRef | None:
    """Understand a pasted Salesforce or ActiveCampaign id or address."""
    match = _ID_IN_TEXT.search(text)
    if match:
        record_id = to18(match[1])
        return RecordRef(sobject_of(record_id), record_id)
    contact = _CONTACT_IN_TEXT.search(text)
    return RecordRef(ac_id=contact[1]) if contact else None


def merged(
    ledger: Ledger, rows: Sequence[dict[str, Any]], contacts: Sequence[ActiveCampaignContact]
) -> list[SearchHit]:
    """Return leads and contacts first, then the ActiveCampaign contacts that none of them is linked to."""
    records = [_record(row) for row in rows]
    links = {
        (sobject, sf_id): link
        for sobject in {r.sobject for r in records}
        for sf_id, link in ledger.links_by_sf(sobject, [r.id for r in records if r.sobject is sobject]).items()
    }
    hits, shown = [], {link.ac_id for link in links.values()}
    for record in records:
        link = links.get((record.sobject, record.id))
        ref = RecordRef(record.sobject, record.id, link.ac_id if link else None)
        email, kind = str(record.fields.get("Email") or ""), Message(KIND_LABELS[record.sobject])
        hits.append(SearchHit(ref, record.name, email, company_of(record), kind, link is not None))
    others = [contact for contact in contacts if contact.id not in shown]
    linked = ledger.links_by_ac([contact.id for contact in others])
    for contact in others:
        ref, kind = RecordRef(ac_id=contact.id), Message(AC_KIND)
        hits.append(SearchHit(ref, contact.name, contact.email, "", kind, bool(linked.get(contact.id))))
    return hits


def _record(row: dict[str, Any]) -> SalesforceRecord:
    kind = SObject((row.get("attributes") or {}).get("type") or sobject_of(row["Id"]) or SObject.LEAD)
    return to_record(kind, {"SystemModstamp": _NEVER, **row})
