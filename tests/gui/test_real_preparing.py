"""The window on the real assistant and the sandbox: a bare org is prepared with the keyboard, and left again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QPushButton, QWizard

from acassist.assistant.container import OpenProfile, Options, close_profile, open_profile
from acassist.assistant.demo import demo_browser, start_sandbox
from acassist.assistant.engine_thread import EngineThread
from acassist.domain.problem import ProblemCode
from acassist.domain.profile import Step
from acassist.gui.main_window import MainWindow
from acassist.sandbox.server import Running
from acassist.sandbox.settings import Settings
from tests.gui.real_window import main_window
from tests.gui.test_real_assistant import Person

FIELDS = {"ActiveCampaign_Sync_Status__c", "ActiveCampaign_ID__c", "ActiveCampaign_Relation_Sync_Status__c"}


@pytest.fixture
def running() -> Iterator[Running]:
    with start_sandbox(Settings(leads=6, contacts=4, custom_fields=False)) as made:
        yield made


@pytest.fixture
def real(running: Running, tmp_path: Path) -> Iterator[EngineThread]:
    opened: list[OpenProfile] = []

    async def build():
        options = Options(tmp_path / "profile", in_memory_secrets=True, browser=demo_browser(running.info), pace=50)
        opened.append(await open_profile(options))
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


def writes(running: Running) -> int:
    """Count what changed the org's set-up or data."""
    log = running.world.log.since(0)
    changing = [e for e in log if e["service"] == "salesforce" and e["method"] in ("POST", "PATCH", "DELETE")]
    return sum("/services/data/" in e["path"] for e in changing)


def custom(running: Running, sobject: str) -> set[str]:
    return FIELDS & {field.name for field in running.world.salesforce.schema.find(sobject).fields.values()}


def walk_to_prepare(person: Person, info: dict[str, Any]) -> None:
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
    person.press("Next")


def answer(key: str) -> bool:
    """Answer a question with its button, when one is open."""
    asked = [w for w in QApplication.topLevelWidgets() if isinstance(w, QDialog) and w.isVisible()]
    for dialog in asked:
        next(b for b in dialog.findChildren(QPushButton) if b.property("answer") == key).click()
    return bool(asked)


def apply(person: Person) -> None:
    person.press("Apply")
    if answer("yes"):
        person.wait()


@pytest.mark.slow
def test_a_bare_org_is_prepared_with_the_keyboard_and_a_second_apply_changes_nothing(window, running, qtbot):
    person = Person(window, qtbot)
    walk_to_prepare(person, running.info)
    page = window.page("setup").wizard.page_widget
    assert custom(running, "Lead") == set()
    apply(person)
    assert page._summary.text() == "Everything is in place."
    assert custom(running, "Lead") == custom(running, "Contact") == FIELDS
    before = writes(running)
    apply(person)
    assert "Nothing had to be changed" in page.banner.accessibleName()
    assert writes(running) == before


@pytest.mark.slow
def test_a_partly_prepared_org_is_completed(window, running, qtbot, real):
    from acassist.sandbox.salesforce import tooling
    from acassist.sandbox.salesforce.save import Writer

    org = running.world.salesforce
    meta = {"label": "ActiveCampaign Sync Status", "type": "Text", "length": 255}
    tooling.add_field(org, Writer(org, org.other_actor), "Lead.ActiveCampaign_Sync_Status__c", meta)
    person = Person(window, qtbot)
    walk_to_prepare(person, running.info)
    page = window.page("setup").wizard.page_widget
    apply(person)
    assert page._summary.text() == "Everything is in place."
    assert custom(running, "Lead") == FIELDS


@pytest.mark.slow
def test_people_layouts_and_leaving_work_on_the_real_org(window, running, qtbot):
    person = Person(window, qtbot)
    walk_to_prepare(person, running.info)
    apply(person)
    assert custom(running, "Lead") == FIELDS
    layouts_before = layouts(running)
    person.press("Finish")
    assign_to_somebody(window, person, running)
    add_to_first_layout(window, person)
    assert layouts(running) != layouts_before
    leave(window, person, running)
    assert custom(running, "Lead") == custom(running, "Contact") == set()
    assert layouts(running) == layouts_before
    assert held(running) == []
    assert window.page("leave").button.isEnabled() is False


def layouts(running: Running) -> list[Any]:
    return [row["Metadata"] for row in running.world.salesforce.tables[True, "Layout"].rows.values()]


def held(running: Running) -> list[Any]:
    sets = {
        key
        for key, row in running.world.salesforce.rows_of("PermissionSet").rows.items()
        if str(row.get("Name", "")).startswith("ActiveCampaign_")
    }
    rows = running.world.salesforce.rows_of("PermissionSetAssignment").rows.values()
    return [row for row in rows if row["PermissionSetId"] in sets]


def assign_to_somebody(window: MainWindow, person: Person, running: Running) -> None:
    window.show_place("permissions")
    person.wait()
    page = window.page("permissions")
    before = len(held(running))
    wanted = next(n for n, user in enumerate(page.model.shown) if not user.standard)
    page.table.setFocus()
    page.table.setCurrentIndex(page.model.index(wanted, 0))
    QTest.keyClick(page.table, Qt.Key.Key_Space)
    person.press("Assign")
    assert len(held(running)) == before + 1


def add_to_first_layout(window: MainWindow, person: Person) -> None:
    window.show_place("layouts")
    person.wait()
    person.press("Add to this layout")
    if answer("production"):
        person.wait()
    assert window.page("layouts").current.changed_here


def leave(window: MainWindow, person: Person, running: Running) -> None:
    window.show_place("leave")
    person.wait()
    page = window.page("leave")
    page.remove.setFocus()
    QTest.keyClick(page.remove, Qt.Key.Key_Space)
    QTest.keyClicks(page.typed, page._plan.org)
    person.press("Disconnect")


def test_the_step_is_finished_without_anything_on_an_org_where_nothing_may_be_created(window, running, qtbot, real):
    for row in running.world.salesforce.rows_of("PermissionSet").rows.values():
        row.update({"PermissionsModifyMetadata": False, "PermissionsCustomizeApplication": False})
    person = Person(window, qtbot)
    walk_to_prepare(person, running.info)
    page = window.page("setup").wizard.page_widget
    apply(person)
    assert "permission" in page.banner.accessibleName()
    person.press("Skip for now")
    assert page.host.button(QWizard.WizardButton.FinishButton).hasFocus()
    person.press("Finish")
    assert real.submit(lambda a: a.setup()).result(30).done(Step.CONNECTIONS)
    assert custom(running, "Lead") == set()


@pytest.mark.slow
def test_a_refused_part_is_told_beside_it_and_the_next_apply_completes_the_org(window, running, qtbot):
    entry = {"componentType": "CustomField", "fullName": "Lead.ActiveCampaign_ID__c", "problem": "Field is bad."}
    result = {"id": "0Af1", "status": "Failed", "done": True, "success": False}
    body = {"deployResult": {**result, "details": {"componentFailures": [entry]}}}
    rule = {"service": "salesforce", "method": "GET", "path": "/metadata/deployRequest/0Af"}
    running.world.faults.add({**rule, "action": {"kind": "status", "status": 200, "body": body}})
    person = Person(window, qtbot)
    walk_to_prepare(person, running.info)
    page = window.page("setup").wizard.page_widget
    apply(person)
    assert [line.title for line in page.list.rows if line.refused] == ["ActiveCampaign ID on Lead"]
    apply(person)
    assert page._summary.text() == "Everything is in place."


@pytest.mark.slow
def test_a_login_that_ended_in_the_middle_is_made_again_and_apply_goes_on(window, running, qtbot):
    person = Person(window, qtbot)
    walk_to_prepare(person, running.info)
    auth = running.world.salesforce.auth
    auth.revoke_all()
    auth.expire_sessions()
    apply(person)
    page = window.page("setup").wizard.page_widget
    assert page.banner.problem.code is ProblemCode.SF_RECONNECT
    assert custom(running, "Lead") == set()
    person.press("Back")
    person.press("Authorize")
    person.press("Next")
    apply(person)
    assert page._summary.text() == "Everything is in place."
    assert custom(running, "Lead") == FIELDS
