"""Activities as rows with a caret: icon, kind, name, time; the caret opens the detail of its kind."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QSizePolicy, QWidget

from acassist.domain.activity import Activity
from acassist.gui.icons import IconLabel
from acassist.gui.strings import ago, tr, when
from acassist.gui.theme import S1, S2, S3, S4, dress
from acassist.gui.widgets.activity_list_caret import Caret
from acassist.gui.widgets.activity_list_links import LinkLine, web_address
from acassist.gui.widgets.activity_list_words import KIND_ICONS, facts, label, link_words, note, title_of
from acassist.gui.widgets.labels import Elided, SelectableText, Text
from acassist.gui.widgets.layout import Rule, clear, column, row

_TWO_LINES_BELOW = 60
"""In average letters of the interface font."""


class ActivityDetail(QFrame):
    """What is behind the caret, as plain text, with the link shown in full."""

    def __init__(self, activity: Activity | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        dress(self, kind="well")
        self._box = column(self, spacing=S2, margins=(S4, S3, S4, S3))
        if activity is not None:
            self.show_activity(activity)

    def show_activity(self, activity: Activity) -> None:
        """Show another activity."""
        clear(self._box)
        grid = QGridLayout()
        grid.setHorizontalSpacing(S4)
        grid.setVerticalSpacing(S1)
        grid.setColumnStretch(1, 1)
        for line, fact in enumerate(facts(activity)):
            grid.addWidget(Text(fact.label, "muted", wrap=False), line, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(SelectableText(fact.text), line, 1)
        self._box.addLayout(grid)
        if note(activity.kind):
            self._box.addWidget(Text(note(activity.kind), "small"))
        if web_address(activity.link) is not None:
            self._box.addWidget(LinkLine(link_words(activity.kind), activity.link or ""))


class _Head(QWidget):
    """The visible line of a row; a click anywhere on it works the caret."""

    def __init__(self, activity: Activity, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        kind = label(activity.kind)
        subject = tr("Details of {kind}: {name}, {time}", kind=kind, name=title_of(activity), time=ago(activity.at))
        box = row(self, spacing=S2, margins=(0, S1, 0, S1))
        self.caret = Caret(subject)
        self.kind, self.name = Elided(kind, "strong"), Elided(title_of(activity), "muted")
        self.kind.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        self.time = Text(ago(activity.at), "small", wrap=False)
        self.time.setToolTip(when(activity.at))
        self.time.setAccessibleDescription(when(activity.at))
        self._words = QGridLayout()
        self._words.setHorizontalSpacing(S2)
        self._words.setVerticalSpacing(0)
        self._words.setColumnStretch(1, 1)
        self._narrow: bool | None = None
        self._place_words(False)
        box.addWidget(self.caret)
        box.addWidget(IconLabel(KIND_ICONS[activity.kind], "muted", 20))
        box.addSpacing(S1)
        box.addLayout(self._words, 1)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def _place_words(self, narrow: bool) -> None:
        """Put name and time below the kind where all three do not fit on one line."""
        if narrow == self._narrow:
            return
        self._narrow = narrow
        self._words.addWidget(self.kind, 0, 0, 1, 3 if narrow else 1)
        self._words.addWidget(self.name, int(narrow), 0 if narrow else 1, 1, 2 if narrow else 1)
        self._words.addWidget(self.time, int(narrow), 2)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_words(event.size().width() < _TWO_LINES_BELOW * self.fontMetrics().averageCharWidth())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.caret.toggle_open()
        super().mouseReleaseEvent(event)


class ActivityRow(QWidget):
    """One activity; its detail is built when it is opened for the first time."""

    def __init__(self, activity: Activity, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.activity = activity
        self.detail: ActivityDetail | None = None
        self._box = column(self, spacing=0)
        self.head = _Head(activity)
        self._box.addWidget(self.head)
        self.head.caret.toggledOpen.connect(self._show_detail)

    @property
    def caret(self) -> Caret:
        return self.head.caret

    def _show_detail(self, opened: bool) -> None:
        if self.detail is None:
            self.detail = ActivityDetail(self.activity)
            self._box.addWidget(self.detail)
            self._box.addSpacing(S2)
        self.detail.setVisible(opened)


class ActivityList(QWidget):
    """A short list of activities, newest first as given."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._box = column(self, spacing=0)
        self.rows: list[ActivityRow] = []
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)

    def show_activities(self, activities: Sequence[Activity]) -> None:
        """Show these activities and no others."""
        clear(self._box)
        self.rows = []
        for place, activity in enumerate(activities):
            if place:
                self._box.addWidget(Rule())
            row_widget = ActivityRow(activity)
            self.rows.append(row_widget)
            self._box.addWidget(row_widget)
