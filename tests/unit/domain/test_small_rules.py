"""Record ids, tags, selection operators and e-mail addresses."""

import time

import pytest

from acassist.domain.email import valid_email
from acassist.domain.ids import Service, SObject, sobject_of, to18
from acassist.domain.selection import OPERATOR_LABELS, Operator, operators_for
from acassist.domain.tags import SYNC_TAGS, TRIGGER, is_offered_label, is_sync_tag


@pytest.mark.parametrize(
    ("short", "long"),
    # By hand: 1ZwTi has capitals at places 1 and 3, 2 + 8 = 10, the eleventh sign is K.
    [("00570000001ZwTi", "00570000001ZwTiAAK"), ("000000000000000", "000000000000000AAA"),
     ("AAAAAAAAAAAAAAA", "AAAAAAAAAAAAAAA555")],
)  # fmt: skip
def test_ids_get_the_three_characters_that_say_which_letters_are_capitals(short: str, long: str) -> None:
    assert to18(short) == long
    assert to18(long) == long


@pytest.mark.parametrize("text", ["", "003", "0037000000Zw-Ti", "0" * 16, "0" * 19, "٣" * 15, "é" * 18])
def test_what_is_no_id_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a Salesforce id"):
        to18(text)


def test_the_key_prefix_tells_the_object() -> None:
    assert [sobject_of(p + "x" * 12) for p in ("00Q", "003", "001", "006")] == [*("Lead", "Contact", "Account"), None]
    assert Service.SALESFORCE.other is Service.ACTIVECAMPAIGN


@pytest.mark.parametrize(
    "tag",
    ["created-from-salesforce-lead", "created-from-salesforce-contact", "added-to-salesforce-lead",
     "added-to-salesforce-contact", "salesforce-lead-converted-to-contact", "created-from-salesforce",
     "added-to-salesforce"],
)  # fmt: skip
def test_both_generations_of_tags_allow_updates(tag: str) -> None:
    assert is_sync_tag(tag)
    assert is_sync_tag(f" {tag.upper()} ")
    assert tag in SYNC_TAGS


@pytest.mark.parametrize("tag", ["", "salesforce", "created-from-salesforce-leads", *TRIGGER.values()])
def test_other_tags_allow_nothing(tag: str) -> None:
    assert not is_sync_tag(tag)


def test_trigger_tags_are_those_of_the_rules() -> None:
    assert TRIGGER == {SObject.CONTACT: "create-salesforce-contact", SObject.LEAD: "create-salesforce-lead"}


def test_the_label_that_offers_an_item_ignores_case() -> None:
    assert is_offered_label(" salesForce ")
    assert not is_offered_label("Salesforce 2")


ORDER = {Operator.LESS, Operator.LESS_OR_EQUAL, Operator.GREATER, Operator.GREATER_OR_EQUAL}
PARTS = {Operator.CONTAINS, Operator.NOT_CONTAINS, Operator.STARTS_WITH}


@pytest.mark.parametrize("type_", ["int", "double", "long", "currency", "percent", "date", "datetime"])
def test_ordered_types_compare_by_order_and_not_by_parts(type_: str) -> None:
    assert set(operators_for(type_)) >= ORDER
    assert not set(operators_for(type_)) & PARTS


@pytest.mark.parametrize("type_", ["string", "picklist", "email", "phone", "url", "textarea", "unheard-of"])
def test_texts_compare_by_parts_and_not_by_order(type_: str) -> None:
    assert set(operators_for(type_)) >= PARTS
    assert not set(operators_for(type_)) & ORDER


def test_special_types_have_only_what_salesforce_accepts() -> None:
    assert operators_for("boolean") == (Operator.EQUALS,)
    assert set(operators_for("multipicklist")) >= {Operator.INCLUDES, Operator.EXCLUDES}
    assert Operator.EQUALS not in operators_for("multipicklist")
    assert Operator.CONTAINS not in operators_for("reference")


def test_every_operator_has_a_label() -> None:
    assert set(OPERATOR_LABELS) == set(Operator)


@pytest.mark.parametrize(
    "text",
    ["a@b.co", "ann.o'neil+news@mail.example.org", "x_y-z@example.museum", "zoë@example.org", "info@bücher.example",
     "用户@例子.测试", "a@xn--bcher-kva.example", "A@EXAMPLE.ORG", f"{'a' * 64}@example.org",
     "info@हिन्दी.भारत"],
)  # fmt: skip
def test_usual_and_international_addresses_are_valid(text: str) -> None:
    assert valid_email(text)


@pytest.mark.parametrize(
    "text",
    ["", "a", "@", "a@", "@b.co", "a@b", "a@b.c", "a@@b.co", "a b@c.co", "a@b c.co", "a@.co", "a@b..co", "a@b.co.",
     ".a@b.co", "a.@b.co", "a..b@c.co", "a@-b.co", "a@b-.co", "a@b_c.co", '"a b"@c.co', "a@[127.0.0.1]", "a@127.0.0.1",
     "a@b.co\n", " a@b.co", "a,b@c.co", "a@b.co,c@d.co", "Ann <a@b.co>", "mailto:a@b.co", f"{'a' * 65}@example.org",
     f"a@{'b' * 64}.org", f"a@{'b.' * 130}org", "a\u00a0@b.co", "a@b\u200b.co"],
)  # fmt: skip
def test_what_salesforce_refuses_is_not_valid(text: str) -> None:
    assert not valid_email(text)


@pytest.mark.parametrize("text", ["a" * 10**6, "a." * 500_000 + "@", "a@" + "b." * 500_000, "@" * 10**6])
def test_a_huge_text_is_judged_at_once(text: str) -> None:
    start = time.perf_counter()
    assert not valid_email(text)
    assert time.perf_counter() - start < 1
