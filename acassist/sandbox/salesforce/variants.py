"""Kinds of org that add fields: person accounts, several currencies, state picklists, record types."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from acassist.sandbox.salesforce.fields import Field, from_line
from acassist.sandbox.salesforce.schema import PEOPLE

if TYPE_CHECKING:
    from acassist.sandbox.salesforce.org import SalesforceOrg

CURRENCIES = "EUR|GBP|USD"
STATES = "CA|NY|TX|BY|HE"
COUNTRIES = "DE|ES|FR|GB|US"
PERSON = """
IsPersonAccount boolean ---D-f-
PersonContactId reference --N--f- len=18 ref=Contact
FirstName string CUN--f- len=40
LastName string CUN--f- len=80
Salutation picklist CUN--f- len=40 pv=salutation
PersonEmail email CUN--fp len=80
PersonTitle string CUN--fp len=80
PersonDepartment string CUN--fp len=80
PersonMobilePhone phone CUN--fp len=40
PersonHomePhone phone CUN--fp len=40
PersonBirthdate date CUN--fp
PersonMailingStreet textarea CUN--fp len=255
PersonMailingCity string CUN--fp len=40
PersonMailingPostalCode string CUN--fp len=20
PersonMailingCountry string CUN--fp len=80
PersonHasOptedOutOfEmail boolean CU-D-fp
"""


def apply(org: SalesforceOrg) -> None:
    """Add or take away the fields of the variants that are switched on or off (section 8.4, point 10)."""
    switches = org.switches
    _toggle(org, "Account", PERSON, on=switches.person_accounts)
    account = org.schema.find("Account")
    account.add(replace(account.fields["name"], nillable=switches.person_accounts))
    for name in PEOPLE:
        currency = f"CurrencyIsoCode picklist CUND-f- len=3 pv=!{CURRENCIES}"
        _toggle(org, name, currency, on=switches.multi_currency)
        _toggle(org, name, "RecordTypeId reference CUN--f- len=18 ref=RecordType", on=switches.record_types)
        for prefix in {"Lead": ("",), "Contact": ("Mailing", "Other"), "Account": ("Billing", "Shipping")}[name]:
            lines = f"{prefix}StateCode picklist CUN--fp len=10 pv=!{STATES} part={prefix}Address\n"
            lines += f"{prefix}CountryCode picklist CUN--fp len=10 pv=!{COUNTRIES} part={prefix}Address"
            _toggle(org, name, lines, on=switches.state_country_picklists)


def _toggle(org: SalesforceOrg, sobject: str, lines: str, *, on: bool) -> None:
    item = org.schema.find(sobject)
    for line in lines.strip().splitlines():
        field: Field = from_line(sobject, line)
        if on:
            item.add(field)
        else:
            item.drop(field.name)
