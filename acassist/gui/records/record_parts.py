"""Small pieces of the record page: labelled facts, and how states of a record are levelled and worded."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from acassist.assistant.views import Level, RecordCard
from acassist.domain.foreign_text import wrappable
from acassist.domain.ledger import LinkState
from acassist.gui.strings import tr
from acassist.gui.widgets import SelectableText, Text
from acassist.gui.widgets.activity_list_links import breakable
from acassist.gui.widgets.layout import column

_SYNCED = "synced successfully"
_WAITING = ("waiting for next sync", "waiting for sync")


class FactLine(QWidget):
    """A small label above its value; the value can be marked and copied."""

    def __init__(self, label: str, value: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        box = column(self, spacing=0)
        self.label = Text(label, "small")
        self.value = SelectableText(value)
        self.value.setAccessibleName(label)
        box.addWidget(self.label)
        box.addWidget(self.value)
        box.addStretch(1)

    def show_value(self, value: str | None, missing: str) -> None:
        """Show a value, or in grey what its absence means."""
        self.value.setText(wrappable(value or missing))
        self.value.setProperty("kind", "" if value else "muted")
        self.value.style().unpolish(self.value)
        self.value.style().polish(self.value)
        self.value.setAccessibleName(tr("{label}: {value}", label=self.label.text(), value=value or missing))

    def show_address(self, value: str | None, missing: str) -> None:
        """Show an e-mail address, which may wrap after a dot or an at sign."""
        self.show_value(value, missing)
        if value:
            self.value.setText(wrappable(breakable(value).replace("@", "@\u200b")))


def status_level(status: str | None) -> Level:
    """Tell how good a sync status is; the set of error texts is open, so everything unknown needs a look."""
    if not status:
        return Level.IDLE
    text = status.strip().casefold()
    if text == _SYNCED:
        return Level.OK
    return Level.BUSY if text in _WAITING else Level.WARN


def status_words(status: str | None) -> str:
    """Translate the two known status values; others are shown as Salesforce holds them."""
    if not status:
        return tr("Not synced")
    text = status.strip().casefold()
    if text == _SYNCED:
        return tr("Synced successfully")
    return tr("Waiting for next sync") if text in _WAITING else status


def link_words(record: RecordCard) -> tuple[Level, str] | None:
    """Say what is unusual about the link, None when it takes part in syncs."""
    if record.link_state is LinkState.STOPPED:
        return Level.IDLE, tr("Syncing stopped")
    if record.link_state is LinkState.BROKEN:
        return Level.BAD, tr("Link broken")
    return None


def mail_states(record: RecordCard) -> list[tuple[Level, str]]:
    """List what keeps e-mail from this person."""
    states = []
    if record.opted_out:
        states.append((Level.WARN, tr("Opted out of e-mail")))
    if record.unsubscribed:
        states.append((Level.WARN, tr("Unsubscribed")))
    if record.bounced:
        states.append((Level.BAD, tr("Address bounces")))
    return states


def opt_out_words(record: RecordCard) -> str:
    """Say in words what is known of Email Opt Out."""
    if record.opted_out is None:
        return tr("Not readable for the connected user")
    return tr("Yes") if record.opted_out else tr("No")


def send_blocked(record: RecordCard) -> str:
    """Say why nothing may be sent to this person, else an empty text; the engine checks again before it sends."""
    if record.ref.ac_id is None:
        return tr("The person is not in ActiveCampaign yet.")
    if record.opted_out:
        return tr("The person opted out of e-mail.")
    if record.unsubscribed:
        return tr("The person is unsubscribed.")
    return tr("The address bounces.") if record.bounced else ""
