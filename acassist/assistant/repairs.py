"""Safe repairs that a person asks for on the Health page."""

from __future__ import annotations

from collections.abc import Iterable

from acassist.assistant.session import Session
from acassist.assistant.views import RecordRef
from acassist.domain.ids import SObject
from acassist.domain.tags import CREATED_FROM
from acassist.http import Priority
from acassist.sync.context import SyncContext
from acassist.sync.run import load_schema
from acassist.sync.tagging import carry_out_tag, intend_tag, load_tags


async def tag_again(session: Session, refs: Iterable[RecordRef]) -> int:
    """Give these linked contacts their sync tag back, so that their changes go to Salesforce again (rule 1.4).

    Adding a tag that is there already changes nothing. Returns how many were asked for; raises what stops a run.
    """
    ctx = SyncContext(
        session.setup,
        await session.salesforce(Priority.INTERACTIVE),
        await session.activecampaign(Priority.INTERACTIVE),
        session.stores,
        session.machine.clock,
    )
    await load_schema(ctx)
    await load_tags(ctx)
    wanted = {ref.ac_id: ref.sobject or SObject.CONTACT for ref in refs if ref.ac_id}
    for ac_id, sobject in wanted.items():
        await carry_out_tag(ctx, intend_tag(ctx, ac_id, CREATED_FROM[sobject]))
    session.stores.ledger.mark_unseen(session.stores.sweeps.tagged(wanted))
    return len(wanted)
