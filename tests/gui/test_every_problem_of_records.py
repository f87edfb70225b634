"""Every problem of one record: made in the sandbox, found in the inbox, understood, resolved with the keyboard."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import httpx
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton

from acassist.domain.ledger import Intent, IntentKind
from acassist.domain.mapping import DEFAULT_ACCOUNT, ConflictRule
from acassist.domain.problem import ProblemCode as Code
from acassist.gui.issues.page import IssuesPage
from acassist.sandbox.activecampaign.companies import add_company
from tests.gui.every_problem import Stage, staged

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


class Cast:
    """People who are on both sides and in sync; each story takes one."""

    def __init__(self, stage: Stage, names: list[str]) -> None:
        self.stage = stage
        self.ids: dict[str, tuple[str, str]] = {}
        leads = {name: stage.do(lambda s, n=name: s.lead(_address(n), LastName=n)) for name in names}
        stage.sync()
        stage.sync()
        links = {link.sf_id: link.ac_id for link in stage.do(_links)}
        self.ids = {name: (sf_id, links[sf_id]) for name, sf_id in leads.items()}

    def ac(self, name: str, **changes: Any) -> str:
        """Change somebody in ActiveCampaign; custom values by title."""
        self.stage.do(lambda s: s.change(self.ids[name][1], **changes))
        return name

    def sf(self, name: str, **fields: Any) -> str:
        """Change somebody in Salesforce."""
        self.stage.do(lambda s: s.edit("Lead", self.ids[name][0], **fields))
        return name


async def _links(scene: Any) -> Any:
    return scene.links()


def _address(name: str) -> str:
    return f"{name.replace(' ', '.').lower()}@x.example"


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


# -- how the problems come about
def without_address(cast: Cast) -> str:
    cast.stage.do(lambda s: s.lead(None, LastName="Nomail"))
    return "Nomail"


def triggered(**fields: Any) -> Callable[[Cast], str]:
    """Let a contact ask for a lead by its tag."""

    def produce(cast: Cast) -> str:
        given = {"tags_add": ["create-salesforce-lead"], **fields}
        email = given.pop("email")
        cast.stage.do(lambda s: s.person(email, **given))
        return " ".join(str(given[k]) for k in ("firstName", "lastName") if k in given)

    return produce


def two_with_one_address(cast: Cast) -> str:
    for name in ("Double One", "Double Two"):
        cast.stage.do(lambda s, n=name: s.lead("double@x.example", LastName=n))
    return "Double One"


def both_changed(cast: Cast) -> str:
    cast.ac("Conflict", values={"Nickname": "Theirs"})
    return cast.sf("Conflict", Nickname__c="Ours")


def twin(cast: Cast) -> str:
    cast.stage.do(lambda s: s.contact(_address("Twin"), LastName="Twin"))
    cast.stage.sync()
    return cast.sf("Twin", Nickname__c="From the lead")


def value(name: str, title: str, text: str) -> Callable[[Cast], str]:
    """Let somebody type a value in ActiveCampaign."""
    return lambda cast: cast.ac(name, values={title: text})


def refused(name: str, status: str, message: str, *fields: str) -> Callable[[Cast], str]:
    """Let Salesforce refuse the next update of somebody."""

    def produce(cast: Cast) -> str:
        cast.stage.refuse_row(status, message, sf_id=cast.ids[name][0], fields=fields)
        return cast.ac(name, values={"Nickname": "New"})

    return produce


def picklist(cast: Cast) -> str:
    segments = cast.stage.scene.world.activecampaign.tables["fields"]
    assert segments
    cast.stage.refuse_row(
        "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST", "bad value", sf_id=cast.ids["Listed"][0], fields=("Segment__c",)
    )
    return cast.ac("Listed", values={"Segment": "Enterprise"})


def rule_of_the_org(cast: Cast) -> str:
    rule = {"sobject": "Lead", "field": "Nickname__c", "pattern": "^bad", "message": "No bad nicknames."}
    cast.stage.do(lambda s: s.org(validation_rules=[rule]))
    return value("Ruled", "Nickname", "bad one")(cast)


def converted(cast: Cast) -> str:
    return refused("Converted", "CANNOT_UPDATE_CONVERTED_LEAD", "cannot reference converted lead")(cast)


def convert(stage: Stage, page: IssuesPage) -> None:
    stage.do(lambda s: s.convert(page.group.table.current.sf_id))
    # One run follows the conversion, the next one carries the value that waited.
    stage.sync()


def record_deleted(cast: Cast) -> str:
    cast.stage.do(lambda s: s.delete("Lead", cast.ids["Deleted"][0]))
    cast.stage.do(lambda s: s.lead(None, LastName="Reborn"))
    return "Deleted"


def contact_deleted(cast: Cast) -> str:
    cast.stage.do(lambda s: s.drop(cast.ids["Bereft"][1]))
    cast.stage.do(lambda s: s.person("moved@x.example", firstName="Moved"))
    return cast.sf("Bereft", FirstName="Ann")


def contact_refused(name: str, status: int, body: Any, times: int = 1) -> Callable[[Cast], str]:
    """Let ActiveCampaign refuse the next update of somebody."""

    def produce(cast: Cast) -> str:
        path = f"/contacts/{cast.ids[name][1]}$"
        action = {"kind": "status", "status": status, "body": body}
        cast.stage.fault(service="activecampaign", method="PUT", path=path, times=times, action=action)
        cast.sf(name, Nickname__c="Changed")
        return name

    return produce


def answer_lost(cast: Cast) -> str:
    async def late(request: httpx.Request) -> None:
        if request.method == "PUT" and request.url.path.endswith(f"/contacts/{cast.ids['Late'][1]}"):
            raise httpx.ReadTimeout("late", request=request)

    cast.stage.wire.trouble = late
    return cast.sf("Late", Nickname__c="Changed")


def address_taken(cast: Cast) -> str:
    cast.stage.do(lambda s: s.person("owned@x.example"))
    return cast.sf("Taken", Email="owned@x.example")


def left_out(cast: Cast) -> str:
    cast.stage.do(lambda s: s.account(excluded=["crowd3@x.example"]))
    for number in range(12):
        cast.stage.do(lambda s, n=number: s.lead(f"crowd{n}@x.example", LastName=f"Crowd {n}"))
    return "Crowd 3"


def no_accounts(cast: Cast) -> str:
    action = {"kind": "status", "status": 403, "body": {"message": "Please upgrade your plan to enable Accounts."}}
    cast.stage.fault(service="activecampaign", method="POST", path="/accountContacts$", times=2, action=action)
    cast.stage.do(lambda s: s.lead("planned@x.example", LastName="Planned", Company="Planned Ltd"))
    return "Planned"


def of_another_account(cast: Cast) -> str:
    cast.stage.do(lambda s: s.person("mover@x.example", firstName="Mover", account="Elsewhere Ltd"))
    cast.stage.do(lambda s: s.lead("mover@x.example", LastName="Mover", Company="Here Ltd"))
    return "Mover"


def two_accounts(cast: Cast) -> str:
    async def make(scene: Any) -> None:
        account = scene.world.activecampaign
        for number in range(2):
            add_company(account, f"Twice {number}")["name"] = "Twice Ltd"
        company = await scene.create("Account", Name="Twice Ltd")
        await scene.contact("worker@x.example", LastName="Worker", AccountId=company)

    cast.stage.do(make)
    return "Twice Ltd"


def subscribed_again(cast: Cast) -> str:
    cast.ac("Outed", lists={"1": 2})
    cast.stage.sync()
    return cast.ac("Outed", lists={"1": 1})


def status_refused(cast: Cast) -> str:
    cast.stage.do(lambda s: s.lead("statusless@x.example", LastName="Statusless"))
    cast.stage.refuse_row("FIELD_INTEGRITY_EXCEPTION", "no", sf_id="ActiveCampaign_Sync_Status__c")
    return "Statusless"


def unknown(kind: IntentKind, name: str) -> Callable[[Cast], str]:
    """Leave an action behind whose answer was lost, as a crash would."""

    def produce(cast: Cast) -> str:
        payload = {"ac_id": cast.ids[name][1], "item": "1", "name": name, "title": "Spring"}

        async def leave(scene: Any) -> None:
            scene.engine.stores.intents.open(Intent(kind, cast.ids[name][1], payload))

        cast.stage.do(leave)
        return name

    return produce


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
