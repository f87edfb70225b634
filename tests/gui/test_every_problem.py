"""No problem is left out: each has its story in the window, or a reason and a test elsewhere; each text is plain."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest

from acassist.domain.problem import Problem
from acassist.domain.problem import ProblemCode as Code
from acassist.storage.issues import Issues
from tests.gui import test_every_problem_of_records as records
from tests.gui import test_every_problem_of_runs as runs
from tests.gui.every_problem import understandable
from tests.simulation.simulate import Simulation, simulate

ROOT = Path(__file__).parents[2]
ENGINE = ("acassist/sync", "acassist/domain")
"""Where the engine names what it raises of itself; the services' answers come on top."""
SERVICES = ("acassist/salesforce/errors.py", "acassist/activecampaign/errors.py", "acassist/http/faults.py")

_LOGIN = "only the login in step 1 meets it"
_PREPARE = "only preparing the org meets it"
_ACTION = "refuses an action on the Records page at once, in place; no run meets it"
_BACKFILL = "only a backfill meets it, on its own card"
_START = "the program cannot open the profile, so there is no run"
ELSEWHERE: dict[Code, tuple[str, str]] = {
    Code.SF_LOGIN_DENIED: (_LOGIN, "tests/flow/test_oauth_login.py"),
    Code.SF_LOGIN_STATE: (_LOGIN, "tests/unit/salesforce/test_loopback.py"),
    Code.SF_LOGIN_TIMEOUT: (_LOGIN, "tests/gui/test_setup_step_one.py"),
    Code.SF_LOGIN_CANCELLED: (_LOGIN, "tests/unit/salesforce/test_loopback.py"),
    Code.SF_PORTS_TAKEN: (_LOGIN, "tests/flow/test_bad_input.py"),
    Code.SF_CLIENT_ID: (_LOGIN, "tests/unit/salesforce/test_oauth.py"),
    Code.NO_SETUP_RIGHT: (_PREPARE, "tests/gui/test_prepare.py"),
    Code.DEPLOY_COMPONENT: (_PREPARE, "tests/gui/test_prepare.py"),
    Code.DEPLOY_FAILED: (_PREPARE, "tests/gui/test_prepare.py"),
    Code.DEPLOY_TIMEOUT: (_PREPARE, "tests/gui/test_prepare.py"),
    Code.FIELD_TYPE: (_PREPARE, "tests/flow/test_provisioning_faults.py"),
    Code.ID_LIMIT: (_PREPARE, "tests/flow/test_provisioning_faults.py"),
    Code.NOT_VISIBLE_YET: (_PREPARE, "tests/flow/test_provisioning_faults.py"),
    Code.ASSIGN_REFUSED: (_PREPARE, "tests/gui/test_prepare_people.py"),
    Code.LAYOUT_REFUSED: (_PREPARE, "tests/gui/test_prepare_layouts.py"),
    Code.LAYOUT_BY_HAND: (_PREPARE, "tests/flow/test_provisioning_layouts.py"),
    Code.PACKAGE_PRESENT: (_PREPARE, "tests/flow/test_provisioning.py"),
    Code.CONFIRM_PRODUCTION: (_PREPARE, "tests/flow/test_provisioning.py"),
    Code.CONFIRM_LEAVE: (_PREPARE, "tests/flow/test_provisioning.py"),
    Code.PROFILE_BUSY: (_START, "tests/flow/test_bad_input.py"),
    Code.PROFILE_NEWER: (_START, "tests/unit/storage/test_database.py"),
    Code.PROFILE_DAMAGED: (_START, "tests/unit/storage/test_database.py"),
    Code.VIEWER_ONLY: ("a viewer's window offers no run", "tests/flow/test_viewer.py"),
    Code.SETUP_INCOMPLETE: ("Sync now is off until the four steps are done", "tests/unit/cli/test_main.py"),
    Code.PREVIEW_NEEDED: ("Sync now is off until Start was pressed", "tests/flow/test_bad_input.py"),
    Code.CANARY_DIFFERS: (_BACKFILL, "tests/flow/test_backfill.py"),
    Code.BACKFILL_UNFINISHED: (_BACKFILL, "tests/flow/test_backfill.py"),
    Code.BACKFILL_NONE: (_BACKFILL, "tests/flow/test_backfill.py"),
    Code.VALUE_MOVED: ("refuses a correction in the inbox, in place", "tests/flow/test_value_edits.py"),
    Code.OPT_OUT_UNREADABLE: (_ACTION, "tests/flow/test_value_edits.py"),
    Code.PERSON_OPTED_OUT: (_ACTION, "tests/flow/test_records_actions.py"),
    Code.PERSON_BOUNCED: (_ACTION, "tests/flow/test_records_actions.py"),
    Code.PERSON_UNSUBSCRIBED: (_ACTION, "tests/flow/test_records_actions.py"),
    Code.PERSON_CHANGED: (_ACTION, "tests/flow/test_records_actions.py"),
    Code.AUTOMATION_REFUSED: (_ACTION, "tests/flow/test_activecampaign_client.py"),
    Code.SEND_FAILED: (_ACTION, "tests/flow/test_activecampaign_client.py"),
    Code.NOT_OFFERED: (_ACTION, "tests/flow/test_records_actions.py"),
    Code.FILE_INVALID: ("only reading a file meets it", "tests/gui/test_settings_reports.py"),
    Code.EXPORT_FAILED: ("only writing a file meets it", "tests/gui/test_sync_decide.py"),
    Code.RUN_OVERDUE: ("tells that there was no run", "tests/gui/test_sync_alerts.py"),
}
STORIES = {s.code for s in records.STORIES} | {s.code for s in runs.STORIES} | {Code.CANCELLED}
# What 200 seeds of the simulation (0 to 199) raised as issues and met as stops.
SEEN = {
    *("twin_edit", "sf_required", "sf_gone", "ac_gone", "duplicate", "conflict", "ac_email_taken", "value_not_number"),
    *("no_email", "account_move", "value_not_in_list", "sf_validation", "opt_out_cleared", "ac_down", "ac_busy"),
    *("sf_converted", "sf_field_hidden", "mapping_changed", "no_network", "sf_quota", "ac_key_refused"),
    *("sf_maintenance", "bad_answer", "sf_busy", "sf_reconnect"),
}


def named_in(*places: str) -> set[Code]:
    """Return every code that these modules name outside comparisons: those that they may raise."""
    return {code for place in places for path in _modules(place) for code in _codes(ast.parse(path.read_text()))}


def _modules(place: str) -> Iterator[Path]:
    found = ROOT / place
    every = [found] if found.suffix else sorted(found.rglob("*.py"))
    return (path for path in every if not path.name.startswith("problem"))


def _codes(tree: ast.Module) -> Iterator[Code]:
    compared = {id(part) for node in ast.walk(tree) if isinstance(node, ast.Compare) for part in ast.walk(node)}
    for node in ast.walk(tree):
        owner = isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "ProblemCode"
        if owner and id(node) not in compared:
            yield Code[node.attr]


def test_every_problem_has_a_story_or_a_reason() -> None:
    assert STORIES | set(ELSEWHERE) == set(Code)
    assert STORIES & set(ELSEWHERE) == set()


def test_what_the_engine_raises_of_itself_has_a_story() -> None:
    asked = {code for code, (reason, _) in ELSEWHERE.items() if reason in {_ACTION, _BACKFILL}} | {Code.VALUE_MOVED}
    assert named_in(*ENGINE) - asked <= STORIES


def test_what_the_services_refuse_in_a_run_has_a_story() -> None:
    assert named_in(*SERVICES) <= STORIES


def test_what_the_simulation_met_has_a_story() -> None:
    assert {Code(name) for name in SEEN} <= STORIES


async def test_what_the_simulation_meets_now_has_a_story(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    met: set[Code] = set()
    raise_issue, stopped = Issues.raise_issue, Simulation._stopped
    monkeypatch.setattr(Issues, "raise_issue", lambda self, i: met.add(i.code) or raise_issue(self, i))
    monkeypatch.setattr(Simulation, "_stopped", lambda self, code: met.add(code) or stopped(self, code))
    for seed in (3, 11):
        await simulate(seed, tmp_path / str(seed))
    assert met
    assert met <= STORIES


@pytest.mark.parametrize("code", ELSEWHERE, ids=str)
def test_a_problem_that_no_run_meets_is_tested_where_it_occurs(code: Code) -> None:
    reason, place = ELSEWHERE[code]
    assert reason
    text = (ROOT / place).read_text()
    assert code.name in text or code.value in text


@pytest.mark.parametrize("code", Code, ids=str)
def test_every_text_is_plain_and_fills_all_its_gaps(code: Code) -> None:
    text = Problem(code).text
    gaps = {
        name
        for part in (text.title, text.sentence, text.next_step)
        for _, name, _, _ in Formatter().parse(part)
        if name
    }
    problem = Problem(code, values=dict.fromkeys(gaps, "Nickname"))
    for words in (problem.title, problem.sentence, problem.next_step):
        understandable(words.english())
    assert text.sentence[-1] in ".}"
    assert problem.next_step.english()[-1] in ".?"
