"""An org to prepare and to leave, with believable data and switchable states, for the window's tests."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from acassist.assistant.provision_checks import PACKAGE_TITLE
from acassist.assistant.provision_views import (
    AccountSide,
    Applied,
    AssignAnswer,
    Consent,
    Holder,
    Holding,
    LayoutPreview,
    LayoutRow,
    LayoutSection,
    LeavePlan,
    Left,
    TagState,
    UserRow,
    ValueCount,
    WritePreview,
    silent,
)
from acassist.assistant.views import ActionResult, CheckItem, Level
from acassist.domain.ids import SObject
from acassist.domain.problem import Problem, ProblemCode, ProblemError
from acassist.domain.text import Message

MANAGER, STANDARD = "ActiveCampaign_Package_Manager", "ActiveCampaign_Standard_User"
FIELDS = ("ActiveCampaign Sync Status", "ActiveCampaign ID", "ActiveCampaign Relation Sync Status")
ORG = "Acme GmbH"
SEEN = datetime(2026, 3, 2, 14, 5, tzinfo=UTC)
USERS = (
    UserRow("005A", "Anna Berger", "anna@acme.example", "System Administrator", True, False),
    UserRow("005B", "Ben Özdemir", "ben.oezdemir@acme.example", "Standard User", False, False),
    UserRow("005C", "Carla Núñez de la Fuente", "carla@acme.example", "Marketing User", False, True),
    UserRow("005D", "Integration User", "integration@acme.example", "Salesforce API Only", False, False),
)
LAYOUTS = (
    LayoutRow("00hA", "Lead Layout", SObject.LEAD, ("Standard User", "System Administrator"), False),
    LayoutRow("00hB", "Lead (Sales) Layout", SObject.LEAD, (), False),
    LayoutRow("00hC", "Contact Layout", SObject.CONTACT, ("Standard User",), True),
    LayoutRow("00hD", "Contact Feed Layout", SObject.CONTACT, ("Marketing User",), False),
)


class FakeProvisioning:
    """Implements ProvisioningPort; `missing` names what the org lacks."""

    def __init__(self, answer: Callable[..., Awaitable[None]]) -> None:
        self._answer = answer
        self.prepared = False
        self.production = False
        self.package = False
        self.problems: tuple[Problem, ...] = ()
        self.refused_users: dict[str, Problem] = {}
        self.holders: dict[str, set[str]] = {MANAGER: {"005A"}, STANDARD: {"005C"}}
        self.changed: set[str] = {"00hC"}
        self.key_verdict = CheckItem(Message("Consumer key"), Level.OK, Message("Salesforce knows this key."))
        self.left = False
        self.tags = {"created-from-salesforce-lead"}
        self.holder = Holder(Holding.OURS, "Setup Assistant on LAPTOP-1 (a1b2c3d4)", SEEN, "1")
        self.pause = 0.0

    # -- looking
    async def checks(self) -> list[CheckItem]:
        await self._answer("checks")
        items = [
            CheckItem(Message("Edition and API access"), Level.OK, Message("Acme GmbH (Enterprise Edition) answers.")),
            CheckItem(Message("Your permissions in Salesforce"), Level.OK, Message("You have every permission.")),
            CheckItem(Message("Lightning Experience"), Level.OK, Message("Lightning is on for your user.")),
            CheckItem(
                Message("Duplicate rules"), Level.WARN, Message("Active: {count}.", {"count": 2}),
                Message("A rule that blocks makes Salesforce refuse some records; those become issues."),
                (Message("Standard Lead Duplicate Rule"), Message("Standard Contact Duplicate Rule")),
            ),
            CheckItem(Message("Person accounts"), Level.IDLE, Message("They cannot be read with your permissions.")),
        ]  # fmt: skip
        return [*items, self._package_item()]

    def _package_item(self) -> CheckItem:
        if not self.package:
            return CheckItem(Message(PACKAGE_TITLE), Level.OK, Message("It is not installed."))
        problem = self._package_problem()
        return CheckItem(Message(PACKAGE_TITLE), Level.BAD, problem.sentence, problem.next_step)

    @staticmethod
    def _package_problem() -> Problem:
        return Problem(ProblemCode.PACKAGE_PRESENT, values={"package": "ActiveCampaign for Salesforce"})

    async def findings(self) -> list[CheckItem]:
        return []

    async def plan(self) -> list[CheckItem]:
        await self._answer("plan")
        return self._items()

    def _items(self) -> list[CheckItem]:
        rows = [(label, owner) for owner in ("Lead", "Contact") for label in FIELDS] + [(FIELDS[0], "Account")]
        items = [self._field(label, owner) for label, owner in rows]
        for name in (MANAGER, STANDARD):
            values = {"label": name.replace("_", " "), "component": name}
            items.append(self._item(Message("Permission set {label}", values), "It grants what is needed."))
        title = Message("{label} assigned to you", {"label": MANAGER.replace("_", " ")})
        return [*items, self._item(title, "Assigned.")]

    def _field(self, label: str, owner: str) -> CheckItem:
        name = label.replace(" ", "_") + "__c"
        values = {"field": label, "object": owner, "component": f"{owner}.{name}"}
        return self._item(Message("{field} on {object}", values), f"Found as {name}.")

    def _item(self, title: Message, found: str) -> CheckItem:
        if self.prepared:
            return CheckItem(title, Level.OK, Message(found))
        return CheckItem(title, Level.IDLE, Message("Not in this org yet."), Message("Apply adds it."))

    async def preview(self, *, link: bool = False) -> WritePreview:
        await self._answer("provision_preview", link)
        if self.prepared:
            return WritePreview(())
        line = Message("Field {label} ({name}): text of {length} characters.",
                       {"label": FIELDS[0], "name": "Lead.ActiveCampaign_Sync_Status__c", "length": 255})  # fmt: skip
        return WritePreview((line,), (("package.xml", "<Package/>"), ("objects/Lead.object", "<CustomObject/>")))

    async def test_key(self, login_url: str, client_id: str) -> CheckItem:
        await self._answer("test_key", login_url, client_id)
        return self.key_verdict

    # -- applying
    async def apply(self, progress: Any = silent, consent: Consent = Consent()) -> Applied:  # noqa: B008
        await self._answer("apply", consent)
        if self.package and not consent.package_stopped:
            raise ProblemError(self._package_problem())
        if self.production and not self.prepared and not consent.production:
            raise ProblemError(Problem(ProblemCode.CONFIRM_PRODUCTION, values={"org": ORG}))
        changed = not self.prepared
        for done in range(3):
            progress(Message("Salesforce is making the additions"), done, 9)
            await asyncio.sleep(self.pause)
        self.prepared = not self.problems
        return Applied(tuple(self._items()), self.problems, changed and self.prepared)

    # -- people
    async def users(self, search: str = "") -> list[UserRow]:
        await self._answer("users", search)
        return [
            replace(u, manager=u.id in self.holders[MANAGER], standard=u.id in self.holders[STANDARD])
            for u in USERS
            if search.casefold() in f"{u.name} {u.username}".casefold()
        ]

    async def assign(self, user_ids: Sequence[str], permission_set: str) -> list[AssignAnswer]:
        await self._answer("assign", tuple(user_ids), permission_set)
        return [self._assigned(key, permission_set, on=True) for key in user_ids]

    async def remove(self, user_ids: Sequence[str], permission_set: str) -> list[AssignAnswer]:
        await self._answer("remove", tuple(user_ids), permission_set)
        return [self._assigned(key, permission_set, on=False) for key in user_ids]

    def _assigned(self, key: str, name: str, *, on: bool) -> AssignAnswer:
        person = next(u.name for u in USERS if u.id == key)
        if key in self.refused_users:
            return AssignAnswer(key, person, False, self.refused_users[key])
        (self.holders[name].add if on else self.holders[name].discard)(key)
        return AssignAnswer(key, person, True)

    # -- layouts
    async def layouts(self) -> list[LayoutRow]:
        await self._answer("layouts")
        return [replace(row, changed_here=row.id in self.changed) for row in LAYOUTS]

    async def layout_preview(self, layout_id: str, *, link: bool = False) -> LayoutPreview:
        await self._answer("layout_preview", layout_id, link)
        row = next(row for row in LAYOUTS if row.id == layout_id)
        sections = [
            LayoutSection("Lead Information", ("Name", "Company", "Title", "Email", "Phone", "LeadSource")),
            LayoutSection("Address Information", ("Address",)),
        ]
        base = LayoutPreview(row.id, row.name, row.sobject, tuple(sections), (), False)
        if layout_id == "00hD":
            blocked = Message("{layout} is a feed-based layout; Salesforce does not let programs save those.",
                              {"layout": row.name})  # fmt: skip
            steps = (Message("In Salesforce Setup, open Object Manager and choose Contact."), Message("Click Save."))
            return replace(base, blocked=blocked, steps=steps)
        if layout_id in self.changed:
            return replace(base, link_added=link)
        sections.insert(1, LayoutSection("ActiveCampaign", FIELDS, added=True))
        base = replace(base, by_hand=(Message("Choose Page Layouts and open {layout}.", {"layout": row.name}),))
        return replace(base, sections=tuple(sections), added=FIELDS, link_added=link)

    async def change_layout(
        self, layout_id: str, *, link: bool = False, consent: Consent = Consent(), progress: Any = silent  # noqa: B008
    ) -> ActionResult:  # fmt: skip
        await self._answer("change_layout", layout_id, link, consent)
        if self.package and not consent.package_stopped:
            raise ProblemError(self._package_problem())
        if self.production and not consent.production:
            raise ProblemError(Problem(ProblemCode.CONFIRM_PRODUCTION, values={"org": ORG}))
        self.changed.add(layout_id)
        return ActionResult(True, Message("{layout} now shows the fields.", {"layout": "Lead Layout"}))

    async def restore_layout(self, layout_id: str) -> ActionResult:
        await self._answer("restore_layout", layout_id)
        self.changed.discard(layout_id)
        return ActionResult(True, Message("{layout} is as it was.", {"layout": "Contact Layout"}))

    # -- the other side
    async def account_side(self) -> AccountSide:
        await self._answer("account_side")
        names = ("created-from-salesforce-lead", "create-salesforce-contact", "create-salesforce-lead")
        tags = tuple(TagState(name, Message("What it means."), name in self.tags) for name in names)
        features = (
            CheckItem(Message("Your API key"), Level.OK, Message("It is the key of anna@acme.example.")),
            CheckItem(Message("Account fields in both directions"), Level.WARN, Message("Not part of your plan."),
                      Message("Plus, Pro and Enterprise plans have accounts.")),
        )  # fmt: skip
        return AccountSide(self.holder, tags, features)

    async def make_tags(self) -> AccountSide:
        await self._answer("make_tags")
        self.tags |= {"created-from-salesforce-lead", "create-salesforce-contact", "create-salesforce-lead"}
        return await self.account_side()

    # -- leaving
    async def leave_plan(self) -> LeavePlan:
        await self._answer("leave_plan")
        stays = (Message("Everything that was synced stays, in Salesforce and in ActiveCampaign."),)
        if self.left:
            return LeavePlan(ORG, (), (), (), (), stays)
        counts = tuple(
            ValueCount(owner, label, label.replace(" ", "_") + "__c", 4120 if owner is SObject.LEAD else 2871)
            for owner in (SObject.LEAD, SObject.CONTACT)
            for label in FIELDS
        )
        sets = ((MANAGER.replace("_", " "), 1), (STANDARD.replace("_", " "), 14))
        return LeavePlan(ORG, counts, sets, ("Contact Layout",), (), stays)

    async def leave(self, *, confirm: str, progress: Any = silent) -> Left:
        await self._answer("leave", confirm)
        if confirm.strip().casefold() != ORG.casefold():
            raise ProblemError(Problem(ProblemCode.CONFIRM_LEAVE, values={"org": ORG}))
        progress(Message("Salesforce is removing the additions"), 2, 8)
        self.left = not self.problems
        return Left(("Lead.ActiveCampaign_ID__c",) if self.left else (), self.problems)
