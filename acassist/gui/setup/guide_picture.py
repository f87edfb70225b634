"""Small drawings of the places in Salesforce, painted in the colours of the look."""

from __future__ import annotations

from enum import Enum, auto

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from acassist.gui.theme import theme

_WIDTH, _HEIGHT = 184, 124


class Scene(Enum):
    """What a drawing shows."""

    FIND = auto()
    OAUTH = auto()
    SCOPES = auto()
    POLICIES = auto()
    KEY = auto()
    AUTOMATION = auto()
    TAG = auto()
    RESULT = auto()


class GuidePicture(QWidget):
    """A simplified browser window with the place that matters marked; the words beside it say the same."""

    def __init__(self, scene: Scene, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._scene = scene
        self.setFixedSize(_WIDTH, _HEIGHT)
        theme().changed.connect(self.update)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._frame(painter)
        {
            Scene.FIND: self._find,
            Scene.OAUTH: self._oauth,
            Scene.SCOPES: self._scopes,
            Scene.POLICIES: self._policies,
            Scene.KEY: self._key,
            Scene.AUTOMATION: self._automation,
            Scene.TAG: self._tag,
            Scene.RESULT: self._result,
        }[self._scene](painter)
        painter.end()

    def _colour(self, role: str) -> QColor:
        return theme().color(role)

    def _box(self, painter: QPainter, rect: QRectF, fill: str, edge: str = "", width: float = 1) -> None:
        painter.setPen(QPen(self._colour(edge), width) if edge else Qt.PenStyle.NoPen)
        painter.setBrush(self._colour(fill))
        painter.drawRoundedRect(rect, 4, 4)

    def _bar(self, painter: QPainter, x: float, y: float, width: float, role: str = "line") -> None:
        self._box(painter, QRectF(x, y, width, 6), role)

    def _frame(self, painter: QPainter) -> None:
        self._box(painter, QRectF(0.5, 0.5, _WIDTH - 1, _HEIGHT - 1), "bg", "line")
        painter.setPen(Qt.PenStyle.NoPen)
        for count in range(3):
            painter.setBrush(self._colour("line"))
            painter.drawEllipse(QRectF(9 + 10 * count, 8, 6, 6))
        self._bar(painter, 46, 8, 90)
        painter.setPen(QPen(self._colour("line"), 1))
        painter.drawLine(1, 22, _WIDTH - 2, 22)

    def _marked(self, painter: QPainter, rect: QRectF) -> None:
        self._box(painter, rect, "accent_soft", "accent", 2)

    def _tick(self, painter: QPainter, x: float, y: float, on: bool) -> None:
        self._box(painter, QRectF(x, y, 12, 12), "accent" if on else "surface", "accent" if on else "line")
        if on:
            painter.setPen(QPen(self._colour("on_accent"), 2))
            painter.drawPolyline([*_points(x, y)])

    def _find(self, painter: QPainter) -> None:
        self._marked(painter, QRectF(10, 32, 62, 18))
        self._bar(painter, 18, 38, 40, "accent")
        for line in range(4):
            self._bar(painter, 12, 60 + 14 * line, (50, 38, 54, 44)[line])
        self._box(painter, QRectF(84, 32, 90, 82), "surface", "line")
        self._marked(painter, QRectF(118, 40, 48, 16))
        self._bar(painter, 126, 45, 32, "accent")
        for line in range(3):
            self._bar(painter, 94, 70 + 14 * line, (70, 56, 62)[line])

    def _oauth(self, painter: QPainter) -> None:
        self._tick(painter, 12, 32, True)
        self._bar(painter, 32, 35, 70)
        self._marked(painter, QRectF(12, 54, 160, 58))
        for line in range(5):
            self._bar(painter, 20, 60 + 10 * line, 108, "accent")

    def _scopes(self, painter: QPainter) -> None:
        self._box(painter, QRectF(12, 32, 68, 38), "surface", "line")
        for line in range(2):
            self._bar(painter, 18, 40 + 13 * line, (46, 36)[line])
        self._marked(painter, QRectF(104, 32, 68, 38))
        for line in range(2):
            self._bar(painter, 112, 40 + 13 * line, (50, 42)[line], "accent")
        painter.setPen(QPen(self._colour("accent"), 2))
        painter.drawPolyline([*_arrow(88, 51)])
        for line, on in enumerate((True, False, False)):
            self._tick(painter, 12, 78 + 15 * line, on)
            self._bar(painter, 32, 81 + 15 * line, (88, 104, 76)[line])

    def _policies(self, painter: QPainter) -> None:
        self._bar(painter, 12, 34, 36)
        self._marked(painter, QRectF(58, 28, 60, 18))
        self._bar(painter, 66, 34, 44, "accent")
        for line, width in enumerate((62, 78, 54)):
            top = 58 + 20 * line
            self._bar(painter, 12, top + 5, 48)
            self._box(painter, QRectF(70, top, 102, 16), "surface", "line")
            self._bar(painter, 76, top + 5, width, "accent")

    def _key(self, painter: QPainter) -> None:
        self._bar(painter, 12, 34, 60)
        self._marked(painter, QRectF(12, 48, 120, 20))
        self._bar(painter, 20, 55, 98, "accent")
        self._box(painter, QRectF(138, 48, 34, 20), "accent")
        self._bar(painter, 145, 55, 20, "on_accent")
        self._bar(painter, 12, 82, 72)
        self._box(painter, QRectF(12, 94, 120, 18), "surface", "line")

    def _automation(self, painter: QPainter) -> None:
        """Draw an automation from top to bottom, with the plus sign where the next action goes."""
        painter.setPen(QPen(self._colour("line"), 1))
        for top in (48, 76):
            painter.drawLine(QPointF(92, top), QPointF(92, top + 8))
        for top, width in ((30, 76), (56, 60)):
            self._box(painter, QRectF(42, top, 100, 18), "surface", "line")
            self._bar(painter, 54, top + 6, width)
        painter.setPen(QPen(self._colour("accent"), 2))
        painter.setBrush(self._colour("accent_soft"))
        painter.drawEllipse(QPointF(92, 98), 14, 14)
        painter.drawLine(QPointF(86, 98), QPointF(98, 98))
        painter.drawLine(QPointF(92, 92), QPointF(92, 104))

    def _tag(self, painter: QPainter) -> None:
        """Draw the list of actions with the one that adds a tag, and the tag typed."""
        for line, width in enumerate((44, 52, 38)):
            top = 30 + 22 * line
            if line == 1:
                self._marked(painter, QRectF(10, top, 70, 18))
            else:
                self._box(painter, QRectF(10, top, 70, 18), "surface", "line")
            self._bar(painter, 18, top + 6, width, "accent" if line == 1 else "line")
        painter.setPen(QPen(self._colour("accent"), 2))
        painter.drawPolyline([*_arrow(86, 61)])
        self._box(painter, QRectF(98, 30, 76, 62), "surface", "line")
        self._bar(painter, 106, 40, 36)
        self._box(painter, QRectF(106, 54, 60, 16), "accent_soft", "accent", 2)
        self._bar(painter, 112, 59, 46, "accent")
        self._box(painter, QRectF(134, 76, 32, 10), "accent")

    def _result(self, painter: QPainter) -> None:
        """Draw a tagged contact on the left that becomes a record on the right."""
        for left, marked in ((10, False), (112, True)):
            if marked:
                self._marked(painter, QRectF(left, 34, 62, 78))
            else:
                self._box(painter, QRectF(left, 34, 62, 78), "surface", "line")
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._colour("accent" if marked else "line"))
            painter.drawEllipse(QPointF(left + 31, 52), 9, 9)
            self._bar(painter, left + 12, 70, 38, "accent" if marked else "line")
            self._bar(painter, left + 16, 82, 30, "accent" if marked else "line")
        self._box(painter, QRectF(18, 94, 46, 10), "accent")
        painter.setPen(QPen(self._colour("accent"), 2))
        painter.drawLine(QPointF(80, 73), QPointF(100, 73))
        painter.drawPolyline([*_arrow(97, 73)])


def _points(x: float, y: float) -> tuple[QPointF, QPointF, QPointF]:
    return QPointF(x + 3, y + 6.2), QPointF(x + 5.2, y + 8.4), QPointF(x + 9, y + 4)


def _arrow(x: float, y: float) -> tuple[QPointF, QPointF, QPointF]:
    return QPointF(x, y - 4), QPointF(x + 5, y), QPointF(x, y + 4)
