"""How accounts stand in the ledger, and what becomes of a link whose account is gone (rules 2.5 and 5.7)."""

from __future__ import annotations

from acassist.domain.ids import SObject
from acassist.domain.ledger import Link
from acassist.sync.context import SyncContext
from acassist.sync.lifecycle import contact_gone

# Account ids share no room with contact ids in the ledger.
PREFIX = "account:"


def account_gone(ctx: SyncContext, link: Link) -> None:
    """The account is gone from ActiveCampaign: its link is broken and listed like that of a person."""
    names = (base.salesforce or "" for key, base in link.base.items() if key.startswith("name~"))
    contact_gone(ctx, link, next(names, ""))


def custom_mapped(ctx: SyncContext) -> bool:
    """Tell whether custom fields of accounts are mapped: their values are read apart."""
    return any(f.ac.custom_id for f in ctx.schema.of(SObject.ACCOUNT).fields)
