"""What must hold after each run, judged from the state of both services only."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from acassist.domain.ids import SObject
from acassist.domain.ledger import Link, LinkState
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
    apart: dict[tuple[str, str], dict[str, set[tuple[object, object]]]] = field(default_factory=dict)
    """Values that differed by right after a run, and stay so until somebody edits: a change of mapping, an undo or a
    decision pushes no old value (I19). By contact and mapping key, then by record: a record that somebody else was
    converted or merged into inherits."""
    fresh: set[tuple[str, str, str]] = field(default_factory=set)
    """Pairs that no whole run has worked through since they were linked."""
    troubled: set[str] = field(default_factory=set)
    """Records with a value that did not fit at some time: that field may never have been agreed on."""
    order: dict[tuple[str, str], int] = field(default_factory=dict)
    edited: set[tuple[str, str]] = field(default_factory=set)
    serial: int = 0

    def note(self, edits: Iterable[tuple[str, str]], mapped: Collection[str] | None = None) -> None:
        """Remember edits by other people, as (record, field); which side was last counts for `mapped` fields only."""
        self.serial += 1
        for edit in sorted(edits):
            self.edited.add(edit)
            if mapped is None or edit[1] in mapped:
                self.order[edit] = self.serial

    def looked_at(self, scene: Scene, but: Collection[str], *, anew: bool) -> None:
        """Note that a whole run looked at every pair, `but` those that somebody edited meanwhile."""
        left = set()
        for link in scene.links():
            if {link.sf_id, f"ac:{link.ac_id}"} & set(but):
                rows = people_rows(scene.engine.assistant.session.setup.mapping, link.sobject)
                left |= {(link.sf_id, link.ac_id, row.key) for row in rows}
        self.fresh = left if anew else left & self.fresh

    def let(self, keys: Collection[tuple[str, str, str]], state: State, scene: Scene) -> None:
        """Let values of these (Salesforce id, contact, mapping key) stay as they are now."""
        view = View(state)
        for link in scene.links() if keys else []:
            for row in people_rows(scene.engine.assistant.session.setup.mapping, link.sobject):
                found = view.meanings(link.sobject.value, link.sf_id, link.ac_id, mapped(row))
                if (link.sf_id, link.ac_id, row.key) in keys and found is not None:
                    self.apart.setdefault((link.ac_id, row.key), {}).setdefault(link.sf_id, set()).add(found)

    def is_apart(self, sf_id: str, ac_id: str, key: str, found: tuple[object, object]) -> bool:
        """Tell whether these values differ by right, for the record or for the one that it was."""
        known = self.apart.get((ac_id, key), {})
        return found in known[sf_id] if sf_id in known else any(found in values for values in known.values())


class View:
    """The state of both services with quick access by id."""

    def __init__(self, state: State) -> None:
        self.state = state
        self.rows = {(n, r["Id"]): r for n in ("Lead", "Contact", "Account") for r in state["salesforce"][n]}
        self.people = {p["id"]: p for p in state["activecampaign"]["contacts"]}
        self.companies = {a["id"]: a for a in state["activecampaign"]["accounts"]}

    def meanings(self, sobject: str, sf_id: str, ac_id: str, row: Mapped) -> tuple[object, object] | None:
        """Return what one field means on both sides, None when an end is missing."""
        sf, ac = self.rows.get((sobject, sf_id)), self.people.get(ac_id)
        if sf is None or ac is None:
            return None
        here = salesforce_meaning(row.kind, sf.get(row.sf))
        return here, activecampaign_meaning(row.kind, activecampaign_value(ac, row.ac), row.decimal)

    def account_names(self, sf_id: str, ac_id: str) -> tuple[str, str] | None:
        """Return the names of a pair of accounts, None when an end is missing."""
        row, company = self.rows.get(("Account", sf_id)), self.companies.get(ac_id.removeprefix("account:"))
        return (str(row["Name"]), str(company["name"])) if row and company else None


def account_links(scene: Scene) -> list[Link]:
    """Return the active links of accounts while they are mapped."""
    if not scene.engine.assistant.session.setup.mapping.accounts_on:
        return []
    links = scene.engine.stores.ledger.iter_links(sobject=SObject.ACCOUNT, limit=100_000)
    return [link for link in links if link.state is LinkState.ACTIVE]


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
        *stopped_rest(before, after, scene, during),
        *nobody_moved(before, after, during),
    ]


def stopped_rest(before: State, after: State, scene: Scene, during: Collection[str]) -> Iterator[Finding]:
    """Rule 1.3: a record that a person stopped is not written, nor is its contact, unless for another record."""
    old, new = View(before), View(after)
    others = Counter(link.ac_id for link in scene.links())
    for link in scene.links():
        ends = {link.sf_id, f"ac:{link.ac_id}"}
        if link.state is not LinkState.STOPPED or ends & set(during) or others[link.ac_id] > 1:
            continue
        for row in people_rows(scene.engine.assistant.session.setup.mapping, link.sobject):
            names = (link.sobject.value, link.sf_id, link.ac_id)
            if old.meanings(*names, mapped(row)) != new.meanings(*names, mapped(row)):
                yield Finding("stopped records rest", link.sf_id, f"{row.sf_field} was written")


def nobody_moved(before: State, after: State, during: Collection[str]) -> Iterator[Finding]:
    """Rule 5.7: nobody who belongs to an account is moved to another one."""
    ids = [{a["name"]: a["id"] for a in state["activecampaign"]["accounts"]} for state in (before, after)]
    now = {p["id"]: p for p in after["activecampaign"]["contacts"]}
    for person in before["activecampaign"]["contacts"]:
        name, key = person["account"], person["id"]
        if not name or key not in now or f"ac:{key}" in during or any(d.startswith("account:") for d in during):
            continue
        if ids[0][name] != ids[1].get(now[key]["account"]):
            yield Finding("nobody is moved", f"ac:{key}", f"from {name} to {now[key]['account']}")


def room_kept(before: State, after: State, limit: int, during: Collection[str]) -> Iterator[Finding]:
    """Rule 6.1: nobody is created beyond the number of people that the plan allows, and no yes changes that."""
    known = {p["id"] for p in before["activecampaign"]["contacts"]}
    made = [p["id"] for p in after["activecampaign"]["contacts"] if p["id"] not in known]
    made = [key for key in made if f"ac:{key}" not in during]
    if made and len(known) + len(made) > limit:
        yield Finding("the plan has room", f"ac:{made[-1]}", f"{len(known)} and {len(made)} are more than {limit}")


def brakes_hold(before: State, after: State, scene: Scene) -> Iterator[Finding]:
    """Rule 6.1: without a person's word no field is emptied on more records than the brake allows."""
    limit = scene.engine.assistant.session.setup.limits.emptied_count
    old, new = View(before), View(after)
    counts: Counter[tuple[str, str]] = Counter()
    for link in scene.links():
        for row in people_rows(scene.engine.assistant.session.setup.mapping, link.sobject):
            names = (link.sobject.value, link.sf_id, link.ac_id)
            was, now = old.meanings(*names, mapped(row)), new.meanings(*names, mapped(row))
            if was and now and any(not _blank(w) and _blank(n) for w, n in zip(was, now, strict=True)):
                counts[link.sobject.value, row.sf_field] += 1
    for (sobject, name), count in counts.items():
        if count > limit:
            yield Finding("brakes hold", sobject, f"{name} was emptied on {count} records")


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
            untagged = (
                not set(old.people[link.ac_id]["tags"]) & SYNC_TAGS
                and not set(new.people[link.ac_id]["tags"]) & SYNC_TAGS
            )
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
            key = (link.sf_id, link.ac_id, row.key)
            first = anew or key not in memory.kept or key in memory.fresh
            if was[side] != now[side] and not (first and (_blank(was[side]) or row.key in chosen)):
                yield Finding("no lost update", link.sf_id, f"{row.sf_field}: {was[side]!r} became {now[side]!r}")


def lost_account_names(after: State, before: State, scene: Scene, memory: Memory) -> Iterator[Finding]:
    """I3 for accounts: a name that was edited on one side only is still there after a run."""
    old, new = View(before), View(after)
    for link in account_links(scene):
        here, there = (link.sf_id, "Name") in memory.edited, (link.ac_id, "name") in memory.edited
        was, now = old.account_names(link.sf_id, link.ac_id), new.account_names(link.sf_id, link.ac_id)
        if here != there and was and now and was[1 - here] != now[1 - here]:
            yield Finding("no lost update", link.sf_id, f"account: {was[1 - here]} became {now[1 - here]}")


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
            if found is None or not (anew or met or key not in memory.kept or key in memory.fresh):
                continue
            if key not in memory.kept:
                memory.fresh.add(key)
            memory.kept[key] = found
    for link in account_links(scene):
        names = view.account_names(link.sf_id, link.ac_id)
        if names is not None:
            memory.kept.setdefault((link.sf_id, link.ac_id, "name"), names)


def hold_apart(state: State, scene: Scene, memory: Memory, *, anew: bool) -> None:
    """Remember which values differ by right under the mapping in effect; `anew` when its rows were seen first."""
    view = View(state)
    for link in scene.links():
        for row in people_rows(scene.engine.assistant.session.setup.mapping, link.sobject):
            found = view.meanings(link.sobject.value, link.sf_id, link.ac_id, mapped(row))
            known = memory.apart.setdefault((link.ac_id, row.key), {})
            if found is None:
                continue
            first = (anew or (link.sf_id, link.ac_id, row.key) in memory.fresh) and _not_filled(row, found)
            if found[0] == found[1]:
                known.pop(link.sf_id, None)
            elif first or may_differ(memory, row, (link.sf_id, link.ac_id), found):
                known.setdefault(link.sf_id, set()).add(found)
            # Else an edit is on its way; when it is taken back before, the two stay apart as they were.


def _not_filled(row: FieldMapping, found: tuple[object, object]) -> bool:
    """Tell whether the mapping lets nobody fill the blank that a first link finds."""
    barred = {Direction.TO_ACTIVECAMPAIGN: 0, Direction.TO_SALESFORCE: 1}.get(row.direction)
    return barred is not None and _blank(found[barred])


def may_differ(memory: Memory, row: FieldMapping, ends: tuple[str, str], found: tuple[object, object]) -> bool:
    """Tell whether the rules leave two values of a pair as they are."""
    sf_id, ac_id = ends
    here = memory.order.get((sf_id, row.sf_field), 0)
    there = memory.order.get((f"ac:{ac_id}", row.ac_key), 0)
    one_way = (row.direction is Direction.TO_ACTIVECAMPAIGN and there >= here) or (
        row.direction is Direction.TO_SALESFORCE and here >= there
    )
    blank = not row.copy_blanks and (_blank(found[0]) or _blank(found[1]))
    # Both values of a check box are values: an unticked one is kept like any other on a first link.
    filled = not any(_blank(value) and value is not False for value in found)
    key = (sf_id, ac_id, row.key)
    kept = (memory.kept.get(key) == found and filled) or memory.is_apart(sf_id, ac_id, row.key, found)
    never_agreed = sf_id in memory.troubled and row.sf_field in ("Segment__c", "Annual_Budget__c")
    return row.update is not UpdateRule.ALWAYS or one_way or blank or kept or never_agreed


STOPS = {
    ProblemCode.CANCELLED,
    ProblemCode.MAPPING_CHANGED,
    ProblemCode.BRAKE,
    ProblemCode.SF_FIELD_HIDDEN,
}
"""Why a run without faults may stop."""
