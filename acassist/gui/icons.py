"""Icons of the product's own family, tinted from the palette when they are drawn."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QByteArray, QObject, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPaintEvent, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QAbstractButton, QWidget

from acassist.gui.assets import asset
from acassist.gui.theme import theme

_FALLBACK = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" fill="none" stroke="currentColor" '
    'stroke-width="1.75"><circle cx="12" cy="12" r="7"/></svg>'
)


@lru_cache(maxsize=128)
def _drawing(name: str) -> str:
    path = asset(f"icons/{name}.svg")
    return path.read_text(encoding="utf-8") if path.is_file() else _FALLBACK


def paint_icon(painter: QPainter, rect: QRectF, name: str, color: QColor) -> None:
    """Draw an icon into a rectangle in one colour."""
    drawing = _drawing(name).replace("currentColor", color.name())
    QSvgRenderer(QByteArray(drawing.encode())).render(painter, rect)


def _pixmap(name: str, color: QColor, size: int, ratio: float) -> QPixmap:
    pixmap = QPixmap(round(size * ratio), round(size * ratio))
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    paint_icon(painter, QRectF(0, 0, size * ratio, size * ratio), name, color)
    painter.end()
    pixmap.setDevicePixelRatio(ratio)
    return pixmap


def icon(name: str, role: str = "text", size: int = 20) -> QIcon:
    """Return an icon in a colour role, sharp at 100 and 200 %, paler when disabled."""
    result = QIcon()
    for ratio in (1.0, 2.0):
        result.addPixmap(_pixmap(name, theme().color(role), size, ratio))
        result.addPixmap(_pixmap(name, theme().color("muted"), size, ratio), QIcon.Mode.Disabled)
    return result


class _Binding(QObject):
    """Keeps a button's icon in the colours of the look; lives and dies with the button."""

    def __init__(self, button: QAbstractButton, name: str, role: str, size: int) -> None:
        super().__init__(button)
        self._button, self._name, self._role, self._size = button, name, role, size
        theme().changed.connect(self.refresh)
        self.refresh()

    def show_icon(self, name: str, role: str, size: int) -> None:
        """Use another icon."""
        self._name, self._role, self._size = name, role, size
        self.refresh()

    def refresh(self) -> None:
        """Draw the icon in the colours of the look."""
        self._button.setIcon(icon(self._name, self._role, self._size))
        self._button.setIconSize(QSize(self._size, self._size))


def set_icon(button: QAbstractButton, name: str, role: str = "text", size: int = 20) -> None:
    """Give a button an icon that follows the look."""
    for bound in button.findChildren(_Binding):
        bound.show_icon(name, role, size)
        return
    _Binding(button, name, role, size)


class IconLabel(QWidget):
    """A decorative icon; the words beside it carry the meaning."""

    def __init__(self, name: str, role: str = "text", size: int = 20, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name, self._role = name, role
        self.setFixedSize(size, size)
        theme().changed.connect(self.update)

    def show_icon(self, name: str, role: str) -> None:
        """Draw another icon."""
        self._name, self._role = name, role
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint_icon(painter, QRectF(self.rect()), self._name, theme().color(self._role))
        painter.end()
