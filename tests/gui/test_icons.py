"""The icon family and the app icon: drawn to one standard, tinted at run time, packed in every size."""

from __future__ import annotations

import re
import struct
from pathlib import Path

import pytest
from PySide6.QtCore import QByteArray, QRectF, QSize
from PySide6.QtGui import QColor, QIcon, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

from acassist.domain.activity import ActivityKind
from acassist.gui.assets import asset
from acassist.gui.icons import icon, paint_icon
from acassist.gui.widgets.activity_list_words import KIND_ICONS

ICONS = asset("icons")
FAMILY = sorted(path for path in ICONS.glob("*.svg") if path.stem != "app")
GUI = Path(__file__).resolve().parents[2] / "acassist" / "gui"


@pytest.mark.parametrize("path", FAMILY, ids=lambda path: path.stem)
def test_every_drawing_keeps_to_the_standard_of_the_family(path):
    drawing = path.read_text(encoding="utf-8")
    assert 'viewBox="0 0 24 24"' in drawing
    assert 'stroke-width="1.75"' in drawing
    assert 'stroke-linecap="round"' in drawing
    assert set(re.findall(r'(?:fill|stroke)="([^"]+)"', drawing)) <= {"none", "currentColor"}
    assert QSvgRenderer(QByteArray(drawing.encode())).isValid()


@pytest.mark.parametrize("path", FAMILY, ids=lambda path: path.stem)
def test_no_drawing_leaves_its_square(path):
    image = QImage(72, 72, QImage.Format.Format_ARGB32)
    image.fill(0)
    painter = QPainter(image)
    paint_icon(painter, QRectF(12, 12, 48, 48), path.stem, QColor("black"))
    painter.end()
    outside = [(x, y) for x in range(72) for y in (*range(11), *range(61, 72)) if image.pixelColor(x, y).alpha()]
    assert outside == []


def test_every_name_the_program_asks_for_is_drawn():
    drawn = {path.stem for path in FAMILY}
    asked = set(KIND_ICONS.values())
    pattern = re.compile(
        r"(?:set_icon\([\w.]+, |IconButton\(\s*|IconLabel\(|EmptyState\(\s*|(?<!_)\bicon\()\"([a-z-]+)\""
    )
    for path in GUI.rglob("*.py"):
        asked |= set(pattern.findall(path.read_text(encoding="utf-8")))
    assert asked - drawn == set()


def test_the_kinds_of_activity_can_be_told_apart_by_their_icon():
    assert set(KIND_ICONS) == set(ActivityKind)
    assert len(set(KIND_ICONS.values())) == len(ActivityKind)


def test_an_icon_is_tinted_in_the_colour_of_its_role(look):
    image = icon("stop", "bad", 48).pixmap(48, 48).toImage()
    solid = {image.pixelColor(x, 24).name() for x in range(48) if image.pixelColor(x, 24).alpha() == 255}
    assert solid == {look.color("bad").name()}


def test_the_app_icon_is_there_in_every_png_size():
    for size in (16, 20, 24, 32, 40, 48, 64, 96, 128, 256, 512, 1024):
        assert QImage(str(ICONS / "app" / f"app-{size}.png")).size() == QSize(size, size)


def test_the_windows_icon_holds_all_sizes_of_the_shell():
    data = (ICONS / "app" / "app.ico").read_bytes()
    kind, count = struct.unpack("<HH", data[2:6])
    sizes = {data[6 + 16 * n] or 256 for n in range(count)}
    assert kind == 1
    assert sizes >= {16, 24, 32, 48, 256}
    assert not QIcon(str(ICONS / "app" / "app.ico")).isNull()


def test_the_mac_icon_says_its_length_and_holds_the_retina_sizes():
    data = (ICONS / "app" / "app.icns").read_bytes()
    kinds, place = [], 8
    while place < len(data):
        kinds.append(data[place : place + 4])
        place += struct.unpack(">I", data[place + 4 : place + 8])[0]
    assert data[:4] == b"icns"
    assert struct.unpack(">I", data[4:8])[0] == len(data) == place
    assert {b"ic07", b"ic10", b"ic13", b"ic14"} <= set(kinds)
