"""Accounts: two-way by mapping on plans that have them, one row of contact field and Account Name otherwise."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from acassist.domain.ids import SObject
from acassist.domain.mapping import FieldMapping, default_mapping
from acassist.domain.profile import OutboundSettings
from acassist.domain.selection import Criteria, Criterion, Operator, Selection, SelectionKind
from acassist.sandbox.settings import Settings
from tests.engine import Engine, open_engine

EVERYBODY = Selection(SelectionKind.CRITERIA, Criteria((Criterion("LastName", Operator.IS_NOT_BLANK),)))
ALL = OutboundSettings(lead=EVERYBODY, contact=EVERYBODY)


async def rows(engine: Engine, path: str) -> list[dict]:
    return await engine.control.call("GET", f"/state/{path}")


async def field_id(engine: Engine, title: str) -> str:
    session = engine.assistant.session
    fields = await (await session.activecampaign()).custom_fields()
    return next(f.key for f in fields if f.title == title)


async def test_new_people_are_joined_to_the_account_of_their_company(tmp_path: Path) -> None:
    engine = await open_engine(tmp_path / "p", outbound=ALL, mapping=replace(default_mapping(), accounts_on=True))
    await engine.assistant.sync_now(yes=True)
    leads = {r["Id"]: r for r in await rows(engine, "salesforce/Lead")}
    contacts = {r["id"]: r for r in await rows(engine, "activecampaign/contacts")}
    links = engine.stores.ledger.iter_links(sobject=SObject.LEAD)
    made = [x for x in links if contacts[x.ac_id]["account"]]
    assert made
    assert all(contacts[x.ac_id]["account"].casefold() == leads[x.sf_id]["Company"].strip().casefold() for x in made)
    await engine.close()


async def test_a_renamed_account_follows_in_activecampaign(tmp_path: Path) -> None:
    engine = await open_engine(tmp_path / "p", outbound=ALL, mapping=replace(default_mapping(), accounts_on=True))
    await engine.assistant.sync_now(yes=True)
    await engine.assistant.sync_now()
    link = engine.stores.ledger.iter_links(sobject=SObject.ACCOUNT)[0]
    await engine.control.call("PATCH", f"/salesforce/Account/{link.sf_id}", {"Name": "Renamed & Sons"})
    await engine.assistant.sync_now()
    session = engine.assistant.session
    names = {name for _, name in await (await session.activecampaign()).accounts()}
    assert "Renamed & Sons" in names
    await engine.close()


async def test_without_accounts_in_the_plan_the_one_row_carries_the_account_name(tmp_path: Path) -> None:
    settings = Settings(leads=4, contacts=8, accounts_plan=False)
    engine = await open_engine(tmp_path / "p", outbound=ALL, settings=settings)
    key = await field_id(engine, "Nickname")
    session = engine.assistant.session
    mapping = replace(default_mapping(), accounts_on=True, account=(FieldMapping(key, "Name"),))
    connection = replace(session.setup.activecampaign, accounts_available=False)
    session.store(replace(session.setup, mapping=mapping, activecampaign=connection), what="test")
    await engine.assistant.sync_now(yes=True)
    contacts = {r["id"]: r for r in await rows(engine, "activecampaign/contacts")}
    accounts = {r["Id"]: r["Name"] for r in await rows(engine, "salesforce/Account")}
    people = {r["Id"]: r for r in await rows(engine, "salesforce/Contact")}
    shown = [
        (contacts[x.ac_id]["fieldValues"].get(key.removeprefix("field:")), accounts[people[x.sf_id]["AccountId"]])
        for x in engine.stores.ledger.iter_links(sobject=SObject.CONTACT)
        if people[x.sf_id].get("AccountId")
    ]
    assert any(left == right for left, right in shown)
    await engine.assistant.sync_now()
    await engine.control.call("DELETE", "/log")
    await engine.assistant.sync_now()
    log = await engine.control.call("GET", "/log")
    entries = log["entries"] if isinstance(log, dict) else log
    assert [e["path"] for e in entries if e["kind"] == "write"] == []
    await engine.close()
