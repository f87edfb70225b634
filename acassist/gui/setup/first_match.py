"""The first match as the page Ready shows it: counts, the changes, and the choice for each field."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QGridLayout, QHeaderView, QTableWidget, QTableWidgetItem, QWidget

from acassist.assistant.views import MappingChoices
from acassist.domain.ids import Service
from acassist.domain.ledger import HISTORY_LABELS, PlannedChange, Preview
from acassist.domain.mapping import FieldMapping, MappingSet
from acassist.domain.merge import RULE_LABELS, FirstLinkChoice, Rule
from acassist.domain.problem import Problem
from acassist.domain.text import N_, Message
from acassist.gui.accessibility import name
from acassist.gui.setup.field_words import ac_title
from acassist.gui.strings import message, number, tr, tr_n
from acassist.gui.theme import S1, S2, S3, S4
from acassist.gui.widgets import Card, Combo, Text, clear, column

_CHOICES = {
    FirstLinkChoice.KEEP: N_("Keep both values"),
    FirstLinkChoice.SALESFORCE: N_("Take Salesforce"),
    FirstLinkChoice.ACTIVECAMPAIGN: N_("Take ActiveCampaign"),
}
_SERVICES = {Service.SALESFORCE: N_("Salesforce"), Service.ACTIVECAMPAIGN: N_("ActiveCampaign")}


_NARROW = 860
_WRAPPED = 300


class CountCards(QWidget):
    """The counts of the preview, in one line or in two where there is little room."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(S3)
        self._cards: list[Card] = []
        self.hide()

    def show_preview(self, preview: Preview) -> None:
        """Show the counts."""
        clear(self._grid)
        self._cards = []
        entries = (
            (tr("Matched"), preview.links, tr("people found on both sides")),
            (tr("New in ActiveCampaign"), preview.creates_ac, tr("would be created")),
            (tr("New in Salesforce"), preview.creates_sf, tr("would be created")),
            (tr("Changed"), preview.updates_ac + preview.updates_sf, tr("would be updated")),
            (tr("Skipped"), preview.skips + preview.conflicts, tr("need you, or cannot be synced")),
        )
        for title, count, note in entries:
            card = Card(padding=S4, spacing=0)
            figure = Text(number(count), "number", wrap=False)
            name(figure, tr("{title}: {count} {note}", title=title, count=number(count), note=note))
            card.body.addWidget(figure)
            card.body.addWidget(Text(title, "strong"))
            card.body.addWidget(Text(note, "small"))
            card.body.addStretch(1)
            self._cards.append(card)
        self._place(self.width())

    def _place(self, width: int) -> None:
        columns = 3 if width < _NARROW else len(self._cards)
        for place, card in enumerate(self._cards):
            self._grid.addWidget(card, place // columns, place % columns)
        for column_number in range(len(self._cards)):
            self._grid.setColumnStretch(column_number, 1 if column_number < columns else 0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if (event.oldSize().width() < _NARROW) != (event.size().width() < _NARROW):
            self._place(event.size().width())


class ChoiceCard(Card):
    """For every field that differs on matched people: keep both, or take one side."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, spacing=S2)
        self.body.addWidget(Text(tr("Where matched people differ"), "section"))
        self.body.addWidget(
            Text(
                tr("Blank values are filled in any case. A difference that is kept stays until one side changes."),
                "muted",
            )
        )
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(S4)
        self._grid.setVerticalSpacing(S2)
        self._grid.setColumnStretch(0, 1)
        self.body.addLayout(self._grid)
        self._combos: dict[str, Combo] = {}
        self.titles: dict[str, str] = {}
        self._mapping: tuple[FieldMapping, ...] = ()
        self._preview: Preview | None = None
        self.hide()

    def show_mapping(self, mapping: MappingSet, choices: Sequence[MappingChoices]) -> None:
        """Learn the names of the mapped fields."""
        accounts = mapping.account if mapping.accounts_on else ()
        every = {row.key: row for row in (*mapping.lead, *mapping.contact, *accounts)}
        self._mapping = tuple(every.values())
        known = {f.key: ac_title(f) for choice in choices for f in choice.ac_fields}
        self.titles = {row.key: known.get(row.ac_key, row.ac_key) for row in self._mapping}
        if self._preview is not None:
            self.show_differences(self._preview)

    def show_differences(self, preview: Preview) -> None:
        """Offer a choice for the fields that differ in the preview, or for all when the preview was cut short."""
        self._preview = preview
        kept = self.choices()
        clear(self._grid)
        self._combos = {}
        differing = {difference.key for difference in preview.differences}
        keys = [row.key for row in self._mapping if row.key in differing or preview.truncated]
        for line, key in enumerate(keys):
            self._add(line, key, differing_count(preview, key), kept.get(key, FirstLinkChoice.KEEP))
        self.setVisible(bool(keys))

    def _add(self, line: int, key: str, count: int, chosen: FirstLinkChoice) -> None:
        title = self.titles.get(key, key)
        box = column(spacing=0)
        box.addWidget(Text(title, "strong"))
        box.addWidget(Text(tr_n("{n} person differs", "{n} people differ", count) if count else "", "small"))
        self._grid.addLayout(box, line, 0)
        combo = Combo()
        name(combo, tr("What to do where {field} differs", field=title))
        for choice, label in _CHOICES.items():
            combo.addItem(tr(label), choice.value)
        combo.setCurrentIndex(list(_CHOICES).index(chosen))
        self._combos[key] = combo
        self._grid.addWidget(combo, line, 1, Qt.AlignmentFlag.AlignVCenter)

    def choices(self) -> dict[str, FirstLinkChoice]:
        """Return the choices other than keeping both."""
        chosen = {key: FirstLinkChoice(combo.currentData()) for key, combo in self._combos.items()}
        return {key: choice for key, choice in chosen.items() if choice is not FirstLinkChoice.KEEP}


def differing_count(preview: Preview, key: str) -> int:
    """Count the people of the preview whose field differs."""
    return len({d.subject for d in preview.differences if d.key == key})


class PreviewTable(Card):
    """The planned changes, one line each."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, spacing=S2)
        self._titles: dict[str, str] = {}
        self._preview = Preview()
        self._title = Text(tr("Planned changes"), "section")
        self._note = Text("", "muted")
        self.table = QTableWidget(0, 4)
        self._prepare()
        for part in (self._title, self._note, self.table):
            self.body.addWidget(part)
        self.body.setSpacing(S1 + S2)
        self.hide()

    def _prepare(self) -> None:
        table = self.table
        name(table, tr("Planned changes"))
        table.setHorizontalHeaderLabels([tr("Name"), tr("What"), tr("Before → after"), tr("Why")])
        table.verticalHeader().hide()
        table.setShowGrid(False)
        table.setWordWrap(True)
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setTabKeyNavigation(False)
        header = table.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionsClickable(False)
        for place, width in enumerate((130, 150)):
            table.setColumnWidth(place, width)
        for place in (2, 3):
            header.setSectionResizeMode(place, QHeaderView.ResizeMode.Stretch)

    def name_fields(self, titles: dict[str, str]) -> None:
        """Learn the names of the mapped fields."""
        self._titles = titles
        if self._preview.changes:
            self.show_preview(self._preview)

    def show_preview(self, preview: Preview) -> None:
        """Show the changes."""
        self._preview = preview
        count = len(preview.changes)
        self._note.setText(self._note_words(preview, count))
        self.table.setVisible(bool(count))
        self.table.setRowCount(count)
        for line, change in enumerate(preview.changes):
            for place, text in enumerate(self._texts(change)):
                item = QTableWidgetItem(text)
                item.setToolTip(text)
                self.table.setItem(line, place, item)
        if count <= _WRAPPED:
            self.table.resizeRowsToContents()
        height = self.table.horizontalHeader().sizeHint().height() + 4
        self.table.setFixedHeight(height + sum(self.table.rowHeight(i) for i in range(min(count, 8))))

    def _note_words(self, preview: Preview, count: int) -> str:
        if not count:
            return tr("Both sides already agree; there is nothing to write.")
        if preview.truncated:
            return tr("The first {count} changes are shown.", count=number(count))
        return tr_n("{n} line; nothing has been written.", "{n} lines; nothing has been written.", count)

    def _texts(self, change: PlannedChange) -> tuple[str, str, str, str]:
        action, service = Message(HISTORY_LABELS[change.action]), Message(_SERVICES[change.target])
        what = tr("{action} ({service})", action=action, service=service)
        values = ""
        if change.field:
            title = self._titles.get(change.field, change.field)
            values = tr(
                "{field}: {before} → {after}", field=title, before=change.before or "–", after=change.after or "–"
            )
        return change.name or change.subject, what, values, _why(change)


def _why(change: PlannedChange) -> str:
    if change.problem is not None:
        return message(Problem(change.problem, values=change.problem_values).title)
    if change.rule in {rule.value for rule in Rule}:
        return tr(RULE_LABELS[Rule(change.rule)])
    return ""
