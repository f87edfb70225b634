"""Preparing and leaving an org from the command line: checks, Apply, the same list as the page, exit codes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from acassist.assistant.parting import goes_and_stays
from acassist.sandbox.salesforce.seed import add_user
from tests.flow.cli_story import Story, new_story
from tests.flow.viewer_world import VERA

ORG = "Northwind Trading"


@pytest.fixture
def story(tmp_path: Path) -> Iterator[Story]:
    with new_story(tmp_path, custom_fields=False) as told:
        yield told


@pytest.fixture
def ready(story: Story) -> Story:
    story.ready()
    return story


def writes(story: Story) -> list[str]:
    log = story.sandbox.world.log.since(0)
    paths = [e["path"] for e in log if e["service"] == "salesforce" and e["method"] in ("POST", "PATCH", "DELETE")]
    return [path for path in paths if "/services/data/" in path]


def test_checking_writes_nothing_and_says_what_apply_would_add(ready: Story) -> None:
    result = ready.terminal.run("prepare")
    assert result.code == 0, result.err
    assert "ActiveCampaign Sync Status" in result.out
    assert "acassist prepare --apply would add this" in result.out
    data = ready.terminal.run("prepare", "--check", "--json").data
    assert (data["clear"], data["complete"]) == (True, False)
    assert data["writes"]
    assert writes(ready) == []


def test_a_production_org_is_a_decision_and_nothing_is_written_before_it(ready: Story) -> None:
    result = ready.terminal.run("prepare", "--apply", "--json")
    assert (result.code, result.data["code"]) == (5, "confirm_production")
    assert writes(ready) == []


def test_apply_prepares_the_org_and_a_second_time_changes_nothing(ready: Story) -> None:
    first = ready.terminal.run("prepare", "--apply", "--yes-production", "--json")
    assert (first.code, first.data["changed"], first.data["complete"]) == (0, True, True), first.err
    before = writes(ready)
    again = ready.terminal.run("prepare", "--apply", "--yes-production", "--json")
    assert (again.code, again.data["changed"]) == (0, False)
    assert writes(ready) == before
    assert ready.terminal.run("prepare", "--json").data["complete"]


def test_a_missing_permission_is_named_and_ends_with_code_three(ready: Story) -> None:
    for row in ready.sandbox.world.salesforce.rows_of("PermissionSet").rows.values():
        row.update({"PermissionsModifyMetadata": False, "PermissionsModifyAllData": False})
    result = ready.terminal.run("prepare", "--apply", "--yes-production")
    assert result.code == 3
    assert "Modify Metadata" in result.err
    assert writes(ready) == []


def test_leaving_shows_the_list_of_the_page_and_changes_nothing(ready: Story) -> None:
    ready.terminal.run("prepare", "--apply", "--yes-production")
    before = writes(ready)
    result = ready.terminal.run("prepare", "leave")
    assert result.code == 0, result.err
    for line in (*goes_and_stays(viewer=False)[0], *goes_and_stays(viewer=False)[1]):
        assert line in result.out
    data = ready.terminal.run("prepare", "leave", "--json").data
    assert data["org"] == ORG
    assert {field["name"] for field in data["fields"]} >= {"ActiveCampaign_ID__c"}
    assert data["disconnected"] is False
    assert writes(ready) == before


def test_the_additions_go_only_with_the_name_of_the_org(ready: Story) -> None:
    ready.terminal.run("prepare", "--apply", "--yes-production")
    before = writes(ready)
    wrong = ready.terminal.run("prepare", "leave", "--remove", "Another org", "--json")
    assert (wrong.code, wrong.data["code"]) == (5, "confirm_leave")
    assert writes(ready) == before
    right = ready.terminal.run("prepare", "leave", "--remove", ORG, "--json")
    assert right.code == 0
    assert "Lead.ActiveCampaign_ID__c" in right.data["removed"]
    assert ready.terminal.run("prepare", "leave", "--json").data["fields"] == []


def test_history_is_saved_to_a_file_before_it_is_deleted(ready: Story, tmp_path: Path) -> None:
    # Taking over from nobody is no fault: the sync goes on.
    assert ready.terminal.run("sync", "--yes", "--take-over").code in {0, 4}
    file = tmp_path / "ledger.json"
    words = ("prepare", "leave", "--disconnect", "--history", "export", "--file", str(file), "--json")
    result = ready.terminal.run(*words)
    assert (result.code, result.data["disconnected"], result.data["access_ended"]) == (0, True, True)
    saved = json.loads(file.read_text(encoding="utf-8"))
    assert saved["format"] == "acassist-ledger"
    assert {link["sobject"] for link in saved["links"]} == {"Lead", "Contact"}
    assert all(link["base"] for link in saved["links"])
    assert saved["history"]
    secrets = [value for value in ready.secrets() if value]
    assert not any(value in file.read_text(encoding="utf-8") for value in secrets)
    assert ready.terminal.run("status", "--json").data["in_sync"] == 0


def test_a_file_that_cannot_be_written_stops_before_anything_ends(ready: Story, tmp_path: Path) -> None:
    file = str(tmp_path / "no" / "such" / "folder.json")
    result = ready.terminal.run("prepare", "leave", "--disconnect", "--history", "export", "--file", file)
    assert result.code != 0
    assert ready.terminal.run("prepare", "--check").code == 0


@pytest.mark.parametrize(
    "words", [("--history", "delete"), ("--disconnect", "--history", "export"), ("--disconnect", "--file", "x.json")]
)
def test_options_that_do_not_go_together_are_usage(ready: Story, words: tuple[str, ...]) -> None:
    assert ready.terminal.run("prepare", "leave", *words).code == 2


def test_a_viewer_is_refused_with_a_sentence(story: Story) -> None:
    org = story.sandbox.world.salesforce
    user = add_user(org, VERA)
    names = {"Name": "ActiveCampaign_Standard_User", "Label": "ActiveCampaign Standard User"}
    org.rows_of("PermissionSet").put({"Id": "0PS000000000S01AAA", **names})
    held = {"Id": "0Pa000000000S01AAA", "PermissionSetId": "0PS000000000S01AAA", "AssigneeId": user, "IsActive": True}
    org.rows_of("PermissionSetAssignment").put(held)
    assert story.connect_activecampaign().code == 0
    assert story.connect_salesforce(VERA).code == 0
    for words in (("sync", "--yes"), ("prepare",), ("prepare", "--apply"), ("run",), ("preview",)):
        result = story.terminal.run(*words)
        assert result.code == 3, words
        assert "This profile only shows records" in result.err
    assert story.terminal.run("status", "--json").data["sentence"] == "Records only"


def test_another_computer_that_is_alive_stops_the_sync_with_code_five_and_is_named(story: Story) -> None:
    account, org = story.sandbox.world.activecampaign, story.sandbox.world.salesforce
    link = f"https://x.example#installation=other&seen={account.now()}".replace("+", "%2B")
    row = {"service": "acassist", "externalid": org.org_id, "name": "Setup Assistant on DESK-2", "linkUrl": link}
    more = {"logoUrl": "x", "status": "1", "cdate": account.now(), "udate": account.now()}
    account.tables["connections"].add({**row, **more})
    story.ready()
    before = list(story.addresses)
    for words in (("sync", "--yes"), ("sync", "--yes", "--take-over")):
        result = story.terminal.run(*words, "--json")
        assert (result.code, result.data["code"]) == (5, "other_installation")
        assert "DESK-2" in result.data["sentence"]
    assert story.addresses == before
    assert "DESK-2" in story.terminal.run("doctor").out
