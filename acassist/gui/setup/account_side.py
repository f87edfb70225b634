"""The ActiveCampaign side: who runs the sync, the tags and how automations use them, and what the plan offers."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from acassist.assistant.facade import AssistantPort
from acassist.assistant.provision_views import AccountSide, Holder, Holding, TagState
from acassist.assistant.views import Level
from acassist.domain.problem import Problem, ProblemCode
from acassist.domain.tags import TRIGGER
from acassist.gui.bridge import Bridge
from acassist.gui.dialogs.question import Answer, ask
from acassist.gui.setup.inner_page import InnerPage
from acassist.gui.setup.prepare_list import CHECK_WORDS, StateList
from acassist.gui.setup.tag_guide import TagGuide
from acassist.gui.strings import ago, message, tr, tr_n, when
from acassist.gui.theme import S1, S2, S3, S4
from acassist.gui.widgets import BusyButton, Button, Card, Chip, LevelIcon, SelectableText, Text, clear, column, row

_TRIGGERS = tuple(TRIGGER.values())
_LEVELS = {
    Holding.OURS: Level.OK,
    Holding.FREE: Level.IDLE,
    Holding.OTHER: Level.WARN,
    Holding.SILENT: Level.WARN,
    Holding.UNAVAILABLE: Level.IDLE,
}


class HolderCard(Card):
    """Says which installation runs the sync; offers to take over once it has been silent for two hours."""

    def __init__(self, take_over: BusyButton) -> None:
        super().__init__(padding=S4, spacing=S3)
        self.body.addWidget(Text(tr("Who runs the sync"), "section"))
        across = row(spacing=S3)
        self._icon = LevelIcon(Level.BUSY)
        across.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        words = column(spacing=S1)
        self.sentence, self.seen, self.entry = Text(""), Text("", "muted"), SelectableText()
        for part in (self.sentence, self.seen, self.entry):
            words.addWidget(part)
        across.addLayout(words, 1)
        self.take_over = take_over
        across.addWidget(take_over, 0, Qt.AlignmentFlag.AlignTop)
        self.body.addLayout(across)
        self.show_loading()

    def show_loading(self) -> None:
        """Say that the entry is being read."""
        self._show(Level.BUSY, tr("Reading the connection entry…"), None)

    def show_unknown(self) -> None:
        """Say that the entry could not be read."""
        self._show(Level.IDLE, tr("Not known, because the account could not be read."), None)

    def show_holder(self, holder: Holder) -> None:
        """Show what the entry says."""
        self._show(_LEVELS[holder.holding], _sentence(holder), holder)

    def _show(self, level: Level, sentence: str, holder: Holder | None) -> None:
        self._icon.show_level(level)
        self.sentence.setText(sentence)
        seen = holder.seen if holder is not None else None
        self.seen.setText(tr("Last sign of life: {when}, {ago}.", when=when(seen), ago=ago(seen)) if seen else "")
        self.seen.setVisible(seen is not None)
        label = holder.label if holder is not None else ""
        self.entry.setText(tr("Entry in ActiveCampaign: {entry}", entry=label) if label else "")
        self.entry.setVisible(bool(label))
        self.take_over.setVisible(holder is not None and holder.holding is Holding.SILENT)


def _sentence(holder: Holder) -> str:
    if holder.holding is Holding.OURS:
        return tr("This computer runs the sync.")
    if holder.holding is Holding.FREE:
        return tr("Nobody yet. The first sync writes an entry that names this computer.")
    if holder.holding is Holding.UNAVAILABLE:
        return tr("Your plan or your key does not offer connections. The sync works; let only one computer run it.")
    if holder.holding is Holding.SILENT:
        return tr("Another computer ran it and has been silent for two hours or longer. This one may take over.")
    return tr("Another computer runs it. It can be taken over after two hours of silence.")


class TagsCard(Card):
    """The tags with what each means, and a button for those that are missing."""

    def __init__(self, maker: BusyButton) -> None:
        super().__init__(padding=S4, spacing=S2)
        self.body.addWidget(Text(tr("Tags"), "section"))
        self.summary = Text(tr("Reading the tags…"), "muted")
        self.body.addWidget(self.summary)
        self._rows = column(spacing=S2)
        self.body.addLayout(self._rows)
        self.maker = maker
        self.body.addWidget(maker, 0, Qt.AlignmentFlag.AlignLeft)
        maker.hide()

    def show_side(self, side: AccountSide) -> None:
        """Show every tag and its state."""
        clear(self._rows)
        folded = [_tag_row(tag) for tag in side.tags if tag.present and tag.name not in _TRIGGERS]
        for tag in side.tags:
            if not tag.present or tag.name in _TRIGGERS:
                self._rows.addWidget(_tag_row(tag))
        self._fold(folded)
        missing = len(side.missing)
        everything = tr("All tags are there. The sync adds and removes them by itself, except the two for automations.")
        lacking = tr_n("{n} tag is missing; the first sync creates it, or you do now.",
                       "{n} tags are missing; the first sync creates them, or you do now.", missing)  # fmt: skip
        self.summary.setText(lacking if missing else everything)
        self.maker.setVisible(missing > 0)

    def _fold(self, rows: list[QWidget]) -> None:
        """Keep what the sync does by itself out of sight until it is asked for."""
        self._folded = rows
        if not rows:
            return
        words = tr_n("Show {n} tag of the sync itself", "Show {n} tags of the sync itself", len(rows))
        self._unfold = Button(words, self._show_folded, kind="link")
        self._rows.addWidget(self._unfold, 0, Qt.AlignmentFlag.AlignLeft)
        for line in rows:
            line.hide()
            self._rows.addWidget(line)

    def _show_folded(self) -> None:
        self._unfold.hide()
        for line in self._folded:
            line.show()

    def show_unknown(self) -> None:
        """Say that the tags could not be read."""
        clear(self._rows)
        self.summary.setText(tr("Not known, because the account could not be read."))
        self.maker.hide()


def _tag_row(tag: TagState) -> QWidget:
    holder = QWidget()
    across = row(holder, spacing=S3)
    words = column(spacing=0)
    words.addWidget(Text(tag.name, "strong"))
    words.addWidget(Text(message(tag.meaning), "muted"))
    across.addLayout(words, 1)
    there = Chip(Level.OK, tr("In place")) if tag.present else Chip(Level.IDLE, tr("Missing"))
    across.addWidget(there, 0, Qt.AlignmentFlag.AlignTop)
    return holder


class AccountSidePage(InnerPage):
    """Reads the account when it is opened; writes only what a button says."""

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        lead = tr("What the sync keeps in your ActiveCampaign account, and what your plan offers for it.")
        super().__init__(bridge, tr("In ActiveCampaign"), lead, parent)
        self.holder = HolderCard(BusyButton(tr("Take over…"), self._ask, kind=""))
        self.tags = TagsCard(BusyButton(tr("Create the missing tags"), self._create, kind=""))
        self.guide = TagGuide()
        self.features = StateList(tr("What your plan and your key offer"), CHECK_WORDS)
        for part in (self.holder, self.tags, self.guide, self.features):
            self.content.addWidget(part)
        self.content.addStretch(1)
        self._again = self.banner.add_action(tr("Try again"), self.activate)

    @property
    def told(self) -> Problem | None:
        """Return the problem that this page explains in full."""
        return self.banner.problem

    def activate(self) -> None:
        """Read the account."""
        self.banner.dismiss()
        self.holder.show_loading()
        self.features.show_loading()
        self.bridge.call(lambda a: a.provisioning.account_side(), self._show, self._failed, owner=self)

    def _show(self, side: AccountSide) -> None:
        self.holder.take_over.set_busy(False)
        self.tags.maker.set_busy(False)
        self.holder.show_holder(side.holder)
        self.tags.show_side(side)
        self.features.show_items(side.features)

    def _failed(self, problem: Problem) -> None:
        self.holder.take_over.set_busy(False)
        self.tags.maker.set_busy(False)
        self.holder.show_unknown()
        self.tags.show_unknown()
        self.features.show_nothing(tr("The account could not be read."))
        self.banner.show_problem(problem)

    # -- tags
    def _create(self) -> None:
        self.tags.maker.set_busy(True, tr("Creating…"))
        self.bridge.call(lambda a: a.provisioning.make_tags(), self._created, self._failed, owner=self)

    def _created(self, side: AccountSide) -> None:
        self._show(side)
        words = tr("You can use them in your automations.")
        self.banner.show_note(Level.OK, tr("The tags are there"), words, focus=True)

    # -- taking over
    def _ask(self) -> None:
        answers = (
            Answer("no", tr("Leave it there"), default=True),
            Answer("yes", tr("Take over"), danger=True),
        )
        text = tr(
            "This computer then runs the sync, and the other one stops at its next run. Two computers that run at the "
            "same time could create people twice, so take over only when the other one is out of use."
        )
        ask(self, tr("Let this computer run the sync?"), text, answers, self._answered)

    def _answered(self, answer: str) -> None:
        if answer != "yes":
            self.holder.take_over.setFocus()
            return
        self.holder.take_over.set_busy(True, tr("Taking over…"))
        self.bridge.call(_take_over, self._taken, self._refused, owner=self)

    def _taken(self, side: AccountSide) -> None:
        self._show(side)
        words = tr("The next run goes on here.")
        self.banner.show_note(Level.OK, tr("This computer runs the sync now"), words, focus=True)

    def _refused(self, problem: Problem) -> None:
        if problem.code is not ProblemCode.OTHER_INSTALLATION:
            self._failed(problem)
            return
        # It has come back to life meanwhile: show what the entry says now, and why nothing was changed.
        self.activate()
        self.banner.show_problem(problem)


async def _take_over(assistant: AssistantPort) -> AccountSide:
    await assistant.take_over()
    return await assistant.provisioning.account_side()
