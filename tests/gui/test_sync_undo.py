"""Taking a run back: asked first, then told what was restored and what was left with the reason; and its export."""

from __future__ import annotations

from dataclasses import replace

import pytest

from acassist.domain.ledger import RunState
from acassist.domain.problem import Problem, ProblemCode
from acassist.gui.accessibility import crawl
from acassist.gui.sync.page import SyncPage
from acassist.gui.sync.words import run_words
from tests.gui import fake_data as data
from tests.gui.conftest import NOW
from tests.gui.keyboard import answer, choose_file, press, seen

OFFLINE = Problem(ProblemCode.NO_NETWORK, values={"host": "acme.api-us1.com"})


@pytest.fixture
def page(bridge, fake, qtbot, settle) -> SyncPage:
    fake.finish_setup()
    made = SyncPage(bridge)
    qtbot.addWidget(made)
    made.resize(972, 800)
    made.show()
    made.activate()
    settle()
    made.open(data.run_list(NOW)[0])
    settle()
    return made


def test_undo_asks_first_and_can_be_left(page, fake, settle):
    press(page.run.undo)
    answer(page.run, "keep")
    settle()
    assert fake.called("undo_run") == 0


def test_undo_tells_what_was_restored_and_what_was_left(page, fake, settle):
    press(page.run.undo)
    answer(page.run, "undo")
    settle()
    assert ("undo_run", (41,)) in fake.calls
    assert "1 value was restored." in seen(page.run.report)
    model = page.run.report.model
    assert [(model.data(model.index(n, 0)), model.data(model.index(n, 3))) for n in range(2)] == [
        ("Ana O’Brien", "It was changed again since."),
        ("Zoë Müller", "A record that was created is never deleted."),
    ]


def test_the_history_is_read_again_after_an_undo(page, fake, settle):
    before = fake.called("runs")
    press(page.run.undo)
    answer(page.run, "undo")
    settle()
    settle()
    assert fake.called("runs") == before + 1


def test_an_undo_that_fails_says_why_and_can_be_tried_again(page, fake, settle):
    fake.fail["undo_run"] = OFFLINE
    press(page.run.undo)
    answer(page.run, "undo")
    settle()
    assert page.run.cause.problem == OFFLINE
    assert page.run.undo.isEnabled()


def test_a_run_without_changes_has_nothing_to_undo(page, fake, settle):
    fake.empty = True
    page.open(data.run_list(NOW)[1])
    settle()
    assert not page.run.undo.isEnabled()
    assert page.run.undo.toolTip() == "This run changed nothing."


def test_a_run_that_goes_on_cannot_be_undone(page, settle):
    page.open(replace(data.run_list(NOW)[0], state=RunState.RUNNING))
    settle()
    assert not page.run.undo.isEnabled()


def test_another_run_does_not_show_the_report_of_the_one_before(page, settle):
    page.run._undone(data.undo_report(NOW))
    page.open(data.run_list(NOW)[1])
    settle()
    assert not page.run.report.isVisible()


def test_a_run_is_exported_to_the_chosen_file(page, settle, tmp_path):
    press(page.run.export)
    choose_file(page.run, str(tmp_path / "run.csv"))
    settle()
    assert (tmp_path / "run.csv").exists()


def test_everything_that_takes_the_focus_has_a_name(page):
    page.run._undone(data.undo_report(NOW))
    assert crawl(page) == []


def test_a_run_that_took_another_back_says_so():
    run = replace(data.run_list(NOW)[0], cause="undo 41")
    assert run_words(run) == "Undo of run 41 · 2 created · 35 updated"
