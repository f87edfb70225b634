"""Enable the CX Automation component: the switch, and what is offered on records."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QWidget

from acassist.assistant.setup.flow import Page
from acassist.assistant.views import Level, Offer
from acassist.domain.problem import Problem
from acassist.domain.profile import CxSettings
from acassist.domain.tags import LABEL
from acassist.gui.accessibility import name
from acassist.gui.setup.step_page import StepPage
from acassist.gui.strings import message, tr, tr_n
from acassist.gui.theme import S1, S2, S3, S4, S7
from acassist.gui.widgets import Card, Chip, Elided, Rule, SearchField, Text, clear, column, row

if TYPE_CHECKING:
    from acassist.gui.setup.wizard import SetupWizard

_SHOWN = 200


class OfferRow(QWidget):
    """One campaign or automation with its tick."""

    ticked = Signal()

    def __init__(self, offer: Offer, ticked: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.offer = offer
        line = row(self, spacing=0, margins=(0, S1, 0, S1))
        self.box = QCheckBox()
        self.box.setChecked(_offered(offer, ticked))
        self.box.setEnabled(not offer.labelled and offer.reason is None)
        reason = message(offer.reason) if offer.reason else ""
        name(self.box, offer.name, reason or offer.detail)
        self.box.setToolTip(reason)
        line.addWidget(self.box)
        texts = column(spacing=0)
        texts.addWidget(Elided(offer.name, "muted" if reason else ""))
        texts.addWidget(Elided(reason or offer.detail, "small"))
        line.addLayout(texts, 1)
        if offer.labelled:
            line.addWidget(Chip(Level.OK, tr("Labelled {label}", label=LABEL)))
        self.box.toggled.connect(self._toggled)

    def _toggled(self, _on: bool) -> None:
        self.ticked.emit()


def _offered(offer: Offer, ticked: bool) -> bool:
    """Tell whether a record page would offer it; what cannot be sent or entered is never offered."""
    return offer.reason is None and (bool(offer.labelled) or ticked)


class OfferCard(Card):
    """A list of campaigns or of automations; says when it is loading or empty."""

    changed = Signal()

    def __init__(self, title: str, empty: str, parent: QWidget | None = None) -> None:
        super().__init__(parent, spacing=S2)
        self._empty = empty
        self._offers: tuple[Offer, ...] = ()
        self._ticked: set[str] = set()
        self._rows: list[OfferRow] = []
        top = row(spacing=S3)
        top.addWidget(Text(title, "section", wrap=False))
        self._count = Text("", "muted")
        top.addWidget(self._count, 1)
        self.search = SearchField(tr("Search {what}", what=title))
        self.search.setMaximumWidth(240)
        self.search.searched.connect(self._filter)
        self.search.hide()
        top.addWidget(self.search)
        self.body.addLayout(top)
        self._state = Text(tr("Reading from ActiveCampaign…"), "muted")
        self.body.addWidget(self._state)
        self._list = column(spacing=0)
        self.body.addLayout(self._list)

    def show_offers(self, offers: Sequence[Offer], ticked: Sequence[str]) -> None:
        """Show the list; `ticked` are the ids that the draft offers."""
        self._offers, self._ticked = tuple(offers), set(ticked)
        self.search.setVisible(len(offers) > 8)
        self._filter("")

    def show_failure(self, sentence: str) -> None:
        """Say why the list could not be read."""
        self._state.setText(sentence)
        self._state.show()

    def _filter(self, text: str) -> None:
        clear(self._list)
        self._rows = []
        found = [offer for offer in self._offers if text.casefold() in offer.name.casefold()]
        for count, offer in enumerate(found[:_SHOWN]):
            if count:
                self._list.addWidget(Rule())
            line = OfferRow(offer, offer.id in self._ticked)
            line.ticked.connect(self._tick)
            self._rows.append(line)
            self._list.addWidget(line)
        self._state.setText(self._empty if not self._offers else tr("Nothing matches."))
        self._state.setVisible(not found)
        self._show_count()

    def _tick(self) -> None:
        for line in self._rows:
            if line.offer.labelled or not line.box.isEnabled():
                continue
            (self._ticked.add if line.box.isChecked() else self._ticked.discard)(line.offer.id)
        self._show_count()
        self.changed.emit()

    def _show_count(self) -> None:
        offered = sum(_offered(offer, offer.id in self._ticked) for offer in self._offers)
        self._count.setText(tr_n("{n} is offered", "{n} are offered", offered) if self._offers else "")

    @property
    def ticked(self) -> tuple[str, ...]:
        """Return the ids that were ticked, in the order of the list."""
        return tuple(offer.id for offer in self._offers if offer.id in self._ticked)


class CxAutomationPage(StepPage):
    """Nothing is sent from here; the lists decide what a record page offers."""

    def __init__(self, wizard: SetupWizard, page: Page) -> None:
        super().__init__(wizard, page, tr("Send campaigns and add people to automations straight from a record."))
        self._ticks_known = False
        card = Card(spacing=S2)
        self.switch = QCheckBox(tr("Offer CX Automation on records"))
        name(self.switch, self.switch.text())
        self.switch.toggled.connect(self._switched)
        card.body.addWidget(self.switch, 0, Qt.AlignmentFlag.AlignLeft)
        explained = column(margins=(S7 + S1, 0, 0, 0))
        explained.addWidget(
            Text(
                tr(
                    "Campaigns and automations with the label {label} are offered. Where your account does not tell "
                    "labels, tick what should be offered.",
                    label=LABEL,
                ),
                "muted",
            )
        )
        card.body.addLayout(explained)
        self.body.addWidget(card)
        self.campaigns = OfferCard(tr("Campaigns"), tr("There are no campaigns yet."))
        self.automations = OfferCard(tr("Automations"), tr("There are no automations yet."))
        self._lists = QWidget()
        box = column(self._lists, spacing=S4)
        for part in (self.campaigns, self.automations):
            part.changed.connect(self._changed)
            box.addWidget(part)
        self.body.addWidget(self._lists)
        self.body.addStretch(1)

    @property
    def cx(self) -> CxSettings:
        """Return what the flow holds."""
        return self.flow.draft.cx

    def activate(self) -> None:
        self.switch.blockSignals(True)
        self.switch.setChecked(self.cx.enabled)
        self.switch.blockSignals(False)
        self._lists.setVisible(self.cx.enabled)
        self.bridge.call(lambda a: a.offers(), self._show, self._failed, owner=self)

    def _show(self, offers: tuple[list[Offer], list[Offer]]) -> None:
        campaigns, automations = offers
        self.campaigns.show_offers(campaigns, self.cx.campaigns)
        self.automations.show_offers(automations, self.cx.automations)
        self._ticks_known = True

    def _failed(self, problem: Problem) -> None:
        for part in (self.campaigns, self.automations):
            part.show_failure(message(problem.sentence))

    def _put(self, cx: CxSettings) -> None:
        self.change(self.flow.with_draft(replace(self.flow.draft, cx=cx)))

    def _switched(self, on: bool) -> None:
        self._lists.setVisible(on)
        self._put(replace(self.cx, enabled=on))

    def _changed(self) -> None:
        if self._ticks_known:
            self._put(replace(self.cx, campaigns=self.campaigns.ticked, automations=self.automations.ticked))

    def first_field(self) -> QWidget:
        return self.switch
