"""Why isn't this record syncing: the deciding condition first, all others in order, each with a state in words."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from acassist.assistant.explain import Condition
from acassist.assistant.views import RecordRef
from acassist.domain.ids import SObject
from acassist.domain.problem import Problem, ProblemCode
from acassist.domain.text import Message
from acassist.gui.accessibility import crawl
from acassist.gui.explain.page import ConditionLine, ExplainPage, state_words
from acassist.gui.main_window import MainWindow, WindowStart
from tests.gui.keyboard import press, seen

REF = RecordRef(SObject.CONTACT, "003000000000002AAA", "77")
OFFLINE = Problem(ProblemCode.NO_NETWORK, values={"host": "acme.api-us1.com"})


@pytest.fixture
def page(bridge, fake, qtbot, settle) -> ExplainPage:
    fake.finish_setup()
    made = ExplainPage(bridge)
    qtbot.addWidget(made)
    made.resize(972, 800)
    made.show()
    made.open(REF)
    settle()
    return made


def titles(page) -> list[str]:
    lines = page.list.findChildren(ConditionLine)
    return [line.title.text() for line in lines if line.isVisibleTo(page)]


def test_the_deciding_condition_is_said_in_a_sentence(page):
    assert page.verdict.sentence.text() == "José Peña is not syncing."
    assert page.verdict.detail.text() == (
        "“It is selected for ActiveCampaign” is not met: It does not match the selection of step 3."
    )


def test_what_can_be_done_about_it_stands_with_the_answer(page):
    assert page.verdict.remedy.text() == "Change the record so that it matches."


def test_the_deciding_condition_stands_first_and_the_others_in_order(page):
    assert titles(page) == [
        "It is selected for ActiveCampaign",
        "It has a valid e-mail address",
        "It is linked to a contact",
        "The connected user may change it",
    ]


@pytest.mark.parametrize(("met", "words"), [(True, "Met"), (False, "Not met"), (None, "Not asked")])
def test_every_state_is_said_in_words(met, words):
    assert state_words(Condition("x", Message("X"), met, Message("Y"))) == words


def test_a_record_that_syncs_is_good_news(page, fake, settle):
    fake.empty = True
    page.reload()
    settle()
    assert page.verdict.sentence.text() == "José Peña is syncing, or will be with the next run."


def test_the_record_can_be_opened(page, qtbot):
    with qtbot.waitSignal(page.navigate) as asked:
        press(page.open_record)
    assert asked.args == ["records", REF]


def test_another_person_is_searched_for_and_chosen_with_the_keyboard(page, fake, qtbot, settle):
    page.search.setFocus()
    qtbot.keyClicks(page.search, "zoe")
    qtbot.keyClick(page.search, Qt.Key.Key_Return)
    settle()
    assert page.hits.isVisible()
    qtbot.keyClick(page.hits, Qt.Key.Key_Down)
    qtbot.keyClick(page.hits, Qt.Key.Key_Return)
    settle()
    assert ("explain", (RecordRef(SObject.LEAD, "00Q000000000001AAA"),)) in fake.calls


def test_a_search_without_hits_says_so(page, fake, settle):
    fake.empty = True
    page.search.setText("nobody")
    page.search._report()
    settle()
    assert "Nobody was found on either side." in seen(page)


def test_conditions_that_cannot_be_checked_offer_another_try(page, fake, settle):
    fake.fail["explain"] = OFFLINE
    page.reload()
    settle()
    assert page.state.banner.problem == OFFLINE


def test_without_a_record_the_page_asks_for_one(bridge, qtbot, settle):
    made = ExplainPage(bridge)
    qtbot.addWidget(made)
    made.show()
    made.activate()
    settle()
    assert made.state.currentWidget() is made.state.empty


def test_the_window_shows_it_below_records(bridge, fake, qtbot, settle, engine):
    fake.finish_setup()
    window = MainWindow(bridge, WindowStart(engine.submit(lambda a: a.status()).result(5)))
    qtbot.addWidget(window)
    window.show()
    window.show_place("explain", REF)
    settle()
    assert window.current == "explain"
    assert window.navigation.button("records").isChecked()


def test_everything_that_takes_the_focus_has_a_name(page):
    assert crawl(page) == []
