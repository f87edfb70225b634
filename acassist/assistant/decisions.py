"""What a person decides about issues: conflicts, duplicates, broken links, withdrawn opt-outs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from enum import StrEnum

from acassist.assistant.session import Session
from acassist.domain.ids import Service
from acassist.domain.ledger import HistoryAction, Issue, IssueState, Link, LinkState
from acassist.domain.merge import Base
from acassist.domain.problem import Problem, ProblemCode, ProblemError
from acassist.domain.record import SalesforceRecord
from acassist.http import Priority
from acassist.sync.context import SyncContext, subject_of
from acassist.sync.newcomers import add_link
from acassist.sync.observe import live_by_email, store_page
from acassist.sync.opt_out import BASE_KEY, unsubscribe_everywhere
from acassist.sync.record_writes import update_records
from acassist.sync.run import load_schema
from acassist.sync.schema import OPT_OUT_FIELD
from acassist.sync.tagging import carry_out_tag, load_tags


class Choice(StrEnum):
    """The side whose value is kept, or both."""

    SALESFORCE = "salesforce"
    ACTIVECAMPAIGN = "activecampaign"
    KEEP_BOTH = "keep_both"


class Decisions:
    """Carries out decisions; values flow with the next run, through the same plan and guard as any other."""

    def __init__(self, session: Session) -> None:
        self._session = session

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
        """Decide a conflict, or all conflicts of the same field; returns how many were decided.

        The base is moved so that the next run sees a change on the chosen side only; whatever changes before then
        is a conflict again.
        """
        first = self._issue(issue_id)
        issues: Sequence[Issue] = [first]
        if same_field:
            every = self._session.stores.issues.list(code=ProblemCode.CONFLICT, limit=10_000)
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
        return True

    # -- duplicates
    async def candidates(self, issue_id: int) -> list[SalesforceRecord]:
        """Return the live records that share the address of a duplicate issue."""
        issue = self._issue(issue_id)
        email = str(issue.values.get("email") or "").strip().casefold()
        if issue.sobject is None or not email:
            return []
        return (await live_by_email(await self._context(), issue.sobject, [email])).get(email, [])

    async def choose_record(self, issue_id: int, sf_id: str) -> bool:
        """Link the chosen record of a duplicate to the contact with this address; the others stay unlinked."""
        issue = self._issue(issue_id)
        ctx = await self._context()
        email = str(issue.values.get("email") or "")
        found = await self.candidates(issue_id)
        record = next((r for r in found if r.id == sf_id), None)
        contact = await ctx.activecampaign.contact_by_email(email)
        if record is None or contact is None:
            raise ProblemError(Problem(ProblemCode.AC_GONE if contact is None else ProblemCode.SF_GONE))
        taken = ctx.stores.ledger.links_by_ac([contact.id]).get(contact.id, [])
        if any(link.sobject is record.sobject for link in taken):
            return False
        with ctx.stores.db.transaction():
            store_page(ctx, [contact])
            _, tag = add_link(ctx, record, contact.id)
            for other in found:
                self._settle_duplicate(other, chosen=other.id == sf_id)
            ctx.stores.settings.audit("duplicate", {"email": email}, subject_of(record.sobject, sf_id))
        await carry_out_tag(ctx, tag)
        return True

    def _settle_duplicate(self, record: SalesforceRecord, *, chosen: bool) -> None:
        issues = self._session.stores.issues
        subject = subject_of(record.sobject, record.id)
        for issue in issues.open_for(subject):
            if issue.code is ProblemCode.DUPLICATE:
                issues.set_state(issue.id, IssueState.RESOLVED if chosen else IssueState.IGNORED)

    # -- broken links
    def let_go(self, issue_id: int) -> bool:
        """Accept that one end is gone: the link stays broken, so nothing is ever created again in silence."""
        issue = self._issue(issue_id)
        self._session.stores.issues.set_state(issue.id, IssueState.RESOLVED)
        return True

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
