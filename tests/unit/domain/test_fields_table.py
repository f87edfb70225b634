"""The official table of supported pairs (integration_behaviour A4): every row, and every refusal with its reason."""

from dataclasses import replace

import pytest

from acassist.domain.fields import (
    ACCOUNT_NAME_FIELD,
    STANDARD_CONTACT_FIELDS,
    ActiveCampaignField,
    FieldKind,
    ObjectDescription,
    SalesforceField,
    find_sync_fields,
    kind_of,
    one_way,
    refusal,
)
from tests.unit.domain.fields_for_tests import SALESFORCE, activecampaign

# Copied from the official cheat sheet by hand, in its own words.
SHEET = """
Checkbox: checkbox
Currency: currency text hidden
Date: date
Email: text dropdown hidden
Formula: text textarea hidden checkbox
Number: text dropdown hidden
Percent: text hidden
Picklist: text dropdown hidden
MultiPicklist: listbox
Phone: text hidden
Text: text dropdown hidden date
TextArea: text textarea hidden
LongTextArea: textarea hidden
RichTextArea: textarea hidden
EncryptedText: text hidden
Url: text dropdown hidden
"""
ROWS = {FieldKind(k): set(v.split()) for k, v in (line.split(": ") for line in SHEET.strip().splitlines())}
AC_TYPES = ("text", "textarea", "dropdown", "hidden", "checkbox", "listbox", "date", "datetime", "radio", "number",
            "currency")  # fmt: skip
FIRST, LAST, EMAIL, PHONE, ACCOUNT = STANDARD_CONTACT_FIELDS


@pytest.mark.parametrize("kind", ROWS)
@pytest.mark.parametrize("ac_type", AC_TYPES)
def test_the_sheet_decides_every_pair(kind: FieldKind, ac_type: str) -> None:
    reason = refusal(activecampaign(ac_type), SALESFORCE[kind])
    assert (reason is None) is (ac_type in ROWS[kind])
    if reason is not None:
        assert "cannot be mapped" in reason.english()


def test_the_sheet_names_every_kind() -> None:
    assert set(ROWS) == set(FieldKind) == {kind_of(field) for field in SALESFORCE.values()}


def test_a_refusal_names_both_types() -> None:
    reason = refusal(activecampaign("text"), SALESFORCE[FieldKind.MULTI_PICKLIST])
    assert reason is not None
    assert reason.english() == "Picklist (multi-select) in Salesforce cannot be mapped to Text input in ActiveCampaign."


@pytest.mark.parametrize("type_", ["datetime", "time", "reference", "location", "address", "id", "base64", "anyType"])
def test_types_outside_the_sheet_are_refused_by_name(type_: str) -> None:
    reason = refusal(activecampaign("text"), SalesforceField("X__c", "Their owner", type_))
    assert reason is not None
    assert "Their owner" in reason.english()


def test_an_auto_number_is_refused() -> None:
    assert refusal(activecampaign("text"), SalesforceField("N", "No.", "string", auto_number=True)) is not None


def test_account_fields_call_a_list_box_multiselect() -> None:
    field = ActiveCampaignField("accountField:3", "Tags", "multiselect", options=("a",))
    assert refusal(field, SALESFORCE[FieldKind.MULTI_PICKLIST]) is None


@pytest.mark.parametrize("options", [(), ("True",), ("yes", "no")])
def test_a_check_box_needs_the_option_true_in_lower_case(options: tuple[str, ...]) -> None:
    reason = refusal(activecampaign("checkbox", options), SALESFORCE[FieldKind.CHECKBOX])
    assert reason is not None
    assert "option with the value true" in reason.english()


@pytest.mark.parametrize("ac_type", ["text", "textarea", "hidden"])
def test_a_true_or_false_formula_goes_only_to_check_boxes(ac_type: str) -> None:
    yes_no = replace(SALESFORCE[FieldKind.FORMULA], type="boolean")
    reason = refusal(activecampaign(ac_type), yes_no)
    assert reason is not None
    assert "check boxes" in reason.english()
    assert refusal(activecampaign("checkbox"), yes_no) is None


@pytest.mark.parametrize("target", [LAST, EMAIL, ACCOUNT, ACCOUNT_NAME_FIELD], ids=lambda f: f.key)
def test_a_formula_cannot_feed_what_must_be_writable(target: ActiveCampaignField) -> None:
    reason = refusal(target, SALESFORCE[FieldKind.FORMULA])
    assert reason is not None
    assert "formula" in reason.english()


def test_a_formula_may_feed_the_first_name_one_way() -> None:
    assert refusal(FIRST, SALESFORCE[FieldKind.FORMULA]) is None
    assert one_way(SALESFORCE[FieldKind.FORMULA])
    assert not one_way(SALESFORCE[FieldKind.TEXT])


@pytest.mark.parametrize(
    ("field", "kind", "allowed"),
    [
        (EMAIL, FieldKind.EMAIL, True),
        (EMAIL, FieldKind.TEXT, False),
        (PHONE, FieldKind.PHONE, True),
        (PHONE, FieldKind.TEXT, True),
        (PHONE, FieldKind.NUMBER, False),
        (FIRST, FieldKind.TEXT, True),
        (FIRST, FieldKind.CHECKBOX, False),
        (ACCOUNT, FieldKind.TEXT, True),
        (ACCOUNT, FieldKind.CURRENCY, False),
    ],
)
def test_standard_fields_need_the_same_kind_of_value(
    field: ActiveCampaignField, kind: FieldKind, allowed: bool
) -> None:
    assert (refusal(field, SALESFORCE[kind]) is None) is allowed


def test_text_areas_are_told_apart_by_format_and_length() -> None:
    assert kind_of(SalesforceField("A", "A", "textarea", length=255)) is FieldKind.TEXT_AREA
    assert kind_of(SalesforceField("A", "A", "textarea", length=256)) is FieldKind.LONG_TEXT_AREA
    assert kind_of(SalesforceField("A", "A", "textarea", length=32768, html=True)) is FieldKind.RICH_TEXT_AREA


@pytest.mark.parametrize("name", ["ActiveCampaign_Sync_Status__c", "acme__ActiveCampaign_Sync_Status__c"])
def test_the_status_field_is_found_with_and_without_a_namespace(name: str) -> None:
    status = SalesforceField(name, "Whatever", "string", custom=True)
    found = find_sync_fields(ObjectDescription("Lead", "Lead", (status,)))
    assert found.status == name
    assert found.names == (name,)


def test_the_id_field_is_found_by_its_label_and_not_on_accounts() -> None:
    field = SalesforceField("X__c", "activecampaign id", "string", custom=True)
    assert find_sync_fields(ObjectDescription("Contact", "Contact", (field,))).contact_id == "X__c"
    assert find_sync_fields(ObjectDescription("Account", "Account", (field,))).contact_id is None


def test_fields_are_found_without_regard_to_case() -> None:
    lead = ObjectDescription("Lead", "Lead", (SALESFORCE[FieldKind.TEXT],))
    assert lead.has("NICK__C")
    assert not lead.has("Nick")
