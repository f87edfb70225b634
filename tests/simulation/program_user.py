"""The person at the program: actions on one record, undo, stop and resume, decisions; each at most once."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from acassist.assistant.decisions import Choice
from acassist.assistant.views import ActionResult, RecordRef
from acassist.domain.ledger import HistoryAction, Link, LinkState
from acassist.domain.problem import ProblemCode
from acassist.sync.undo import UndoReport
from tests.simulation.checker import Finding
from tests.simulation.scene import Scene

State = dict[str, Any]
DEEDS = ("sync", "sync", "send", "send", "send", "enter", "enter", "enter", "stop", "resume", "undo", "decide", "retry")
UNKNOWN = {ProblemCode.SEND_UNKNOWN, ProblemCode.ENTER_UNKNOWN}


@dataclass
class Deed:
    """What the person did: its name, for whom, and what the program answered; None when the program was killed."""

    name: str
    ac_id: str = ""
    answer: ActionResult | UndoReport | None = None
    item: str = ""
    touched: set[str] = field(default_factory=set)
    """Records that may be written against the mapping: values are taken back."""
    apart: set[tuple[str, str, str]] = field(default_factory=set)
    """(Salesforce id, contact, mapping key) whose values may differ from now on by the person's word."""


@dataclass
class ProgramUser:
    """Chooses what the person does, and does it."""

    scene: Scene
    dice: random.Random

    def offer_everything(self) -> None:
        """Tick all campaigns and automations, and let the automations take people again."""
        tables, session = self.scene.world.activecampaign.tables, self.scene.engine.assistant.session
        cx = replace(
            session.setup.cx,
            enabled=True,
            campaigns=tuple(row["id"] for row in tables["campaigns"]),
            automations=tuple(row["id"] for row in tables["automations"]),
        )
        session.store(replace(session.setup, cx=cx), what="test")

    def _link(self, state: LinkState | None = None) -> Link | None:
        links = [x for x in self.scene.links() if state is None or x.state is state]
        return self.dice.choice(links) if links else None

    def choose(self) -> Deed | None:
        """Choose one deed, None when there is nobody to do it to."""
        name = self.dice.choice(DEEDS)
        link = self._link(LinkState.STOPPED if name == "resume" else LinkState.ACTIVE)
        if link is None and name not in ("undo", "decide", "retry"):
            return None
        return Deed(name, link.ac_id if link else "", item=str(link.id) if link else "")

    async def do(self, deed: Deed) -> None:
        """Carry a deed out and note the answer."""
        assistant = self.scene.engine.assistant
        link = self.scene.engine.stores.ledger.link(int(deed.item)) if deed.item else None
        ref = RecordRef(link.sobject, link.sf_id, link.ac_id) if link else RecordRef()
        if deed.name == "sync":
            deed.answer = await assistant.sync_record(ref)
        elif deed.name in ("stop", "resume") and link is not None:
            deed.answer = await assistant.stop_syncing(ref, stop=deed.name == "stop")
        elif deed.name in ("send", "enter"):
            await self._one_off(deed, ref)
        elif deed.name == "undo":
            await self._undo(deed)
        elif deed.name == "decide":
            self._decide(deed)
        else:
            for issue in self.scene.issues()[:3]:
                await assistant.retry_issue(issue.id)

    async def _one_off(self, deed: Deed, ref: RecordRef) -> None:
        assistant, account = self.scene.engine.assistant, self.scene.world.activecampaign
        contact = account.contacts.get(int(deed.ac_id))
        shown = contact.email if contact else "gone@x.example"
        kind = "campaigns" if deed.name == "send" else "automations"
        deed.item = self.dice.choice([row["id"] for row in account.tables[kind]])
        act = assistant.send_campaign if deed.name == "send" else assistant.enter_automation
        deed.answer = await act(ref, deed.item, shown)

    async def _undo(self, deed: Deed) -> None:
        assistant = self.scene.engine.assistant
        for run in (await assistant.runs(6))[self.dice.randint(0, 2) :]:
            items = await assistant.run_items(run.id)
            written = [i for i in items if i.action is HistoryAction.UPDATE and i.sf_id and i.ac_id]
            if written:
                deed.apart = {(str(i.sf_id), str(i.ac_id), i.key) for i in written}
                deed.touched = {end for i in written for end in (str(i.sf_id), f"ac:{i.ac_id}")}
                deed.answer = await assistant.undo_run(run.id)
                return

    def _decide(self, deed: Deed) -> None:
        people = {link.sf_id for link in self.scene.links()}
        issues = [i for i in self.scene.issues() if i.code is ProblemCode.CONFLICT and i.sf_id in people]
        if issues:
            chosen = self.dice.choice(list(Choice))
            issue = self.dice.choice(issues)
            self.scene.engine.assistant.decisions.resolve_conflict(issue.id, chosen)
            link = self.scene.link(str(issue.sf_id))
            if chosen is Choice.KEEP_BOTH:
                deed.apart = {(link.sf_id, link.ac_id, str(issue.values.get("key")))}


def sent_once(deed: Deed, before: State, after: State) -> Iterator[Finding]:
    """A campaign goes out once when the program says so, never twice, and to nobody who wants no mail (5.8, 6.3)."""
    made = len(after["activecampaign"]["sends"]) - len(before["activecampaign"]["sends"])
    yield from _once(deed, "send", made)
    if made and deed.name == "send":
        person = next((p for p in before["activecampaign"]["contacts"] if p["id"] == deed.ac_id), None)
        out = person is not None and {
            *(s for s in person["lists"].values() if s == 2 and 1 not in person["lists"].values()),
            *([True] if person["bounced"] else []),
            *(r["Id"] for r in _twins(before, person["email"]) if r.get("HasOptedOutOfEmail")),
        }
        if person is None or out:
            yield Finding("nobody gets mail against their wish", f"ac:{deed.ac_id}", f"opted out: {out}")


def entered_once(deed: Deed, before: State, after: State) -> Iterator[Finding]:
    """Somebody enters an automation once when the program says so, and never twice (6.3)."""

    def count(state: State) -> int:
        rows = state["activecampaign"]["contactAutomations"]
        return sum(r["contact"] == deed.ac_id and r["automation"] == deed.item for r in rows)

    if deed.name == "enter":
        yield from _once(deed, "enter", count(after) - count(before))


def _once(deed: Deed, name: str, made: int) -> Iterator[Finding]:
    done = deed.name == name and isinstance(deed.answer, ActionResult) and deed.answer.done
    problem = deed.answer.problem if isinstance(deed.answer, ActionResult) else None
    unknown = deed.name == name and (deed.answer is None or (problem is not None and problem.code in UNKNOWN))
    if made != int(done) and not (unknown and made <= 1):
        yield Finding("once and no more", f"ac:{deed.ac_id}", f"{name}: {made} made, told {problem or done}")


def _twins(state: State, email: str) -> Iterator[dict[str, Any]]:
    """Yield the live records with an address; a converted lead lives on in its contact."""
    for name in ("Lead", "Contact"):
        for row in state["salesforce"][name]:
            if str(row.get("Email") or "").lower() == email.lower() and not row.get("IsConverted"):
                yield row
