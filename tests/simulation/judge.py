"""What must hold after each run and at the end, judged from the state of both services only."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from acassist.domain.ids import SObject
from acassist.domain.ledger import LinkState
from acassist.domain.mapping import Direction, FieldMapping, MappingSet, UpdateRule
from acassist.domain.problem import ProblemCode
from acassist.domain.selection import SelectionKind
from tests.simulation import checker
from tests.simulation.checker import Excuses, Finding, Mapped, activecampaign_value
from tests.simulation.plain_values import activecampaign_meaning, salesforce_meaning
from tests.simulation.scene import Scene

State = dict[str, Any]
KINDS = {
    "Email": "email",
    "Annual_Budget__c": "number",
    "Trial_End__c": "date",
    "Product_Interest__c": "multi",
    "Newsletter__c": "bool",
}
BOX = "Newsletter__c"
SYNC_TAGS = {
    "created-from-salesforce-lead",
    "created-from-salesforce-contact",
    "added-to-salesforce-contact",
    "added-to-salesforce-lead",
    "salesforce-lead-converted-to-contact",
    "created-from-salesforce",
    "added-to-salesforce",
}
TRIGGERS = {"create-salesforce-contact", "create-salesforce-lead"}


def mapped(row: FieldMapping) -> Mapped:
    """Return a mapping row in the checker's own terms."""
    return Mapped(row.ac_key, row.sf_field, KINDS.get(row.sf_field, "text"))


def _blank(meaning: object) -> bool:
    return meaning in (None, "", False, frozenset())


@dataclass
class Memory:
    """What the judge remembers between runs: first sights of pairs, and which side was edited last."""

    kept: dict[tuple[str, str, str], tuple[object, object]] = field(default_factory=dict)
    ruled: set[tuple[str, str, str]] = field(default_factory=set)
    """Those of `kept` that another mapping held apart before: a change of mapping does not push old values (I19)."""
    rows: set[str] = field(default_factory=set)
    troubled: set[str] = field(default_factory=set)
    """Records with a value that did not fit at some time: that field may never have been agreed on."""
    order: dict[tuple[str, str], int] = field(default_factory=dict)
    edited: set[tuple[str, str]] = field(default_factory=set)
    serial: int = 0

    def note(self, edits: Iterable[tuple[str, str]]) -> None:
        """Remember edits by other people, as (record, field)."""
        self.serial += 1
        for edit in sorted(edits):
            self.order[edit] = self.serial
            self.edited.add(edit)


class View:
    """The state of both services with quick access by id."""

    def __init__(self, state: State) -> None:
        self.state = state
        self.rows = {(n, r["Id"]): r for n in ("Lead", "Contact") for r in state["salesforce"][n]}
        self.people = {p["id"]: p for p in state["activecampaign"]["contacts"]}

    def meanings(self, sobject: str, sf_id: str, ac_id: str, row: Mapped) -> tuple[object, object] | None:
        """Return what one field means on both sides, None when an end is missing."""
        sf, ac = self.rows.get((sobject, sf_id)), self.people.get(ac_id)
        if sf is None or ac is None:
            return None
        here = salesforce_meaning(row.kind, sf.get(row.sf))
        return here, activecampaign_meaning(row.kind, activecampaign_value(ac, row.ac), row.decimal)


def people_rows(mapping: MappingSet, sobject: SObject) -> list[FieldMapping]:
    """Return the rows that are compared by value; the account row is not."""
    return [r for r in mapping.for_object(sobject) if r.ac_key != "account"]


def after_run(before: State, after: State, scene: Scene, during: Collection[str]) -> list[Finding]:
    """Return what one run broke; `during` are the records that somebody else touched meanwhile."""
    excuses = Excuses(others=during)
    mapping = scene.engine.assistant.session.setup.mapping
    keeping = {
        sobject.value: [mapped(r) for r in people_rows(mapping, sobject) if not r.copy_blanks and r.sf_field != BOX]
        for sobject in (SObject.LEAD, SObject.CONTACT)
    }
    touched = _addresses(after, during) | _addresses(before, during)
    live_before, live_after = _without_converted(before), _without_converted(after)
    # An address that a linked person gave up on purpose is free for somebody else.
    now = {p["id"]: p["email"] for p in after["activecampaign"]["contacts"]}
    freed = {p["email"] for p in before["activecampaign"]["contacts"] if now.get(p["id"], p["email"]) != p["email"]}
    known = touched | freed
    doubles = [f for f in checker.duplicates(live_before, live_after, excuses) if f.subject not in known]
    return [
        *doubles,
        *doubly_linked(scene),
        *checker.cleared_opt_outs(before, after, excuses),
        *checker.subscribed_opt_outs(before, after, excuses),
        *checker.deletions(before, after, excuses),
        *checker.emptied(before, after, keeping, excuses),
        *barred_writes(before, after, scene, during),
        *written_to_converted(before, after, during),
    ]


def barred_writes(before: State, after: State, scene: Scene, during: Collection[str]) -> Iterator[Finding]:
    """I12: a run writes nothing against the direction of a row, and nothing to Salesforce for people without a tag."""
    mapping = scene.engine.assistant.session.setup.mapping
    old, new = View(before), View(after)
    for link in scene.links():
        names = (link.sobject.value, link.sf_id, link.ac_id)
        if link.sf_id in during or f"ac:{link.ac_id}" in during:
            continue
        for row in people_rows(mapping, link.sobject):
            was, now = old.meanings(*names, mapped(row)), new.meanings(*names, mapped(row))
            if was is None or now is None:
                continue
            untagged = not set(old.people[link.ac_id]["tags"]) & SYNC_TAGS and not set(
                new.people[link.ac_id]["tags"]
            ) & SYNC_TAGS
            if was[0] != now[0] and (row.direction is Direction.TO_ACTIVECAMPAIGN or untagged):
                yield Finding("nothing against a rule", link.sf_id, f"{row.sf_field} was written in Salesforce")
            if was != now and row.update is UpdateRule.NEVER:
                yield Finding("nothing against a rule", link.sf_id, f"{row.sf_field} is never to be updated")
            if was[1] != now[1] and row.direction is Direction.TO_SALESFORCE:
                yield Finding("nothing against a rule", link.sf_id, f"{row.ac_key} was written in ActiveCampaign")


def written_to_converted(before: State, after: State, during: Collection[str]) -> Iterator[Finding]:
    """Rule 2.4: a converted lead is never written again."""
    now = {r["Id"]: r for r in after["salesforce"]["Lead"]}
    for row in before["salesforce"]["Lead"]:
        if row.get("IsConverted") and row["Id"] in now and row["Id"] not in during and now[row["Id"]] != row:
            yield Finding("converted leads rest", row["Id"], "a converted lead was written")


def _addresses(state: State, records: Collection[str]) -> set[str]:
    rows = [r for n in ("Lead", "Contact") for r in state["salesforce"][n] if r["Id"] in records]
    people = [p for p in state["activecampaign"]["contacts"] if f"ac:{p['id']}" in records]
    return {r.get("Email", "").lower() for r in rows} | {p["email"] for p in people}


def _without_converted(state: State) -> State:
    leads = [r for r in state["salesforce"]["Lead"] if not r.get("IsConverted")]
    return {**state, "salesforce": {**state["salesforce"], "Lead": leads}}


def doubly_linked(scene: Scene) -> Iterator[Finding]:
    """I5: no contact has two active links to records of one object, and at most one of all is primary."""
    seen: dict[tuple[str, str], str] = {}
    primary: dict[str, str] = {}
    for link in scene.links():
        if link.state is not LinkState.ACTIVE:
            continue
        other = seen.setdefault((link.sobject.value, link.ac_id), link.sf_id)
        if other != link.sf_id:
            yield Finding("no duplicate", f"ac:{link.ac_id}", f"linked to {other} and {link.sf_id}")
        if link.primary and primary.setdefault(link.ac_id, link.sf_id) != link.sf_id:
            yield Finding("one primary", f"ac:{link.ac_id}", "two records speak for this person")


def open_questions(scene: Scene) -> set[str]:
    """Return the records with a field that a person was asked about."""
    return {i.sf_id for i in scene.issues() if i.sf_id and i.code in (ProblemCode.CONFLICT, ProblemCode.TWIN_EDIT)}


def value_problems(scene: Scene) -> set[str]:
    """Return the records with a value that does not fit."""
    return {i.sf_id for i in scene.issues() if i.sf_id and i.code.value.startswith("value_")}


def lost_updates(
    views: tuple[State, State],
    scene: Scene,
    memory: Memory,
    *,
    skip: Collection[str],
    asked: Collection[str],
    anew: bool,
) -> Iterator[Finding]:
    """I3: a value that was edited on one side only is still there after a run."""
    mapping = scene.engine.assistant.session.setup.mapping
    old, new = View(views[0]), View(views[1])
    chosen = scene.engine.stores.settings.get("first_link_choices") or {}
    links = [link for link in scene.links() if link.state is LinkState.ACTIVE]
    rivals: dict[str, list[str]] = {}
    for link in links:
        rivals.setdefault(link.ac_id, []).append(link.sf_id)
    for link in links:
        # Where a conflict was open, an edit on one side settles it, also by going back to the value before.
        # A row that is new to the mapping starts like a first link, where blanks are filled.
        if link.sf_id in asked or link.sf_id in skip or f"ac:{link.ac_id}" in skip or len(rivals[link.ac_id]) > 1:
            continue
        for row in people_rows(mapping, link.sobject):
            here = (link.sf_id, row.sf_field) in memory.edited
            there = (f"ac:{link.ac_id}", row.ac_key) in memory.edited
            was = old.meanings(link.sobject.value, link.sf_id, link.ac_id, mapped(row))
            now = new.meanings(link.sobject.value, link.sf_id, link.ac_id, mapped(row))
            if here == there or was is None or now is None:
                continue
            side = 0 if here else 1
            first = anew or (link.sf_id, link.ac_id, row.key) not in memory.kept
            if was[side] != now[side] and not (first and (_blank(was[side]) or row.key in chosen)):
                yield Finding("no lost update", link.sf_id, f"{row.sf_field}: {was[side]!r} became {now[side]!r}")


def remember(state: State, scene: Scene, memory: Memory, *, anew: bool, during: Collection[str]) -> None:
    """Keep the values of pairs seen for the first time: both filled and different, they stay so by the rules."""
    view = View(state)
    outbound = scene.engine.assistant.session.setup.outbound
    for link in scene.links():
        for row in people_rows(scene.engine.assistant.session.setup.mapping, link.sobject):
            key = (link.sf_id, link.ac_id, row.key)
            found = view.meanings(link.sobject.value, link.sf_id, link.ac_id, mapped(row))
            # A blank that was still to be filled when somebody filled it by hand: that is a first link all the same.
            held = outbound.for_object(link.sobject).kind is SelectionKind.NONE
            met = held or {link.sf_id, f"ac:{link.ac_id}"} & set(during)
            met = met and any(map(_blank, memory.kept.get(key, ())))
            if found is None or not (anew or met or key not in memory.kept):
                continue
            if anew and row.key in memory.rows:
                memory.ruled.add(key)
            memory.kept[key] = found
    if anew or not memory.rows:
        mapping = scene.engine.assistant.session.setup.mapping
        memory.rows |= {row.key for sobject in (SObject.LEAD, SObject.CONTACT) for row in people_rows(mapping, sobject)}


class Closing:
    """The judgement at the end, when faults are over and two runs were made."""

    def __init__(self, scene: Scene, state: State, memory: Memory) -> None:
        self.scene, self.view, self.memory = scene, View(state), memory
        self.mapping = scene.engine.assistant.session.setup.mapping
        issues = scene.issues()
        self.named = {i.sf_id for i in issues if i.sf_id} | {f"ac:{i.ac_id}" for i in issues if i.ac_id}
        self.fields = {(i.sf_id, i.field) for i in issues}

    def findings(self) -> list[Finding]:
        """Return everything that is not as it must be."""
        return [*self._converged(), *self._complete(), *self._wishes(), *self._broken(), *self._opted_out()]

    def _converged(self) -> Iterator[Finding]:
        owners = Counter(link.ac_id for link in self.scene.links())
        for link in self.scene.links():
            names = {link.sf_id, f"ac:{link.ac_id}"}
            # The echo of one twin is no change for the other, so twins need not agree (rule 2.2).
            if link.state is not LinkState.ACTIVE or names & self.named or owners[link.ac_id] > 1:
                continue
            person = self.view.people.get(link.ac_id)
            if (link.sobject.value, link.sf_id) not in self.view.rows:
                yield Finding("converged", link.sf_id, "one end of an active link is gone")
            # A contact that was deleted is noticed when somebody writes to it: no delta of ActiveCampaign shows it.
            elif person is not None and set(person["tags"]) & SYNC_TAGS:
                for row in people_rows(self.mapping, link.sobject):
                    yield from self._field(link.sobject.value, link.sf_id, link.ac_id, row)

    def _field(self, sobject: str, sf_id: str, ac_id: str, row: FieldMapping) -> Iterator[Finding]:
        found = self.view.meanings(sobject, sf_id, ac_id, mapped(row))
        if found is None or found[0] == found[1] or row.update is not UpdateRule.ALWAYS:
            return
        here = self.memory.order.get((sf_id, row.sf_field), 0)
        there = self.memory.order.get((f"ac:{ac_id}", row.ac_key), 0)
        one_way = (row.direction is Direction.TO_ACTIVECAMPAIGN and there >= here) or (
            row.direction is Direction.TO_SALESFORCE and here >= there
        )
        blank = not row.copy_blanks and (_blank(found[0]) or _blank(found[1]))
        # Both values of a check box are values: an unticked one is kept like any other on a first link.
        filled = not any(_blank(value) and value is not False for value in found)
        key = (sf_id, ac_id, row.key)
        kept = self.memory.kept.get(key) == found and (filled or key in self.memory.ruled)
        never_agreed = sf_id in self.memory.troubled and row.sf_field in ("Segment__c", "Annual_Budget__c")
        if not (one_way or blank or kept or never_agreed):
            yield Finding("converged", sf_id, f"{row.sf_field}: {found[0]!r} and {found[1]!r} (contact {ac_id})")

    def _complete(self) -> Iterator[Finding]:
        linked = {link.sf_id for link in self.scene.links()}
        for (sobject, sf_id), row in self.view.rows.items():
            if not row.get("IsConverted") and sf_id not in linked and sf_id not in self.named:
                what = f"{sobject} {row.get('Email')} is neither linked nor listed"
                yield Finding("everybody selected is sent", sf_id, what)

    def _wishes(self) -> Iterator[Finding]:
        for ac_id, person in self.view.people.items():
            if set(person["tags"]) & TRIGGERS and f"ac:{ac_id}" not in self.named:
                yield Finding("wishes are met", f"ac:{ac_id}", "a trigger tag was neither worked nor listed")


    def _broken(self) -> Iterator[Finding]:
        """Rule 2.5: a link is broken only when one end is gone, or when the contact has another record by now."""
        active = {(x.sobject, x.ac_id) for x in self.scene.links() if x.state is LinkState.ACTIVE}
        for link in self.scene.links():
            row = self.view.rows.get((link.sobject.value, link.sf_id))
            whole = row is not None and not row.get("IsConverted") and link.ac_id in self.view.people
            if link.state is LinkState.BROKEN and whole and (link.sobject, link.ac_id) not in active:
                yield Finding("nothing broken without cause", link.sf_id, f"contact {link.ac_id} is there as well")

    def _opted_out(self) -> Iterator[Finding]:
        """Rule 5.8: who opted out on one side is opted out on the other, or somebody is asked."""
        for link in self.scene.links():
            row = self.view.rows.get((link.sobject.value, link.sf_id))
            person = self.view.people.get(link.ac_id)
            named = {link.sf_id, f"ac:{link.ac_id}"} & self.named
            if link.state is not LinkState.ACTIVE or row is None or person is None or named:
                continue
            statuses = set(person["lists"].values())
            if row.get("HasOptedOutOfEmail") and 1 in statuses:
                yield Finding("opt-outs count for both", link.sf_id, f"contact {link.ac_id} is on a list")
            if 2 in statuses and 1 not in statuses and not row.get("HasOptedOutOfEmail"):
                yield Finding("opt-outs count for both", link.sf_id, "unsubscribed, and not opted out in Salesforce")


STOPS = {
    ProblemCode.CANCELLED,
    ProblemCode.MAPPING_CHANGED,
    ProblemCode.BRAKE,
    ProblemCode.SF_FIELD_HIDDEN,
}
"""Why a run without faults may stop."""
