"""Light and dark: colour roles, spacing, fonts, and the palette and style sheet made from them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path

from PySide6.QtCore import QObject, QStandardPaths, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontInfo, QPalette
from PySide6.QtWidgets import QApplication, QWidget

from acassist.gui.assets import asset
from acassist.gui.control_marks import write_marks
from acassist.gui.style_sheet import Sizes, style_sheet

S1, S2, S3, S4, S5, S7 = 4, 8, 12, 16, 20, 28
"""Spacing steps in device-independent pixels."""
CONTROL_HEIGHT = 34
_USUAL = 10.5
"""The body size in points that widths are drawn for."""
_PROPERTY = "acassist.theme"


class Mode(StrEnum):
    """Which look the user asked for."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


def load_tokens() -> dict[str, dict[str, str]]:
    """Read the colour roles of both looks."""
    tokens: dict[str, dict[str, str]] = json.loads(asset("look_tokens.json").read_text(encoding="utf-8"))
    return tokens


def _mix(first: str, second: str, share: float) -> str:
    a, b = QColor(first), QColor(second)
    pairs = ((a.red(), b.red()), (a.green(), b.green()), (a.blue(), b.blue()))
    red, green, blue = (round(x * (1 - share) + y * share) for x, y in pairs)
    return QColor(red, green, blue).name()


def _derived(colours: Mapping[str, str]) -> dict[str, str]:
    """Add the roles that follow from others: control edges (3:1 on the surface) and the pressed accent."""
    return {
        **colours,
        "edge": _mix(colours["line"], colours["muted"], 0.62),
        "tint": _mix(colours["surface"], colours["accent_soft"], 0.45),
        "accent_hover": _mix(colours["accent"], colours["text"], 0.15),
    }


class Theme(QObject):
    """The look in use. Widgets that paint themselves ask it for colours and repaint on `changed`."""

    changed = Signal()

    def __init__(self, app: QApplication, mode: Mode = Mode.SYSTEM, *, marks: Path | None = None) -> None:
        super().__init__(app)
        self._app = app
        self._tokens = load_tokens()
        self._base = _interface_size(app.font())
        self._marks = marks or Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.TempLocation))
        self.mode = mode
        self.colours: dict[str, str] = {}
        app.setProperty(_PROPERTY, self)
        app.styleHints().colorSchemeChanged.connect(self._system_changed)
        self.set_mode(mode)

    @property
    def dark(self) -> bool:
        """Tell whether the dark look is shown."""
        if self.mode is Mode.SYSTEM:
            return self._app.styleHints().colorScheme() == Qt.ColorScheme.Dark
        return self.mode is Mode.DARK

    @property
    def sizes(self) -> Sizes:
        """Return the font sizes in points."""
        return Sizes(self._base)

    @property
    def scale(self) -> float:
        """Return how much larger the type is than usual, at least 1; widths that hold words grow with it."""
        return max(1.0, self._base / _USUAL)

    def color(self, role: str) -> QColor:
        """Return the colour of a role such as `text`, `muted` or `accent`."""
        return QColor(self.colours[role])

    def set_mode(self, mode: Mode) -> None:
        """Switch the look of the whole program at once."""
        self.mode = mode
        self._apply()

    def set_base_size(self, points: float) -> None:
        """Use another body size; everything else is relative to it."""
        self._base = points
        self._apply()

    def _system_changed(self) -> None:
        if self.mode is Mode.SYSTEM:
            self._apply()

    def _apply(self) -> None:
        name = "dark" if self.dark else "light"
        self.colours = _derived(self._tokens[name])
        images = write_marks(self._marks, name, self.colours)
        font = self._app.font()
        font.setPointSizeF(self._base)
        self._app.setFont(font)
        self._app.setPalette(_palette(self.colours))
        self._app.setStyleSheet(style_sheet(self.colours, self.sizes, images))
        self.changed.emit()


def _interface_size(font: QFont) -> float:
    """Return the desktop font's size in points, at least 10."""
    points = font.pointSizeF() if font.pointSizeF() > 0 else QFontInfo(font).pointSizeF()
    return max(_USUAL, points)


def _palette(colours: Mapping[str, str]) -> QPalette:
    palette = QPalette()
    roles = {
        QPalette.ColorRole.Window: "bg",
        QPalette.ColorRole.WindowText: "text",
        QPalette.ColorRole.Base: "surface",
        QPalette.ColorRole.AlternateBase: "sunken",
        QPalette.ColorRole.Text: "text",
        QPalette.ColorRole.Button: "surface",
        QPalette.ColorRole.ButtonText: "text",
        QPalette.ColorRole.PlaceholderText: "muted",
        QPalette.ColorRole.Highlight: "accent",
        QPalette.ColorRole.HighlightedText: "on_accent",
        QPalette.ColorRole.ToolTipBase: "idle",
        QPalette.ColorRole.ToolTipText: "on_idle",
        QPalette.ColorRole.Link: "accent",
        QPalette.ColorRole.Mid: "line",
    }
    for role, name in roles.items():
        palette.setColor(role, QColor(colours[name]))
    for role in (QPalette.ColorRole.Text, QPalette.ColorRole.WindowText, QPalette.ColorRole.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, role, QColor(colours["muted"]))
    return palette


def theme() -> Theme:
    """Return the look in use; raises RuntimeError before one was made."""
    app = QApplication.instance()
    found = app.property(_PROPERTY) if app is not None else None
    if not isinstance(found, Theme):
        raise RuntimeError("no theme was made yet")
    return found


def dress(widget: QWidget, **properties: str) -> QWidget:
    """Set the style properties (`kind`, `level`, `invalid`) of a widget and draw it anew; returns the widget."""
    for name, value in properties.items():
        widget.setProperty(name, value)
    widget.style().unpolish(widget)
    widget.style().polish(widget)
    for child in widget.findChildren(QWidget):
        child.style().unpolish(child)
        child.style().polish(child)
    widget.update()
    return widget
