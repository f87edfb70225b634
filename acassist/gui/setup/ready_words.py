"""What the set-up says, in one line for each of its parts."""

from __future__ import annotations

from acassist.domain.ids import SObject
from acassist.domain.profile import Setup
from acassist.domain.schedule import FREQUENCY_LABELS, Frequency
from acassist.domain.selection import SelectionKind
from acassist.domain.text import N_
from acassist.gui.strings import number, tr, tr_n

_SELECTIONS = {
    SelectionKind.NONE: N_("none"),
    SelectionKind.NEW: N_("all that are created from now on"),
    SelectionKind.MARKED: N_("those that are marked"),
    SelectionKind.CRITERIA: N_("those that match your conditions"),
}


def summary_lines(setup: Setup) -> list[tuple[str, str]]:
    """Return the pairs that the page shows."""
    sf, ac, out = setup.salesforce, setup.activecampaign, setup.outbound
    pair = tr("{org} and {account}", org=sf.org_name, account=ac.account or ac.api_url) if sf and ac else ""
    return [
        (tr("Connected"), pair),
        (tr("Leads sent"), tr(_SELECTIONS[out.for_object(SObject.LEAD).kind])),
        (tr("Contacts sent"), tr(_SELECTIONS[out.for_object(SObject.CONTACT).kind])),
        (tr("Fields"), _fields(setup)),
        (tr("Job schedule"), _schedule(setup)),
        (tr("CX Automation"), tr("On") if setup.cx.enabled else tr("Off")),
    ]


def _fields(setup: Setup) -> str:
    mapping = setup.mapping
    return tr(
        "{leads}, {contacts}, {accounts}",
        leads=tr_n("{n} for leads", "{n} for leads", len(mapping.lead)),
        contacts=tr_n("{n} for contacts", "{n} for contacts", len(mapping.contact)),
        accounts=tr("accounts on") if mapping.accounts_on else tr("accounts off"),
    )


def _schedule(setup: Setup) -> str:
    schedule = setup.outbound.schedule
    if schedule is None:
        return tr("No job is scheduled; you sync by hand")
    words = tr(FREQUENCY_LABELS[schedule.frequency])
    if schedule.frequency is Frequency.DAILY:
        return tr("{frequency} at {hour}:00", frequency=words, hour=number(schedule.hour))
    return words
