"""Text from outside that means harm stays harmless on its way from the account to the window's data and to files."""

from __future__ import annotations

import csv
import json
from collections.abc import AsyncIterator
from io import StringIO
from pathlib import Path
from time import perf_counter

import pytest

from acassist.activecampaign.activity_rows import plain
from acassist.assistant.person_activities import Export
from acassist.assistant.views import RecordRef
from acassist.domain.activity_filter import ActivityFilter
from acassist.domain.foreign_text import one_line, shortened, visible, wrappable
from tests.engine import Engine
from tests.flow.records_world import did, links, open_records, ref_of

MEGABYTE = 1_000_000
BODIES = {
    "script": "<script>alert(1)</script>Hello<img src=x onerror=alert(1)>",
    "remote image": '<img src="https://evil.example/pixel.gif">Hello',
    "javascript link": '<a href="javascript:alert(1)">Hello</a>',
    "data link": '<a href="data:text/html,<script>alert(1)</script>">Hello</a>',
    "style": "<style>*{display:none}</style><link rel=stylesheet href=//evil.example/x>Hello",
    "broken": "<div><p><b><i Hello <<>><br/></p></table>Hello<!-- ",
    "frames": "<iframe src=//evil.example></iframe><object data=x></object><svg/onload=alert(1)>Hello",
    "entities": "&lt;script&gt;alert(1)&lt;/script&gt; Hello",
    "right to left": "Hello \u202egpj.exe\u202c \u2066x\u2069 \u200b\x00\x1b[31m",
}
FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "  =cmd|' /C calc'!A0", "=HYPERLINK(\"http://evil\")"]


@pytest.fixture
async def person(tmp_path: Path) -> AsyncIterator[tuple[Engine, RecordRef]]:
    engine = await open_records(tmp_path / "p")
    yield engine, ref_of(links(engine)[0])
    await engine.close()


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
async def test_a_hostile_reply_becomes_plain_text(person: tuple[Engine, RecordRef], body: str) -> None:
    engine, ref = person
    did(engine, ref.ac_id or "", "replied", minutes=0, subject=body, message=body, campaign=1)
    feed = await engine.assistant.recent_activities(ref)
    reply = feed.items[0]
    assert "Hello" in reply.detail
    assert reply.link is None
    shown = visible(reply.detail)
    for unseen in "\u202e\u202c\u2066\u2069\u200b\x00\x1b":
        assert unseen not in shown
    tags = ("<script", "<img", "<a ", "<style", "<iframe", "<svg")
    assert "&lt;" in body or not any(tag in reply.detail.casefold() for tag in tags)


async def test_only_web_addresses_become_links(person: tuple[Engine, RecordRef]) -> None:
    engine, ref = person
    hostile = ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "vbscript:x", " https://ok.example/a "]
    for number, url in enumerate(hostile):
        did(engine, ref.ac_id or "", "page", minutes=len(hostile) - number, url=url)
    feed = await engine.assistant.recent_activities(ref)
    assert [item.link for item in feed.items[: len(hostile)]] == ["https://ok.example/a", None, None, None, None]


@pytest.mark.parametrize(
    "piece", ["a", "<br", "<", "<div>", "\n \n", "<d<i>iv>", "<b <c>", "<script>", "&lt;x", "<!--"]
)
def test_a_body_of_a_megabyte_is_read_in_a_moment(piece: str) -> None:
    body = piece * (MEGABYTE // len(piece))
    begun = perf_counter()
    plain(body)
    assert perf_counter() - begun < 5, "quadratic work on foreign text"


async def test_a_huge_reply_is_kept_whole_for_the_export_and_shortened_for_the_eye(
    person: tuple[Engine, RecordRef], tmp_path: Path
) -> None:
    engine, ref = person
    did(engine, ref.ac_id or "", "replied", minutes=0, subject="big", message="x" * MEGABYTE, campaign=1)
    feed = await engine.assistant.recent_activities(ref)
    text, left_out = shortened(feed.items[0].detail)
    assert (len(text) + left_out, len(text) <= 10_000) == (MEGABYTE, True)
    path = tmp_path / "all.json"
    await engine.assistant.export_activities(ref, Export(path, ActivityFilter()))
    assert len(json.loads(path.read_text())[0]["details"]) == MEGABYTE


@pytest.mark.parametrize("formula", FORMULAS)
async def test_no_cell_of_the_csv_is_a_formula(
    person: tuple[Engine, RecordRef], tmp_path: Path, formula: str
) -> None:
    engine, ref = person
    did(engine, ref.ac_id or "", "replied", minutes=0, subject=formula, message=formula, campaign=1)
    did(engine, ref.ac_id or "", "event", minutes=0, event=formula, value=formula)
    path = tmp_path / "all.csv"
    await engine.assistant.export_activities(ref, Export(path, ActivityFilter()))
    rows = list(csv.reader(StringIO(path.read_text(encoding="utf-8-sig"), newline="")))
    cells = [cell for row in rows for cell in row]
    assert len(rows) > 2
    assert not [cell for cell in cells if cell.lstrip(" ").startswith(("=", "+", "-", "@", "\t", "\r", "\n"))]


async def test_the_csv_shows_what_could_not_be_seen(person: tuple[Engine, RecordRef], tmp_path: Path) -> None:
    engine, ref = person
    did(engine, ref.ac_id or "", "event", minutes=0, event="E", value="a\u202eb")
    path = tmp_path / "all.csv"
    await engine.assistant.export_activities(ref, Export(path, ActivityFilter()))
    text = path.read_text(encoding="utf-8-sig")
    assert ("\u202e" in text, "a[U+202E]b" in text) == (False, True)


async def test_a_hostile_name_is_harmless_in_search_and_header(person: tuple[Engine, RecordRef]) -> None:
    engine, ref = person
    name = "<b>Eve</b>\u202egnp"
    await engine.control.call("PATCH", f"/salesforce/Contact/{ref.sf_id}", {"FirstName": name})
    card = await engine.assistant.record(ref)
    assert one_line(card.name).startswith("<b>Eve</b>[U+202E]gnp")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain", "plain"),
        ("José 王小明 🙂", "José 王小明 🙂"),
        ("a\r\nb\rc\u2028d", "a\nb\nc\nd"),
        ("\u202eabc", "[U+202E]abc"),
        ("a\u200db \u200c \ufe0f", "a\u200db \u200c \ufe0f"),
        ("\ufeff\u2060\u00ad", "[U+FEFF][U+2060][U+00AD]"),
        ("\x07bell\x7f", "[U+0007]bell[U+007F]"),
        ("tab\there", "tab\there"),
    ],
)
def test_what_cannot_be_seen_is_made_visible(text: str, expected: str) -> None:
    assert visible(text) == expected


def test_a_name_stays_on_one_line() -> None:
    assert one_line("a\n\n b\u2028c\t d") == "a b c d"


def test_only_words_too_long_for_a_line_are_broken() -> None:
    assert wrappable("a usual sentence, with-a-few-long-words") == "a usual sentence, with-a-few-long-words"
    broken = wrappable("x" * 100)
    assert (broken.replace("\u200b", ""), max(map(len, broken.split("\u200b")))) == ("x" * 100, 12)


@pytest.mark.parametrize("piece", ["x", "\u202e", "\n", "\r\n", "a\u2028"])
def test_what_is_shown_is_short_whatever_it_is_made_of(piece: str) -> None:
    text = piece * (MEGABYTE // len(piece))
    shown, left_out = shortened(text)
    assert (len(shown) <= 10_000, shown.count("\n") < 400) == (True, True)
    assert visible(text[: len(text) - left_out]) == shown


def test_a_short_text_is_whole() -> None:
    assert shortened("Dear all,\r\n\r\nyes.") == ("Dear all,\n\nyes.", 0)
