"""Fields of every kind that the type table names, for the tests of values and mappings."""

from acassist.domain.fields import ActiveCampaignField, FieldKind, PicklistValue, SalesforceField

COLOURS = ("blue", "green", "red")
_PICKS = tuple(PicklistValue(v, v.title()) for v in COLOURS)

SALESFORCE = {
    FieldKind.CHECKBOX: SalesforceField("Box__c", "Box", "boolean"),
    FieldKind.CURRENCY: SalesforceField("Budget__c", "Budget", "currency", precision=18, scale=2),
    FieldKind.DATE: SalesforceField("Day__c", "Day", "date"),
    FieldKind.EMAIL: SalesforceField("Mail__c", "Mail", "email", length=80),
    FieldKind.FORMULA: SalesforceField("Band__c", "Band", "string", length=1300, calculated=True, updateable=False),
    FieldKind.NUMBER: SalesforceField("Score__c", "Score", "double", precision=18, scale=3),
    FieldKind.PERCENT: SalesforceField("Discount__c", "Discount", "percent", precision=5, scale=2),
    FieldKind.PICKLIST: SalesforceField(
        "Colour__c", "Colour", "picklist", length=255, restricted_picklist=True, picklist=_PICKS
    ),
    FieldKind.MULTI_PICKLIST: SalesforceField(
        "Colours__c", "Colours", "multipicklist", length=4099, restricted_picklist=True, picklist=_PICKS
    ),
    FieldKind.PHONE: SalesforceField("Phone2__c", "Second phone", "phone", length=40),
    FieldKind.TEXT: SalesforceField("Nick__c", "Nickname", "string", length=60),
    FieldKind.TEXT_AREA: SalesforceField("Short__c", "Short notes", "textarea", length=255),
    FieldKind.LONG_TEXT_AREA: SalesforceField("Long__c", "Notes", "textarea", length=32768, long_text=True),
    FieldKind.RICH_TEXT_AREA: SalesforceField("Rich__c", "Rich notes", "textarea", length=32768, html=True),
    FieldKind.ENCRYPTED_TEXT: SalesforceField("Secret__c", "Secret", "encryptedstring", length=50, encrypted=True),
    FieldKind.URL: SalesforceField("Page__c", "Page", "url", length=255),
}


def activecampaign(kind_type: str, options: tuple[str, ...] | None = None) -> ActiveCampaignField:
    """Return a custom field of a type; check boxes have the option `true`, lists the three colours."""
    usual = {"checkbox": ("true",), "listbox": COLOURS}.get(kind_type, ())
    return ActiveCampaignField("field:7", "Their field", kind_type, options=usual if options is None else options)
