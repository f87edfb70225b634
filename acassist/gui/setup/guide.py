"""A card of numbered, illustrated steps: a drawing, what to do, and what to copy."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QWidget

from acassist.gui.setup.guide_picture import GuidePicture, Scene
from acassist.gui.strings import number, tr
from acassist.gui.theme import S2, S4, S5
from acassist.gui.widgets import Card, Rule, Text, column, row

Step = tuple[Scene, str, tuple[str, ...]]
"""What is drawn, the title, and the sentences; texts still in English."""


class Guide(Card):
    """Draws steps one below the other; a subclass adds what there is to copy."""

    def __init__(self, title: str, steps: Sequence[Step], parent: QWidget | None = None, *, padding: int = S5) -> None:
        super().__init__(parent, padding=padding, spacing=S4)
        self.body.addWidget(Text(title, "section"))
        for count, step in enumerate(steps, start=1):
            if count > 1:
                self.body.addWidget(Rule())
            self.body.addLayout(self._step(count, *step))

    def copies(self, scene: Scene) -> Iterable[QWidget]:
        """Return what a step has to copy, nothing unless a guide says so."""
        del scene
        return ()

    def _step(self, count: int, scene: Scene, title: str, sentences: tuple[str, ...]) -> QHBoxLayout:
        across = row(spacing=S4)
        across.addWidget(GuidePicture(scene), 0, Qt.AlignmentFlag.AlignTop)
        words = column(spacing=S2)
        words.addWidget(Text(tr("{count}. {title}", count=number(count), title=tr(title)), "strong"))
        for sentence in sentences:
            words.addWidget(Text(tr(sentence)))
        for widget in self.copies(scene):
            words.addWidget(widget)
        words.addStretch(1)
        across.addLayout(words, 1)
        return across
