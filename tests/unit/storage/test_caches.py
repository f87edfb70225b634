from __future__ import annotations

from datetime import date, timedelta

from acassist.domain.activity import Activity, ActivityFeed, ActivityKind
from acassist.domain.ids import Service
from acassist.storage.activity_cache import ActivityCache
from acassist.storage.call_counts import CallCounts


def feed(clock, title: str = "t") -> ActivityFeed:
    one = Activity(ActivityKind.CLICKED, clock.now(), title, "detail", "https://x.org/", "log")
    return ActivityFeed((one,), complete=False, unavailable=("notes",), read_at=clock.now())


def test_a_feed_comes_back_with_its_age(db, clock):
    cache = ActivityCache(db)
    cache.put("7", feed(clock))
    assert cache.get("7") == feed(clock)
    assert cache.get("8") is None
    cache.forget("7")
    assert cache.get("7") is None


def test_the_oldest_feeds_go_when_there_are_too_many(db, clock):
    cache = ActivityCache(db, max_contacts=2)
    for ac_id in "123":
        cache.put(ac_id, feed(clock))
        clock.pass_time(minutes=1)
    assert [cache.get(i) is None for i in "123"] == [True, False, False]


def test_the_oldest_feeds_go_when_they_take_too_much_room(db, clock):
    cache = ActivityCache(db, max_bytes=2000)
    for ac_id in "123":
        cache.put(ac_id, feed(clock, "x" * 800))
        clock.pass_time(minutes=1)
    assert [cache.get(i) is None for i in "123"] == [True, False, False]


def test_calls_add_up_by_service_and_day(db, clock):
    counts = CallCounts(db)
    counts.add(Service.SALESFORCE, 2)
    counts.add(Service.SALESFORCE, 3)
    clock.pass_time(days=1)
    counts.add(Service.SALESFORCE, 1)
    counts.add(Service.ACTIVECAMPAIGN, 0)
    assert counts.today(Service.SALESFORCE) == 1
    assert counts.today(Service.ACTIVECAMPAIGN) == 0
    first = date(2026, 3, 1)
    assert counts.last_days(2) == {
        Service.SALESFORCE: {first: 5, first + timedelta(days=1): 1},
        Service.ACTIVECAMPAIGN: {},
    }
    assert counts.prune(1) == 1
    assert counts.last_days(2)[Service.SALESFORCE] == {first + timedelta(days=1): 1}
