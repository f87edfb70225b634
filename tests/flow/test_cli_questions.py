"""The commands that look and take back: preview, undo, verify, explain."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.flow.cli_story import Story, new_story


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    """Serve one story that has synced; tests that change something take a person of their own."""
    with new_story(tmp_path_factory.mktemp("questions"), contacts=12) as told:
        told.started()
        yield told


@pytest.fixture(scope="module")
def taken() -> set[str]:
    return set()


@dataclass(frozen=True)
class Pair:
    """A contact of Salesforce and its contact of ActiveCampaign, as they are."""

    record: dict[str, Any]
    person: dict[str, Any]


@pytest.fixture
def pair(story: Story, taken: set[str]) -> Pair:
    """Take somebody whom no other test has, and who is alone under an address."""
    return next(p for p in pairs(story) if p.record["Id"] not in taken and not taken.add(p.record["Id"]))


def pairs(story: Story) -> list[Pair]:
    state = story.state
    people = {p["email"].casefold(): p for p in state["activecampaign"]["contacts"]}
    rows = [(r, str(r["Email"]).strip().casefold()) for name in ("Contact", "Lead") for r in state["salesforce"][name]]
    addresses = [address for _, address in rows]
    return [Pair(r, people[a]) for r, a in rows if r["Id"][:3] == "003" and addresses.count(a) == 1 and a in people]


def change(story: Story, record: dict[str, Any], **values: Any) -> None:
    answer = httpx.patch(f"{story.info['control']}/salesforce/Contact/{record['Id']}", json=values, timeout=30)
    assert answer.is_success, answer.text


def contact(story: Story, ac_id: str) -> dict[str, Any]:
    return next(p for p in story.state["activecampaign"]["contacts"] if p["id"] == ac_id)


class TestPreview:
    def test_it_names_record_field_values_rule_and_reason_and_writes_nothing(self, story: Story, pair: Pair) -> None:
        record, person = pair.record, pair.person
        change(story, record, FirstName="Foreseen")
        before = story.state
        plan = story.terminal.run("preview", "--json")
        assert (plan.code, plan.data["dry_run"], plan.data["direction"]) == (0, True, "both")
        line = next(c for c in plan.data["changes"] if c["after"] == "Foreseen")
        assert (line["target"], line["action"], line["field"]) == ("activecampaign", "update", "First Name")
        assert (line["before"], line["rule"], line["problem"]) == (
            person["firstName"], "only_salesforce_changed", None,
        )  # fmt: skip
        assert line["reason"] == "Only Salesforce changed."
        assert line["sf_id"] == record["Id"]
        assert story.state == before

    def test_what_is_skipped_says_why_in_the_language_of_the_person(self, story: Story) -> None:
        url, odd = f"{story.info['control']}/salesforce/Contact", {"LastName": "Odd", "Email": "odd..dots@one.example"}
        made = httpx.post(url, json=odd, timeout=30).json()["id"]
        skipped = []
        for language in ("en", "es"):
            plan = story.terminal.run("preview", "--json", "--language", language).data
            skipped.append(next(c for c in plan["changes"] if c["sf_id"] == made))
        english, spanish = skipped
        assert english["problem"] == spanish["problem"] == "invalid_email"
        assert english["reason"]
        assert english["reason"] != spanish["reason"]
        httpx.delete(f"{url}/{made}", timeout=30)

    def test_it_is_the_dry_run_of_sync(self, story: Story) -> None:
        one = story.terminal.run("preview", "--direction", "outbound", "--json")
        other = story.terminal.run("sync", "--dry-run", "--direction", "outbound", "--json")
        assert one.data == other.data

    def test_text_has_a_line_for_every_change(self, story: Story, pair: Pair) -> None:
        record = pair.record
        change(story, record, LastName="Readable")
        shown = story.terminal.run("preview").out
        assert "nothing was written" in shown
        line = next(line for line in shown.splitlines() if "Readable" in line)
        assert "Only Salesforce changed." in line


class TestUndo:
    def changed(self, story: Story, pair: Pair) -> tuple[dict[str, Any], dict[str, Any], int]:
        """Sync a change and return record, contact as before, and the run."""
        record, person = pair.record, pair.person
        story.terminal.run("sync")
        change(story, record, FirstName="Regretted")
        run = story.terminal.run("sync", "--json").data["run"]["id"]
        assert contact(story, person["id"])["firstName"] == "Regretted"
        return record, person, run

    def test_values_come_back_and_the_next_sync_leaves_them_so(self, story: Story, pair: Pair) -> None:
        _, person, run = self.changed(story, pair)
        result = story.terminal.run("undo", str(run), "--json")
        assert result.code == 0
        restored = [(i["field"], i["after"], i["before"]) for i in result.data["restored"]]
        assert ("First Name", "Regretted", person["firstName"]) in restored
        assert contact(story, person["id"])["firstName"] == person["firstName"]
        story.terminal.run("sync")
        assert contact(story, person["id"])["firstName"] == person["firstName"]
        assert story.terminal.run("undo", str(run), "--json").data["restored"] == []

    def test_a_value_that_somebody_changed_since_is_left_and_that_is_code_4(self, story: Story, pair: Pair) -> None:
        _, person, run = self.changed(story, pair)
        url = f"{story.info['control']}/activecampaign/contacts/{person['id']}"
        assert httpx.patch(url, json={"firstName": "Since"}, timeout=30).is_success
        result = story.terminal.run("undo", str(run), "--json")
        assert result.code == 4
        assert [(left["field"], left["reason"]) for left in result.data["left"] if left["action"] == "update"] == [
            ("First Name", "It was changed again since.")
        ]
        assert contact(story, person["id"])["firstName"] == "Since"

    def test_last_is_the_last_run_that_changed_something(self, story: Story, pair: Pair) -> None:
        _, person, run = self.changed(story, pair)
        story.terminal.run("sync")
        result = story.terminal.run("undo", "last")
        assert f"Run {run}, values set back: 1" in result.out
        assert contact(story, person["id"])["firstName"] == person["firstName"]

    def test_without_a_number_the_last_runs_are_shown_and_nothing_happens(self, story: Story) -> None:
        before = story.state
        runs = story.terminal.run("undo", "--json").data["runs"]
        assert runs[0]["id"] == story.terminal.run("status", "--json").data["last_run"]["id"]
        assert "Updated in Salesforce" in story.terminal.run("undo").out
        assert story.state == before

    @pytest.mark.parametrize("run", ["99999", "0", "first", "²"])
    def test_a_run_that_does_not_exist_is_not_found(self, story: Story, run: str) -> None:
        result = story.terminal.run("undo", run, "--json")
        assert (result.code, result.data["code"]) == (4, "not_found")


class TestVerify:
    def test_pairs_in_sync_are_in_order(self, story: Story) -> None:
        result = story.terminal.run("verify", "--json")
        report = result.data
        assert report["checked"] == story.terminal.run("status", "--json").data["in_sync"]
        assert report["missing"] == []
        assert (result.code == 0) is report["in_order"]

    def test_a_sample_compares_so_many_of_each_object(self, story: Story) -> None:
        assert story.terminal.run("verify", "--sample", "1", "--json").data["checked"] == 2

    @pytest.mark.parametrize("sample", ["0", "-3", "many"])
    def test_a_sample_that_is_no_number_is_a_mistake_of_usage(self, story: Story, sample: str) -> None:
        assert story.terminal.run("verify", "--sample", sample).code == 2

    def test_a_difference_is_named_and_is_code_4_and_nothing_is_written(self, story: Story, pair: Pair) -> None:
        record, person = pair.record, pair.person
        change(story, record, FirstName="Drifted")
        before = story.state
        result = story.terminal.run("verify", "--json")
        found = [d for d in result.data["differences"] if d["salesforce"] == "Drifted"]
        assert [(d["field"], d["activecampaign"], d["kept"]) for d in found] == [
            ("First Name", person["firstName"] or None, False)
        ]
        assert (result.code, result.data["in_order"]) == (4, False)
        assert "Drifted" in story.terminal.run("verify").out
        assert story.state == before

    def test_somebody_gone_on_one_side_is_named(self, story: Story, pair: Pair) -> None:
        record, person = pair.record, pair.person
        httpx.delete(f"{story.info['control']}/activecampaign/contacts/{person['id']}", timeout=30)
        result = story.terminal.run("verify", "--json")
        assert (result.code, result.data["missing"]) == (4, [f"Contact:{record['Id']}"])


class TestExplain:
    @pytest.mark.parametrize("how", ["email", "upper", "sf_id", "short_id", "ac_id", "page"])
    def test_a_person_is_found_by_address_id_or_page(self, story: Story, how: str) -> None:
        record, person = pairs(story)[0].record, pairs(story)[0].person
        names = {
            "email": record["Email"],
            "upper": record["Email"].upper(),
            "sf_id": record["Id"],
            "short_id": record["Id"][:15],
            "ac_id": person["id"],
            "page": f"https://acct.activehosted.com/app/contacts/{person['id']}",
        }
        found = story.terminal.run("explain", names[how], "--json")
        assert found.code == 0
        assert found.data["name"] == f"{record['FirstName'] or ''} {record['LastName']}".strip()
        assert found.data["conditions"][0]["name"] == "email"

    def test_the_condition_that_decides_is_named(self, story: Story, pair: Pair) -> None:
        record = pair.record
        assert story.import_setup(contact={"kind": "none"}).code == 0
        found = story.terminal.run("explain", record["Id"], "--json").data
        assert found["syncs"] is False
        decisive = next(c for c in found["conditions"] if c["name"] == found["decisive"])
        assert decisive["met"] is False
        shown = story.terminal.run("explain", record["Id"]).out
        assert "This decides" in shown
        assert decisive["finding"] in shown
        assert story.import_setup().code == 0

    @pytest.mark.parametrize("who", ["nobody@nowhere.example", "003000000000000AAA", "987654"])
    def test_somebody_unknown_is_not_found(self, story: Story, who: str) -> None:
        result = story.terminal.run("explain", who, "--json")
        assert (result.code, result.data["code"]) == (4, "not_found")

    def test_it_speaks_spanish(self, story: Story) -> None:
        record = pairs(story)[0].record
        english = story.terminal.run("explain", record["Email"]).out
        assert english != story.terminal.run("explain", record["Email"], "--language", "es").out


@pytest.mark.parametrize("words", [("preview",), ("undo", "1"), ("verify",), ("explain", "a@b.example")])
def test_without_a_finished_set_up_nothing_is_asked(tmp_path: Path, words: tuple[str, ...]) -> None:
    with new_story(tmp_path) as told:
        result = told.terminal.run(*words, "--json")
    assert result.code in {3, 4}
    assert set(result.data) == {"code", "title", "sentence", "next_step"}


@pytest.mark.parametrize(
    ("command", "english", "spanish"),
    [
        ("preview", "--direction", "registro por registro"),
        ("undo", "last", "EJECUCIÓN"),
        ("verify", "--sample N", "clientes potenciales"),
        ("explain", "EMAIL|ID", "CORREO|ID"),
    ],
)
def test_help_speaks_both_languages(
    story: Story, capsys: pytest.CaptureFixture[str], command: str, english: str, spanish: str
) -> None:
    assert story.terminal.run(command, "--help", "--language", "en").code == 0
    assert english in capsys.readouterr().out
    assert story.terminal.run(command, "--help", "--language", "es").code == 0
    assert spanish in " ".join(capsys.readouterr().out.split())
