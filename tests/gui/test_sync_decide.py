"""A run that waits for a person: why, what it would touch on each side, a choice per field, go on or leave it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from acassist.assistant.events import RunEnded
from acassist.domain.ledger import RunDirection
from acassist.domain.merge import FirstLinkChoice
from acassist.domain.problem import Problem, ProblemCode
from acassist.domain.profile import Step
from acassist.gui.accessibility import crawl
from acassist.gui.sync.page import SyncPage
from tests.gui import fake_data as data
from tests.gui.conftest import NOW
from tests.gui.keyboard import choose_file, press, seen

CHANGED = Problem(ProblemCode.MAPPING_CHANGED)


def brake(what: str, count: int = 300, limit: int = 200) -> Problem:
    return Problem(ProblemCode.BRAKE, what, {"what": what, "count": count, "limit": limit})


@pytest.fixture
def page(bridge, fake, qtbot, settle) -> SyncPage:
    fake.finish_setup()
    made = SyncPage(bridge)
    qtbot.addWidget(made)
    made.resize(972, 900)
    made.show()
    made.activate()
    settle()
    return made


def ask(page, settle, problem: Problem):
    page.open(problem)
    settle()
    return page.preview


@pytest.mark.parametrize(
    ("what", "sentence"),
    [
        ("Phone", "Phone would be emptied on 300 records; the brake is set to 200. Nothing was written."),
        ("mapping", "The changed mapping reaches 300 records; the brake is set to 200. Nothing was written."),
        ("creates", "300 people would be created in ActiveCampaign; the preview announced 200. Nothing was written."),
    ],
)
def test_a_brake_says_in_words_what_it_stopped(page, settle, what, sentence):
    assert sentence in seen(ask(page, settle, brake(what)).question)


def test_the_totals_of_both_sides_are_shown(page, settle):
    totals = ask(page, settle, brake("mapping")).question.totals
    assert totals["ac"].accessibleName() == "243 records written in ActiveCampaign"
    assert totals["sf"].accessibleName() == "18 records written in Salesforce"


def test_going_on_answers_the_brake(page, fake, settle):
    preview = ask(page, settle, brake("mapping"))
    press(preview.go)
    settle()
    assert [args for called, args in fake.calls if called == "sync_now"] == [(RunDirection.BOTH, True)]


def test_leaving_it_writes_nothing(page, fake, settle):
    preview = ask(page, settle, brake("mapping"))
    press(preview.stop)
    settle()
    assert page.stack.currentWidget() is page.overview
    assert fake.called("sync_now") == 0


def test_a_full_plan_cannot_be_answered_with_yes(page, settle):
    preview = ask(page, settle, brake("subscriber_limit"))
    assert not preview.go.isVisible()
    assert "Make room in ActiveCampaign" in seen(preview.question)


def test_a_changed_mapping_is_decided_field_by_field(page, fake, settle):
    fake.remapped = True
    preview = ask(page, settle, CHANGED)
    assert "Phone · 1 person differs" in seen(preview.choices)
    assert "José Peña: +34 600 111 222 in Salesforce, +34 600 111 333 in ActiveCampaign" in seen(preview.choices)
    combo = preview.choices.combos["phone~Phone"]
    combo.setCurrentIndex(combo.findText("Take ActiveCampaign"))
    press(preview.go)
    settle()
    keep, take = FirstLinkChoice.KEEP, FirstLinkChoice.ACTIVECAMPAIGN
    assert ("start", ({"phone~Phone": take, "lastName~LastName": keep},)) in fake.calls


def test_looking_again_keeps_the_choices(page, fake, settle):
    fake.remapped = True
    preview = ask(page, settle, CHANGED)
    combo = preview.choices.combos["phone~Phone"]
    combo.setCurrentIndex(combo.findText("Take Salesforce"))
    preview.reload()
    settle()
    assert preview.choices.choices()["phone~Phone"] is FirstLinkChoice.SALESFORCE


def test_the_mapping_can_be_opened_from_its_question(page, settle, qtbot):
    preview = ask(page, settle, CHANGED)
    with qtbot.waitSignal(page.navigate) as asked:
        press(preview.question.remedy)
    assert asked.args == ["setup", Step.MAPPING]


def test_a_run_that_stopped_for_a_decision_leads_to_its_page(page, fake, settle, qtbot):
    fake.events.emit(RunEnded(data.run_list(NOW)[2], CHANGED))
    qtbot.waitUntil(page.look.isVisible)
    press(page.look)
    settle()
    assert page.preview.question.problem == CHANGED


def test_a_second_brake_on_the_way_opens_its_own_page(page, fake, settle):
    preview = ask(page, settle, CHANGED)
    fake.fail["sync_now"] = brake("Phone")
    press(preview.go)
    settle()
    settle()
    assert page.preview.question.problem == brake("Phone")


def test_the_preview_is_exported_to_the_chosen_file(page, fake, settle, tmp_path):
    preview = ask(page, settle, brake("mapping"))
    press(preview.export)
    choose_file(preview, str(tmp_path / "changes.csv"))
    settle()
    assert (tmp_path / "changes.csv").exists()
    assert "changes.csv" in seen(preview.saved)


def test_an_export_that_fails_says_why(page, fake, settle, tmp_path):
    fake.fail["export_preview"] = Problem(ProblemCode.EXPORT_FAILED, values={"file": "x.csv", "reason": "read-only"})
    preview = ask(page, settle, brake("mapping"))
    preview._save(tmp_path / "x.csv")
    settle()
    assert "x.csv could not be written: read-only." in seen(preview.saved)


def test_a_decision_without_changes_can_still_be_answered(page, fake, settle):
    fake.empty = True
    preview = ask(page, settle, CHANGED)
    assert preview.go.isVisible()


def test_everything_that_takes_the_focus_has_a_name(page, fake, settle):
    fake.remapped = True
    ask(page, settle, CHANGED)
    assert crawl(page) == []


def test_a_preview_nobody_asked_for_shows_no_question(page, settle):
    page.open(CHANGED)
    settle()
    page.preview_button.click()
    settle()
    assert not page.preview.question.isVisible()
    assert page.preview.heading.text() == "Preview changes"


def test_differences_are_grouped_by_field_and_counted_by_person(page):
    one = data.first_match().differences[0]
    page.preview.choices.show_differences([one, replace(one, subject="contact:9"), one])
    assert "Phone · 2 people differ" in seen(page.preview.choices)
