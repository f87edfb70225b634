"""Tag literals of the official integration and our two trigger tags; never translated."""

from __future__ import annotations

from acassist.domain.ids import SObject

CREATED_FROM = {SObject.LEAD: "created-from-salesforce-lead", SObject.CONTACT: "created-from-salesforce-contact"}
ADDED_TO = {SObject.LEAD: "added-to-salesforce-lead", SObject.CONTACT: "added-to-salesforce-contact"}
CONVERTED = "salesforce-lead-converted-to-contact"
TRIGGER = {SObject.CONTACT: "create-salesforce-contact", SObject.LEAD: "create-salesforce-lead"}
# The older generation, still read (integration_behaviour A8), never written.
OLD_TAGS = ("created-from-salesforce", "added-to-salesforce")
SYNC_TAGS = (*CREATED_FROM.values(), *ADDED_TO.values(), CONVERTED, *OLD_TAGS)
WRITTEN_TAGS = (*CREATED_FROM.values(), *ADDED_TO.values(), CONVERTED, *TRIGGER.values())
LABEL = "Salesforce"


def is_sync_tag(name: str) -> bool:
    """Tell whether a tag makes a contact eligible for inbound updates (rule 1.4)."""
    return name.strip().casefold() in SYNC_TAGS


def is_offered_label(label: str) -> bool:
    """Tell whether a campaign or automation label is the one that offers it; case is ignored [S]."""
    return label.strip().casefold() == LABEL.casefold()
