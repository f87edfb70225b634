"""What a person does to one record: send a campaign, add to an automation; each at most once, each told."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime

from acassist.assistant.events import IssuesChanged
from acassist.assistant.person_reader import PersonReader
from acassist.assistant.session import Session
from acassist.assistant.views import ActionResult, Passages, RecordRef
from acassist.domain.activity import Automation, AutomationEntry, Campaign
from acassist.domain.problem import Problem, ProblemCode, ProblemError
from acassist.domain.tags import is_offered_label
from acassist.domain.text import N_, Message
from acassist.sync.actions import Person, enter_automation, send_campaign


@dataclass(frozen=True, slots=True)
class _Action:
    """One action under way: its key, what it does, and what is said when it is done."""

    key: tuple[str, str]
    work: Callable[[], Awaitable[Message | None]]
    done: Message


class PersonActions:
    """One-off actions on one session."""

    def __init__(self, session: Session, reader: PersonReader) -> None:
        self._session = session
        self._reader = reader
        self._acting: set[tuple[str, str]] = set()

    async def send(self, ref: RecordRef, campaign_id: str, expected_email: str) -> ActionResult:
        """Send one campaign to one person, once."""
        campaign = await self._campaign(campaign_id)
        if campaign is None:
            return _not_offered(campaign_id)
        ac_id = await self._reader.contact_id(ref)

        async def work() -> None:
            await send_campaign(
                await self._reader.context(),
                Person(ac_id, expected_email),
                campaign_id=campaign.id,
                message_id=campaign.message_id,
                title=campaign.name,
            )

        values = {"campaign": campaign.name, "email": expected_email}
        done = Message(N_("{campaign} was sent to {email}."), values)
        return await self._act(_Action(("send", ac_id), work, done))

    async def _campaign(self, campaign_id: str) -> Campaign | None:
        """Find a campaign that is offered and can be sent, as the account tells now."""
        ticked = self._session.setup.cx.campaigns
        for campaign in await (await self._session.activecampaign()).campaigns():
            if campaign.id == campaign_id and campaign.sendable and _offered(campaign.labels, campaign.id, ticked):
                return campaign
        return None

    async def enter(self, ref: RecordRef, automation_id: str, expected_email: str) -> ActionResult:
        """Add one person to an automation, once."""
        automation = await self._automation(automation_id)
        if automation is None:
            return _not_offered(automation_id)
        ac_id = await self._reader.contact_id(ref)

        async def work() -> Message | None:
            refused = _refused(await self._passages(ac_id, automation), automation, expected_email)
            if refused is not None:
                return refused
            person = Person(ac_id, expected_email)
            ctx = await self._reader.context()
            await enter_automation(ctx, person, automation_id=automation.id, title=automation.name)
            return None

        values = {"automation": automation.name, "email": expected_email}
        done = Message(N_("{email} was added to {automation}."), values)
        return await self._act(_Action(("enter", ac_id), work, done))

    async def _automation(self, automation_id: str) -> Automation | None:
        """Find an automation that is offered and active, as the account tells now."""
        ticked = self._session.setup.cx.automations
        for found in await (await self._session.activecampaign()).automations():
            if found.id == automation_id and found.active and _offered(found.labels, found.id, ticked):
                return found
        return None

    async def passages(self, ref: RecordRef, automation_id: str) -> Passages:
        """Tell whether a person is in an automation, has been, and may enter again."""
        automation = await self._automation(automation_id)
        if automation is None:
            raise ProblemError(Problem(ProblemCode.NOT_OFFERED, values={"name": automation_id}))
        return await self._passages(await self._reader.contact_id(ref), automation)

    async def _passages(self, ac_id: str, automation: Automation) -> Passages:
        entries = await (await self._session.activecampaign()).automation_entries(ac_id)
        mine = [entry for entry in entries if entry.automation_id == automation.id]
        return Passages(any(e.active for e in mine), len(mine), _last(mine), automation.multi_entry)

    async def _act(self, action: _Action) -> ActionResult:
        """Carry out an action; a second press while it is under way does nothing."""
        if not self._session.setup.cx.enabled:
            return _not_offered(Message(N_("CX Automation")))
        if action.key in self._acting:
            return ActionResult(done=False, sentence=Message(N_("This is under way already. Nothing was done twice.")))
        self._acting.add(action.key)
        try:
            refused = await action.work()
        except ProblemError as error:
            self._session.events.emit(IssuesChanged(sum(self._session.stores.issues.counts().values())))
            return ActionResult(done=False, sentence=error.problem.sentence, problem=error.problem)
        finally:
            self._acting.discard(action.key)
            self._reader.forget(action.key[1])
        return ActionResult(done=refused is None, sentence=refused or action.done)


def _offered(labels: tuple[str, ...] | None, item_id: str, ticked: tuple[str, ...]) -> bool:
    return item_id in ticked or any(is_offered_label(label) for label in labels or ())


def _not_offered(name: object) -> ActionResult:
    problem = Problem(ProblemCode.NOT_OFFERED, values={"name": name})
    return ActionResult(done=False, sentence=problem.sentence, problem=problem)


def _last(entries: list[AutomationEntry]) -> datetime | None:
    return max((entry.entered for entry in entries), default=None)


def _refused(found: Passages, automation: Automation, email: str) -> Message | None:
    """Say why the person cannot enter (activecampaign_api 6: repeats may enter again when multientry is 1)."""
    values = {"automation": automation.name, "email": email}
    if found.inside:
        return Message(N_("{email} is in {automation} already. Nothing was changed."), values)
    if found.times and not found.again:
        return Message(N_("{email} was in {automation} before, and it lets people enter only once."), values)
    return None
