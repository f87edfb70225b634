"""A stacked bar chart painted by the program: a limit line, values under the pointer, the same numbers as text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from acassist.gui.accessibility import name
from acassist.gui.strings import number
from acassist.gui.theme import theme

_AXIS_GAP = 8.0
_BAR_SHARE = 0.66
_RADIUS = 3.0
_NEAR = 4
"""A limit up to this many times the highest bar is drawn to scale; a higher one would flatten the bars."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: a label, one value per series, and the sentence that says the same in words."""

    label: str
    values: tuple[float, ...]
    words: str


@dataclass(frozen=True, slots=True)
class Limit:
    """A value that bars should stay below, and its words."""

    value: int
    words: str


def nice_top(highest: float) -> int:
    """Return the smallest of 1, 2 or 5 times a power of ten that is not below the highest value."""
    top = 1
    while top < highest:
        for factor in (2, 5, 10):
            if top * factor >= highest:
                return top * factor
        top *= 10
    return top


class BarChart(QWidget):
    """Shows bars side by side, series stacked; arrow keys and the pointer pick one, and it is spoken and shown."""

    pointed = Signal(str)
    """The words of the bar that was picked, empty when none is."""

    def __init__(self, title: str, roles: Sequence[str] = (), parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = title
        self._roles = tuple(roles)
        self._bars: tuple[Bar, ...] = ()
        self._limit: Limit | None = None
        self._current = -1
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMouseTracking(True)
        name(self, title)
        theme().changed.connect(self.update)

    @property
    def bars(self) -> tuple[Bar, ...]:
        return self._bars

    @property
    def limit(self) -> Limit | None:
        return self._limit

    @property
    def limit_fits(self) -> bool:
        """Tell whether the limit line stands at its true height; else it is drawn broken, at the top."""
        return self._limit is not None and self._limit.value <= self.top

    def set_title(self, title: str) -> None:
        """Change what the chart is called."""
        self._title = title

    def set_bars(
        self, bars: Sequence[Bar], summary: str, *, roles: Sequence[str] = (), limit: Limit | None = None
    ) -> None:
        """Show bars; the summary is the chart in one sentence for those who cannot see it."""
        self._bars = tuple(bars)
        self._roles = tuple(roles) or self._roles
        self._limit = limit
        self._current = -1
        name(self, self._title, summary)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(320, 150)

    def minimumSizeHint(self) -> QSize:
        return QSize(160, 110)

    # -- reading the chart
    def bar_at(self, x: float) -> int:
        """Return the number of the bar at a place, -1 when there is none."""
        area = self._area()
        if not self._bars or not area.left() <= x <= area.right():
            return -1
        return min(len(self._bars) - 1, int((x - area.left()) / (area.width() / len(self._bars))))

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            found = self.bar_at(event.position().x() if hasattr(event, "position") else event.pos().x())
            if found >= 0:
                QToolTip.showText(event.globalPos(), self._bars[found].words, self)
                return True
        return super().event(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._pick(self.bar_at(event.position().x()))

    def leaveEvent(self, event: QEvent) -> None:
        self._pick(-1)
        super().leaveEvent(event)

    def _pick(self, place: int) -> None:
        if place != self._current:
            self._current = place
            self.pointed.emit(self._bars[place].words if place >= 0 else "")
            self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Right: 1, Qt.Key.Key_Left: -1}
        step = steps.get(Qt.Key(event.key()))
        if step is None or not self._bars:
            super().keyPressEvent(event)
            return
        start = self._current if self._current >= 0 else (-1 if step > 0 else len(self._bars))
        self._pick(max(0, min(len(self._bars) - 1, start + step)))
        name(self, self._title, self._bars[self._current].words)
        area = self._area()
        x = area.left() + (self._current + 0.5) * area.width() / len(self._bars)
        QToolTip.showText(self.mapToGlobal(QPointF(x, area.top()).toPoint()), self._bars[self._current].words, self)

    # -- painting
    @property
    def top(self) -> int:
        """Return the value at the upper end of the axis."""
        highest = max((sum(bar.values) for bar in self._bars), default=1)
        if self._limit is not None and self._limit.value <= _NEAR * highest:
            highest = max(highest, self._limit.value)
        return nice_top(highest)

    def _small(self) -> QFont:
        font = QFont(self.font())
        font.setPointSizeF(theme().sizes.small)
        return font

    def _area(self) -> QRectF:
        metrics = QFontMetricsF(self._small())
        left = metrics.horizontalAdvance(number(self.top)) + _AXIS_GAP
        line = metrics.height()
        above = line * 1.5 if self._limit is not None else line / 2
        return QRectF(left, above, self.width() - left - 1, self.height() - above - line - _AXIS_GAP)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(self._small())
        area = self._area()
        self._paint_axis(painter, area)
        self._paint_bars(painter, area)
        self._paint_labels(painter, area)
        if self._limit is not None:
            self._paint_limit(painter, area, self._limit)
        if self.hasFocus():
            painter.setPen(QPen(theme().color("accent"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 6, 6)
        painter.end()

    def _paint_axis(self, painter: QPainter, area: QRectF) -> None:
        top = self.top
        line = QFontMetricsF(self._small()).height()
        for share in (0.0, 0.5, 1.0):
            y = round(area.bottom() - share * area.height()) + 0.5
            painter.setPen(QPen(theme().color("line"), 1))
            painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))
            value = top * share
            if value == int(value):
                painter.setPen(theme().color("muted"))
                box = QRectF(0, y - line / 2, area.left() - _AXIS_GAP, line)
                painter.drawText(
                    box, int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter), number(int(value))
                )

    def _paint_bars(self, painter: QPainter, area: QRectF) -> None:
        if not self._bars:
            return
        step = area.width() / len(self._bars)
        width = min(step * _BAR_SHARE, 36.0)
        scale = area.height() / self.top
        for place, bar in enumerate(self._bars):
            left = area.left() + place * step + (step - width) / 2
            if place == self._current:
                painter.fillRect(QRectF(area.left() + place * step, area.top(), step, area.height()), self._ground())
            bottom = area.bottom()
            for role, value in zip(self._roles, bar.values, strict=True):
                height = value * scale
                if value > 0:
                    self._paint_piece(painter, QRectF(left, bottom - max(height, 2.0), width, max(height, 2.0)), role)
                bottom -= height

    def _paint_piece(self, painter: QPainter, rect: QRectF, role: str) -> None:
        gap = 1.0 if rect.height() > 4 else 0.0
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme().color(role))
        radius = min(_RADIUS, rect.height() / 2)
        painter.drawRoundedRect(rect.adjusted(0, gap, 0, 0), radius, radius)

    def _paint_limit(self, painter: QPainter, area: QRectF, limit: Limit) -> None:
        """Draw the limit to scale, or broken above the axis where it is far above every bar."""
        line = QFontMetricsF(self._small()).height()
        y = area.bottom() - limit.value * area.height() / self.top if self.limit_fits else area.top() - line * 0.25
        y = round(y) + 0.5
        painter.setPen(QPen(theme().color("bad"), 1, Qt.PenStyle.DashLine))
        start = area.left()
        if not self.limit_fits:  # two strokes across, as for an axis that leaves something out
            for x in (start + 6, start + 11):
                painter.drawLine(QPointF(x - 3, y + 4), QPointF(x + 3, y - 4))
            start += 18
        painter.drawLine(QPointF(start, y), QPointF(area.right(), y))
        box = QRectF(area.left(), y - line - 1, area.width(), line)
        painter.setPen(theme().color("bad"))
        painter.drawText(box, int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter), limit.words)

    def _ground(self) -> QColor:
        return theme().color("sunken")

    def _paint_labels(self, painter: QPainter, area: QRectF) -> None:
        if not self._bars:
            return
        metrics = QFontMetricsF(self._small())
        step = area.width() / len(self._bars)
        widest = max(metrics.horizontalAdvance(bar.label) for bar in self._bars) + 12
        stride = max(1, -(-int(widest) // max(1, int(step))))
        painter.setPen(theme().color("muted"))
        for place in range(len(self._bars) - 1, -1, -stride):
            middle = area.left() + (place + 0.5) * step
            left = max(0.0, min(middle - widest / 2, self.width() - widest))
            box = QRectF(left, area.bottom() + _AXIS_GAP, widest, metrics.height())
            inside = left + widest >= self.width() - 0.5
            side = (
                Qt.AlignmentFlag.AlignRight
                if inside and place == len(self._bars) - 1
                else Qt.AlignmentFlag.AlignHCenter
            )
            painter.drawText(box, int(side | Qt.AlignmentFlag.AlignTop), self._bars[place].label)


class Swatch(QWidget):
    """The small square of a legend."""

    def __init__(self, role: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._role = role
        self.setFixedSize(12, 12)
        theme().changed.connect(self.update)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme().color(self._role))
        painter.drawRoundedRect(QRectF(self.rect()), _RADIUS, _RADIUS)
        painter.end()
