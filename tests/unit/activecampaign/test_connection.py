from datetime import UTC, datetime

from acassist.activecampaign.connection import Installation
from tests.unit.activecampaign.scripted import ok

NOW = datetime(2026, 11, 24, 8, 0, 0, 123, tzinfo=UTC)
ME = Installation("inst-1", "Setup Assistant on desk-4", "https://org.my.salesforce.com")


def stored(service):
    body = service.body()["connection"]
    return {"connections": [{"id": "5", "udate": "2026-01-01T00:00:00-06:00", **body}]}


async def test_the_first_beat_creates_an_entry_that_can_be_read_back(service):
    service.on("GET", "connections", ok({"connections": []}))
    service.on("POST", "connections", lambda r: ok({"connection": {"id": 5}}, 201))
    made = await service.client().beat("00Dx", ME, NOW)
    assert (made.id, made.installation, made.seen) == ("5", "inst-1", NOW.replace(microsecond=0))
    body = service.body()["connection"]
    assert {"service", "externalid", "name", "logoUrl", "linkUrl"} <= set(body)
    service.on("GET", "connections", ok(stored(service)))
    assert await service.client().find_connection("00Dx") == made


async def test_a_later_beat_updates_the_same_entry(service):
    other = "https://x.example#installation=inst-2&seen=2026-11-24T05%3A00%3A00%2B00%3A00"
    row = {"id": "5", "service": "acassist", "externalid": "00Dx", "name": "n", "linkUrl": other}
    service.on("GET", "connections", ok({"connections": [row]})).on("PUT", "connections/5", ok({"connection": row}))
    before = await service.client().find_connection("00Dx")
    assert (before.installation, before.seen) == ("inst-2", datetime(2026, 11, 24, 5, tzinfo=UTC))
    assert (await service.client().beat("00Dx", ME, NOW)).installation == "inst-1"
    assert not service.asked("POST", "connections")


async def test_entries_of_other_services_and_orgs_are_not_ours(service):
    rows = [
        {"id": "1", "service": "shop", "externalid": "00Dx"},
        {"id": "2", "service": "acassist", "externalid": "00Dy"},
    ]
    service.on("GET", "connections", ok({"connections": rows}))
    assert await service.client().find_connection("00Dx") is None
