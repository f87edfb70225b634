"""Decisions in the inbox, with the keyboard: conflicts, duplicates, twins, broken links, withdrawn opt-outs."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt

from acassist.assistant.decisions import Choice
from acassist.assistant.views import RecordRef
from acassist.domain.ids import SObject
from acassist.domain.ledger import Issue
from acassist.domain.problem import Problem, ProblemCode
from acassist.gui.accessibility import crawl
from acassist.gui.issues.page import IssuesPage
from tests.gui import fake_data as data
from tests.gui.conftest import NOW
from tests.gui.keyboard import choose_file, press, seen

OFFLINE = Problem(ProblemCode.NO_NETWORK, values={"host": "acme.api-us1.com"})
REF = RecordRef(SObject.CONTACT, "003000000000002AAA", "77")


def issue(code: ProblemCode, number: int = 20, **values: object) -> Issue:
    known = {"count": 2, "object": "Contact", **values}
    return Issue(
        code, f"Contact:{number}", "", number, known, name="José Peña", sobject=SObject.CONTACT,
        sf_id=REF.sf_id, ac_id=REF.ac_id, first_seen=NOW, last_seen=NOW,
    )  # fmt: skip


@pytest.fixture
def show(bridge, fake, qtbot, settle, monkeypatch):
    """Open the page on these issues; a page lives as long as its test."""
    kept: list[IssuesPage] = []

    def opened(*issues: Issue) -> IssuesPage:
        fake.finish_setup()
        monkeypatch.setattr(data, "issue_list", lambda _now: list(issues))
        page = IssuesPage(bridge)
        qtbot.addWidget(page)
        kept.append(page)
        page.resize(1100, 900)
        page.show()
        page.activate()
        settle()
        return page

    yield opened
    kept.clear()


def conflict(number: int = 2, **more: object) -> Issue:
    found = next(i for i in data.issue_list(NOW) if i.code is ProblemCode.CONFLICT)
    return replace(found, id=number, **more)


def test_a_conflict_shows_base_and_both_sides(show):
    boxes = show(conflict()).group.panel.boxes
    assert {key: box.value.text() for key, box in boxes.items()} == {
        "base": "+34 600 111 000", "salesforce": "+34 600 111 222", "activecampaign": "+34 1",
    }  # fmt: skip


def test_a_value_that_was_emptied_is_called_blank(show):
    page = show(conflict(values={"field": "Phone", "salesforce": None, "activecampaign": "+34 1"}))
    assert page.group.panel.boxes["salesforce"].value.text() == "blank"


@pytest.mark.parametrize(
    ("button", "choice"),
    [("salesforce", Choice.SALESFORCE), ("activecampaign", Choice.ACTIVECAMPAIGN), ("both", Choice.KEEP_BOTH)],
)
def test_each_choice_is_one_key_press(show, fake, settle, button, choice):
    page = show(conflict())
    press(getattr(page.group.panel, button))
    settle()
    assert ("resolve_conflict", (2, choice, False)) in fake.calls


def test_one_choice_can_answer_all_conflicts_of_a_field(show, fake, settle):
    page = show(conflict(2), conflict(3), conflict(4, field="email~Email", values={"field": "Email"}))
    assert page.group.panel.all.text() == "Do the same for all 2 conflicts of Phone"
    press(page.group.panel.all)
    press(page.group.panel.salesforce)
    settle()
    assert ("resolve_conflict", (2, Choice.SALESFORCE, True)) in fake.calls


def test_a_single_conflict_offers_no_choice_for_many(show):
    assert not show(conflict()).group.panel.all.isVisible()


def test_a_decision_reads_the_list_again_and_says_what_follows(show, fake, settle):
    page = show(conflict(), issue(ProblemCode.NO_EMAIL))
    before = fake.called("issues")
    page.list.setCurrentIndex(page.model.index(0))
    press(page.group.panel.salesforce)
    settle()
    settle()
    assert fake.called("issues") > before
    assert "The next run writes the Salesforce value to ActiveCampaign." in seen(page.group.outcome)


def test_a_cause_that_only_a_person_decides_offers_no_retry_of_all(show):
    assert not show(conflict()).group.retry_all.isVisible()
    assert show(issue(ProblemCode.NO_EMAIL)).group.retry_all.isVisible()


def test_duplicates_stand_side_by_side_and_one_is_chosen(show, fake, qtbot, settle):
    page = show(issue(ProblemCode.DUPLICATE, email="ana@pair.example"))
    settle()
    panel = page.group.panel
    assert [c.choice.text() for c in panel.candidates] == ["Ana O’Brien", "Anna O’Brien"]
    assert not panel.use.isEnabled()
    press(panel.candidates[0].choice)
    qtbot.keyClick(panel.candidates[0].choice, Qt.Key.Key_Right)
    press(panel.use)
    settle()
    assert ("choose_record", (20, "003000000000012AAA")) in fake.calls


def test_duplicates_that_are_gone_are_told(show, fake, settle):
    page = show(issue(ProblemCode.DUPLICATE, email="ana@pair.example"))
    fake.empty = True
    page.group.panel.issue = None
    page.group.panel.show_issue(issue(ProblemCode.DUPLICATE, 21), ())
    settle()
    assert "No record has this address any more." in seen(page.group.panel)


@pytest.mark.parametrize(
    ("code", "button", "call"),
    [
        (ProblemCode.TWIN_EDIT, "Make primary", ("make_primary", (20,))),
        (ProblemCode.AC_GONE, "Link again", ("link_again", (20,))),
        (ProblemCode.SF_GONE, "Let go", ("let_go", (20,))),
        (ProblemCode.OPT_OUT_CLEARED, "Clear the opt-out", ("answer_opt_out", (20, True))),
        (ProblemCode.OPT_OUT_CLEARED, "Keep the opt-out", ("answer_opt_out", (20, False))),
    ],
)
def test_every_other_decision_is_one_key_press_with_its_meaning_beside_it(show, fake, settle, code, button, call):
    page = show(issue(code, field="Phone"))
    press(next(b for b in page.group.panel.buttons if b.text() == button))
    settle()
    assert call in fake.calls


def test_a_decision_that_fails_says_why_and_can_be_made_again(show, fake, settle):
    fake.fail["answer_opt_out"] = OFFLINE
    page = show(issue(ProblemCode.OPT_OUT_CLEARED))
    press(page.group.panel.buttons[0])
    settle()
    assert page.group.outcome.problem == OFFLINE
    assert page.group.panel.buttons[0].isEnabled()


def test_why_leads_to_the_explanation(show, qtbot):
    page = show(issue(ProblemCode.NO_EMAIL))
    with qtbot.waitSignal(page.navigate) as asked:
        press(page.group.why)
    assert asked.args == ["explain", REF]


def test_the_issues_are_exported_to_the_chosen_file(show, settle, tmp_path):
    page = show(issue(ProblemCode.NO_EMAIL))
    press(page.export)
    choose_file(page, str(tmp_path / "issues.csv"))
    settle()
    assert (tmp_path / "issues.csv").exists()


@pytest.mark.parametrize("code", [ProblemCode.CONFLICT, ProblemCode.DUPLICATE, ProblemCode.AC_GONE])
def test_everything_that_takes_the_focus_has_a_name(show, settle, code):
    page = show(conflict() if code is ProblemCode.CONFLICT else issue(code))
    settle()
    assert crawl(page) == []
