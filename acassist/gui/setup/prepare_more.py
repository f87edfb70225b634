"""What comes after Apply, and what is lost without it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from acassist.assistant.views import Level
from acassist.domain.text import N_
from acassist.gui.icons import IconLabel
from acassist.gui.strings import tr
from acassist.gui.theme import S1, S2, S3, S4
from acassist.gui.widgets import Button, Card, LevelIcon, Rule, Text, column, row

_LOST = (
    N_("Nobody sees in Salesforce whether a record is in sync."),
    N_("Records cannot be marked for the sync by hand or by an automation of Salesforce."),
    N_("Reconnecting from another computer matches people by e-mail, because the ActiveCampaign ID is not kept."),
)
_PLACES = (
    ("permissions", "users", N_("Permission sets"), N_("Choose who may see and use the fields."), N_("Choose people")),
    ("layouts", "window", N_("Page layouts"), N_("Show the fields on lead and contact pages."), N_("Choose layouts")),
    (
        "activecampaign",
        "mail",
        N_("In ActiveCampaign"),
        N_("Who runs the sync, the tags for your automations, and what your plan offers."),
        N_("Look"),
    ),
)
_NEED_APPLY = ("permissions", "layouts")


def lost_card() -> Card:
    """Say what works and what does not without the additions; hidden until Skip for now is pressed."""
    card = Card(padding=S4, spacing=S2)
    top = row(spacing=S3)
    top.addWidget(LevelIcon(Level.WARN), 0, Qt.AlignmentFlag.AlignTop)
    words = column(spacing=S1)
    words.addWidget(Text(tr("Skipped for now"), "section"))
    words.addWidget(Text(tr("The sync works all the same. Press Finish. Without the additions:")))
    for line in _LOST:
        words.addWidget(Text(tr("• {text}", text=tr(line)), "muted"))
    words.addWidget(Text(tr("You can come back to this page at any time."), "muted"))
    top.addLayout(words, 1)
    card.body.addLayout(top)
    card.hide()
    return card


class MoreCard(Card):
    """Leads to the pages that use what was added. `wanted` carries the page's key and nothing to show there."""

    wanted = Signal(str, object)

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent, padding=S4, spacing=S3)
        self.body.addWidget(Text(title, "section"))
        self.buttons: dict[str, Button] = {}
        for count, (key, icon_name, title, text, verb) in enumerate(_PLACES):
            if count:
                self.body.addWidget(Rule())
            line = row(spacing=S3)
            line.addWidget(IconLabel(icon_name, "muted", 20), 0, Qt.AlignmentFlag.AlignTop)
            words = column(spacing=0)
            words.addWidget(Text(tr(title), "strong"))
            words.addWidget(Text(tr(text), "muted"))
            line.addLayout(words, 1)
            button = Button(tr(verb), self._open)
            button.setProperty("place", key)
            self.buttons[key] = button
            line.addWidget(button)
            self.body.addLayout(line)

    def _open(self) -> None:
        sender = self.sender()
        if sender is not None:
            self.wanted.emit(str(sender.property("place")), None)

    def allow(self, allowed: bool) -> None:
        """These pages need what Apply adds."""
        for key in _NEED_APPLY:
            self.buttons[key].allow(allowed, tr("Press Apply first."))
