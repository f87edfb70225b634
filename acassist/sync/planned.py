"""A pair's plan as lines of a dry run, as problems for the inbox, and as differences that a person may decide."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from acassist.domain.ids import Service
from acassist.domain.ledger import HistoryAction, KeptDifference, PlannedChange
from acassist.domain.merge import Rule
from acassist.domain.problem import Problem, ProblemCode
from acassist.domain.text import Message
from acassist.sync.context import subject_of
from acassist.sync.plan import FieldChange, PairPlan


def _agreed(plan: PairPlan, key: str) -> str | None:
    """Return the value that both sides held after the last sync, None where there was none."""
    base = plan.pair.link.base.get(key) if plan.pair.link else None
    return base.salesforce if base is not None else None


def question_problem(question_rule: Rule, label: str, values: Mapping[str, object]) -> Problem:
    """Name the issue of a field that a person must decide."""
    code = ProblemCode.TWIN_EDIT if question_rule is Rule.SECONDARY_TWIN else ProblemCode.CONFLICT
    return Problem(code, label, {"field": label, **values})


def problems_of(plan: PairPlan, failures: Mapping[Service, Problem]) -> Iterable[tuple[str, Problem]]:
    """Yield what needs a person, by field label; what a service refused comes without one."""
    for question in plan.questions:
        values = {
            "key": question.field.key,
            "base": _agreed(plan, question.field.key),
            "salesforce": question.salesforce,
            "activecampaign": question.activecampaign,
        }
        yield question.field.label, question_problem(question.rule, question.field.label, values)
    for trouble in plan.problems:
        yield trouble.field.label, trouble.problem
    for problem in failures.values():
        yield "", problem


def planned_changes(plan: PairPlan) -> list[PlannedChange]:
    """Return the lines that a pair adds to a dry run."""
    sf, ac = plan.pair.sf, plan.pair.ac
    common = {
        "subject": subject_of(sf.sobject, sf.id),
        "name": sf.name,
        "sobject": sf.sobject,
        "sf_id": sf.id,
        "ac_id": ac.id,
    }
    lines = [_line(change, common) for change in plan.changes]
    for label, problem in problems_of(plan, {}):
        values = {k: v for k, v in problem.values.items() if not isinstance(v, Message)}
        lines.append(
            PlannedChange(
                Service.SALESFORCE,
                HistoryAction.SKIP,
                field=label,
                problem=problem.code,
                problem_values=values,
                **common,  # type: ignore[arg-type]
            )
        )
    return lines


def _line(change: FieldChange, common: Mapping[str, object]) -> PlannedChange:
    return PlannedChange(
        change.target,
        HistoryAction.UPDATE,
        field=change.field.label,
        before=change.before,
        after=change.after,
        rule=change.rule.value,
        **common,  # type: ignore[arg-type]
    )


def kept_differences(plan: PairPlan) -> list[KeptDifference]:
    """Return the differences of a first link that a choice per field would decide (section 4)."""
    sf = plan.pair.sf
    return [
        KeptDifference(
            kept.field.key,
            kept.field.label,
            subject_of(sf.sobject, sf.id),
            sf.name,
            kept.salesforce,
            kept.activecampaign,
        )
        for kept in plan.kept
    ]
