"""The fake assistant as the four steps see it."""

from __future__ import annotations

from dataclasses import replace

from acassist.assistant.events import LoginAddress, SetupChanged, StatusChanged
from acassist.assistant.setup.flow import SetupFlow
from acassist.assistant.views import CheckItem, MappingChoices, Offer, RowCheck, SampleReport
from acassist.domain.fields import one_way, refusal
from acassist.domain.ids import SObject
from acassist.domain.mapping import Direction, FieldMapping
from acassist.domain.profile import AccountFacts, OrgFacts, ScheduledJob, Setup, Step
from acassist.domain.selection import Selection
from tests.gui import fake_data as data
from tests.gui.fake_state import FakeState

_LOGIN = "https://login.salesforce.com/services/oauth2/authorize?response_type=code&client_id=abc"


class FakeSteps(FakeState):
    """Implements steps 1 to 4 of AssistantPort."""

    # -- step 1
    async def before_you_begin(self) -> list[CheckItem]:
        await self._answer("before_you_begin")
        return data.check_items()

    def resolve_account(self, text: str) -> str:
        host = text.strip().removeprefix("https://").split("/")[0].split(".")[0]
        return f"https://{host}.api-us1.com" if host else ""

    async def connect_activecampaign(self, account: str, api_key: str) -> AccountFacts:
        await self._answer("connect_activecampaign", account)
        self.account = data.ACCOUNT
        return data.ACCOUNT

    async def connect_salesforce(self, login_url: str, client_id: str, *, open_browser: bool = True) -> OrgFacts:
        self.events.emit(LoginAddress(_LOGIN, open_browser))
        await self._answer("connect_salesforce", login_url, client_id)
        self.org = data.ORG
        return data.ORG

    async def connection_facts(self) -> tuple[AccountFacts | None, OrgFacts | None]:
        await self._answer("connection_facts")
        return self.account, self.org

    async def prepare_state(self) -> list[CheckItem]:
        await self._answer("prepare_state")
        return data.prepare_items()

    async def set_ask_each_time(self, on: bool) -> None:
        await self._answer("set_ask_each_time", on)

    async def provide_secrets(self, *, api_key: str | None = None) -> None:
        await self._answer("provide_secrets")

    # -- steps 2 to 4
    async def open_step(self, step: Step) -> SetupFlow:
        await self._answer("open_step", step)
        flow = self.drafts.get(step) or SetupFlow(step, self.current, first_time=not self.current.done(step))
        return flow if step is not Step.CONNECTIONS else flow.with_draft(self._draft_connections(flow.draft))

    def _draft_connections(self, draft: Setup) -> Setup:
        known = self._connected()
        return replace(
            draft,
            activecampaign=known.activecampaign if self.account else draft.activecampaign,
            salesforce=known.salesforce if self.org else draft.salesforce,
        )

    async def save_draft(self, flow: SetupFlow) -> None:
        await self._answer("save_draft", flow)
        self.drafts[flow.step] = flow

    async def discard_draft(self, step: Step) -> None:
        await self._answer("discard_draft", step)
        self.drafts.pop(step, None)

    async def finish_step(self, flow: SetupFlow) -> Setup:
        await self._answer("finish_step", flow)
        if flow.step is Step.CONNECTIONS:
            flow = flow.with_draft(self._draft_connections(flow.draft))
        self.current = flow.finished()
        self.drafts.pop(flow.step, None)
        self.events.emit(SetupChanged())
        self.events.emit(StatusChanged())
        return self.current

    async def mapping_choices(self, sobject: SObject) -> MappingChoices:
        await self._answer("mapping_choices", sobject)
        limit = 1 if sobject is SObject.ACCOUNT and not self.accounts_available else None
        return MappingChoices(sobject, data.AC_FIELDS[sobject], data.SF_FIELDS[sobject], limit)

    async def check_row(self, sobject: SObject, row: FieldMapping) -> RowCheck:
        await self._answer("check_row", sobject, row)
        ac = next((f for f in data.AC_FIELDS[sobject] if f.key == row.ac_key), None)
        sf = next((f for f in data.SF_FIELDS[sobject] if f.name == row.sf_field), None)
        if ac is None or sf is None:
            return RowCheck(None, None)
        return RowCheck(refusal(ac, sf), Direction.TO_ACTIVECAMPAIGN if one_way(sf) else None)

    async def try_mapping(self, sobject: SObject, row: FieldMapping, limit: int = 20) -> SampleReport:
        await self._answer("try_mapping", sobject, row)
        if row.ac_key == "field:1":
            return SampleReport(data.SAMPLES, 3)
        good = tuple(replace(s, problem=None) for s in data.SAMPLES)
        return SampleReport(() if self.empty else good, 0 if self.empty else len(good))

    async def selection_fields(self, sobject: SObject) -> MappingChoices:
        await self._answer("selection_fields", sobject)
        return MappingChoices(sobject, (), data.SF_FIELDS[sobject])

    async def count_selection(self, sobject: SObject, selection: Selection) -> int:
        await self._answer("count_selection", sobject, selection)
        return 0 if self.empty else 1_204

    async def selection_soql(self, sobject: SObject, selection: Selection) -> str:
        await self._answer("selection_soql", sobject, selection)
        glue = f" {selection.criteria.join.value.upper()} "
        return glue.join(f"{row.field} = '{row.value}'" for row in selection.criteria.rows)

    async def marked_blocked(self, sobject: SObject) -> str | None:
        await self._answer("marked_blocked", sobject)
        return self.marked

    async def other_jobs(self) -> list[ScheduledJob]:
        await self._answer("other_jobs")
        return [] if self.empty else data.jobs(self.now)

    async def offers(self) -> tuple[list[Offer], list[Offer]]:
        await self._answer("offers")
        return ([], []) if self.empty else data.offer_lists()
