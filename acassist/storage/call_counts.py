"""How many API calls this program made, by service and day (UTC)."""

from __future__ import annotations

from datetime import date, timedelta

from acassist.domain.ids import Service
from acassist.storage.database import Database


class CallCounts:
    """Daily call totals of one profile."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def add(self, service: Service, calls: int) -> None:
        """Count calls made today; nothing is written for none."""
        if not calls:
            return
        with self._db.transaction():
            self._db.execute(
                "INSERT INTO call_count (service, day, calls) VALUES (?, ?, ?)"
                " ON CONFLICT (service, day) DO UPDATE SET calls = calls + excluded.calls",
                (service, self._today().isoformat(), calls),
            )

    def today(self, service: Service) -> int:
        """Return today's total."""
        sql = "SELECT calls FROM call_count WHERE service = ? AND day = ?"
        return int(self._db.value(sql, (service, self._today().isoformat())) or 0)

    def last_days(self, days: int) -> dict[Service, dict[date, int]]:
        """Return the totals of the last days that had calls."""
        first = self._today() - timedelta(days=days - 1)
        found: dict[Service, dict[date, int]] = {service: {} for service in Service}
        for row in self._db.rows("SELECT * FROM call_count WHERE day >= ? ORDER BY day", (first.isoformat(),)):
            found[Service(row["service"])][date.fromisoformat(row["day"])] = row["calls"]
        return found

    def prune(self, keep_days: int) -> int:
        """Forget days older than this many and return how many rows went."""
        first = self._today() - timedelta(days=keep_days - 1)
        with self._db.transaction():
            return self._db.execute("DELETE FROM call_count WHERE day < ?", (first.isoformat(),)).rowcount

    def _today(self) -> date:
        return self._db.clock.now().date()
