"""A backfill in words: what was asked for, what it would cost, where it stands."""

from __future__ import annotations

from acassist.assistant.events import RunProgress
from acassist.assistant.views import Level
from acassist.domain.backfill import (
    BACKFILL_PHASE_NAMES,
    BackfillEstimate,
    BackfillPhase,
    BackfillRequest,
    BackfillState,
)
from acassist.domain.ids import SObject
from acassist.domain.text import Message
from acassist.gui.strings import duration, message, number, tr, tr_n

_AT_WORK = {BackfillPhase.COUNTING, BackfillPhase.CANARY, BackfillPhase.RUNNING}
_LEVELS = {
    BackfillPhase.IDLE: Level.IDLE,
    BackfillPhase.WAITING_FOR_GO: Level.WARN,
    BackfillPhase.PAUSED: Level.IDLE,
    BackfillPhase.STOPPED: Level.BAD,
    BackfillPhase.DONE: Level.OK,
}


def interrupted(state: BackfillState) -> bool:
    """Tell whether it was at work when the program ended."""
    return state.phase in _AT_WORK and not state.active


def level(state: BackfillState) -> Level:
    """Return how the state is shown."""
    return Level.WARN if interrupted(state) else _LEVELS.get(state.phase, Level.BUSY)


def phase_words(state: BackfillState) -> str:
    """Name where it stands."""
    if interrupted(state):
        return tr("Interrupted")
    return message(Message(BACKFILL_PHASE_NAMES[state.phase]))


def object_words(sobject: SObject) -> str:
    """Name the records of an object."""
    return tr("Leads") if sobject is SObject.LEAD else tr("Contacts")


def request_words(request: BackfillRequest) -> str:
    """Say which records were asked for."""
    leads, rows = request.sobject is SObject.LEAD, len(request.selection.criteria.rows)
    if request.everyone:
        return tr("All leads") if leads else tr("All contacts")
    if leads:
        return tr_n("Leads that meet {n} condition", "Leads that meet {n} conditions", rows)
    return tr_n("Contacts that meet {n} condition", "Contacts that meet {n} conditions", rows)


def effect_words(request: BackfillRequest) -> str:
    """Say what the new contacts set off."""
    lists = len(request.subscribe_lists)
    automations = tr("Automations may start") if request.run_automations else tr("Automations stay off")
    joins = tr_n("new contacts join {n} list", "new contacts join {n} lists", lists) if lists else tr("no list")
    return tr("{automations} · {lists}", automations=automations, lists=joins)


def estimate_figures(found: BackfillEstimate) -> list[tuple[str, str, str]]:
    """Return the counts of an estimate: title, figure, meaning."""
    return [
        (tr("Found"), number(found.records), tr("records that match")),
        (tr("New"), number(found.new), tr("are created in ActiveCampaign")),
        (tr("Known"), number(found.existing), tr("are linked; only blank fields are filled")),
        (tr("Already synced"), number(found.linked), tr("stay as they are")),
        (tr("Without e-mail"), number(found.without_email), tr("cannot be sent")),
    ]


def cost_words(found: BackfillEstimate) -> str:
    """Say what it costs in calls and time."""
    return tr(
        "About {time}, {sf} Salesforce calls and {ac} ActiveCampaign calls.",
        time=duration(found.seconds), sf=number(found.calls_salesforce), ac=number(found.calls_activecampaign),
    )  # fmt: skip


def warnings(found: BackfillEstimate) -> list[str]:
    """Say what stands in the way, and what else there is to know."""
    said = []
    if not found.fits_plan:
        said.append(tr("The ActiveCampaign plan has no room for all of them. Make room, or choose fewer records."))
    if not found.fits_today:
        said.append(tr("Salesforce’s calls of today do not suffice. It stops when they are used and can go on later."))
    return said + [message(note) for note in found.notes]


def obstacle(found: BackfillEstimate | None, *, started: bool) -> str:
    """Say why it cannot be started, an empty text when it can."""
    if not started:
        return tr("Make the first sync on the Setup page before sending existing records.")
    if found is None:
        return tr("Estimate first.")
    if not found.to_send:
        return tr("There is nobody to send.")
    if not found.fits_plan:
        return tr("The ActiveCampaign plan has no room for all of them.")
    return ""


def progress_words(state: BackfillState, event: RunProgress | None) -> str:
    """Say how far it is, how fast, how long it still takes, and its calls."""
    parts = []
    if state.total:
        parts.append(tr("{done} of {total}", done=number(state.done), total=number(state.total)))
    if state.active and event is not None and event.per_minute:
        parts.append(tr("{rate} a minute", rate=number(round(event.per_minute))))
    if state.active and event is not None and event.seconds_left is not None:
        parts.append(tr("about {time} left", time=duration(event.seconds_left)))
    parts.append(tr_n("{n} call so far", "{n} calls so far", state.calls))
    return " · ".join(parts)


def count_figures(state: BackfillState) -> list[tuple[str, str]]:
    """Return what was done so far, with its words."""
    return [
        (tr("Created"), number(state.created)),
        (tr("Linked"), number(state.linked)),
        (tr("Left out"), number(state.skipped)),
        (tr("Issues"), number(state.problems)),
    ]


def next_words(state: BackfillState) -> str:
    """Say what happens next, or what a person may do."""
    if interrupted(state):
        return tr("The program ended meanwhile. It goes on where it stopped; nobody is created twice.")
    return {
        BackfillPhase.COUNTING: tr("The records are being counted. Nothing is written yet."),
        BackfillPhase.CANARY: tr("Five people are written, read back and compared. The rest waits."),
        BackfillPhase.WAITING_FOR_GO: tr(
            "Five people were written and read back, and every value is right. Look at them if you like, then go on."
        ),
        BackfillPhase.RUNNING: tr("You can go on working. Ordinary runs wait until this is over or paused."),
        BackfillPhase.PAUSED: tr("It goes on where it stopped, also after a restart; nobody is created twice."),
        BackfillPhase.STOPPED: tr("What was written stays. Once the cause is mended, it goes on where it stopped."),
        BackfillPhase.DONE: tr("From now on these records are kept in sync like all others."),
    }.get(state.phase, "")


def go_words(state: BackfillState) -> str:
    """Name the button that goes on."""
    return tr("Go on with the rest") if state.phase is BackfillPhase.WAITING_FOR_GO else tr("Resume")


def line_words(state: BackfillState) -> str:
    """Say the backfill in one sentence, for the overview."""
    if state.phase is BackfillPhase.IDLE or state.request is None:
        return tr("Send leads and contacts that were there before the sync began.")
    records = request_words(state.request)
    if state.phase is BackfillPhase.DONE:
        return tr("{records}: {created} created, {linked} linked.", records=records,
                  created=number(state.created), linked=number(state.linked))  # fmt: skip
    if not state.total:
        return tr("{records}: {phase}", records=records, phase=phase_words(state))
    return tr("{records}: {phase}, {done} of {total}", records=records, phase=phase_words(state),
              done=number(state.done), total=number(state.total))  # fmt: skip
