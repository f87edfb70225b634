"""`acassist backfill` as a person uses it."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from acassist.assistant.events import Event, EventHub, RunProgress
from acassist.cli import backfill as command_module
from acassist.cli.output import Output
from acassist.domain.text import Message
from tests.flow.cli_story import Story, new_story

NOBODY = {"kind": "none"}
LEADS = ("backfill", "--object", "lead", "--all")


@contextmanager
def begun(folder: Path) -> Iterator[Story]:
    """Serve a story in which syncing has begun although nobody is selected."""
    with new_story(folder) as told:
        told.ready()
        assert told.import_setup(lead=NOBODY, contact=NOBODY).code == 0
        assert told.terminal.run("sync", "--yes").code == 0
        yield told


@pytest.fixture
def story(tmp_path: Path) -> Iterator[Story]:
    with begun(tmp_path) as told:
        yield told


@pytest.fixture(scope="module")
def calm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    """Serve one story for tests that only read."""
    with begun(tmp_path_factory.mktemp("calm")) as told:
        yield told


def test_the_estimate_counts_and_writes_nothing(calm: Story) -> None:
    before = calm.addresses
    result = calm.terminal.run(*LEADS, "--estimate", "--json")
    assert result.code == 0
    found = result.data["estimate"]
    parts = ("without_email", "linked", "existing", "new")
    assert found["records"] == sum(found[part] for part in parts) > 0
    assert any("only when the outbound settings" in note for note in found["notes"])
    assert calm.addresses == before


def test_it_waits_after_the_first_five_and_goes_on_with_resume(story: Story) -> None:
    result = story.terminal.run(*LEADS, "--json")
    assert (result.code, result.data["backfill"]["phase"]) == (5, "waiting_for_go")
    assert story.terminal.run("backfill", "--json").data["backfill"]["resumable"]
    assert story.terminal.run(*LEADS).code == 5
    assert Message("Waiting for your go-ahead").english() in story.terminal.run("backfill").out
    result = story.terminal.run("backfill", "--resume", "--json")
    state = result.data["backfill"]
    assert (result.code, state["phase"]) == (4 if state["problems"] else 0, "done")
    assert state["done"] == state["total"] >= state["created"] + state["linked"] + state["skipped"] > 0


def test_yes_does_not_ask_and_a_second_one_finds_everybody_linked(story: Story) -> None:
    assert story.terminal.run(*LEADS, "--yes").code in {0, 4}
    state = story.terminal.run(*LEADS, "--yes", "--json").data["backfill"]
    assert (state["phase"], state["created"], state["linked"]) == ("done", 0, 0)


def test_abandoning_forgets_it_and_there_is_nothing_to_resume(story: Story) -> None:
    story.terminal.run(*LEADS)
    assert story.terminal.run("backfill", "--abandon", "--json").data["backfill"]["phase"] == "idle"
    result = story.terminal.run("backfill", "--resume", "--json")
    assert (result.code, result.data["code"]) == (3, "backfill_none")


def test_criteria_come_as_rows_or_from_a_file(calm: Story, tmp_path: Path) -> None:
    email = next(row["Email"] for row in calm.state["salesforce"]["Lead"] if row.get("Email"))
    one = ("backfill", "--object", "lead", "--estimate", "--json", "--criteria", f"Email equals {email}")
    assert calm.terminal.run(*one).data["estimate"]["records"] == 1
    file = tmp_path / "criteria.json"
    file.write_text(json.dumps({"rows": [{"field": "Email", "operator": "is_blank"}], "join": "and"}))
    result = calm.terminal.run("backfill", "--object", "lead", "--estimate", "--json", "--criteria-file", str(file))
    assert result.data["estimate"]["records"] == result.data["estimate"]["without_email"]


@pytest.mark.parametrize(
    "words",
    [
        ("--all",),
        ("--object", "lead"),
        ("--object", "account", "--all"),
        ("--object", "lead", "--criteria", "Email resembles x"),
        ("--object", "lead", "--criteria-file", "missing.json"),
        ("--object", "lead", "--all", "--estimate", "--resume"),
    ],
)
def test_what_makes_no_sense_is_a_usage_error(calm: Story, words: tuple[str, ...]) -> None:
    assert calm.terminal.run("backfill", *words).code == 2


def test_bad_criteria_are_named(calm: Story) -> None:
    result = calm.terminal.run("backfill", "--object", "lead", "--estimate", "--criteria", "Nothing__c equals 1")
    assert result.code == 3
    assert "Nothing__c" in result.err


def test_before_the_first_sync_it_asks_for_a_look_at_the_preview(tmp_path: Path) -> None:
    with new_story(tmp_path) as told:
        told.ready()
        result = told.terminal.run(*LEADS, "--json")
        assert (result.code, result.data["code"]) == (5, "preview_needed")


def test_ctrl_c_pauses_it_and_resume_goes_on(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    story.terminal.run(*LEADS)
    with monkeypatch.context() as patch:
        patch.setattr(command_module, "shown_progress", _interrupting)
        result = story.terminal.run("backfill", "--resume", "--json")
    assert (result.code, result.data["backfill"]["phase"]) == (4, "paused")
    assert story.terminal.run("backfill", "--resume", "--json").data["backfill"]["phase"] == "done"


@contextmanager
def _interrupting(events: EventHub, output: Output) -> Iterator[None]:
    """Press Ctrl+C at the first sign of progress."""
    assert output.as_json

    def listen(event: Event) -> None:
        if isinstance(event, RunProgress):
            stop()
            signal.raise_signal(signal.SIGINT)

    stop = events.subscribe(listen)
    yield


def test_a_killed_process_is_resumed_and_nobody_is_sent_twice(story: Story) -> None:
    words = ["--data-dir", str(story.terminal.folder), *LEADS, "--yes"]
    entries = [[service, name, secret] for (service, name), secret in story.keyring.entries.items()]
    command = [sys.executable, "-m", "tests.flow.command_process"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as child:
        kill = {"kind": "kill_after", "pid": child.pid}
        writes = {"service": "activecampaign", "method": "POST", "path": "bulk_import|contact/sync|contactTags"}
        story.sandbox.world.faults.add({**writes, "times": -1, "action": kill})
        child.communicate(json.dumps({"words": words, "entries": entries}).encode(), timeout=60)
    assert child.returncode == -signal.SIGKILL
    story.sandbox.world.faults.clear()
    assert story.terminal.run("backfill", "--json").data["backfill"]["phase"] == "paused"
    assert story.terminal.run("backfill", "--resume", "--json").data["backfill"]["phase"] == "done"
    assert len(story.addresses) == len(set(story.addresses))
    emails = {str(row["Email"]).lower() for row in story.state["salesforce"]["Lead"] if row.get("Email")}
    assert {email for email in emails if "@" in email and email.isascii()} <= {a.lower() for a in story.addresses}
