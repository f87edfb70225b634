"""The foot of Prepare Salesforce: Apply, Skip for now, and how far Apply is."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QProgressBar, QWidget

from acassist.gui.accessibility import name
from acassist.gui.setup.told import Told
from acassist.gui.strings import message, number, tr
from acassist.gui.theme import S2, S3
from acassist.gui.widgets import BusyButton, Button, Text, column, row


class PrepareActions(QWidget):
    """Stays in sight while the lists above scroll."""

    package_confirmed = Signal(bool)

    def __init__(self, apply: Callable[[], None], skip: Callable[[], None], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        box = column(self, spacing=S2)
        self.package_off = QCheckBox(tr("The sync of the installed package is switched off"))
        self.package_off.toggled.connect(self._package_toggled)
        self.package_off.hide()
        box.addWidget(self.package_off)
        line = row(spacing=S3)
        self.apply = BusyButton(tr("Apply"), apply)
        self.skip = Button(tr("Skip for now"), skip)
        line.addWidget(self.apply)
        line.addWidget(self.skip)
        self.words = Text("", "muted")
        line.addWidget(self.words, 1)
        box.addLayout(line)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.hide()
        box.addWidget(self.bar)
        self._package = False
        self._complete = False
        self._loading = True
        self.show_loading()

    # -- what may be pressed
    def show_loading(self) -> None:
        """Nothing can be pressed before the org was looked at."""
        self._loading = True
        self._settle()

    def show_failed(self) -> None:
        """Nothing can be applied to an org that could not be looked at; the step can be finished without it."""
        self.show_loading()
        self.apply.allow(False, tr("The org could not be looked at."))

    def show_state(self, *, complete: bool, package: bool) -> None:
        """Offer what makes sense in this state; with a package, Apply waits for the confirmation."""
        self._loading, self._complete, self._package = False, complete, package
        self.package_off.setVisible(package and not complete)
        self._settle()

    def _package_toggled(self, on: bool) -> None:
        self._settle()
        self.package_confirmed.emit(on)

    def _settle(self) -> None:
        reason = ""
        if self._loading:
            reason = tr("The org is being looked at.")
        elif self._package and not self._complete and not self.package_off.isChecked():
            reason = tr("The ActiveCampaign package is installed. Two programs must not sync the same records.")
        self.apply.set_busy(False)
        self.apply.allow(not reason, reason)
        self.apply.make("" if self._complete else "primary")
        self.skip.setVisible(not self._complete)
        self.words.setText("" if self._loading else reason)

    # -- at work
    def show_progress(self, step: Told) -> None:
        """Say what is being done and how far it is."""
        words = message(step.phase)
        if step.total:
            words = tr("{phase}: {done} of {total}", phase=step.phase, done=number(step.done), total=number(step.total))
        self.words.setText(words)
        self.bar.setRange(0, step.total or 0)
        self.bar.setValue(step.done)
        name(self.bar, words)

    def begin(self) -> None:
        """Nothing else can be pressed while Apply works."""
        self.apply.set_busy(True, tr("Applying…"))
        self.skip.setEnabled(False)
        self.package_off.setEnabled(False)
        self.words.setText(tr("Salesforce needs up to a few minutes."))
        self.bar.setRange(0, 0)
        name(self.bar, tr("Applying…"))
        self.bar.show()

    def end(self) -> None:
        """Let the buttons be pressed again."""
        self.bar.hide()
        self.skip.setEnabled(True)
        self.package_off.setEnabled(True)
        self._settle()
