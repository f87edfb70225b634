"""For every field on which linked people differ: keep both values, or take those of one side."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from acassist.domain.ledger import KeptDifference
from acassist.domain.merge import FirstLinkChoice
from acassist.gui.accessibility import name
from acassist.gui.strings import tr, tr_n
from acassist.gui.theme import S2, S4
from acassist.gui.widgets import Card, Combo, Text, clear, column

_SAMPLES = 2


class FieldChoices(Card):
    """One line a field: how many people differ, an example of each, and the choice."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, spacing=S2)
        self.combos: dict[str, Combo] = {}
        self.body.addWidget(Text(tr("Where linked people differ"), "section"))
        meaning = tr("Blank values are filled in any case. A difference that is kept stays until one side changes.")
        self.body.addWidget(Text(meaning, "muted"))
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(S4)
        self._grid.setVerticalSpacing(S2)
        self._grid.setColumnStretch(0, 1)
        self.body.addLayout(self._grid)
        self.hide()

    def show_differences(self, differences: Sequence[KeptDifference]) -> None:
        """Show the fields; a choice made before stays while its field is there."""
        kept = self.choices()
        clear(self._grid)
        self.combos = {}
        by_key: dict[str, list[KeptDifference]] = {}
        for difference in differences:
            by_key.setdefault(difference.key, []).append(difference)
        for line, (key, found) in enumerate(by_key.items()):
            self._add(line, key, found)
            chosen = kept.get(key, FirstLinkChoice.KEEP)
            self.combos[key].setCurrentIndex(self.combos[key].findData(chosen.value))
        self.setVisible(bool(by_key))

    def _add(self, line: int, key: str, found: Sequence[KeptDifference]) -> None:
        field = found[0].field
        box = column(spacing=0)
        count = len({difference.subject for difference in found})
        box.addWidget(Text(tr("{field} · {count}", field=field, count=_people(count)), "strong"))
        for sample in found[:_SAMPLES]:
            box.addWidget(Text(_sample(sample), "small"))
        self._grid.addLayout(box, line, 0)
        combo = Combo()
        name(combo, tr("What to do where {field} differs", field=field))
        for choice, words in (
            (FirstLinkChoice.KEEP, tr("Keep both values")),
            (FirstLinkChoice.SALESFORCE, tr("Take Salesforce")),
            (FirstLinkChoice.ACTIVECAMPAIGN, tr("Take ActiveCampaign")),
        ):
            combo.addItem(words, choice.value)
        self.combos[key] = combo
        self._grid.addWidget(combo, line, 1, Qt.AlignmentFlag.AlignVCenter)

    def choices(self) -> dict[str, FirstLinkChoice]:
        """Return the choice for each field shown."""
        return {key: FirstLinkChoice(combo.currentData()) for key, combo in self.combos.items()}


def _people(count: int) -> str:
    return tr_n("{n} person differs", "{n} people differ", count)


def _sample(difference: KeptDifference) -> str:
    return tr(
        "{record}: {salesforce} in Salesforce, {activecampaign} in ActiveCampaign",
        record=difference.name or difference.subject,
        salesforce=difference.salesforce or tr("blank"),
        activecampaign=difference.activecampaign or tr("blank"),
    )
