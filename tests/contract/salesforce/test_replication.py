"""getUpdated and getDeleted (section 3.3)."""

from __future__ import annotations

import pytest

from tests.contract.salesforce.conftest import Org

HOUR = {"start": "2026-03-02T09:00:00+00:00", "end": "2026-03-02T10:00:00+00:00"}


class TestReplication:
    async def test_updated(self, org: Org) -> None:
        key = await org.lead()
        org.advance(3600)
        body = await org.good("GET", "/sobjects/Lead/updated/", params=HOUR)
        assert body == {"ids": [key], "latestDateCovered": "2026-03-02T10:00:00.000+0000"}

    async def test_deleted(self, org: Org) -> None:
        key = await org.lead()
        await org.good("DELETE", f"/sobjects/Lead/{key}")
        org.advance(3600)
        body = await org.good("GET", "/sobjects/Lead/deleted/", params=HOUR)
        assert body["deletedRecords"] == [{"deletedDate": "2026-03-02T09:00:00.000+0000", "id": key}]
        assert set(body) == {"deletedRecords", "earliestDateAvailable", "latestDateCovered"}
        assert (await org.good("GET", "/sobjects/Lead/updated/", params=HOUR))["ids"] == []

    @pytest.mark.parametrize(
        ("start", "end"),
        [
            ("2026-03-02T09:00:10+00:00", "2026-03-02T09:00:50+00:00"),
            ("2026-03-02T10:00:00+00:00", "2026-03-02T09:00:00+00:00"),
            ("2025-12-01T10:00:00+00:00", "2026-03-02T09:00:00+00:00"),
            ("yesterday", "2026-03-02T09:00:00+00:00"),
        ],
    )
    async def test_bad_spans(self, org: Org, start: str, end: str) -> None:
        """Seconds are ignored, start before end, 30 days back."""
        _, error = await org.refused("GET", "/sobjects/Lead/updated/", params={"start": start, "end": end})
        assert error["errorCode"] == "INVALID_REPLICATION_DATE"
