"""What must hold at the end, when all trouble is over and two runs were made."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from acassist.domain.ledger import LinkState
from acassist.domain.mapping import FieldMapping
from tests.simulation.checker import Finding
from tests.simulation.judge import SYNC_TAGS, TRIGGERS, Memory, View, account_links, mapped, may_differ, people_rows
from tests.simulation.scene import Scene

State = dict[str, Any]


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
        people = [*self._converged(), *self._complete(), *self._wishes(), *self._broken(), *self._opted_out()]
        return [*people, *self._accounts(), *self._bases()]

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
        if found is None or found[0] == found[1]:
            return
        if not may_differ(self.memory, row, (sf_id, ac_id), found):
            yield Finding("converged", sf_id, f"{row.sf_field}: {found[0]!r} and {found[1]!r} (contact {ac_id})")

    def _complete(self) -> Iterator[Finding]:
        linked = {link.sf_id for link in self.scene.links()}
        for (sobject, sf_id), row in self.view.rows.items():
            if sobject != "Account" and not row.get("IsConverted") and sf_id not in linked and sf_id not in self.named:
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
            if row.get("HasOptedOutOfEmail") and 1 in statuses and not person["bounced"]:
                yield Finding("opt-outs count for both", link.sf_id, f"contact {link.ac_id} is on a list")
            if person["bounced"] and not row.get("HasOptedOutOfEmail"):
                yield Finding("opt-outs count for both", link.sf_id, f"mail to contact {link.ac_id} bounces")
            if 2 in statuses and 1 not in statuses and not row.get("HasOptedOutOfEmail"):
                yield Finding("opt-outs count for both", link.sf_id, "unsubscribed, and not opted out in Salesforce")

    def _accounts(self) -> Iterator[Finding]:
        """Rule 5.7: linked accounts have one name, or somebody is asked."""
        for link in account_links(self.scene):
            names = self.view.account_names(link.sf_id, link.ac_id)
            first = self.memory.kept.get((link.sf_id, link.ac_id, "name"))
            if names is not None and names[0] != names[1] and link.sf_id not in self.named and names != first:
                yield Finding("converged", link.sf_id, f"account: {names[0]!r} and {names[1]!r}")

    def _bases(self) -> Iterator[Finding]:
        """I15: the base of a field is equal on both sides exactly where both sides hold the same."""
        for link in self.scene.links():
            person = self.view.people.get(link.ac_id)
            tagged = person is not None and set(person["tags"]) & SYNC_TAGS
            if link.state is not LinkState.ACTIVE or {link.sf_id, f"ac:{link.ac_id}"} & self.named or not tagged:
                continue
            for row in people_rows(self.mapping, link.sobject):
                found = self.view.meanings(link.sobject.value, link.sf_id, link.ac_id, mapped(row))
                base = link.base.get(row.key)
                if found is None:
                    continue
                if base is None:
                    yield Finding("the base is the truth", link.sf_id, f"{row.sf_field} has none")
                elif (found[0] == found[1]) != _alike(base.salesforce, base.activecampaign):
                    yield Finding("the base is the truth", link.sf_id, f"{row.sf_field}: {base} for {found}")


def _alike(one: str | None, two: str | None) -> bool:
    """Compare two sides of a base; a box that was never filled is an unticked one."""
    return (one or "false") == (two or "false")
