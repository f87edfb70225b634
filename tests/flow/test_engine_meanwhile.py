"""What people do while a run is under way is neither overwritten nor overlooked."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from acassist.sandbox.activecampaign.control import OTHER_USER, apply
from tests.simulation.scene import Scene


def at_request(scene: Scene, part: str, deed: Callable[[], None]) -> None:
    """Do something once, right after the first request of a kind was answered."""
    log: Any = scene.world.log
    append = log.append

    def watch(at: Any, entry: dict[str, Any]) -> Any:
        if part in entry["path"]:
            del log.append
            scene.world.clock.advance(1)
            deed()
            scene.world.clock.advance(1)
        return append(at, entry)

    log.append = watch


def unsubscribe(scene: Scene, ac_id: str) -> None:
    """Let a person leave a list, as by the link in a mail."""
    account = scene.world.activecampaign
    account.user = OTHER_USER
    apply(account, account.contact(ac_id), {"lists": {"1": 2}})
    account.user = "1"
    account.take_writes()


async def test_who_unsubscribes_before_the_run_writes_to_them_is_opted_out_all_the_same(tmp_path: Path) -> None:
    scene = await Scene.open(tmp_path, rows=[("Nickname", "Nickname__c")])
    sf = await scene.lead("ann@x.example", Nickname__c="old")
    await scene.sync()
    ac = scene.link(sf).ac_id
    await scene.change(ac, lists={"1": 1})
    await scene.sync()
    await scene.edit("Lead", sf, Nickname__c="new")
    at_request(scene, "/queryAll", lambda: unsubscribe(scene, ac))
    await scene.sync()
    assert scene.value(ac, "Nickname") == "new"
    await scene.sync()
    assert scene.row("Lead", sf)["HasOptedOutOfEmail"] is True
    await scene.close()
