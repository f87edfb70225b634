"""The wizard with what stands above it: where one is, and how many pages there are."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QStyle, QWidget

from acassist.domain.profile import STEP_TITLES
from acassist.gui.accessibility import name
from acassist.gui.icons import IconLabel
from acassist.gui.setup.wizard import SetupWizard
from acassist.gui.strings import number, tr
from acassist.gui.theme import S1, S3, S7
from acassist.gui.widgets import Button, Elided, Text, column, row


class WizardFrame(QWidget):
    """Breadcrumb, page count, wizard."""

    home_wanted = Signal()

    def __init__(self, wizard: SetupWizard, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "page")
        self.wizard = wizard
        # A wizard keeps the style's margin around its pages and buttons; it is taken off here so that edges line up.
        inner = self.style().pixelMetric(QStyle.PixelMetric.PM_LayoutLeftMargin)
        box = column(self, spacing=0, margins=(S7 - inner, S3, S7 - inner, S1))
        trail = row(spacing=S1, margins=(inner - 4, 0, inner, 0))
        home = Button(tr("Setup"), self.home_wanted.emit, kind="link")
        name(home, tr("Back to Setup"))
        trail.addWidget(home)
        trail.addWidget(IconLabel("chevron-right", "muted", 16))
        trail.addSpacing(S1)
        trail.addWidget(Elided(tr(STEP_TITLES[wizard.flow.step]), "muted"), 1)
        self._place = Text("", "muted", wrap=False)
        trail.addSpacing(S3)
        trail.addWidget(self._place, 0, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        box.addLayout(trail)
        box.addWidget(wizard, 1)
        wizard.moved.connect(self._count)
        self._count()

    def _count(self) -> None:
        page, pages = self.wizard.flow.position
        self._place.setText(tr("Page {page} of {pages}", page=number(page), pages=number(pages)))
