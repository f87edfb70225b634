"""Which widget shows which page of the flow."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from acassist.assistant.setup.flow import Page
from acassist.gui.setup.account_mapping import AccountMappingPage
from acassist.gui.setup.api_access import ApiAccessPage
from acassist.gui.setup.authorize import AuthorizePage
from acassist.gui.setup.before_you_begin import BeforeYouBeginPage
from acassist.gui.setup.cx_automation import CxAutomationPage
from acassist.gui.setup.field_mapping import FieldMappingPage
from acassist.gui.setup.prepare import PreparePage
from acassist.gui.setup.scheduling import SchedulingPage
from acassist.gui.setup.selection import SelectionPage
from acassist.gui.setup.step_page import StepPage

if TYPE_CHECKING:
    from acassist.gui.setup.wizard import SetupWizard

_PAGES: dict[Page, Callable[[SetupWizard, Page], StepPage]] = {
    Page.BEFORE_YOU_BEGIN: BeforeYouBeginPage,
    Page.API_ACCESS: ApiAccessPage,
    Page.AUTHORIZE: AuthorizePage,
    Page.PREPARE: PreparePage,
    Page.LEAD_STANDARD: FieldMappingPage,
    Page.LEAD_CUSTOM: FieldMappingPage,
    Page.CONTACT_STANDARD: FieldMappingPage,
    Page.CONTACT_CUSTOM: FieldMappingPage,
    Page.ACCOUNT: AccountMappingPage,
    Page.LEAD_SELECTION: SelectionPage,
    Page.CONTACT_SELECTION: SelectionPage,
    Page.SCHEDULING: SchedulingPage,
    Page.CX_AUTOMATION: CxAutomationPage,
}


def make_page(wizard: SetupWizard, page: Page) -> StepPage:
    """Build the widget of a page."""
    return _PAGES[page](wizard, page)
