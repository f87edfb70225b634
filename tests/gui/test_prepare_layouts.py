"""Page layouts: preview, adding the fields, exact steps where it cannot be done, and putting back."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QPushButton

from acassist.domain.problem import Problem, ProblemCode
from acassist.gui.accessibility import crawl
from acassist.gui.setup.layouts import LayoutsPage
from tests.gui.fake_provisioning import FIELDS
from tests.gui.walking import shown_text


@pytest.fixture
def page(qtbot, bridge, settle):
    made = LayoutsPage(bridge)
    qtbot.addWidget(made)
    made.resize(960, 640)
    made.show()
    made.activate()
    settle()
    return made


def choose(page, settle, layout_id):
    place = next(n for n in range(page.model.rowCount()) if page.model.item(n).data(257).id == layout_id)
    page.list.setCurrentIndex(page.model.index(place, 0))
    settle()


def answer(key: str) -> None:
    dialog = next(w for w in QApplication.topLevelWidgets() if isinstance(w, QDialog) and w.isVisible())
    next(b for b in dialog.findChildren(QPushButton) if b.property("answer") == key).click()


def test_the_layouts_of_both_objects_are_listed_leads_first(page):
    words = [page.model.item(n).text() for n in range(page.model.rowCount())]
    assert words == [
        "Lead (Sales) Layout, Lead",
        "Lead Layout, Lead",
        "Contact Feed Layout, Contact",
        "Contact Layout, Contact, changed here",
    ]


def test_the_preview_shows_where_it_is_used_and_what_is_new(page, settle):
    choose(page, settle, "00hA")
    words = shown_text(page.view)
    assert "Used by: Standard User, System Administrator" in words
    assert "New, read-only" in words
    assert all(label in words for label in FIELDS)


def test_looking_at_a_layout_changes_nothing(page, settle, fake):
    choose(page, settle, "00hA")
    assert fake.called("change_layout") == 0


def test_the_fields_are_added_to_the_chosen_layout(page, settle, fake):
    choose(page, settle, "00hA")
    page.add.click()
    settle()
    assert "00hA" in fake.provisioning.changed
    assert "now shows the fields" in shown_text(page.banner)
    assert page.current.id == "00hA"
    assert not page.add.isEnabled()
    assert page.undo.isEnabled()


def test_a_changed_layout_is_put_back(page, settle, fake):
    choose(page, settle, "00hC")
    page.undo.click()
    settle()
    assert "00hC" not in fake.provisioning.changed
    assert not page.undo.isEnabled()


def test_a_layout_that_programs_may_not_save_gets_exact_steps(page, settle):
    choose(page, settle, "00hD")
    words = shown_text(page.view)
    assert "feed-based" in words
    assert "open Object Manager and choose Contact." in words
    assert not page.add.isEnabled()


def test_the_link_is_added_only_on_request(page, settle, fake):
    choose(page, settle, "00hA")
    assert "Open in Setup Assistant" not in shown_text(page.view)
    page.link.click()
    settle()
    assert "Open in Setup Assistant" in shown_text(page.view)
    page.add.click()
    settle()
    assert [args[:2] for name, args in fake.calls if name == "change_layout"] == [("00hA", True)]


def test_production_is_asked_for_once(page, settle, fake):
    fake.provisioning.production = True
    choose(page, settle, "00hA")
    page.add.click()
    settle()
    answer("production")
    settle()
    assert "00hA" in fake.provisioning.changed


def test_an_installed_package_is_asked_about_before_a_layout_is_changed(page, settle, fake):
    fake.provisioning.package = True
    choose(page, settle, "00hA")
    page.add.click()
    settle()
    assert "00hA" not in fake.provisioning.changed
    answer("package")
    settle()
    assert "00hA" in fake.provisioning.changed


def test_a_refusal_is_told_and_the_page_can_be_used_again(page, settle, fake):
    fake.fail["change_layout"] = Problem(ProblemCode.LAYOUT_REFUSED, values={"layout": "Lead Layout", "reason": "no"})
    choose(page, settle, "00hA")
    page.add.click()
    settle()
    assert page.banner.problem.code is ProblemCode.LAYOUT_REFUSED
    assert "Choose Page Layouts and open Lead Layout." in shown_text(page.view)
    assert page.add.isEnabled()
    assert page.list.isEnabled()


def test_layouts_that_cannot_be_read_are_told(page, settle, fake):
    fake.fail["layouts"] = Problem(ProblemCode.SF_PERMISSION, values={"what": "Layout"})
    page.activate()
    settle()
    assert page.state.banner.problem.code is ProblemCode.SF_PERMISSION


def test_a_layout_is_chosen_and_changed_with_the_keyboard_alone(page, settle, fake):
    page.list.setFocus()
    QTest.keyClick(page.list, Qt.Key.Key_Down)
    settle()
    page.add.setFocus()
    QTest.keyClick(page.add, Qt.Key.Key_Space)
    settle()
    assert "00hA" in fake.provisioning.changed


def test_every_widget_of_the_page_has_a_name(page):
    assert crawl(page) == []


def test_the_steps_by_hand_are_there_for_who_wants_them(page, settle):
    choose(page, settle, "00hA")
    assert "Choose Page Layouts" not in shown_text(page.view)
    page.shown.toggle.click()
    assert "Choose Page Layouts and open Lead Layout." in shown_text(page.view)
