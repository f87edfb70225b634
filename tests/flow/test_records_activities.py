"""The activities of a person with something of every kind, entry by entry against what the sandbox knows."""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from acassist.assistant.person_activities import Export
from acassist.assistant.views import RecordRef
from acassist.domain.activity import RECENT, Activity, ActivityKind
from acassist.domain.activity_filter import ActivityFilter, search_text
from acassist.domain.problem import ProblemCode
from acassist.sandbox.settings import Settings
from tests.engine import Engine
from tests.flow.records_world import did, links, open_records, ref_of

K = ActivityKind
SMALL = {"leads": 4, "contacts": 4}
READINGS = [
    {},
    {"isread_present": False},
    {"activities_need_view": True},
    {"series_model_name": "series"},
    {"reply_has_text": False},
    {"page_visits_in_log": False},
    {"email_activities_hold_sends": True},
    {"labels": True, "labels_as_objects": True},
    {"isread_present": False, "activities_need_view": True, "series_model_name": "contact-automation"},
]


@dataclass(frozen=True)
class Truth:
    """What one entry must say."""

    kind: ActivityKind
    at: datetime
    title: str
    detail: str = ""
    link: str | None = None


class Everything:
    """Lets one person do something of every kind and remembers it."""

    def __init__(self, engine: Engine, ac_id: str) -> None:
        self.engine, self.ac_id, self.minutes = engine, ac_id, 600
        self.account = engine.world.activecampaign
        self.start = engine.world.clock.now()
        self.truth: list[Truth] = []
        tables = self.account.tables
        self.campaign = next(r for r in tables["campaigns"] if r["status"] == "5" and r["public"] == "1")
        self.automation = next(r for r in tables["automations"] if r["status"] == "1")
        links = [r for r in tables["links"] if r["campaignid"] == self.campaign["id"]]
        self.clicked = next(r for r in links if r["link"] != "open")
        for name in ("logs", "linkData", "mppLinkData", "replies", "trackingLogs", "contactAutomations"):
            for row in [r for r in tables[name] if str(r.get("subscriberid") or r.get("contact")) == ac_id]:
                del tables[name].rows[int(row["id"])]
        self.account.activities.pop(int(ac_id), None)

    def _next(self, kind: str, **data: Any) -> datetime:
        self.minutes -= 10
        did(self.engine, self.ac_id, kind, minutes=self.minutes, **data)
        return (self.start - timedelta(minutes=self.minutes)).replace(microsecond=0)

    def mail(self, kind: str, shown: ActivityKind, **more: Any) -> None:
        at = self._next(kind, campaign=int(self.campaign["id"]), **more)
        self.truth.append(Truth(shown, at, self.campaign["name"], *self._behind(shown)))

    def _behind(self, shown: ActivityKind) -> tuple[str, str | None]:
        if shown is K.CLICKED:
            return self.clicked["link"], self.clicked["link"]
        if shown is K.SENT:
            return "", None
        digest = hashlib.md5(self.campaign["id"].encode(), usedforsecurity=False).hexdigest()
        query = f"action=social&chash={digest}.{self.campaign['message_id']}&nosocial=1"
        return "", f"https://acct.activehosted.com/index.php?{query}"

    def reply(self, *, told: bool) -> None:
        words = {"subject": "Re: hello", "message": "<p>Call <b>me</b></p>"}
        at = self._next("replied", campaign=int(self.campaign["id"]), **words)
        shown = ("Re: hello", "Call me") if told else (self.campaign["name"], "")
        self.truth.append(Truth(K.REPLIED, at, *shown))

    def automated(self) -> None:
        link = f"https://acct.activehosted.com/series/{self.automation['id']}"
        for kind, shown in (("automation_entered", K.ENTERED), ("automation_completed", K.COMPLETED)):
            at = self._next(kind, automation=int(self.automation["id"]))
            self.truth.append(Truth(shown, at, self.automation["name"], "", link))

    def tracked(self, *, visits: bool) -> None:
        at = self._next("event", event="Trial started", value="pro plan")
        self.truth.append(Truth(K.TRACKING, at, "Trial started", "pro plan"))
        at = self._next("page", url="https://shop.example/pricing?x=1")
        if visits:
            url = "https://shop.example/pricing?x=1"
            self.truth.append(Truth(K.TRACKING, at, url, url, url))

    def noise(self) -> None:
        for kind in ("note", "subscribed", "updated", "forwarded"):
            self._next(kind)

    def all_of_it(self, settings: dict[str, Any]) -> None:
        self.mail("sent", K.SENT)
        self.mail("mpp_opened", K.MACHINE_OPENED)
        self.mail("opened", K.OPENED)
        self.noise()
        self.mail("clicked", K.CLICKED, link=int(self.clicked["id"]))
        self.reply(told=settings.get("reply_has_text", True))
        self.automated()
        self.tracked(visits=settings.get("page_visits_in_log", True))
        self.truth.sort(key=lambda entry: entry.at, reverse=True)


def told(items: tuple[Activity, ...] | list[Activity]) -> list[Truth]:
    return [Truth(i.kind, i.at, i.title, i.detail, i.link) for i in items]


async def busy(folder: Path, settings: dict[str, Any]) -> tuple[Engine, RecordRef, Everything]:
    engine = await open_records(folder, settings=Settings(**SMALL, **settings))
    ref = ref_of(links(engine)[0])
    everything = Everything(engine, ref.ac_id or "")
    everything.all_of_it(settings)
    return engine, ref, everything


@pytest.mark.parametrize("settings", READINGS, ids=lambda s: ",".join(s) or "as documented")
async def test_list_and_details_match_the_truth_entry_by_entry(tmp_path: Path, settings: dict[str, Any]) -> None:
    engine, ref, everything = await busy(tmp_path / "p", settings)
    feed = await engine.assistant.recent_activities(ref)
    assert told(feed.items) == [entry for entry in everything.truth if entry.kind is not K.MACHINE_OPENED]
    assert told(feed.machine) == [entry for entry in everything.truth if entry.kind is K.MACHINE_OPENED]
    assert (feed.complete, feed.unavailable) == (True, ())
    listed = [item async for page in engine.assistant.all_activities(ref) for item in page]
    assert told(listed) == everything.truth
    await engine.close()


@pytest.fixture
async def person(tmp_path: Path) -> AsyncIterator[tuple[Engine, RecordRef, Everything]]:
    made = await busy(tmp_path / "p", {})
    yield made
    await made[0].close()


async def test_what_cannot_be_read_is_said_and_the_rest_is_shown(tmp_path: Path) -> None:
    engine, ref, _ = await busy(tmp_path / "p", {})
    refusal = {"errors": [{"title": "Forbidden", "detail": "You do not have permission to view this."}]}
    engine.world.faults.add(
        {"path": "trackingLogs", "times": -1, "action": {"kind": "status", "status": 403, "body": refusal}}
    )
    feed = await engine.assistant.recent_activities(ref)
    assert (feed.complete, feed.unavailable) == (False, ("Site and event tracking",))
    assert K.SENT in {item.kind for item in feed.items}
    await engine.close()


async def test_without_a_connection_the_last_ones_seen_come_with_age_and_reason(
    person: tuple[Engine, RecordRef, Everything],
) -> None:
    engine, ref, _ = person
    assert await engine.assistant.last_activities(ref) is None
    feed = await engine.assistant.recent_activities(ref)
    engine.world.clock.advance(3600)
    engine.world.faults.add({"service": "activecampaign", "times": -1, "action": {"kind": "drop"}})
    kept = await engine.assistant.recent_activities(ref)
    assert kept.offline is not None
    assert replace(kept, offline=None) == feed
    assert await engine.assistant.last_activities(ref) == feed
    assert kept.read_at is not None
    assert engine.world.clock.now() - kept.read_at >= timedelta(hours=1)


async def test_somebody_deleted_shows_nothing_from_before(person: tuple[Engine, RecordRef, Everything]) -> None:
    engine, ref, _ = person
    await engine.assistant.recent_activities(ref)
    await engine.control.call("DELETE", f"/activecampaign/contacts/{ref.ac_id}")
    with pytest.raises(Exception) as caught:
        await engine.assistant.recent_activities(ref)
    assert caught.value.problem.code is ProblemCode.AC_GONE  # type: ignore[attr-defined]


async def test_machine_opens_push_nothing_off_the_card(person: tuple[Engine, RecordRef, Everything]) -> None:
    engine, ref, everything = person
    everything.minutes = 2000
    for _ in range(30):
        everything._next("event", event="Visit", value="")
    expected = (await engine.assistant.recent_activities(ref)).items
    for number in range(60):
        did(engine, ref.ac_id or "", "mpp_opened", minutes=0, campaign=1 + number % 2)
    feed = await engine.assistant.recent_activities(ref)
    assert len(feed.items) == RECENT
    assert feed.items == expected


async def test_reading_again_reads(person: tuple[Engine, RecordRef, Everything]) -> None:
    engine, ref, everything = person
    before = await engine.assistant.recent_activities(ref)
    did(engine, ref.ac_id or "", "automation_entered", minutes=1, automation=int(everything.automation["id"]))
    after = await engine.assistant.recent_activities(ref)
    assert len(after.items) == len(before.items) + 1


# -- export


async def test_the_csv_holds_what_the_filter_shows(
    person: tuple[Engine, RecordRef, Everything], tmp_path: Path
) -> None:
    engine, ref, everything = person
    path = tmp_path / "clicks.csv"
    count = await engine.assistant.export_activities(ref, Export(path, ActivityFilter(kind=K.CLICKED)))
    rows = list(csv.reader(StringIO(path.read_text(encoding="utf-8-sig"))))
    assert count == 1
    assert rows[0] == ["Time", "Kind", "Name", "Campaign", "Details", "Web address"]
    url = everything.clicked["link"]
    assert rows[1][1:] == ["Campaign link clicked", everything.campaign["name"], everything.campaign["name"], url, url]


async def test_the_json_holds_everything_but_machine_opens(
    person: tuple[Engine, RecordRef, Everything], tmp_path: Path
) -> None:
    engine, ref, everything = person
    path = tmp_path / "all.json"
    await engine.assistant.export_activities(ref, Export(path, ActivityFilter()))
    rows = json.loads(path.read_text())
    expected = [e for e in everything.truth if e.kind is not K.MACHINE_OPENED]
    assert [(r["kind"], datetime.fromisoformat(r["time"]), r["name"]) for r in rows] == [
        (e.kind.value, e.at, e.title) for e in expected
    ]


async def test_an_export_that_cannot_be_written_says_so(
    person: tuple[Engine, RecordRef, Everything], tmp_path: Path
) -> None:
    engine, ref, _ = person
    with pytest.raises(Exception) as caught:
        await engine.assistant.export_activities(ref, Export(tmp_path / "no" / "x.csv", ActivityFilter()))
    assert caught.value.problem.code.value == "export_failed"  # type: ignore[attr-defined]


# -- filters


@pytest.mark.parametrize(
    ("chosen", "kinds"),
    [
        (ActivityFilter(), {K.SENT, K.OPENED, K.CLICKED, K.REPLIED, K.ENTERED, K.COMPLETED, K.TRACKING}),
        (ActivityFilter(machine=True), set(K)),
        (ActivityFilter(kind=K.MACHINE_OPENED), {K.MACHINE_OPENED}),
        (ActivityFilter(words=("trial",)), {K.TRACKING}),
        (ActivityFilter(words=("trial", "nothing")), set()),
    ],
)
async def test_a_filter_shows_what_it_says(
    person: tuple[Engine, RecordRef, Everything], chosen: ActivityFilter, kinds: set[ActivityKind]
) -> None:
    engine, ref, _ = person
    listed = [item async for page in engine.assistant.all_activities(ref) for item in page]
    assert {i.kind for i in listed if chosen.fits(i, search_text(i, i.kind.value))} == kinds


async def test_a_campaign_and_a_time_can_be_chosen(person: tuple[Engine, RecordRef, Everything]) -> None:
    engine, ref, everything = person
    listed = [item async for page in engine.assistant.all_activities(ref) for item in page]
    name = everything.campaign["name"]
    mails = [i for i in listed if ActivityFilter(campaign=name).fits(i, "")]
    assert {i.kind for i in mails} == {K.SENT, K.OPENED, K.CLICKED, K.REPLIED}
    middle = listed[4].at
    since = [i for i in listed if ActivityFilter(since=middle, machine=True).fits(i, "")]
    until = [i for i in listed if ActivityFilter(until=middle, machine=True).fits(i, "")]
    assert (since, until) == (listed[:5], listed[5:])


async def test_equal_times_stand_in_one_order_on_the_card_and_in_the_list(
    person: tuple[Engine, RecordRef, Everything],
) -> None:
    engine, ref, _ = person
    account, campaigns = engine.world.activecampaign, engine.world.activecampaign.tables["campaigns"]
    names = ["Zebra", "Apple", "Mango"]
    for row, name in zip(campaigns, names, strict=False):
        row["name"] = name
        did(engine, ref.ac_id or "", "sent", minutes=0, campaign=int(row["id"]))
    did(engine, ref.ac_id or "", "event", minutes=0, event="Last of all", value="")
    await engine.assistant.sync_now()
    recorded = account.activities[int(ref.ac_id or "0")][-4:]
    assert len({row.at.replace(microsecond=0) for row in recorded}) == 1
    feed = await engine.assistant.recent_activities(ref)
    listed = [item async for page in engine.assistant.all_activities(ref) for item in page]
    assert [item.title for item in feed.items[:4]] == ["Last of all", "Mango", "Apple", "Zebra"]
    assert [item.title for item in listed[:4]] == ["Last of all", "Mango", "Apple", "Zebra"]
