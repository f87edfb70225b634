"""Sessions, versions, limits and outages (sections 2.1 and 2.4)."""

from __future__ import annotations

import gzip
import json

from tests.contract.salesforce.conftest import Org, V


class TestVersions:
    async def test_the_list_needs_no_session_and_counts_nothing(self, org: Org) -> None:
        """2.1: oldest first, label, url and version; no Sforce-Limit-Info."""
        answer = await org.web.get("/services/data/", headers={"Authorization": ""})
        assert answer.json()[-2] == {"label": "Spring '26", "url": "/services/data/v66.0", "version": "66.0"}
        assert answer.json()[-3]["label"] == "Winter '26"
        assert "sforce-limit-info" not in answer.headers

    async def test_unknown_and_retired_versions(self, org: Org) -> None:
        """8.4, point 1, and section 0."""
        assert (await org.refused("GET", "/services/data/v99.0/limits"))[1]["errorCode"] == "NOT_FOUND"
        assert (await org.refused("GET", "/services/data/v21.0/limits"))[0] == 410

    async def test_an_older_org_offers_less(self, org: Org) -> None:
        """Section 0: the client picks the lower of what is offered and what it knows."""
        await org.set(newest_version=62)
        assert (await org.web.get("/services/data")).json()[-1]["version"] == "62.0"
        assert (await org.refused("GET", "/services/data/v66.0/limits"))[0] == 404

    async def test_trailing_slashes_are_tolerated(self, org: Org) -> None:
        """Section 0."""
        assert await org.good("GET", "/limits/")
        assert await org.good("GET", "/query/", params={"q": "SELECT Id FROM Lead"})

    async def test_gzip_in_both_directions(self, org: Org) -> None:
        """8.4, point 1."""
        body = gzip.compress(json.dumps({"LastName": "Zip", "Company": "C"}).encode())
        headers = {"Content-Encoding": "gzip", "Content-Type": "application/json"}
        made = await org.web.post(f"{V}/sobjects/Lead", content=body, headers=headers)
        assert made.status_code == 201
        answer = await org.call("GET", "/sobjects/Lead/describe", headers={"Accept-Encoding": "gzip"})
        assert answer.headers["content-encoding"] == "gzip"
        assert answer.json()["name"] == "Lead"


class TestSession:
    async def test_an_unknown_token_is_401(self, org: Org) -> None:
        """2.4: INVALID_SESSION_ID, "Session expired or invalid"."""
        status, error = await org.refused("GET", "/limits", headers={"Authorization": "Bearer 00D!x"})
        assert status == 401
        assert error == {"message": "Session expired or invalid", "errorCode": "INVALID_SESSION_ID"}

    async def test_a_missing_header_is_invalid_auth_header(self, org: Org) -> None:
        """2.4."""
        status, error = await org.refused("GET", "/limits", headers={"Authorization": ""})
        assert (status, error["errorCode"]) == (401, "INVALID_AUTH_HEADER")

    async def test_a_session_lives_on_with_use_and_dies_when_idle(self, org: Org) -> None:
        """1.4: two hours by default, extended by activity."""
        for _ in range(3):
            org.advance(7000)
            await org.good("GET", "/limits")
        org.advance(7201)
        assert (await org.refused("GET", "/limits"))[0] == 401

    async def test_sessions_can_be_expired_from_outside(self, org: Org) -> None:
        await org.control.call("POST", "/salesforce/expire-sessions")
        assert (await org.refused("GET", "/limits"))[1]["errorCode"] == "INVALID_SESSION_ID"

    async def test_the_wrong_kind_of_session_has_its_own_text(self, org: Org) -> None:
        """2.4: do not refresh in a loop."""
        await org.set(user_api_enabled=False)
        _, error = await org.refused("GET", "/limits")
        assert error["message"] == "This session is not valid for use with the REST API"


class TestLimits:
    async def test_the_header_counts_calls(self, org: Org) -> None:
        """2.1: api-usage=used/max on every REST answer."""
        first = await org.call("GET", "/limits")
        second = await org.call("GET", "/sobjects/Nothing")
        assert first.headers["sforce-limit-info"] == "api-usage=1/100000"
        assert second.headers["sforce-limit-info"] == "api-usage=2/100000"

    async def test_limits_agree_with_the_header(self, org: Org) -> None:
        """2.1."""
        body = await org.good("GET", "/limits")
        assert body["DailyApiRequests"] == {"Max": 100000, "Remaining": 99999}

    async def test_an_ordinary_user_may_not_see_limits(self, org: Org) -> None:
        """2.1: needs View Setup; fall back to the header."""
        await org.set(limits_allowed=False)
        answer = await org.call("GET", "/limits")
        assert answer.status_code == 403
        assert "sforce-limit-info" in answer.headers

    async def test_both_limit_errors(self, org: Org) -> None:
        """2.4: the daily pool and the concurrent one share a code and differ in text."""
        await org.set(concurrent_refusals=1)
        status, error = await org.refused("GET", "/limits")
        assert (status, error["message"]) == (403, "ConcurrentPerOrgLongTxn Limit exceeded.")
        await org.good("GET", "/limits")
        await org.set(daily_api_requests=1)
        status, error = await org.refused("GET", "/limits")
        assert (status, error["errorCode"]) == (403, "REQUEST_LIMIT_EXCEEDED")
        assert error["message"] == "TotalRequests Limit exceeded."

    async def test_record_counts(self, org: Org) -> None:
        """2.1."""
        await org.lead()
        body = await org.good("GET", "/limits/recordCount", params={"sObjects": "Lead,Contact"})
        assert body == {"sObjects": [{"count": 1, "name": "Lead"}, {"count": 0, "name": "Contact"}]}

    async def test_long_addresses_are_refused(self, org: Org) -> None:
        """2.4 and 8.4, point 8: 414 over 16,384 bytes."""
        ids = ",".join("'00Q000000000000AAA'" for _ in range(900))
        answer = await org.call("GET", "/query", params={"q": f"SELECT Id FROM Lead WHERE Id IN ({ids})"})
        assert answer.status_code == 414


class TestOutages:
    async def test_maintenance_is_html(self, org: Org) -> None:
        """2.4."""
        await org.set(maintenance=True)
        answer = await org.call("GET", "/limits")
        assert answer.status_code == 503
        assert answer.headers["content-type"].startswith("text/html")

    async def test_an_org_without_api(self, org: Org) -> None:
        """2.4: API_DISABLED_FOR_ORG, 403."""
        await org.set(api_enabled=False)
        status, error = await org.refused("GET", "/limits")
        assert (status, error["errorCode"]) == (403, "API_DISABLED_FOR_ORG")

    async def test_unknown_paths_and_methods(self, org: Org) -> None:
        """2.4."""
        assert await org.refused("GET", "/nowhere") == (
            404,
            {"message": "The requested resource does not exist", "errorCode": "NOT_FOUND"},
        )
        assert (await org.refused("PUT", "/limits"))[1]["errorCode"] == "METHOD_NOT_ALLOWED"

    async def test_the_date_header_is_the_sandbox_time(self, org: Org) -> None:
        """3.2: "now" comes from the Date header."""
        org.advance(3600)
        answer = await org.call("GET", "/limits")
        assert answer.headers.get_list("date") == ["Mon, 02 Mar 2026 10:00:00 GMT"]
