from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from acassist.domain.ids import SObject
from acassist.domain.ledger import Issue, IssueState
from acassist.domain.problem_codes import ProblemCode
from acassist.domain.text import Message
from acassist.storage.issues import Issues, delay_after

REFUSED = Issue(ProblemCode.SF_VALIDATION, "003A", version="v1")


@pytest.fixture
def issues(db) -> Issues:
    return Issues(db)


def test_an_issue_comes_back_as_it_was_raised(issues):
    raised = issues.raise_issue(
        Issue(
            ProblemCode.VALUE_TOO_LONG,
            "003A",
            "Phone",
            values={"limit": 40, "object": Message("Contact of {name}", {"name": "Ana"})},
            detail="d",
            name="Ana",
            sobject=SObject.CONTACT,
            sf_id="003A",
            ac_id="7",
            version="v1",
        )
    )
    assert issues.get(raised.id) == raised
    assert issues.open_for("003A") == [raised]


def test_the_same_problem_is_counted_and_not_listed_twice(issues, clock):
    first = issues.raise_issue(REFUSED)
    clock.pass_time(hours=1)
    again = issues.raise_issue(replace(REFUSED, detail="newer words"))
    assert (again.id, again.attempts, again.detail) == (first.id, 2, "newer words")
    assert again.first_seen == first.first_seen
    assert again.last_seen == clock.now()


def test_another_field_is_another_issue(issues):
    issues.raise_issue(REFUSED)
    issues.raise_issue(replace(REFUSED, field="Phone"))
    assert issues.counts() == {ProblemCode.SF_VALIDATION: 2}


def test_the_delay_doubles_from_five_minutes_up_to_a_day():
    minutes = [delay_after(n) / timedelta(minutes=1) for n in (1, 2, 3, 8, 9, 10, 5000)]
    assert minutes == [5, 10, 20, 640, 1280, 1440, 1440]


def test_an_ignored_issue_stays_ignored_for_the_same_version_and_opens_for_another(issues):
    known = issues.raise_issue(REFUSED)
    issues.set_state(known.id, IssueState.IGNORED)
    assert issues.raise_issue(REFUSED).state is IssueState.IGNORED
    assert issues.raise_issue(replace(REFUSED, version="v2")).state is IssueState.OPEN


def test_a_resolved_issue_that_returns_starts_anew(issues, clock):
    issues.raise_issue(REFUSED)
    issues.raise_issue(REFUSED)
    issues.clear("003A")
    clock.pass_time(days=1)
    returned = issues.raise_issue(REFUSED)
    assert (returned.state, returned.attempts, returned.first_seen) == (IssueState.OPEN, 1, clock.now())


def test_clearing_may_be_limited_to_codes_and_fields(issues):
    issues.raise_issue(REFUSED)
    issues.raise_issue(replace(REFUSED, field="Phone"))
    issues.raise_issue(replace(REFUSED, code=ProblemCode.CONFLICT, field="Phone"))
    assert issues.clear("003A", codes=[ProblemCode.SF_VALIDATION], fields=["Phone"]) == 1
    assert issues.clear("003A", fields=[]) == 0
    assert issues.clear("other") == 0
    assert issues.clear("003A") == 2


def test_clearing_a_record_without_issues_commits_nothing(issues, db):
    issues.clear("003A")
    assert db.commits == 0


def test_the_list_is_paged_and_filtered(issues):
    for n in range(4):
        issues.raise_issue(replace(REFUSED, subject=f"003{n}", name=f"Person {n}"))
    issues.raise_issue(replace(REFUSED, code=ProblemCode.CONFLICT, name="Person 1"))
    first = issues.list(limit=2)
    assert [i.subject for i in first] == ["0030", "0031"]
    assert [i.subject for i in issues.list(after_id=first[-1].id, limit=2)] == ["0032", "0033"]
    assert [i.code for i in issues.list(text=" PERSON 1 ")] == [ProblemCode.SF_VALIDATION, ProblemCode.CONFLICT]
    assert len(issues.list(code=ProblemCode.CONFLICT)) == 1
    assert issues.list(state=IssueState.IGNORED) == []


def test_the_version_a_service_refused_is_not_tried_again_but_a_new_one_is(issues, clock):
    issues.raise_issue(REFUSED)
    clock.pass_time(days=3)
    assert not issues.may_try("003A", "v1", clock.now())
    assert issues.may_try("003A", "v2", clock.now())
    assert issues.may_try("003B", "v1", clock.now())


def test_passing_trouble_is_tried_again_when_its_delay_is_over(issues, clock):
    issues.raise_issue(replace(REFUSED, code=ProblemCode.SF_BUSY))
    assert not issues.may_try("003A", "v1", clock.now() + timedelta(minutes=4))
    assert issues.may_try("003A", "v1", clock.now() + timedelta(minutes=5))


def test_an_ignored_refusal_still_holds_the_version_back(issues, clock):
    known = issues.raise_issue(REFUSED)
    issues.set_state(known.id, IssueState.IGNORED)
    assert not issues.may_try("003A", "v1", clock.now())


def test_a_problem_that_planning_finds_does_not_hold_the_record_back(issues, clock):
    issues.raise_issue(Issue(ProblemCode.VALUE_TOO_LONG, "003A", "Phone", version="v1"))
    assert issues.may_try("003A", "v1", clock.now())


def test_a_resolved_issue_holds_nothing_back(issues, clock):
    known = issues.raise_issue(REFUSED)
    issues.set_state(known.id, IssueState.RESOLVED)
    assert issues.may_try("003A", "v1", clock.now())


def test_moving_an_unknown_issue_is_an_error(issues):
    with pytest.raises(LookupError):
        issues.set_state(4, IssueState.OPEN)


def test_what_is_due_is_told_by_object_and_once_a_record(issues, clock):
    for field, sf_id in (("City", "00Q1"), ("Phone", "00Q1"), ("City", "00Q2")):
        issues.raise_issue(Issue(REFUSED.code, f"Lead:{sf_id}", field, sobject=SObject.LEAD, sf_id=sf_id))
    issues.raise_issue(Issue(REFUSED.code, "Contact:0031", sobject=SObject.CONTACT, sf_id="0031"))
    assert issues.due(SObject.LEAD, clock.now()) == []
    clock.pass_time(days=30)
    assert issues.due(SObject.LEAD, clock.now()) == ["00Q1", "00Q2"]
    issues.clear("Lead:00Q1")
    assert issues.due(SObject.LEAD, clock.now()) == ["00Q2"]
