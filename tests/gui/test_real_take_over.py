"""Two computers on one pair, through the window on the real assistant: said, taken over on confirmation, synced."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from acassist.assistant.container import OpenProfile, Options, close_profile, open_profile
from acassist.assistant.demo import demo_browser, guided_setup, start_sandbox
from acassist.assistant.engine_thread import EngineThread
from acassist.domain.problem import ProblemCode
from acassist.gui.main_window import MainWindow
from acassist.sandbox.server import Running
from acassist.sandbox.settings import Settings
from tests.gui.real_window import main_window
from tests.gui.test_real_assistant import Person
from tests.gui.test_real_preparing import answer


@pytest.fixture
def running() -> Iterator[Running]:
    with start_sandbox(Settings(leads=4, contacts=4)) as made:
        yield made


@pytest.fixture
def real(running: Running, tmp_path: Path) -> Iterator[EngineThread]:
    opened: list[OpenProfile] = []

    async def build():
        options = Options(tmp_path / "p", in_memory_secrets=True, browser=demo_browser(running.info), pace=50)
        opened.append(await open_profile(options))
        await guided_setup(opened[0].assistant, running.info, lambda _message: None)
        return opened[0].assistant

    async def close(_assistant) -> None:
        await close_profile(opened[0])

    engine = EngineThread(build, close)
    engine.start().result(60)
    yield engine
    engine.stop()


@pytest.fixture
def window(real, qtbot) -> Iterator[MainWindow]:
    real.submit(lambda a: a.start()).result(60)
    with main_window(real, qtbot) as shown:
        yield shown


def let_another_computer_run(running: Running, real: EngineThread, silent: timedelta) -> None:
    """Sign the entry as another installation that was heard of last so long ago."""
    account = running.world.activecampaign
    (entry,) = account.tables["connections"]
    seen = (account.clock.now() - silent).isoformat(timespec="seconds").replace("+", "%2B")
    entry |= {"name": "Setup Assistant on DESK-2", "linkUrl": f"https://x.example#installation=other&seen={seen}"}

    async def forget(assistant) -> None:
        assistant.jobs.pairing.heart().forget()

    real.submit(forget).result(10)


def runs(real: EngineThread) -> int:
    return len(real.submit(lambda a: a.runs()).result(10))


@pytest.mark.slow
def test_a_silent_computer_is_taken_over_from_the_alert_and_the_sync_goes_on(window, running, real, qtbot):
    person = Person(window, qtbot)
    let_another_computer_run(running, real, timedelta(minutes=30))
    before = runs(real)
    sync(window, person)
    assert window.alerts.problem.code is ProblemCode.OTHER_INSTALLATION
    window.alerts._open()
    person.wait()
    page = window.page("activecampaign")
    assert "DESK-2" in page.holder.entry.text()
    assert page.holder.take_over.isHidden()
    let_another_computer_run(running, real, timedelta(hours=3))
    page.activate()
    person.wait()
    person.press("Take over…")
    assert answer("yes")
    person.wait()
    assert "This computer runs the sync." in page.holder.sentence.text()
    assert runs(real) == before
    sync(window, person)
    qtbot.waitUntil(lambda: runs(real) == before + 1, timeout=30_000)
    (entry,) = running.world.activecampaign.tables["connections"]
    assert "DESK-2" not in entry["name"]


def sync(window: MainWindow, person: Person) -> None:
    person._qtbot.waitUntil(lambda: window.header.sync.isEnabled(), timeout=20_000)
    person._qtbot.mouseClick(window.header.sync, Qt.MouseButton.LeftButton)
    person.wait()
