"""The checks before anything is written: each finding has a level, a state and a remedy."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from acassist.assistant.views import CheckItem, Level
from tests.flow.provisioning_world import Place, by_title


@pytest.fixture
async def place(tmp_path: Path) -> AsyncIterator[Place]:
    made = await Place.open(tmp_path)
    yield made
    await made.close()


async def check(place: Place, title: str) -> CheckItem:
    return by_title(await place.work.checks())[title]


async def test_checking_writes_nothing(place: Place) -> None:
    await place.work.checks()
    assert place.writes() == []


async def test_every_warning_says_what_to_do(place: Place) -> None:
    place.install_package()
    items = await place.work.checks()
    assert {item.level for item in items} >= {Level.OK, Level.WARN, Level.BAD}
    assert all(item.remedy for item in items if item.level in (Level.WARN, Level.BAD))


async def test_production_is_amber_and_a_sandbox_green(place: Place) -> None:
    assert (await check(place, "Sandbox or production")).level is Level.WARN
    for row in place.org.rows_of("Organization").rows.values():
        row["IsSandbox"] = True
    assert (await check(place, "Sandbox or production")).level is Level.OK


async def test_an_edition_with_the_api_as_an_add_on_is_amber(place: Place) -> None:
    for row in place.org.rows_of("Organization").rows.values():
        row["OrganizationType"] = "Professional Edition"
    found = await check(place, "Edition and API access")
    assert (found.level, "Professional Edition" in found.state.english()) == (Level.WARN, True)


async def test_missing_permissions_are_named_as_setup_names_them(place: Place) -> None:
    place.take_right("PermissionsCustomizeApplication", "PermissionsAssignPermissionSets")
    found = await check(place, "Your permissions in Salesforce")
    assert found.level is Level.BAD
    assert found.state.english() == "Missing: Customize Application, Assign Permission Sets."


async def test_modify_all_data_stands_for_the_right_to_change_metadata(place: Place) -> None:
    place.take_right("PermissionsModifyMetadata")
    assert (await check(place, "Your permissions in Salesforce")).level is Level.OK


async def test_permissions_that_cannot_be_read_are_grey(place: Place) -> None:
    place.fault("GET", "/sobjects/PermissionSet/describe", {"kind": "status", "status": 403})
    assert (await check(place, "Your permissions in Salesforce")).level is Level.IDLE


async def test_few_calls_left_are_amber(place: Place) -> None:
    place.org.switches.daily_api_used = place.org.switches.daily_api_requests - 300
    assert (await check(place, "Calls to the API")).level is Level.WARN


async def test_a_user_in_classic_is_amber(place: Place) -> None:
    place.org.rows_of("User").rows[place.org.user_id]["UserPreferencesLightningExperiencePreferred"] = False
    assert (await check(place, "Lightning Experience")).level is Level.WARN


async def test_the_installed_package_is_red(place: Place) -> None:
    assert (await check(place, "The ActiveCampaign package")).level is Level.OK
    place.install_package()
    assert (await check(place, "The ActiveCampaign package")).level is Level.BAD


async def test_packages_of_others_do_not_matter(place: Place) -> None:
    place.install_package("Some Other Tool")
    for row in place.org.tables[True, "SubscriberPackage"].rows.values():
        row["NamespacePrefix"] = "other"
    assert (await check(place, "The ActiveCampaign package")).level is Level.OK


async def test_active_rules_and_triggers_are_listed_by_name(place: Place) -> None:
    tables = place.org.tables
    rule = {"Id": "0Bm000000000001AAA", "MasterLabel": "Same e-mail", "SobjectType": "Lead", "IsActive": True}
    tables[False, "DuplicateRule"].put(rule)
    validation = {"Id": "03d000000000001AAA", "ValidationName": "Phone_needed", "Active": True}
    tables[True, "ValidationRule"].put({**validation, "EntityDefinitionId": "Contact"})
    trigger = {"Id": "01q000000000001AAA", "Name": "LeadRouter", "TableEnumOrId": "Lead", "Status": "Active"}
    tables[True, "ApexTrigger"].put(trigger)
    items = by_title(await place.work.checks())
    found = {
        "Duplicate rules": "Lead: Same e-mail",
        "Validation rules": "Contact: Phone_needed",
        "Apex triggers on Lead and Contact": "Lead: LeadRouter",
    }
    for title, name in found.items():
        assert items[title].level is Level.WARN
        assert [detail.english() for detail in items[title].details] == [name]


async def test_rules_that_are_off_do_not_matter(place: Place) -> None:
    validation = {"Id": "03d000000000001AAA", "ValidationName": "Phone_needed", "Active": False}
    place.org.tables[True, "ValidationRule"].put({**validation, "EntityDefinitionId": "Contact"})
    assert (await check(place, "Validation rules")).level is Level.OK


async def test_kinds_of_org_are_recognised(place: Place) -> None:
    titles = ("Several currencies", "State and country picklists", "Person accounts")
    items = by_title(await place.work.checks())
    assert [items[title].level for title in titles] == [Level.OK] * 3
    changes = {"multi_currency": True, "state_country_picklists": True, "person_accounts": True}
    await place.engine.control.call("PATCH", "/salesforce/settings", changes)
    items = by_title(await place.work.checks())
    assert [items[title].level for title in titles] == [Level.WARN] * 3


async def test_the_doctor_hears_of_the_package_but_is_calm_about_rights_that_only_apply_needs(place: Place) -> None:
    place.install_package()
    place.take_right("PermissionsCustomizeApplication")
    items = by_title(await place.work.findings())
    assert items["The ActiveCampaign package"].level is Level.BAD
    assert items["Your permissions in Salesforce"].level is Level.WARN


async def test_the_doctor_gets_nothing_while_access_is_missing(place: Place) -> None:
    place.revoke()
    assert await place.work.findings() == []
