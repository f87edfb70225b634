"""Issues: grouped by cause, each with what it means and what to do."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QLabel

from acassist.assistant.events import IssuesChanged
from acassist.assistant.views import RecordRef
from acassist.domain.ids import SObject
from acassist.domain.ledger import Issue
from acassist.domain.problem import Problem, ProblemCode
from acassist.gui.accessibility import crawl
from acassist.gui.issues.grouping import field_of, grouped
from acassist.gui.issues.page import LIMIT, IssuesPage
from tests.gui import fake_data as data
from tests.gui.conftest import NOW

OFFLINE = Problem(ProblemCode.NO_NETWORK, values={"host": "acme.api-us1.com"})


def words(widget) -> str:
    return "\n".join(label.text() for label in widget.findChildren(QLabel) if label.isVisibleTo(widget))


def titles(page) -> list[str]:
    return [page.model.data(page.model.index(n)) for n in range(page.model.rowCount())]


@pytest.fixture
def issues(monkeypatch) -> list[Issue]:
    base = data.issue_list(NOW)
    kept = [*base, replace(base[0], id=9, subject="lead:9", name="Second Ltd")]
    monkeypatch.setattr(data, "issue_list", lambda _now: list(kept))
    return kept


@pytest.fixture
def page(bridge, fake, issues, qtbot, settle) -> IssuesPage:
    fake.finish_setup()
    made = IssuesPage(bridge)
    qtbot.addWidget(made)
    made.resize(972, 700)
    made.show()
    made.activate()
    settle()
    return made


def pick(page, code: ProblemCode) -> None:
    place = next(n for n, group in enumerate(page.model.groups) if group.code is code)
    page.list.setCurrentIndex(page.model.index(place))


def test_issues_with_one_cause_stand_together_the_largest_group_first(issues):
    groups = grouped(issues)
    assert [(group.code, len(group.issues)) for group in groups] == [
        (ProblemCode.NO_EMAIL, 2), (ProblemCode.CONFLICT, 1), (ProblemCode.VALUE_NOT_NUMBER, 1),
    ]  # fmt: skip


def test_the_field_is_named_readably():
    assert field_of(Issue(ProblemCode.CONFLICT, "x", "phone~Phone")) == "Phone"
    assert field_of(Issue(ProblemCode.CONFLICT, "x", "phone~Phone", values={"field": "Telephone"})) == "Telephone"


def test_the_page_lists_causes_with_counts(page):
    assert titles(page)[0] == "No e-mail address, 2 records"
    assert page.line.text() == "4 issues, 3 causes. All other records go on syncing."


def test_a_cause_shows_its_remedy_and_its_records(page):
    assert page.group.remedy.text() == "Add an address in Salesforce."
    model = page.group.model
    assert [model.data(model.index(n, 0)) for n in range(2)] == ["No Mail Ltd", "Second Ltd"]


def test_the_chosen_record_is_explained_in_a_sentence(page):
    pick(page, ProblemCode.VALUE_NOT_NUMBER)
    text = words(page.group)
    assert "The value of Annual budget cannot be read as a number. It was left as it is." in text
    assert "3 times, since" in text
    assert "in 1 hour" in text


def test_open_record_leads_to_the_record(page, qtbot):
    pick(page, ProblemCode.CONFLICT)
    with qtbot.waitSignal(page.navigate) as asked:
        qtbot.mouseClick(page.group.open_record, Qt.MouseButton.LeftButton)
    assert asked.args == ["records", RecordRef(SObject.CONTACT, "003000000000002AAA", "77")]


def test_the_record_can_be_mended_where_it_lives(page, settle):
    pick(page, ProblemCode.VALUE_NOT_NUMBER)
    settle()
    assert page.group.salesforce.toolTip().endswith("/Lead/00Q000000000005AAA/view")
    assert page.group.activecampaign.toolTip() == "https://acme.activehosted.com/app/contacts/80"


def test_a_record_on_one_side_offers_one_address(page, settle):
    pick(page, ProblemCode.NO_EMAIL)
    settle()
    assert page.group.salesforce.isVisible()
    assert not page.group.activecampaign.isVisible()


def test_retry_asks_for_the_chosen_record_once(page, fake, qtbot, settle):
    fake.delay["retry_issue"] = 0.03
    for _ in range(2):
        qtbot.mouseClick(page.group.retry, Qt.MouseButton.LeftButton)
    settle()
    assert [args for called, args in fake.calls if called == "retry_issue"] == [(1,)]
    assert "tried again in the next run" in words(page.group.outcome)


def test_retry_all_asks_for_each_record_of_the_cause(page, fake, qtbot, settle):
    qtbot.mouseClick(page.group.retry_all, Qt.MouseButton.LeftButton)
    settle()
    assert ("retry_all", (ProblemCode.NO_EMAIL,)) in fake.calls


def test_ignore_takes_the_issue_off_the_list(page, fake, qtbot, settle, issues):
    del issues[0]
    qtbot.mouseClick(page.group.ignore, Qt.MouseButton.LeftButton)
    settle()
    settle()
    assert ("ignore_issue", (1,)) in fake.calls
    assert "No e-mail address, 1 record" in titles(page)


def test_ignored_issues_can_be_looked_at_and_taken_back(page, fake, qtbot, settle):
    page.which.setCurrentIndex(1)
    settle()
    assert page.line.text() == "1 issue is ignored until its record changes."
    assert not page.group.ignore.isVisible()
    assert page.group.retry.text() == "Stop ignoring"
    qtbot.mouseClick(page.group.retry, Qt.MouseButton.LeftButton)
    settle()
    assert ("retry_issue", (1,)) in fake.calls
    page.which.setCurrentIndex(0)
    settle()
    assert page.group.retry.text() == "Retry"


def test_nothing_ignored_is_said_so(page, fake, settle):
    fake.empty = True
    page.which.setCurrentIndex(1)
    settle()
    assert "Nothing is ignored" in words(page.state)


def test_a_failed_retry_says_why_and_can_be_pressed_again(page, fake, qtbot, settle):
    fake.fail["retry_issue"] = OFFLINE
    qtbot.mouseClick(page.group.retry, Qt.MouseButton.LeftButton)
    settle()
    assert page.group.outcome.problem == OFFLINE
    assert page.group.retry.isEnabled()


def test_the_chosen_cause_stays_chosen_when_the_list_changes(page, fake, qtbot, settle):
    pick(page, ProblemCode.VALUE_NOT_NUMBER)
    before = fake.called("issues")
    fake.events.emit(IssuesChanged(4))
    qtbot.waitUntil(lambda: fake.called("issues") > before)
    settle()
    assert page.group.title.text() == "Not a number"


def test_no_issues_is_good_news(page, fake, settle):
    fake.empty = True
    page.activate()
    settle()
    assert page.state.currentWidget() is page.state.empty
    assert page.line.text() == ""


def test_issues_that_cannot_be_read_offer_another_try(page, fake, settle):
    fake.fail["issues"] = OFFLINE
    page.activate()
    settle()
    assert page.state.banner.problem == OFFLINE


def test_a_full_list_says_that_it_is_not_all(page, settle, monkeypatch):
    one = data.issue_list(NOW)[0]
    monkeypatch.setattr(data, "issue_list", lambda _now: [replace(one, id=n) for n in range(LIMIT)])
    page.activate()
    settle()
    assert page.line.text().startswith("The first 10,000 issues are shown.")


def test_the_models_keep_the_contract_of_the_toolkit(page, settle):
    for model in (page.model, page.group.model):
        QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal, page)
    page.activate()
    settle()
    page.group.model.sort(0, Qt.SortOrder.DescendingOrder)
    assert page.group.model.data(page.group.model.index(0, 0)) == "Second Ltd"


def test_everything_that_takes_the_focus_has_a_name(page):
    assert crawl(page) == []
