"""Data and reports: export, import with its differences, copies, audit log, log, diagnostics as they would be saved."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication

from acassist.domain.problem import Problem, ProblemCode
from acassist.gui.accessibility import crawl
from acassist.gui.settings.page import SettingsPage
from acassist.gui.settings.words import event_words, setting_words
from tests.gui.keyboard import choose_file, press, seen

INVALID = Problem(ProblemCode.FILE_INVALID, values={"file": "x.json", "reason": "format"})


@pytest.fixture
def page(bridge, fake, qtbot, settle) -> SettingsPage:
    fake.finish_setup()
    made = SettingsPage(bridge)
    qtbot.addWidget(made)
    made.resize(1000, 1400)
    made.show()
    made.activate()
    settle()
    return made


def lines(model) -> list[list[str]]:
    return [[model.data(model.index(r, c)) for c in range(model.columnCount())] for r in range(model.rowCount())]


def test_the_set_up_is_exported_to_the_chosen_file(page, settle, tmp_path):
    press(page.data.export)
    choose_file(page, str(tmp_path / "setup.json"))
    settle()
    assert (tmp_path / "setup.json").exists()


@pytest.fixture
def importing(page, settle, tmp_path):
    (tmp_path / "setup.json").write_text("{}", "utf-8")
    press(page.data.load)
    choose_file(page, str(tmp_path / "setup.json"))
    settle()
    return page.importing


def test_an_import_shows_what_it_would_change_before_it_does(importing, fake):
    assert lines(importing.model) == [
        ["Emptied fields", "20", "50"],
        ["Dynamic field mapping · Contacts · phone ↔ Phone · Direction", "Both directions", "To ActiveCampaign"],
    ]
    assert importing.count.text() == "setup.json: 2 values would change"
    assert fake.called("import_setup") == 0


def test_an_import_takes_effect_when_it_is_confirmed(page, importing, fake, settle):
    press(importing.use)
    settle()
    assert fake.called("import_setup") == 1
    assert page.stack.currentWidget() is page.overview
    assert "setup.json is in effect." in seen(page.note)


def test_an_import_can_be_left(page, importing, fake):
    press(importing.leave)
    assert page.stack.currentWidget() is page.overview
    assert fake.called("import_setup") == 0


def test_a_file_that_changes_nothing_says_so(page, fake, settle, tmp_path):
    fake.empty = True
    page.show_import(tmp_path / "x.json")
    settle()
    assert page.importing.state.currentWidget() is page.importing.state.empty
    assert not page.importing.use.isVisible()


def test_a_file_that_is_no_set_up_says_why(page, fake, settle, tmp_path):
    fake.fail["read_import"] = INVALID
    page.show_import(tmp_path / "x.json")
    settle()
    assert page.importing.state.banner.problem == INVALID


def test_the_newest_copy_is_named_and_another_can_be_made(page, fake, settle):
    assert page.data.newest.text().startswith("The newest of 1 was made 9 hours ago")
    press(page.data.back_up)
    settle()
    assert fake.called("back_up") == 1
    assert "profile-2.db" in seen(page.data.saved)


def test_the_audit_log_says_what_was_changed(page, settle):
    press(page.data.audit)
    settle()
    assert [line[1:] for line in lines(page.audit.model)] == [
        ["Quotas and brakes changed", "Emptied fields: 20", "Emptied fields: 50"],
        ["Sync started", "Sync started: off", "Sync started: on"],
    ]
    assert "Emptied fields: 50" in seen(page.audit.detail)


def test_the_audit_log_is_exported_in_words_for_people(page, settle, tmp_path):
    press(page.data.audit)
    settle()
    press(page.audit.export)
    choose_file(page, str(tmp_path / "audit.csv"))
    settle()
    settle()
    text = (tmp_path / "audit.csv").read_text("utf-8")
    assert "Quotas and brakes changed,Emptied fields: 20,Emptied fields: 50" in text
    assert "limits.emptied_count" not in text


def test_the_audit_log_is_exported_as_stored_for_programs(page, fake, settle, tmp_path):
    page.audit._save(tmp_path / "audit.json")
    settle()
    assert ("export_audit", (tmp_path / "audit.json",)) in fake.calls


def test_the_way_back_leads_to_the_cards(page, settle):
    press(page.data.audit)
    settle()
    press(page.audit.back_button)
    assert page.stack.currentWidget() is page.overview


def test_the_log_is_filtered_by_level_and_words(page, settle):
    press(page.data.log)
    settle()
    assert [line[3] for line in lines(page.log.model)] == ["429, waiting 2 s", "run 41 began"]
    page.log.level.setCurrentIndex(2)
    assert [line[3] for line in lines(page.log.model)] == ["429, waiting 2 s"]
    page.log.level.setCurrentIndex(0)
    page.log.search.setText("began")
    page.log.search._report()
    assert [line[3] for line in lines(page.log.model)] == ["run 41 began"]


def test_what_is_shown_of_the_log_is_copied_in_order(page, settle):
    press(page.data.log)
    settle()
    press(page.log.copy)
    copied = QApplication.clipboard().text().splitlines()
    assert [line.split()[-1] for line in copied] == ["began", "s"]


def test_the_diagnostics_are_shown_as_they_would_be_saved(page, settle, tmp_path):
    press(page.data.diagnostics)
    settle()
    press(page.diagnostics.save)
    choose_file(page, str(tmp_path / "report.txt"))
    settle()
    assert (tmp_path / "report.txt").read_text("utf-8") == page.diagnostics.text.toPlainText()


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("limits.salesforce_share", "Salesforce calls"),
        ("cx.enabled", "CX Automation · Switched on"),
        ("other", "other"),
    ],
)
def test_settings_are_named_in_words(path, words):
    assert setting_words(path) == words


def test_a_finished_step_is_named_in_the_audit_log():
    assert event_words("step.mapping") == "Dynamic field mapping finished"


@pytest.mark.parametrize("view", ["audit", "log"])
def test_a_report_without_entries_says_so(page, fake, settle, view):
    fake.empty = True
    page.open(view)
    settle()
    assert getattr(page, view).state.currentWidget() is getattr(page, view).state.empty


@pytest.mark.parametrize("view", ["audit", "log", "diagnostics"])
def test_everything_that_takes_the_focus_has_a_name(page, settle, view):
    page.open(view)
    settle()
    assert crawl(page) == []
