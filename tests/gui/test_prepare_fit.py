"""The pages on the org at the smallest size: nothing is cut, in both languages and with large type."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from acassist.gui import strings
from acassist.gui.main_window import MINIMUM, MainWindow, WindowStart
from acassist.system.translate import Translator
from tests.gui.test_accessibility import cut_texts

_CATALOGUES = Path(__file__).parents[2] / "resources" / "i18n"


@pytest.fixture
def window(qtbot, bridge, engine, settle, fake):
    fake.finish_setup()

    def build() -> MainWindow:
        made = MainWindow(bridge, WindowStart(engine.submit(lambda a: a.status()).result(5)))
        qtbot.addWidget(made)
        made.resize(*MINIMUM)
        made.show()
        settle()
        return made

    return build


def every_state(window, settle):
    """Yield (name) with each page on the org on screen, in its fullest state."""
    window.show_place("permissions")
    settle()
    yield "permissions"
    window.show_place("layouts")
    settle()
    page = window.page("layouts")
    for place in range(page.model.rowCount()):
        page.list.setCurrentIndex(page.model.index(place, 0))
        settle()
        yield f"layout {place}"
    window.show_place("leave")
    settle()
    yield "leave"
    page = window.page("leave")
    page.remove.setChecked(True)
    page.button.click()
    settle()
    for place in (0, 200, 400, 9999):
        page.area.verticalScrollBar().setValue(place)
        yield f"leave with removal, scrolled by {place}"


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("points", [10.5, 13.0])
def test_no_text_is_cut(window, settle, look, fake, language, points):
    strings.install(Translator.load(language, _CATALOGUES), now=lambda: fake.now)
    look.set_base_size(points)
    shown = window()
    cut = {}
    try:
        for name in every_state(shown, settle):
            QApplication.processEvents()
            if found := cut_texts(shown):
                cut[name] = found
    finally:
        look.set_base_size(10.5)
    assert cut == {}


def test_the_place_that_a_page_belongs_to_stays_marked(window):
    shown = window()
    for key, parent in (("permissions", "setup"), ("layouts", "setup"), ("leave", "settings")):
        shown.show_place(key)
        assert shown.navigation.button(parent).isChecked()
        shown.page(key).back.click()
        assert shown.current == parent
