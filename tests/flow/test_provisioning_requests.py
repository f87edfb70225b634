"""Every request that preparing and leaving make stands in docs/privacy.md with its permission, and no other does."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest

from acassist.domain.ids import SObject
from acassist.salesforce.provisioning.definitions import STANDARD
from tests.architecture.places import ROOT
from tests.flow.provisioning_world import YES, Place

Asked = tuple[str, str, str]
"""Method, path below the version, and the object of a query (empty for other requests)."""
QUERIES = ("query", "tooling/query")


def documented() -> dict[tuple[str, str, str], str]:
    """Return the permission of each documented request, by method, path and object."""
    text = (ROOT / "docs" / "privacy.md").read_text(encoding="utf-8")
    section = text.split("## Requests for preparing the org\n", 1)[1].split("\n## ", 1)[0]
    found: dict[tuple[str, str, str], str] = {}
    for line in section.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if len(cells) != 3 or not cells[0].startswith("`"):
            continue
        request, *objects = re.findall(r"`([^`]+)`", cells[0])
        method, _, path = request.partition(" ")
        for name in objects or [""]:
            found[method, path, name] = cells[2]
    return found


def pattern(path: str) -> re.Pattern[str]:
    """Turn a documented path into a pattern: `{id}` is one part, `{a,b}` one of these."""
    parts = re.split(r"(\{[^}]*\})", path)
    return re.compile("".join(_part(part) for part in parts))


def _part(part: str) -> str:
    if part.startswith("{") and "," in part:
        return "(?:" + "|".join(map(re.escape, part[1:-1].split(","))) + ")"
    return "[^/]+" if part.startswith("{") else re.escape(part)


def asked(entry: dict[str, Any]) -> set[Asked]:
    """Return what a line of the log asks for; a query asks for every object that it names."""
    path = re.sub(r"^/services/data/v\d+\.0/", "", entry["path"])
    if path not in QUERIES:
        return {(entry["method"], path, "")}
    (soql,) = parse_qs(entry["query"])["q"]
    return {(entry["method"], path, name) for name in re.findall(r"\bFROM (\w+)", soql)}


def covers(known: Asked, request: Asked) -> bool:
    return known[0] == request[0] and known[2] == request[2] and bool(pattern(known[1]).fullmatch(request[1]))


async def whole_story(place: Place) -> set[Asked]:
    """Look, preview, apply, assign, change and put back a layout, count, and leave."""
    work = place.work
    mark = place.mark()
    await work.checks()
    await work.plan()
    await work.preview(link=True)
    assert (await work.apply(consent=YES)).complete
    other = place.org.other_user_id
    await work.users("olivia")
    await work.assign([other], STANDARD.name)
    await work.remove([other], STANDARD.name)
    layout = next(row for row in await work.layouts() if row.sobject is SObject.LEAD)
    await work.layout_preview(layout.id, link=True)
    assert (await work.change_layout(layout.id, link=True, consent=YES)).done
    assert (await work.restore_layout(layout.id)).done
    await leave(place)
    log = [e for e in place.engine.world.log.since(mark) if e["service"] == "salesforce"]
    return set().union(*(asked(entry) for entry in log if entry["path"].startswith("/services/data/v")))


async def leave(place: Place) -> None:
    plan = await place.work.leave_plan()
    assert not (await place.work.leave(confirm=plan.org)).problems


@pytest.fixture
async def requests(tmp_path: Path) -> set[Asked]:
    place = await Place.open(tmp_path)
    try:
        # A hidden field of an earlier visit is looked at by its id.
        place.add_field("Lead.ActiveCampaign_Sync_Status__c", granted=False, label="ActiveCampaign Sync Status",
                        type="Text", length=255)  # fmt: skip
        page = {"Id": "0M0000000000001AAA", "DeveloperName": "Lead_Page", "EntityDefinitionId": "Lead", "Metadata": {}}
        place.org.tables[True, "FlexiPage"].put({**page, "MasterLabel": "Lead page", "Type": "RecordPage"})
        return await whole_story(place)
    finally:
        await place.close()


async def test_every_request_is_listed_with_the_permission_it_needs(requests: set[Asked]) -> None:
    known = documented()
    unlisted = sorted(request for request in requests if not any(covers(one, request) for one in known))
    assert unlisted == []
    assert all(known.values())


async def test_nothing_is_listed_that_is_not_asked(requests: set[Asked]) -> None:
    unused = sorted(one for one in documented() if not any(covers(one, request) for request in requests))
    assert unused == []


async def test_the_paths_of_the_journal_are_writes_that_the_list_names(requests: set[Asked]) -> None:
    writing = {(method, path) for method, path, _ in requests if method != "GET"}
    assert {path for _, path in writing if not path.startswith("tooling/")} == {
        "metadata/deployRequest",
        "composite/sobjects",
    }
