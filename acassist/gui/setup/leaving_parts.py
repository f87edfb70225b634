"""The lists of the page on leaving: what goes, what stays, and what the org holds of ours."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from acassist.assistant.parting import goes_and_stays
from acassist.assistant.provision_views import LeavePlan, ValueCount
from acassist.domain.ids import SObject
from acassist.domain.text import N_
from acassist.gui.icons import IconLabel
from acassist.gui.strings import message, number, tr, tr_n
from acassist.gui.theme import S1, S2, S3, S4
from acassist.gui.widgets import Card, Text, column, row

_OWNERS = {SObject.LEAD: N_("Lead"), SObject.CONTACT: N_("Contact"), SObject.ACCOUNT: N_("Account")}


def two_lists(*, viewer: bool = False) -> Card:
    """Return what goes and what stays, side by side; a viewer's login is all that a viewer takes along."""
    card = Card(padding=S4)
    goes, stays = goes_and_stays(viewer=viewer)
    across = row(spacing=S4)
    for title, shape, role, lines in (
        (tr("What goes"), "minus", "bad", goes),
        (tr("What stays"), "check", "ok", stays),
    ):
        box = column(spacing=S2)
        box.addWidget(Text(title, "section"))
        for text in lines:
            box.addWidget(_line(shape, role, tr(text)))
        box.addStretch(1)
        across.addLayout(box, 1)
    card.body.addLayout(across)
    return card


def _line(shape: str, role: str, words: str) -> QWidget:
    holder = QWidget()
    line = row(holder, spacing=S2)
    line.addWidget(IconLabel(shape, role, 16), 0, Qt.AlignmentFlag.AlignTop)
    line.addWidget(Text(words), 1)
    return holder


def plan_table(plan: LeavePlan) -> QWidget:
    """Return fields with the number of records that hold values, sets with their users, layouts and links."""
    holder = QWidget()
    box = column(holder, spacing=S3)
    if plan.fields:
        box.addWidget(_fields(plan.fields))
    for label, users in plan.sets:
        words = tr("Permission set {label}", label=label)
        box.addWidget(_pair(words, tr_n("{n} user has it", "{n} users have it", users)))
    for name in plan.layouts:
        box.addWidget(_pair(tr("Page layout {name}", name=name), tr("Put back")))
    for sobject in plan.links:
        words = tr("Link Open in Setup Assistant on {object}", object=tr(_OWNERS[sobject]))
        box.addWidget(_pair(words, tr("Removed")))
    for item in plan.stays:
        box.addWidget(Text(message(item), "muted"))
    return holder


def _pair(left: str, right: str) -> QWidget:
    holder = QWidget()
    line = row(holder, spacing=S3)
    line.addWidget(Text(left), 1)
    line.addWidget(Text(right, "muted", wrap=False))
    return holder


def _fields(counts: Sequence[ValueCount]) -> QWidget:
    """Return the fields as rows and the objects as columns, with right-aligned numbers."""
    holder = QWidget()
    grid = QGridLayout(holder)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(S4)
    grid.setVerticalSpacing(S1)
    grid.setColumnStretch(0, 1)
    grid.setRowMinimumHeight(0, holder.fontMetrics().height() + S1)
    owners = [owner for owner in _OWNERS if any(item.sobject is owner for item in counts)]
    labels = list(dict.fromkeys(item.label for item in counts))
    grid.addWidget(Text(tr("Records that hold a value"), "small"), 0, 0)
    for place, owner in enumerate(owners, start=1):
        grid.addWidget(_right(tr(_OWNERS[owner]), "small"), 0, place, Qt.AlignmentFlag.AlignRight)
    found = {(item.label, item.sobject): item for item in counts}
    for line, label in enumerate(labels, start=1):
        grid.addWidget(Text(label), line, 0)
        grid.setRowMinimumHeight(line, holder.fontMetrics().height() + S1)
        for place, owner in enumerate(owners, start=1):
            item = found.get((label, owner))
            grid.addWidget(_right("" if item is None else _count(item)), line, place, Qt.AlignmentFlag.AlignRight)
    return holder


def _count(item: ValueCount) -> str:
    return tr("not known") if item.records is None else number(item.records)


def _right(words: str, kind: str = "") -> Text:
    text = Text(words, kind, wrap=False)
    text.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    text.setMinimumWidth(64)
    return text
