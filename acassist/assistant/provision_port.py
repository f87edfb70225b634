"""Preparing an org as a Protocol: what the window and the command line may ask for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from acassist.assistant.provision_views import (
    AccountSide,
    Applied,
    AssignAnswer,
    Consent,
    LayoutPreview,
    LayoutRow,
    LeavePlan,
    Left,
    Progress,
    UserRow,
    WritePreview,
)
from acassist.assistant.views import ActionResult, CheckItem


class ProvisioningPort(Protocol):
    """Everything that is done to an org's set-up; all of it may raise ProblemError."""

    async def checks(self) -> list[CheckItem]:
        """Check everything that matters before something is written; nothing is written."""
        ...

    async def findings(self) -> list[CheckItem]:
        """Return the checks for the doctor; none while access is missing."""
        ...

    async def plan(self) -> list[CheckItem]:
        """List fields, permission sets and our own assignment, each with its present state; nothing is written."""
        ...

    async def preview(self, *, link: bool = False) -> WritePreview:
        """Show exactly what `apply` would write; nothing is written."""
        ...

    async def test_key(self, login_url: str, client_id: str) -> CheckItem:
        """Say whether Salesforce knows a consumer key, without logging anybody in."""
        ...

    async def apply(self, progress: Progress = ..., consent: Consent = ...) -> Applied:
        """Add what is missing and wait until it is visible; raises CONFIRM_PRODUCTION and PACKAGE_PRESENT."""
        ...

    async def users(self, search: str = "") -> list[UserRow]:
        """List active users of the org, at most 500, with what is assigned to them already."""
        ...

    async def assign(self, user_ids: Sequence[str], permission_set: str) -> list[AssignAnswer]:
        """Assign one of the two sets (API name or label) to users, with an answer for each."""
        ...

    async def remove(self, user_ids: Sequence[str], permission_set: str) -> list[AssignAnswer]:
        """Take one of the two sets away from users, with an answer for each."""
        ...

    async def layouts(self) -> list[LayoutRow]:
        """List the layouts of Lead and Contact with the profiles that use each."""
        ...

    async def layout_preview(self, layout_id: str, *, link: bool = False) -> LayoutPreview:
        """Show a layout as it would be, or why it is left to the person and the exact steps."""
        ...

    async def change_layout(
        self, layout_id: str, *, link: bool = False, consent: Consent = ..., progress: Progress = ...
    ) -> ActionResult:
        """Add our fields read-only in a section of their own; the layout is stored before."""
        ...

    async def restore_layout(self, layout_id: str) -> ActionResult:
        """Take back what this program added to a layout."""
        ...

    async def account_side(self) -> AccountSide:
        """Read who runs the sync, the tags, and what plan and key offer; nothing is written."""
        ...

    async def make_tags(self) -> AccountSide:
        """Create the tags that the account lacks and look again."""
        ...

    async def leave_plan(self) -> LeavePlan:
        """Count the records that hold values and say what would be removed; nothing is written."""
        ...

    async def leave(self, *, confirm: str, progress: Progress = ...) -> Left:
        """Remove our additions; `confirm` is the org's name as typed, after `leave_plan`."""
        ...
