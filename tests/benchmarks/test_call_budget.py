"""How many calls runs cost, beyond a quiet one; prints them by endpoint with limit and verdict, asserts the counts."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from acassist.domain.ledger import RunDirection
from acassist.domain.mapping import FieldMapping, MappingSet, default_mapping
from acassist.domain.profile import Defaults, OutboundSettings
from acassist.domain.selection import Criteria, Criterion, Operator, Selection, SelectionKind
from acassist.sandbox.salesforce.custom_fields import STATUS
from acassist.sandbox.salesforce.save import Writer
from acassist.sandbox.settings import Settings
from acassist.sandbox.world import World
from tests.engine import Engine, open_engine
from tests.sandbox import in_process

EVERYBODY = Selection(SelectionKind.CRITERIA, Criteria((Criterion("Email", Operator.IS_NOT_BLANK),)))
ALL = OutboundSettings(lead=EVERYBODY, contact=EVERYBODY)
HOUR = 3600


pytestmark = pytest.mark.usefixtures("without_sweeps")


async def quiet_engine(folder: Path, *, full: bool) -> Engine:
    """Open an engine on a world that is in sync and has been quiet for an hour."""
    mapping = replace(default_mapping(), accounts_on=full)
    engine = await open_engine(folder, outbound=ALL, settings=Settings(leads=20, contacts=20), mapping=mapping)
    session = engine.assistant.session
    session.store(replace(session.setup, defaults=Defaults(sync_opt_out=full, last_name="-", company="-")), what="test")
    for _ in range(3):
        await engine.assistant.sync_now(yes=True)
        engine.world.clock.advance(HOUR)
    return engine


def calls(engine: Engine) -> Counter[str]:
    return Counter(engine.world.log.counts()["calls"])


@pytest.mark.parametrize(("full", "most"), [(True, 18), (False, 12)], ids=["every feature on", "accounts off"])
async def test_a_run_with_nothing_to_do_stays_within_its_calls(tmp_path: Path, full: bool, most: int) -> None:
    engine = await quiet_engine(tmp_path / "profile", full=full)
    engine.world.log.clear()
    await engine.assistant.sync_now()
    found = calls(engine)
    for name, count in sorted(found.items()):
        print(f"{count:4}  {name}")
    print(f"{found.total():4}  in all, limit {most}")
    assert found.total() <= most
    # The sign of life of this installation is written at most hourly and is no record (rule 6.6).
    writes = [e["path"] for e in engine.world.log.since(0) if e["kind"] == "write"]
    assert [path for path in writes if "connections" not in path] == []
    await engine.close()


async def test_the_calls_of_a_quiet_run_do_not_grow_with_the_records(tmp_path: Path) -> None:
    engine = await quiet_engine(tmp_path / "profile", full=True)
    engine.world.log.clear()
    await engine.assistant.sync_now()
    few = calls(engine).total()
    for number in range(300):
        values = {"LastName": f"Name {number}", "Company": "Many", "Email": f"p{number}@many.example"}
        await engine.control.call("POST", "/salesforce/Lead", values)
    for _ in range(3):
        engine.world.clock.advance(HOUR)
        await engine.assistant.sync_now(yes=True)
    engine.world.clock.advance(HOUR)
    engine.world.log.clear()
    await engine.assistant.sync_now()
    print(f"{few} calls with 40 records, {calls(engine).total()} with 340")
    assert calls(engine).total() <= few
    await engine.close()


# -- what changes cost beyond a quiet run
MANY = 1_000


def fields_of(world: World) -> MappingSet:
    """Map two custom fields beside the standard ones, with accounts on."""
    rows = world.activecampaign.tables["fields"].rows.values()
    keys = {row["title"]: f"field:{row['id']}" for row in rows}
    more = (FieldMapping(keys["Nickname"], "Nickname__c"), FieldMapping(keys["Annual budget"], "Annual_Budget__c"))
    base = default_mapping()
    return replace(base, lead=(*base.lead, *more), contact=(*base.contact, *more), accounts_on=True)


async def changing_engine(folder: Path) -> Engine:
    world = in_process(Settings(leads=20, contacts=20))
    engine = await open_engine(folder, outbound=ALL, world=world, mapping=fields_of(world))
    for _ in range(3):
        await engine.assistant.sync_now(yes=True)
        world.clock.advance(HOUR)
    return engine


def new_leads(engine: Engine, count: int = MANY) -> None:
    """Create leads at sixty companies, as another user."""
    org = engine.world.salesforce
    writer = Writer(org, org.other_actor)
    for n in range(count):
        values = {"LastName": f"Name {n}", "Company": f"Company {n % 60}", "Email": f"p{n}@many.example"}
        more = {"FirstName": "New", "Phone": f"+41 31 {n:07}", "Nickname__c": f"Nick {n}", "Annual_Budget__c": n}
        writer.create(org.schema.find("Lead"), {**values, **more})


def many_leads(engine: Engine) -> list[dict[str, Any]]:
    return [row for row in engine.world.salesforce.rows_of("Lead").rows.values() if "@many." in str(row["Email"])]


async def counted(engine: Engine) -> Counter[str]:
    """Make a run an hour later and return its calls; ids in paths do not tell calls apart."""
    engine.world.clock.advance(HOUR)
    engine.world.log.clear()
    await engine.assistant.sync_now(yes=True)
    found: Counter[str] = Counter()
    for name, count in calls(engine).items():
        found[re.sub(r"(?<!/api)/(\d+|0r8\w+|750\w+)(?=/|$)", "/{id}", name)] += count
    return found


def verdict(what: str, found: Counter[str], quiet: Counter[str], limit: int) -> int:
    """Print what was called more often than by a quiet run and return how often; what it saves does not count."""
    more = found - quiet
    total = more.total()
    print(f"\n{what}")
    for name, count in sorted(more.items()):
        print(f"{count:+5}  {name}")
    held = "held" if total <= limit else "MISSED"
    print(f"{total:5}  calls beyond a quiet run of {quiet.total()}, limit {limit}: {held}")
    return total


async def test_a_thousand_new_leads_stay_within_their_calls(tmp_path: Path) -> None:
    engine = await changing_engine(tmp_path / "profile")
    quiet = await counted(engine)
    new_leads(engine)
    limit = 25 + -(-60 // 100)
    found = await counted(engine)
    assert verdict(f"{MANY} new leads, two custom fields each, 60 accounts by name", found, quiet, limit) <= limit
    assert engine.stores.ledger.count_links() >= MANY
    assert {r[STATUS[0]] for r in many_leads(engine)} == {"Synced successfully"}
    after = await counted(engine)
    verdict("the run after it, which reads its own writes once more", after, quiet, limit)
    assert verdict("and the one after that, with a page more of accounts", await counted(engine), quiet, 1) <= 1
    await engine.close()


async def test_a_thousand_changed_contacts_stay_within_their_calls(tmp_path: Path) -> None:
    engine = await changing_engine(tmp_path / "profile")
    new_leads(engine)
    for _ in range(3):
        quiet = await counted(engine)
    account = engine.world.activecampaign
    people = [c for c in account.contacts.values() if "@many." in c.email]
    for contact in people:
        account.set_standard(contact, {"lastName": f"Changed {contact.id}"})
    found = await counted(engine)
    # The lists of each sync tag are counted apart: they hold everybody who is synced.
    lists = sum(1 for e in engine.world.log.since(0) if "tagid=" in e["query"]) - 2
    assert verdict(f"{MANY} changed contacts, {lists} pages of tag lists", found, quiet, 20 + lists) <= 20 + lists
    assert {r["LastName"] for r in many_leads(engine)} == {f"Changed {c.id}" for c in people}
    await engine.close()


async def test_the_inbound_check_costs_one_call(tmp_path: Path) -> None:
    engine = await changing_engine(tmp_path / "profile")
    runner = engine.assistant.runner
    runner.note_run(RunDirection.BOTH)
    await engine.assistant.sync_now()
    for seconds in (300, 301):
        engine.world.clock.advance(seconds)
        engine.world.log.clear()
        await runner.look()
        print(f"{calls(engine).total()} call for the check, limit 1: {dict(calls(engine))}")
        assert list(calls(engine).items()) == [("activecampaign GET /api/3/contacts", 1)]
    await engine.close()
