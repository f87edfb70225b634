"""What a person decides about issues: conflicts, duplicates, broken links, withdrawn opt-outs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from enum import StrEnum

from acassist.assistant import relinking
from acassist.assistant.jobs import Jobs
from acassist.assistant.relinking import AccountCandidate, Candidate
from acassist.assistant.session import Session
from acassist.assistant.value_edits import Edit, EditableValue, Retry, ValueEdits
from acassist.assistant.views import ActionResult, SearchHit
from acassist.domain.ids import Service
from acassist.domain.ledger import HistoryAction, IntentKind, Issue, IssueState, Link, LinkState
from acassist.domain.merge import Base
from acassist.domain.problem import ProblemCode, ProblemError
from acassist.domain.record import SalesforceRecord
from acassist.http import Priority
from acassist.sync.context import Stores, SyncContext, subject_of
from acassist.sync.opt_out import BASE_KEY, unsubscribe_everywhere
from acassist.sync.record_writes import update_records
from acassist.sync.run import load_schema
from acassist.sync.schema import OPT_OUT_FIELD
from acassist.sync.tagging import load_tags


class Choice(StrEnum):
    """The side whose value is kept, or both."""

    SALESFORCE = "salesforce"
    ACTIVECAMPAIGN = "activecampaign"
    KEEP_BOTH = "keep_both"


def make_due(stores: Stores, issue_id: int) -> None:
    """Let what an issue is about be tried in the next run: the record, or the tag that its contact was to get."""
    with stores.db.transaction():
        stores.issues.make_due(issue_id)
        issue = stores.issues.get(issue_id)
        if issue is not None and issue.sobject is None and issue.ac_id is not None:
            stores.intents.reopen(IntentKind.TAG, issue.ac_id)


class Decisions:
    """Carries out decisions; values flow with the next run, through the same plan and guard as any other."""

    def __init__(self, session: Session, jobs: Jobs, retry: Retry) -> None:
        self._session = session
        self._edits = ValueEdits(session, jobs, retry)

    def _issue(self, issue_id: int) -> Issue:
        found = self._session.stores.issues.get(issue_id)
        if found is None:
            raise LookupError(f"no issue {issue_id}")
        return found

    def _link(self, issue: Issue) -> Link | None:
        stores = self._session.stores
        if issue.link_id is not None:
            return stores.ledger.link(issue.link_id)
        if issue.sobject is not None and issue.sf_id is not None:
            return stores.ledger.links_by_sf(issue.sobject, [issue.sf_id]).get(issue.sf_id)
        return None

    async def _context(self) -> SyncContext:
        session = self._session
        session.require_manager()
        ctx = SyncContext(
            session.setup,
            await session.salesforce(Priority.INTERACTIVE),
            await session.activecampaign(Priority.INTERACTIVE),
            session.stores,
            session.machine.clock,
        )
        await load_schema(ctx)
        await load_tags(ctx)
        return ctx

    # -- conflicts
    def resolve_conflict(self, issue_id: int, choice: Choice, *, same_field: bool = False) -> int:
        """Decide a conflict or the edit of a twin, or all of the same field; returns how many were decided.

        The base is moved so that the next run sees a change on the chosen side only; whatever changes before then
        is a conflict again.
        """
        first = self._issue(issue_id)
        issues: Sequence[Issue] = [first]
        if same_field:
            every = self._session.stores.issues.list(code=first.code, limit=10_000)
            issues = [i for i in every if i.values.get("key") == first.values.get("key") and i.sobject is first.sobject]
        return sum(self._decide(issue, choice) for issue in issues)

    def _decide(self, issue: Issue, choice: Choice) -> bool:
        link, key = self._link(issue), issue.values.get("key")
        if link is None or not isinstance(key, str):
            return False
        left, right = issue.values.get("salesforce"), issue.values.get("activecampaign")
        base = {
            Choice.SALESFORCE: Base(right, right),
            Choice.ACTIVECAMPAIGN: Base(left, left),
            Choice.KEEP_BOTH: Base(left, right),
        }[choice]
        stores = self._session.stores
        with stores.db.transaction():
            stores.ledger.save_link(replace(link, base={**link.base, key: base}, ac_stamp=None))
            stores.issues.clear(issue.subject, codes=[issue.code], fields=[issue.field])
            stores.settings.audit("conflict", {"subject": issue.subject, "field": issue.field}, choice.value)
        return True

    # -- twins
    def make_primary(self, issue_id: int) -> bool:
        """Let this record, and no longer its twin, write to ActiveCampaign (rule 2.2)."""
        link = self._link(self._issue(issue_id))
        if link is None:
            return False
        stores = self._session.stores
        with stores.db.transaction():
            for twin in stores.ledger.links_by_ac([link.ac_id]).get(link.ac_id, []):
                stores.ledger.save_link(replace(twin, primary=twin.id == link.id, ac_stamp=None))
            issue = self._issue(issue_id)
            stores.issues.clear(issue.subject, codes=[ProblemCode.TWIN_EDIT])
            stores.settings.audit("make_primary", {"subject": issue.subject}, link.ac_id)
        return True

    # -- duplicates
    async def candidates(self, issue_id: int) -> list[Candidate]:
        """Return the live records that share the address of a duplicate issue, and the one that is linked now."""
        return await relinking.candidates(await self._context(), self._issue(issue_id))

    async def choose_record(self, issue_id: int, sf_id: str) -> bool:
        """Link the chosen record of a duplicate to the contact; the others are or stay unlinked."""
        issue, ctx = self._issue(issue_id), await self._context()
        rivals = await relinking.candidates(ctx, issue)
        await relinking.choose_record(ctx, issue, sf_id)
        with ctx.stores.db.transaction():
            for rival in rivals:
                self._settle_duplicate(rival.record, chosen=rival.record.id == sf_id)
            ctx.stores.issues.clear(issue.subject if issue.sf_id is None else "", codes=[ProblemCode.DUPLICATE])
            ctx.stores.settings.audit("duplicate", {"subject": issue.subject}, sf_id)
        return True

    def _settle_duplicate(self, record: SalesforceRecord, *, chosen: bool) -> None:
        issues = self._session.stores.issues
        subject = subject_of(record.sobject, record.id)
        for issue in issues.open_for(subject):
            if issue.code is ProblemCode.DUPLICATE:
                issues.set_state(issue.id, IssueState.RESOLVED if chosen else IssueState.IGNORED)

    async def unlink(self, issue_id: int, sf_id: str | None = None) -> bool:
        """End a link: of one candidate of a duplicate, else of the issue's own record (it may be resumed)."""
        issue, ctx = self._issue(issue_id), await self._context()
        if sf_id is not None:
            return await relinking.unlink(ctx, issue, sf_id)
        link = self._link(issue)
        return link is not None and relinking.stop_twin(ctx, issue, link)

    # -- broken links
    def let_go(self, issue_id: int) -> bool:
        """Accept that one end is gone: the link stays broken, so nothing is ever created again in silence."""
        issue = self._issue(issue_id)
        self._session.stores.issues.set_state(issue.id, IssueState.RESOLVED)
        return True

    async def partners(self, issue_id: int, text: str) -> list[SearchHit]:
        """Search for what the end that is left of a broken link may be linked with."""
        issue, text = self._issue(issue_id), text.strip()
        link = self._link(issue)
        if link is None or not text:
            return []
        ctx = await self._context()
        if issue.code is ProblemCode.AC_GONE:
            return await relinking.contacts_for(ctx, link, text)
        salesforce = await self._session.salesforce(Priority.INTERACTIVE)
        return relinking.records_for(ctx, link, await salesforce.search(text))

    async def relink(self, issue_id: int, hit: SearchHit) -> bool:
        """Link the end that is left of a broken link with what was found; False when that is taken meanwhile."""
        issue = self._issue(issue_id)
        link = self._link(issue)
        if link is None or link.state is not LinkState.BROKEN:
            return False
        return await relinking.relink(await self._context(), issue, link, hit)

    def link_again(self, issue_id: int) -> bool:
        """Forget a broken link: the next run links the record again, or creates its contact anew."""
        issue = self._issue(issue_id)
        link = self._link(issue)
        if link is None or link.state is not LinkState.BROKEN:
            return False
        stores = self._session.stores
        with stores.db.transaction():
            stores.ledger.remove_link(link.id)
            stores.index.remove([link.ac_id])
            stores.issues.clear(issue.subject)
            stores.settings.audit("link_again", {"subject": issue.subject}, link.ac_id)
        return True

    # -- accounts
    async def account_candidates(self, issue_id: int) -> list[AccountCandidate]:
        """Return the accounts that have the name of an ambiguous one."""
        return await relinking.account_candidates(await self._context(), self._issue(issue_id))

    async def choose_account(self, issue_id: int, account_id: str) -> bool:
        """Link an account with the chosen one of several of the same name."""
        return relinking.choose_account(await self._context(), self._issue(issue_id), account_id)

    async def move_account(self, issue_id: int) -> bool:
        """Move a contact to the account that its record belongs to."""
        return await relinking.move_account(await self._context(), self._issue(issue_id))

    # -- values
    async def editable(self, issue_id: int) -> tuple[EditableValue, ...]:
        """Return the fields whose value may mend an issue, with both sides as they are now."""
        return await self._edits.editable(self._issue(issue_id), await self._context())

    async def edit_value(self, issue_id: int, edit: Edit) -> ActionResult:
        """Correct a value on one side and sync the record at once; raises why it was not saved."""
        return await self._edits.edit(self._issue(issue_id), edit)

    # -- opt-outs
    async def answer_opt_out(self, issue_id: int, *, clear: bool) -> bool:
        """Clear the opt-out in Salesforce on a person's word, or keep it and unsubscribe in ActiveCampaign."""
        issue = self._issue(issue_id)
        link = self._link(issue)
        if link is None:
            return False
        ctx = await self._context()
        if clear:
            outcome = await update_records(ctx, link.sobject, [(link.sf_id, {OPT_OUT_FIELD: False})])
            problem = outcome[link.sf_id]
            if problem is not None:
                raise ProblemError(problem)
        else:
            await unsubscribe_everywhere(ctx, link.ac_id)
        base = Base("false", "false") if clear else Base("true", "true")
        with ctx.stores.db.transaction():
            ctx.stores.ledger.save_link(replace(link, base={**link.base, BASE_KEY: base}))
            ctx.stores.issues.clear(issue.subject, codes=[ProblemCode.OPT_OUT_CLEARED])
            ctx.stores.settings.audit("opt_out", {"subject": issue.subject}, "cleared" if clear else "kept")
            ctx.note(
                [
                    ctx.item(
                        Service.SALESFORCE if clear else Service.ACTIVECAMPAIGN,
                        HistoryAction.OPT_OUT,
                        issue.subject,
                        name=issue.name,
                        link_id=link.id,
                        sobject=link.sobject,
                        sf_id=link.sf_id,
                        ac_id=link.ac_id,
                        field=OPT_OUT_FIELD,
                        before="true" if clear else "false",
                        after="false" if clear else "true",
                        rule="person",
                    )
                ]
            )
        return True
