"""A synced assistant with CX Automation on, for the tests of the Records page."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from acassist.assistant.views import RecordRef
from acassist.domain.ids import SObject
from acassist.domain.ledger import Link
from acassist.domain.mapping import MappingSet
from acassist.domain.profile import OutboundSettings
from acassist.domain.selection import Criteria, Criterion, Operator, Selection, SelectionKind
from acassist.sandbox.activecampaign.activity import record
from acassist.sandbox.activecampaign.control import contact_state
from acassist.sandbox.settings import Settings
from tests.engine import Engine, open_engine

EVERYBODY = Selection(SelectionKind.CRITERIA, Criteria((Criterion("LastName", Operator.IS_NOT_BLANK),)))


async def open_records(
    folder: Path, *, settings: Settings | None = None, outbound: OutboundSettings | None = None, synced: bool = True,
    mapping: MappingSet | None = None,
) -> Engine:  # fmt: skip
    chosen = outbound or OutboundSettings(lead=EVERYBODY, contact=EVERYBODY)
    engine = await open_engine(folder, settings=settings, outbound=chosen, mapping=mapping)
    offer_everything(engine)
    if synced:
        await engine.assistant.sync_now(yes=True)
    return engine


def offer_everything(engine: Engine) -> None:
    tables = engine.world.activecampaign.tables
    session = engine.assistant.session
    cx = replace(
        session.setup.cx,
        enabled=True,
        campaigns=tuple(row["id"] for row in tables["campaigns"]),
        automations=tuple(row["id"] for row in tables["automations"]),
    )
    session.store(replace(session.setup, cx=cx), what="test")


def links(engine: Engine, sobject: SObject = SObject.CONTACT) -> list[Link]:
    return [link for link in engine.stores.ledger.iter_links(sobject=sobject) if link.primary]


def ref_of(link: Link) -> RecordRef:
    return RecordRef(link.sobject, link.sf_id, link.ac_id)


def mailable(engine: Engine) -> Link:
    """Return a linked contact that may get e-mail on both sides."""
    state = {c["id"]: c for c in _contacts(engine)}
    for link in links(engine):
        person = state[link.ac_id]
        if not person["bounced"] and 2 not in person["lists"].values() and 3 not in person["lists"].values():
            return link
    raise LookupError("nobody may get e-mail")


def _contacts(engine: Engine) -> list[dict[str, Any]]:
    account = engine.world.activecampaign
    return [contact_state(account, contact) for contact in account.contacts.values()]


def did(engine: Engine, ac_id: str, kind: str, *, minutes: int, **data: Any) -> None:
    """Record something a person did so many minutes ago."""
    account = engine.world.activecampaign
    at = engine.world.clock.now() - timedelta(minutes=minutes)
    record(account, account.contacts[int(ac_id)], {"kind": kind, "at": at, **data})


def ac_calls(engine: Engine, since: int = 0) -> list[dict[str, Any]]:
    return [e for e in engine.world.log.since(since) if e["service"] == "activecampaign"]
