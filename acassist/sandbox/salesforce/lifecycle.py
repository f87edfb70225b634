"""What people do in Salesforce itself: merge, convert and undelete."""

from __future__ import annotations

from typing import Any

from acassist.sandbox.salesforce.errors import ApiError
from acassist.sandbox.salesforce.ids import canonical
from acassist.sandbox.salesforce.org import Actor, SalesforceOrg
from acassist.sandbox.salesforce.save import Writer
from acassist.sandbox.salesforce.schema import SObject

CARRIED = ("FirstName", "LastName", "Salutation", "Email", "Phone", "MobilePhone", "Fax", "Title", "Description")
ADDRESS = ("Street", "City", "State", "PostalCode", "Country")


def merge(org: SalesforceOrg, actor: Actor, item: SObject, master: str, losers: list[str]) -> None:
    """Merge one or two records into a master of the same kind (section 5). Raises ApiError."""
    if not 1 <= len(losers) <= 2 or master in losers:
        raise ApiError("INVALID_NUMBER_FIELD_MERGE", "A merge takes one master and one or two other records.")
    writer = Writer(org, actor)
    winner = writer.existing(item, master)
    for loser in losers:
        row = writer.existing(item, loser)
        writer.commit(item, row, {**row, "IsDeleted": True, "MasterRecordId": winner["Id"]}, ("MasterRecordId",))
        if item.name == "Account":
            _move_contacts(org, writer, row["Id"], winner["Id"])
    writer.commit(item, winner, dict(winner), ())


def _move_contacts(org: SalesforceOrg, writer: Writer, old: str, new: str) -> None:
    contacts = org.schema.find("Contact")
    table = org.table(contacts)
    for key in table.lookup("AccountId", old):
        row = table.rows[key]
        writer.commit(contacts, row, {**row, "AccountId": new}, ("AccountId",))


def undelete(org: SalesforceOrg, actor: Actor, item: SObject, record_id: str) -> None:
    """Bring a record back from the recycle bin with a new stamp. Raises ApiError."""
    row = org.table(item).rows.get(canonical(record_id) or "")
    if row is None or not row.get("IsDeleted") or row.get("MasterRecordId"):
        raise ApiError("UNDELETE_FAILED", "Entity is not in the recycle bin", fields=[])
    Writer(org, actor).commit(item, row, {**row, "IsDeleted": False}, ("IsDeleted",))


def convert(org: SalesforceOrg, actor: Actor, lead_id: str, contact_id: str | None) -> dict[str, str]:
    """Convert a lead into a new contact, or into an existing one, and return the ids (section 5)."""
    leads, contacts, accounts = (org.schema.find(name) for name in ("Lead", "Contact", "Account"))
    writer = Writer(org, actor)
    lead = writer.existing(leads, lead_id)
    if lead.get("IsConverted"):
        raise ApiError("CANNOT_UPDATE_CONVERTED_LEAD", "cannot reference converted lead")
    if contact_id:
        contact = writer.existing(contacts, contact_id)
        account = str(contact.get("AccountId") or writer.create(accounts, {"Name": lead["Company"]}))
        blanks = {k: lead[k] for k in CARRIED if lead.get(k) is not None and contact.get(k) is None}
        writer.update(contacts, contact["Id"], {**blanks, "AccountId": account})
        made = contact["Id"]
    else:
        account = writer.create(accounts, {"Name": lead["Company"]})
        made = writer.create(contacts, {**_carried(lead), "AccountId": account})
    changed: dict[str, Any] = {
        "IsConverted": True,
        "Status": "Closed - Converted",
        "ConvertedDate": org.now().date().isoformat(),
        "ConvertedAccountId": account,
        "ConvertedContactId": made,
    }
    writer.commit(leads, lead, {**lead, **changed}, tuple(changed))
    return {"lead": lead["Id"], "contact": str(made), "account": account}


def _carried(lead: dict[str, Any]) -> dict[str, Any]:
    values = {name: lead[name] for name in CARRIED if lead.get(name) is not None}
    return values | {f"Mailing{name}": lead[name] for name in ADDRESS if lead.get(name) is not None}
