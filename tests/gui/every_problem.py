"""The real window on the real assistant and the sandbox, used by somebody without a mouse; everybody else by name."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QListView, QTableView, QWidget

from acassist.assistant.engine_thread import EngineThread
from acassist.domain.ledger import Issue
from acassist.domain.problem import ProblemCode, ProblemError
from acassist.gui import strings
from acassist.gui.accessibility import crawl
from acassist.gui.bridge import Bridge
from acassist.gui.issues.page import IssuesPage
from acassist.gui.main_window import MainWindow, WindowStart
from acassist.gui.pages import PLACES
from acassist.gui.sync.page import SyncPage
from acassist.gui.theme import Mode, Theme, theme
from tests.gui.conftest import NOW
from tests.gui.keyboard import press, seen
from tests.simulation.scene import Scene

_SOON_MS = 200
_JARGON = re.compile(
    r"[{}]|__c\b|\bHTTP\b|\bJSON\b|\bSOQL\b|\bNone\b|\bnull\b|errorCode|Exception|Traceback|--\w|\b[A-Z]{3,}_[A-Z_]+\b"
)
_CODES = re.compile("|".join(rf"\b{code.value}\b" for code in ProblemCode if "_" in code.value))
Work = Callable[[Scene], Awaitable[Any]]


def understandable(text: str) -> str:
    """Return a text that a person reads, after looking for codes, jargon and placeholders that nobody filled."""
    assert text.strip(), "nothing is said"
    for pattern in (_JARGON, _CODES):
        found = pattern.search(text)
        assert found is None, f"{found[0]!r} in {text!r}"
    return text


class Wire:
    """Stands before every request; `trouble` is raised, or waited for, instead of sending it."""

    def __init__(self, transport: Any) -> None:
        self._send = transport.handle_async_request
        transport.handle_async_request = self._handle
        self.trouble: Callable[[httpx.Request], Coroutine[Any, Any, None]] | None = None

    async def _handle(self, request: httpx.Request) -> httpx.Response:
        if self.trouble is not None:
            await self.trouble(request)
        answer: httpx.Response = await self._send(request)
        return answer


class Stage:
    """One window, one engine, one sandbox; kept for a whole module."""

    def __init__(self, folder: Path, qapp: QApplication, **options: Any) -> None:
        self._options, self._folder = options, folder
        self.opened: list[Scene] = []
        self.thread: EngineThread = EngineThread(self._build, self._close)
        self.thread.start().result(60)
        _dressed(qapp, folder)
        self.bridge = Bridge(self.thread)
        status = self.thread.submit(lambda a: a.status()).result(30)
        self.window = MainWindow(self.bridge, WindowStart(status))
        self.window.resize(1180, 900)
        self.window.show()
        self.window.windowHandle().requestActivate()
        self.wire = Wire(self.scene.engine.options.transport)
        self.settle()

    async def _build(self) -> Any:
        self.opened.append(await Scene.open(self._folder / "profile", **self._options))
        scene = self.opened[0]
        await scene.sync(yes=True)
        return scene.engine.assistant

    async def _close(self, _assistant: Any) -> None:
        await self.opened[0].close()

    def close(self) -> None:
        self.bridge.close()
        self.window.close()
        self.window.deleteLater()
        self.thread.stop()

    # -- everybody else
    @property
    def scene(self) -> Scene:
        return self.opened[0]

    def do(self, work: Work) -> Any:
        """Do something outside the window: on either side, as another user."""

        async def run(_assistant: Any) -> Any:
            return await work(self.scene)

        return self.thread.submit(run).result(60)

    def fault(self, **rule: Any) -> None:
        self.scene.world.faults.add(rule)

    def refuse_row(
        self, code: str, message: str, *, sf_id: str = "", fields: tuple[str, ...] = (), times: int = 1
    ) -> None:
        """Let Salesforce refuse the next update of one record."""
        error = {"statusCode": code, "message": message, "fields": list(fields)}
        body = [{"success": False, "errors": [error]}]
        self.fault(
            service="salesforce", method="PATCH", path="composite/sobjects", body_contains=sf_id or None, times=times,
            action={"kind": "status", "status": 200, "body": body},
        )  # fmt: skip

    def calm(self) -> None:
        """End all trouble."""
        self.scene.world.faults.clear()
        self.wire.trouble = None

    # -- the person
    def settle(self) -> None:
        """Wait until the window has nothing more to ask or to draw."""
        for _ in range(3000):
            QApplication.processEvents()
            if not self.bridge.busy and not self.thread.assistant.jobs.running and not self._timers():
                QApplication.processEvents()
                if not self.bridge.busy:
                    return
            QTest.qWait(2)
        raise AssertionError("the window does not come to rest")

    def _timers(self) -> bool:
        timers = [t for t in self.window.findChildren(QTimer) if t.isActive() and t.isSingleShot()]
        return any(t.interval() < _SOON_MS and t.parent().isVisible() for t in timers)

    def press(self, widget: QWidget) -> None:
        """Reach a control by Tab and press it."""
        assert widget.isEnabled(), widget.toolTip()
        press(widget)
        self.settle()

    def type(self, widget: QWidget, text: str) -> None:
        """Reach an input by Tab and replace what it holds."""
        target = widget.focusProxy() or widget
        for _ in range(400):
            if self.window.focusWidget() is target:
                break
            QTest.keyClick(self.window.focusWidget() or self.window, Qt.Key.Key_Tab)
        assert self.window.focusWidget() is target
        if isinstance(target, QLineEdit):
            target.selectAll()
        else:
            QTest.keyClick(target, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
        QTest.keyClicks(target, text)

    def walk(self, view: QListView | QTableView, row: int) -> None:
        """Move to a row with the arrow keys."""
        view.setFocus()
        for _ in range(view.model().rowCount() + 1):
            now = view.currentIndex().row()
            if now == row:
                self.settle()
                return
            QTest.keyClick(view, Qt.Key.Key_Down if now < row else Qt.Key.Key_Up)
        raise AssertionError(f"row {row} is not reached")

    def place(self, key: str) -> Any:
        """Go to a place of the navigation by its shortcut."""
        number = [place.key for place in PLACES].index(key) + 1
        self.window.activateWindow()
        self.settle()
        QTest.keyClick(self.window, Qt.Key(Qt.Key.Key_0 + number), Qt.KeyboardModifier.ControlModifier)
        self.settle()
        assert self.window.current == key, f"{self.window.current} is shown instead of {key}"
        return self.window.page(key)

    def sync(self, wait: float = 61) -> None:
        """Press Sync now after a while."""
        self.scene.world.clock.advance(wait)  # type: ignore[attr-defined]
        self.scene.marks["run"] = self.scene.world.log.total
        self.settle()
        self.press(self.window.header.sync)

    def written(self) -> list[str]:
        """Name the writing requests of the last run; a renewed token changes nothing for anybody."""
        found: list[str] = self.scene.record_writes()
        return [request for request in found if not request.endswith("/oauth2/token")]

    # -- what is on show
    def issues(self) -> list[Issue]:
        found: list[Issue] = self.do(_issues)
        return found

    def open_issue(self, code: ProblemCode, name: str) -> IssuesPage:
        """Find a cause and a record in the inbox."""
        page: IssuesPage = self.place("issues")
        groups = page.model.groups
        place = next((n for n, group in enumerate(groups) if group.code is code), None)
        assert place is not None, f"{code} is not among {[g.code.value for g in groups]}"
        self.walk(page.list, place)
        rows = [n for n, issue in enumerate(page.group.model.shown) if issue.name == name]
        assert rows, f"{name!r} is not among {[i.name for i in page.group.model.shown]}"
        self.walk(page.group.table, rows[0])
        return page

    def told(self, page: IssuesPage) -> str:
        """Read what the inbox says of the chosen record."""
        view = page.group
        index = view.table.currentIndex()
        cells = [str(index.sibling(index.row(), column).data() or "") for column in range(3)]
        parts = [view.title.text(), view.sentence.text(), view.remedy.text(), *cells]
        if view.panel is not None:
            parts.append(seen(view.panel))
        assert crawl(self.window) == []
        return understandable("\n".join(part for part in parts if part))

    def banner(self) -> str:
        """Read the banner that the window shows above the page, or that the Sync page shows."""
        page = self.window.page(self.window.current)
        banners = [self.window.alerts] if not self.window.alerts.isHidden() else []
        if isinstance(page, SyncPage) and page.told is not None:
            banners.append(page.banner)
        assert crawl(self.window) == []
        return "\n".join(seen(banner) for banner in banners)


async def _issues(scene: Scene) -> list[Issue]:
    return scene.issues()


def _dressed(qapp: QApplication, folder: Path) -> None:
    try:
        theme()
    except RuntimeError:
        Theme(qapp, Mode.LIGHT, marks=folder)
    strings.install(strings.English(), now=lambda: NOW)


@contextmanager
def staged(folder: Path, qapp: QApplication, **options: Any) -> Iterator[Stage]:
    """Open a stage and close it."""
    stage = Stage(folder, qapp, **options)
    try:
        yield stage
    finally:
        stage.close()


def raises(work: Callable[[], Any]) -> ProblemCode:
    """Return the code of the problem that something raises."""
    try:
        work()
    except ProblemError as error:
        return error.problem.code
    raise AssertionError("nothing was raised")
