"""How an automation of ActiveCampaign asks for a record in Salesforce: three illustrated steps (rule 1.5)."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtWidgets import QWidget

from acassist.domain.ids import SObject
from acassist.domain.tags import TRIGGER
from acassist.domain.text import N_
from acassist.gui.setup.guide import Guide
from acassist.gui.setup.guide_picture import Scene
from acassist.gui.strings import tr
from acassist.gui.theme import S4
from acassist.gui.widgets import CopyField

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


class TagGuide(Guide):
    """The steps, and the two tags to copy."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(tr("Send people to Salesforce from an automation"), _STEPS, parent, padding=S4)

    def copies(self, scene: Scene) -> Iterable[QWidget]:
        """Return the tags where one is added."""
        if scene is Scene.TAG:
            yield CopyField(tr("tag for a contact"), TRIGGER[SObject.CONTACT])
            yield CopyField(tr("tag for a lead"), TRIGGER[SObject.LEAD])
