"""`acassist sweeps` shows and makes sweeps; a run without a window is held to what its preview announced."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from acassist.sandbox.salesforce.save import Writer
from tests.flow.cli_story import Story, new_story


@pytest.fixture(scope="module")
def started(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    with new_story(tmp_path_factory.mktemp("story")) as story:
        story.started()
        yield story


def shown(story: Story, *words: str) -> dict[str, dict[str, Any]]:
    result = story.terminal.run("sweeps", *words, "--json")
    assert result.code == 0, result.err
    return {one["kind"]: one for one in result.data["sweeps"]}


def test_the_sweeps_are_told_without_the_network(started: Story) -> None:
    found = shown(started)
    assert list(found) == ["contacts", "formulas", "accounts", "tags"]
    assert (found["contacts"]["on"], found["formulas"]["on"]) == (True, False)
    assert found["contacts"]["last_turn"] is not None
    assert "Contacts in ActiveCampaign" in started.terminal.run("sweeps").out


def test_a_full_turn_is_made_at_once(started: Story) -> None:
    before = shown(started, "contacts")["contacts"]["calls_today"]
    after = shown(started, "contacts", "--now")["contacts"]
    assert after["calls_today"] - before >= after["calls_per_turn"] == 1


def test_the_allowance_is_kept(started: Story) -> None:
    assert shown(started, "tags", "--allow", "7")["tags"]["allowance"] == 7
    assert shown(started)["tags"]["allowance"] == 7
    assert shown(started, "tags", "--allow", "0")["tags"]["days_per_turn"] is None


def test_a_turn_of_all_at_once_is_refused(started: Story) -> None:
    assert started.terminal.run("sweeps", "--now").code == 2


def test_more_people_than_the_dry_run_announced_end_a_headless_run_with_code_5_until_yes(started: Story) -> None:
    assert started.terminal.run("sync").code in {0, 4}
    assert started.terminal.run("sync", "--dry-run").code in {0, 4}
    org = started.sandbox.world.salesforce
    writer = Writer(org, org.other_actor)
    for number in range(30):
        writer.create(
            org.schema.find("Lead"), {"LastName": f"L{number}", "Company": "Acme", "Email": f"new{number}@x.example"}
        )
    stopped = started.terminal.run("sync", "--json")
    assert (stopped.code, stopped.data["code"]) == (5, "brake")
    assert "new1@x.example" not in started.addresses
    assert started.terminal.run("sync", "--yes").code in {0, 4}
    assert "new1@x.example" in started.addresses
