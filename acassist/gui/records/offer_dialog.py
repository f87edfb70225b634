"""Send a campaign or add to an automation: choose, confirm with both names, see the result. Nothing goes out twice."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtWidgets import QBoxLayout, QDialog, QFrame, QStackedWidget, QWidget

from acassist.assistant.facade import AssistantPort
from acassist.assistant.views import ActionResult, Level, Offer, Passages, RecordCard
from acassist.domain.foreign_text import one_line, wrappable
from acassist.domain.problem import Problem
from acassist.gui.accessibility import name
from acassist.gui.bridge import Bridge
from acassist.gui.icons import IconLabel
from acassist.gui.records.campaign_picture import PictureLine
from acassist.gui.records.offer_words import OfferKind, passage_words, question, texts
from acassist.gui.records.offers_model import OFFER_ROLE, OfferDelegate, OfferList, OffersModel, name_of, note_of
from acassist.gui.strings import message, tr
from acassist.gui.theme import S2, S3, S4, S5
from acassist.gui.widgets import BusyButton, Button, Card, EmptyState, ProblemBanner, SearchField, Text
from acassist.gui.widgets.layout import column, row
from acassist.gui.widgets.stateful import Stateful

_SIZE = (520, 460)


def address_of(record: RecordCard) -> str:
    """Return the address that gets the e-mail: ActiveCampaign's own."""
    return record.contact_email or record.email


def _request(kind: OfferKind, record: RecordCard, offer: Offer) -> Callable[[AssistantPort], object]:
    async def send(assistant: AssistantPort) -> ActionResult:
        return await assistant.send_campaign(record.ref, offer.id, address_of(record))

    async def enter(assistant: AssistantPort) -> ActionResult:
        return await assistant.enter_automation(record.ref, offer.id, address_of(record))

    return send if kind is OfferKind.CAMPAIGN else enter


class OfferDialog(QDialog):
    """Three pages: choose, confirm, result. Once the request has left, this dialog never sends it again."""

    acted = Signal()

    def __init__(self, bridge: Bridge, kind: OfferKind, record: RecordCard, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bridge, self._kind, self._record = bridge, kind, record
        self._name = wrappable(one_line(record.name) or address_of(record))
        self._words = texts(kind, self._name)
        self._offer: Offer | None = None
        self._sent = False
        self.setWindowTitle(self._words.title)
        self.setModal(True)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(*_SIZE)
        self._pages = QStackedWidget()
        box = column(self, spacing=S4, margins=S5)
        box.addWidget(self._pages, 1)
        box.addLayout(self._make_buttons())
        for page in (self._make_choice(), self._make_confirmation()):
            self._pages.addWidget(page)
        self._load()

    # -- building
    def _make_choice(self) -> QWidget:
        page = QWidget()
        box = column(page, spacing=S3)
        box.addWidget(Text(self._words.choose, "section"))
        self.search = SearchField(tr("Filter by name"))
        self.search.searched.connect(self._filter)
        self.model = OffersModel(self)
        self.view = OfferList()
        self.view.setModel(self.model)
        self.view.setItemDelegate(OfferDelegate(self.view))
        self.view.setFrameShape(QFrame.Shape.NoFrame)
        self.view.setMouseTracking(True)
        self.view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        name(self.view, self._words.title)
        self.view.selectionModel().currentChanged.connect(self._choose)
        self.view.activated.connect(self._next)
        self.nothing = EmptyState("list", self._words.nothing, self._words.hint)
        self.state = Stateful(self.view, empty=self.nothing, loading=tr("Reading what is offered…"), retry=self._load)
        box.addWidget(self.search)
        box.addWidget(self.state, 1)
        return page

    def _make_confirmation(self) -> QWidget:
        page = QWidget()
        box = column(page, spacing=S4)
        self.question = Text("", "section")
        card = Card()
        self.person, self.mail, self.what, self.note = (
            Text("", "strong"),
            Text("", "muted"),
            Text("", "strong"),
            Text("", "muted"),
        )
        for icon_name, first, second in (("user", self.person, self.mail), (self._icon(), self.what, self.note)):
            line = row(spacing=S3)
            line.addWidget(IconLabel(icon_name, "muted", 24), 0, Qt.AlignmentFlag.AlignTop)
            words = column(spacing=0)
            words.addWidget(first)
            words.addWidget(second)
            line.addLayout(words, 1)
            card.body.addLayout(line)
        self.other = Text("", "warn")
        self.standing = Text("")
        for hidden in (self.other, self.standing):
            hidden.hide()
            card.body.addWidget(hidden)
        self.picture = PictureLine(self._bridge)
        self.picture.setVisible(self._kind is OfferKind.CAMPAIGN)
        card.body.addWidget(self.picture)
        self.outcome = ProblemBanner()
        self.warning = Text(self._words.warning, "muted")
        box.addWidget(self.question)
        box.addWidget(card)
        box.addWidget(self.warning)
        box.addWidget(self.outcome)
        box.addStretch(1)
        return page

    def _icon(self) -> str:
        return "send" if self._kind is OfferKind.CAMPAIGN else "automation"

    def _make_buttons(self) -> QBoxLayout:
        self.cancel = Button(tr("Cancel"), self.reject)
        self.back = Button(tr("Back"), self._go_back)
        self.next = Button(tr("Next"), self._next, kind="primary")
        self.go = BusyButton(self._words.press, self._go, kind="primary")
        self.next.setDefault(True)
        self.next.allow(False, tr("Choose an item first."))
        for button in (self.back, self.go):
            button.hide()
        line = self._buttons = row(spacing=S2)
        line.addWidget(self.cancel)
        line.addStretch(1)
        for button in (self.back, self.next, self.go):
            line.addWidget(button)
        return line

    # -- choosing
    def _load(self) -> None:
        self.state.show_loading()
        self._bridge.call(lambda a: a.offers(), self._show, self.state.show_problem, owner=self)

    def _show(self, offers: tuple[list[Offer], list[Offer]]) -> None:
        campaigns, automations = offers
        self.model.set_offers(campaigns if self._kind is OfferKind.CAMPAIGN else automations)
        self._tell()

    def _begin(self) -> None:
        """Put the cursor into the list once it is there, unless somebody has begun to type."""
        if not self.view.currentIndex().isValid() and not self.search.text():
            self.view.setFocus(Qt.FocusReason.OtherFocusReason)

    def _filter(self, text: str) -> None:
        self.model.set_filter(text)
        self._tell()

    def _tell(self) -> None:
        if self.model.rowCount():
            self.state.show_content()
            self._begin()
            return
        filtered = self.model.total > 0
        self.nothing.title.setText(tr("Nothing matches the filter") if filtered else self._words.nothing)
        self.nothing.text.setText(tr("Try other words.") if filtered else self._words.hint)
        self.state.show_empty()

    def _choose(self, index: QModelIndex) -> None:
        offer = index.data(OFFER_ROLE) if index.isValid() else None
        self._offer = offer if offer is not None and offer.reason is None else None
        self.next.allow(self._offer is not None, tr("Choose an item first."))

    # -- confirming
    def _next(self, *_index: object) -> None:
        if self._offer is None or self._pages.currentIndex() != 0:
            return
        offer, mail = self._offer, wrappable(one_line(address_of(self._record)))
        self.question.setText(question(self._kind, wrappable(name_of(offer)), self._name))
        for label, text in ((self.person, self._name), (self.mail, mail), (self.what, wrappable(name_of(offer)))):
            label.setText(text)
        self.note.setText(self._note(offer))
        self.note.setVisible(bool(self.note.text()))
        self._show_other_address()
        self.picture.show_campaign(offer.id, name_of(offer))
        self._turn(1)
        self.cancel.setFocus()
        if self._kind is OfferKind.AUTOMATION:
            self._ask_passages(offer)

    def _note(self, offer: Offer) -> str:
        if self._kind is OfferKind.AUTOMATION:
            return ""
        subject = wrappable(note_of(offer))
        return tr("Subject: {subject}", subject=subject) if subject else tr("The subject is not known.")

    def _show_other_address(self) -> None:
        """Say that Salesforce holds another address than the one that gets the e-mail."""
        other = one_line(self._record.email)
        differs = bool(other) and other.casefold() != address_of(self._record).casefold()
        text = tr("Salesforce has another address: {email}. ActiveCampaign’s is used.", email=wrappable(other))
        self.other.setText(text if differs else "")
        self.other.setVisible(differs)

    # -- already in the automation?
    def _ask_passages(self, offer: Offer) -> None:
        record = self._record
        self.go.allow(False, tr("One moment…"))
        self.standing.setText(tr("Looking whether the person is in the automation already…"))
        self.standing.show()
        self._bridge.call(
            lambda a: a.passages(record.ref, offer.id), self._show_passages, self._no_passages, owner=self
        )

    def _show_passages(self, found: Passages) -> None:
        words, refused = passage_words(found)
        self.standing.setText(words)
        self.go.allow(not refused, words)

    def _no_passages(self, problem: Problem) -> None:
        """Without this look nothing is added: the engine would refuse for the same reason."""
        self.standing.hide()
        self.outcome.show_problem(problem)

    def _go_back(self) -> None:
        self.outcome.hide()
        self.standing.hide()
        self.go.allow(True)
        self._turn(0)

    def _turn(self, page: int) -> None:
        self._pages.setCurrentIndex(page)
        self.next.setVisible(page == 0)
        self.back.setVisible(page == 1)
        self.go.setVisible(page == 1)

    def _go(self) -> None:
        if self._sent or self._offer is None or not self.go.isEnabled():
            return
        self._sent = True
        self.go.set_busy(True, self._words.busy)
        self.back.setEnabled(False)
        work = _request(self._kind, self._record, self._offer)
        self._bridge.call(work, self._done, self._failed, owner=self)  # type: ignore[arg-type]

    def _done(self, result: ActionResult) -> None:
        if result.problem is not None:
            self._failed(result.problem)
            return
        level = Level.OK if result.done else Level.WARN
        self.outcome.show_note(level, message(result.sentence), "", focus=True)
        self._finish()
        self.acted.emit()

    def _failed(self, problem: Problem) -> None:
        """Show why it did not work; another try starts with a new look at the record."""
        self.outcome.show_problem(problem)
        self._finish()

    def _finish(self) -> None:
        self.picture.stop()
        self.picture.hide()
        self.go.hide()
        self.back.hide()
        self.warning.hide()
        self.standing.hide()
        self.cancel.setText(tr("Close"))
        # The only button that is left stands where one goes on.
        self._buttons.removeWidget(self.cancel)
        self._buttons.addWidget(self.cancel)
        self.question.setText(self._words.title)
