"""The last seen activities of a contact, so that a record's card shows something at once and offline."""

from __future__ import annotations

from typing import Any

from acassist.domain.activity import Activity, ActivityFeed, ActivityKind
from acassist.storage.codec import dumps, loads, micros, moment_of
from acassist.storage.database import Database


class ActivityCache:
    """Feeds by contact id, bounded by number and by bytes; the oldest go first."""

    def __init__(self, db: Database, *, max_contacts: int = 2000, max_bytes: int = 20_000_000) -> None:
        self._db = db
        self._max_contacts = max_contacts
        self._max_bytes = max_bytes

    def get(self, ac_id: str) -> ActivityFeed | None:
        """Read the last seen feed; `read_at` tells its age."""
        row = self._db.row("SELECT * FROM activity_cache WHERE ac_id = ?", (ac_id,))
        if row is None:
            return None
        stored = loads(row["feed_json"])
        return ActivityFeed(
            items=tuple(_activity(item) for item in stored["items"]),
            complete=stored["complete"],
            unavailable=tuple(stored["unavailable"]),
            read_at=moment_of(row["read_at"]),
            machine=tuple(_activity(item) for item in stored.get("machine", ())),
        )

    def put(self, ac_id: str, feed: ActivityFeed) -> None:
        """Keep a feed; its age counts from `read_at`, or from now when it has none."""
        text = dumps(
            {
                "items": [_packed(item) for item in feed.items],
                "machine": [_packed(item) for item in feed.machine],
                "complete": feed.complete,
                "unavailable": list(feed.unavailable),
            }
        )
        read_at = micros(feed.read_at or self._db.clock.now())
        with self._db.transaction():
            self._db.execute(
                "INSERT OR REPLACE INTO activity_cache (ac_id, read_at, size, feed_json) VALUES (?, ?, ?, ?)",
                (ac_id, read_at, len(text.encode("utf-8")), text),
            )
            self._evict()

    def forget(self, ac_id: str) -> None:
        """Drop a contact's feed."""
        with self._db.transaction():
            self._db.execute("DELETE FROM activity_cache WHERE ac_id = ?", (ac_id,))

    def clear(self) -> None:
        """Drop everything (Disconnect)."""
        with self._db.transaction():
            self._db.execute("DELETE FROM activity_cache")

    def _evict(self) -> None:
        """Keep the newest feeds that fit into both bounds."""
        self._db.execute(
            "DELETE FROM activity_cache WHERE ac_id IN (SELECT ac_id FROM (SELECT ac_id,"
            " row_number() OVER newest AS place, sum(size) OVER newest AS bytes FROM activity_cache"
            " WINDOW newest AS (ORDER BY read_at DESC, ac_id ROWS UNBOUNDED PRECEDING))"
            " WHERE place > ? OR bytes > ?)",
            (self._max_contacts, self._max_bytes),
        )


def _packed(item: Activity) -> list[Any]:
    return [item.kind, micros(item.at), item.title, item.detail, item.link, item.source, item.campaign, item.order]


def _activity(item: list[Any]) -> Activity:
    kind, at, *rest = item
    return Activity(ActivityKind(kind), moment_of(at), *rest)
