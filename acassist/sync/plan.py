"""Plans one pair: a pure function of base, both sides now, and the mapping (house 2)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from acassist.domain.ids import Service
from acassist.domain.ledger import Link
from acassist.domain.merge import (
    Base,
    Canonical,
    Decision,
    FieldState,
    FirstLinkChoice,
    Outcome,
    Rule,
    Stamp,
    decide,
)
from acassist.domain.problem import Problem
from acassist.domain.record import ActiveCampaignContact, SalesforceRecord
from acassist.domain.values import ValueProblem
from acassist.sync.schema import MappedField


@dataclass(frozen=True, slots=True)
class Pair:
    """A Salesforce record and an ActiveCampaign contact that belong together; no link yet on a first link."""

    sf: SalesforceRecord
    ac: ActiveCampaignContact
    link: Link | None = None
    primary: bool = True


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One planned write of one field, with what it replaces and why."""

    field: MappedField
    target: Service
    before: Canonical
    after: Canonical
    rule: Rule
    written: Any


@dataclass(frozen=True, slots=True)
class Question:
    """A field that a person must decide."""

    field: MappedField
    rule: Rule
    salesforce: Canonical
    activecampaign: Canonical


@dataclass(frozen=True, slots=True)
class FieldProblem:
    """A field whose value does not fit; the field is left alone on both sides."""

    field: MappedField
    problem: Problem


@dataclass(frozen=True, slots=True)
class PairPlan:
    """Everything that one pair needs."""

    pair: Pair
    changes: tuple[FieldChange, ...] = ()
    questions: tuple[Question, ...] = ()
    problems: tuple[FieldProblem, ...] = ()
    base: Mapping[str, Base] = field(default_factory=dict)
    held_back: bool = False
    """Writes to one side were dropped, so a later run has to look at the pair again."""
    kept: tuple[Question, ...] = ()
    """Differences of a first link that stay until a person chooses; nothing is raised for them."""

    def writes(self, target: Service) -> tuple[FieldChange, ...]:
        """Return the planned writes to one side."""
        return tuple(c for c in self.changes if c.target is target)

    @property
    def quiet(self) -> bool:
        """Tell whether nothing is to be written or asked."""
        return not (self.changes or self.questions or self.problems)

    def without(self, target: Service) -> PairPlan:
        """Return the plan without its writes to one side; their base stays as it was, so they come again."""
        dropped = {c.field.key for c in self.writes(target)}
        old = self.pair.link.base if self.pair.link else {}
        base = {k: (old[k] if k in dropped else v) for k, v in self.base.items() if k not in dropped or k in old}
        kept = tuple(c for c in self.changes if c.target is not target)
        held_back = self.held_back or bool(dropped)
        return PairPlan(self.pair, kept, self.questions, self.problems, base, held_back, self.kept)


def _stamps(field_: MappedField, pair: Pair, edited: Collection[str]) -> tuple[Stamp, Stamp]:
    """Return when both sides changed (section 4, "Newest").

    Salesforce stamps the whole record: another field that was edited, or a write of our own, moves it as well.
    """
    precise = pair.ac.stamps.get(field_.ac.key)
    ac = Stamp(precise, precise=True) if precise else Stamp(pair.ac.updated)
    own = pair.link.own_sf_stamp if pair.link else None
    ours = own is not None and pair.sf.stamp <= own
    return Stamp(pair.sf.stamp, latest=ours or bool(set(edited) - {field_.key})), ac


def _edited(fields: tuple[MappedField, ...], pair: Pair) -> frozenset[str]:
    """Name the fields whose Salesforce value is no longer the one that both sides last agreed on."""
    found = set()
    for field_ in fields:
        base = pair.link.base.get(field_.key) if pair.link else None
        try:
            now = field_.codec.from_salesforce(pair.sf.fields.get(field_.sf.name))
        except ValueProblem:
            found.add(field_.key)
            continue
        if base is not None and not field_.codec.equal(now, base.salesforce):
            found.add(field_.key)
    return frozenset(found)


def _state(field_: MappedField, pair: Pair, edited: Collection[str]) -> FieldState:
    """Read both canonical values; raises ValueProblem when one cannot be understood."""
    codec = field_.codec
    base = pair.link.base.get(field_.key) if pair.link else None
    raw = pair.ac.values.get(field_.ac.key)
    sf = codec.from_salesforce(pair.sf.fields.get(field_.sf.name))
    # A missing value was emptied if the base had one, else it was never there (an unticked box reads differently).
    emptied = raw is None and base is not None and base.activecampaign is not None
    ac = codec.from_activecampaign("" if emptied else raw)
    sf_stamp, ac_stamp = _stamps(field_, pair, edited)
    return FieldState(
        salesforce=sf,
        activecampaign=ac,
        base=base,
        salesforce_stamp=sf_stamp,
        activecampaign_stamp=ac_stamp,
        equal=codec.equal(sf, ac),
        primary=pair.primary,
    )


def _change(field_: MappedField, state: FieldState, decision: Decision) -> FieldChange:
    """Turn a decision into a write; raises ValueProblem when the value does not fit the target."""
    if decision.outcome is Outcome.TO_ACTIVECAMPAIGN:
        value, before, target = state.salesforce, state.activecampaign, Service.ACTIVECAMPAIGN
        written: Any = field_.codec.to_activecampaign(value)
    else:
        value, before, target = state.activecampaign, state.salesforce, Service.SALESFORCE
        written = field_.codec.to_salesforce(value)
    return FieldChange(field_, target, before, value, decision.rule, written)


def _new_base(state: FieldState, decision: Decision) -> Base | None:
    """Return the base after the planned write succeeded; a question leaves the base as it is."""
    if decision.outcome is Outcome.ASK:
        return state.base
    if decision.outcome is Outcome.TO_ACTIVECAMPAIGN:
        return Base(state.salesforce, state.salesforce)
    if decision.outcome is Outcome.TO_SALESFORCE:
        return Base(state.activecampaign, state.activecampaign)
    return Base(state.salesforce, state.activecampaign)


@dataclass(slots=True)
class _Draft:
    edited: frozenset[str] = frozenset()
    changes: list[FieldChange] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    problems: list[FieldProblem] = field(default_factory=list)
    base: dict[str, Base] = field(default_factory=dict)
    kept: list[Question] = field(default_factory=list)

    def keep_old(self, field_: MappedField, pair: Pair) -> None:
        old = pair.link.base.get(field_.key) if pair.link else None
        if old is not None:
            self.base[field_.key] = old


def _plan_field(draft: _Draft, field_: MappedField, pair: Pair, choice: FirstLinkChoice) -> None:
    try:
        state = _state(field_, pair, draft.edited)
        decision = decide(field_.mapping, state, choice=choice)
        if decision.outcome.target is not None:
            draft.changes.append(_change(field_, state, decision))
    except ValueProblem as error:
        draft.problems.append(FieldProblem(field_, error.problem))
        draft.keep_old(field_, pair)
        return
    if decision.outcome is Outcome.ASK:
        draft.questions.append(Question(field_, decision.rule, state.salesforce, state.activecampaign))
    elif decision.rule is Rule.FIRST_LINK_KEPT:
        draft.kept.append(Question(field_, decision.rule, state.salesforce, state.activecampaign))
    base = _new_base(state, decision)
    if base is not None:
        draft.base[field_.key] = base


def plan_pair(
    fields: tuple[MappedField, ...], pair: Pair, choices: Mapping[str, FirstLinkChoice] | None = None
) -> PairPlan:
    """Plan every mapped field of one pair; a field that does not fit never stops the others."""
    draft = _Draft(_edited(fields, pair))
    for field_ in fields:
        choice = (choices or {}).get(field_.key, FirstLinkChoice.KEEP)
        _plan_field(draft, field_, pair, choice)
    return PairPlan(
        pair,
        tuple(draft.changes),
        tuple(draft.questions),
        tuple(draft.problems),
        draft.base,
        kept=tuple(draft.kept),
    )


def creation_values(
    fields: tuple[MappedField, ...], sf: SalesforceRecord
) -> tuple[dict[str, str], tuple[FieldProblem, ...]]:
    """Return the ActiveCampaign values of a new contact, by key, and what did not fit."""
    values: dict[str, str] = {}
    problems: list[FieldProblem] = []
    for field_ in fields:
        if field_.mapping.direction == "to_salesforce" or field_.mapping.update == "never":
            continue
        try:
            canonical = field_.codec.from_salesforce(sf.fields.get(field_.sf.name))
            if canonical is not None and field_.ac.key != "email":
                values[field_.ac.key] = field_.codec.to_activecampaign(canonical)
        except ValueProblem as error:
            problems.append(FieldProblem(field_, error.problem))
    return values, tuple(problems)


def record_values(
    fields: tuple[MappedField, ...], ac: ActiveCampaignContact
) -> tuple[dict[str, Any], tuple[FieldProblem, ...]]:
    """Return the Salesforce values of a new record, by field name, and what did not fit."""
    values: dict[str, Any] = {}
    problems: list[FieldProblem] = []
    for field_ in fields:
        barred = field_.mapping.direction == "to_activecampaign" or field_.mapping.update == "never"
        if barred or not field_.sf.createable or field_.sf.calculated:
            continue
        try:
            canonical = field_.codec.from_activecampaign(ac.values.get(field_.ac.key))
            if canonical is not None:
                values[field_.sf.name] = field_.codec.to_salesforce(canonical)
        except ValueProblem as error:
            problems.append(FieldProblem(field_, error.problem))
    return values, tuple(problems)
