"""How to make the External Client App: five illustrated steps with the texts to copy (salesforce_api 1.7)."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from acassist.domain.profile import callback_urls
from acassist.domain.text import N_
from acassist.gui.setup.guide import Guide
from acassist.gui.setup.guide_picture import Scene
from acassist.gui.strings import number, tr
from acassist.gui.theme import S1
from acassist.gui.widgets import Button, CopyField, column

_STEPS = (
    (
        Scene.FIND,
        N_("Open the External Client App Manager"),
        (
            N_("In Salesforce, open Setup and type External Client App Manager into Quick Find."),
            N_("Press New External Client App. Give it a name and your e-mail address; Distribution State is Local."),
            N_(
                "This needs Lightning Experience and the permission Create, edit, and delete External Client Apps. "
                "A Salesforce sandbox needs an app of its own, made there."
            ),
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
            N_("Leave everything under Flow Enablement off."),
            N_(
                "Under Security, require PKCE. Do not require a secret, neither for the Web Server Flow nor for the "
                "Refresh Token Flow. Turn Refresh Token Rotation on, then press Create."
            ),
        ),
    ),
    (
        Scene.POLICIES,
        N_("Set the policies"),
        (
            N_("Open the tab Policies and press Edit."),
            N_(
                "Permitted Users: All users can self-authorize, or Admin approved users are pre-authorized together "
                "with a permission set that you hold."
            ),
            N_("Refresh Token Policy: valid until revoked, or expire when not used for 30 days."),
            N_("IP Relaxation: Relax IP restrictions. Press Save."),
        ),
    ),
    (
        Scene.KEY,
        N_("Copy the consumer key"),
        (
            N_("Open Settings, then OAuth Settings, and press Consumer Key and Secret."),
            N_("Salesforce asks for a verification code, which comes by e-mail or from your authenticator."),
            N_("Copy the consumer key only, and paste it above. A new app answers after up to ten minutes."),
            N_("Then press Test the key: it says at once whether Salesforce knows it."),
        ),
    ),
)
_COPIED_MS = 2000
_SCOPES = (
    "Manage user data via APIs (api)",
    "Perform requests at any time (refresh_token, offline_access)",
)


class AppGuide(Guide):
    """The places in Salesforce, and the addresses and scopes to copy."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(tr("Make the External Client App"), _STEPS, parent)

    def copies(self, scene: Scene) -> Iterable[QWidget]:
        """Return the callback addresses or the scopes where they are asked for."""
        if scene is Scene.OAUTH:
            yield _everything(callback_urls())
        elif scene is Scene.SCOPES:
            for line in _SCOPES:
                yield CopyField(tr("scope"), line)


class CopyAll(Button):
    """Copies all lines at once, and says so for a moment."""

    def __init__(self, lines: tuple[str, ...]) -> None:
        super().__init__(tr("Copy all five addresses"), self._copy)
        self._lines = lines
        self._timer = QTimer(self, singleShot=True, interval=_COPIED_MS)
        self._timer.timeout.connect(self._calm)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText("\n".join(self._lines))
        self.setText(tr("Copied"))
        self._timer.start()

    def _calm(self) -> None:
        self.setText(tr("Copy all five addresses"))


def _everything(lines: tuple[str, ...]) -> QWidget:
    """Return a field for each address and one button for all of them."""
    holder = QWidget()
    box = column(holder, spacing=S1)
    for count, line in enumerate(lines, start=1):
        box.addWidget(CopyField(tr("callback URL {count}", count=number(count)), line))
    box.addWidget(CopyAll(lines), 0, Qt.AlignmentFlag.AlignLeft)
    return holder
