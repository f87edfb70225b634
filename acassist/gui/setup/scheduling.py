"""Job scheduling: how often records are sent, and the org's other scheduled jobs for information."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTime
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableWidget, QTableWidgetItem, QWidget

from acassist.assistant.setup.flow import Page
from acassist.assistant.views import Level
from acassist.domain.problem import Problem
from acassist.domain.profile import OutboundSettings, ScheduledJob
from acassist.domain.schedule import FREQUENCY_LABELS, Frequency, Schedule, next_run
from acassist.gui.accessibility import name
from acassist.gui.setup.job_states import state_words
from acassist.gui.setup.step_page import StepPage
from acassist.gui.strings import local, message, tr, when, words
from acassist.gui.theme import S2, S3, S4
from acassist.gui.widgets import Button, Card, Chip, Combo, Labelled, Text, row

if TYPE_CHECKING:
    from acassist.gui.setup.wizard import SetupWizard

_NOTE_LIMIT = 8


class SchedulingPage(StepPage):
    """Schedule writes the job into the draft; Remove job takes it out; Finish puts it into effect."""

    def __init__(self, wizard: SetupWizard, page: Page) -> None:
        super().__init__(wizard, page, tr("Choose how often Salesforce records are sent to ActiveCampaign."))
        self.body.addWidget(self._job_card())
        self.body.addWidget(self._others_card())
        self.body.addStretch(1)

    def _job_card(self) -> Card:
        card = Card(spacing=S4)
        self.frequency, self.hour = Combo(), Combo()
        for frequency, label in FREQUENCY_LABELS.items():
            self.frequency.addItem(tr(label), frequency.value)
        for hour in range(24):
            self.hour.addItem(words().locale.toString(QTime(hour, 0), words().locale.FormatType.ShortFormat), hour)
        fields = row(spacing=S4)
        fields.addWidget(Labelled(tr("Job frequency"), self.frequency), 1)
        self._start = Labelled(tr("Job start time"), self.hour)
        fields.addWidget(self._start, 1)
        fields.addStretch(1)
        card.body.addLayout(fields)
        self._hint = Text("", "muted")
        card.body.addWidget(self._hint)
        buttons = row(spacing=S2)
        self.schedule = Button(tr("Schedule"), self._schedule, kind="primary")
        self.remove = Button(tr("Remove job"), self._remove)
        self.chip, self.next = Chip(), Text("", "strong")
        for widget in (self.schedule, self.remove):
            buttons.addWidget(widget)
        buttons.addSpacing(S2)
        buttons.addWidget(self.chip)
        buttons.addWidget(self.next, 1)
        card.body.addLayout(buttons)
        self.frequency.activated.connect(self._frequency_chosen)
        return card

    def _others_card(self) -> Card:
        card = Card(spacing=S3)
        card.body.addWidget(Text(tr("Other scheduled jobs"), "section"))
        card.body.addWidget(Text(tr("Jobs of your Salesforce org, for information only."), "muted"))
        self._others_state = Text(tr("Reading the jobs…"), "muted")
        self.table = QTableWidget(0, 4)
        self._prepare_table()
        card.body.addWidget(self._others_state)
        card.body.addWidget(self.table)
        self.table.hide()
        return card

    def _prepare_table(self) -> None:
        table = self.table
        name(table, tr("Other scheduled jobs"))
        table.setHorizontalHeaderLabels([tr("Name"), tr("State"), tr("Last run"), tr("Next run")])
        table.verticalHeader().hide()
        table.setShowGrid(False)
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setTabKeyNavigation(False)
        header = table.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionsClickable(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)

    # -- content
    @property
    def outbound(self) -> OutboundSettings:
        """Return what the flow holds."""
        return self.flow.draft.outbound

    def activate(self) -> None:
        if self.outbound.schedule is not None:
            self.frequency.setCurrentIndex(self.frequency.findData(self.outbound.schedule.frequency.value))
            self.hour.setCurrentIndex(self.outbound.schedule.hour)
        elif self.hour.currentIndex() <= 0:
            self.hour.setCurrentIndex(Schedule().hour)
        self._render()
        self.bridge.call(lambda a: a.other_jobs(), self._show_jobs, self._no_jobs, owner=self)

    def _chosen(self) -> Schedule:
        return Schedule(Frequency(self.frequency.currentData()), int(self.hour.currentData()))

    def _render(self) -> None:
        scheduled = self.outbound.schedule
        daily = self._chosen().frequency is Frequency.DAILY
        self._start.setVisible(daily)
        for widget in (self.frequency, self.hour):
            widget.setEnabled(scheduled is None)
        self._hint.setText(self._hint_words(daily))
        self.schedule.allow(scheduled is None, tr("A job is scheduled. Remove it to choose another frequency."))
        self.remove.allow(scheduled is not None, tr("No job is scheduled."))
        self.chip.show_state(
            Level.OK if scheduled else Level.IDLE, tr("Scheduled") if scheduled else tr("Not scheduled")
        )
        self.next.setText(self._next_words())

    def _hint_words(self, daily: bool) -> str:
        if self.outbound.schedule is not None:
            return tr("To change the frequency, remove the job and schedule it again.")
        if daily:
            return tr("The job starts every day at this time, in the time zone of this computer.")
        return tr("The first run starts as soon as the set-up is done. The program must be running.")

    def _next_words(self) -> str:
        scheduled = self.outbound.schedule
        if scheduled is None:
            return ""
        since = self.outbound.scheduled_at or words().now()
        zone = local(since).tzinfo
        if zone is None:
            return ""
        due = next_run(scheduled, scheduled_at=since, last_run=None, zone=zone)
        if due <= words().now():
            return tr("Next run: as soon as the sync is started")
        return tr("Next run: {time}", time=when(due))

    # -- changes
    def _frequency_chosen(self, _index: int) -> None:
        self._render()

    def _put(self, outbound: OutboundSettings) -> None:
        self.change(self.flow.with_draft(replace(self.flow.draft, outbound=outbound)))
        self._render()

    def _schedule(self) -> None:
        self._put(replace(self.outbound, schedule=self._chosen(), scheduled_at=words().now()))
        self.remove.setFocus()

    def _remove(self) -> None:
        self._put(replace(self.outbound, schedule=None, scheduled_at=None))
        self.frequency.setFocus()

    def first_field(self) -> QWidget:
        return self.frequency if self.outbound.schedule is None else self.remove

    # -- other jobs
    def _show_jobs(self, jobs: list[ScheduledJob]) -> None:
        self._others_state.setText(tr("The org has no other scheduled jobs, or you may not see them."))
        self._others_state.setVisible(not jobs)
        self.table.setVisible(bool(jobs))
        self.table.setRowCount(len(jobs))
        for line, job in enumerate(jobs):
            cells = (job.name, state_words(job.state), when(job.previous_run), when(job.next_run))
            for place, text in enumerate(cells):
                item = QTableWidgetItem(text)
                item.setToolTip(text)
                self.table.setItem(line, place, item)
        height = self.table.horizontalHeader().sizeHint().height() + 4
        self.table.setFixedHeight(height + sum(self.table.rowHeight(i) for i in range(min(len(jobs), _NOTE_LIMIT))))

    def _no_jobs(self, problem: Problem) -> None:
        self.table.hide()
        self._others_state.setText(message(problem.sentence))
        self._others_state.show()
