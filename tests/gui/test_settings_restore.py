"""Going back to a copy: what would be forgotten is said first, nothing happens without an explicit yes."""

from __future__ import annotations

import pytest

from acassist.assistant.desk import Forgotten
from acassist.domain.problem import Problem, ProblemCode
from acassist.gui.accessibility import crawl
from acassist.gui.settings.page import SettingsPage
from acassist.gui.settings.restore_view import lost_words, settings_words
from tests.gui.keyboard import press, seen

DAMAGED = Problem(ProblemCode.PROFILE_DAMAGED, values={"file": "profile-1.db"})


@pytest.fixture
def page(bridge, fake, qtbot, settle) -> SettingsPage:
    fake.finish_setup()
    made = SettingsPage(bridge)
    qtbot.addWidget(made)
    made.resize(1000, 900)
    made.show()
    made.activate()
    settle()
    return made


@pytest.fixture
def copies(page, settle):
    press(page.data.restore)
    settle()
    return page.copies


def test_each_copy_is_named_with_its_date_and_size(copies):
    model = copies.model
    assert [model.data(model.index(0, column)) for column in range(2)] == ["3/2/26 5:30\u202fAM", "4.2 MB"]


def test_what_would_be_forgotten_is_said_before_anything_happens(copies, fake):
    text = seen(copies)
    for words in (
        "This computer forgets: 14 runs of the history, 37 links made since, 2 changes of settings and decisions.",
        "nobody is created twice",
        "Quotas and brakes changed",
        "The state of now is kept as a copy first",
        "Nothing in Salesforce or ActiveCampaign is changed or deleted.",
    ):
        assert words in text
    assert fake.called("prepare_restore") == 0


def test_it_needs_an_explicit_yes(copies):
    assert not copies.restore.isEnabled()
    press(copies.sure)
    assert copies.restore.isEnabled()


def test_the_copy_is_put_in_place_while_the_profile_is_closed(copies, fake, bridge, qtbot):
    press(copies.sure)
    with qtbot.waitSignal(bridge.reopened, timeout=5000):
        press(copies.restore)
    steps = [name for name, _ in fake.calls if name in ("prepare_restore", "restored")]
    assert steps == ["prepare_restore", "restored"]


def test_the_window_still_answers_afterwards(copies, fake, bridge, qtbot, settle, page):
    press(copies.sure)
    with qtbot.waitSignal(bridge.reopened, timeout=5000):
        press(copies.restore)
    before = fake.called("setup")
    page.activate()
    settle()
    assert fake.called("setup") == before + 1


def test_a_copy_that_cannot_be_restored_says_why_and_changes_nothing(copies, fake, qtbot):
    fake.fail["prepare_restore"] = DAMAGED
    press(copies.sure)
    press(copies.restore)
    qtbot.waitUntil(lambda: copies.trouble.problem == DAMAGED)
    assert fake.called("restored") == 0
    assert copies.restore.isEnabled()


def test_a_copy_that_cannot_be_read_cannot_be_chosen(page, fake, settle):
    fake.fail["forgotten"] = DAMAGED
    page.show_copies()
    settle()
    assert page.copies.trouble.problem == DAMAGED
    assert not page.copies.sure.isEnabled()


def test_a_profile_without_a_copy_says_so(page, fake, settle):
    fake.empty = True
    page.activate()
    settle()
    assert not page.data.restore.isEnabled()
    page.show_copies()
    settle()
    assert page.copies.state.currentWidget() is page.copies.state.empty


def test_a_copy_of_a_moment_ago_forgets_nothing():
    assert lost_words(Forgotten(0, 0, 0, (), 5)) == "Nothing happened since then: nothing is forgotten."


def test_a_long_list_of_changes_says_how_many_more_there_are(fake):
    assert settings_words((), 40) == "and 40 more"


def test_everything_that_takes_the_focus_has_a_name(copies):
    assert crawl(copies) == []
