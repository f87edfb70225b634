"""The timeline of one record: every change field by field, taking one back, and syncing this record alone."""

from __future__ import annotations

import heapq

from acassist.assistant.events import IssuesChanged, RunEnded, StatusChanged
from acassist.assistant.jobs import Jobs
from acassist.assistant.person_reader import PersonReader
from acassist.assistant.session import Session
from acassist.assistant.views import ActionResult, RecordRef
from acassist.domain.ledger import HistoryAction, HistoryItem, LinkState
from acassist.domain.problem import Problem, ProblemCode, ProblemError
from acassist.domain.text import N_, Message
from acassist.sync import twins
from acassist.sync.context import contact_subject, subject_of
from acassist.sync.one_record import Outcome, first_issue, run_one
from acassist.sync.undo import UNDONE, UndoReport

__all__ = ["UNDONE", "PersonHistory", "can_undo"]

_BUSY = N_("A sync is under way. Try again when it has ended.")
_NOT_STARTED = N_("Syncing has not been started yet. Look at the preview on the Sync page and press Start.")
_OUTCOMES = {
    Outcome.CHANGED: N_("The record was synced."),
    Outcome.SAME: N_("Both sides agree already. Nothing had to be written."),
    Outcome.NOT_SELECTED: N_("The record is not in the sync selection of step 3, so it is not sent."),
    Outcome.NO_TRIGGER: N_(
        "The contact is linked to no Salesforce record. Give it the tag create-salesforce-lead or "
        "create-salesforce-contact in ActiveCampaign to have one created."
    ),
    Outcome.STOPPED: N_("Syncing is stopped for this record."),
}


class PersonHistory:
    """What happened to one record, and what a person makes happen to it."""

    def __init__(self, session: Session, jobs: Jobs, reader: PersonReader) -> None:
        self._session = session
        self._jobs = jobs
        self._reader = reader

    # -- timeline
    def timeline(self, ref: RecordRef, limit: int, before_id: int | None) -> list[HistoryItem]:
        """Return one page of what was written to a person on both sides, newest first; no network."""
        known, history = self._reader.completed(ref), self._session.stores.history
        pages = []
        if known.sf_id is not None:
            pages.append(history.items(sf_id=known.sf_id, limit=limit, before_id=before_id))
        if known.ac_id is not None:
            pages.append(history.items(ac_id=known.ac_id, limit=limit, before_id=before_id))
        merged = {item.id: item for item in heapq.merge(*pages, key=lambda item: item.id, reverse=True)}
        return list(merged.values())[:limit]

    async def undo_change(self, item_id: int) -> UndoReport:
        """Take back one change, as a run of its own in the history; raises what stops it."""
        item = self._session.stores.history.item(item_id)
        if item is None or not can_undo(item):
            return UndoReport()
        report = await self._jobs.undo_items([item], cause=f"undo change {item_id}")
        self._reader.forget(item.ac_id)
        return report

    # -- sync this record
    async def sync(self, ref: RecordRef) -> ActionResult:
        """Sync one record alone; never waits for a run under way, which may take hours."""
        setup = self._session.setup
        if not setup.complete:
            return _failed(Problem(ProblemCode.SETUP_INCOMPLETE))
        if not setup.started:
            return _not_done(_NOT_STARTED)
        if self._jobs.running:
            return _not_done(_BUSY)
        try:
            return await self._jobs.alone(lambda: self._sync(self._reader.completed(ref)))
        except ProblemError as error:
            return _failed(error.problem)
        finally:
            self._reader.forget(self._reader.completed(ref).ac_id)

    async def _sync(self, ref: RecordRef) -> ActionResult:
        session = self._session
        ctx = await self._jobs.person_context()
        try:
            outcome, summary = await run_one(ctx, sobject=ref.sobject, sf_id=ref.sf_id, ac_id=ref.ac_id)
        finally:
            session.store_calls()
            session.events.emit(IssuesChanged(sum(session.stores.issues.counts().values())))
            session.events.emit(StatusChanged())
        session.events.emit(RunEnded(summary))
        if outcome is not Outcome.ISSUE:
            return ActionResult(outcome in {Outcome.CHANGED, Outcome.SAME}, Message(_OUTCOMES[outcome]))
        subject = subject_of(ref.sobject, ref.sf_id) if ref.sobject and ref.sf_id else contact_subject(ref.ac_id or "")
        issue = first_issue(ctx, subject)
        if issue is None:
            return _not_done(N_("The link of this record is broken. Issues tells what can be done."))
        return _failed(Problem(issue.code, issue.subject, issue.values, issue.detail))

    # -- stop and resume
    def stop(self, ref: RecordRef, *, stop: bool) -> ActionResult:
        """Stop or resume syncing one record."""
        link = self._reader.link(ref)
        if link is None:
            return _not_done(N_("The record is not linked, so it is not synced."))
        if link.state is LinkState.BROKEN:
            return _not_done(N_("The link of this record is broken. Issues tells what can be done."))
        (twins.stop if stop else twins.resume)(self._session.stores, link)
        self._session.events.emit(StatusChanged())
        text = N_("This record is no longer synced.") if stop else N_("This record is synced again.")
        return ActionResult(done=True, sentence=Message(text))


def can_undo(item: HistoryItem) -> bool:
    """Tell whether a change can be taken back: a value that was replaced, and not by an undo."""
    return item.action is HistoryAction.UPDATE and bool(item.key) and item.rule != UNDONE


def _failed(problem: Problem) -> ActionResult:
    return ActionResult(done=False, sentence=problem.sentence, problem=problem)


def _not_done(text: str) -> ActionResult:
    return ActionResult(done=False, sentence=Message(text))
