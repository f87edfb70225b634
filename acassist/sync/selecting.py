"""The selection of an object as a condition, for a run and for records that failed before (rules 1.2 and 6.3)."""

from __future__ import annotations

from acassist.domain.ids import SObject
from acassist.domain.problem import Problem, ProblemCode, ProblemError
from acassist.domain.selection import SelectionKind
from acassist.domain.text import N_, Message
from acassist.salesforce.criteria import CriteriaError, selection_where
from acassist.salesforce.soql import like
from acassist.sync.context import SyncContext
from acassist.sync.record_writes import FAILED


def selected_clause(ctx: SyncContext, sobject: SObject) -> str | None:
    """Return the selection as a condition, None when nobody is selected; raises MAPPING_INVALID."""
    schema = ctx.schema.of(sobject)
    try:
        return selection_where(ctx.setup.outbound.for_object(sobject), schema.description, schema.sync_fields)
    except CriteriaError as error:
        values = {"what": Message(N_("The sync selection")), "reason": error.message}
        raise ProblemError(Problem(ProblemCode.MAPPING_INVALID, sobject, values)) from error


def retried_clause(ctx: SyncContext, sobject: SObject) -> str | None:
    """Return who of those that failed before may be tried again.

    A marked record loses its mark to the text that says why it failed, and is still meant.
    """
    clause = selected_clause(ctx, sobject)
    status = ctx.schema.of(sobject).sync_fields.status
    if clause is None or status is None or ctx.setup.outbound.for_object(sobject).kind is not SelectionKind.MARKED:
        return clause
    live = " AND IsConverted = false" if sobject is SObject.LEAD else ""
    return f"({clause}) OR ({status} LIKE {like(FAILED, before='')}{live})"
