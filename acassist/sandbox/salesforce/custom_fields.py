"""The custom fields of the sandbox org: one of each type that can be mapped, and ActiveCampaign's three."""

from __future__ import annotations

from typing import Any

from acassist.sandbox.salesforce.fields import Field, from_metadata
from acassist.sandbox.salesforce.standard_fields import PICKLISTS


def _choices(name: str, *, restricted: bool) -> dict[str, Any]:
    values = [{"fullName": value, "label": value, "default": False} for value in PICKLISTS[name]]
    return {"restricted": restricted, "valueSetDefinition": {"sorted": False, "value": values}}


AGE_BAND = 'IF(ISBLANK(Score__c), "", IF(Score__c >= 60, "60 and over", IF(Score__c >= 30, "30 to 59", "Under 30")))'

PEOPLE: tuple[tuple[str, dict[str, Any]], ...] = (
    ("Annual_Budget__c", {"label": "Annual Budget", "type": "Currency", "precision": 18, "scale": 2}),
    (
        "Product_Interest__c",
        {
            "label": "Product Interest",
            "type": "MultiselectPicklist",
            "valueSet": _choices("interest", restricted=False),
        },
    ),
    ("Newsletter__c", {"label": "Newsletter", "type": "Checkbox"}),
    ("Trial_End__c", {"label": "Trial End", "type": "Date"}),
    ("Score__c", {"label": "Score", "type": "Number", "precision": 18, "scale": 2}),
    ("Discount__c", {"label": "Discount", "type": "Percent", "precision": 16, "scale": 2}),
    (
        "Segment__c",
        {"label": "Segment", "type": "Picklist", "valueSet": _choices("segment", restricted=True)},
    ),
    ("Support_Email__c", {"label": "Support Email", "type": "Email"}),
    ("Help_Page__c", {"label": "Help Page", "type": "Url"}),
    ("Second_Phone__c", {"label": "Second Phone", "type": "Phone"}),
    ("Notes__c", {"label": "Notes", "type": "LongTextArea", "length": 32768}),
    ("Short_Notes__c", {"label": "Short Notes", "type": "TextArea"}),
    ("Rich_Notes__c", {"label": "Rich Notes", "type": "Html", "length": 32768}),
    ("Nickname__c", {"label": "Nickname", "type": "Text", "length": 80}),
    ("Joined_Text__c", {"label": "Joined (Text)", "type": "Text", "length": 40}),
    ("Age_Band__c", {"label": "Age Band", "type": "Text", "formula": AGE_BAND}),
    ("Secret_Code__c", {"label": "Secret Code", "type": "EncryptedText", "length": 175}),
)

STATUS = ("ActiveCampaign_Sync_Status__c", {"label": "ActiveCampaign Sync Status", "type": "Text", "length": 255})
REMOTE_ID = (
    "ActiveCampaign_ID__c",
    {"label": "ActiveCampaign ID", "type": "Text", "length": 64, "externalId": True},
)
RELATION = (
    "ActiveCampaign_Relation_Sync_Status__c",
    {"label": "ActiveCampaign Relation Sync Status", "type": "Text", "length": 255},
)


def custom_fields(sobject: str, *, activecampaign: bool) -> list[Field]:
    """Return the custom fields of Lead, Contact or Account, with or without ActiveCampaign's own."""
    people = list(PEOPLE) if sobject in ("Lead", "Contact") else []
    own = [STATUS, REMOTE_ID, RELATION] if people else [STATUS]
    return [from_metadata(name, meta) for name, meta in people + (own if activecampaign else [])]


def age_band(row: dict[str, Any]) -> str | None:
    """Work out the formula field `Age_Band__c` (AGE_BAND) of one row."""
    score = row.get("Score__c")
    if score is None:
        return None
    if score >= 60:
        return "60 and over"
    return "30 to 59" if score >= 30 else "Under 30"
