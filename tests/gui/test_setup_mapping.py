"""Dynamic field mapping: five pages of rows, checked and tried on records."""

from __future__ import annotations

from dataclasses import replace

import pytest

from acassist.assistant.setup.flow import Page
from acassist.domain.fields import SalesforceField
from acassist.domain.ids import SObject
from acassist.domain.mapping import ConflictRule, Direction, FieldMapping, UpdateRule
from acassist.domain.problem import Problem, ProblemCode
from acassist.domain.profile import Step
from tests.gui import fake_data as data
from tests.gui.walking import open_wizard, press, shown_text


@pytest.fixture
def ready(fake):
    fake.finish_setup(started=False)
    fake.current = replace(fake.current, finished=(Step.CONNECTIONS,))
    return fake


@pytest.fixture
def wizard(qtbot, bridge, ready, settle):
    return open_wizard(qtbot, bridge, settle, Step.MAPPING)


@pytest.fixture
def custom(wizard, settle):
    press(wizard, "Next", settle)
    return wizard.page_widget


def choose(combo, key):
    """Pick a field from the list as a click does."""
    combo.load()
    index = next(i for i in range(combo.count()) if combo.model().item(i).data(257) == key)
    combo.setCurrentIndex(index)
    combo.activated.emit(index)


def test_the_standard_lead_page_comes_mapped(wizard):
    rows = [(r.mapping.ac_key, r.mapping.sf_field) for r in wizard.page_widget.rows]
    assert rows == [
        ("firstName", "FirstName"),
        ("lastName", "LastName"),
        ("email", "Email"),
        ("phone", "Phone"),
        ("account", "Company"),
    ]


def test_standard_rows_can_neither_be_added_nor_removed(wizard):
    assert wizard.page_widget.tools.isHidden()
    assert all(row.remove.isHidden() for row in wizard.page_widget.rows)


def test_the_five_pages_come_in_the_order_of_the_article(wizard, settle):
    pages = [wizard.flow.page]
    for _ in range(4):
        press(wizard, "Next", settle)
        pages.append(wizard.flow.page)
    assert pages == [Page.LEAD_STANDARD, Page.LEAD_CUSTOM, Page.CONTACT_STANDARD, Page.CONTACT_CUSTOM, Page.ACCOUNT]


def test_a_mapping_is_added_checked_and_tried(custom, fake, settle):
    custom.add.click()
    settle()
    row = custom.rows[0]
    choose(row.ac, "field:1")
    choose(row.sf, "AnnualRevenue")
    settle()
    assert custom.flow.rows(Page.LEAD_CUSTOM) == (FieldMapping("field:1", "AnnualRevenue"),)
    assert row.chip.text() == "3 of 4 fit"
    assert custom.samples.table.rowCount() == 4
    assert "cannot be read as a number" in custom.samples.table.item(2, 3).text()


def test_the_first_field_of_a_new_row_has_the_focus(custom, settle):
    custom.add.click()
    settle()
    assert custom.focusWidget() is custom.rows[0].ac


def test_fields_that_do_not_fit_are_grey_and_say_why(custom, settle):
    custom.add.click()
    choose(custom.rows[0].ac, "field:2")
    settle()
    custom.rows[0].sf.load()
    model = custom.rows[0].sf.model()
    industry = next(model.item(i) for i in range(model.rowCount()) if model.item(i).text() == "Industry")
    assert not industry.isEnabled()
    assert industry.toolTip() == "Picklist in Salesforce cannot be mapped to List box in ActiveCampaign."


def test_a_field_that_is_mapped_already_cannot_be_chosen_again(custom, settle):
    custom.add.click()
    choose(custom.rows[0].ac, "field:1")
    choose(custom.rows[0].sf, "AnnualRevenue")
    custom.add.click()
    settle()
    custom.rows[1].ac.load()
    model = custom.rows[1].ac.model()
    budget = next(model.item(i) for i in range(model.rowCount()) if model.item(i).text() == "Annual budget")
    assert not budget.isEnabled()


def test_a_formula_forces_one_direction(custom, settle):
    custom.add.click()
    choose(custom.rows[0].ac, "field:5")
    choose(custom.rows[0].sf, "Score_Text__c")
    settle()
    row = custom.rows[0]
    assert row.mapping.direction is Direction.TO_ACTIVECAMPAIGN
    assert not row.direction.isEnabled()
    assert custom.flow.rows(Page.LEAD_CUSTOM)[0].direction is Direction.TO_ACTIVECAMPAIGN


def test_rules_of_a_row_reach_the_flow(wizard, settle):
    row = wizard.page_widget.rows[3]
    row.update_rule.setCurrentIndex(1)
    row.update_rule.activated.emit(1)
    row.conflict.setCurrentIndex(3)
    row.conflict.activated.emit(3)
    settle()
    phone = wizard.flow.rows(Page.LEAD_STANDARD)[3]
    assert (phone.update, phone.conflict) == (UpdateRule.IF_BLANK, ConflictRule.ASK)


def test_an_unfinished_row_keeps_the_page_and_takes_the_focus(custom, wizard, settle):
    custom.add.click()
    settle()
    press(wizard, "Next", settle)
    assert wizard.flow.page is Page.LEAD_CUSTOM
    assert "Choose both fields of every row" in shown_text(custom.banner)
    assert custom.focusWidget() is custom.rows[0].ac


def test_a_row_that_does_not_fit_keeps_the_page(custom, wizard, settle):
    custom.add.click()
    row = custom.rows[0]
    choose(row.ac, "field:2")
    row.sf.set_key("AnnualRevenue")
    row._report()
    settle()
    assert row.chip.text() == "Does not fit"
    press(wizard, "Next", settle)
    assert wizard.flow.page is Page.LEAD_CUSTOM


def test_a_row_can_be_removed_again(custom, wizard, settle):
    custom.add.click()
    custom.rows[0].remove.click()
    settle()
    assert custom.flow.rows(Page.LEAD_CUSTOM) == ()
    press(wizard, "Next", settle)
    assert wizard.flow.page is Page.CONTACT_STANDARD


def test_records_that_cannot_be_read_do_not_stop_the_mapping(wizard, custom, fake, settle):
    fake.fail["try_mapping"] = Problem(ProblemCode.TIMEOUT, values={"host": "acme.my.salesforce.com"})
    custom.add.click()
    choose(custom.rows[0].ac, "field:1")
    choose(custom.rows[0].sf, "AnnualRevenue")
    settle()
    assert custom.rows[0].chip.text() == "Not tried"
    assert "did not answer in time" in shown_text(custom.samples)


@pytest.fixture
def account(wizard, settle):
    for _ in range(4):
        press(wizard, "Next", settle)
    return wizard.page_widget


def test_accounts_are_off_until_the_switch_is_set(account, settle):
    assert account.rows == []
    account.switch.click()
    settle()
    assert [(r.mapping.ac_key, r.mapping.sf_field) for r in account.rows] == [("name", "Name")]
    assert account.flow.draft.mapping.accounts_on


def test_a_plan_without_accounts_allows_exactly_one_row(ready, qtbot, bridge, settle):
    ready.accounts_available = False
    wizard = open_wizard(qtbot, bridge, settle, Step.MAPPING)
    for _ in range(4):
        press(wizard, "Next", settle)
    page = wizard.page_widget
    page.switch.click()
    settle()
    assert [row.mapping.sf_field for row in page.rows] == ["Name"]
    assert not page.add.isEnabled()
    assert page.add.toolTip() == "Your ActiveCampaign plan allows one mapping here."


def test_finish_puts_the_mapping_into_effect(account, wizard, fake, settle):
    press(wizard, "Finish", settle)
    assert fake.current.done(Step.MAPPING)


def test_a_failing_finish_is_told_on_the_page_and_can_be_tried_again(account, wizard, fake, settle):
    fake.fail["finish_step"] = Problem(ProblemCode.DISK_FULL)
    press(wizard, "Finish", settle)
    assert wizard.page_widget.banner.problem.code is ProblemCode.DISK_FULL
    fake.fail.clear()
    press(wizard, "Finish", settle)
    assert fake.current.done(Step.MAPPING)


def test_fields_that_cannot_be_read_are_told(ready, qtbot, bridge, settle):
    ready.fail["mapping_choices"] = Problem(ProblemCode.NO_NETWORK, values={"host": "acme.api-us1.com"})
    wizard = open_wizard(qtbot, bridge, settle, Step.MAPPING)
    assert wizard.page_widget.banner.problem.code is ProblemCode.NO_NETWORK


def test_a_page_with_hundreds_of_fields_is_drawn_at_once(ready, qtbot, bridge, settle, monkeypatch):
    many = tuple(SalesforceField(f"F{i}__c", f"Field {i}", "string", 255, custom=True) for i in range(800))
    monkeypatch.setitem(data.SF_FIELDS, SObject.LEAD, (*data.SF_LEAD, *many))
    rows = tuple(FieldMapping(f"field:{i}", f"F{i}__c") for i in range(1, 8))
    mapping = replace(ready.current.mapping, lead=(*ready.current.mapping.lead, *rows))
    ready.current = replace(ready.current, mapping=mapping)
    wizard = open_wizard(qtbot, bridge, settle, Step.MAPPING)
    press(wizard, "Next", settle)
    page = wizard.page_widget
    assert [row.sf.currentText() for row in page.rows] == [f"Field {i}" for i in range(1, 8)]
    assert all(row.sf.count() == 0 for row in page.rows if not row.sf.hasFocus())
    page.rows[3].sf.showPopup()
    page.rows[3].sf.hidePopup()
    assert page.rows[3].sf.count() == len(data.SF_LEAD) + 800
