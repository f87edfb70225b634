"""The inbox on the real engine and the sandbox: each decision is made in the window and carried out by the next run."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt

from acassist.assistant.engine_thread import EngineThread
from acassist.domain.ids import SObject
from acassist.domain.ledger import HistoryAction, Link
from acassist.domain.mapping import ConflictRule, default_mapping
from acassist.domain.problem import ProblemCode
from acassist.domain.profile import OutboundSettings
from acassist.domain.selection import Criteria, Criterion, Operator, Selection, SelectionKind
from acassist.gui.bridge import Bridge
from acassist.gui.issues.page import IssuesPage
from acassist.gui.sync.page import SyncPage
from tests.engine import Engine, open_engine
from tests.gui.keyboard import answer, press, seen

EVERYBODY = Selection(SelectionKind.CRITERIA, Criteria((Criterion("LastName", Operator.IS_NOT_BLANK),)))


class World:
    """The engine on its thread, and short words for what happens outside the window."""

    def __init__(self, thread: EngineThread, opened: list[Engine]) -> None:
        self.thread, self._opened = thread, opened

    @property
    def engine(self) -> Engine:
        return self._opened[0]

    def do(self, work: Callable[[Engine], Awaitable[Any]]) -> Any:
        async def run(_assistant: Any) -> Any:
            return await work(self.engine)

        return self.thread.submit(run).result(60)

    def call(self, method: str, path: str, body: Any = None) -> Any:
        return self.do(lambda e: e.control.call(method, path, body))

    def sync(self) -> None:
        self.do(lambda e: e.assistant.sync_now(yes=True))

    def codes(self) -> set[ProblemCode]:
        return {issue.code for issue in self.do(lambda e: e.assistant.issues())}

    def links(self) -> list[Link]:
        async def read(engine: Engine) -> list[Link]:
            return [x for x in engine.stores.ledger.iter_links(sobject=SObject.CONTACT) if x.primary]

        return self.do(read)

    def names(self, link: Link) -> tuple[str, str]:
        """Return the first name on both sides."""
        sf = self.call("GET", f"/state/salesforce/{link.sobject}")
        ac = self.call("GET", "/state/activecampaign/contacts")
        left = next(r["FirstName"] for r in sf if r["Id"] == link.sf_id)
        return left, next(r["firstName"] for r in ac if r["id"] == link.ac_id)

    def conflict(self, links: list[Link]) -> None:
        for number, link in enumerate(links):
            self.call("PATCH", f"/salesforce/Contact/{link.sf_id}", {"FirstName": f"Left{number}"})
            self.call("PATCH", f"/activecampaign/contacts/{link.ac_id}", {"firstName": f"Right{number}"})
        self.sync()


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    opened: list[Engine] = []
    plain = default_mapping()
    asking = replace(plain, contact=tuple(replace(row, conflict=ConflictRule.ASK) for row in plain.contact))

    async def build() -> Any:
        outbound = OutboundSettings(lead=EVERYBODY, contact=EVERYBODY)
        opened.append(await open_engine(tmp_path / "profile", outbound=outbound, mapping=asking))
        await opened[0].assistant.sync_now(yes=True)
        await opened[0].assistant.sync_now(yes=True)
        return opened[0].assistant

    async def close(_assistant: Any) -> None:
        await opened[0].close()

    thread = EngineThread(build, close)
    thread.start().result(60)
    yield World(thread, opened)
    thread.stop()


@pytest.fixture
def window(world: World, qtbot) -> Iterator[Callable[[type], Any]]:
    bridge = Bridge(world.thread)
    kept: list[Any] = []

    def show(kind: type) -> Any:
        page = kind(bridge)
        kept.append(page)
        qtbot.addWidget(page)
        page.resize(1180, 900)
        page.show()
        page.activate()
        wait(page, qtbot)
        return page

    yield show
    bridge.close()


def wait(page: Any, qtbot) -> None:
    qtbot.waitUntil(lambda: not page.bridge.busy, timeout=30_000)
    qtbot.wait(150)
    qtbot.waitUntil(lambda: not page.bridge.busy, timeout=30_000)


def pick(page: IssuesPage, code: ProblemCode) -> Any:
    place = next(n for n, group in enumerate(page.model.groups) if group.code is code)
    page.list.setCurrentIndex(page.model.index(place))
    return page.group.panel


def option(panel: Any, text: str) -> Any:
    return next(button for button in panel.buttons if button.text() == text)


def test_a_conflict_is_shown_with_its_base_and_decided_for_all_of_its_field(world, window, qtbot):
    links = world.links()[:2]
    world.conflict(links)
    page = window(IssuesPage)
    panel = pick(page, ProblemCode.CONFLICT)
    shown = {key: box.value.text() for key, box in panel.boxes.items()}
    assert (shown["salesforce"][:4], shown["activecampaign"][:5]) == ("Left", "Right")
    assert shown["base"] not in ("blank", "", shown["salesforce"])
    press(panel.all)
    press(panel.activecampaign)
    wait(page, qtbot)
    world.sync()
    assert [world.names(link) for link in links] == [("Right0", "Right0"), ("Right1", "Right1")]
    assert ProblemCode.CONFLICT not in world.codes()


def test_duplicates_are_compared_and_one_is_chosen(world, window, qtbot):
    for name in ("One", "Two"):
        world.call("POST", "/salesforce/Contact", {"LastName": name, "Email": "double@pair.example"})
    world.call("POST", "/activecampaign/contacts", {"email": "double@pair.example"})
    world.sync()
    page = window(IssuesPage)
    panel = pick(page, ProblemCode.DUPLICATE)
    wait(page, qtbot)
    chosen = next(c for c in panel.candidates if c.choice.text() == "Two")
    press(panel.candidates[0].choice)
    if not chosen.choice.isChecked():
        qtbot.keyClick(panel.candidates[0].choice, Qt.Key.Key_Right)
    assert chosen.choice.isChecked()
    press(panel.use)
    wait(page, qtbot)
    world.sync()
    assert chosen.record.id in {link.sf_id for link in world.links()}
    assert ProblemCode.DUPLICATE not in world.codes()


@pytest.mark.parametrize("text", ["Link again", "Let go"])
def test_a_broken_link_is_linked_again_or_let_go(world, window, qtbot, text):
    link = world.links()[0]
    world.call("DELETE", f"/activecampaign/contacts/{link.ac_id}")
    world.call("PATCH", f"/salesforce/Contact/{link.sf_id}", {"FirstName": "Again"})
    world.sync()
    people = len(world.call("GET", "/state/activecampaign/contacts"))
    page = window(IssuesPage)
    press(option(pick(page, ProblemCode.AC_GONE), text))
    wait(page, qtbot)
    world.call("PATCH", f"/salesforce/Contact/{link.sf_id}", {"FirstName": "Once more"})
    world.sync()
    made = len(world.call("GET", "/state/activecampaign/contacts")) - people
    assert made == (1 if text == "Link again" else 0)


@pytest.mark.parametrize(("text", "opted_out"), [("Clear the opt-out", False), ("Keep the opt-out", True)])
def test_a_withdrawn_opt_out_is_answered(world, window, qtbot, text, opted_out):
    link = world.links()[0]
    for state in (2, 1):
        world.call("PATCH", f"/activecampaign/contacts/{link.ac_id}", {"lists": {"1": state, "2": 2}})
        world.sync()
    page = window(IssuesPage)
    press(option(pick(page, ProblemCode.OPT_OUT_CLEARED), text))
    wait(page, qtbot)
    world.sync()
    people = world.call("GET", "/state/salesforce/Contact")
    assert next(r["HasOptedOutOfEmail"] for r in people if r["Id"] == link.sf_id) is opted_out
    assert ProblemCode.OPT_OUT_CLEARED not in world.codes()


def test_an_issue_clears_itself_once_its_cause_is_gone(world, window, qtbot):
    made = world.call("POST", "/salesforce/Contact", {"LastName": "Nomail"})
    world.sync()
    page = window(IssuesPage)
    pick(page, ProblemCode.NO_EMAIL)
    assert "has no e-mail address" in seen(page.group)
    sf_id = made["Id"] if isinstance(made, dict) and "Id" in made else made["id"]
    world.call("PATCH", f"/salesforce/Contact/{sf_id}", {"Email": "nomail@pair.example"})
    world.sync()
    wait(page, qtbot)
    assert ProblemCode.NO_EMAIL not in {group.code for group in page.model.groups}


def test_undo_in_the_window_restores_what_has_not_changed_since_and_lists_the_rest(world, window, qtbot):
    first, second = world.links()[:2]
    before = [world.names(link) for link in (first, second)]
    for link in (first, second):
        world.call("PATCH", f"/salesforce/Contact/{link.sf_id}", {"FirstName": "Mistake"})
    world.sync()
    world.call("PATCH", f"/activecampaign/contacts/{second.ac_id}", {"firstName": "Later"})
    page = window(SyncPage)
    page.open(page.runs.model.shown[0])
    wait(page, qtbot)
    press(page.run.undo)
    answer(page.run, "undo")
    wait(page, qtbot)
    assert world.names(first) == ("Mistake", before[0][1])
    assert world.names(second) == ("Mistake", "Later")
    left = [item for item in page.run.report.model.shown if item.item.action is HistoryAction.UPDATE]
    assert [(item.item.sf_id, item.reason.english()) for item in left] == [
        (second.sf_id, "It was changed again since."),
    ]  # fmt: skip


def test_what_the_preview_lists_is_what_going_on_writes(world, window, qtbot):
    for number, link in enumerate(world.links()[:3]):
        world.call("PATCH", f"/salesforce/Contact/{link.sf_id}", {"FirstName": f"New{number}"})
    page = window(SyncPage)
    press(page.preview_button)
    wait(page, qtbot)
    planned = {
        (c.subject, c.field, c.before, c.after)
        for c in page.preview.changes.model.shown
        if c.action is HistoryAction.UPDATE
    }
    assert len(planned) == 3
    press(page.preview.go)
    wait(page, qtbot)
    run = world.do(lambda e: e.assistant.runs())[0]
    items = world.do(lambda e: e.assistant.run_items(run.id, 5000))
    done = {(i.subject, i.field, i.before, i.after) for i in items if i.action is HistoryAction.UPDATE}
    assert done == planned
