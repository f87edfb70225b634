"""The four guided steps as immutable state machines: pages, drafts, what stands in the way of Next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from acassist.domain.ids import SObject
from acassist.domain.mapping import STANDARD_KEYS, FieldMapping
from acassist.domain.profile import Role, Setup, Step
from acassist.domain.selection import Selection, SelectionKind
from acassist.domain.text import N_, Message


class Page(StrEnum):
    """Every page of the four wizards."""

    BEFORE_YOU_BEGIN = "before_you_begin"
    API_ACCESS = "api_access"
    AUTHORIZE = "authorize"
    PREPARE = "prepare"
    LEAD_STANDARD = "lead_standard"
    LEAD_CUSTOM = "lead_custom"
    CONTACT_STANDARD = "contact_standard"
    CONTACT_CUSTOM = "contact_custom"
    ACCOUNT = "account"
    LEAD_SELECTION = "lead_selection"
    CONTACT_SELECTION = "contact_selection"
    SCHEDULING = "scheduling"
    CX_AUTOMATION = "cx_automation"


PAGE_TITLES = {
    Page.BEFORE_YOU_BEGIN: N_("Before you begin"),
    Page.API_ACCESS: N_("API access"),
    Page.AUTHORIZE: N_("Authorize ActiveCampaign to Salesforce"),
    Page.PREPARE: N_("Prepare Salesforce"),
    Page.LEAD_STANDARD: N_("Standard lead field mapping"),
    Page.LEAD_CUSTOM: N_("Custom lead field mapping"),
    Page.CONTACT_STANDARD: N_("Standard contact field mapping"),
    Page.CONTACT_CUSTOM: N_("Custom contact field mapping"),
    Page.ACCOUNT: N_("Account field mapping"),
    Page.LEAD_SELECTION: N_("Lead sync selection"),
    Page.CONTACT_SELECTION: N_("Contact sync selection"),
    Page.SCHEDULING: N_("Job scheduling"),
    Page.CX_AUTOMATION: N_("Enable the ActiveCampaign CX Automation component"),
}
STEP_PAGES: dict[Step, tuple[Page, ...]] = {
    Step.CONNECTIONS: (Page.BEFORE_YOU_BEGIN, Page.API_ACCESS, Page.AUTHORIZE, Page.PREPARE),
    Step.MAPPING: (Page.LEAD_STANDARD, Page.LEAD_CUSTOM, Page.CONTACT_STANDARD, Page.CONTACT_CUSTOM, Page.ACCOUNT),
    Step.OUTBOUND: (Page.LEAD_SELECTION, Page.CONTACT_SELECTION, Page.SCHEDULING),
    Step.CX_AUTOMATION: (Page.CX_AUTOMATION,),
}
MAPPING_PAGES = {
    Page.LEAD_STANDARD: SObject.LEAD,
    Page.LEAD_CUSTOM: SObject.LEAD,
    Page.CONTACT_STANDARD: SObject.CONTACT,
    Page.CONTACT_CUSTOM: SObject.CONTACT,
    Page.ACCOUNT: SObject.ACCOUNT,
}
_SELECTION_PAGES = {Page.LEAD_SELECTION: SObject.LEAD, Page.CONTACT_SELECTION: SObject.CONTACT}


@dataclass(frozen=True, slots=True)
class SetupFlow:
    """One step being walked through: `draft` is the set-up as it would be after Finish.

    `refusals` holds, by mapping key, why a row cannot be saved; the page that shows the rows keeps it current.
    """

    step: Step
    draft: Setup
    index: int = 0
    first_time: bool = True
    refusals: Mapping[str, Message] = field(default_factory=dict)

    @property
    def pages(self) -> tuple[Page, ...]:
        """Return the pages of this step; Before you begin only the first time, a viewer prepares nothing."""
        left_out = set() if self.first_time else {Page.BEFORE_YOU_BEGIN}
        if self.draft.role is Role.VIEWER:
            left_out.add(Page.PREPARE)
        return tuple(page for page in STEP_PAGES[self.step] if page not in left_out)

    @property
    def page(self) -> Page:
        """Return the page shown now."""
        return self.pages[self.index]

    @property
    def position(self) -> tuple[int, int]:
        """Return (page number from 1, number of pages)."""
        return self.index + 1, len(self.pages)

    @property
    def is_last(self) -> bool:
        """Tell whether Next is Finish here."""
        return self.index == len(self.pages) - 1

    def obstacle(self, page: Page | None = None) -> Message | None:
        """Say why the page cannot be left forward, or None when it can."""
        page = page or self.page
        if page is Page.API_ACCESS and self.draft.activecampaign is None:
            return Message(N_("Enter the account name and the API key, then press Authorize."))
        if page is Page.AUTHORIZE and (self.draft.salesforce is None or not self.draft.salesforce.org_id):
            return Message(N_("Press Authorize and allow access in the browser."))
        if page in MAPPING_PAGES:
            return self._mapping_obstacle(page)
        if page in _SELECTION_PAGES:
            return _selection_obstacle(self.draft.outbound.for_object(_SELECTION_PAGES[page]))
        return None

    def _mapping_obstacle(self, page: Page) -> Message | None:
        sobject = MAPPING_PAGES[page]
        rows = self.rows(page)
        targets = [r.sf_field for r in self.draft.mapping.for_object(sobject)]
        doubled = next((t for t in targets if targets.count(t) > 1), None)
        if doubled is not None:
            return Message(N_("{field} in Salesforce is mapped twice."), {"field": doubled})
        for row in rows:
            if row.key in self.refusals:
                return self.refusals[row.key]
        if any(not r.sf_field or not r.ac_key for r in rows):
            return Message(N_("Choose both fields of every row, or remove the row."))
        return None

    def rows(self, page: Page) -> tuple[FieldMapping, ...]:
        """Return the mapping rows that a page shows."""
        every = self.draft.mapping.with_rows(SObject.ACCOUNT, self.draft.mapping.account)
        if page is Page.ACCOUNT:
            return every.account if every.accounts_on else ()
        rows = every.lead if MAPPING_PAGES[page] is SObject.LEAD else every.contact
        standard = page in {Page.LEAD_STANDARD, Page.CONTACT_STANDARD}
        return tuple(r for r in rows if (r.ac_key in STANDARD_KEYS) is standard)

    def with_rows(self, page: Page, rows: tuple[FieldMapping, ...]) -> SetupFlow:
        """Replace the rows that a page shows and keep the other page's rows of the same object."""
        sobject = MAPPING_PAGES[page]
        if page is Page.ACCOUNT:
            merged = rows
        else:
            current = self.draft.mapping.for_object(sobject)
            kept = tuple(r for r in current if r not in self.rows(page))
            standard = page in {Page.LEAD_STANDARD, Page.CONTACT_STANDARD}
            merged = (*rows, *kept) if standard else (*kept, *rows)
        return replace(self, draft=replace(self.draft, mapping=self.draft.mapping.with_rows(sobject, merged)))

    def with_draft(self, draft: Setup) -> SetupFlow:
        """Return the flow on a changed draft."""
        return replace(self, draft=draft)

    def forward(self) -> SetupFlow:
        """Go to the next page; raises ValueError when something stands in the way or this is the last page."""
        if self.obstacle() is not None or self.is_last:
            raise ValueError("the page cannot be left forward")
        return replace(self, index=self.index + 1)

    def back(self) -> SetupFlow:
        """Go to the previous page; nothing typed is lost."""
        return replace(self, index=max(0, self.index - 1))

    def finished(self) -> Setup:
        """Return the set-up after Finish; raises ValueError while any page has an obstacle."""
        if any(self.obstacle(page) is not None for page in self.pages):
            raise ValueError("the step cannot be finished")
        return self.draft.finish(self.step)


def _selection_obstacle(selection: Selection) -> Message | None:
    if selection.kind is not SelectionKind.CRITERIA:
        return None
    if not selection.criteria.rows:
        return Message(N_("Add at least one condition, or choose another option."))
    return None
