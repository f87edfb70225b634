"""A link to a record brings the window to the front and opens the record; it never acts."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from acassist.domain.ids import SObject
from acassist.gui import strings
from acassist.gui.application import Application, GuiOptions
from acassist.gui.single_instance import SingleInstance, instance_name

LINK = "acassist://record/00Q000000000001AAA"


@pytest.fixture
def application(qapp, fake, engine, tmp_path):
    fake.finish_setup()
    made = Application(qapp, engine, GuiOptions(tmp_path, lambda _code: strings.English(), link=LINK))
    yield made
    made.bridge.close()
    if made.window is not None:
        made.window.close()
        made.window.deleteLater()
    made.deleteLater()


def opened(fake):
    return [args[0] for name, args in fake.calls if name == "record"]


def wait(application, qtbot):
    qtbot.waitUntil(lambda: application.window is not None and not application.bridge.busy, timeout=5000)


def test_the_window_opens_on_the_record_of_the_link(application, fake, qtbot):
    application.begin()
    wait(application, qtbot)
    assert application.window.current == "records"
    assert [(ref.sobject, ref.sf_id) for ref in opened(fake)] == [(SObject.LEAD, "00Q000000000001AAA")]


def test_opening_a_link_only_reads(application, fake, qtbot):
    application.begin()
    wait(application, qtbot)
    acting = {"sync_now", "sync_record", "stop_syncing", "send_campaign", "enter_automation", "undo_run", "start"}
    assert acting.isdisjoint(name for name, _ in fake.calls)


def test_a_second_link_comes_to_the_open_window(application, fake, qtbot):
    application.begin()
    wait(application, qtbot)
    application.open_link("acassist://record/003000000000002AAA")
    wait(application, qtbot)
    assert opened(fake)[-1].sobject is SObject.CONTACT


def test_a_link_that_means_nothing_only_shows_the_window(application, fake, qtbot):
    application.begin()
    wait(application, qtbot)
    before = len(opened(fake))
    application.open_link("acassist://sync/now")
    wait(application, qtbot)
    assert application.window.isVisible()
    assert len(opened(fake)) == before


def test_a_link_that_comes_before_the_window_is_kept_for_it(application, fake, qtbot):
    application.open_link("acassist://record/003000000000002AAA")
    application.begin()
    wait(application, qtbot)
    assert [ref.sobject for ref in opened(fake)] == [SObject.CONTACT]


def test_a_second_start_hands_its_link_to_the_first(qtbot, tmp_path):
    name = instance_name(tmp_path, "anna")
    first, second = SingleInstance(name), SingleInstance(name)
    assert first.claim()
    with qtbot.waitSignal(first.link_wanted) as heard:
        assert not second.claim(LINK)
    first.close()
    assert heard.args == [LINK]


_HEARS = """
from PySide6.QtCore import QCoreApplication, QUrl
from PySide6.QtGui import QFileOpenEvent
from acassist.gui.application import make_qapplication
app = make_qapplication(["acassist"])
app.link_opened.connect(print)
QCoreApplication.sendEvent(app, QFileOpenEvent(QUrl("acassist://record/00Q000000000001AAA")))
"""


def test_a_link_that_the_desktop_hands_over_as_an_event_is_heard():
    environ = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run([sys.executable, "-c", _HEARS], env=environ, capture_output=True, text=True, timeout=60)
    assert done.stdout.strip() == LINK
