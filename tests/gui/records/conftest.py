"""The Records page on the fake assistant."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt

from acassist.gui.records.page import RecordsPage
from tests.gui import fake_data as data
from tests.gui.records.kit import read_to_the_end


@pytest.fixture
def page(bridge, fake, qtbot, settle) -> RecordsPage:
    fake.finish_setup()
    fake.current = replace(fake.current, cx=replace(fake.current.cx, enabled=True))
    made = RecordsPage(bridge)
    qtbot.addWidget(made)
    made.resize(972, 900)
    made.show()
    return made


@pytest.fixture
def opened(page, settle) -> RecordsPage:
    page.open(data.REF)
    settle()
    settle()
    return page


@pytest.fixture
def everything(opened, settle, qtbot):
    qtbot.mouseClick(opened.record.activities.all, Qt.MouseButton.LeftButton)
    read_to_the_end(opened, settle)
    return opened.all


@pytest.fixture
def dialog(opened, settle, qtbot):
    qtbot.mouseClick(opened.record.automation.send, Qt.MouseButton.LeftButton)
    settle()
    yield opened.record.automation.dialog
    if opened.record.automation.dialog is not None:
        opened.record.automation.dialog.reject()
