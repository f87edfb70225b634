"""Going back to a copy on the real engine: the profile is closed, replaced and opened anew under the same window."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from acassist.assistant.engine_thread import EngineThread
from acassist.domain.profile import Limits
from acassist.gui.bridge import Bridge
from acassist.gui.settings.page import SettingsPage
from tests.engine import Engine, open_engine
from tests.gui.keyboard import press


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[tuple[EngineThread, Engine]]:
    engines: list[Engine] = []

    async def build() -> Any:
        if engines:
            await engines[0].reopen()
        else:
            engines.append(await open_engine(tmp_path / "profile"))
        return engines[0].assistant

    async def close(_assistant: Any) -> None:
        await engines[0].close()

    thread = EngineThread(build, close)
    thread.start().result(60)
    yield thread, engines[0]
    thread.stop()


@pytest.fixture
def thread(opened) -> EngineThread:
    return opened[0]


@pytest.fixture
def page(thread, qtbot) -> Iterator[SettingsPage]:
    bridge = Bridge(thread)
    made = SettingsPage(bridge)
    qtbot.addWidget(made)
    made.resize(1000, 900)
    made.show()
    yield made
    bridge.close()


def settle(page: SettingsPage, qtbot) -> None:
    qtbot.waitUntil(lambda: not page.bridge.busy, timeout=20_000)


def limits(thread: EngineThread) -> Limits:
    return thread.submit(lambda a: a.setup()).result(20).limits


def change(thread: EngineThread, count: int) -> None:
    thread.submit(lambda a: a.desk.set_limits(replace(Limits(), emptied_count=count))).result(20)


@pytest.fixture
def restore(page, thread, qtbot) -> Callable[[], None]:
    """Make a copy, change a setting, run, and go back through the window."""
    thread.submit(lambda a: a.sync_now(yes=True)).result(60)
    change(thread, 7)
    thread.submit(lambda a: a.desk.back_up()).result(20)
    change(thread, 8)
    thread.submit(lambda a: a.sync_now(yes=True)).result(60)
    page.show_copies()
    settle(page, qtbot)

    def go() -> None:
        press(page.copies.sure)
        with qtbot.waitSignal(page.bridge.reopened, timeout=20_000):
            press(page.copies.restore)

    return go


def test_what_is_forgotten_is_counted(page, restore):
    assert "1 run of the history, 1 change of settings or decision" in page.copies.lost.text()


def test_the_profile_is_as_it_was_and_its_runs_are_paused(thread, restore):
    restore()
    assert limits(thread).emptied_count == 7
    assert thread.submit(lambda a: a.setup()).result(20).paused


def test_the_audit_log_says_that_a_copy_was_restored(thread, restore):
    restore()
    assert thread.submit(lambda a: a.desk.audit(1)).result(20)[0].what == "restore"


def test_the_state_that_was_left_is_a_copy_to_come_back_to(page, thread, restore, qtbot):
    restore()
    page.show_copies()
    settle(page, qtbot)
    assert page.copies.model.total == 2
    page.copies.table.setCurrentIndex(page.copies.model.index(0, 0))
    settle(page, qtbot)
    press(page.copies.sure)
    with qtbot.waitSignal(page.bridge.reopened, timeout=20_000):
        press(page.copies.restore)
    assert limits(thread).emptied_count == 8


def test_the_next_run_writes_nothing_that_was_not_asked_for(thread, restore):
    restore()
    done = thread.submit(lambda a: a.sync_now(yes=True)).result(60).counters
    assert (done.created_ac, done.created_sf, done.updated_sf) == (0, 0, 0)


def test_events_of_the_new_assistant_reach_the_window(page, thread, restore, qtbot):
    restore()
    with qtbot.waitSignal(page.bridge.setupChanged, timeout=20_000):
        change(thread, 9)


def test_a_damaged_copy_leaves_everything_as_it_is(page, thread, qtbot, restore):
    copy = page.copies.table.current.path
    copy.write_bytes(b"no database " * 500)
    press(page.copies.sure)
    press(page.copies.restore)
    qtbot.waitUntil(lambda: page.copies.trouble.problem is not None, timeout=20_000)
    assert limits(thread).emptied_count == 8
