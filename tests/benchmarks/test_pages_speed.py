"""How fast Sync and Issues open on 100,000 history rows and 10,000 issues; figures are printed, counts are checked."""

from __future__ import annotations

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter

import pytest
from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtWidgets import QApplication, QTableView

from acassist.assistant.container import OpenProfile, Options, close_profile, open_profile
from acassist.assistant.engine_thread import EngineThread
from acassist.domain.ids import Service, SObject
from acassist.domain.ledger import Counters, HistoryAction, HistoryItem, Issue, RunDirection, RunState
from acassist.domain.problem import ProblemCode
from acassist.gui import strings
from acassist.gui.bridge import Bridge
from acassist.gui.issues.page import IssuesPage
from acassist.gui.sync.page import SyncPage
from acassist.gui.theme import Mode, Theme, theme

ITEMS, ISSUES, RUNS = 100_000, 10_000, 500
NOW = datetime(2026, 3, 2, 14, 30, tzinfo=UTC)
CODES = (ProblemCode.NO_EMAIL, ProblemCode.VALUE_NOT_NUMBER, ProblemCode.CONFLICT, ProblemCode.SF_LOCKED)


def item(run_id: int, number: int) -> HistoryItem:
    return HistoryItem(
        run_id, NOW + timedelta(seconds=number), Service.SALESFORCE, HistoryAction.UPDATE, f"Contact:{number}",
        f"Person {number}", sobject=SObject.CONTACT, sf_id=f"003{number:015}", ac_id=str(number), field="Phone",
        before="+34 600", after="+34 700", rule="salesforce_newer",
    )  # fmt: skip


def issue(number: int) -> Issue:
    return Issue(
        CODES[number % 4], f"Contact:{number}", "Phone", values={"field": "Phone", "salesforce": "1"},
        name=f"Person {number}", sobject=SObject.CONTACT, sf_id=f"003{number:015}", ac_id=str(number),
    )  # fmt: skip


async def fill(assistant) -> None:
    stores = assistant.session.stores
    with stores.db.transaction():
        for number in range(RUNS):
            run = stores.history.start_run(RunDirection.BOTH, "schedule")
            stores.history.finish_run(run, RunState.DONE, Counters(updated_sf=number))
        stores.history.add(item(run, number) for number in range(ITEMS))
        for number in range(ISSUES):
            stores.issues.raise_issue(issue(number))


@pytest.fixture
def bridge(qapp: QApplication, tmp_path: Path) -> Iterator[Bridge]:
    try:
        theme().set_mode(Mode.LIGHT)
    except RuntimeError:
        Theme(qapp, Mode.LIGHT, marks=tmp_path)
    strings.install(strings.English(), now=lambda: NOW)
    opened: list[OpenProfile] = []

    async def build():
        opened.append(await open_profile(Options(tmp_path / "p", in_memory_secrets=True)))
        await fill(opened[0].assistant)
        return opened[0].assistant

    async def close(_assistant) -> None:
        await close_profile(opened[0])

    engine = EngineThread(build, close)
    engine.start().result(120)
    made = Bridge(engine)
    yield made
    made.close()
    engine.stop()


class Heart(QObject):
    """Beats every 2 ms; the longest pause is the longest stall of the window."""

    def __init__(self) -> None:
        super().__init__()
        self.longest, self._last = 0.0, perf_counter()
        self._timer = QTimer(self, interval=2)
        self._timer.timeout.connect(self._beat)
        self._timer.start()

    def _beat(self) -> None:
        now = perf_counter()
        self.longest, self._last = max(self.longest, now - self._last), now

    def restart(self) -> None:
        self.longest, self._last = 0.0, perf_counter()


def scroll(table: QTableView, heart: Heart) -> float:
    """Go through the table page by page and return the longest stall."""
    bar = table.verticalScrollBar()
    heart.restart()
    for step in range(60):
        bar.setValue(bar.maximum() * step // 60)
        QApplication.processEvents()
    return heart.longest


def told(what: str, opened: float, stall: float, scrolled: float) -> None:
    print(f"\n{what}: open {opened * 1000:.0f} ms, longest stall {stall * 1000:.0f} ms,"
          f" while scrolling {scrolled * 1000:.0f} ms")  # fmt: skip


def test_ten_thousand_issues(bridge, qtbot):
    page = IssuesPage(bridge)
    qtbot.addWidget(page)
    page.resize(1180, 760)
    page.show()
    QApplication.processEvents()
    heart, begun = Heart(), perf_counter()
    page.activate()
    qtbot.waitUntil(lambda: page.state.currentWidget() is page.state.content, timeout=20_000)
    QApplication.processEvents()
    opened, stall = perf_counter() - begun, heart.longest
    told("10,000 issues", opened, stall, scroll(page.group.table, heart))
    assert sum(len(group.issues) for group in page.model.groups) == ISSUES


def test_a_run_of_a_hundred_thousand_changes(bridge, qtbot):
    page = SyncPage(bridge)
    qtbot.addWidget(page)
    page.resize(1180, 760)
    page.show()
    QApplication.processEvents()
    heart, begun = Heart(), perf_counter()
    page.activate()
    qtbot.waitUntil(lambda: page.runs.model.total > 0, timeout=20_000)
    told("history of runs", perf_counter() - begun, heart.longest, 0)
    heart.restart()
    begun = perf_counter()
    page.open(page.runs.model.shown[0])
    qtbot.waitUntil(lambda: page.run.changes.model.total > 0, timeout=20_000)
    QApplication.processEvents()
    opened, stall = perf_counter() - begun, heart.longest
    told("a run of 100,000 changes", opened, stall, scroll(page.run.changes.table, heart))
    assert page.run.changes.model.total == 500
    assert page.run.more.isVisible()
    qtbot.mouseClick(page.run.more, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: page.run.changes.model.total == 1000, timeout=20_000)
