"""Permission sets: finding users, ticking, assigning, removing, and refusals by name."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from acassist.domain.problem import Problem, ProblemCode
from acassist.gui.accessibility import crawl
from acassist.gui.setup.permission_sets import MANAGER, STANDARD, PermissionsPage
from tests.gui.walking import shown_text


@pytest.fixture
def page(qtbot, bridge, settle):
    made = PermissionsPage(bridge)
    qtbot.addWidget(made)
    made.resize(960, 640)
    made.show()
    made.activate()
    settle()
    return made


def tick(page, *rows):
    for place in rows:
        page.model.toggle(place)


def cells(page, column):
    model = page.model
    return [model.index(n, column).data() for n in range(model.rowCount())]


def test_active_users_are_listed_with_profile_and_what_they_have(page):
    assert cells(page, 0)[0] == "Anna Berger"
    assert cells(page, 2)[0] == "System Administrator"
    assert cells(page, 3) == ["Assigned", "–", "–", "–"]
    assert cells(page, 4) == ["–", "–", "Assigned", "–"]


def test_the_page_says_what_standard_user_is_for_here(page):
    assert "The sync does not depend on it" in shown_text(page)


def test_nothing_can_be_assigned_before_somebody_is_ticked(page):
    assert not page.assign.isEnabled()
    assert page.assign.toolTip() == "Tick at least one user first."


def test_ticked_users_get_the_chosen_set(page, fake, settle):
    tick(page, 1, 2)
    assert page.ticked.text() == "2 users ticked"
    page.assign.click()
    settle()
    assert fake.provisioning.holders[STANDARD] == {"005B", "005C"}
    assert cells(page, 4) == ["–", "Assigned", "Assigned", "–"]
    assert page.ticked.text() == "0 users ticked"


def test_the_other_set_is_chosen_with_its_radio(page, fake, settle):
    page.radios[MANAGER].click()
    tick(page, 1)
    page.assign.click()
    settle()
    assert fake.provisioning.holders[MANAGER] == {"005A", "005B"}


def test_remove_takes_the_set_away(page, fake, settle):
    tick(page, 2)
    page.remove.click()
    settle()
    assert fake.provisioning.holders[STANDARD] == set()


def test_a_refusal_for_one_user_is_told_by_name_and_the_others_get_it(page, fake, settle):
    values = {"name": "Integration User", "reason": "the license does not allow it"}
    fake.provisioning.refused_users["005D"] = Problem(ProblemCode.ASSIGN_REFUSED, values=values)
    tick(page, 1, 3)
    page.assign.click()
    settle()
    words = shown_text(page.refusals)
    assert "Integration User" in words
    assert "the license does not allow it" in words
    assert "005B" in fake.provisioning.holders[STANDARD]
    assert page.model.ticked == ("005D",)


def test_ticks_outlive_a_search(page, settle):
    tick(page, 1)
    page.search.setText("carla")
    page.search.returnPressed.emit()
    settle()
    assert cells(page, 0) == ["Carla Núñez de la Fuente"]
    assert page.model.ticked == ("005B",)


def test_a_search_that_finds_nobody_says_so(page, settle):
    page.search.setText("zzz")
    page.search.returnPressed.emit()
    settle()
    assert "Nobody was found" in shown_text(page.state)


def test_users_that_cannot_be_read_are_told_with_try_again(page, fake, settle):
    fake.fail["users"] = Problem(ProblemCode.SF_PERMISSION, values={"what": "User"})
    page.activate()
    settle()
    assert page.state.banner.problem.code is ProblemCode.SF_PERMISSION


def test_a_failure_of_the_whole_call_frees_the_buttons(page, fake, settle):
    fake.fail["assign"] = Problem(ProblemCode.NO_SETUP_RIGHT, values={"right": "Assign Permission Sets"})
    tick(page, 1)
    page.assign.click()
    settle()
    assert page.banner.problem.code is ProblemCode.NO_SETUP_RIGHT
    assert page.assign.isEnabled()


def test_a_user_is_ticked_and_assigned_with_the_keyboard_alone(page, fake, settle):
    page.table.setFocus()
    QTest.keyClick(page.table, Qt.Key.Key_Down)
    QTest.keyClick(page.table, Qt.Key.Key_Space)
    assert page.model.ticked == ("005B",)
    page.assign.setFocus()
    QTest.keyClick(page.assign, Qt.Key.Key_Space)
    settle()
    assert "005B" in fake.provisioning.holders[STANDARD]


def test_every_widget_of_the_page_has_a_name(page):
    assert crawl(page) == []


def test_a_list_that_is_not_whole_says_so(page, fake, settle, monkeypatch):
    assert page.more.isHidden()
    monkeypatch.setattr("acassist.gui.setup.permission_sets._MOST", 4)
    page.activate()
    settle()
    assert page.more.isVisible()
