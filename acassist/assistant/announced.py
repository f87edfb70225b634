"""What a preview announced: the run that follows is held to it, whoever starts it (rule 6.1)."""

from __future__ import annotations

from acassist.assistant.session import Session
from acassist.domain.ids import SObject
from acassist.sync.context import SyncContext

_NAME = "announced"


def announce(session: Session, ctx: SyncContext) -> None:
    """Keep what a dry run counted on each side that it covered; a newer preview replaces it."""
    if not session.writer:
        return
    records = {sobject.value: n for sobject, n in ctx.counted_records.items()} if ctx.inbound else None
    contacts = ctx.counted_creates if ctx.outbound else None
    session.stores.settings.put(_NAME, {"contacts": contacts, "records": records})


def hold_to(session: Session, ctx: SyncContext) -> None:
    """Tell a run what the preview before it announced."""
    told = session.stores.settings.get(_NAME) or {}
    ctx.announced_creates = told.get("contacts")
    records = told.get("records")
    ctx.announced_records = None if records is None else {SObject(name): n for name, n in records.items()}


def redeem(session: Session, ctx: SyncContext) -> None:
    """Forget the announcement once a run that covers both sides was carried out: later records are nobody's surprise.

    A run in one direction uses up the number of its side.
    """
    told = session.stores.settings.get(_NAME)
    if told is None:
        return
    left = {
        "contacts": None if ctx.outbound else told.get("contacts"),
        "records": None if ctx.inbound else told.get("records"),
    }
    if left == {"contacts": None, "records": None}:
        session.stores.settings.remove(_NAME)
    else:
        session.stores.settings.put(_NAME, left)
