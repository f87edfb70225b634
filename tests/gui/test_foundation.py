"""The ground everything stands on: the bridge, the words, the look."""

from __future__ import annotations

import sys
from datetime import timedelta

import pytest
from PySide6.QtCore import QObject, QThread
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QToolButton

from acassist.assistant.events import StatusChanged
from acassist.domain.problem import Problem, ProblemCode
from acassist.domain.text import Message
from acassist.gui import strings
from acassist.gui.theme import Mode, load_tokens
from acassist.gui.widgets import SearchField
from tests.gui.conftest import NOW


def test_an_answer_arrives_on_the_windows_thread(bridge, settle, qapp):
    seen = []
    bridge.call(
        lambda a: a.status(), lambda s: seen.append((s, QThread.currentThread() is qapp.thread())), owner=bridge
    )
    settle()
    assert [on_gui for _, on_gui in seen] == [True]


def test_a_problem_goes_to_its_handler_and_not_to_done(bridge, fake, settle):
    fake.fail["status"] = Problem(ProblemCode.NO_NETWORK, values={"host": "acme.api-us1.com"})
    done, failed = [], []
    bridge.call(lambda a: a.status(), done.append, failed.append, owner=bridge)
    settle()
    assert done == []
    assert [p.code for p in failed] == [ProblemCode.NO_NETWORK]


def test_a_problem_without_a_handler_is_reported_by_the_bridge(bridge, fake, qtbot):
    fake.fail["status"] = Problem(ProblemCode.TIMEOUT, values={"host": "x"})
    with qtbot.waitSignal(bridge.failed) as caught:
        bridge.call(lambda a: a.status(), lambda _s: None, owner=bridge)
    assert caught.args[0].code is ProblemCode.TIMEOUT


def test_an_answer_for_a_widget_that_is_gone_is_dropped(bridge, fake, settle, qtbot):
    fake.delay["status"] = 0.05
    owner, seen = QObject(), []
    bridge.call(lambda a: a.status(), seen.append, owner=owner)
    owner.deleteLater()
    settle()
    assert seen == []


def test_a_cancelled_call_runs_neither_callback(bridge, fake, settle):
    fake.delay["status"] = 0.2
    seen = []
    call = bridge.call(lambda a: a.status(), seen.append, seen.append, owner=bridge)
    call.cancel()
    settle()
    assert seen == []


def test_a_stream_hands_over_each_page_and_then_ends(bridge, settle):
    pages, ended = [], []
    bridge.stream(lambda a: a.all_activities(None), pages.append, lambda _n: ended.append(True), owner=bridge)
    settle()
    assert len(pages) == 3
    assert ended == [True]


def test_events_of_the_engine_become_signals(bridge, fake, qtbot, engine):
    async def emit(assistant):
        assistant.events.emit(StatusChanged())

    with qtbot.waitSignal(bridge.statusChanged):
        engine.submit(emit)


@pytest.mark.parametrize(
    ("delta", "expected"),
    [
        (timedelta(seconds=-5), "just now"),
        (timedelta(minutes=-1), "1 minute ago"),
        (timedelta(hours=-3), "3 hours ago"),
        (timedelta(minutes=30), "in 30 minutes"),
    ],
)
def test_distances_in_time_are_told_as_a_person_would(delta, expected):
    assert strings.ago(NOW + delta) == expected


def test_nested_messages_are_filled_in():
    outer = Message("{who} left", {"who": Message("Anna {n}", {"n": 2})})
    assert strings.message(outer) == "Anna 2 left"


def _contrast(first: str, second: str) -> float:
    def luminance(colour: str) -> float:
        parts = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in QColor(colour).getRgbF()[:3]]
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]

    light, dark = sorted((luminance(first), luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


_TEXT_ON_GROUND = [
    ("text", "bg"), ("text", "surface"), ("muted", "bg"), ("muted", "surface"), ("muted", "sunken"),
    ("on_accent", "accent"), ("accent", "accent_soft"), ("ok", "ok_soft"), ("warn", "warn_soft"),
    ("bad", "bad_soft"), ("on_idle", "idle"), ("accent", "surface"), ("bad", "surface"),
]  # fmt: skip


@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize(("ink", "ground"), _TEXT_ON_GROUND)
def test_every_text_colour_can_be_read_on_its_ground(mode, ink, ground):
    tokens = load_tokens()[mode]
    assert _contrast(tokens[ink], tokens[ground]) >= 4.5


@pytest.mark.parametrize("mode", [Mode.LIGHT, Mode.DARK])
def test_the_edge_of_an_input_stands_out_from_its_ground(look, mode):
    look.set_mode(mode)
    assert _contrast(look.colours["edge"], look.colours["surface"]) >= 3


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="these objects are immortal from Python 3.12 on")
def test_a_long_session_does_not_use_up_none(bridge, qapp):
    # Some PySide6 releases drop a reference at each such call; the pinned one must not.
    before = sys.getrefcount(None)
    for _ in range(2_000):
        bridge.alert.emit(None)
        bridge.parent()
    assert sys.getrefcount(None) > before - 1_000


def test_the_clear_button_of_a_search_field_has_a_name_and_a_tool_tip(qtbot, look):
    field = SearchField("Search records")
    qtbot.addWidget(field)
    buttons = field.findChildren(QToolButton)
    assert [(b.accessibleName(), b.toolTip()) for b in buttons if b.accessibleName() == "Clear"] == [("Clear", "Clear")]
