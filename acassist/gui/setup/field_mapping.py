"""The mapping pages for leads and contacts: rows of fields that belong together, tried on real records."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from acassist.assistant.setup.flow import MAPPING_PAGES, Page
from acassist.assistant.views import MappingChoices, RowCheck, SampleReport
from acassist.domain.mapping import STANDARD_KEYS, FieldMapping
from acassist.domain.problem import Problem
from acassist.domain.text import N_, Message
from acassist.gui.icons import set_icon
from acassist.gui.setup.field_words import ac_title
from acassist.gui.setup.mapping_row import ColumnTitles, MappingRow
from acassist.gui.setup.mapping_samples import SampleCard
from acassist.gui.setup.step_page import StepPage
from acassist.gui.strings import message, tr
from acassist.gui.theme import S3
from acassist.gui.widgets import Button, Card, Rule, Text, clear, row

if TYPE_CHECKING:
    from acassist.gui.setup.wizard import SetupWizard

_STANDARD = {Page.LEAD_STANDARD, Page.CONTACT_STANDARD}
_LEADS = {
    Page.LEAD_STANDARD: N_("These fields are mapped for you. Choose another Salesforce field where yours differ."),
    Page.CONTACT_STANDARD: N_("These fields are mapped for you. Choose another Salesforce field where yours differ."),
    Page.LEAD_CUSTOM: N_("Map the custom fields of your ActiveCampaign contacts to fields of leads, or go on without."),
    Page.CONTACT_CUSTOM: N_("Map the custom fields of your ActiveCampaign contacts to fields of contacts, or go on."),
    Page.ACCOUNT: N_("Keep the accounts of both sides in sync."),
}


class FieldMappingPage(StepPage):
    """Rows are kept in the flow; the widgets show them and report changes."""

    def __init__(self, wizard: SetupWizard, page: Page) -> None:
        super().__init__(wizard, page, tr(_LEADS[page]))
        self.sobject = MAPPING_PAGES[page]
        self.choices: MappingChoices | None = None
        self.rows: list[MappingRow] = []
        self._reports: dict[str, SampleReport] = {}
        self._current = 0
        self._state = Text(tr("Reading the fields of both sides…"), "muted")
        self.body.addWidget(self._state)
        self.list = Card(padding=0, spacing=0)
        self.list.hide()
        self.body.addWidget(self.list)
        self.body.addWidget(self._tools())
        self.samples = SampleCard()
        self.samples.hide()
        self.body.addWidget(self.samples)
        self.body.addStretch(1)

    def _tools(self) -> QWidget:
        holder = QWidget()
        line = row(holder, spacing=S3)
        self.add = Button(tr("Add mapping"), self.add_row)
        set_icon(self.add, "plus", "text", 16)
        line.addWidget(self.add)
        self._limit = Text("", "muted")
        line.addWidget(self._limit, 1)
        self.tools = holder
        holder.hide()
        return holder

    # -- content
    def activate(self) -> None:
        if self.choices is None:
            self.bridge.call(
                lambda a: a.mapping_choices(self.sobject), self._show_choices, self.show_problem, owner=self
            )
        else:
            self.redraw()

    def _show_choices(self, choices: MappingChoices) -> None:
        self.choices = choices
        self._state.hide()
        self.redraw()

    def ac_keys(self) -> tuple[str, ...]:
        """Return the ActiveCampaign fields that this page may map."""
        if self.choices is None:
            return ()
        standard = self.step_page in _STANDARD
        return tuple(f.key for f in self.choices.ac_fields if (f.key in STANDARD_KEYS) is standard)

    @property
    def fixed_rows(self) -> bool:
        """Tell whether rows can be neither added nor removed (the standard pages)."""
        return self.step_page in _STANDARD

    def mappings(self) -> tuple[FieldMapping, ...]:
        """Return the rows of this page as the flow holds them."""
        return self.flow.rows(self.step_page)

    def redraw(self) -> None:
        """Make the widgets anew from the flow."""
        clear(self.list.body)
        self.rows = []
        self.list.body.addWidget(ColumnTitles(removable=not self.fixed_rows))
        for count, mapping in enumerate(self.mappings(), start=1):
            self._append_row(mapping, count)
        self.tools.setVisible(not self.fixed_rows)
        self._count_rows()
        for line in self.rows:
            self._check(line)
        self._show_current(min(self._current, len(self.rows) - 1))

    def _append_row(self, mapping: FieldMapping, count: int) -> None:
        self.list.body.addWidget(Rule())
        self.list.body.addWidget(self._make_row(mapping, count))

    def _count_rows(self) -> None:
        """Show what depends on how many rows there are."""
        self.list.setVisible(bool(self.rows))
        self.samples.setVisible(bool(self.rows))
        self._show_limit()
        self._refresh_options()

    def _make_row(self, mapping: FieldMapping, count: int) -> MappingRow:
        assert self.choices is not None
        line = MappingRow(self.choices, count, fixed=self.fixed_rows)
        line.show_mapping(mapping, self.ac_keys(), (set(), set()))
        line.changed.connect(self._row_changed)
        line.forced.connect(self._row_forced)
        line.removed.connect(self._row_removed)
        line.entered.connect(self._row_entered)
        self.rows.append(line)
        return line

    def _show_limit(self) -> None:
        assert self.choices is not None
        full = self.choices.rows_allowed is not None and len(self.rows) >= self.choices.rows_allowed
        empty = tr("No custom field is mapped yet.") if not self.rows else ""
        self._limit.setText(self.limit_words() if full else empty)
        self.add.allow(not full, self.limit_words())

    def limit_words(self) -> str:
        """Say why no row can be added."""
        return tr("Your ActiveCampaign plan allows one mapping here.")

    def _taken(self, line: MappingRow) -> tuple[set[str], set[str]]:
        every = self.flow.draft.mapping.for_object(self.sobject)
        others = [m for m in every if m != line.mapping]
        return {m.ac_key for m in others if m.ac_key}, {m.sf_field for m in others if m.sf_field}

    def _refresh_options(self) -> None:
        for line in self.rows:
            line.show_mapping(line.mapping, self.ac_keys(), self._taken(line))

    # -- changes
    def _line(self) -> MappingRow:
        sender = self.sender()
        assert isinstance(sender, MappingRow)
        return sender

    def _hand_in(self, mappings: Iterable[FieldMapping]) -> None:
        self.change(self.flow.with_rows(self.step_page, tuple(mappings)))

    def _row_changed(self, _mapping: FieldMapping) -> None:
        line = self._line()
        self._hand_in(other.mapping for other in self.rows)
        self._refresh_options()
        self._check(line)
        self._show_current(self.rows.index(line))

    def _row_forced(self, _mapping: FieldMapping) -> None:
        self._hand_in(other.mapping for other in self.rows)

    def add_row(self) -> None:
        """Add an empty row and go to its first field."""
        self._hand_in((*(line.mapping for line in self.rows), self.new_row()))
        self._append_row(self.new_row(), len(self.rows) + 1)
        self._count_rows()
        self._check(self.rows[-1])
        self._show_current(len(self.rows) - 1)
        self.rows[-1].ac.setFocus()

    def new_row(self) -> FieldMapping:
        """Return the row that Add mapping adds."""
        return FieldMapping("", "")

    def _row_removed(self) -> None:
        line = self._line()
        kept = [other.mapping for other in self.rows if other is not line]
        self._hand_in(kept)
        self.redraw()
        self.add.setFocus()

    # -- checks and samples
    def _check(self, line: MappingRow) -> None:
        mapping = line.mapping
        line.show_checking()
        if not mapping.ac_key or not mapping.sf_field:
            return
        sobject = self.sobject
        self.bridge.call(
            lambda a: a.check_row(sobject, mapping), _Checked(self, line, mapping), self.show_problem, owner=line
        )

    def checked(self, line: MappingRow, mapping: FieldMapping, check: RowCheck) -> None:
        """Take in whether a row may be saved."""
        if line.mapping != mapping:
            return
        line.show_check(check)
        refusals = {key: words for key, words in self.flow.refusals.items() if key != mapping.key}
        if check.refusal is not None:
            refusals[mapping.key] = check.refusal
        self.host.change(replace(self.flow, refusals=refusals))
        if check.refusal is None:
            self._try(line)

    def _try(self, line: MappingRow) -> None:
        mapping, sobject = line.mapping, self.sobject
        self.bridge.call(
            lambda a: a.try_mapping(sobject, mapping),
            _Tried(self, line, mapping),
            _Untried(self, line),
            owner=line,
        )

    def tried(self, line: MappingRow, mapping: FieldMapping, report: SampleReport) -> None:
        """Take in how a row fits real records."""
        self._reports[mapping.key] = report
        if line.mapping == mapping:
            line.show_samples(report)
            self._show_samples()

    def untried(self, line: MappingRow, problem: Problem) -> None:
        """Say that no records could be read for a row."""
        line.show_untried()
        if line in self.rows and self.rows.index(line) == self._current:
            self.samples.show_problem(problem)

    def _row_entered(self) -> None:
        line = self._line()
        if line in self.rows:
            self._show_current(self.rows.index(line))

    def _show_current(self, index: int) -> None:
        self._current = max(0, index)
        for count, line in enumerate(self.rows):
            line.set_current(count == self._current)
        self._show_samples()

    def _show_samples(self) -> None:
        if not self.rows or self._current >= len(self.rows):
            return
        mapping = self.rows[self._current].mapping
        if not mapping.ac_key or not mapping.sf_field:
            self.samples.show_nothing()
        elif mapping.key in self._reports:
            self.samples.show_report(self._title(mapping), self._reports[mapping.key])
        else:
            self.samples.show_loading(self._title(mapping))

    def _title(self, mapping: FieldMapping) -> str:
        fields = self.choices.ac_fields if self.choices is not None else ()
        return next((ac_title(f) for f in fields if f.key == mapping.ac_key), mapping.ac_key)

    def first_field(self) -> QWidget | None:
        return self.rows[0].sf if self.rows else None

    def refuse(self, obstacle: Message) -> None:
        """Put the focus on the first row that is not complete or does not fit."""
        self.show_refusal(message(obstacle))
        for line in self.rows:
            mapping = line.mapping
            if not mapping.ac_key:
                self._point_out(line, line.ac)
                return
            if not mapping.sf_field or mapping.key in self.flow.refusals:
                self._point_out(line, line.sf)
                return

    def _point_out(self, line: MappingRow, field: QWidget) -> None:
        self.area.ensureWidgetVisible(line)
        field.setFocus(Qt.FocusReason.TabFocusReason)


class _Checked:
    """Carries the check of one row back to its page."""

    def __init__(self, page: FieldMappingPage, line: MappingRow, mapping: FieldMapping) -> None:
        self._page, self._line, self._mapping = page, line, mapping

    def __call__(self, check: RowCheck) -> None:
        self._page.checked(self._line, self._mapping, check)


class _Tried:
    """Carries the samples of one row back to its page."""

    def __init__(self, page: FieldMappingPage, line: MappingRow, mapping: FieldMapping) -> None:
        self._page, self._line, self._mapping = page, line, mapping

    def __call__(self, report: SampleReport) -> None:
        self._page.tried(self._line, self._mapping, report)


class _Untried:
    """Carries a failed trial of one row back to its page."""

    def __init__(self, page: FieldMappingPage, line: MappingRow) -> None:
        self._page, self._line = page, line

    def __call__(self, problem: Problem) -> None:
        self._page.untried(self._line, problem)
