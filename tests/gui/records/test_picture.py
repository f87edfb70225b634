"""The picture in the send dialog: only on request, drawn from bytes, else in words."""

from __future__ import annotations

import struct
import zlib

import pytest
from PySide6.QtCore import QSize, Qt

from acassist.assistant.views import CampaignPicture
from acassist.domain.problem import Problem, ProblemCode
from acassist.domain.text import Message
from acassist.gui.accessibility import crawl
from acassist.gui.records.campaign_picture import MOST_PIXELS, drawn
from acassist.sandbox.activecampaign.picture import of_campaign
from tests.gui.records.kit import choose


@pytest.fixture
def line(dialog, qtbot):
    """Return the picture's line on the confirmation of a campaign."""
    choose(dialog)
    qtbot.mouseClick(dialog.next, Qt.MouseButton.LeftButton)
    return dialog.picture


def press(line, qtbot, settle) -> None:
    qtbot.mouseClick(line.button, Qt.MouseButton.LeftButton)
    settle()


def test_nothing_is_fetched_until_somebody_asks(line, fake, settle):
    settle()
    assert fake.called("campaign_picture") == 0
    assert line.button.isVisible()
    assert not line.image.isVisible()


def test_the_picture_is_drawn_in_its_shape_and_has_a_name(line, fake, qtbot, settle):
    press(line, qtbot, settle)
    shown = line.image.pixmap()
    assert (shown.width(), shown.height()) == (150, 180)
    assert line.image.accessibleName().startswith("Picture of the campaign “")
    assert not line.button.isVisible()
    assert crawl(line) == []


def test_two_presses_fetch_once(line, fake, qtbot, settle):
    fake.delay["campaign_picture"] = 0.05
    line.button.click()
    line.button.click()
    settle()
    assert fake.called("campaign_picture") == 1


def test_the_keyboard_reaches_the_button(line, fake, qtbot, settle):
    line.button.setFocus()
    qtbot.keyClick(line.button, Qt.Key.Key_Space)
    settle()
    assert fake.called("campaign_picture") == 1


def test_an_account_without_a_picture_says_so(line, fake, qtbot, settle):
    fake.picture = CampaignPicture(None, Message("ActiveCampaign tells of no picture of this campaign."))
    press(line, qtbot, settle)
    assert line.words.text() == "ActiveCampaign tells of no picture of this campaign."
    assert not line.image.isVisible()


def test_a_failure_is_said_and_can_be_tried_again(line, fake, qtbot, settle):
    fake.fail["campaign_picture"] = Problem(ProblemCode.NO_NETWORK, values={"host": "acme.img-us3.com"})
    press(line, qtbot, settle)
    assert "acme.img-us3.com" in line.words.text()
    del fake.fail["campaign_picture"]
    press(line, qtbot, settle)
    assert line.image.isVisible()
    assert not line.words.isVisible()


@pytest.mark.parametrize("broken", [b"", b"\x89PNG\r\n\x1a\n", b"GIF89a", of_campaign(1)[:200], b"<svg/>"])
def test_what_cannot_be_drawn_is_said(line, fake, qtbot, settle, broken):
    fake.picture = CampaignPicture(broken)
    press(line, qtbot, settle)
    assert line.words.text() == "What came is no picture that can be shown."


def bomb(width: int, height: int) -> bytes:
    """Return a few bytes that claim to be a huge picture."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


def test_a_small_file_that_unfolds_to_a_huge_picture_is_not_drawn():
    side = 60_000
    assert side * side > MOST_PIXELS
    assert drawn(bomb(side, side), QSize(300, 180)) is None


def test_a_small_picture_is_not_enlarged():
    assert drawn(of_campaign(2), QSize(4000, 4000)).size() == QSize(300, 360)
