"""What a screen reader may ask at any time, and what must not happen on another thread."""

from __future__ import annotations

import gc
import threading
import weakref

from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QComboBox, QLabel, QPushButton, QWidget

from acassist.gui.accessibility import name
from acassist.gui.garbage import GarbageCollector
from acassist.gui.widgets import Scroll


def spoken(widget: QWidget, what: QAccessible.Text) -> str:
    interface = QAccessible.queryAccessibleInterface(widget)
    return interface.text(what)


def test_a_scroll_area_has_the_same_parts_whether_or_not_there_is_something_to_scroll(qtbot) -> None:
    area = Scroll()
    qtbot.addWidget(area)
    area.resize(300, 200)
    area.show()
    parts = QAccessible.queryAccessibleInterface(area)
    before = parts.childCount()
    labels = [QLabel(f"line {number}") for number in range(40)]
    for label in labels:
        area.body.addWidget(label)
    qtbot.waitUntil(lambda: area.verticalScrollBar().maximum() > 0)
    assert parts.childCount() == before
    for label in labels:
        label.hide()
    qtbot.waitUntil(lambda: area.verticalScrollBar().maximum() == 0)
    assert parts.childCount() == before


def test_an_unused_scroll_bar_takes_no_room(qtbot) -> None:
    area = Scroll()
    qtbot.addWidget(area)
    area.resize(300, 200)
    area.show()
    assert area.viewport().width() == 300


def test_a_name_loses_its_mnemonic_mark_but_no_ampersand_between_words(qtbot) -> None:
    button = QPushButton()
    qtbot.addWidget(button)
    name(button, "&Next")
    assert spoken(button, QAccessible.Text.Name) == "Next"
    name(button, "Marsh & Co")
    assert spoken(button, QAccessible.Text.Name) == "Marsh & Co"


def test_a_choice_says_what_it_is_for(qtbot) -> None:
    choice = QComboBox()
    qtbot.addWidget(choice)
    choice.addItem("Once a day")
    name(choice, "Job &frequency")
    assert spoken(choice, QAccessible.Text.Description) == "Job frequency"


class Ring:
    """Garbage that only a collector can find."""

    def __init__(self) -> None:
        self.self = self


def test_garbage_is_collected_on_the_windows_thread(collected_here: GarbageCollector, qtbot) -> None:
    ended_on: list[int] = []
    ring = Ring()
    weakref.finalize(ring, lambda: ended_on.append(threading.get_ident()))
    del ring

    def work() -> None:
        for _ in range(5000):
            Ring()

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert not gc.isenabled()
    assert ended_on == []
    qtbot.waitUntil(lambda: ended_on == [threading.get_ident()], timeout=5000)
