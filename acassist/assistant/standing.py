"""The state of a profile in one look: one sentence, counts, when the next run is due; never asks the network."""

from __future__ import annotations

from acassist.assistant.jobs import Jobs
from acassist.assistant.runner import Runner
from acassist.assistant.session import Session
from acassist.assistant.views import Level, Status
from acassist.domain.ledger import LinkState, RunState
from acassist.domain.profile import Role, Setup, Step
from acassist.domain.text import N_, Message

_LOOPBACK = ("http://127.0.0.1", "http://localhost", "http://[::1]")


def status(session: Session, jobs: Jobs, runner: Runner) -> Status:
    """Build the state from what is stored and what runs."""
    setup = session.setup
    issues = sum(session.stores.issues.counts().values())
    runs = session.stores.history.runs(1)
    calls_sf, calls_ac = session.calls()
    waiting = len(session.stores.ledger.unseen_links(limit=1000))
    sentence, level = _sentence(session, jobs, issues, stopped=bool(runs and runs[0].state is RunState.STOPPED))
    return Status(
        sentence,
        level,
        _profile(setup),
        steps_done=len(setup.finished),
        started=setup.started,
        running=jobs.running,
        paused=setup.paused,
        in_sync=session.stores.ledger.count_links(LinkState.ACTIVE) - waiting,
        waiting=waiting,
        need_you=issues,
        next_run=None if setup.paused else runner.next_outbound(),
        last_run=runs[0] if runs else None,
        sync_blocked=_blocked(setup, jobs),
        calls_sf=calls_sf,
        calls_ac=calls_ac,
        role=setup.role,
        sandbox_service=bool(setup.activecampaign and setup.activecampaign.api_url.startswith(_LOOPBACK)),
    )


def _profile(setup: Setup) -> str:
    return setup.salesforce.org_name if setup.salesforce else ""


def _sentence(session: Session, jobs: Jobs, issues: int, *, stopped: bool) -> tuple[Message, Level]:
    setup = session.setup
    if setup.role is Role.VIEWER:
        connected = setup.done(Step.CONNECTIONS)
        return Message(N_("Records only") if connected else N_("Not connected")), Level.IDLE
    if not setup.complete:
        values = {"done": len(setup.finished), "all": len(Step)}
        return Message(N_("Set-up: {done} of {all} steps done"), values), Level.IDLE
    if jobs.running:
        return Message(N_("Comparing both sides…") if jobs.comparing else N_("Syncing…")), Level.BUSY
    if not setup.started:
        return Message(N_("Ready to start")), Level.IDLE
    if setup.paused:
        return Message(N_("Paused")), Level.WARN
    if jobs.problem is not None:
        return jobs.problem.title, Level.BAD
    if stopped:
        return Message(N_("The last run was stopped")), Level.BAD
    if issues:
        many = N_("In sync, {count} records need you")
        return Message(N_("In sync, one record needs you") if issues == 1 else many, {"count": issues}), Level.WARN
    return Message(N_("Everything is in sync")), Level.OK


def _blocked(setup: Setup, jobs: Jobs) -> Message | None:
    if setup.role is Role.VIEWER:
        return Message(N_("This profile only shows records."))
    if not setup.complete:
        return Message(N_("Finish the four steps of Setup first."))
    if not setup.started:
        return Message(N_("Look at the preview on the Setup page and press Start."))
    return Message(N_("A run is under way.")) if jobs.running else None
