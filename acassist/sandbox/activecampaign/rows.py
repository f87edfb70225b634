"""Rows as they are sent: all scalars as text, dates in Central time, links with absolute addresses."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from acassist.sandbox.activecampaign.account import Account
from acassist.sandbox.activecampaign.state import Affiliation, Contact, FieldValue, Membership, Tagging
from acassist.sandbox.activecampaign.wire import Json, bare, central

CONTACT_LINKS = (
    *("bounceLogs", "contactAutomations", "contactData", "contactGoals", "contactLists", "contactLogs", "contactTags"),
    *("contactDeals", "deals", "fieldValues", "geoIps", "notes", "organization", "plusAppend", "trackingLogs"),
    *("scoreValues", "accountContacts", "automationEntryCounts"),
)


def links(account: Account, kind: str, key: object, names: tuple[str, ...]) -> dict[str, str]:
    """Return the absolute addresses of the sub-resources of one row."""
    base = f"{account.addresses.activecampaign}/api/3/{kind}/{key}"
    return {name: f"{base}/{name}" for name in names}


def stamps(created: datetime, changed: datetime, by: str) -> Json:
    """Return the four book-keeping keys that most rows carry."""
    return {
        "created_timestamp": bare(created),
        "updated_timestamp": bare(changed),
        "created_by": by,
        "updated_by": by,
    }


def contact_row(account: Account, contact: Contact) -> Json:
    """Return the long form of a person (section 2, key set of 2026)."""
    addresses = links(account, "contacts", contact.id, CONTACT_LINKS)
    addresses["contactAutomations"] += "?limit=2500&orders%5Blastdate%5D=DESC"
    created, changed = bare(contact.cdate), bare(contact.udate)
    affiliation = contact.affiliation
    local, _, domain = contact.email.partition("@")
    company = account.tables["accounts"].rows[affiliation.account]["name"] if affiliation else ""
    return {
        "cdate": central(contact.cdate),
        "email": contact.email,
        "phone": contact.phone,
        "firstName": contact.first,
        "lastName": contact.last,
        "orgid": str(affiliation.account) if affiliation else "0",
        "orgname": company,
        "segmentio_id": "",
        "bounced_hard": str(contact.bounced_hard),
        "bounced_soft": str(contact.bounced_soft),
        "bounced_date": contact.bounced_at and bare(contact.bounced_at)[:10],
        "ip": "0",
        "ua": None,
        "hash": contact.hash,
        "socialdata_lastcheck": None,
        "email_local": local,
        "email_domain": domain,
        "sentcnt": "0",
        "rating_tstamp": None,
        "gravatar": "0",
        "deleted": "0",
        "anonymized": "0",
        "adate": None,
        "udate": central(contact.udate),
        "edate": None,
        "deleted_at": None,
        "created_utc_timestamp": created,
        "updated_utc_timestamp": changed,
        "created_timestamp": created,
        "updated_timestamp": changed,
        "created_by": contact.by,
        "updated_by": contact.by,
        "mpp_tracking": "0",
        "last_click_date": None,
        "last_open_date": None,
        "last_mpp_open_date": None,
        "best_send_hour": "0",
        "sms_consent": "",
        "sms_consent_updated_at": None,
        "whatsapp_id": None,
        "whatsapp_username": None,
        "scoreValues": [],
        "accountContacts": [str(affiliation.id)] if affiliation else [],
        "links": addresses,
        "id": str(contact.id),
        "organization": str(affiliation.account) if affiliation else None,
    }


def short_contact_row(account: Account, contact: Contact) -> Json:
    """Return the short form that a create answers (section 2)."""
    return {
        "email": contact.email,
        "phone": contact.phone,
        "firstName": contact.first,
        "lastName": contact.last,
        "email_empty": False,
        "cdate": central(contact.cdate),
        "udate": central(contact.udate),
        "orgid": "",
        "orgname": "",
        "links": links(account, "contacts", contact.id, CONTACT_LINKS),
        "hash": contact.hash,
        "fieldValues": [str(value.id) for value in contact.values.values()],
        "id": str(contact.id),
        "organization": "",
    }


def value_row(account: Account, row: FieldValue) -> Json:
    """Return one field value (section 2)."""
    return {
        "contact": str(row.contact),
        "field": str(row.field),
        "value": row.value,
        "cdate": central(row.cdate),
        "udate": central(row.udate),
        "created_by": row.by,
        "updated_by": row.by,
        "links": links(account, "fieldValues", row.id, ("owner", "field")),
        "id": str(row.id),
        "owner": str(row.contact),
    }


def tagging_row(account: Account, row: Tagging) -> Json:
    """Return one association of a person and a tag (section 4)."""
    return {
        "contact": str(row.contact),
        "tag": str(row.tag),
        "cdate": central(row.cdate),
        **stamps(row.cdate, row.cdate, "1"),
        "links": links(account, "contactTags", row.id, ("tag", "contact")),
        "id": str(row.id),
    }


def membership_row(account: Account, row: Membership) -> Json:
    """Return one list membership (section 2)."""
    contact = account.contacts[row.contact]
    return {
        "contact": str(row.contact),
        "list": str(row.list),
        "form": None,
        "seriesid": "0",
        "sdate": central(row.sdate),
        "udate": central(row.udate) if row.status == 2 else None,
        "status": str(row.status),
        "responder": "1",
        "sync": "0",
        "unsubreason": row.unsubreason,
        "campaign": None,
        "message": None,
        "first_name": contact.first,
        "last_name": contact.last,
        "ip4Sub": "0",
        "sourceid": str(row.sourceid),
        "autosyncLog": None,
        "ip4_last": "0",
        "ip4Unsub": "0",
        "created_timestamp": bare(row.sdate),
        "updated_timestamp": bare(row.udate),
        "unsubscribeAutomation": None,
        "links": links(account, "contactLists", row.id, ("automation", "list", "contact", "form", "autosyncLog")),
        "id": str(row.id),
        "automation": None,
    }


def affiliation_row(account: Account, row: Affiliation) -> Json:
    """Return one accountContact (section 5)."""
    return {
        "account": str(row.account),
        "contact": str(row.contact),
        "jobTitle": row.job_title,
        "createdTimestamp": central(row.cdate),
        "updatedTimestamp": central(row.udate),
        "links": links(account, "accountContacts", row.id, ("account", "contact")),
        "id": str(row.id),
    }


def table_row(account: Account, kind: str, row: Json) -> Json:
    """Return a row of a simple table with dates as text and its links; keys with a leading underscore stay here."""
    shown: dict[str, Any] = {}
    for key, value in row.items():
        if not key.startswith("_"):
            shown[key] = central(value) if isinstance(value, datetime) else value
    names = account.tables[kind].links
    shown["links"] = links(account, kind, row["id"], names) if names else []
    return shown
