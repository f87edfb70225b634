"""The left side of the window: name, the five places, the sandbox mark, and the calls of the day."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QButtonGroup, QFrame, QLabel, QProgressBar, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from acassist.assistant.views import Status
from acassist.domain.profile import Role
from acassist.gui.accessibility import name
from acassist.gui.icons import IconLabel, set_icon
from acassist.gui.pages import PLACES, VIEWER_PLACES, Place
from acassist.gui.strings import number, tr, tr_n
from acassist.gui.theme import S1, S2, S3, S4, dress, theme
from acassist.gui.widgets import Text, column, row

WIDTH = 208
_BODY = 10.5


class NavButton(QPushButton):
    """One place: icon, words, and a count where it has one."""

    def __init__(self, place: Place, parent: QWidget | None = None) -> None:
        super().__init__(tr(place.title), parent)
        self.place = place
        self.setCheckable(True)
        self.setProperty("kind", "nav")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        name(self, tr(place.title))
        set_icon(self, place.icon, "muted")
        self.toggled.connect(self._tint)
        self._count = QLabel("", self)
        self._count.setProperty("kind", "chip")
        self._count.setProperty("level", "bad")
        self._count.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._count.hide()

    def needed_width(self) -> int:
        """Return how wide the button must be for its words and a count of four signs beside them."""
        count = QLabel(tr("999+"), self)
        count.hide()
        count.setProperty("kind", "chip")
        count.ensurePolished()
        wide = count.sizeHint().width()
        count.deleteLater()
        return self.sizeHint().width() + S2 + wide

    def _tint(self, checked: bool) -> None:
        set_icon(self, self.place.icon, "accent" if checked else "muted")

    def set_count(self, count: int) -> None:
        """Show how many things wait there."""
        self._count.setText(number(count) if count < 1000 else tr("999+"))
        self._count.setVisible(count > 0)
        self.setAccessibleDescription(tr_n("{n} issue", "{n} issues", count) if count else "")
        self._place_count()

    def _place_count(self) -> None:
        size = self._count.sizeHint()
        self._count.setGeometry(self.width() - size.width() - S3, (self.height() - size.height()) // 2, *size.toTuple())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_count()


class CallMeter(QWidget):
    """Salesforce calls of the day's allowance as a meter; ActiveCampaign calls as a plain count (it has no limit)."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        box = column(self, spacing=S1)
        self._title = Text(tr("API calls today"), "strong")
        self._salesforce = Text("", "small")
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._activecampaign = Text("", "small")
        for part in (self._title, self._salesforce, self._bar, self._activecampaign):
            box.addWidget(part)
        self._bar.hide()

    def show_calls(self, salesforce: tuple[int, int] | None, activecampaign: int) -> None:
        """Show the counts."""
        self._bar.setVisible(salesforce is not None)
        if salesforce is None:
            self._salesforce.setText(tr("Salesforce: not connected"))
        else:
            self._show_allowance(*salesforce)
        self._activecampaign.setText(tr("ActiveCampaign: {count}", count=number(activecampaign)))

    def _show_allowance(self, used: int, allowed: int) -> None:
        words = tr("Salesforce: {used} of {allowed}", used=number(used), allowed=number(allowed))
        share = round(100 * used / allowed) if allowed else 0
        self._salesforce.setText(words)
        self._bar.setRange(0, 100)
        self._bar.setValue(min(100, share))
        name(self._bar, words)
        dress(self._bar, level="bad" if share >= 95 else "warn" if share >= 80 else "")


class Navigation(QFrame):
    """Lets the user choose a place with the mouse or the keyboard."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "nav")
        box = column(self, spacing=S1, margins=(S3, S4, S3, S4))
        box.addLayout(self._brand())
        box.addSpacing(S4)
        self._group = QButtonGroup(self)
        self._buttons: dict[str, NavButton] = {}
        for place in PLACES:
            button = NavButton(place)
            self._buttons[place.key] = button
            self._group.addButton(button)
            box.addWidget(button)
        theme().changed.connect(self._fit)
        self._fit()
        self._group.buttonClicked.connect(self._clicked)
        box.addStretch(1)
        self.sandbox = self._sandbox_mark()
        box.addWidget(self.sandbox)
        box.addSpacing(S2)
        self.meter = CallMeter()
        box.addWidget(self.meter)

    def _fit(self) -> None:
        """Keep the width in step with the size of the type, and with the longest name and its count."""
        needed = 0
        for button in self._buttons.values():
            button.ensurePolished()
            needed = max(needed, button.needed_width() + 2 * S3)
        self.setFixedWidth(max(needed, round(WIDTH * max(1.0, theme().sizes.body / _BODY))))

    def _brand(self) -> QVBoxLayout:
        box = column(spacing=0, margins=(S2, 0, 0, 0))
        box.addWidget(Text(tr("Setup Assistant"), "section"))
        box.addWidget(Text(tr("for ActiveCampaign"), "small"))
        return box

    def _sandbox_mark(self) -> QFrame:
        mark = QFrame()
        mark.setProperty("kind", "mark")
        box = row(mark, margins=(S2, S2, S2, S2))
        box.addWidget(IconLabel("flask", "warn", 18), 0, Qt.AlignmentFlag.AlignTop)
        box.addWidget(Text(tr("Practice mode: two sandboxes on this computer, no real data."), "warn"), 1)
        mark.hide()
        return mark

    def _clicked(self, button: NavButton) -> None:
        self.chosen.emit(button.place.key)

    def select(self, key: str) -> None:
        """Mark a place as the one shown."""
        self._buttons[key].setChecked(True)

    def button(self, key: str) -> NavButton:
        """Return the button of a place."""
        return self._buttons[key]

    def show_role(self, role: Role) -> None:
        """Show the places that a role has; those of others cannot be reached by a shortcut either."""
        for key, button in self._buttons.items():
            button.setVisible(role is Role.MANAGER or key in VIEWER_PLACES)
            button.setEnabled(button.isVisibleTo(self))

    def show_status(self, status: Status) -> None:
        """Show counts, calls and the practice mark."""
        self.show_role(status.role)
        self._buttons["issues"].set_count(status.need_you)
        self.meter.show_calls(status.calls_sf, status.calls_ac)
        self.sandbox.setVisible(status.sandbox_service)
