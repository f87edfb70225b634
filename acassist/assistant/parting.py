"""Disconnecting: the access ends, secrets and connections are forgotten, and on request everything about people."""

from __future__ import annotations

import logging
from dataclasses import replace
from pathlib import Path

from acassist.assistant.ledger_export import export_ledger
from acassist.assistant.pairing import Pairing
from acassist.assistant.session import API_KEY, DRAFT, REFRESH_TOKEN, Session
from acassist.domain.problem import ProblemError
from acassist.domain.profile import Role, Setup, Step
from acassist.domain.text import N_
from acassist.salesforce.oauth import OAuthClient
from acassist.storage.forget import forget_people
from acassist.sync.backfill.book import Book

_log = logging.getLogger(__name__)
_GOES = (
    N_("The access to Salesforce, which is also revoked there."),
    N_("The ActiveCampaign API key and the Salesforce login in the keyring of this computer."),
    N_("The schedule, and the entry in ActiveCampaign that names this computer: no run starts any more."),
)
_STAYS = (
    N_("Every record in Salesforce and in ActiveCampaign, with all synced values, tags and status fields."),
    N_("The mapping and the settings on this computer."),
    N_("The additions in Salesforce and the history on this computer, unless you remove them below."),
)
_VIEWER_GOES = _GOES[:2]
_VIEWER_STAYS = (_STAYS[0], N_("The sync itself, which runs on another computer."))


def goes_and_stays(*, viewer: bool) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return what disconnecting ends and what it leaves, as texts to translate; a viewer takes the own login along."""
    return (_VIEWER_GOES, _VIEWER_STAYS) if viewer else (_GOES, _STAYS)


async def part(pairing: Pairing, *, forget: bool, export: Path | None = None) -> bool:
    """End the access and forget the connections; False when Salesforce could not be told. No record is deleted.

    `export` gets the ledger before anything ends. Raises EXPORT_FAILED, and then nothing was changed.
    """
    session = pairing.session
    if export is not None:
        await export_ledger(session.stores, export, _names(session.setup))
    await pairing.leave()
    revoked = await _revoke(session)
    for name in (API_KEY, REFRESH_TOKEN):
        await session.vault.remove(name)
        await session.vault.remove(DRAFT + name)
    await session.close_clients()
    session.drop_draft(Step.CONNECTIONS)
    finished = tuple(step for step in session.setup.finished if step is not Step.CONNECTIONS)
    left = replace(session.setup, activecampaign=None, salesforce=None, role=Role.MANAGER)
    left = replace(left, finished=finished, paused=True)
    if forget:
        forget_people(session.stores.db)
        Book.forget(session.stores.settings)
        # Without links the next first sync has to be looked at again.
        left = replace(left, started=False, paused=False)
    session.store(left, what="disconnect")
    return revoked


def _names(setup: Setup) -> dict[str, str]:
    org, account = setup.salesforce, setup.activecampaign
    return {"org": org.org_name if org else "", "account": (account.account or account.api_url) if account else ""}


async def _revoke(session: Session) -> bool:
    connection = session.setup.salesforce
    token = await session.vault.get(REFRESH_TOKEN)
    if connection is None or not token:
        return True
    oauth = OAuthClient(connection.login_url, connection.client_id, session.machine.wiring)
    try:
        await oauth.revoke(token)
    except ProblemError as error:
        # Somebody without a network may leave too; what is forgotten here cannot be used any more.
        _log.warning("access not revoked: %s", error.problem.code.value)
        return False
    finally:
        await oauth.close()
    return True
