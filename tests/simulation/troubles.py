"""What goes wrong on purpose: faults of the services, the end of the program, rights and rules, a full account."""

from __future__ import annotations

import random
from collections.abc import Callable

from tests.simulation.forks import disarm, kill_at_call, kill_at_commit
from tests.simulation.scene import Scene
from tests.simulation.settings_drawn import FAULTS, SWITCHES


class Troubles:
    """Orders trouble for what comes next, and ends it; `faulty` while faults are in force."""

    def __init__(self, scene: Scene, dice: random.Random, note: Callable[[str], None]) -> None:
        self.scene, self.dice, self.note = scene, dice, note
        self.faulty = self.strict = False

    def order(self, calls: int) -> None:
        """Order faults, and sometimes the end of the program, within so many calls."""
        dice = self.dice
        self.faulty = dice.random() < 0.35
        for _ in range(dice.randint(1, 3) if self.faulty else 0):
            service = dice.choice(["*", "salesforce", "activecampaign"])
            nth, times = dice.randint(1, calls), dice.choice([1, 1, 2, 6, -1])
            rule = {"service": service, "nth": nth, "times": times, "action": dict(dice.choice(FAULTS))}
            self.scene.world.faults.add(rule)
            self.note(f"fault {rule}")
        chance = dice.random()
        if chance < 0.1:
            kill_at_commit(self.scene, dice.randint(1, 30))
        elif chance < 0.2:
            kill_at_call(self.scene, dice.randint(1, calls), carried_out=dice.random() < 0.5)

    def calm(self) -> None:
        """End the faults."""
        self.scene.world.faults.clear()
        disarm(self.scene)
        self.faulty = False

    async def rights(self) -> None:
        """Let an administrator change rights and rules, for the time of the next run."""
        chosen = self.dice.choice(SWITCHES)
        self.strict = True
        await self.scene.org(**chosen)
        self.note(f"org: {chosen}")

    async def full(self) -> None:
        """Let the plan of the account have room for hardly anybody more, for the time of the next run."""
        account = self.scene.world.activecampaign
        account.subscriber_limit = len(account.contacts) + self.dice.randint(0, 1)
        self.strict = True
        self.note(f"room for {account.subscriber_limit}")

    async def lenient(self) -> None:
        """Take all of that back."""
        self.strict = False
        await self.scene.org(**{name: [] for switch in SWITCHES for name in switch if name != "duplicate_rules"})
        await self.scene.org(duplicate_rules={})
        self.scene.world.activecampaign.subscriber_limit = 500_000
