"""What a backfill would do and cost, how it goes, and Start."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QProgressBar, QWidget

from acassist.assistant.views import Level
from acassist.domain.backfill import BackfillEstimate
from acassist.domain.problem import Problem
from acassist.gui.accessibility import name
from acassist.gui.strings import tr
from acassist.gui.sync.backfill import words
from acassist.gui.theme import S1, S2, S3, S4
from acassist.gui.widgets import BusyButton, Card, LevelIcon, ProblemBanner, Text
from acassist.gui.widgets.layout import clear, column, row


class Figures(QFrame):
    """Counts side by side: figure, title, meaning."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "well")
        self._line = row(self, spacing=S3, margins=(S4, S3, S4, S3))

    def show_figures(self, figures: list[tuple[str, str, str]]) -> None:
        """Show counts."""
        clear(self._line)
        for title, figure, meaning in figures:
            holder = QWidget()
            holder.setProperty("kind", "clear")
            name(holder, tr("{label}: {count}", label=title, count=figure), meaning)
            box = column(holder, spacing=0)
            box.addWidget(Text(figure, "section", wrap=False))
            box.addWidget(Text(title, "strong"))
            if meaning:
                box.addWidget(Text(meaning, "small"))
            box.addStretch(1)
            self._line.addWidget(holder, 1)


class EstimateCard(Card):
    """`wanted` asks for an estimate, `startWanted` for the start."""

    wanted = Signal()
    startWanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, spacing=S3)
        self.found: BackfillEstimate | None = None
        self._started = True
        self.body.addWidget(Text(tr("What it would do"), "section"))
        self.meaning = Text(tr("Nothing is written for the estimate."), "muted")
        self.bar = QProgressBar()
        self.bar.setRange(0, 0)
        self.bar.setTextVisible(False)
        name(self.bar, tr("Estimating…"))
        self.figures, self.cost = Figures(), Text("", "strong")
        self.notes = column(spacing=S1)
        self.trouble = ProblemBanner(closable=True)
        for part in (self.meaning, self.bar, self.figures, self.cost):
            self.body.addWidget(part)
        self.body.addLayout(self.notes)
        self.body.addWidget(self.trouble)
        self.body.addWidget(self._make_how())
        self.estimate = BusyButton(tr("Estimate"), self.wanted.emit)
        self.start = BusyButton(tr("Start with five people"), self.startWanted.emit)
        self.foot = self._make_foot()
        self.forget()

    def _make_foot(self) -> QWidget:
        """Build the line with both buttons, which the page keeps in sight below what scrolls."""
        foot = QWidget()
        foot.setProperty("kind", "clear")
        line = row(foot, spacing=S2)
        self.hint = Text("", "muted")
        line.addWidget(self.hint, 1)
        for button in (self.estimate, self.start):
            line.addWidget(button)
        return foot

    def _make_how(self) -> QWidget:
        holder = QWidget()
        holder.setProperty("kind", "clear")
        box = column(holder, spacing=S1)
        box.addWidget(Text(tr("How it goes"), "strong"))
        for step in (
            tr("1. Five people are written, read back and compared value by value. A difference stops it."),
            tr("2. You look at the five and say whether to go on."),
            tr("3. The rest follows page by page. You can pause it; after a restart it goes on where it stopped."),
        ):
            box.addWidget(Text(step, "muted"))
        return holder

    # -- states
    def _show(self, *, busy: bool = False) -> None:
        found = self.found
        self.bar.setVisible(busy)
        self.figures.setVisible(found is not None)
        self.cost.setVisible(found is not None)
        clear(self.notes)
        if found is not None:
            self.figures.show_figures(words.estimate_figures(found))
            self.cost.setText(words.cost_words(found))
            for said in words.warnings(found):
                self._note(said, warn=not (found.fits_plan and found.fits_today))
        self.estimate.set_busy(busy, tr("Estimating…"))
        obstacle = words.obstacle(found, started=self._started)
        self.start.set_busy(False)
        self.start.allow(not obstacle and not busy, obstacle)
        cost = words.cost_words(found) if found is not None else ""
        self.hint.setText("" if busy else obstacle or cost)
        ready = self.start.isEnabled()
        self.estimate.make("" if ready else "primary")
        self.start.make("primary" if ready else "")

    def _note(self, said: str, *, warn: bool) -> None:
        holder = QWidget()
        holder.setProperty("kind", "clear")
        line = row(holder, spacing=S2)
        line.addWidget(LevelIcon(Level.WARN if warn else Level.IDLE, 16), 0, Qt.AlignmentFlag.AlignTop)
        line.addWidget(Text(said), 1)
        self.notes.addWidget(holder)

    def forget(self, *, changed: bool = False) -> None:
        """Drop the estimate, because what is asked for changed."""
        again = tr("What you chose changed. Estimate again.")
        self.meaning.setText(again if changed else tr("Nothing is written for the estimate."))
        self.found = None
        self.trouble.dismiss()
        self._show()

    def show_busy(self) -> None:
        """Say that it is being counted."""
        self.meaning.setText(tr("Counting records on both sides. Nothing is written…"))
        self.found = None
        self.trouble.dismiss()
        self._show(busy=True)

    def show_estimate(self, found: BackfillEstimate) -> None:
        """Show the figures."""
        self.meaning.setText(tr("Counted just now. Nothing was written."))
        self.found = found
        self._show()

    def show_problem(self, problem: Problem) -> None:
        """Say why it could not be counted or started."""
        self.meaning.setText(tr("Nothing is written for the estimate."))
        self._show()
        self.trouble.show_problem(problem)

    def set_started(self, started: bool) -> None:
        """Tell whether the first sync was made."""
        if started != self._started:
            self._started = started
            self._show()


