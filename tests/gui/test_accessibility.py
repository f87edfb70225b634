"""Every page for everybody: names, keyboard alone, both looks, both languages, large type."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF, QRect, Qt
from PySide6.QtGui import QAccessible, QFontMetrics, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget, QWizard

from acassist.assistant.setup.flow import Page
from acassist.domain.profile import Step
from acassist.domain.selection import SelectionKind
from acassist.gui import strings
from acassist.gui.accessibility import crawl
from acassist.gui.main_window import MINIMUM, MainWindow, WindowStart
from acassist.gui.pages import PLACES
from acassist.gui.theme import Mode
from acassist.gui.widgets import Elided
from acassist.system.translate import Translator

_CATALOGUES = Path(__file__).parents[2] / "resources" / "i18n"


@pytest.fixture
def window(qtbot, bridge, engine, settle):
    made: list[MainWindow] = []

    def build() -> MainWindow:
        status = engine.submit(lambda a: a.status()).result(5)
        made.append(MainWindow(bridge, WindowStart(status)))
        qtbot.addWidget(made[-1])
        made[-1].resize(*MINIMUM)
        made[-1].show()
        made[-1].windowHandle().requestActivate()
        settle()
        return made[-1]

    return build


def every_setup_page(window, fake, settle):
    """Yield (name) with each page of the place Setup on screen."""
    place = window.page("setup")
    yield "home"
    fake.finish_setup(started=False)
    fake.current = replace(fake.current, finished=())
    for step in Step:
        place.open_step(step)
        settle()
        wizard = place.wizard
        for number in range(len(wizard.flow.pages)):
            open_what_is_hidden(wizard)
            settle()
            yield wizard.flow.page.value
            if number < len(wizard.flow.pages) - 1:
                wizard.next()
                settle()
        fake.current = replace(fake.current, finished=(*fake.current.finished, step))
        wizard.ended.emit(False)
        settle()
    place.show_ready()
    settle()
    yield "ready"


def open_what_is_hidden(wizard):
    page = wizard.page_widget
    if wizard.flow.page is Page.AUTHORIZE:
        page.guide.show()
        page.help.unfold()
    if wizard.flow.page is Page.LEAD_CUSTOM:
        page.add_row()
        for combo in (page.rows[0].ac, page.rows[0].sf):
            combo.load()
            combo._picked(0)
    if wizard.flow.page is Page.ACCOUNT:
        page.switch.setChecked(True)
    if wizard.flow.page is Page.LEAD_SELECTION:
        page.choices[SelectionKind.CRITERIA].click()
        page.editor.rows[0].field._picked(0)
        page.editor.rows[0].value.text.setText("1")
        page._edited()
    if wizard.flow.page is Page.CX_AUTOMATION:
        page.switch.setChecked(True)


def test_every_widget_that_takes_the_focus_has_a_name(window, fake, settle):
    shown = window()
    nameless = {}
    for name in every_setup_page(shown, fake, settle):
        found = crawl(shown)
        if found:
            nameless[name] = found
    assert nameless == {}


def test_the_shell_and_every_place_has_names(window, fake, settle):
    fake.finish_setup()
    shown = window()
    nameless = {}
    for place in PLACES:
        shown.show_place(place.key)
        settle()
        if crawl(shown):
            nameless[place.key] = crawl(shown)
    assert nameless == {}


def spoken(widget: QWidget) -> tuple[str, QAccessible.Role]:
    interface = QAccessible.queryAccessibleInterface(widget)
    return interface.text(QAccessible.Text.Name), interface.role()


def test_wizard_buttons_and_fields_are_found_by_role_and_name(window, fake, settle):
    shown = window()
    place = shown.page("setup")
    place.open_step(Step.CONNECTIONS)
    settle()
    wizard = place.wizard
    which = QWizard.WizardButton
    buttons = (which.BackButton, which.NextButton, which.FinishButton, which.CancelButton)
    names = [spoken(wizard.button(button))[0] for button in buttons]
    assert names == ["Back", "Next", "Finish", "Cancel"]
    wizard.next()
    settle()
    page = wizard.page_widget
    assert spoken(page.account) == ("ActiveCampaign account name", QAccessible.Role.EditableText)
    assert spoken(page.key) == ("API key", QAccessible.Role.EditableText)
    assert spoken(page.authorize) == ("Authorize", QAccessible.Role.Button)


def cut_texts(window: QWidget) -> list[str]:
    """List labels and buttons whose words do not fit into what they got, and fields that overlap the edge."""
    cut = []
    for widget in window.findChildren(QWidget):
        if not widget.isVisible() or widget.visibleRegion().isEmpty() or isinstance(widget, Elided):
            continue
        if isinstance(widget, QLabel) and widget.text():
            wanted = widget.heightForWidth(widget.width()) if widget.wordWrap() else widget.sizeHint().height()
            too_wide = not widget.wordWrap() and widget.width() < widget.sizeHint().width() - 1
            if widget.height() < wanted - 1 or too_wide:
                cut.append(f"label {widget.text()!r} {widget.size().toTuple()} wants {wanted}")
        if isinstance(widget, QPushButton) and widget.text():
            words = widget.text().replace("&", "")
            if widget.width() < QFontMetrics(widget.font()).horizontalAdvance(words):
                cut.append(f"button {widget.text()!r}")
        right = widget.mapTo(window, QPoint(widget.width(), 0)).x()
        if right > window.width() + 1:
            cut.append(f"{type(widget).__name__} {widget.accessibleName()!r} sticks out to {right}")
    return cut


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("points", [10.5, 13.0])
def test_no_text_is_cut_at_the_smallest_size(window, fake, settle, look, language, points):
    strings.install(Translator.load(language, _CATALOGUES), now=lambda: fake.now)
    look.set_base_size(points)
    shown = window()
    cut = {}
    try:
        for name in every_setup_page(shown, fake, settle):
            QApplication.processEvents()
            if found := cut_texts(shown):
                cut[name] = found
    finally:
        look.set_base_size(10.5)
    assert cut == {}


def test_spanish_reaches_every_setup_page(window, fake, settle):
    strings.install(Translator.load("es", _CATALOGUES), now=lambda: fake.now)
    shown = window()
    assert shown.navigation.button("setup").text() == "Configuración"
    assert shown.header.sync.text() == "Sincronizar ahora"
    titles = []
    for _name in every_setup_page(shown, fake, settle):
        titles += [w.text() for w in shown.findChildren(QLabel) if w.property("kind") == "title" and w.isVisible()]
    assert "Conexiones del sistema" not in titles
    assert "Acceso a la API" in titles
    assert "Asignación personalizada de campos de cliente potencial" in titles
    assert "Programación de trabajos" in titles


def test_dark_and_light_are_drawn_from_their_own_grounds(window, fake, settle, look):
    shown = window()
    grounds = {}
    for mode in (Mode.LIGHT, Mode.DARK):
        look.set_mode(mode)
        QApplication.processEvents()
        picture = shown.grab().toImage()
        grounds[mode] = picture.pixelColor(picture.width() - 8, picture.height() - 8).name()
        assert grounds[mode] == look.color("bg").name()
    assert grounds[Mode.LIGHT] != grounds[Mode.DARK]


# -- keyboard alone
class Keyboard:
    """Presses keys on whatever has the focus."""

    def __init__(self, window: MainWindow, settle) -> None:
        self.window, self.settle = window, settle

    @property
    def focus(self) -> QWidget:
        return self.window.focusWidget()

    def key(self, key: Qt.Key, modifier=Qt.KeyboardModifier.NoModifier) -> None:
        QTest.keyClick(self._target, key, modifier)
        self.settle()

    @property
    def _target(self) -> QWidget:
        """An open list gets the keys first, as on a desktop."""
        return QApplication.activePopupWidget() or self.focus

    def type(self, text: str) -> None:
        for character in text:
            QTest.keyClicks(self._target, character)
        self.settle()

    def tab_to(self, name: str) -> None:
        """Press Tab until the widget with this spoken name has the focus."""
        for _ in range(120):
            if spoken(self.focus)[0] == name:
                return
            QTest.keyClick(self.focus, Qt.Key.Key_Tab)
        raise AssertionError(f"{name} is not reached by Tab; the focus is on {spoken(self.focus)}")

    def press(self, name: str) -> None:
        self.tab_to(name)
        self.key(Qt.Key.Key_Space)


def test_all_four_steps_are_done_with_the_keyboard_alone(window, fake, settle, qtbot):
    shown = window()
    keys = Keyboard(shown, settle)
    qtbot.waitUntil(lambda: isinstance(keys.focus, QPushButton) and keys.focus.text() == "Get started")
    keys.key(Qt.Key.Key_Space)
    keys.press("Next")
    keys.tab_to("ActiveCampaign account name")
    keys.type("acme")
    keys.tab_to("API key")
    keys.type("key")
    keys.key(Qt.Key.Key_Return)
    keys.press("Next")
    keys.tab_to("Consumer key")
    keys.type("3MVG9consumer")
    keys.press("Authorize")
    keys.press("Next")
    keys.press("Finish")
    assert fake.current.done(Step.CONNECTIONS)
    qtbot.waitUntil(lambda: keys.focus is not None and spoken(keys.focus)[0] == "Continue")
    keys.key(Qt.Key.Key_Space)
    for _ in range(4):
        keys.press("Next")
    keys.press("Finish")
    assert fake.current.done(Step.MAPPING)
    qtbot.waitUntil(lambda: spoken(keys.focus)[0] == "Continue")
    keys.key(Qt.Key.Key_Space)
    keys.tab_to("Not using leads")
    keys.key(Qt.Key.Key_Down)
    keys.press("Next")
    keys.press("Next")
    keys.press("Schedule")
    keys.press("Finish")
    assert fake.current.outbound.lead.kind is SelectionKind.NEW
    assert fake.current.outbound.schedule is not None
    qtbot.waitUntil(lambda: spoken(keys.focus)[0] == "Continue")
    keys.key(Qt.Key.Key_Space)
    keys.press("Offer CX Automation on records")
    keys.press("Finish")
    assert fake.current.cx.enabled
    keys.press("Start")
    assert fake.current.started


def test_a_mapping_is_added_with_the_keyboard_alone(window, fake, settle, qtbot):
    fake.finish_setup(started=False)
    fake.current = replace(fake.current, finished=(Step.CONNECTIONS,))
    shown = window()
    keys = Keyboard(shown, settle)
    shown.show_place("setup", Step.MAPPING)
    settle()
    keys.press("Next")
    keys.press("Add mapping")
    keys.tab_to("Select ActiveCampaign field, row 1")
    keys.type("Annual")
    keys.key(Qt.Key.Key_Tab)
    keys.tab_to("Salesforce field, row 1")
    keys.type("Annual Revenue")
    keys.key(Qt.Key.Key_Tab)
    row = shown.page("setup").wizard.page_widget.rows[0]
    assert (row.mapping.ac_key, row.mapping.sf_field) == ("field:1", "AnnualRevenue")


def test_the_focus_can_be_seen(window, settle):
    shown = window()
    place = shown.page("setup")
    place.open_step(Step.CONNECTIONS)
    settle()
    place.wizard.next()
    settle()
    page = place.wizard.page_widget
    page.account.setFocus()
    with_focus = edge_colours(page.account)
    page.key.setFocus()
    assert edge_colours(page.account) != with_focus


def edge_colours(widget: QWidget) -> set[str]:
    picture = widget.grab(QRect(0, widget.height() // 2, 4, 1)).toImage()
    return {picture.pixelColor(x, 0).name() for x in range(picture.width())}


def test_the_wheel_does_not_change_a_choice_while_scrolling(window, fake, settle):
    fake.finish_setup(started=False)
    fake.current = replace(fake.current, finished=(Step.CONNECTIONS,))
    shown = window()
    shown.show_place("setup", Step.MAPPING)
    settle()
    combo = shown.page("setup").wizard.page_widget.rows[0].direction
    before = combo.currentIndex()
    down = QWheelEvent(
        QPointF(10, 10), combo.mapToGlobal(QPointF(10, 10)), QPoint(0, -120), QPoint(0, -120),
        Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(combo, down)
    assert combo.currentIndex() == before
