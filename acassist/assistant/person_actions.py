"""What a person does to one record: send a campaign, add to an automation; each at most once, each told."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime

from acassist.assistant.events import IssuesChanged
from acassist.assistant.person_reader import PersonReader
from acassist.assistant.session import Session
from acassist.assistant.views import ActionResult, CampaignPicture, Passages, RecordRef
from acassist.domain.activity import Automation, AutomationEntry, Campaign
from acassist.domain.problem import Problem, ProblemCode, ProblemError
from acassist.domain.tags import is_offered_label
from acassist.domain.text import N_, Message
from acassist.sync.actions import Person, enter_automation, send_campaign

Key = tuple[str, RecordRef, str]
_DOUBLE_CLICK = 3.0
_UNTOLD = N_("ActiveCampaign tells of no picture of this campaign.")
_NO_PICTURE = {
    ProblemCode.HOST_REFUSED: N_("The picture lies on {host}, which is not the account’s, so it is not fetched."),
    ProblemCode.BAD_ANSWER: N_("What {host} sent is no picture, or it is too large to be shown."),
}
_TWICE = N_("This was asked for already. Nothing was done twice.")


class PersonActions:
    """One-off actions on one session."""

    def __init__(self, session: Session, reader: PersonReader) -> None:
        self._session = session
        self._reader = reader
        self._acting: set[Key] = set()
        self._done: dict[Key, float] = {}

    async def send(self, ref: RecordRef, campaign_id: str, expected_email: str) -> ActionResult:
        """Send one campaign to one person, once."""
        key = ("send", self._reader.completed(ref), campaign_id)
        return await self._once(key, lambda: self._send(ref, campaign_id, expected_email))

    async def _send(self, ref: RecordRef, campaign_id: str, expected_email: str) -> ActionResult:
        campaign = await self._campaign(campaign_id)
        if campaign is None:
            return _not_offered(campaign_id)
        ac_id = await self._reader.contact_id(ref)
        await send_campaign(
            await self._reader.known.context(),
            Person(ac_id, expected_email),
            campaign_id=campaign.id,
            message_id=campaign.message_id,
            title=campaign.name,
        )
        self._reader.forget(ac_id)
        values = {"campaign": campaign.name, "email": expected_email}
        return ActionResult(done=True, sentence=Message(N_("{campaign} was sent to {email}."), values))

    async def _campaign(self, campaign_id: str) -> Campaign | None:
        """Find a campaign that is offered and can be sent, as the account tells now."""
        ticked = self._session.setup.cx.campaigns
        for campaign in await (await self._session.activecampaign()).campaigns():
            if campaign.id == campaign_id and campaign.sendable and _offered(campaign.labels, campaign.id, ticked):
                return campaign
        return None

    async def enter(self, ref: RecordRef, automation_id: str, expected_email: str) -> ActionResult:
        """Add one person to an automation, once."""
        key = ("enter", self._reader.completed(ref), automation_id)
        return await self._once(key, lambda: self._enter(ref, automation_id, expected_email))

    async def _enter(self, ref: RecordRef, automation_id: str, expected_email: str) -> ActionResult:
        automation = await self._automation(automation_id)
        if automation is None:
            return _not_offered(automation_id)
        ac_id = await self._reader.contact_id(ref)
        refused = _refused(await self._passages(ac_id, automation), automation, expected_email)
        if refused is not None:
            return ActionResult(done=False, sentence=refused)
        person = Person(ac_id, expected_email)
        await enter_automation(
            await self._reader.known.context(), person, automation_id=automation.id, title=automation.name
        )
        self._reader.forget(ac_id)
        values = {"automation": automation.name, "email": expected_email}
        return ActionResult(done=True, sentence=Message(N_("{email} was added to {automation}."), values))

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

    async def picture(self, campaign_id: str) -> CampaignPicture:
        """Fetch the picture of a campaign, or say why there is none to show; raises connection problems."""
        try:
            data = await (await self._session.activecampaign()).campaign_picture(campaign_id)
        except ProblemError as error:
            reason = _NO_PICTURE.get(error.problem.code)
            if reason is None:
                raise
            return CampaignPicture(None, Message(reason, error.problem.values))
        return CampaignPicture(data, None if data is not None else Message(_UNTOLD))

    async def _once(self, key: Key, work: Callable[[], Awaitable[ActionResult]]) -> ActionResult:
        """Carry out an action; a second press while it is under way, or just after it, does nothing."""
        if not self._session.setup.cx.enabled:
            return _not_offered(Message(N_("CX Automation")))
        now = self._session.machine.clock.monotonic()
        self._done = {done: at for done, at in self._done.items() if now - at < _DOUBLE_CLICK}
        if key in self._acting or key in self._done:
            return ActionResult(done=False, sentence=Message(_TWICE))
        self._acting.add(key)
        try:
            result = await work()
        except ProblemError as error:
            self._session.events.emit(IssuesChanged(sum(self._session.stores.issues.counts().values())))
            return ActionResult(done=False, sentence=error.problem.sentence, problem=error.problem)
        finally:
            self._acting.discard(key)
        if result.done:
            self._done[key] = self._session.machine.clock.monotonic()
        return result


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
