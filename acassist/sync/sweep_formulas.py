"""Watches mapped Salesforce fields that change without the record being saved, by their values (rule 3.3)."""

from __future__ import annotations

from acassist.domain.ids import PEOPLE, SObject
from acassist.domain.ledger import Link
from acassist.domain.record import SalesforceRecord
from acassist.domain.selection import SelectionKind
from acassist.domain.sweeps import SweepKind
from acassist.domain.values import ValueProblem
from acassist.salesforce.soql import in_list, select
from acassist.storage.sweeps import SweepState
from acassist.sync.context import SyncContext, to_record
from acassist.sync.schema import MappedField
from acassist.sync.sweep_steps import SweepStep, pages

SLICE = 2000
"""Records a query names; their ids fit into one statement of 100,000 characters (salesforce_api 3)."""


def watched(ctx: SyncContext, sobject: SObject) -> tuple[MappedField, ...]:
    """Return the mapped fields whose values move without the record's stamp: formulas, rolled-up and related ones."""
    schema = ctx.schema.objects.get(sobject)
    return tuple(f for f in schema.fields if f.sf.read_only) if schema is not None else ()


class FormulaSweep:
    """Walks through the linked records in id order, leads before contacts."""

    kind = SweepKind.FORMULAS

    def on(self, ctx: SyncContext) -> bool:
        """Watch only while such a field is mapped for an object whose changes are sent: they go one way."""
        return bool(_objects(ctx))

    def total(self, ctx: SyncContext) -> int:
        """Count the linked records of objects with such a field."""
        return sum(ctx.stores.sweeps.count_links(sobject) for sobject in _objects(ctx))

    def calls(self, total: int, ctx: SyncContext) -> int:
        """Forecast a call for each slice of each object."""
        del total
        return sum(pages(ctx.stores.sweeps.count_links(sobject), SLICE) for sobject in _objects(ctx))

    async def step(self, ctx: SyncContext, state: SweepState) -> SweepStep:
        """Compare a slice with what both sides last agreed on; a record that differs is worked through by this run."""
        name, _, after = (state.cursor or "").partition("|")
        objects = _objects(ctx)
        sobject = next((o for o in objects if o.value == name), None)
        if sobject is None:
            sobject, after = objects[0], ""
        ids = ctx.stores.sweeps.linked_ids(sobject, after=after, limit=SLICE)
        changed = await _changed(ctx, sobject, ids) if ids else []
        ctx.stores.ledger.mark_unseen(link.ac_id for link in changed)
        following = _next(ctx, objects, sobject, ids)
        return SweepStep(following, len(ids), len(changed), calls=1 if ids else 0)


def _objects(ctx: SyncContext) -> list[SObject]:
    sent = (o for o in PEOPLE if ctx.setup.outbound.for_object(o).kind is not SelectionKind.NONE)
    return [sobject for sobject in sent if watched(ctx, sobject)]


def _next(ctx: SyncContext, objects: list[SObject], sobject: SObject, ids: list[str]) -> str | None:
    """Name where the next slice begins, in this object or in the next one that has links."""
    if len(ids) == SLICE and ctx.stores.sweeps.linked_ids(sobject, after=ids[-1], limit=1):
        return f"{sobject}|{ids[-1]}"
    later = objects[objects.index(sobject) + 1 :]
    return next((f"{o}|" for o in later if ctx.stores.sweeps.linked_ids(o, limit=1)), None)


async def _changed(ctx: SyncContext, sobject: SObject, ids: list[str]) -> list[Link]:
    fields = watched(ctx, sobject)
    links = ctx.stores.ledger.links_by_sf(sobject, ids)
    columns = ["Id", "SystemModstamp", *dict.fromkeys(f.sf.name for f in fields)]
    found = []
    async for page in ctx.salesforce.query(select(columns, sobject, where=f"Id IN {in_list(ids)}")):
        for row in page:
            record = to_record(sobject, row)
            link = links.get(record.id)
            if link is not None and any(_moved(field, link, record) for field in fields):
                found.append(link)
    return found


def _moved(field: MappedField, link: Link, record: SalesforceRecord) -> bool:
    """Tell whether a value differs from the base; one that does not fit its type is left to an edit of the record."""
    base = link.base.get(field.key)
    try:
        now = field.codec.from_salesforce(record.fields.get(field.sf.name))
    except ValueProblem:
        return False
    return now != (base.salesforce if base is not None else None)
