"""How to make the External Client App: four illustrated steps with the texts to copy."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QWidget

from acassist.domain.profile import callback_urls
from acassist.domain.text import N_
from acassist.gui.setup.guide_picture import GuidePicture, Scene
from acassist.gui.strings import number, tr
from acassist.gui.theme import S1, S2, S3, S4
from acassist.gui.widgets import Card, CopyField, Rule, Text, column, row

_STEPS = (
    (
        Scene.FIND,
        N_("Open the External Client App Manager"),
        (
            N_("In Salesforce, open Setup and type External Client App Manager into Quick Find."),
            N_("Press New External Client App. Give it a name and your e-mail address; Distribution State is Local."),
        ),
    ),
    (
        Scene.OAUTH,
        N_("Enable OAuth and paste the callback URLs"),
        (
            N_("Open API (Enable OAuth Settings) and tick Enable OAuth."),
            N_("Paste these five addresses as Callback URL, one a line. They must be exactly the same."),
        ),
    ),
    (
        Scene.SCOPES,
        N_("Choose the scopes and the security"),
        (
            N_("Move these two scopes to the right."),
            N_(
                "Under Security, require PKCE. Do not require a secret, neither for the Web Server Flow nor for the "
                "Refresh Token Flow. Turn Refresh Token Rotation on, then press Create."
            ),
        ),
    ),
    (
        Scene.KEY,
        N_("Copy the consumer key"),
        (
            N_("Open Settings, then OAuth Settings, and press Consumer Key and Secret."),
            N_("Copy the consumer key only, and paste it above. A new app answers after up to ten minutes."),
        ),
    ),
)
_SCOPES = (
    "Manage user data via APIs (api)",
    "Perform requests at any time (refresh_token, offline_access)",
)


class AppGuide(Card):
    """Each step: a drawing of the place in Salesforce, what to do, and what to copy."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, spacing=S4)
        self.body.addWidget(Text(tr("Make the External Client App"), "section"))
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
        copies = {Scene.OAUTH: callback_urls(), Scene.SCOPES: _SCOPES}.get(scene, ())
        label = tr("callback URL") if scene is Scene.OAUTH else tr("scope")
        if scene is Scene.OAUTH:
            words.addWidget(_everything(copies))
        else:
            for line in copies:
                words.addWidget(CopyField(label, line))
        words.addStretch(1)
        across.addLayout(words, 1)
        return across


def _everything(lines: tuple[str, ...]) -> QWidget:
    """Return a field for each address and one button for all of them."""
    holder = QWidget()
    box = column(holder, spacing=S1)
    for count, line in enumerate(lines, start=1):
        box.addWidget(CopyField(tr("callback URL {count}", count=number(count)), line))
    box.addSpacing(S3)
    return holder
