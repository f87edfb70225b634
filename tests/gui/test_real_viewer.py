"""The window on the real assistant and the sandbox for somebody who holds only ActiveCampaign Standard User."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWizard

from acassist.assistant.container import OpenProfile, Options, close_profile, open_profile
from acassist.assistant.demo import demo_browser, start_sandbox
from acassist.assistant.engine_thread import EngineThread
from acassist.domain.profile import Role
from acassist.gui.main_window import MainWindow
from acassist.sandbox.salesforce.seed import add_user
from acassist.sandbox.server import Running
from acassist.sandbox.settings import Settings
from tests.gui.real_window import main_window
from tests.gui.test_real_assistant import Person
from tests.gui.test_real_preparing import answer

VERA = "vera.viewer@northwind-trading.example"


@pytest.fixture
def running() -> Iterator[Running]:
    with start_sandbox(Settings(leads=6, contacts=4, labels=True)) as made:
        org = made.world.salesforce
        user = add_user(org, VERA)
        names = {"Name": "ActiveCampaign_Standard_User", "Label": "ActiveCampaign Standard User"}
        row = {"Id": "0PS000000000S01AAA", **names}
        org.rows_of("PermissionSet").put(row)
        held = {"Id": "0Pa000000000S01AAA", "PermissionSetId": row["Id"], "AssigneeId": user, "IsActive": True}
        org.rows_of("PermissionSetAssignment").put(held)
        org.schema_changed()
        yield made


@pytest.fixture
def real(running: Running, tmp_path: Path) -> Iterator[EngineThread]:
    opened: list[OpenProfile] = []

    async def build():
        browser = demo_browser({**running.info, "username": VERA})
        opened.append(await open_profile(Options(tmp_path / "p", in_memory_secrets=True, browser=browser, pace=50)))
        return opened[0].assistant

    async def close(_assistant) -> None:
        await close_profile(opened[0])

    engine = EngineThread(build, close)
    engine.start().result(30)
    yield engine
    engine.stop()


@pytest.fixture
def window(real, qtbot) -> Iterator[MainWindow]:
    with main_window(real, qtbot) as shown:
        yield shown


def places(window: MainWindow) -> list[str]:
    return [key for key, button in window.navigation._buttons.items() if button.isVisible()]


def changed(running: Running) -> list[str]:
    log = running.world.log.since(0)
    return [e["path"] for e in log if e["method"] in ("POST", "PUT", "PATCH", "DELETE") and "oauth" not in e["path"]]


@pytest.mark.slow
def test_a_viewer_logs_in_with_the_keyboard_and_gets_records_and_settings_only(window, running, real, qtbot):
    person = Person(window, qtbot)
    walk_to_prepare_as_viewer(person, running)
    page = window.page("setup").wizard.page_widget
    assert "holds ActiveCampaign Standard User" in page.role.sentence.text()
    assert page.role.options.isHidden()
    assert not page.host.button(QWizard.WizardButton.NextButton).isVisible()
    person.press("Finish")
    qtbot.waitUntil(lambda: window.current == "records" and places(window) == ["records", "settings"], timeout=20_000)
    assert window.header.sync.isHidden()
    assert real.submit(lambda a: a.status()).result(30).role is Role.VIEWER
    assert [path for path in changed(running) if "/login" not in path and "/consent" not in path] == []
    chooses_what_records_offer(window, person, qtbot)
    uses_a_record(window, person, running)
    no_other_place_opens(window, person)
    leaves(window, person, qtbot)


def walk_to_prepare_as_viewer(person: Person, running: Running) -> None:
    """Walk through step 1 up to the answer of Salesforce, where a viewer's step ends."""
    info = running.info
    person.wait()
    person.press("Get started")
    person.press("Next")
    person.type("ActiveCampaign account name", info["activecampaign"])
    person.type("API key", info["api_key"])
    person.press("Authorize")
    person.press("Next")
    QTest.keyClick(person.tab_to("Production"), Qt.Key.Key_Right)
    QTest.keyClick(person.tab_to("Sandbox"), Qt.Key.Key_Right)
    person.type("My Domain", info["salesforce_login"])
    person.type("Consumer key", info["client_id"])
    person.press("Authorize")


def chooses_what_records_offer(window: MainWindow, person: Person, qtbot) -> None:
    """The one step of the set-up that is a viewer's own is opened from Settings, and leads back to the records."""
    window.show_place("settings")
    person.wait()
    window.page("settings").viewer.choose.click()
    person.wait()
    assert window.current == "setup"
    assert window.navigation.button("settings").isChecked()
    person.press("Finish")
    qtbot.waitUntil(lambda: window.current == "records", timeout=10_000)


def uses_a_record(window: MainWindow, person: Person, running: Running) -> None:
    lead = next(iter(running.world.salesforce.rows_of("Lead").rows.values()))
    page = window.page("records")
    page.search_for(lead["Id"])
    person.wait()
    page._open_index(page.model.index(0, 0))
    person.wait()
    assert page.record.record.name
    assert page.record.header.sync.isHidden()
    assert page.record.header.why.isHidden()
    assert page.record.automation.isVisible()


def no_other_place_opens(window: MainWindow, person: Person) -> None:
    for number in (Qt.Key.Key_1, Qt.Key.Key_2, Qt.Key.Key_4):
        QTest.keyClick(window, number, Qt.KeyboardModifier.ControlModifier)
    assert window.current == "records"
    for key in ("sync", "issues", "setup", "permissions", "layouts", "explain"):
        window.show_place(key)
        assert window.current == "records"
    window.show_place("settings")
    person.wait()
    page = window.page("settings")
    assert page.viewer.isVisible()
    assert not any(card.isVisible() for card in page._managers)


def leaves(window: MainWindow, person: Person, qtbot) -> None:
    window.show_place("leave")
    person.wait()
    page = window.page("leave")
    assert page.remove.isHidden()
    page.button.click()
    assert answer("disconnect")
    person.wait()
    qtbot.waitUntil(lambda: len(places(window)) == 5, timeout=10_000)


@pytest.mark.slow
def test_who_may_be_both_chooses_and_the_pages_follow(window, running, real, qtbot):
    org = running.world.salesforce
    user = next(key for key, row in org.rows_of("User").rows.items() if row["Username"] == VERA)
    org.rows_of("PermissionSet").put({"Id": "0PS000000000M01AAA", "Name": "ActiveCampaign_Package_Manager"})
    held = {"Id": "0Pa000000000M01AAA", "PermissionSetId": "0PS000000000M01AAA", "AssigneeId": user, "IsActive": True}
    org.rows_of("PermissionSetAssignment").put(held)
    person = Person(window, qtbot)
    walk_to_prepare_as_viewer(person, running)
    page = window.page("setup").wizard.page_widget
    following = page.host.button(QWizard.WizardButton.NextButton)
    assert page.role.options.isVisible()
    assert following.isVisible()
    QTest.keyClick(person.tab_to("Set up and run the sync"), Qt.Key.Key_Down)
    assert not following.isVisible()
    QTest.keyClick(person.tab_to("See and use records only"), Qt.Key.Key_Up)
    person.press("Next")
    assert page.host.flow.page.value == "prepare"
