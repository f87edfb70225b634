"""The Sync page on the real engine and the sandbox, and short words for what happens outside the window."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt

from acassist.assistant.engine_thread import EngineThread
from acassist.domain.ids import SObject
from acassist.domain.ledger import HistoryItem, Issue, Link, PlannedChange, RunSummary
from acassist.domain.mapping import ConflictRule, default_mapping
from acassist.domain.profile import OutboundSettings
from acassist.domain.selection import Criteria, Criterion, Operator, Selection, SelectionKind
from acassist.gui.bridge import Bridge
from acassist.gui.sync.page import SyncPage
from tests.engine import Engine, open_engine

EVERYBODY = Selection(SelectionKind.CRITERIA, Criteria((Criterion("LastName", Operator.IS_NOT_BLANK),)))


class SyncWorld:
    """A synced profile, its page, and both services."""

    def __init__(self, thread: EngineThread, engine: Engine, page: SyncPage, qtbot) -> None:
        self.thread, self.engine, self.page, self.qtbot = thread, engine, page, qtbot

    def do(self, work: Callable[[Engine], Awaitable[Any]]) -> Any:
        async def run(_assistant: Any) -> Any:
            return await work(self.engine)

        return self.thread.submit(run).result(60)

    def call(self, method: str, path: str, body: Any = None) -> Any:
        return self.do(lambda e: e.control.call(method, path, body))

    def settle(self) -> None:
        self.qtbot.waitUntil(lambda: not self.page.bridge.busy, timeout=60_000)

    def restart(self) -> None:
        """Close the profile and open it anew, as the program's end and next start do."""

        async def prepare(_assistant: Any) -> Callable[[], None]:
            return lambda: None

        with self.qtbot.waitSignal(self.page.bridge.reopened, timeout=60_000):
            self.page.bridge.reopen(prepare, lambda _problem: None, owner=self.page)

    # -- outside the window
    def sync(self) -> RunSummary:
        return self.do(lambda e: e.assistant.sync_now(yes=True))

    def links(self, sobject: SObject) -> list[Link]:
        async def read(engine: Engine) -> list[Link]:
            return [link for link in engine.stores.ledger.iter_links(sobject=sobject) if link.primary]

        return self.do(read)

    def issues(self) -> list[Issue]:
        return self.do(lambda e: e.assistant.issues())

    def record(self, link: Link) -> dict[str, Any]:
        rows = self.call("GET", f"/state/salesforce/{link.sobject}")
        return next(row for row in rows if row["Id"] == link.sf_id)

    def contact(self, link: Link) -> dict[str, Any]:
        return next(row for row in self.call("GET", "/state/activecampaign/contacts") if row["id"] == link.ac_id)

    def edit_record(self, link: Link, **fields: Any) -> None:
        self.call("PATCH", f"/salesforce/{link.sobject}/{link.sf_id}", fields)

    def edit_contact(self, link: Link, **fields: Any) -> None:
        self.call("PATCH", f"/activecampaign/contacts/{link.ac_id}", fields)

    def trigger(self, email: str, tag: str) -> None:
        """Make a contact in ActiveCampaign that asks for a record."""
        made = self.call("POST", "/activecampaign/contacts", {"email": email, "firstName": "Tag", "lastName": "Ged"})

        async def tagged(engine: Engine) -> None:
            client = await engine.assistant.session.activecampaign()
            await client.add_tag(str(made["id"]), (await client.tags())[tag])

        self.do(tagged)

    # -- in the window
    def preview(self) -> list[PlannedChange]:
        """Press Preview changes and return every line that the page lists."""
        self.qtbot.mouseClick(self.page.preview_button, Qt.MouseButton.LeftButton)
        self.settle()
        return list(self.page.preview.changes.model.shown)

    def go_on(self) -> list[HistoryItem]:
        """Press Sync these changes, open the run, and return every line that the page lists."""
        self.qtbot.mouseClick(self.page.preview.go, Qt.MouseButton.LeftButton)
        self.settle()
        self.qtbot.waitUntil(lambda: not self.page.progress.isVisible(), timeout=60_000)
        self.page.runs.reload()
        self.settle()
        self.page.open(self.page.runs.model.shown[0])
        self.settle()
        while self.page.run.more.isVisible():
            self.qtbot.mouseClick(self.page.run.more, Qt.MouseButton.LeftButton)
            self.settle()
        return list(self.page.run.changes.model.shown)


@contextmanager
def sync_world(folder: Path, qtbot, outbound: OutboundSettings | None = None) -> Iterator[SyncWorld]:
    """Open a profile that was synced once, where conflicts of contacts are asked about; everybody is selected."""
    opened: list[Engine] = []
    plain = default_mapping()
    asking = replace(plain, contact=tuple(replace(row, conflict=ConflictRule.ASK) for row in plain.contact))

    async def build() -> Any:
        if opened:
            await opened[0].reopen()
            return opened[0].assistant
        chosen = outbound or OutboundSettings(lead=EVERYBODY, contact=EVERYBODY)
        opened.append(await open_engine(folder / "profile", mapping=asking, outbound=chosen))
        await opened[0].assistant.sync_now(yes=True)
        return opened[0].assistant

    async def close(_assistant: Any) -> None:
        await opened[0].close()

    thread = EngineThread(build, close)
    thread.start().result(120)
    bridge = Bridge(thread)
    page = SyncPage(bridge)
    qtbot.addWidget(page)
    page.resize(1100, 800)
    page.show()
    page.activate()
    world = SyncWorld(thread, opened[0], page, qtbot)
    world.settle()
    try:
        yield world
    finally:
        bridge.close()
        thread.stop()
