"""Believable people, fields, campaigns and runs for the window's tests."""

# ruff: noqa: E501, RUF028

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from acassist.assistant.desk import Left, UndoReport
from acassist.assistant.explain import Condition, Explanation
from acassist.assistant.views import CheckItem, Level, Offer, RecordCard, RecordRef, Sample, SearchHit, SyncedField
from acassist.domain.activity import Activity, ActivityKind
from acassist.domain.fields import (
    ACCOUNT_NAME_FIELD,
    STANDARD_CONTACT_FIELDS,
    ActiveCampaignField,
    PicklistValue,
    SalesforceField,
)
from acassist.domain.ids import Service, SObject
from acassist.domain.ledger import (
    Counters,
    HistoryAction,
    HistoryItem,
    Issue,
    KeptDifference,
    LinkState,
    PlannedChange,
    Preview,
    RunDirection,
    RunState,
    RunSummary,
)
from acassist.domain.mapping import Direction
from acassist.domain.problem import ProblemCode
from acassist.domain.profile import AccountFacts, OrgFacts, ScheduledJob
from acassist.domain.text import Message

AC_CUSTOM = (
    ActiveCampaignField("field:1", "Annual budget", "text"),
    ActiveCampaignField("field:2", "Interests", "listbox", ("Webinars", "Trade fairs", "Newsletter")),
    ActiveCampaignField("field:3", "Trial ends", "date"),
    ActiveCampaignField("field:4", "Newsletter", "checkbox", ("true",)),
    ActiveCampaignField("field:5", "Customer number", "hidden"),
    ActiveCampaignField("field:6", "About the company", "textarea"),
    ActiveCampaignField("field:7", "Industry", "dropdown", ("Agriculture", "Banking", "Energy")),
)
AC_ACCOUNT = (
    ACCOUNT_NAME_FIELD,
    ActiveCampaignField("accountField:1", "Number of employees", "text"),
    ActiveCampaignField("accountField:2", "Industry", "dropdown", ("Agriculture", "Banking", "Energy")),
)
_INDUSTRY = tuple(PicklistValue(v, v) for v in ("Agriculture", "Banking", "Energy"))
SF_PERSON = (
    SalesforceField("FirstName", "First Name", "string", 40),
    SalesforceField("LastName", "Last Name", "string", 80, nillable=False),
    SalesforceField("Email", "Email", "email", 80),
    SalesforceField("Phone", "Phone", "phone", 40),
    SalesforceField("MobilePhone", "Mobile Phone", "phone", 40),
    SalesforceField("Title", "Title", "string", 128),
    SalesforceField("AnnualRevenue", "Annual Revenue", "currency", precision=18),
    SalesforceField("Industry", "Industry", "picklist", 255, picklist=_INDUSTRY),
    SalesforceField("Description", "Description", "textarea", 32000, long_text=True),
    SalesforceField("Product_Interest__c", "Product Interest", "multipicklist", custom=True),
    SalesforceField("Trial_End__c", "Trial End", "date", custom=True),
    SalesforceField("Score_Text__c", "Score in words", "string", calculated=True, updateable=False, custom=True),
    SalesforceField("Customer_Number__c", "Customer Number", "string", 30, custom=True),
    SalesforceField("Newsletter__c", "Newsletter", "boolean", custom=True),
    SalesforceField("OwnerId", "Owner ID", "reference"),
    SalesforceField("NumberOfEmployees", "No. of Employees", "int"),
)
SF_LEAD = (*SF_PERSON, SalesforceField("Company", "Company", "string", 255, nillable=False))
SF_ACCOUNT = (
    SalesforceField("Name", "Account Name", "string", 255, nillable=False),
    SalesforceField("NumberOfEmployees", "Employees", "int"),
    SalesforceField("Industry", "Industry", "picklist", 255, picklist=_INDUSTRY),
)
SF_FIELDS = {SObject.LEAD: SF_LEAD, SObject.CONTACT: SF_PERSON, SObject.ACCOUNT: SF_ACCOUNT}
AC_FIELDS = {
    SObject.LEAD: (*STANDARD_CONTACT_FIELDS, *AC_CUSTOM),
    SObject.CONTACT: (*STANDARD_CONTACT_FIELDS, *AC_CUSTOM),
    SObject.ACCOUNT: AC_ACCOUNT,
}
ORG = OrgFacts(
    "00D5g000004XyZAEA0", "Acme GmbH", "Enterprise Edition", False, "0055g00000AbCdEAAV", "anna@acme.example",
    "https://acme.my.salesforce.com", "en_US", True, 100_000, 87_412, "Europe/Berlin",
)  # fmt: skip
ACCOUNT = AccountFacts(
    "https://acme.api-us1.com", "1", "Anna Bauer", "anna@acme.example", "Europe/Berlin", "acme", 25_000, 8_412, True
)
SAMPLES = (
    Sample("Zoë Müller", "1234.56", "1.234,56 €", "1234.56", Direction.TO_SALESFORCE, None),
    Sample("José Peña", "85000", "$85,000", "85000", Direction.TO_SALESFORCE, None),
    Sample(
        "Ana O’Brien",
        None,
        "about 10k",
        None,
        Direction.TO_SALESFORCE,
        Message("The value of {field} cannot be read as a number. It was left as it is.", {"field": "Annual budget"}),
    ),  # fmt: skip
    Sample("王小明", "90000", None, "90000", Direction.TO_ACTIVECAMPAIGN, None),
)


def check_items() -> list[CheckItem]:
    return [
        CheckItem(Message("Salesforce administrator rights"), Level.IDLE, Message("Known after step 1")),
        CheckItem(
            Message("Lightning Experience and My Domain"), Level.WARN, Message("Not known yet"),
            Message("In Salesforce: Setup > Company Settings > My Domain."),
            tuple(Message(t) for t in ("Open Setup > My Domain.", "Enter a name.", "Press Check Availability.",
                                       "Press Register Domain.", "Press Log in.", "Press Deploy to Users.")),
        ),
        CheckItem(Message("An ActiveCampaign plan with the API"), Level.OK, Message("Every plan has it")),
        CheckItem(Message("An e-mail address on every record"), Level.IDLE, Message("Records without one are skipped")),
        CheckItem(Message("One org, one account"), Level.OK, Message("Nothing else is connected here")),
    ]  # fmt: skip


def prepare_items() -> list[CheckItem]:
    return [
        CheckItem(
            Message("Field ActiveCampaign Sync Status on Lead"), Level.WARN, Message("Missing"),
            Message("Without it, nobody sees the sync state in Salesforce."),
        ),
        CheckItem(Message("Field ActiveCampaign ID on Lead"), Level.OK, Message("Present")),
        CheckItem(
            Message("Permission set ActiveCampaign Standard User"), Level.WARN, Message("Missing"), None,
            (Message("Read access to the three fields"), Message("Assigned to nobody until you choose")),
        ),
    ]  # fmt: skip


def offer_lists() -> tuple[list[Offer], list[Offer]]:
    campaigns = [
        Offer("11", "Spring offer", "One-time campaign, sent 12 March", True, False),
        Offer("12", "Price list 2026", "One-time campaign, draft", None, False),
        Offer(
            "13",
            "Welcome e-mail 2",
            "E-mail of an automation",
            None,
            False,
            Message("Automation e-mails cannot be sent alone."),
        ),
    ]
    automations = [
        Offer("21", "Welcome series", "Active, 4 steps", True, False),
        Offer("22", "Trial ends soon", "Active, 7 steps", None, True),
        Offer("23", "Old reminder", "Not active", None, False, Message("The automation is not active.")),
    ]
    return campaigns, automations


def jobs(now: datetime) -> list[ScheduledJob]:
    return [
        ScheduledJob("Nightly duplicate check", "WAITING", now + timedelta(hours=9), now - timedelta(hours=15), "Apex"),
        ScheduledJob("Weekly sales report", "PAUSED", now + timedelta(days=4), now - timedelta(days=3), "Report"),
    ]


def first_match() -> Preview:
    ac, sf = Service.ACTIVECAMPAIGN, Service.SALESFORCE
    return Preview(
        creates_ac=212, creates_sf=0, updates_ac=31, updates_sf=18, links=1_204, skips=9, conflicts=2,
        changes=(
            PlannedChange(ac, HistoryAction.CREATE, "lead:1", "Zoë Müller", SObject.LEAD, "00Q000000000001AAA"),
            PlannedChange(
                ac, HistoryAction.UPDATE, "contact:2", "José Peña", SObject.CONTACT, "003000000000002AAA", "77",
                "phone~Phone", "+34 600 111 222", "+34 600 111 333", "first_link_kept",
            ),
            PlannedChange(
                sf, HistoryAction.UPDATE, "contact:3", "Ana O’Brien", SObject.CONTACT, "003000000000003AAA", "78",
                "lastName~LastName", "OBrien", "O’Brien", "first_link_kept",
            ),
            PlannedChange(
                ac, HistoryAction.SKIP, "lead:4", "No Mail Ltd", SObject.LEAD, "00Q000000000004AAA",
                problem=ProblemCode.NO_EMAIL,
            ),
        ),
        differences=(
            KeptDifference("phone~Phone", "Phone", "contact:2", "José Peña", "+34 600 111 222", "+34 600 111 333"),
            KeptDifference("lastName~LastName", "Last Name", "contact:3", "Ana O’Brien", "OBrien", "O’Brien"),
        ),
    )  # fmt: skip


def run_list(now: datetime) -> list[RunSummary]:
    return [
        RunSummary(41, RunDirection.BOTH, RunState.DONE, now - timedelta(minutes=20), now - timedelta(minutes=19),
                   Counters(created_ac=2, updated_ac=35, calls_sf=9, calls_ac=52), "schedule"),
        RunSummary(40, RunDirection.INBOUND, RunState.PARTIAL, now - timedelta(hours=1), now - timedelta(minutes=58),
                   Counters(updated_sf=100, issues=1, calls_sf=4, calls_ac=110), "schedule"),
        RunSummary(39, RunDirection.OUTBOUND, RunState.STOPPED, now - timedelta(hours=3), now - timedelta(hours=3),
                   Counters(updated_ac=11), "person", ProblemCode.SF_QUOTA, {"share": 80, "reset": "02:00"}),
    ]  # fmt: skip


def history(now: datetime) -> list[HistoryItem]:
    return [
        HistoryItem(41, now - timedelta(minutes=20), Service.ACTIVECAMPAIGN, HistoryAction.UPDATE, "contact:2", "José Peña",
                    2, 7, SObject.CONTACT, "003000000000002AAA", "77", "phone~Phone", "+34 600 111 222", "+34 600 111 333",
                    "only_salesforce_changed"),
        HistoryItem(41, now - timedelta(minutes=21), Service.ACTIVECAMPAIGN, HistoryAction.CREATE, "lead:1", "Zoë Müller",
                    1, 8, SObject.LEAD, "00Q000000000001AAA", "79"),
    ]  # fmt: skip


def timeline(now: datetime) -> list[HistoryItem]:
    update = HistoryItem(41, now - timedelta(minutes=20), Service.ACTIVECAMPAIGN, HistoryAction.UPDATE, "Contact:2",
                         "José Peña", 9, 7, SObject.CONTACT, "003000000000002AAA", "77", "Phone", "+34 600 111 222",
                         "+34 600 111 333", "changed", key="phone~Phone")  # fmt: skip
    other = replace(update, id=8, field="Title", before=None, after="Buyer", key="field:4~Title")
    back = replace(update, id=7, run_id=40, at=now - timedelta(hours=3), target=Service.SALESFORCE, before="CEO",
                   after="Owner", field="Title", rule="conflict", key="field:4~Title")  # fmt: skip
    sent = replace(update, id=6, run_id=None, at=now - timedelta(days=1), action=HistoryAction.SEND, before=None,
                   after="Spring offer", field="", rule="", key="", sf_id=None)  # fmt: skip
    made = replace(sent, id=5, run_id=30, at=now - timedelta(days=90), action=HistoryAction.LINK, after=None)
    return [update, other, back, sent, made]


def issue_list(now: datetime) -> list[Issue]:
    return [
        Issue(ProblemCode.NO_EMAIL, "lead:4", id=1, name="No Mail Ltd", sobject=SObject.LEAD, sf_id="00Q000000000004AAA",
              first_seen=now - timedelta(days=1), last_seen=now),
        Issue(ProblemCode.CONFLICT, "contact:2", "phone~Phone", id=2, name="José Peña", sobject=SObject.CONTACT,
              values={"field": "Phone", "base": "+34 600 111 000", "salesforce": "+34 600 111 222", "activecampaign": "+34 1"},
              sf_id="003000000000002AAA", ac_id="77", first_seen=now - timedelta(hours=2), last_seen=now),
        Issue(ProblemCode.VALUE_NOT_NUMBER, "lead:5", "field:1~AnnualRevenue", id=3, name="Ana O’Brien",
              values={"field": "Annual budget"}, sobject=SObject.LEAD, sf_id="00Q000000000005AAA", ac_id="80",
              attempts=3, first_seen=now - timedelta(days=3), last_seen=now, next_try=now + timedelta(hours=1)),
    ]  # fmt: skip


REF = RecordRef(SObject.CONTACT, "003000000000002AAA", "77")


def hits() -> list[SearchHit]:
    return [
        SearchHit(REF, "José Peña", "jose@pena.example", "Peña Hermanos S.A.", Message("Contact"), True),
        SearchHit(RecordRef(SObject.LEAD, "00Q000000000001AAA"), "Zoë Müller", "zoe@mueller.example", "Müller KG",
                  Message("Lead"), False),
        SearchHit(RecordRef(None, None, "81"), "王小明", "wang@example.cn", "", Message("ActiveCampaign contact"), False),
    ]  # fmt: skip


def card(now: datetime) -> RecordCard:
    return RecordCard(
        ref=REF, name="José Peña", email="jose@pena.example", kind=Message("Contact"), company="Peña Hermanos S.A.",
        sync_status="Synced successfully", contact_id="77", relation_status=None, link_state=LinkState.ACTIVE,
        last_sync=now - timedelta(minutes=20), opted_out=False, unsubscribed=False, bounced=False,
        lists=("Newsletter",), tags=("created-from-salesforce-contact", "vip"),
        fields=(
            SyncedField(Message("First name"), "José", "José", True),
            SyncedField(Message("Phone"), "+34 600 111 222", "+34 600 111 333", False),
        ),
        salesforce_url="https://acme.lightning.force.com/lightning/r/Contact/003000000000002AAA/view",
        activecampaign_url="https://acme.activehosted.com/app/contacts/77", owner="Olivia Owner",
        contact_email="jose@pena.example", read_at=now,
    )  # fmt: skip


def activities(now: datetime) -> tuple[Activity, ...]:
    k = ActivityKind
    return (
        Activity(k.CLICKED, now - timedelta(hours=2), "Spring offer", "https://acme.example/offer", "https://acme.example/offer"),
        Activity(k.OPENED, now - timedelta(hours=3), "Spring offer", "", "https://acme.activehosted.com/p_v.php?c=11"),
        Activity(k.MACHINE_OPENED, now - timedelta(hours=4), "Spring offer"),
        Activity(k.REPLIED, now - timedelta(days=1), "Re: Spring offer", "Thank you, please call me on Monday."),
        Activity(k.SENT, now - timedelta(days=1, hours=2), "Spring offer"),
        Activity(k.ENTERED, now - timedelta(days=2), "Welcome series", "", "https://acme.activehosted.com/series/21"),
        Activity(k.COMPLETED, now - timedelta(days=5), "Trial ends soon"),
        Activity(k.TRACKING, now - timedelta(days=6), "Visited a page", "https://acme.example/pricing", "https://acme.example/pricing"),
    )  # fmt: skip


def undo_report(now: datetime) -> UndoReport:
    changed, created = history(now)
    other = replace(changed, id=3, subject="contact:3", name="Ana O’Brien", field="Last Name")
    return UndoReport(
        restored=[changed],
        left=[
            Left(other, Message("It was changed again since.")),
            Left(created, Message("A record that was created is never deleted.")),
        ],
    )


def explanation(*, blocked: bool = True) -> Explanation:
    def condition(name: str, title: str, met: bool | None, finding: str) -> Condition:
        remedy = Message("Change the record so that it matches.") if met is False else None
        return Condition(name, Message(title), met, Message(finding), remedy)

    return Explanation(
        "José Peña",
        (
            condition("email", "It has a valid e-mail address", True, "Found."),
            condition("selection", "It is selected for ActiveCampaign", not blocked, "It does not match the selection of step 3."),
            condition("link", "It is linked to a contact", None, "Not yet; the next run links or creates it."),
            condition("permission", "The connected user may change it", True, "Yes."),
        ),
    )
