"""The state of a scheduled job of the org in words."""

from __future__ import annotations

from acassist.gui.strings import tr


def state_words(state: str) -> str:
    """Name a CronTrigger.State (salesforce_api 6.5); one that is not known stays as Salesforce writes it."""
    return {
        "WAITING": tr("Waiting"),
        "ACQUIRED": tr("About to run"),
        "EXECUTING": tr("Running"),
        "COMPLETE": tr("Done"),
        "ERROR": tr("Failed"),
        "DELETED": tr("Deleted"),
        "PAUSED": tr("Paused"),
        "BLOCKED": tr("Waiting for another run of itself"),
        "PAUSED_BLOCKED": tr("Paused"),
    }.get(state.upper(), state)
