"""Quotas and brakes with their meaning, to be read only."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from acassist.domain.profile import Limits
from acassist.gui.accessibility import name
from acassist.gui.strings import number, tr
from acassist.gui.theme import S3, S4
from acassist.gui.widgets import Card, Text
from acassist.gui.widgets.layout import column


def lines(limits: Limits) -> list[tuple[str, str, str]]:
    """Return title, meaning and value of each limit (rules 6.1 and 6.2)."""
    return [
        (
            tr("Overwritten records"),
            tr("A run stops for your decision before it overwrites more records than this, or a larger share of all."),
            tr(
                "{count} or {percent} %", count=number(limits.overwrite_count), percent=number(limits.overwrite_percent)
            ),
        ),
        (
            tr("Emptied fields"),
            tr("A run stops for your decision before it empties one field on more records than this."),
            number(limits.emptied_count),
        ),
        (
            tr("New records"),
            tr("A run stops before it creates more records than the preview announced or the plan has room for."),
            tr("always on"),
        ),
        (
            tr("Salesforce calls"),
            tr(
                "The sync pauses when this share of the day’s allowance is used, and goes on when calls are free again."
            ),
            tr("{percent} %", percent=number(limits.salesforce_share)),
        ),
        (
            tr("ActiveCampaign calls"),
            tr("All programs of the account share five calls a second. This program keeps below and waits when asked."),
            tr("{n} a second", n=number(5)),
        ),
    ]


class LimitsCard(Card):
    """What protects the data and the quotas."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.body.addWidget(Text(tr("Quotas and brakes"), "section"))
        self.body.addWidget(Text(tr("They protect both sides from a mistake. They cannot be changed here."), "muted"))
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(S4)
        self._grid.setVerticalSpacing(S3)
        self._grid.setColumnStretch(0, 1)
        self.body.addLayout(self._grid)
        self._values: list[Text] = []
        self.show_limits(Limits())

    @property
    def values(self) -> list[str]:
        return [value.text() for value in self._values]

    def show_limits(self, limits: Limits) -> None:
        """Show the limits in effect."""
        for place, (title, meaning, value) in enumerate(lines(limits)):
            if place >= len(self._values):
                self._add_line(place, title, meaning)
            self._values[place].setText(value)
            name(self._values[place], tr("{title}: {value}", title=title, value=value))

    def _add_line(self, place: int, title: str, meaning: str) -> None:
        words = column(spacing=0)
        words.addWidget(Text(title, "strong"))
        words.addWidget(Text(meaning, "muted"))
        value = Text("", "strong", wrap=False)
        self._grid.addLayout(words, place, 0)
        self._grid.addWidget(value, place, 1, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop)
        self._values.append(value)
