"""After a copy was restored the window is made anew on the profile that is there now, in its look and language."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from acassist.gui import strings
from acassist.gui.application import Application, GuiOptions
from acassist.gui.theme import Mode


@pytest.fixture
def application(qapp, engine, fake, tmp_path, look, qtbot) -> Iterator[Application]:
    fake.finish_setup()
    made = Application(qapp, engine, GuiOptions(tmp_path, lambda _code: strings.English(), hidden=True))
    made.begin()
    qtbot.waitUntil(lambda: made.window is not None and not made.bridge.busy)
    yield made
    made.bridge.close()
    if made.window is not None:
        made.window.close()
        made.window.deleteLater()
    made.deleteLater()


@pytest.fixture
def restore(application, qtbot) -> Callable[[Callable[[], None]], None]:
    """Open the profile anew, with something done to it in between."""

    def go(between: Callable[[], None]) -> None:
        async def prepare(_assistant) -> Callable[[], None]:
            return between

        window = application.window
        application.bridge.reopen(prepare, lambda _problem: None, owner=application)
        qtbot.waitUntil(lambda: application.window is not window and not application.bridge.busy)

    return go


def test_the_window_is_another_one_on_the_same_page(application, restore):
    application.window.show_place("settings")
    restore(lambda: None)
    assert application.window.current == "settings"


def test_it_has_the_look_of_the_profile_that_is_there_now(application, restore, fake):
    restore(lambda: fake.preferences.update(theme="dark"))
    assert application.theme.mode is Mode.DARK


def test_it_shows_the_state_that_is_there_now(application, restore, fake):
    def pause() -> None:
        fake.current = fake.current.__class__()

    restore(pause)
    assert "Setup: 0 of 4 steps done" in application.window.header.sentence.text()
