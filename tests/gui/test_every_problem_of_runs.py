"""Everything that stops a run: told in plain words, mended with the keyboard, and the next run is clean."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from acassist.domain.ledger import RunState
from acassist.domain.problem import Problem
from acassist.domain.problem import ProblemCode as Code
from acassist.gui.setup.mapping_row import MappingRow
from acassist.gui.sync.page import SyncPage
from acassist.salesforce.login import LOGIN_TIMEOUT
from tests.flow.browser import Browser
from tests.gui.every_problem import Stage, staged, understandable
from tests.gui.keyboard import answer as answer_question
from tests.gui.keyboard import seen
from tests.gui.run_troubles import (
    CROWD,
    _log_in_anew,
    access_ended,
    another_account,
    another_key,
    another_org,
    answer,
    broken_certificate,
    by_another_computer,
    emptied,
    few_calls,
    field_deleted,
    full_plan,
    hidden_field,
    login_closed,
    no_room_on_the_disk,
    org,
    remapped,
    vault,
    wire,
)

ROWS = (("Nickname", "Nickname__c"),)
RESTING = 7200.0


@dataclass(frozen=True)
class Story:
    """How a run comes to stop, what the person does, and a word that the text must hold."""

    code: Code
    produce: Callable[[Stage], None]
    resolve: Callable[[Stage], None]
    word: str = ""
    name: str = ""
    begins: bool = True
    """Whether the run begins before it stops: without secrets there is none in the history."""


# -- what the person does
def wait_for_it(stage: Stage) -> None:
    """The trouble passes."""
    stage.calm()
    org(maintenance=False, api_enabled=True, concurrent_refusals=0, fls_hidden=[])(stage)


def right_org_again(stage: Stage) -> None:
    stage.scene.world.salesforce.org_id = stage.scene.engine.assistant.session.setup.salesforce.org_id
    stage.do(_log_in_anew)


def right_account_again(stage: Stage) -> None:
    account = stage.scene.world.activecampaign
    account.settings = account.settings.changed({"account_name": "acct"})


def unlock(stage: Stage) -> None:
    del stage.scene.engine.assistant.session.machine.vault.get


def make_room_on_the_disk(stage: Stage) -> None:
    async def empty(scene: Any) -> None:
        scene.engine.stores.db.execute("PRAGMA max_page_count = 1073741823")

    stage.do(empty)


def follow(stage: Stage, words: str) -> None:
    """Press the button of the banner that leads to the remedy."""
    page = stage.window.page("sync")
    button = page.look if page.look.isVisible() and page.look.text() == words else stage.window.alerts._remedy
    assert button.text() == words
    stage.press(button)


def go_on(stage: Stage) -> None:
    """Look at the totals and the changes, and go on."""
    page: SyncPage = stage.window.page("sync")
    assert page.stack.currentWidget() is page.preview
    stage.press(page.preview.go)


def leave_and_make_room(stage: Stage) -> None:
    page: SyncPage = stage.window.page("sync")
    assert not page.preview.go.isVisible()
    stage.press(page.preview.stop)
    stage.do(lambda s: s.account(subscriber_limit=100_000))


def raise_the_share(stage: Stage) -> None:
    follow(stage, "Open the limits")
    card = stage.window.page("settings").limits
    stage.type(card.share, "95")
    QTest.keyClick(card.share, Qt.Key.Key_Tab)
    stage.press(card.save)


def wizard(stage: Stage) -> Any:
    return stage.window.page("setup").wizard


def next_page(stage: Stage) -> None:
    stage.press(wizard(stage).button(wizard(stage).WizardButton.NextButton))


def finish(stage: Stage) -> None:
    stage.press(wizard(stage).button(wizard(stage).WizardButton.FinishButton))


def authorize_again(stage: Stage) -> None:
    """Walk through System connections, with the key that is valid now and a login in the browser."""
    stage.calm()
    follow(stage, "Open System connections")
    while not hasattr(wizard(stage).page_widget, "key"):
        next_page(stage)
    page = wizard(stage).page_widget
    stage.type(page.key, stage.scene.world.activecampaign.api_key)
    stage.press(page.authorize)
    next_page(stage)
    stage.press(wizard(stage).page_widget.authorize)
    next_page(stage)
    finish(stage)


def _gone_row(page: Any) -> MappingRow | None:
    rows = [row for row in page.findChildren(MappingRow) if row.isVisible()]
    return next((row for row in rows if row.mapping.sf_field == "Nickname__c"), None)


def remove_the_row(stage: Stage) -> None:
    """Walk through Dynamic field mapping and remove the rows whose field is gone."""
    follow(stage, "Open Dynamic field mapping")
    for _ in range(8):
        page = wizard(stage).page_widget
        while row := _gone_row(page):
            stage.press(row.remove)
        if wizard(stage).button(wizard(stage).WizardButton.FinishButton).isVisible():
            break
        next_page(stage)
    finish(stage)
    # Another mapping is looked at before it writes.
    stage.sync()
    go_on(stage)


def other_computer_leaves(stage: Stage) -> None:
    stage.do(_leave)


async def _leave(scene: Any) -> None:
    scene.world.activecampaign.tables["connections"].rows.clear()


def take_over(stage: Stage) -> None:
    follow(stage, "See who runs the sync")
    page = stage.window.page("activecampaign")
    stage.press(page.holder.take_over)
    answer_question(page, "yes")
    stage.settle()


OFFLINE = wire(lambda r: httpx.ConnectError("unreachable", request=r))
NO_KEYRING = Problem(Code.KEYRING_MISSING, values={"backend": "none"})
BAD_QUERY = [{"errorCode": "MALFORMED_QUERY", "message": "unexpected token"}]
NOT_ALLOWED = [{"errorCode": "INSUFFICIENT_ACCESS_OR_READONLY", "message": "no access"}]
NO_RIGHT = {"message": "You do not have permission to use tags."}

STORIES = (
    Story(Code.NO_NETWORK, OFFLINE, wait_for_it, "acct.sandbox.example"),
    Story(Code.TIMEOUT, wire(lambda r: httpx.ReadTimeout("late", request=r)), wait_for_it, "did not answer"),
    Story(Code.TLS, wire(broken_certificate), wait_for_it, "identity"),
    Story(Code.PROXY, wire(lambda r: httpx.ProxyError("403", request=r)), wait_for_it, "proxy"),
    Story(Code.HOST_REFUSED, wire(lambda r: httpx.UnsupportedProtocol("ftp", request=r)), wait_for_it, "address"),
    Story(Code.BAD_ANSWER, answer("activecampaign", "/api/3/contacts$", 200, "<p>hi</p>"), wait_for_it, "form"),
    Story(Code.AC_BUSY, answer("activecampaign", "/api/3/", 429, {"message": "slow"}), wait_for_it, "slow down"),
    Story(Code.AC_DOWN, answer("activecampaign", "/api/3/", 503, ""), wait_for_it, "fault"),
    Story(Code.AC_NO_RIGHTS, answer("activecampaign", "/api/3/tags", 403, NO_RIGHT), wait_for_it, "tags"),
    Story(Code.AC_ACCOUNT_WRONG, answer("activecampaign", "/(settings|users)", 404, {}), wait_for_it, "account"),
    Story(Code.SF_MAINTENANCE, org(maintenance=True), wait_for_it, "maintenance"),
    Story(Code.SF_BUSY, org(concurrent_refusals=1000), wait_for_it, "slow down"),
    Story(Code.SF_NO_API, org(api_enabled=False), wait_for_it, "API"),
    Story(Code.SF_PERMISSION, answer("salesforce", "/query", 403, NOT_ALLOWED), wait_for_it, "user"),
    Story(Code.SF_FIELD_HIDDEN, hidden_field, wait_for_it, "Nickname"),
    Story(Code.INTERNAL, answer("salesforce", "/query", 400, BAD_QUERY), wait_for_it, "safe"),
    Story(Code.SF_QUOTA, few_calls, raise_the_share, "share"),
    Story(Code.SF_RECONNECT, access_ended, authorize_again, "stored access"),
    Story(Code.SF_LOGIN_FAILED, login_closed, authorize_again, "logins are closed today"),
    Story(Code.AC_KEY_REFUSED, another_key, authorize_again, "API key"),
    Story(Code.OTHER_ORG, another_org, right_org_again, "org"),
    Story(Code.OTHER_ACCOUNT, another_account, right_account_again, "account"),
    Story(Code.KEYRING_LOCKED, vault(Problem(Code.KEYRING_LOCKED)), unlock, "Unlock", begins=False),
    Story(Code.KEYRING_MISSING, vault(NO_KEYRING), unlock, "keyring", begins=False),
    Story(Code.SECRET_MISSING, vault(None), unlock, "API key", begins=False),
    Story(Code.DISK_FULL, no_room_on_the_disk, make_room_on_the_disk, "space"),
    Story(Code.BRAKE, emptied, go_on, "Nickname would be emptied on 24 records", "emptied"),
    Story(Code.BRAKE, full_plan, leave_and_make_room, "the plan has room for", "full plan"),
    Story(Code.MAPPING_CHANGED, remapped(("Notes", "Notes__c")), go_on, "new starting point"),
    Story(Code.OTHER_INSTALLATION, by_another_computer(0.2), other_computer_leaves, "LAPTOP-2", begins=False),
    Story(Code.TAKE_OVER_NEEDED, by_another_computer(3), take_over, "LAPTOP-2", begins=False),
    Story(Code.MAPPING_INVALID, field_deleted, remove_the_row, "Nickname"),
)


@pytest.fixture(scope="module")
def stage(qapp, tmp_path_factory) -> Iterator[Stage]:
    with staged(tmp_path_factory.mktemp("runs"), qapp, rows=ROWS, copy_blanks=True) as made:

        async def crowd(scene: Any) -> None:
            for number in range(CROWD):
                await scene.lead(f"crowd{number}@x.example", LastName=f"Crowd {number}", Nickname__c=f"N{number}")

        made.do(crowd)
        _log_in_by_itself(made)
        made.sync()
        made.sync()
        yield made


def _log_in_by_itself(stage: Stage) -> None:
    """Let the browser be somebody who logs in and allows."""
    world = stage.scene.world

    async def walk(url: str) -> None:
        browser = Browser(world)
        # The clock hurries, so the last page may be gone before the browser has fetched it.
        with suppress(httpx.ConnectError):
            await browser.log_in(url)
        await browser.close()

    def browse(url: str) -> bool:
        threading.Thread(target=lambda: asyncio.run(walk(url)), daemon=True).start()
        return True

    object.__setattr__(stage.scene.engine.assistant.session.machine, "open_browser", browse)
    clock = stage.scene.engine.options.clock
    hurry = clock.sleep

    async def sleep(seconds: float) -> None:
        # The browser takes real time, so a login waits in real time.
        await (asyncio.sleep(20) if seconds >= LOGIN_TIMEOUT else hurry(seconds))

    clock.sleep = sleep


async def _last_run(scene: Any) -> Any:
    return (await scene.engine.assistant.runs())[0]


def told(stage: Stage) -> str:
    """Read why the run stopped: the page that asks, or the banner."""
    page = stage.window.page("sync")
    if stage.window.current == "sync" and page.stack.currentWidget() is page.preview:
        return understandable(seen(page.preview.question))
    return understandable(stage.banner())


@pytest.mark.parametrize("story", STORIES, ids=[f"{s.code.value} {s.name}".strip() for s in STORIES])
def test_a_stopped_run_is_told_mended_and_goes_on(stage: Stage, story: Story) -> None:
    stage.place("sync")
    story.produce(stage)
    stage.sync()
    if story.begins:
        run = stage.do(_last_run)
        assert (run.state, run.problem) == (RunState.STOPPED, story.code)
    assert stage.written() == []
    text = told(stage)
    assert Problem(story.code).text.title in text
    assert story.word in text
    story.resolve(stage)
    stage.sync()
    run = stage.do(_last_run)
    assert (run.state, run.problem) == (RunState.DONE, None)
    assert stage.banner() == ""
    stage.sync(RESTING)
    assert stage.written() == []


def test_a_run_that_is_cancelled_goes_on_later(stage: Stage) -> None:
    page: SyncPage = stage.place("sync")
    gate = asyncio.Event()

    async def hold(_request: httpx.Request) -> None:
        await gate.wait()

    stage.wire.trouble = hold
    QTest.keyClick(_focus(stage, stage.window.header.sync), Qt.Key.Key_Space)
    for _ in range(2000):
        QTest.qWait(2)
        if page.progress.isVisible():
            break
    QTest.keyClick(_focus(stage, page.progress.cancel), Qt.Key.Key_Space)
    QTest.qWait(50)
    stage.do(_opened(gate))
    stage.settle()
    stage.calm()
    run = stage.do(_last_run)
    assert (run.state, run.problem) == (RunState.CANCELLED, Code.CANCELLED)
    assert "Cancelled" in understandable(stage.banner())
    stage.sync()
    assert stage.do(_last_run).state is RunState.DONE
    assert stage.banner() == ""


def _opened(gate: asyncio.Event) -> Callable[[Any], Any]:
    async def work(_scene: Any) -> None:
        gate.set()

    return work


def _focus(stage: Stage, widget: Any) -> Any:
    for _ in range(400):
        if stage.window.focusWidget() is widget:
            return widget
        QTest.keyClick(stage.window.focusWidget() or stage.window, Qt.Key.Key_Tab)
    raise AssertionError(f"{widget} is not reached by Tab")
