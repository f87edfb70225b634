"""Stories for the fault sweeps: the moment before a run that has something of everything to do."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from acassist.assistant.views import ActionResult, RecordRef
from acassist.domain.mapping import DEFAULT_ACCOUNT
from acassist.domain.problem import ProblemCode, ProblemError
from tests.simulation.canonical import canonical, ledger_of
from tests.simulation.forks import Snapshot
from tests.simulation.scene import Scene

ROWS = [("Nickname", "Nickname__c"), ("Annual budget", "Annual_Budget__c")]
UNKNOWN = {ProblemCode.SEND_UNKNOWN, ProblemCode.ENTER_UNKNOWN}

Outcome = dict[str, Any]
Story = Callable[[Path], Coroutine[Any, Any, Scene]]


async def one_by_one(folder: Path) -> Scene:
    """Twin, rename, conflict-free edits, conversion, deletion, opt-outs, accounts, wishes, new people by sync."""
    scene = await Scene.open(folder, rows=ROWS)
    rows = scene.engine.assistant.session.setup.mapping
    scene.use(rows=replace(rows, account=DEFAULT_ACCOUNT, accounts_on=True))
    account = await scene.create("Account", Name="Acme")
    ids = [await scene.lead(f"old{n}@x.example", FirstName="Old", Nickname__c="N", Phone="1") for n in range(7)]
    twin = await scene.contact("old0@x.example", FirstName="Old", Nickname__c="N", AccountId=account)
    for _ in range(3):
        await scene.sync()
    acs = [scene.link(sf).ac_id for sf in ids]
    await scene.change(acs[6], lists={"1": 1})
    await scene.change(acs[2], lists={"1": 1})
    await scene.sync()
    scene.world.clock.advance(3600)
    await scene.edit("Contact", twin, FirstName="Primary")
    await scene.edit("Account", account, Name="Acme & Sons")
    await scene.edit("Lead", ids[1], FirstName="Edited", Email="renamed@x.example")
    await scene.change(acs[2], firstName="Changed", values={"Nickname": "M", "Annual budget": "$1,000"}, lists={"1": 2})
    await scene.edit("Lead", ids[3], Nickname__c="left")
    await scene.change(acs[3], phone="2")
    await scene.convert(ids[4])
    await scene.drop(acs[5])
    await scene.edit("Lead", ids[5], FirstName="Nobody")
    await scene.edit("Lead", ids[6], HasOptedOutOfEmail=True)
    for n in range(2):
        await scene.lead(f"new{n}@x.example", FirstName="New", Annual_Budget__c=5, Company=f"Co {n}")
    await scene.lead("known@x.example", FirstName="Known", Nickname__c="K")
    await scene.person("known@x.example", lastName="There")
    await scene.person("wish@x.example", firstName="W", lastName="W", tags_add=["create-salesforce-contact"])
    return scene


async def by_bulk(folder: Path) -> Scene:
    """A run that works by bulk import on both new and linked people, and a person's campaign and automation."""
    scene = await Scene.open(folder, rows=ROWS)
    ids = [await scene.lead(f"old{n}@x.example", FirstName="Old", Nickname__c="N") for n in range(11)]
    await scene.sync()
    await scene.sync()
    for n, sf in enumerate(ids):
        await scene.edit("Lead", sf, FirstName=f"Edited {n}")
        await scene.change(scene.link(sf).ac_id, values={"Nickname": f"M{n}"})
    for n in range(11):
        await scene.lead(f"new{n}@x.example", FirstName="New", Nickname__c="X", Company=f"Co {n % 2}")
    tables, session = scene.world.activecampaign.tables, scene.engine.assistant.session
    automation = next(row for row in tables["automations"] if not row["_actions"])["id"]
    campaign = next(iter(tables["campaigns"]))["id"]
    cx = replace(session.setup.cx, enabled=True, campaigns=(campaign,), automations=(automation,))
    session.store(replace(session.setup, cx=cx), what="test")
    return scene


STORIES: dict[str, Story] = {"one by one": one_by_one, "by bulk": by_bulk}


async def run_and_act(scene: Scene) -> None:
    """Make the run; then, where it is offered, send a campaign to somebody and add them to an automation, once."""
    with suppress(ProblemError):
        await scene.sync(yes=True)
    cx = scene.engine.assistant.session.setup.cx
    link = next(iter(scene.links()), None)
    if not cx.enabled or link is None:
        return
    ref, assistant = RecordRef(link.sobject, link.sf_id, link.ac_id), scene.engine.assistant
    account = scene.world.activecampaign
    shown = account.contact(link.ac_id).email
    sent = await assistant.send_campaign(ref, cx.campaigns[0], shown)
    told_truly(sent, len(account.sends))
    entered = await assistant.enter_automation(ref, cx.automations[0], shown)
    rows = [row for row in account.tables["contactAutomations"] if row["automation"] == cx.automations[0]]
    told_truly(entered, len([row for row in rows if row["contact"] == link.ac_id]))


def told_truly(answer: ActionResult, made: int) -> None:
    """A deed is done once when the program says so, and not at all when it says that it was not."""
    assert made <= 1
    code = answer.problem.code if answer.problem else None
    assert code in UNKNOWN or made == int(answer.done), f"{made} made, told {code}"


def outcome(scene: Scene) -> Outcome:
    """Return what must not depend on the fault."""
    asked = [code for code in scene.codes() if code not in UNKNOWN]
    return {**canonical(scene.world), "links": ledger_of(scene.engine.stores, scene.world), "issues": asked}


async def settled(scene: Scene) -> Outcome:
    """Let two more runs finish the work; the one after them must write nothing."""
    for _ in range(3):
        await scene.sync(yes=True)
    assert scene.record_writes() == []
    return outcome(scene)


@dataclass
class Sweep:
    """One moment and what an undisturbed run makes of it."""

    snapshot: Snapshot
    folder: Path
    calls: int = 0
    commits: int = 0
    copies: int = 0
    expected: Outcome | None = None

    @classmethod
    def of(cls, story: Story, folder: Path) -> Sweep:
        """Play a story up to its moment, and an undisturbed copy to its end."""
        return asyncio.run(cls._of(story, folder))

    @classmethod
    async def _of(cls, story: Story, folder: Path) -> Sweep:
        scene = await story(folder / "story")
        sweep = cls(await Snapshot.of(scene, folder), folder)
        await scene.close()
        calm = await sweep.copy()
        commits = calm.engine.profile.db.commits
        await run_and_act(calm)
        sweep.calls, sweep.commits = len(calm.calls()), calm.engine.profile.db.commits - commits
        sweep.expected = await settled(calm)
        await calm.close()
        return sweep

    async def copy(self) -> Scene:
        """Open a copy of the moment."""
        self.copies += 1
        return await self.snapshot.open(self.folder / f"copy{self.copies}")
