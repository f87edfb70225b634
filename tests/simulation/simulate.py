"""One seed: people, edits, faults and crashes around the whole engine, and the judgement of each run."""

from __future__ import annotations

import copy
import hashlib
import json
import random
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from acassist.domain.ledger import RunDirection
from acassist.domain.mapping import ConflictRule, Direction, FieldMapping, MappingSet, UpdateRule
from acassist.domain.problem import ProblemCode, ProblemError
from acassist.domain.profile import OutboundSettings
from acassist.domain.selection import SelectionKind
from acassist.sandbox.control import world_state
from acassist.sandbox.settings import Settings
from acassist.sync import plan
from tests.simulation.checker import Finding
from tests.simulation.forks import Killed, kill_at_commit, rise
from tests.simulation.judge import (
    STOPS,
    Closing,
    Memory,
    after_run,
    lost_updates,
    open_questions,
    remember,
    value_problems,
)
from tests.simulation.people_edits import CUSTOM, Others, Touched
from tests.simulation.scene import ALL, EVERYBODY, NOBODY, Scene, field_key, mapping

STEPS = 60
_FAULTS: tuple[dict[str, Any], ...] = (
    {"kind": "status", "status": 503},
    {"kind": "status", "status": 500},
    {"kind": "status", "status": 429, "headers": {"Retry-After": "2"}},
    {"kind": "drop"},
    {"kind": "drop_after"},
    {"kind": "delay", "seconds": 50},
    {"kind": "expire_token"},
    {"kind": "quota"},
)


@dataclass
class Report:
    """What became of one seed."""

    seed: int
    steps: int = 0
    runs: int = 0
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
        self.others = Others(scene.world, self.dice)
        self.memory = Memory()
        self.hidden = self.faulty = False
        self._digest = hashlib.sha256()
        self._logged = 0
        self._skew = timedelta()
        self._new_rows = False
        self._asked: set[str] = set()
        self.last_writes: list[str] = []
        clock = scene.engine.options.clock
        assert clock is not None
        truth = clock.now
        clock.now = lambda: truth() + self._skew  # type: ignore[method-assign]

    # -- before
    async def populate(self) -> None:
        """Put more than forty people on both sides, a third of them on both, and start from an even state."""
        others, dice = self.others, self.dice
        for n in range(14):
            lead = {"LastName": f"L{n}", "Company": "Company 1", "Status": "Open - Not Contacted"}
            others.create("Lead", {**lead, "Email": f"p{n}@x.example", "Nickname__c": f"N{n}", "Annual_Budget__c": n})
        for n in range(10, 22):
            others.create("Contact", {"LastName": f"C{n}", "Email": f"p{n}@x.example", "FirstName": "C"})
        account = self.scene.world.activecampaign
        for n in range(6, 30, 2):
            account.create(f"p{n}@x.example", {"firstName": f"A{n}", "lastName": "Roe"})
        for _ in range(4):
            others.create_person()
        for _ in range(dice.randint(0, 6)):
            others.act()

    # -- one step
    async def step(self) -> None:
        """Do one random thing."""
        deeds: list[tuple[int, Any]] = [
            (66, self._edits),
            (20, self._run),
            (3, self._remap),
            (2, self._reselect),
            (2, self._permissions),
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
        session = self.scene.engine.assistant.session
        self.scene.use(rows=random_mapping(self.scene, self.dice), outbound=session.setup.outbound)
        self._new_rows = True
        rows = lead_rows(self.scene)[5:]
        self.others.note(f"another mapping: {[(r.sf_field, r.direction.value, r.copy_blanks) for r in rows]}")

    async def _reselect(self) -> None:
        chosen = self.dice.choice([EVERYBODY, OutboundSettings(lead=NOBODY, contact=ALL)])
        self.scene.use(outbound=chosen)
        self.others.note(f"selection of leads: {chosen.lead.kind}")

    async def _permissions(self) -> None:
        self.hidden = not self.hidden and self.dice.random() < 0.4
        rules = [{"sobject": "Lead", "field": "Nickname__c", "pattern": "7$"}] if self.dice.random() < 0.5 else []
        await self.scene.org(fls_hidden=["Lead.Nickname__c"] if self.hidden else [], validation_rules=rules)
        self.others.note(f"hidden: {self.hidden}, rules: {len(rules)}")

    # -- runs
    async def _run(self) -> None:
        dice = self.dice
        self.faulty = dice.random() < 0.35
        if self.faulty:
            for _ in range(dice.randint(1, 3)):
                rule = {"service": dice.choice(["*", "salesforce", "activecampaign"]), "nth": dice.randint(1, 45)}
                rule |= {"times": dice.choice([1, 1, 2, 6, -1]), "action": dict(dice.choice(_FAULTS))}
                self.scene.world.faults.add(rule)
                self.others.note(f"fault {rule}")
        if dice.random() < 0.15:
            kill_at_commit(self.scene, dice.randint(1, 30))
        meanwhile = dice.random() < 0.3
        direction = dice.choice([RunDirection.BOTH] * 5 + [RunDirection.INBOUND, RunDirection.OUTBOUND])
        await self.judged(direction, yes=dice.random() < 0.6, meanwhile=meanwhile)
        self.scene.world.faults.clear()
        self.faulty = False
        if self.hidden:
            await self._permissions()

    async def judged(self, direction: RunDirection, *, yes: bool, meanwhile: bool = False) -> bool:
        """Make a run, and hold against it whatever it broke; returns whether it ran to its end."""
        world, others = self.scene.world, self.others
        self.memory.note(others.touched.fields)
        others.touched = Touched()
        before = copy.deepcopy(world_state(world))
        self._asked |= open_questions(self.scene)
        self.memory.troubled |= value_problems(self.scene)
        others.note(f"run {direction.value} yes={yes} at {world.clock.now():%d %H:%M:%S}")
        with self._meanwhile() if meanwhile else _calmly():
            whole = await self._attempt(direction, yes)
        world.clock.advance(2)  # type: ignore[attr-defined]
        during = others.touched
        others.touched = Touched()
        after = copy.deepcopy(world_state(world))
        self._blame(after_run(before, after, self.scene, during.records))
        if whole and direction is RunDirection.BOTH:
            skip = during.records | others.moved
            options = {"skip": skip, "asked": self._asked, "anew": self._new_rows}
            self._blame(list(lost_updates((before, after), self.scene, self.memory, **options)))
            # While nobody is selected, edits in Salesforce wait, so they are not forgotten here either.
            if self.scene.engine.assistant.session.setup.outbound.lead.kind is not SelectionKind.NONE:
                self.memory.edited.clear()
                self._asked.clear()
        self.memory.note(during.fields)
        met = during.records | others.moved
        remember(after, self.scene, self.memory, anew=self._new_rows and whole, during=met)
        self._new_rows = self._new_rows and not (whole and direction is RunDirection.BOTH)
        self._keep_log()
        return whole

    async def _attempt(self, direction: RunDirection, yes: bool) -> bool:
        self.report.runs += 1
        try:
            await self.scene.sync(direction, yes=yes, wait=self.dice.choice([60, 3600]))
        except ProblemError as error:
            self.report.stopped += 1
            self._stopped(error.problem.code)
            return False
        except Killed:
            await self._rise()
            return False
        except Exception as error:  # whatever the engine lets out is a finding
            if self.scene.engine.profile.db.on_commit is None and self._dead():
                await self._rise()
                return False
            self._blame([Finding("no crash", "", repr(error)[:300])])
            return False
        finally:
            self.scene.engine.profile.db.on_commit = None
        return True

    def _dead(self) -> bool:
        try:
            self.scene.engine.stores.ledger.count_links()
        except Exception:  # the file was closed under it by the kill
            return True
        return False

    async def _rise(self) -> None:
        self.report.killed += 1
        self.others.note("killed")
        await rise(self.scene)

    def _stopped(self, code: ProblemCode) -> None:
        self.others.note(f"stopped: {code.value}")
        writes = [w for w in self.scene.record_writes() if "/tags" not in w]
        if code in STOPS and not self.faulty and writes:
            self._blame([Finding("stops before writing", code.value, writes[0])])
        if code is ProblemCode.INTERNAL or (code not in STOPS and not self.faulty):
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
            del log.append  # type: ignore[method-assign]

    def _blame(self, findings: list[Finding]) -> None:
        self.report.findings += [f"{f.invariant}: {f.subject}: {f.what}" for f in findings]

    def _keep_log(self) -> None:
        self.last_writes = self.scene.record_writes()
        for entry in self.scene.world.log.since(self._logged):
            self._digest.update(json.dumps(entry, sort_keys=True, default=str).encode())
        self._logged = self.scene.world.log.total
        self.scene.world.log.clear()

    # -- after
    async def close(self) -> Report:
        """End all trouble, let two runs settle everything, and judge."""
        await self.scene.org(fls_hidden=[], validation_rules=[])
        self.scene.use(outbound=EVERYBODY)
        self._skew = timedelta()
        self.scene.world.clock.advance(180_000)  # type: ignore[attr-defined]
        for _ in range(2):
            await self.judged(RunDirection.BOTH, yes=True)
        state = copy.deepcopy(world_state(self.scene.world))
        self._blame(Closing(self.scene, state, self.memory).findings())
        await self.judged(RunDirection.BOTH, yes=False)
        self._blame([Finding("the next run writes nothing", "", w) for w in self.last_writes])
        self.report.digest = self._digest.hexdigest()
        self.report.story = self.others.story
        return self.report


@contextmanager
def _calmly() -> Iterator[None]:
    yield


def random_mapping(scene: Scene, dice: random.Random) -> MappingSet:
    """Return the default rows and most custom ones, each with rules of its own."""
    base = mapping(scene.world)
    rows = []
    for name, title, kind in CUSTOM:
        if dice.random() < 0.15:
            continue
        row = FieldMapping(field_key(scene.world, title), name)
        row = replace(
            row,
            conflict=dice.choice([ConflictRule.NEWEST, *ConflictRule]),
            direction=dice.choice([Direction.BOTH] * 6 + [Direction.TO_ACTIVECAMPAIGN, Direction.TO_SALESFORCE]),
            update=dice.choice([UpdateRule.ALWAYS] * 8 + [UpdateRule.IF_BLANK, UpdateRule.NEVER]),
            copy_blanks=dice.random() < 0.4 or kind == "bool",
        )
        rows.append(row)
    return MappingSet(lead=(*base.lead, *rows), contact=(*base.contact, *rows))


def lead_rows(scene: Scene) -> tuple[FieldMapping, ...]:
    """Return the mapping of leads in effect."""
    return scene.engine.assistant.session.setup.mapping.lead


@contextmanager
def counted_rules(rules: Counter[str]) -> Iterator[None]:
    """Count which rule of the merge decided, field by field."""
    decide = plan.decide

    def counting(*args: Any, **options: Any) -> Any:
        decision = decide(*args, **options)
        rules[decision.rule.value] += 1
        return decision

    plan.decide = counting
    try:
        yield
    finally:
        plan.decide = decide


async def simulate(seed: int, folder: Path, *, steps: int = STEPS) -> Report:
    """Play one seed in `folder` and return what became of it."""
    scene = await Scene.open(folder, settings=Settings(seed=seed, leads=0, contacts=0), seed=seed)
    simulation = Simulation(seed, scene)
    scene.use(rows=random_mapping(scene, simulation.dice))
    if simulation.dice.random() < 0.3:
        chosen = {row.key: simulation.dice.choice(["salesforce", "activecampaign"]) for row in lead_rows(scene)[5:7]}
        scene.engine.stores.settings.put("first_link_choices", chosen)
    with counted_rules(simulation.report.rules):
        await simulation.populate()
        await simulation.judged(RunDirection.BOTH, yes=True)
        while simulation.report.steps < steps:
            await simulation.step()
        report = await simulation.close()
    await scene.close()
    return report
