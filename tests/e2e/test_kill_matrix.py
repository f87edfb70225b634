"""The program is killed after a write was carried out and before its answer: first, middle and last of each kind."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.conftest import KILLS
from tests.e2e.kill_world import Place, Stage, a_days_edits, disagreements, edits_while_it_is_down, mail

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(120)]

AC, SF = "activecampaign", "salesforce"
KINDS: dict[str, dict[str, Any]] = {
    "bulk import": {"service": AC, "method": "POST", "path": r"^/api/3/import/bulk_import$"},
    "contact sync": {"service": AC, "method": "POST", "path": r"^/api/3/contact/sync$"},
    "PUT contact": {"service": AC, "method": "PUT", "path": r"^/api/3/contacts/\d+$"},
    "tag add": {"service": AC, "method": "POST", "path": r"^/api/3/contactTags$"},
    "tag remove": {"service": AC, "method": "DELETE", "path": r"^/api/3/contactTags/\d+$"},
    "Collections create": {"service": SF, "method": "POST", "path": r"/composite/sobjects$"},
    "Collections update": {"service": SF, "method": "PATCH", "path": r"/sobjects$", "body_contains": "FirstName"},
    "status": {"service": SF, "method": "PATCH", "path": r"/sobjects$", "body_contains": "Sync_Status__c"},
    "campaign send": {"service": AC, "method": "POST", "path": r"^/admin/api\.php$", "body_contains": "campaign_send"},
}
MOMENTS = ("first", "middle", "last")
SENT_TO = ("person01", "person02", "person03")


@dataclass
class Reference:
    """What an undisturbed program makes of the same story, and how many calls of each kind it takes."""

    stage: Stage
    snapshot: dict[str, Any]
    calls: dict[str, int]
    table: list[str]

    def nth(self, kind: str, moment: str) -> int:
        total = self.calls[kind]
        return {"first": 1, "middle": (total + 1) // 2, "last": total}[moment]


def people(place: Place, names: tuple[str, ...] = SENT_TO) -> list[tuple[str, str]]:
    return [(place.ac_id(name), mail(name)) for name in names]


def settle(place: Place) -> dict[str, Any]:
    """Run to the end, then once more, which must write nothing; returns what is there afterwards."""
    result = place.run()
    assert result["state"] == "done", result
    place.call("DELETE", "/log")
    result = place.run()
    assert (result["state"], result["issues"], result["intents"], result["unfinished"]) == ("done", [], [], [])
    assert place.writes() == []
    return place.snapshot()


@pytest.fixture(scope="module")
def reference(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Reference:
    folder = tmp_path_factory.mktemp("reference")
    stage = Stage(folder / "stage")
    stage.prepare()
    place = stage.open(folder / "profile")
    try:
        a_days_edits(place)
        ids = {}
        for kind, rule in KINDS.items():
            # A rule that never strikes counts what it would have struck.
            never = {**rule, "nth": 10**9, "action": {"kind": "drop_after"}}
            ids[kind] = place.call("POST", "/faults", never)["id"]
        assert place.run()["state"] == "done"
        assert all(done for _, done, _ in place.run("send", people(place))["sent"])
        matched = {rule["id"]: rule["matched"] for rule in place.call("GET", "/faults")}
        edits_while_it_is_down(place)
        snapshot = settle(place)
    finally:
        place.close()
    table = request.config.stash.setdefault(KILLS, [])
    return Reference(stage, snapshot, {kind: matched[ids[kind]] for kind in KINDS}, table)


@pytest.fixture
def place(reference: Reference, tmp_path: Path) -> Iterator[Place]:
    opened = reference.stage.open(tmp_path / "profile")
    yield opened
    opened.close()


def test_the_undisturbed_story_makes_every_kind_of_write_and_ends_in_agreement(reference: Reference) -> None:
    assert {kind: count for kind, count in reference.calls.items() if count < 3} == {}
    assert disagreements(reference.snapshot) == []


@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "campaign send"])
def test_a_killed_sync_ends_as_an_undisturbed_one(reference: Reference, place: Place, kind: str, moment: str) -> None:
    nth = reference.nth(kind, moment)
    a_days_edits(place)
    place.run_killed({**KINDS[kind], "nth": nth})
    edits_while_it_is_down(place)
    snapshot = settle(place)
    assert disagreements(snapshot) == []
    assert snapshot == reference.snapshot
    reference.table.append(f"  {kind:<20} {moment:<7} call {nth:>2} of {reference.calls[kind]:>2}   converged")


@pytest.mark.parametrize("moment", MOMENTS)
def test_a_campaign_whose_answer_was_lost_is_not_sent_again(reference: Reference, place: Place, moment: str) -> None:
    nth = reference.nth("campaign send", moment)
    place.run_killed({**KINDS["campaign send"], "nth": nth}, "send", people(place))
    assert place.run()["state"] == "done"
    place.run("send", people(place, SENT_TO[nth:]))
    sends = place.call("GET", "/state/activecampaign/sends")
    assert [send["contact"] for send in sends] == [ac_id for ac_id, _ in people(place)]
    assert settle(place) is not None
    reference.table.append(f"  {'campaign send':<20} {moment:<7} call {nth:>2} of  3   sent once each")


def test_a_person_is_told_when_nobody_can_know_whether_a_campaign_was_sent(place: Place) -> None:
    place.run_killed({**KINDS["campaign send"], "nth": 1}, "send", people(place)[:1])
    place.call("PATCH", "/activecampaign/settings", {"denied_resources": ["activities"]})
    told = place.run()
    assert [code for code, _, _ in told["issues"]] == ["send_unknown"]
    assert told["intents"] == []
    assert len(place.call("GET", "/state/activecampaign/sends")) == 1
