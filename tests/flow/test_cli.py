"""The command line as a person uses it."""

import json
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from acassist.assistant.events import Event, EventHub, RunProgress
from acassist.cli import sync as sync_module
from acassist.cli.output import Output
from tests.flow.cli_story import Story, new_story


@pytest.fixture
def story(tmp_path: Path) -> Iterator[Story]:
    with new_story(tmp_path) as told:
        yield told


@pytest.fixture(scope="module")
def started(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    """Serve one story that has synced, for tests that only read."""
    with new_story(tmp_path_factory.mktemp("started")) as told:
        told.started()
        yield told


class TestConnecting:
    def test_a_wrong_key_is_a_connection_problem_and_connects_nothing(self, story: Story) -> None:
        result = story.connect_activecampaign(key="wrong-key-wrong-key")
        assert (result.code, result.out) == (3, "")
        assert len(result.err.splitlines()) == 3
        assert "wrong-key" not in result.err

    def test_an_account_that_is_no_address_is_a_connection_problem(self, story: Story) -> None:
        assert story.connect_activecampaign(account="ftp://acme").code == 3

    def test_step_1_is_finished_by_the_second_connection(self, story: Story) -> None:
        first = story.connect_activecampaign()
        assert (first.code, "is finished" in first.out) == (0, False)
        assert "acassist connect salesforce" in first.err
        second = story.connect_salesforce()
        assert (second.code, "is finished" in second.out) == (0, True)

    def test_the_order_of_the_two_connections_does_not_matter(self, story: Story) -> None:
        assert "acassist connect activecampaign" in story.connect_salesforce().err
        assert "is finished" in story.connect_activecampaign().out

    def test_secrets_are_in_the_keyring_and_in_no_output_and_no_file(self, story: Story) -> None:
        results = [story.connect_activecampaign(), story.connect_salesforce(), story.terminal.run("doctor")]
        files = [path.read_bytes() for path in story.terminal.folder.rglob("*") if path.is_file()]
        shown = "".join(result.out + result.err for result in results).encode() + b"".join(files)
        assert len(story.secrets()) >= 3
        assert [secret for secret in story.secrets() if len(secret) > 20 and secret.encode() in shown] == []


class TestSettingUp:
    def test_a_file_that_is_no_set_up_is_refused_and_named(self, started: Story, tmp_path: Path) -> None:
        file = tmp_path / "other.json"
        file.write_text('{"format": "other"}')
        result = started.terminal.run("setup", "import", str(file))
        assert result.code == 2
        assert str(file) in result.err

    def test_an_exported_set_up_works_on_another_computer(self, started: Story, story: Story) -> None:
        exported = started.terminal.run("setup", "export", "-")
        assert [secret for secret in started.secrets() if secret in exported.out] == []
        story.connect_activecampaign()
        story.connect_salesforce()
        assert story.terminal.run("setup", "import", "-", stdin=exported.out).code == 0
        mine, theirs = (told.terminal.run("setup", "show", "--json").data for told in (story, started))
        assert mine["setup"]["outbound"] == theirs["setup"]["outbound"]
        assert mine["setup"]["mapping"] == theirs["setup"]["mapping"]


class TestSyncing:
    def test_the_first_sync_waits_for_a_decision_and_writes_nothing(self, story: Story) -> None:
        story.ready()
        before = story.state
        result = story.terminal.run("sync", "--json")
        assert (result.code, result.data["code"]) == (5, "preview_needed")
        assert story.state == before

    def test_a_dry_run_counts_and_writes_nothing(self, story: Story) -> None:
        story.ready()
        before = story.state
        plan = story.terminal.run("sync", "--dry-run", "--json").data
        assert plan["dry_run"] is True
        assert plan["counts"]["creates_ac"] > 0
        assert {change["action"] for change in plan["changes"]} >= {"create"}
        assert story.state == before

    def test_yes_starts_and_the_counters_are_what_the_dry_run_promised(self, story: Story) -> None:
        story.ready()
        plan = story.terminal.run("sync", "--dry-run", "--json").data
        known = len(story.addresses)
        done = story.terminal.run("sync", "--yes", "--json")
        assert done.code in {0, 4}
        assert done.data["run"]["counters"]["created_ac"] == plan["counts"]["creates_ac"]
        assert len(story.addresses) - known == plan["counts"]["creates_ac"]
        assert (done.code == 4) is bool(done.data["issues"])

    def test_a_second_sync_has_nothing_to_do(self, started: Story) -> None:
        before = started.addresses
        result = started.terminal.run("sync", "--json", "--direction", "outbound")
        counters = result.data["run"]["counters"]
        assert [counters[name] for name in ("created_ac", "created_sf", "updated_ac", "updated_sf")] == [0, 0, 0, 0]
        assert started.addresses == before

    def test_text_names_the_outcome_and_the_counters(self, started: Story) -> None:
        result = started.terminal.run("sync")
        assert "Done" in result.out
        assert "Created in ActiveCampaign" in result.out

    def test_a_run_without_the_network_is_a_connection_problem(self, story: Story) -> None:
        story.started()
        story.sandbox.stop()
        result = story.terminal.run("sync", "--json")
        assert result.code == 3
        assert set(result.data) == {"code", "title", "sentence", "next_step"}

    def test_ctrl_c_cancels_and_the_next_run_does_the_rest_once(
        self, story: Story, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        story.ready()
        monkeypatch.setattr(sync_module, "shown_progress", _interrupting)
        cancelled = story.terminal.run("sync", "--yes", "--json")
        assert (cancelled.code, cancelled.data["code"]) == (4, "cancelled")
        monkeypatch.undo()
        assert story.terminal.run("sync", "--yes").code in {0, 4}
        assert len(story.addresses) == len(set(story.addresses))
        leads = {str(row["Email"]).lower() for row in story.state["salesforce"]["Lead"] if row["Email"]}
        assert {email for email in leads if "@" in email} & set(story.addresses)


@contextmanager
def _interrupting(events: EventHub, _output: Output) -> Iterator[None]:
    """Press Ctrl+C as soon as the run does something."""

    def listen(event: Event) -> None:
        if isinstance(event, RunProgress):
            stop()
            signal.raise_signal(signal.SIGINT)

    stop = events.subscribe(listen)
    yield


class TestLooking:
    def test_status_tells_the_records_in_sync_without_the_network(self, started: Story) -> None:
        state = started.terminal.run("status", "--json").data
        assert state["started"] is True
        assert state["in_sync"] > 0
        assert state["last_run"]["state"] in {"done", "partial"}
        assert "Records in sync" in started.terminal.run("status").out

    def test_doctor_finds_everything_in_order(self, started: Story) -> None:
        result = started.terminal.run("doctor", "--json")
        assert (result.code, result.data["healthy"]) == (0, True)
        assert {"Salesforce", "ActiveCampaign", "Keyring"} <= {check["title"] for check in result.data["checks"]}

    def test_activities_are_the_20_most_recent_newest_first(self, started: Story) -> None:
        email = _liveliest(started)
        found = started.terminal.run("activities", email.upper(), "--json").data
        times = [item["at"] for item in found["activities"]]
        assert found["email"] == email
        assert len(times) == 20
        assert times == sorted(times, reverse=True)

    def test_all_activities_are_more_and_begin_with_the_same_ones(self, started: Story) -> None:
        email = _liveliest(started)
        recent = started.terminal.run("activities", email, "--json").data["activities"]
        everything = started.terminal.run("activities", email, "--all", "--json").data["activities"]
        assert len(everything) > len(recent)
        assert everything[:5] == recent[:5]

    def test_activities_are_shown_as_text(self, started: Story) -> None:
        email = _liveliest(started)
        for words in (("activities", email), ("activities", email, "--all")):
            result = started.terminal.run(*words)
            assert result.code == 0
            assert "Campaign was sent" in result.out

    def test_an_unknown_person_is_not_found(self, started: Story) -> None:
        result = started.terminal.run("activities", "nobody@nowhere.example", "--json")
        assert (result.code, result.data["code"]) == (4, "not_found")


def _liveliest(story: Story) -> str:
    """Return the first person of ActiveCampaign with more than 20 activities."""
    for email in story.addresses:
        found = story.terminal.run("activities", email, "--json").data
        if len(found.get("activities", ())) == 20:
            return email
    raise AssertionError("the sandbox has nobody with 20 activities")


class TestRunning:
    def test_run_waits_for_the_first_sync(self, story: Story) -> None:
        story.ready()
        result = story.terminal.run("run")
        assert result.code == 5
        assert "acassist sync --yes" in result.err

    def test_run_ends_tidily_on_sigterm(self, started: Story) -> None:
        result = replace(started.terminal, listener=_ending("The schedule is running")).run("run")
        assert result.code == 0
        assert result.err.splitlines()[-1] == "The schedule was stopped."

    def test_run_makes_a_run_that_is_due(self, story: Story) -> None:
        story.started()
        before = story.terminal.run("status", "--json").data["last_run"]["id"]
        assert story.import_setup(schedule={"frequency": "1h"}).code == 0
        result = replace(story.terminal, listener=_ending("need you.")).run("run")
        assert result.code == 0
        last = story.terminal.run("status", "--json").data["last_run"]
        assert (last["id"] > before, last["cause"]) == (True, "schedule")


def _ending(words: str) -> Callable[[str], None]:
    """Send SIGTERM to this process as soon as something is written."""

    def hear(text: str) -> None:
        if words in text:
            signal.raise_signal(signal.SIGTERM)

    return hear


def test_json_never_holds_a_secret(started: Story) -> None:
    outputs = [
        started.terminal.run(*words, "--json").out
        for words in (("status",), ("doctor",), ("setup", "show"), ("sync", "--dry-run"))
    ]
    assert all(json.loads(text) for text in outputs)
    assert [secret for secret in started.secrets() if len(secret) > 20 and secret in "".join(outputs)] == []
