"""Search of leads and contacts as a person types it."""

from __future__ import annotations

import re
from typing import Any

from acassist.domain.ids import SObject, sobject_of, to18
from acassist.domain.problem import ProblemError
from acassist.salesforce.caller import HIDDEN, Caller
from acassist.salesforce.soql import like, quote, select

MOST_HITS = 25
_ID = re.compile(r"(?<![0-9A-Za-z])(00Q|003)[0-9A-Za-z]{12}(?:[0-9A-Za-z]{3})?(?![0-9A-Za-z])")
_FIELDS = {
    SObject.LEAD: ("Id", "Name", "FirstName", "LastName", "Email", "Company", "IsConverted", "SystemModstamp"),
    SObject.CONTACT: ("Id", "Name", "FirstName", "LastName", "Email", "Account.Name", "SystemModstamp"),
}
_SEARCHED = {SObject.LEAD: ("Name", "Email", "Company"), SObject.CONTACT: ("Name", "Email", "Account.Name")}


def pasted_id(text: str) -> str | None:
    """Find a lead or contact id in an id or a record's address that was pasted."""
    match = _ID.search(text)
    return to18(match[0]) if match else None


def _condition(sobject: SObject, text: str) -> str:
    return " OR ".join(f"{name} LIKE {like(text)}" for name in _SEARCHED[sobject])


async def _hits(client: Caller, sobject: SObject, condition: str) -> list[dict[str, Any]]:
    soql = select(_FIELDS[sobject], sobject.value, where=condition, order_by="Name", limit=MOST_HITS)
    try:
        return await client.rows(soql)
    except ProblemError as error:
        # A user without access to leads still finds contacts.
        if error.problem.code in HIDDEN:
            return []
        raise


async def people(client: Caller, text: str) -> list[dict[str, Any]]:
    """Return raw rows, leads before contacts; `attributes.type` names the object."""
    wanted = text.strip()
    if not wanted:
        return []
    record_id = pasted_id(wanted)
    sobject = sobject_of(record_id) if record_id else None
    if record_id and sobject:
        return await _hits(client, sobject, f"Id = {quote(record_id)}")
    found = [await _hits(client, sobject, _condition(sobject, wanted)) for sobject in _FIELDS]
    return [row for rows in found for row in rows]
