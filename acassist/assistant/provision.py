"""Prepare an org and leave it: the back end of Prepare Salesforce, the page on permission sets, and layouts."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from acassist.assistant import (
    account_side,
    provision_checks,
    provision_key,
    provision_layouts,
    provision_leave,
    provision_preview,
)
from acassist.assistant.pairing import Pairing
from acassist.assistant.provision_org import PreparedOrg, forget_descriptions, open_org
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
    silent,
)
from acassist.assistant.session import Session
from acassist.assistant.steps import Steps
from acassist.assistant.views import ActionResult, CheckItem
from acassist.domain.ids import PEOPLE, Service
from acassist.domain.problem import Problem, ProblemCode, ProblemError
from acassist.domain.text import N_, Message
from acassist.salesforce.provisioning import assignments, inventory, surroundings
from acassist.salesforce.provisioning.definitions import MANAGER, PERMISSION_SETS, STANDARD, PermissionSetSpec
from acassist.salesforce.provisioning.inventory import Inventory
from acassist.salesforce.provisioning.package import Contents
from acassist.salesforce.provisioning.surroundings import RIGHTS

NO_CONSENT = Consent()
# New rights show in describe within seconds as a rule (salesforce_api 6.2).
_LONGEST_LOOK = 120.0
_LOOK_EVERY = 5.0
_NEEDED = ("PermissionsModifyMetadata", "PermissionsCustomizeApplication", "PermissionsManageProfilesPermissionsets")


class Provisioning:
    """Everything that is done to an org's set-up; every write is in the journal before it is made.

    All methods raise ProblemError for ended access, missing network and OTHER_ORG.
    """

    def __init__(self, session: Session, steps: Steps) -> None:
        self._session = session
        self._steps = steps
        self._pairing = Pairing(session)
        self._counted = ""
        # Two presses of Apply must not both find the same thing missing.
        self._turn = asyncio.Lock()

    async def _org(self) -> PreparedOrg:
        return await open_org(self._session, self._steps)

    # -- looking
    async def checks(self) -> list[CheckItem]:
        """Check everything that matters before something is written; nothing is written."""
        org = await self._org()
        stock = await inventory.take(org.client)
        around = await surroundings.look(org.client, stock.descriptions)
        return provision_checks.checks(await org.facts(), around)

    async def findings(self) -> list[CheckItem]:
        """Return the checks for the doctor: none while access is missing, which the doctor says itself.

        A permission that only Apply needs is no illness, so it warns at most.
        """
        if self._session.setup.salesforce is None:
            return []
        try:
            found = [provision_checks.milder(item) for item in await self.checks()]
            return [await account_side.holder_item(self._pairing), *found]
        except ProblemError:
            return []

    async def plan(self) -> list[CheckItem]:
        """List fields, permission sets and our own assignment, each with its present state; nothing is written."""
        org = await self._org()
        return provision_checks.plan_items(await inventory.take(org.client))

    async def preview(self, *, link: bool = False) -> WritePreview:
        """Show exactly what `apply` would write; nothing is written."""
        org = await self._org()
        stock = await inventory.take(org.client)
        return await provision_preview.preview(org, _wanted(stock, link=link), assigns=not _is_assigned(stock))

    async def test_key(self, login_url: str, client_id: str) -> CheckItem:
        """Say whether Salesforce knows a consumer key, without logging anybody in."""
        return await provision_key.judge_key(self._session, login_url, client_id)

    # -- applying
    async def apply(self, progress: Progress = silent, consent: Consent = NO_CONSENT) -> Applied:
        """Add what is missing, give our user access, and wait until describe shows it; a second time changes nothing.

        Raises CONFIRM_PRODUCTION, PACKAGE_PRESENT, NO_SETUP_RIGHT before anything is written, and DEPLOY_TIMEOUT
        while Salesforce goes on working. What cannot be done is in `problems`; everything else is done.
        """
        async with self._turn:
            return await self._apply(progress, consent)

    async def _apply(self, progress: Progress, consent: Consent) -> Applied:
        org = await self._org()
        progress(Message(N_("Looking at the org")), 0, None)
        changed = await org.resume(progress)
        stock = await inventory.take(org.client)
        contents = _wanted(stock, link=consent.link)
        if contents or not _is_assigned(stock):
            await self._may_write(org, stock, consent, deploys=bool(contents))
        if contents:
            refused = await org.deploy(contents, progress)
            if refused:
                return _applied(stock, refused, changed=changed)
            changed = True
            stock = await inventory.take(org.client)
        refused, assigned = await self._assign_self(org, stock)
        waits = not refused and not stock.visible()
        if waits and not await _until_visible(org, stock, progress):
            refused = (Problem(ProblemCode.NOT_VISIBLE_YET, service=Service.SALESFORCE),)
        await forget_descriptions(self._session, org)
        if assigned or waits:
            stock = await inventory.take(org.client)
        return _applied(stock, refused, changed=changed or assigned)

    async def _may_write(self, org: PreparedOrg, stock: Inventory, consent: Consent, *, deploys: bool) -> None:
        """Ask once more in production, and stop where a package syncs too or a permission is missing."""
        packages = await surroundings.packages(org.client, stock.descriptions)
        if packages and not consent.package_stopped:
            raise ProblemError(provision_checks.package_problem(packages))
        held = await surroundings.rights(org.client) or {}
        lacking = [RIGHTS[name] for name in _NEEDED if deploys and held.get(name) is False]
        if lacking:
            values = {"right": ", ".join(lacking)}
            raise ProblemError(Problem(ProblemCode.NO_SETUP_RIGHT, values=values, service=Service.SALESFORCE))
        facts = await org.facts()
        if provision_checks.is_production(facts) and not consent.production:
            values = {"org": facts.name}
            raise ProblemError(Problem(ProblemCode.CONFIRM_PRODUCTION, values=values, service=Service.SALESFORCE))

    async def _assign_self(self, org: PreparedOrg, stock: Inventory) -> tuple[tuple[Problem, ...], bool]:
        """Give our own user the manager's set; return why it was refused, and whether it was given just now."""
        found = provision_checks.manager_of(stock)
        if found is None or not found.id or _is_assigned(stock):
            return (), False
        try:
            answers = await org.assign(found.id, [org.client.source.user_id])
        except ProblemError as error:
            if error.problem.code is not ProblemCode.NO_SETUP_RIGHT:
                raise
            return (error.problem,), False
        refused = tuple(problem for problem in answers.values() if problem is not None)
        return refused, not refused

    # -- people
    async def users(self, search: str = "") -> list[UserRow]:
        """List active users of the org by name, at most 500, with what is assigned to them already."""
        org = await self._org()
        ids = await _set_ids(org)
        found = await assignments.users(org.client, search, list(ids.values()))
        manager, standard = ids.get(MANAGER.name), ids.get(STANDARD.name)
        return [
            UserRow(user.id, user.name, user.username, user.profile, manager in user.holds, standard in user.holds)
            for user in found
        ]

    async def assign(self, user_ids: Sequence[str], permission_set: str) -> list[AssignAnswer]:
        """Assign one of the two sets (API name) to users; a refusal for one user does not stop the others."""
        org = await self._org()
        set_id = (await _set_ids(org)).get(_spec(permission_set).name)
        names = await assignments.names(org.client, user_ids)
        if set_id is None:
            return [AssignAnswer(key, name, False, _no_set(name)) for key, name in names.items()]
        answers = await org.assign(set_id, list(names))
        return [AssignAnswer(key, names[key], problem is None, problem) for key, problem in answers.items()]

    async def remove(self, user_ids: Sequence[str], permission_set: str) -> list[AssignAnswer]:
        """Take one of the two sets away from users; who does not have it counts as done."""
        org = await self._org()
        set_id = (await _set_ids(org)).get(_spec(permission_set).name)
        names = await assignments.names(org.client, user_ids)
        held = await assignments.assignments(org.client, [set_id] if set_id else [])
        answers = await org.unassign([item for item in held if item.user_id in names])
        return [AssignAnswer(key, name, answers.get(key) is None, answers.get(key)) for key, name in names.items()]

    # -- layouts
    async def layouts(self) -> list[LayoutRow]:
        """List the layouts of Lead and Contact with the profiles that use each."""
        return await provision_layouts.rows(await self._org())

    async def layout_preview(self, layout_id: str, *, link: bool = False) -> LayoutPreview:
        """Show a layout as it would be, or why it is left to the person and the exact steps."""
        return await provision_layouts.preview(await self._org(), layout_id, link=link)

    async def change_layout(
        self, layout_id: str, *, link: bool = False, consent: Consent = NO_CONSENT, progress: Progress = silent
    ) -> ActionResult:
        """Add our fields read-only in a section of their own; the layout is stored before.

        Raises CONFIRM_PRODUCTION and PACKAGE_PRESENT like `apply`.
        """
        async with self._turn:
            org = await self._org()
            await self._may_write(org, await inventory.take(org.client), consent, deploys=False)
            return await provision_layouts.change(org, layout_id, link=link, progress=progress)

    async def restore_layout(self, layout_id: str) -> ActionResult:
        """Take back what this program added to a layout."""
        async with self._turn:
            return await provision_layouts.restore(await self._org(), layout_id)

    # -- the other side
    async def account_side(self) -> AccountSide:
        """Read who runs the sync, the tags, and what plan and key offer; nothing is written."""
        self._session.require_manager()
        return await account_side.look(self._session, self._pairing)

    async def make_tags(self) -> AccountSide:
        """Create the tags that the account lacks; a second time changes nothing."""
        self._session.require_manager()
        await account_side.make_tags(self._session)
        return await account_side.look(self._session, self._pairing)

    # -- leaving
    async def leave_plan(self) -> LeavePlan:
        """Count the records that hold values and say what would be removed; nothing is written."""
        org = await self._org()
        found = await provision_leave.plan(org, await provision_leave.find(org))
        self._counted = org.id
        return found

    async def leave(self, *, confirm: str, progress: Progress = silent) -> Left:
        """Remove our additions from the org; `confirm` is the org's name as typed, after `leave_plan`.

        Raises CONFIRM_LEAVE without the count or with another name. A second time removes what is left.
        """
        async with self._turn:
            org = await self._org()
            name = (await org.facts()).name
            provision_leave.check_typed(confirm if self._counted == org.id else "", name)
            await org.resume(progress)
            left = await provision_leave.leave(org, await provision_leave.find(org), progress)
            await forget_descriptions(self._session, org)
            return left


def _wanted(stock: Inventory, *, link: bool) -> Contents:
    """Return what is missing; a set that grants too little is written anew as a whole."""
    return Contents(
        fields=stock.missing(),
        sets=tuple(found.content for found in stock.sets if not found.complete),
        links=tuple(sobject for sobject in PEOPLE if link and sobject not in stock.links),
    )


def _is_assigned(stock: Inventory) -> bool:
    found = provision_checks.manager_of(stock)
    return found is not None and found.id in stock.assigned


def _applied(stock: Inventory, problems: Sequence[Problem], *, changed: bool) -> Applied:
    items = tuple(provision_checks.plan_items(stock))
    return Applied(items, (*provision_checks.field_problems(stock), *problems), changed)


async def _until_visible(org: PreparedOrg, stock: Inventory, progress: Progress) -> bool:
    """Ask describe until it shows every field, for two minutes at most."""
    until = org.clock.monotonic() + _LONGEST_LOOK
    while True:
        progress(Message(N_("Waiting until Salesforce shows the fields")), 0, None)
        if await inventory.visible_now(org.client, stock):
            return True
        if org.clock.monotonic() >= until:
            return False
        await org.clock.sleep(_LOOK_EVERY)


async def _set_ids(org: PreparedOrg) -> dict[str, str]:
    return {name: str(row["Id"]) for name, row in (await inventory.set_rows(org.client)).items()}


def _spec(name: str) -> PermissionSetSpec:
    """Find a set by its API name or label; raises ValueError for any other text."""
    found = next((spec for spec in PERMISSION_SETS if name in (spec.name, spec.label)), None)
    if found is None:
        raise ValueError(f"no permission set {name}")
    return found


def _no_set(name: str) -> Problem:
    reason = Message(N_("the permission set is not in this org yet; press Apply first"))
    return Problem(ProblemCode.ASSIGN_REFUSED, values={"name": name, "reason": reason}, service=Service.SALESFORCE)
