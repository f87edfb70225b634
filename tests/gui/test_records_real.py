"""The Records page on the real assistant and the sandbox, with the keyboard alone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget

from acassist.assistant.engine_thread import EngineThread
from acassist.domain.ledger import Link
from acassist.gui.bridge import Bridge
from acassist.gui.dialogs.question import Question
from acassist.gui.records.page import RecordsPage
from tests.engine import Engine
from tests.flow.records_world import did, links, open_records
from tests.gui.test_accessibility import spoken


class World:
    """The engine on its own thread, and what the tests look at."""

    def __init__(self) -> None:
        self.engine: Engine | None = None
        self.link: Link | None = None

    async def build(self, folder: Path):
        self.engine = await open_records(folder)
        self.link = links(self.engine)[0]
        for number in range(24):
            did(self.engine, self.link.ac_id, "event", minutes=24 - number, event=f"visit {number}")
        return self.engine.assistant

    async def close(self, _assistant) -> None:
        assert self.engine is not None
        await self.engine.close()


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def thread(world: World, tmp_path: Path) -> Iterator[EngineThread]:
    made = EngineThread(lambda: world.build(tmp_path / "p"), world.close)
    made.start().result(60)
    yield made
    made.stop()


@pytest.fixture
def page(thread: EngineThread, qtbot) -> Iterator[RecordsPage]:
    bridge = Bridge(thread)
    made = RecordsPage(bridge)
    qtbot.addWidget(made)
    made.resize(972, 900)
    made.show()
    made.windowHandle().requestActivate()
    made.activate()
    yield made
    bridge.close()


def wait(page: RecordsPage, qtbot) -> None:
    for _ in range(3):
        qtbot.waitUntil(lambda: not page.bridge.busy, timeout=30_000)
        QApplication.processEvents()


def tab_to(page: RecordsPage, name: str) -> QWidget:
    for _ in range(200):
        focus = page.window().focusWidget()
        if focus is not None and spoken(focus)[0] == name:
            return focus
        QTest.keyClick(focus or page, Qt.Key.Key_Tab)
    raise AssertionError(f"{name} is not reached by Tab")


def words(widget: QWidget) -> str:
    return "\n".join(label.text() for label in widget.findChildren(QLabel) if label.isVisibleTo(widget))


def find(page: RecordsPage, world: World, qtbot) -> None:
    """Search for the first linked contact and open it."""
    assert world.link is not None
    QTest.keyClicks(page.search, world.link.email)
    QTest.keyClick(page.search, Qt.Key.Key_Return)
    wait(page, qtbot)
    if page.stack.currentWidget() is not page.record:
        QTest.keyClick(page.search, Qt.Key.Key_Down)
        QTest.keyClick(page.list, Qt.Key.Key_Return)
        wait(page, qtbot)


def test_a_person_is_found_synced_and_a_change_taken_back_with_the_keyboard(page, world, thread, qtbot):
    link = world.link
    control = world.engine.control
    thread.submit(
        lambda _a: control.call("PATCH", f"/salesforce/Contact/{link.sf_id}", {"FirstName": "Keyboard"})
    ).result(10)
    find(page, world, qtbot)
    shown = [row.activity.title for row in page.record.activities.list.rows]
    assert shown == [f"visit {number}" for number in range(23, 3, -1)]
    QTest.keyClick(tab_to(page, "Sync this record"), Qt.Key.Key_Space)
    wait(page, qtbot)
    assert "The record was synced." in words(page.record.header)
    contact = world.engine.world.activecampaign.contacts[int(link.ac_id)]
    assert contact.first == "Keyboard"
    QTest.keyClick(tab_to(page, "Undo the change of First Name"), Qt.Key.Key_Space)
    question = page.window().findChild(Question)
    next(b for b in question.findChildren(QPushButton) if b.property("answer") == "undo").click()
    wait(page, qtbot)
    assert "1 change was undone." in words(page.record.timeline)
    assert contact.first != "Keyboard"


def test_a_campaign_goes_out_once_and_the_timeline_tells_it(page, world, thread, qtbot):
    link = world.link
    control = world.engine.control
    thread.submit(
        lambda _a: control.call("PATCH", f"/activecampaign/contacts/{link.ac_id}", {"lists": {"1": 1}})
    ).result(10)
    find(page, world, qtbot)
    QTest.keyClick(tab_to(page, "Send a campaign"), Qt.Key.Key_Space)
    wait(page, qtbot)
    dialog = page.record.automation.dialog
    choose_and_press(page, "Send", qtbot)
    assert f"was sent to {link.email}" in words(dialog)
    assert len(world.engine.world.activecampaign.sends) == 1
    dialog.reject()
    wait(page, qtbot)
    assert "Campaign sent" in words(page.record.timeline)


def choose_and_press(page: RecordsPage, button: str, qtbot) -> None:
    """Take the first item, go on, and press the button twice, all with keys."""
    dialog = page.record.automation.dialog
    assert dialog.focusWidget() is dialog.view
    QTest.keyClick(dialog.view, Qt.Key.Key_Down)
    QTest.keyClick(dialog.view, Qt.Key.Key_Return)
    wait(page, qtbot)
    for _ in range(20):
        focus = dialog.focusWidget()
        if spoken(focus)[0] == button:
            break
        QTest.keyClick(focus, Qt.Key.Key_Tab)
    for _ in range(2):
        QTest.keyClick(focus, Qt.Key.Key_Space)
    wait(page, qtbot)


def test_a_person_is_added_to_an_automation_once_with_the_keyboard(page, world, thread, qtbot):
    link = world.link
    account = world.engine.world.activecampaign
    for row in [r for r in account.tables["contactAutomations"] if r["contact"] == link.ac_id]:
        del account.tables["contactAutomations"].rows[int(row["id"])]
    control = world.engine.control
    thread.submit(
        lambda _a: control.call("PATCH", f"/activecampaign/contacts/{link.ac_id}", {"lists": {"1": 1}})
    ).result(10)
    find(page, world, qtbot)
    QTest.keyClick(tab_to(page, "Add to an automation"), Qt.Key.Key_Space)
    wait(page, qtbot)
    dialog = page.record.automation.dialog
    choose_and_press(page, "Add", qtbot)
    assert f"{link.email} was added" in words(dialog)
    assert len([r for r in account.tables["contactAutomations"] if r["contact"] == link.ac_id]) == 1
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert page.record.automation.dialog is None


def test_all_activities_are_read_filtered_and_left_with_the_keyboard(page, world, thread, qtbot):
    find(page, world, qtbot)
    QTest.keyClick(tab_to(page, "View all"), Qt.Key.Key_Space)
    wait(page, qtbot)
    assert page.stack.currentWidget() is page.all
    assert page.all.model.read >= 24
    QTest.keyClicks(tab_to(page, "Filter by name or text"), "visit 23")
    qtbot.waitUntil(lambda: page.all.model.rowCount() == 1)
    QTest.keyClick(tab_to(page, "Back to the record"), Qt.Key.Key_Space)
    assert page.stack.currentWidget() is page.record


def parts(interface: QAccessible) -> Iterator[tuple[str, QAccessible.Role, object]]:
    """Walk the tree that assistive technology sees; what is not shown is left out."""
    for number in range(interface.childCount()):
        child = interface.child(number)
        if child is None or child.state().invisible:
            continue
        yield child.text(QAccessible.Text.Name), child.role(), child
        yield from parts(child)


def test_a_record_is_read_and_synced_through_the_accessibility_tree(page, world, thread, qtbot):
    link = world.link
    control = world.engine.control
    thread.submit(
        lambda _a: control.call("PATCH", f"/salesforce/Contact/{link.sf_id}", {"FirstName": "Spoken"})
    ).result(10)
    find(page, world, qtbot)
    tree = list(parts(QAccessible.queryAccessibleInterface(page)))
    role = QAccessible.Role
    found = {(name, kind) for name, kind, _ in tree}
    expected = {(name, role.PushButton) for name in ("Sync this record", "Stop syncing", "Send a campaign",
                "Add to an automation", "View all", "Open in Salesforce")}  # fmt: skip
    assert expected - found == set()
    assert any("visit 23" in name for name, _, _ in tree)
    assert any(link.email in name for name, _, _ in tree)
    sync = next(part for name, kind, part in tree if (name, kind) == ("Sync this record", role.PushButton))
    sync.actionInterface().doAction("Press")
    contact = world.engine.world.activecampaign.contacts[int(link.ac_id)]
    qtbot.waitUntil(lambda: contact.first == "Spoken", timeout=10_000)
    wait(page, qtbot)


def test_without_a_connection_the_record_is_there_with_its_age(page, world, thread, qtbot):
    find(page, world, qtbot)
    name = page.record.header.name.text()
    world.engine.world.faults.add({"times": -1, "action": {"kind": "drop"}})
    page.open(page.record.record.ref)
    wait(page, qtbot)
    assert page.record.header.name.text() == name
    assert "it could not be read again" in words(page.record.old)
    assert len(page.record.activities.list.rows) == 20
    assert page.record.activities.stale.isVisible()
    page._show(page.recent)
    page._read_recent()
    wait(page, qtbot)
    assert page.recent.model.rowCount() == 1
