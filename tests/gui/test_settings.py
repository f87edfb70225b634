"""Settings: language and look at once, the connections, this computer, about."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel

from acassist import __version__
from acassist.assistant.container import Options, translator_for
from acassist.domain.problem import Problem, ProblemCode
from acassist.gui import strings
from acassist.gui.accessibility import crawl
from acassist.gui.settings.computer_card import FOLDER_PROPERTY
from acassist.gui.settings.page import SettingsPage
from acassist.gui.theme import Mode
from tests.gui.keyboard import press

OFFLINE = Problem(ProblemCode.NO_NETWORK, values={"host": "acme.api-us1.com"})


def words(widget) -> str:
    return "\n".join(label.text() for label in widget.findChildren(QLabel) if label.isVisibleTo(widget))


@pytest.fixture
def page(bridge, fake, qtbot, settle, qapp) -> SettingsPage:
    fake.finish_setup()
    qapp.setProperty(FOLDER_PROPERTY, "/home/anna/acassist")
    made = SettingsPage(bridge)
    qtbot.addWidget(made)
    made.resize(972, 700)
    made.show()
    made.activate()
    settle()
    return made


def pick(combo, data: str) -> None:
    combo.setCurrentIndex(combo.findData(data))
    combo.activated.emit(combo.currentIndex())


def test_the_theme_changes_at_once_and_is_remembered(page, look, fake, settle):
    pick(page.look.theme, "dark")
    settle()
    assert look.mode is Mode.DARK
    assert fake.preferences["theme"] == "dark"


def test_the_language_is_remembered_before_the_window_is_made_anew(page, fake, qtbot):
    with qtbot.waitSignal(page.language_wanted) as asked:
        pick(page.look.language, "es")
    assert asked.args == ["es"]
    assert fake.preferences["language"] == "es"


def test_the_language_chosen_before_is_shown(page, fake, settle):
    fake.preferences["language"] = "es"
    page.activate()
    settle()
    assert page.look.language.currentText() == "Español"


def test_both_connections_are_named(page):
    text = words(page.connections)
    assert "Acme GmbH · Production · anna@acme.example" in text
    assert "acme · anna@acme.example" in text


def test_disconnect_leads_to_the_page_that_says_what_goes_and_what_stays(page, qtbot):
    with qtbot.waitSignal(page.navigate) as asked:
        press(page.connections.button)
    assert asked.args == ["leave", None]


def test_nothing_connected_is_nothing_to_leave(page, fake, settle):
    fake.current = replace(fake.current, activecampaign=None, salesforce=None)
    page.activate()
    settle()
    assert page.connections.salesforce.text() == "Not connected"
    assert not page.connections.button.isEnabled()


def test_the_data_folder_is_shown_and_can_be_copied(page, qtbot):
    assert page.computer.folder.edit.text() == "/home/anna/acassist"
    page.computer.folder._to_clipboard()
    assert QApplication.clipboard().text() == "/home/anna/acassist"


def test_the_check_lists_what_it_found(page, fake, qtbot, settle):
    qtbot.mouseClick(page.computer.check, Qt.MouseButton.LeftButton)
    settle()
    assert fake.called("doctor") == 1
    assert "An ActiveCampaign plan with the API" in words(page.computer.list)


def test_about_names_the_version(page):
    assert page.about.version.text() == f"Version {__version__}"


def test_settings_that_cannot_be_read_say_so(page, fake, settle):
    fake.fail["setup"] = OFFLINE
    page.activate()
    settle()
    assert page.trouble.problem == OFFLINE


def test_everything_that_takes_the_focus_has_a_name(page):
    assert crawl(page) == []


# -- the list of parts


def part(page, title: str) -> int:
    return next(n for n in range(page.parts.count()) if page.parts.item(n).text() == title)


def test_each_part_is_reached_from_the_list_at_the_side(page):
    for title, card in (("Data and reports", page.data), ("Notifications", page.alerts)):
        page.parts.setCurrentRow(part(page, title))
        assert card.mapTo(page._scroll.viewport(), card.rect().topLeft()).y() == 0


def test_the_list_marks_the_part_that_is_in_sight(page):
    page._scroll.verticalScrollBar().setValue(page.limits.y())
    assert page.parts.currentItem().text() == "Quotas and brakes"


def test_a_narrow_page_leaves_the_list_out(page):
    page.resize(752, 600)
    assert not page.parts.isVisible()
    page.resize(980, 600)
    assert page.parts.isVisible()


def test_parts_that_a_profile_lacks_are_not_listed(page):
    assert page.parts.item(part(page, "Your profile")).isHidden()


@pytest.mark.parametrize("width", [752, 860, 972])
def test_no_card_is_wider_than_the_page_in_spanish(bridge, fake, qtbot, settle, width):
    fake.finish_setup()
    strings.install(translator_for(Options(language="es")))
    made = SettingsPage(bridge)
    qtbot.addWidget(made)
    made.resize(width, 600)
    made.show()
    made.activate()
    settle()
    made.data.reload()
    settle()
    assert made._scroll.content.minimumSizeHint().width() <= made._scroll.viewport().width()
