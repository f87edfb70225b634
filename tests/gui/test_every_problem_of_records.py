"""Every problem of one record: made in the sandbox, found in the inbox, understood, resolved with the keyboard."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton

from acassist.domain.ledger import IntentKind
from acassist.domain.mapping import DEFAULT_ACCOUNT, ConflictRule
from acassist.domain.problem import ProblemCode as Code
from acassist.gui.issues.page import IssuesPage
from tests.gui.every_problem import Stage, staged
from tests.gui.record_troubles import (
    Cast,
    address_taken,
    answer_lost,
    both_changed,
    contact_deleted,
    contact_refused,
    converted,
    left_out,
    no_accounts,
    of_another_account,
    picklist,
    record_deleted,
    refused,
    rule_of_the_org,
    status_refused,
    subscribed_again,
    triggered,
    twin,
    two_accounts,
    two_with_one_address,
    unknown,
    value,
    without_address,
)

ROWS = (
    ("Nickname", "Nickname__c"),
    ("Annual budget", "Annual_Budget__c"),
    ("Trial ends", "Trial_End__c"),
    ("Segment", "Segment__c"),
    ("Newsletter", "Newsletter__c"),
)
RESTING = 7200.0


@dataclass(frozen=True)
class Story:
    """How a problem comes about (returns whom it is about), which field is named, and what the person does."""

    code: Code
    produce: Callable[[Cast], str]
    resolve: Callable[[Stage, IssuesPage], None]
    field: str = ""


# -- what the person does
def save(side: str, text: str | None = None, *, keys: tuple[Qt.Key, ...] = ()) -> Callable[[Stage, IssuesPage], None]:
    """Correct the value in the issue: type a text, or choose with the arrow keys, and save."""

    def act(stage: Stage, page: IssuesPage) -> None:
        panel = page.group.panel
        if text is not None:
            stage.type(panel.input.inner, text)
        for key in keys:
            panel.input.inner.setFocus()
            QTest.keyClick(panel.input.inner, key)
        stage.press(getattr(panel, side))

    return act


def retry(stage: Stage, page: IssuesPage) -> None:
    stage.press(page.group.retry)


def option(text: str) -> Callable[[Stage, IssuesPage], None]:
    """Press the choice with this text."""

    def act(stage: Stage, page: IssuesPage) -> None:
        buttons = page.group.panel.findChildren(QPushButton)
        stage.press(next(b for b in buttons if b.text() == text and b.isVisible()))

    return act


def use_the_second(stage: Stage, page: IssuesPage) -> None:
    panel = page.group.panel
    first = panel.candidates[0].choice
    stage.press(first)
    QTest.keyClick(first, Qt.Key.Key_Right)
    assert panel.candidates[1].choice.isChecked()
    stage.press(panel.use)


def search_and_link(text: str) -> Callable[[Stage, IssuesPage], None]:
    """Search for somebody else and link with the first result."""

    def act(stage: Stage, page: IssuesPage) -> None:
        panel = page.group.panel
        stage.type(panel.search, text)
        QTest.keyClick(panel.search, Qt.Key.Key_Return)
        stage.settle()
        assert panel.chosen is not None
        stage.press(panel.link)

    return act


def fill_both(stage: Stage, page: IssuesPage) -> None:
    for text in ("Filled", "Filled Ltd"):
        stage.type(page.group.panel.input.inner, text)
        stage.press(page.group.panel.to_activecampaign)


def nothing(_stage: Stage, _page: IssuesPage) -> None:
    """It goes away by itself."""


def convert(stage: Stage, page: IssuesPage) -> None:
    stage.do(lambda s: s.convert(page.group.table.current.sf_id))
    # One run follows the conversion, the next one carries the value that waited.
    stage.sync()


ODD = {"email": "odd@x", "firstName": "Odd", "lastName": "One", "account": "Odd Ltd"}
REJECTED = {"errors": [{"title": "This contact is not welcome", "detail": "", "code": "field_invalid"}]}
BUSY = {"message": "Too many requests"}
DOWN, UP = (Qt.Key.Key_Down,), (Qt.Key.Key_Up,)

STORIES = (
    Story(Code.NO_EMAIL, without_address, save("to_salesforce", "nomail@x.example"), "Email"),
    Story(Code.INVALID_EMAIL, triggered(**ODD), save("to_activecampaign", "odd@x.example"), "Email"),
    Story(Code.DUPLICATE, two_with_one_address, use_the_second, "Email"),
    Story(Code.CONFLICT, both_changed, option("Keep ActiveCampaign"), "Nickname"),
    Story(Code.TWIN_EDIT, twin, option("Make primary"), "Nickname"),
    Story(Code.VALUE_NOT_NUMBER, value("Worded", "Annual budget", "lots"), save("to_activecampaign", "1200"), "budget"),
    Story(Code.VALUE_AMBIGUOUS, value("Dotted", "Annual budget", "1.234"), save("to_activecampaign", "1234"), "budget"),
    Story(Code.VALUE_NOT_DATE, value("Dated", "Trial ends", "soon"), save("to_activecampaign"), "Trial"),
    Story(
        Code.VALUE_NOT_BOOLEAN,
        value("Ticked", "Newsletter", "maybe"),
        save("to_activecampaign", keys=DOWN),
        "Newsletter",
    ),
    Story(Code.VALUE_TOO_LONG, value("Wordy", "Nickname", "x" * 90), save("to_activecampaign", "short"), "Nickname"),
    Story(
        Code.VALUE_NOT_IN_LIST, value("Unlisted", "Segment", "Nope"), save("to_activecampaign", keys=DOWN), "Segment"
    ),
    Story(Code.VALUE_OUT_OF_RANGE, value("Huge", "Annual budget", "9" * 18), save("to_activecampaign", "9"), "Budget"),
    Story(Code.VALUE_NOT_TEXT, value("Hidden", "Nickname", "a\x01b"), save("to_activecampaign", "ab"), "Nickname"),
    Story(
        Code.SF_BAD_EMAIL,
        lambda c: c.ac("Misspelt", email="misspelt@x"),
        save("to_activecampaign", "m@x.example"),
        "Email",
    ),
    Story(Code.SF_REQUIRED, triggered(email="bare@x.example", firstName="Bare"), fill_both, "Company"),
    Story(
        Code.SF_TOO_LONG,
        refused("Long", "STRING_TOO_LONG", "too large", "Nickname__c"),
        save("to_activecampaign", "L"),
        "Nickname",
    ),
    Story(Code.SF_PICKLIST, picklist, save("to_activecampaign", keys=UP), "Segment"),
    Story(Code.SF_VALIDATION, rule_of_the_org, save("to_activecampaign", "good one"), "Nickname"),
    Story(Code.SF_DUPLICATE, refused("Doubled", "DUPLICATES_DETECTED", "Use one of these records?"), retry),
    Story(Code.SF_LOCKED, refused("Locked", "UNABLE_TO_LOCK_ROW", "unable to obtain exclusive access"), retry),
    Story(Code.SF_CONVERTED, converted, convert),
    Story(Code.SF_REJECTED, refused("Unwanted", "FIELD_INTEGRITY_EXCEPTION", "The owner is on holiday."), retry),
    Story(Code.SF_AUTOMATION, refused("Flowing", "CANNOT_EXECUTE_FLOW_TRIGGER", "The welcome flow ended."), retry),
    Story(
        Code.SF_PERMISSION,
        refused("Barred", "INSUFFICIENT_ACCESS_OR_READONLY", "no access", "Nickname__c"),
        retry,
        "Nickname",
    ),
    Story(Code.SF_GONE, record_deleted, search_and_link("Reborn")),
    Story(Code.AC_GONE, contact_deleted, search_and_link("Moved")),
    Story(Code.AC_REJECTED, contact_refused("Unwelcome", 422, REJECTED), retry),
    Story(Code.AC_IMPORT_FAILED, left_out, save("to_salesforce", "crowd3@y.example"), "Email"),
    Story(Code.AC_EMAIL_TAKEN, address_taken, save("to_salesforce", "not.taken@x.example"), "Email"),
    Story(Code.AC_BUSY, contact_refused("Busy", 429, BUSY, times=-1), retry),
    Story(Code.AC_DOWN, contact_refused("Down", 503, "", times=-1), retry),
    Story(Code.BAD_ANSWER, contact_refused("Odd answer", 200, "<html>welcome</html>", times=-1), retry),
    Story(Code.TIMEOUT, answer_lost, retry),
    Story(Code.AC_PLAN, no_accounts, retry),
    Story(Code.ACCOUNT_MOVE, of_another_account, option("Confirm the move"), "Here Ltd"),
    Story(Code.ACCOUNT_AMBIGUOUS, two_accounts, use_the_second),
    Story(Code.OPT_OUT_CLEARED, subscribed_again, option("Clear the opt-out"), "Email Opt Out"),
    Story(Code.STATUS_REFUSED, status_refused, retry),
    Story(Code.SEND_UNKNOWN, unknown(IntentKind.SEND_CAMPAIGN, "Sent"), option("I have looked")),
    Story(Code.ENTER_UNKNOWN, unknown(IntentKind.ENTER_AUTOMATION, "Entered"), option("I have looked")),
)
NAMES = [
    "Conflict", "Twin", "Worded", "Dotted", "Dated", "Ticked", "Wordy", "Unlisted", "Huge", "Hidden", "Misspelt",
    "Long", "Listed", "Ruled", "Doubled", "Locked", "Converted", "Unwanted", "Flowing", "Barred", "Deleted", "Bereft",
    "Unwelcome", "Taken", "Busy", "Down", "Odd answer", "Late", "Outed", "Sent", "Entered",
]  # fmt: skip


@pytest.fixture(scope="module")
def stage(qapp, tmp_path_factory) -> Iterator[Stage]:
    folder = tmp_path_factory.mktemp("records")
    with staged(folder, qapp, rows=ROWS, conflict=ConflictRule.ASK) as made:
        session = made.scene.engine.assistant.session
        rows = replace(session.setup.mapping, account=DEFAULT_ACCOUNT, accounts_on=True)
        made.do(lambda s: _use(s, rows))
        yield made


async def _use(scene: Any, rows: Any) -> None:
    scene.use(rows=rows)


@pytest.fixture(scope="module")
def cast(stage: Stage) -> Cast:
    return Cast(stage, NAMES)


@pytest.mark.parametrize("story", STORIES, ids=[s.code.value for s in STORIES])
def test_it_is_found_understood_and_resolved(cast: Cast, stage: Stage, story: Story) -> None:
    name = story.produce(cast)
    stage.sync()
    page = stage.open_issue(story.code, name)
    text = stage.told(page)
    assert name in text
    assert story.field in text
    stage.calm()
    story.resolve(stage, page)
    stage.sync()
    assert [(i.code.value, i.name) for i in stage.issues()] == []
    stage.sync(RESTING)
    assert stage.written() == []
