"""One seed: people, edits, faults and crashes around the whole engine, and the judgement of each run."""

from __future__ import annotations

import asyncio
import copy
import hashlib
import json
import random
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from acassist.domain.ledger import LinkState, RunDirection
from acassist.domain.problem import ProblemCode, ProblemError
from acassist.domain.profile import OutboundSettings
from acassist.domain.selection import SelectionKind
from acassist.sandbox.control import world_state
from acassist.sandbox.settings import Settings
from tests.simulation.checker import Finding
from tests.simulation.closing import Closing
from tests.simulation.fired import Watch, merge_rules
from tests.simulation.forks import Killed, rise
from tests.simulation.judge import (
    STOPS,
    Memory,
    after_run,
    brakes_hold,
    hold_apart,
    lost_account_names,
    lost_updates,
    open_questions,
    remember,
    room_kept,
    value_problems,
)
from tests.simulation.leaks import Leaks
from tests.simulation.life import Life
from tests.simulation.people_edits import Touched
from tests.simulation.program_user import Deed, ProgramUser, entered_once, sent_once
from tests.simulation.scene import ALL, EVERYBODY, NOBODY, Scene
from tests.simulation.settings_drawn import draw, lead_rows, random_mapping
from tests.simulation.troubles import Troubles

STEPS = 80
QUIET_CALLS, SWEEP_CALLS = 18, 10


@dataclass
class Report:
    """What became of one seed."""

    seed: int
    steps: int = 0
    runs: int = 0
    people: int = 0
    killed: int = 0
    stopped: int = 0
    findings: list[str] = field(default_factory=list)
    rules: Counter[str] = field(default_factory=Counter)
    events: Counter[str] = field(default_factory=Counter)
    digest: str = ""
    story: list[str] = field(default_factory=list)


class Simulation:
    """Everything that one seed drives."""

    def __init__(self, seed: int, scene: Scene) -> None:
        self.dice = random.Random(seed)
        self.scene, self.report = scene, Report(seed)
        self.others = Life(scene.world, self.dice)
        self.user = ProgramUser(scene, self.dice)
        self.memory = Memory()
        self.watch = Watch(scene)
        self.leaks = Leaks(scene)
        self.troubles = Troubles(scene, self.dice, self.others.note)
        self._digest = hashlib.sha256()
        self._logged = 0
        self._skew = timedelta()
        self._new_rows = False
        self._asked: set[str] = set()
        self.last_writes: list[str] = []
        self.last_calls = 0
        clock = scene.engine.options.clock
        assert clock is not None
        truth = clock.now
        clock.now = lambda: truth() + self._skew  # type: ignore[method-assign]

    # -- before
    async def populate(self) -> None:
        """Put more than forty people on both sides, a third of them on both, and start from an even state."""
        others, dice = self.others, self.dice
        for n in range(14):
            lead = {"LastName": f"L{n}", "Company": f"Company {n % 3}", "Status": "Open - Not Contacted"}
            lead |= {"Email": f"p{n}@x.example", "Nickname__c": f"N{n}", "Annual_Budget__c": n, "Notes__c": f"O{n}"}
            others.create("Lead", {**lead, "Segment__c": "Enterprise", "Trial_End__c": f"2026-05-{n + 1:02}"})
        for n in range(10, 22):
            contact = {"LastName": f"C{n}", "Email": f"p{n}@x.example", "FirstName": "C", "Nickname__c": f"K{n}"}
            others.create("Contact", {**contact, "Product_Interest__c": "Events;SMS"})
        account = self.scene.world.activecampaign
        for n in range(6, 44, 2):
            account.create(f"p{n}@x.example", {"firstName": f"A{n}", "lastName": "Roe"})
        for _ in range(4):
            others.create_person()
        for _ in range(3):
            others.meet()
        for _ in range(dice.randint(0, 6)):
            others.act()

    # -- one step
    async def step(self) -> None:
        """Do one random thing."""
        deeds: list[tuple[int, Any]] = [
            (56, self._edits),
            (20, self._run),
            (17, self._person),
            (4, self._remap),
            (2, self._reselect),
            (3, self.troubles.rights),
            (6, self._full),
            (4, self._wait),
            (3, self._skewed),
        ]
        [deed] = self.dice.choices([d for _, d in deeds], [w for w, _ in deeds])
        self.report.events[deed.__name__] += 1
        await deed()
        self.report.steps += 1

    async def _edits(self) -> None:
        for _ in range(self.dice.randint(1, 3)):
            self.others.act()

    async def _wait(self) -> None:
        self.scene.world.clock.advance(self.dice.choice([30, 600, 7200, 90_000, 2_600_000]))  # type: ignore[attr-defined]

    async def _skewed(self) -> None:
        """Let the computer's own clock go wrong."""
        self._skew = timedelta(seconds=self.dice.choice([0, 0, 90, -90, 7200, -7200, 86_400, -86_400]))

    async def _remap(self) -> None:
        self._note_edits()
        session = self.scene.engine.assistant.session
        self.scene.use(rows=random_mapping(self.scene, self.dice), outbound=session.setup.outbound)
        self._new_rows = True
        rows = lead_rows(self.scene)[5:]
        self.others.note(f"another mapping: {[(r.sf_field, r.direction.value, r.copy_blanks) for r in rows]}")

    async def _reselect(self) -> None:
        chosen = self.dice.choice([EVERYBODY, OutboundSettings(lead=NOBODY, contact=ALL)])
        self.scene.use(outbound=chosen)
        self.others.note(f"selection of leads: {chosen.lead.kind}")

    async def _full(self) -> None:
        """Let people come for whom the account has no room."""
        await self.troubles.full()
        for _ in range(3):
            self.others.do(self.others.create_lead)

    # -- runs
    async def _run(self) -> None:
        dice = self.dice
        self.troubles.order(45)
        meanwhile = dice.random() < 0.3
        direction = dice.choice([RunDirection.BOTH] * 5 + [RunDirection.INBOUND, RunDirection.OUTBOUND])
        await self.judged(direction, yes=dice.random() < 0.5, meanwhile=meanwhile)
        self.troubles.calm()
        if self.troubles.strict:
            await self.troubles.lenient()

    async def judged(self, direction: RunDirection, *, yes: bool, meanwhile: bool = False) -> bool:
        """Make a run, and hold against it whatever it broke; returns whether it ran to its end."""
        world, others = self.scene.world, self.others
        before = self._before(f"run {direction.value} yes={yes} at {world.clock.now():%d %H:%M:%S}")
        wait = self.dice.choice([60, 3600])
        with self._meanwhile() if meanwhile else nullcontext():
            whole = await self._attempt(lambda: self.scene.sync(direction, yes=yes, wait=wait))
        after, during = self._after()
        self._blame(after_run(before, after, self.scene, during.records))
        self._blame([f for deed in (Deed("run"),) for f in sent_once(deed, before, after)])
        self._blame(room_kept(before, after, world.activecampaign.subscriber_limit, during.records))
        if not yes and not meanwhile:
            self._blame(brakes_hold(before, after, self.scene))
        if whole and direction is RunDirection.BOTH:
            self._judge_whole(before, after, during)
        self.memory.note(during.fields)
        met = during.records | others.moved
        remember(after, self.scene, self.memory, anew=self._new_rows and whole, during=met)
        hold_apart(after, self.scene, self.memory, anew=self._new_rows and whole)
        # While nobody is selected, new rows of the mapping are not looked at for everybody.
        sends = self.scene.engine.assistant.session.setup.outbound.lead.kind is not SelectionKind.NONE
        if whole and direction is RunDirection.BOTH and sends:
            self.memory.looked_at(self.scene, during.records, anew=self._new_rows)
            self._new_rows = False
        self._keep_log()
        return whole

    def _note_edits(self) -> None:
        """Remember what was edited, and what of it is mapped."""
        names = {"Name", "name"}
        for row in lead_rows(self.scene):
            names |= {row.sf_field, row.ac_key}
        self.memory.note(self.others.touched.fields, names)
        self.others.touched = Touched()

    def _before(self, note: str) -> dict[str, Any]:
        self._note_edits()
        self._asked |= open_questions(self.scene)
        self.memory.troubled |= value_problems(self.scene)
        self.others.note(note)
        return copy.deepcopy(world_state(self.scene.world))

    def _after(self) -> tuple[dict[str, Any], Touched]:
        self.scene.world.clock.advance(2)  # type: ignore[attr-defined]
        during = self.others.touched
        self.others.touched = Touched()
        self.watch.look(self.report.rules)
        return copy.deepcopy(world_state(self.scene.world)), during

    def _judge_whole(self, before: dict[str, Any], after: dict[str, Any], during: Touched) -> None:
        memory, skip = self.memory, during.records | self.others.moved
        options = {"skip": skip, "asked": self._asked, "anew": self._new_rows}
        self._blame(lost_updates((before, after), self.scene, memory, **options))
        if not during.records:
            self._blame(lost_account_names(after, before, self.scene, memory))
        # While nobody is selected, edits in Salesforce wait, so they are not forgotten here either; nor are those of
        # people whose sync a person stopped, whom somebody edited under the run, or who are listed with an issue.
        if self.scene.engine.assistant.session.setup.outbound.lead.kind is not SelectionKind.NONE:
            ends = [(link.state, {link.sf_id, f"ac:{link.ac_id}"}) for link in self.scene.links()]
            listed = {issue.sf_id for issue in self.scene.issues()}
            left = during.records | listed
            waiting = [pair for state, pair in ends if state is LinkState.STOPPED or pair & left]
            held = {end for pair in waiting for end in pair}
            memory.edited = {edit for edit in memory.edited if edit[0] in held}
            self._asked.clear()

    # -- what the person at the program does
    async def _person(self) -> None:
        deed = self.user.choose()
        if deed is None:
            return
        self.troubles.order(12)
        before = self._before(f"person: {deed.name} {deed.ac_id} at {self.scene.world.clock.now():%d %H:%M:%S}")
        self.scene.marks["run"] = self.scene.world.log.total
        await self._attempt(lambda: self.user.do(deed))
        after, _ = self._after()
        self.troubles.calm()
        self.others.note(f"  {deed.answer}"[:200])
        self._blame(after_run(before, after, self.scene, deed.touched))
        self._blame([*sent_once(deed, before, after), *entered_once(deed, before, after)])
        self.others.moved |= deed.touched
        self.memory.let(deed.apart, after, self.scene)
        remember(after, self.scene, self.memory, anew=False, during=self.others.moved)
        self._keep_log()

    async def _attempt(self, work: Callable[[], Awaitable[Any]]) -> bool:
        self.report.runs += 1
        try:
            await work()
        except ProblemError as error:
            self.report.stopped += 1
            self.leaks.look(str(error), repr(error))
            self._stopped(error.problem.code)
            return False
        except Killed:
            await self._rise()
            return False
        except Exception as error:  # whatever the engine lets out is a finding
            if self._dead():
                await self._rise()
                return False
            self._blame([Finding("no crash", "", repr(error)[:300])])
            return False
        return True

    def _dead(self) -> bool:
        try:
            self.scene.engine.stores.ledger.count_links()
        except Exception:  # the file was closed under it by the kill
            return True
        return False

    async def _rise(self) -> None:
        self.report.killed += 1
        self.report.rules["killed"] += 1
        self.others.note("killed")
        await rise(self.scene)

    def _stopped(self, code: ProblemCode) -> None:
        self.others.note(f"stopped: {code.value}")
        self.report.rules[f"stopped {code.value}"] += 1
        # What an earlier run decided on for a new person, a tag or the account, is no news.
        old = ("/tags", "/contactTags", "/accounts", "/accountContacts")
        writes = [w for w in self.scene.record_writes() if not w.endswith(old)]
        if code in STOPS and not self.troubles.faulty and writes:
            self._blame([Finding("stops before writing", code.value, writes[0])])
        if code is ProblemCode.INTERNAL or (code not in STOPS and not self.troubles.faulty):
            self._blame([Finding("no stop without a cause", code.value, "")])

    @contextmanager
    def _meanwhile(self) -> Iterator[None]:
        """Let people go on working while the run is under way."""
        log = self.scene.world.log
        append: Callable[..., Any] = log.append
        moments = sorted(self.dice.randint(1, 40) for _ in range(self.dice.randint(1, 3)))
        start = log.total

        def watch(at: Any, entry: dict[str, Any]) -> Any:
            while moments and log.total - start >= moments[0]:
                moments.pop(0)
                self.others.note("meanwhile")
                # ActiveCampaign's stamps are whole seconds: what happens in the very second of our own write and
                # leaves no value behind (a list, a tag) cannot be told from it.
                self.scene.world.clock.advance(1)  # type: ignore[attr-defined]
                self.others.act()
                self.scene.world.clock.advance(1)  # type: ignore[attr-defined]
            return append(at, entry)

        log.append = watch  # type: ignore[method-assign]
        try:
            yield
        finally:
            log.__dict__.pop("append", None)

    def _blame(self, findings: Iterable[Finding]) -> None:
        self.report.findings += [f"{f.invariant}: {f.subject}: {f.what}" for f in findings]

    def _keep_log(self) -> None:
        done = [e["path"] for e in self.scene.calls("write") if e["status"] < 400]
        self.last_writes = [w for w in self.scene.record_writes() if any(w.endswith(path) for path in done)]
        self.last_calls = len(self.scene.calls())
        for entry in self.scene.world.log.since(self._logged):
            self._digest.update(json.dumps(entry, sort_keys=True, default=str).encode())
        self._logged = self.scene.world.log.total
        self.scene.world.log.clear()

    # -- after
    async def close(self) -> Report:
        """End all trouble, let two runs settle everything, and judge."""
        await self.troubles.lenient()
        self.scene.use(outbound=EVERYBODY)
        self._skew = timedelta()
        self.scene.world.clock.advance(180_000)  # type: ignore[attr-defined]
        for _ in range(2):
            await self.judged(RunDirection.BOTH, yes=True)
            # Accounts edited in ActiveCampaign are found by a sweep, whose turn takes six hours (rule 5.7).
            self.scene.world.clock.advance(22_000)  # type: ignore[attr-defined]
        state = copy.deepcopy(world_state(self.scene.world))
        self._blame(Closing(self.scene, state, self.memory).findings())
        await self.judged(RunDirection.BOTH, yes=False)
        self._blame([Finding("the next run writes nothing", "", w) for w in self.last_writes])
        self._blame(self._spent())
        self._blame(self.leaks.findings())
        self.report.people = len(_addresses(state))
        self.report.digest = self._digest.hexdigest()
        self.report.story = self.others.story
        return self.report

    def _spent(self) -> Iterator[Finding]:
        """I13: a run with nothing to do makes few calls, the day's sweeps a few more, and each open issue some."""
        allowed = QUIET_CALLS + SWEEP_CALLS + 4 * len(self.scene.issues())
        self.report.events["calls of a quiet run"] = self.last_calls
        if self.last_calls > allowed:
            yield Finding("calls are few", "", f"{self.last_calls} of {allowed}")


async def simulate(seed: int, folder: Path, *, steps: int = STEPS) -> Report:
    """Play one seed in `folder` and return what became of it."""
    scene = await Scene.open(folder, settings=Settings(seed=seed, leads=0, contacts=0), seed=seed)
    simulation = Simulation(seed, scene)
    asyncio.get_running_loop().set_exception_handler(_unless_killed)
    draw(scene, simulation.dice)
    simulation.user.offer_everything()
    with merge_rules(simulation.report.rules), simulation.leaks.watching():
        await simulation.populate()
        await simulation.judged(RunDirection.BOTH, yes=True)
        while simulation.report.steps < steps:
            await simulation.step()
        report = await simulation.close()
    await scene.close()
    return report


def _unless_killed(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """Say nothing about what else was under way in a program that was killed."""
    if not isinstance(context.get("exception"), Killed):
        loop.default_exception_handler(context)


def _addresses(state: Mapping[str, Any]) -> set[str]:
    """Return the addresses of the people on either side."""
    records = state["salesforce"]["Lead"] + state["salesforce"]["Contact"]
    found = {r.get("Email") for r in records} | {c["email"] for c in state["activecampaign"]["contacts"]}
    return {email for email in found if email}
