"""50,000 activities: reading, scrolling and filtering without a stall; figures are printed, counts are checked."""

from __future__ import annotations

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter

import pytest
from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QApplication

from acassist.assistant.engine_thread import EngineThread
from acassist.domain.activity import Activity, ActivityKind
from acassist.gui import strings
from acassist.gui.bridge import Bridge
from acassist.gui.records.all_activities import AllActivities
from acassist.gui.theme import Mode, Theme, theme
from tests.gui.fake_assistant import FakeAssistant

NOW = datetime(2026, 3, 2, 14, 30, tzinfo=UTC)
COUNT, PAGE, LIMIT_MS = 50_000, 100, 50
# Times are only held to on a machine that does nothing else; the figures are printed everywhere.
STRICT = os.environ.get("ACASSIST_BENCHMARK") == "strict"


@pytest.fixture
def view(qapp: QApplication, qtbot, tmp_path: Path):
    try:
        theme().set_mode(Mode.LIGHT)
    except RuntimeError:
        qapp.setProperty("benchmark.look", Theme(qapp, Mode.LIGHT, marks=tmp_path))
    strings.install(strings.English(), now=lambda: NOW)
    fake = FakeAssistant(now=NOW)

    async def build() -> FakeAssistant:
        return fake

    async def close(_assistant: FakeAssistant) -> None:
        return None

    engine = EngineThread(build, close)
    engine.start().result(5)
    bridge = Bridge(engine)
    made = AllActivities(bridge)
    qtbot.addWidget(made)
    made.resize(972, 700)
    made.show()
    yield made
    bridge.close()
    engine.stop()


def page(start: int) -> list[Activity]:
    kinds = list(ActivityKind)
    return [
        Activity(kinds[n % len(kinds)], NOW - timedelta(minutes=n), f"Campaign {n % 40}", f"detail {n}",
                 f"https://shop.example/{n}", campaign=f"Campaign {n % 40}")
        for n in range(start, start + PAGE)
    ]  # fmt: skip


def timed(work, turns: int = 1) -> float:
    """Return the longest time in ms that the window could not answer while something was done."""
    longest = 0.0
    for turn in range(turns + 1):
        begun = perf_counter()
        if turn == 0:
            work()
        QCoreApplication.processEvents()
        longest = max(longest, perf_counter() - begun)
    return longest * 1000


def test_fifty_thousand_activities_scroll_without_a_stall(view) -> None:
    view.model.restart()
    view.filter.machine.setChecked(True)
    view.state.show_content()
    reading = [timed(lambda start=start: view.model.add_page(page(start))) for start in range(0, COUNT, PAGE)]
    view.model.end()
    bar = view.view.verticalScrollBar()
    QCoreApplication.processEvents()
    steps = [timed(lambda place=place: bar.setValue(bar.maximum() * place // 200)) for place in range(201)]
    ends = [timed(bar_end) for bar_end in (view.view.scrollToTop, view.view.scrollToBottom) * 3]

    def search(words: str) -> float:
        view.filter.search.setText(words)
        view.filter.search.forget()
        return timed(view.filter.changed.emit, 40)

    filtering = [search(words) for words in ("detail 4", "campaign 7 opened", "nothing like it", "")]
    figures = {"reading a page": max(reading), "a scroll step": max(steps), "to an end": max(ends),
               "a wait while filtering": max(filtering)}  # fmt: skip
    for what, longest in figures.items():
        print(f"\n{what}: {longest:.0f} ms of {LIMIT_MS} ms: {'kept' if longest <= LIMIT_MS else 'MISSED'}", end="")
    assert view.model.read == COUNT
    assert view.model.rowCount() == COUNT
    assert bar.maximum() > 0
    if STRICT:
        assert {what: longest for what, longest in figures.items() if longest > LIMIT_MS} == {}
