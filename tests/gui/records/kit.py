"""What the tests of the Records page share: what can be read on it, and what is done to it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QLabel

from acassist.assistant.views import RecordCard, RecordRef
from acassist.domain.ids import SObject
from acassist.domain.problem import Problem, ProblemCode
from tests.gui import fake_data as data
from tests.gui.conftest import NOW

LEAD = RecordRef(SObject.LEAD, "00Q000000000001AAA", "79")
SEEN = NOW - timedelta(hours=3)
OFFLINE = Problem(ProblemCode.NO_NETWORK, values={"host": "acme.api-us1.com"})


def watch(model, owner) -> None:
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal, owner)


def words(widget) -> str:
    labels = [label for label in widget.findChildren(QLabel) if label.isVisibleTo(widget)]
    return "\n".join(label.text().replace("\u200b", "") for label in labels)


def header_words(page) -> str:
    return "\n".join((words(page.record.header), words(page.record.header.details)))


def shown(monkeypatch, **changes) -> RecordCard:
    card = replace(data.card(NOW), **changes)
    monkeypatch.setattr(data, "card", lambda _now: card)
    return card


def read_to_the_end(page, settle) -> None:
    settle()
    while not page.all.model.ended:
        page.all.model.fetchMore()
        settle()


def choose(dialog, row: int = 0) -> None:
    dialog.view.setCurrentIndex(dialog.model.index(row))
