"""What does the browser say? Errors that Salesforce shows in the browser and never reports back."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from acassist.domain.text import N_
from acassist.gui.icons import set_icon
from acassist.gui.strings import tr
from acassist.gui.theme import S1, S3
from acassist.gui.widgets import Button, Card, Rule, SelectableText, Text, column

# (what the page shows; what it means and what to do); salesforce_api 1.4 to 1.7.
_ENTRIES = (
    (
        "redirect_uri_mismatch",
        N_(
            "The callback addresses of the app differ from those of this program. Copy all five addresses of the "
            "guide into the app, one a line, and wait ten minutes."
        ),
    ),
    (
        "invalid_client_id",
        N_(
            "Salesforce does not know the consumer key here. Check it for missing characters, choose the right place "
            "to log in, and wait ten minutes after making the app."
        ),
    ),
    (
        "OAUTH_APPROVAL_ERROR_GENERIC",
        N_(
            "The user may not approve the app. In the app's policies, allow all users to authorize themselves, or "
            "assign the permission set that the policies name."
        ),
    ),
    (
        "OAUTH_EC_APP_NOT_FOUND",
        N_("The app does not exist in the org that you logged in to. Log in to the org in which it was made."),
    ),
    (
        "Cross-org OAuth flows are not supported for this external client app",
        N_("The app belongs to another org. Use the My Domain address of the org in which the app was made."),
    ),
    (
        "OAUTH_APP_BLOCKED",
        N_(
            "An administrator blocked the app. Unblock it under Setup > Connected Apps OAuth Usage, or ask the "
            "administrator to do it."
        ),
    ),
)


class BrowserHelp(Card):
    """Folded until it is needed."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, padding=S3, spacing=S3)
        self.toggle = Button(tr("What does the browser say?"), self._switch, kind="link")
        set_icon(self.toggle, "help", "accent", 18)
        self.body.addWidget(self.toggle, 0, Qt.AlignmentFlag.AlignLeft)
        self._list = QWidget()
        box = column(self._list, spacing=S3, margins=(S3, 0, S3, S3))
        box.addWidget(Text(tr("Find the words that the error page shows:"), "muted"))
        for shown, meaning in _ENTRIES:
            box.addWidget(Rule())
            entry = column(spacing=S1)
            entry.addWidget(SelectableText(shown, "strong"))
            entry.addWidget(Text(tr(meaning)))
            box.addLayout(entry)
        self.body.addWidget(self._list)
        self._list.hide()

    def _switch(self) -> None:
        self._list.setVisible(self._list.isHidden())

    def unfold(self) -> None:
        """Show the entries."""
        self._list.show()

    def fold(self) -> None:
        """Hide the entries."""
        self._list.hide()
