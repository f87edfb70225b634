"""Runs and changes in words: what was done, where, from what to what, and by which rule."""

from __future__ import annotations

from acassist.assistant.views import Level
from acassist.domain.ids import Service
from acassist.domain.ledger import (
    DIRECTION_NAMES,
    HISTORY_LABELS,
    RUN_STATE_NAMES,
    Counters,
    HistoryAction,
    HistoryItem,
    PlannedChange,
    RunDirection,
    RunState,
    RunSummary,
)
from acassist.domain.merge import OTHER_REASONS, RULE_LABELS, Rule
from acassist.domain.problem import Problem
from acassist.domain.text import Message
from acassist.gui.strings import message, tr, tr_n

Change = PlannedChange | HistoryItem

RUN_LEVELS = {
    RunState.RUNNING: Level.BUSY,
    RunState.DONE: Level.OK,
    RunState.PARTIAL: Level.WARN,
    RunState.STOPPED: Level.BAD,
    RunState.CANCELLED: Level.IDLE,
    RunState.KILLED: Level.WARN,
}


_LABELS = {
    "ActiveCampaign_Sync_Status": "ActiveCampaign Sync Status",
    "ActiveCampaign_ID": "ActiveCampaign ID",
    "ActiveCampaign_Relation_Sync_Status": "ActiveCampaign Relation Sync Status",
    "HasOptedOutOfEmail": "Email Opt Out",
}
"""Labels of fields that no mapping names; they are names, so they are not translated."""


def direction_words(direction: RunDirection) -> str:
    """Name what a run covers."""
    return message(Message(DIRECTION_NAMES[direction]))


def state_words(state: RunState) -> str:
    """Name how a run ended."""
    return message(Message(RUN_STATE_NAMES[state]))


def run_problem(run: RunSummary) -> Problem | None:
    """Return the problem that ended a run."""
    return Problem(run.problem, values=run.problem_values) if run.problem is not None else None


def counter_parts(counters: Counters) -> list[str]:
    """Say what a run did, one piece for each thing that it did."""
    created = counters.created_ac + counters.created_sf
    updated = counters.updated_ac + counters.updated_sf
    parts = [
        tr_n("{n} created", "{n} created", created) if created else "",
        tr_n("{n} updated", "{n} updated", updated) if updated else "",
        tr_n("{n} linked", "{n} linked", counters.linked) if counters.linked else "",
        tr_n("{n} skipped", "{n} skipped", counters.skipped) if counters.skipped else "",
        tr_n("{n} issue", "{n} issues", counters.issues) if counters.issues else "",
    ]
    said = [part for part in parts if part]
    return said or [tr("Nothing to change")]


def counter_words(counters: Counters) -> str:
    """Say in one line what a run did."""
    return " · ".join(counter_parts(counters))


def run_parts(run: RunSummary) -> list[str]:
    """Say what a run did, or why it stopped, in pieces that may stand on lines of their own."""
    problem = run_problem(run)
    undone = undone_run(run)
    before = [] if undone is None else [tr("Undo of run {id}", id=undone)]
    if problem is not None and run.state is RunState.STOPPED:
        return [*before, message(problem.title)]
    return [*before, *counter_parts(run.counters)]


def undone_run(run: RunSummary) -> str | None:
    """Return the number of the run that this one took back, None for any other run."""
    word, _, number = run.cause.partition(" ")
    return number if word == "undo" and number.isdigit() else None


def run_words(run: RunSummary) -> str:
    """Say in one line what a run did, or why it stopped."""
    return " · ".join(run_parts(run))


def side_words(target: Service) -> str:
    """Name the side that is written to."""
    return tr("ActiveCampaign") if target is Service.ACTIVECAMPAIGN else tr("Salesforce")


def action_words(action: HistoryAction) -> str:
    """Name what is or was done to a record."""
    return message(Message(HISTORY_LABELS[action]))


def planned_words(action: HistoryAction) -> str:
    """Name what would be done to a record."""
    words = {
        HistoryAction.CREATE: tr("Create"),
        HistoryAction.UPDATE: tr("Update"),
        HistoryAction.LINK: tr("Link"),
        HistoryAction.SKIP: tr("Skip"),
        HistoryAction.STATUS: tr("Write status"),
        HistoryAction.TAG: tr("Add tag"),
        HistoryAction.UNTAG: tr("Remove tag"),
        HistoryAction.OPT_OUT: tr("Opt-out"),
        HistoryAction.UNLINK: tr("End link"),
    }
    return words.get(action, action_words(action))


def rule_words(change: Change) -> str:
    """Say why: the rule, or the problem that kept the change away."""
    if isinstance(change, PlannedChange) and change.problem is not None:
        values = {"field": field_words(change), "name": change.name, **change.problem_values}
        return message(Problem(change.problem, values=values).sentence)
    if change.rule in set(Rule):
        return message(Message(RULE_LABELS[Rule(change.rule)]))
    return message(Message(OTHER_REASONS.get(change.rule, change.rule)))


def field_words(change: Change) -> str:
    """Name the field of a change by its label, or by the readable half of a mapping key."""
    named = change.field.rpartition("~")[2]
    return _LABELS.get(named.removesuffix("__c"), named)


def value_words(value: str | None, action: HistoryAction) -> str:
    """Show a value; blank is said only where a value could be."""
    if value:
        return value
    return tr("blank") if action is HistoryAction.UPDATE else ""


def name_words(change: Change) -> str:
    """Name the record of a change."""
    return change.name or change.subject
