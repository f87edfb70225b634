"""The simple resources: their names on the wire, their internal names and the links of their rows."""

from __future__ import annotations

from acassist.sandbox.activecampaign.state import Table

_SPECS: tuple[tuple[str, str, str, tuple[str, ...]], ...] = (
    ("users", "user", "User", ("lists", "userGroup", "dealGroupTotals", "dealGroupUsers", "configs")),
    ("fields", "field", "Field", ("options", "relations")),
    ("fieldOptions", "fieldOption", "FieldOption", ("field",)),
    ("fieldRels", "fieldRel", "FieldRel", ()),
    ("groupMembers", "groupMember", "GroupMember", ()),
    ("tags", "tag", "Tag", ("contactGoalTags",)),
    ("lists", "list", "List", ("contactGoalLists", "user", "addressLists")),
    ("accounts", "account", "CustomerAccount", ("notes", "accountCustomFieldData", "accountContacts", "owner")),
    ("accountCustomFieldMeta", "accountCustomFieldMetum", "AccountCustomFieldMeta", ("accountCustomFieldData",)),
    ("accountCustomFieldData", "accountCustomFieldDatum", "AccountCustomFieldData", ("account",)),
    (
        "automations",
        "automation",
        "Series",
        ("campaigns", "contactGoals", "contactAutomations", "blocks", "goals", "sms", "sitemessages", "triggers"),
    ),
    (
        "contactAutomations",
        "contactAutomation",
        "SubscriberSeries",
        ("automation", "contact", "contactGoals", "automationLogs"),
    ),
    (
        "campaigns",
        "campaign",
        "Campaign",
        (
            *("user", "automation", "campaignMessage", "campaignMessages"),
            *("links", "aggregateRevenues", "segment", "campaignLists"),
        ),
    ),
    ("campaignMessages", "campaignMessage", "CampaignMessage", ("campaign", "message")),
    ("campaignLists", "campaignList", "CampaignList", ("campaign", "list")),
    ("messages", "message", "Message", ("user",)),
    ("links", "link", "Link", ("campaign", "message")),
    ("logs", "log", "Log", ("campaign", "message", "contact")),
    ("linkData", "linkDatum", "LinkData", ("link", "contact")),
    ("mppLinkData", "mppLinkDatum", "MppLinkData", ("link", "contact")),
    ("replies", "reply", "Reply", ("campaign", "message", "contact")),
    ("forwards", "forward", "Forward", ("campaign", "message", "contact")),
    ("updates", "update", "Update", ("contact",)),
    ("trackingLogs", "trackingLog", "TrackingLog", ("contact",)),
    ("bounceLogs", "bounceLog", "BounceLog", ("bounce", "contact", "campaign", "message", "code")),
    ("notes", "note", "Note", ("activities", "owner", "notes")),
    ("emailActivities", "emailActivity", "EmailActivity", ("contact", "user")),
    ("connections", "connection", "Connection", ("customers",)),
    ("webhooks", "webhook", "Webhook", ()),
)

# Undocumented or not modelled lists that exist and hold nothing here (section 7.2).
EMPTY_LISTS = (
    *("segments", "sms", "siteMessages", "goals", "automationBlocks", "configs", "contactConversions", "conversions"),
    *("contactEmails", "contactData", "geoIps", "scores", "forms", "savedResponses"),
)


def tables() -> dict[str, Table]:
    """Return the empty tables of a new account by plural name."""
    return {plural: Table(plural, single, model, links) for plural, single, model, links in _SPECS}
