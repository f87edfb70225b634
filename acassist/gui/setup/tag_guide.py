"""How an automation of ActiveCampaign asks for a record in Salesforce: three illustrated steps (rule 1.5)."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QWidget

from acassist.domain.ids import SObject
from acassist.domain.tags import TRIGGER
from acassist.domain.text import N_
from acassist.gui.setup.guide_picture import GuidePicture, Scene
from acassist.gui.strings import number, tr
from acassist.gui.theme import S2, S4
from acassist.gui.widgets import Card, CopyField, Rule, Text, column, row

_STEPS = (
    (
        Scene.AUTOMATION,
        N_("Open the automation"),
        (
            N_("In ActiveCampaign, open Automations and the automation whose people shall come to Salesforce."),
            N_("Press the plus sign at the place where it shall happen."),
        ),
    ),
    (
        Scene.TAG,
        N_("Add the action Add a tag"),
        (N_("Choose Add a tag and one of these two tags, exactly as they are written."),),
    ),
    (
        Scene.RESULT,
        N_("Save; the next sync does the rest"),
        (
            N_("It links the record that has the same e-mail address, or creates one, and takes the tag away again."),
            N_("Required fields that are blank become an issue, unless a placeholder is set under Settings."),
        ),
    ),
)


class TagGuide(Card):
    """Each step: a drawing, what to do, and what to copy."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, padding=S4, spacing=S4)
        self.body.addWidget(Text(tr("Send people to Salesforce from an automation"), "section"))
        for count, (scene, title, sentences) in enumerate(_STEPS, start=1):
            if count > 1:
                self.body.addWidget(Rule())
            self.body.addLayout(self._step(count, scene, title, sentences))

    def _step(self, count: int, scene: Scene, title: str, sentences: tuple[str, ...]) -> QHBoxLayout:
        across = row(spacing=S4)
        across.addWidget(GuidePicture(scene), 0, Qt.AlignmentFlag.AlignTop)
        words = column(spacing=S2)
        words.addWidget(Text(tr("{count}. {title}", count=number(count), title=tr(title)), "strong"))
        for sentence in sentences:
            words.addWidget(Text(tr(sentence)))
        if scene is Scene.TAG:
            words.addWidget(CopyField(tr("tag for a contact"), TRIGGER[SObject.CONTACT]))
            words.addWidget(CopyField(tr("tag for a lead"), TRIGGER[SObject.LEAD]))
        words.addStretch(1)
        across.addLayout(words, 1)
        return across
