"""Why a person is asked before a run goes on, with the totals of both sides."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QBoxLayout, QWidget

from acassist.assistant.views import Level
from acassist.domain.ledger import Preview
from acassist.domain.problem import Problem
from acassist.domain.problem_codes import ProblemCode
from acassist.domain.profile import Step
from acassist.gui.accessibility import name
from acassist.gui.strings import message, number, tr, tr_n
from acassist.gui.theme import S1, S3, S5
from acassist.gui.widgets import Button, Card, LevelIcon, Text
from acassist.gui.widgets.activity_list_links import LINK_PADDING
from acassist.gui.widgets.layout import column, row

SUBSCRIBERS = "subscriber_limit"
"""The brake that no answer opens: the ActiveCampaign plan has no room for more people."""


def may_go_on(problem: Problem | None) -> bool:
    """Tell whether a person's yes is enough."""
    return problem is None or problem.values.get("what") != SUBSCRIBERS


class DecisionCard(Card):
    """The question in words and what it would touch on each side; `leadTo` names a place and a subject."""

    leadTo = Signal(str, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.problem: Problem | None = None
        self.title, self.sentence, self.next = Text("", "section"), Text(""), Text("", "muted")
        line = row(spacing=S3)
        line.addWidget(LevelIcon(Level.WARN), 0, Qt.AlignmentFlag.AlignTop)
        words = column(spacing=S1)
        for part in (self.title, self.sentence, self.next):
            words.addWidget(part)
        self.remedy = Button("", self._lead, kind="link")
        lead = row(margins=(-LINK_PADDING, 0, 0, 0))
        lead.addWidget(self.remedy)
        lead.addStretch(1)
        words.addLayout(lead)
        line.addLayout(words, 3)
        line.addLayout(self._make_totals(), 2)
        self.body.addLayout(line)
        self.hide()

    def _make_totals(self) -> QBoxLayout:
        self.totals = {"ac": Text("–", "number", wrap=False), "sf": Text("–", "number", wrap=False)}
        across = row(spacing=S5)
        captions = {"ac": tr("records written in ActiveCampaign"), "sf": tr("records written in Salesforce")}
        for key, caption in captions.items():
            box = column(spacing=S1)
            box.addWidget(self.totals[key])
            box.addWidget(Text(caption, "small"))
            box.addStretch(1)
            across.addLayout(box, 1)
        return across

    def show_question(self, problem: Problem | None) -> None:
        """Show why a person is asked, or nothing."""
        self.problem = problem
        self.setVisible(problem is not None)
        if problem is None:
            return
        for total in self.totals.values():
            total.setText("–")
        self.title.setText(message(problem.title))
        self.sentence.setText(question_words(problem))
        self.next.setText(next_words(problem))
        self.remedy.setVisible(bool(_remedy(problem)))
        self.remedy.setText(_remedy(problem))

    def show_totals(self, preview: Preview) -> None:
        """Show what the preview found for each side."""
        found = {"ac": preview.creates_ac + preview.updates_ac, "sf": preview.creates_sf + preview.updates_sf}
        words = {
            "ac": tr_n("{n} record written in ActiveCampaign", "{n} records written in ActiveCampaign", found["ac"]),
            "sf": tr_n("{n} record written in Salesforce", "{n} records written in Salesforce", found["sf"]),
        }
        for key, total in self.totals.items():
            total.setText(number(found[key]))
            name(total, words[key])

    def _lead(self) -> None:
        if self.problem is None:
            return
        if self.problem.code is ProblemCode.MAPPING_CHANGED:
            self.leadTo.emit("setup", Step.MAPPING)
        else:
            self.leadTo.emit("settings", "limits")


def _count(problem: Problem, key: str) -> str:
    value = problem.values.get(key)
    return number(value) if isinstance(value, int) else str(value or "–")


def question_words(problem: Problem) -> str:
    """Say what the run met, in terms of records; the sentence of the problem where there is nothing to add."""
    if problem.code is not ProblemCode.BRAKE:
        return message(problem.sentence)
    count, limit, what = _count(problem, "count"), _count(problem, "limit"), str(problem.values.get("what") or "")
    if what == SUBSCRIBERS:
        return tr(
            "{count} people would be created in ActiveCampaign; the plan has room for {limit}. Nothing was written.",
            count=count, limit=limit,
        )  # fmt: skip
    if what == "creates":
        return tr(
            "{count} people would be created in ActiveCampaign; the preview announced {limit}. Nothing was written.",
            count=count, limit=limit,
        )  # fmt: skip
    if what == "creates_sf":
        return tr(
            "{count} records would be created in Salesforce; the preview announced {limit}. Nothing was written.",
            count=count, limit=limit,
        )  # fmt: skip
    if what == "mapping":
        return tr(
            "The changed mapping reaches {count} records; the brake is set to {limit}. Nothing was written.",
            count=count, limit=limit,
        )  # fmt: skip
    return tr(
        "{field} would be emptied on {count} records; the brake is set to {limit}. Nothing was written.",
        field=what, count=count, limit=limit,
    )  # fmt: skip


def next_words(problem: Problem) -> str:
    """Say what can be done on this page."""
    if not may_go_on(problem):
        return tr("Make room in ActiveCampaign, or select fewer records in step 3 of Setup.")
    if problem.code is ProblemCode.MAPPING_CHANGED:
        return tr("Choose below what counts where both sides differ, look at the changes, then go on. Or leave it.")
    return tr("Look at the changes below, then go on. Or leave everything as it is.")


def _remedy(problem: Problem) -> str:
    if problem.code is ProblemCode.MAPPING_CHANGED:
        return tr("Open Dynamic field mapping")
    return tr("Change the limits") if problem.code is ProblemCode.BRAKE and may_go_on(problem) else ""
