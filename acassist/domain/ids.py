"""Identifiers: Salesforce object names and ids, and what ActiveCampaign ids look like."""

from __future__ import annotations

from enum import StrEnum

_SUFFIX = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"


class Service(StrEnum):
    """The two services that are kept in sync."""

    SALESFORCE = "salesforce"
    ACTIVECAMPAIGN = "activecampaign"

    @property
    def other(self) -> Service:
        """Name the opposite service."""
        return Service.ACTIVECAMPAIGN if self is Service.SALESFORCE else Service.SALESFORCE


class SObject(StrEnum):
    """The Salesforce objects (sObjects) that this product reads and writes."""

    LEAD = "Lead"
    CONTACT = "Contact"
    ACCOUNT = "Account"


PEOPLE = (SObject.LEAD, SObject.CONTACT)
KEY_PREFIXES = {"00Q": SObject.LEAD, "003": SObject.CONTACT, "001": SObject.ACCOUNT}


def to18(record_id: str) -> str:
    """Return the 18-character form of a 15- or 18-character Salesforce id.

    The three added characters encode which letters are upper case (Salesforce "ID field type").
    Raises ValueError when the text is not an id.
    """
    plain = record_id.isascii() and record_id.isalnum()
    if len(record_id) == 18 and plain:
        return record_id
    if len(record_id) != 15 or not plain:
        raise ValueError("not a Salesforce id")
    suffix = ""
    for start in (0, 5, 10):
        bits = sum(1 << i for i, c in enumerate(record_id[start : start + 5]) if c.isupper())
        suffix += _SUFFIX[bits]
    return record_id + suffix


def sobject_of(record_id: str) -> SObject | None:
    """Tell the object of a record id from its key prefix, or None when it is not one of ours."""
    return KEY_PREFIXES.get(record_id[:3])
