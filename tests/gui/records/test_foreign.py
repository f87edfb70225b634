"""Records: text from outside is shown letter by letter and does nothing."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from acassist.domain.activity import Activity, ActivityKind
from acassist.gui.widgets.activity_list import ActivityDetail, ActivityRow
from acassist.gui.widgets.activity_list_links import LinkLine, web_address
from tests.gui import fake_data as data
from tests.gui.conftest import NOW
from tests.gui.records.kit import words

K = ActivityKind


HOSTILE = [
    "<script>alert(1)</script>",
    '<img src="https://evil.example/p.gif">',
    '<a href="javascript:alert(1)">x</a>',
    "<b>bold",
    "\u202eevil\u202c",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_foreign_text_is_shown_letter_by_letter(qtbot, text):
    row = ActivityRow(Activity(K.REPLIED, NOW, text, text, campaign=text))
    qtbot.addWidget(row)
    row.caret.toggle_open()
    labels = [label for label in row.findChildren(QLabel) if label.text()]
    assert {label.textFormat() for label in labels} == {Qt.TextFormat.PlainText}
    assert "\u202e" not in words(row)
    assert text.strip("\u202e\u202c") in words(row)


def test_a_megabyte_is_shortened_for_the_eye(qtbot):
    detail = ActivityDetail(Activity(K.REPLIED, NOW, "big", "x" * 1_000_000))
    qtbot.addWidget(detail)
    assert max(len(label.text()) for label in detail.findChildren(QLabel)) < 12_000
    assert "990,000 more characters" in words(detail)


@pytest.mark.parametrize(
    "address",
    ["https://bank.example@evil.example/", "https://user:pw@evil.example", "data:text/html,x", "JAVASCRIPT:x"],
)
def test_an_address_that_deceives_is_no_link(address):
    assert web_address(address) is None


def test_a_link_is_shown_in_full_as_it_is_asked_for(qtbot):
    line = LinkLine("Open", "https://exämple.com/\u202etxt.exe?" + "a" * 300)
    qtbot.addWidget(line)
    shown = line.address.text().replace("\u200b", "")
    assert shown == "https://xn--exmple-cua.com/%E2%80%AEtxt.exe?" + "a" * 300


def test_hostile_names_do_not_reach_header_or_results(page, settle, monkeypatch):
    card = replace(data.card(NOW), name="Eve\u202egnp", company="<b>x</b>\x00", tags=("t\u2066",), lists=("l\u200b",))
    monkeypatch.setattr(data, "card", lambda _now: card)
    hit = replace(data.hits()[0], name="Eve\u202e")
    monkeypatch.setattr(data, "hits", lambda: [hit])
    page.open(data.REF)
    settle()
    page._search("eve")
    settle()
    text = words(page.record.header) + words(page.record.header.details) + page.model.data(page.model.index(0))
    assert not set("\u202e\x00\u2066") & set(text)
    assert "Eve[U+202E]gnp" in text


def test_a_name_without_a_gap_does_not_widen_the_page(page, settle, monkeypatch):
    card = replace(data.card(NOW), name="x" * 400, company="y" * 300, email="z" * 200, tags=("t" * 200,))
    monkeypatch.setattr(data, "card", lambda _now: card)
    page.open(data.REF)
    settle()
    settle()
    page._view_all(page.record.record)
    settle()
    assert page.minimumSizeHint().width() <= 770
    assert page.record.header.name.text().replace("\u200b", "") == card.name
