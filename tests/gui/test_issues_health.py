"""Health: counts with lists from what is stored, and a comparison of both sides with progress."""

from __future__ import annotations

import pytest

from acassist.domain.problem import Problem, ProblemCode
from acassist.gui.accessibility import crawl
from acassist.gui.issues.page import IssuesPage
from tests.gui.keyboard import press, seen

OFFLINE = Problem(ProblemCode.NO_NETWORK, values={"host": "acme.api-us1.com"})


@pytest.fixture
def health(bridge, fake, qtbot, settle):
    fake.finish_setup()
    page = IssuesPage(bridge)
    qtbot.addWidget(page)
    page.resize(1100, 800)
    page.show()
    page.activate()
    settle()
    press(page.health_button)
    settle()
    yield page.health
    page.hide()


def lines(model) -> list[tuple[str, str]]:
    return [(model.data(model.index(n, 0)), model.data(model.index(n, 1))) for n in range(model.rowCount())]


def pick(health, title: str) -> None:
    place = next(n for n, (found, _) in enumerate(lines(health.kinds)) if found == title)
    health.kind_table.setCurrentIndex(health.kinds.index(place, 0))


def test_the_counts_are_shown_by_state(health):
    assert lines(health.kinds) == [
        ("In sync", "8,375"), ("Waiting", "37"), ("Partly synced", "2"), ("One end missing", "1"),
        ("Tag missing", "0"), ("Orphans", "–"), ("Stopped", "0"), ("Not linked", "4"),
    ]  # fmt: skip


def test_a_state_lists_its_records_with_what_was_found(health):
    pick(health, "Partly synced")
    assert lines(health.model) == [("José Peña", "Phone was changed on both sides to different values.")]


def test_a_state_without_records_says_so(health):
    pick(health, "Stopped")
    assert health.nobody.isVisible()


def test_a_long_list_says_that_it_is_not_all(health):
    pick(health, "In sync")
    assert health.more.isVisible()


def test_comparing_a_sample_shows_progress_and_what_was_found(health, fake, qtbot, settle):
    fake.delay["comparing"] = 0.2
    press(health.comparing.compare)
    qtbot.waitUntil(lambda: health.comparing.words.text() == "100 of 200 compared")
    assert health.comparing.bar.value() == 100
    settle()
    assert ("compare", (100,)) in fake.calls
    assert "199 are equal · 1 differs · 1 lacks its tag · 1 orphan" in seen(health.outcome)
    assert lines(health.kinds)[0] == ("Differences", "1")


def test_all_records_can_be_compared(health, fake, settle):
    health.comparing.scope.setCurrentIndex(1)
    press(health.comparing.compare)
    settle()
    assert ("compare", (None,)) in fake.calls


def test_a_comparison_can_be_cancelled(health, fake, qtbot, settle):
    fake.delay["comparing"] = 5
    press(health.comparing.compare)
    qtbot.waitUntil(lambda: health.comparing.words.text() == "100 of 200 compared")
    press(health.comparing.cancel)
    assert health.comparing.compare.isEnabled()
    assert not health.comparing.bar.isVisible()


def test_what_differs_is_looked_at_again_by_the_next_run(health, fake, settle):
    press(health.comparing.compare)
    settle()
    press(health.repair)
    settle()
    assert fake.called("sync_again") == 1
    assert "The next run looks at 1 record anew." in seen(health.outcome)


def test_a_state_in_which_all_is_well_offers_no_repair(health):
    pick(health, "In sync")
    assert not health.repair.isVisible()


def test_partly_synced_records_lead_to_their_issues(health, settle):
    pick(health, "Partly synced")
    press(health.repair)
    settle()
    page = health.parent().parent()
    assert page.stack.currentWidget() is page.inbox


def test_contacts_without_a_tag_get_theirs_back(health, fake, settle):
    press(health.comparing.compare)
    settle()
    pick(health, "Tag missing")
    press(health.repair)
    settle()
    assert fake.called("tag_again") == 1
    assert "1 contact holds its tag again." in seen(health.outcome)


def test_orphans_are_not_counted_as_none_before_anybody_looked(health):
    pick(health, "Orphans")
    assert "Nobody has looked yet" in seen(health.nobody)


def test_orphans_are_linked_to_the_records_that_are_theirs(health, fake, settle):
    press(health.comparing.compare)
    settle()
    pick(health, "Orphans")
    assert lines(health.model)[0][0] == "lost@acme.example"
    press(health.repair)
    settle()
    assert fake.called("link_orphans") == 1
    assert "1 contact is linked to its record." in seen(health.outcome)
    assert "Nobody was created." in seen(health.outcome)


@pytest.mark.parametrize(
    ("state", "repair"),
    [("Partly synced", "Open issues"), ("One end missing", "Open issues"), ("Orphans", "Link"),
     ("Tag missing", "Add the tags"), ("Differences", "Sync again")],
)  # fmt: skip
def test_each_state_that_is_not_well_offers_one_repair(health, settle, state, repair):
    press(health.comparing.compare)
    settle()
    pick(health, state)
    assert health.repair.isVisible()
    assert health.repair.text() == repair


def test_a_comparison_that_fails_says_why(health, fake, settle):
    fake.fail["compare"] = OFFLINE
    press(health.comparing.compare)
    settle()
    assert health.outcome.problem == OFFLINE


def test_a_profile_without_links_says_so(health, fake, settle):
    fake.empty = True
    health.reload()
    settle()
    assert health.state.currentWidget() is health.state.empty


def test_counts_that_cannot_be_read_offer_another_try(health, fake, settle):
    fake.fail["health"] = OFFLINE
    health.reload()
    settle()
    assert health.state.banner.problem == OFFLINE


def test_everything_that_takes_the_focus_has_a_name(health):
    assert crawl(health) == []
