"""What a backfill would do and cost: counts by SOQL, a cheap pass over addresses, and the published limits."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil

from acassist.domain.backfill import BackfillEstimate, BackfillRequest
from acassist.domain.record import normalize_email
from acassist.domain.selection import SelectionKind
from acassist.domain.text import N_, Message
from acassist.salesforce.soql import all_of, count, select
from acassist.sync.backfill.source import condition
from acassist.sync.context import SyncContext
from acassist.sync.guard import check_identity

# The pass over addresses ends here; what lies behind it is reckoned from what was seen.
SAMPLE = 20_000
# The published limits: requests a second and import requests a minute (activecampaign_api 1 and 3).
PER_SECOND, IMPORTS_A_MINUTE = 5, 100
IMPORT, LISTED, PAGE, RIVALS, COLLECTION = 250, 100, 2_000, 200, 200
# Checks, fields, tags, the five people and their reading back.
FIXED_AC, FIXED_SF = 30, 12
# Reading, tagging, writing and reading back of people that exist already, for each hundred of them.
KNOWN_PER_HUNDRED = 8
# From so many writes on they travel by Bulk API 2.0 (rule 5.3): calls for each lot of them.
BULK_FROM, CALLS_A_LOT, BULK_LOT = 2_000, 8, 2_500


@dataclass(slots=True)
class _Seen:
    """What the pass over addresses found."""

    looked: int = 0
    linked: int = 0
    existing: int = 0
    new: int = 0

    def scaled(self, of: int) -> _Seen:
        """Reckon from what was seen to all records with an address."""
        if not self.looked or self.looked >= of:
            return self
        linked, existing = round(self.linked * of / self.looked), round(self.existing * of / self.looked)
        return _Seen(of, linked, existing, max(0, of - linked - existing))


async def estimate(ctx: SyncContext, request: BackfillRequest) -> BackfillEstimate:
    """Count and reckon; nothing is written. The schema must be loaded. Raises MAPPING_INVALID for bad criteria."""
    await check_identity(ctx)
    clause = condition(ctx, request)
    records = await ctx.salesforce.count(count(request.sobject, where=clause))
    blank = await ctx.salesforce.count(count(request.sobject, where=all_of([clause, "Email = null"])))
    looked = await _look(ctx, request, clause)
    seen = looked.scaled(records - blank)
    calls_ac, calls_sf = _calls(seen, records)
    fits_plan = ctx.room is None or seen.new <= ctx.room
    fits_today = _fits_today(ctx, calls_sf)
    return BackfillEstimate(
        records=records,
        without_email=blank,
        linked=seen.linked,
        existing=seen.existing,
        new=seen.new,
        calls_salesforce=calls_sf,
        calls_activecampaign=calls_ac,
        seconds=_seconds(seen, calls_ac),
        fits_today=fits_today,
        fits_plan=fits_plan,
        notes=tuple(_notes(ctx, request, sampled=looked.looked < records - blank, fits=(fits_today, fits_plan))),
    )


async def _look(ctx: SyncContext, request: BackfillRequest, clause: str | None) -> _Seen:
    """Tell for each record whether it is linked, known by address or new, up to the size of the sample."""
    seen = _Seen()
    filled = all_of([clause, "Email != null"])
    soql = select(["Id", "Email"], request.sobject, where=filled, order_by="Id", limit=SAMPLE)
    async for page in ctx.salesforce.query(soql):
        linked = ctx.stores.ledger.link_ids(request.sobject, [row["Id"] for row in page])
        left = [normalize_email(row["Email"]) or "" for row in page if row["Id"] not in linked]
        known = ctx.stores.index.known_emails(left)
        seen.looked += len(page)
        seen.linked += len(linked)
        seen.existing += sum(1 for email in left if email in known)
        seen.new += sum(1 for email in left if email not in known)
    return seen


def _calls(seen: _Seen, records: int) -> tuple[int, int]:
    """Return the calls in (ActiveCampaign, Salesforce)."""
    sent = seen.existing + seen.new
    ac = ceil(seen.new / IMPORT) + ceil(seen.new / LISTED) + ceil(seen.existing / 100) * KNOWN_PER_HUNDRED
    if sent > BULK_FROM:
        statuses = ceil(sent / BULK_LOT) * CALLS_A_LOT
    else:
        statuses = ceil(sent / COLLECTION) * 2
    sf = ceil(records / PAGE) + ceil(sent / RIVALS) + statuses
    return (FIXED_AC + ac if sent else FIXED_AC), (FIXED_SF + sf)


def _seconds(seen: _Seen, calls_ac: int) -> float:
    """Return the time that ActiveCampaign's limits leave no way around; everything else overlaps with it."""
    paced = calls_ac / PER_SECOND
    imports = ceil(seen.new / IMPORT) * 60 / IMPORTS_A_MINUTE
    return max(paced, imports)


def _fits_today(ctx: SyncContext, calls: int) -> bool:
    used, allowed = ctx.salesforce.calls() or (0, 0)
    return not allowed or (used + calls) * 100 <= allowed * ctx.setup.limits.salesforce_share


def _notes(ctx: SyncContext, request: BackfillRequest, *, sampled: bool, fits: tuple[bool, bool]) -> Iterator[Message]:
    if sampled:
        text = N_("Who is known and who is new is reckoned from the first {count} records.")
        yield Message(text, {"count": SAMPLE})
    if not fits[0]:
        yield Message(N_("Today's Salesforce calls do not suffice; it stops before they run out and can go on later."))
    if not fits[1]:
        yield Message(N_("The ActiveCampaign plan has room for {room} more people."), {"room": ctx.room})
    if not ctx.stores.index.count():
        yield Message(N_("The people in ActiveCampaign were not read yet; reading them comes first and takes longer."))
    if ctx.setup.outbound.for_object(request.sobject).kind is SelectionKind.NONE:
        text = N_("Later changes of these records are sent only when the outbound settings send {object} records.")
        yield Message(text, {"object": request.sobject.value})
    if request.run_automations:
        yield Message(N_("Automations in ActiveCampaign may start for everybody who is sent."))
    if request.subscribe_lists and not ctx.schema.of(request.sobject).opt_out_readable:
        yield Message(N_("Email Opt Out cannot be read in Salesforce, so nobody can be put on a list."))
