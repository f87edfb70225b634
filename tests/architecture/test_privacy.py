"""The page about privacy names every request that the program makes, seen from the other end of the line."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from acassist.assistant.container import Options, close_profile, open_profile
from acassist.assistant.demo import demo_browser, guided_setup, sync_each_way
from acassist.sandbox.server import Running, build
from acassist.sandbox.settings import Settings
from tests.architecture.places import ROOT

METHODS = "GET|POST|PUT|PATCH|DELETE"
# The pages that the person's browser shows, and the two calls around them.
LOGIN = {"/login", "/consent", "/services/oauth2/authorize", "/services/oauth2/token"}


def section(title: str) -> str:
    """Return one section of the page."""
    text = (ROOT / "docs" / "privacy.md").read_text(encoding="utf-8")
    return text.split(f"## {title}\n", 1)[1].split("\n## ", 1)[0]


def named(title: str) -> list[tuple[str, re.Pattern[str]]]:
    """Read the requests that a section names; `{id}` stands for one part of a path, `{a,b}` for one of these."""
    found = []
    for row in section(title).splitlines():
        cell = row.split("|")[1].split(" on ")[0] if row.startswith("| `") else ""
        methods: list[str] = []
        complete = True
        for span in re.findall(r"`([^`]+)`", cell):
            match = re.fullmatch(rf"(?:({METHODS})\b ?)?(.*)", span)
            assert match is not None
            if match[1]:
                methods = [match[1]] if complete else [*methods, match[1]]
            complete = bool(match[2])
            if match[2]:
                found += [(method, pattern(match[2])) for method in methods]
    return found


def pattern(path: str) -> re.Pattern[str]:
    """Turn a path as the page writes it into a pattern."""
    parts = re.split(r"(\{[^}]*\}|…)", path.strip())
    return re.compile("".join(_part(part) for part in parts))


def _part(part: str) -> str:
    if part == "…":
        return ".+"
    if part.startswith("{") and "," in part:
        return "(?:" + "|".join(map(re.escape, part[1:-1].split(","))) + ")"
    return "[^/]+" if part.startswith("{") else re.escape(part)


@pytest.fixture(scope="module")
def page() -> dict[str, list[tuple[str, re.Pattern[str]]]]:
    salesforce = [*named("Requests to Salesforce"), *named("Requests for preparing the org")]
    return {"salesforce": salesforce, "activecampaign": named("Requests to ActiveCampaign")}


async def requests_of_a_demo(folder: Path) -> set[tuple[str, str, str]]:
    """Set up, sync each way, look at a person, prepare, examine; return service, method and path of each request."""
    world = build(Settings(leads=12, contacts=8, labels=True))
    with Running(world) as running:
        options = Options(folder, in_memory_secrets=True, browser=demo_browser(running.info), pace=100)
        profile = await open_profile(options)
        try:
            await guided_setup(profile.assistant, running.info, lambda _message: None)
            report = await sync_each_way(profile.assistant, running.info, lambda _message: None)
            assert report.feed.items
            await profile.assistant.prepare_state()
            await profile.assistant.doctor()
        finally:
            await close_profile(profile)
    return {(row["service"], row["method"], row["path"]) for row in world.log.since()}


def relative(service: str, path: str) -> str:
    """Return a path as the page writes it: below the version."""
    below = {"salesforce": r"/services/data/v\d+\.0/", "activecampaign": r"/api/3/"}[service]
    return re.sub(f"^{below}", "", path)


async def test_every_request_of_a_demo_is_named_on_the_page(
    tmp_path: Path, page: dict[str, list[tuple[str, re.Pattern[str]]]]
) -> None:
    made = await requests_of_a_demo(tmp_path)
    services = {service for service, _, _ in made}
    unnamed = sorted(
        (service, method, path)
        for service, method, path in made
        if service in page
        and path not in LOGIN
        and not any(
            method == known and (form.fullmatch(relative(service, path)) or form.fullmatch(path))
            for known, form in page[service]
        )
    )
    assert services >= {"salesforce", "activecampaign"}
    assert unnamed == [], "\n".join(map(str, unnamed))


def test_the_page_speaks_of_no_other_host() -> None:
    hosts = set(re.findall(r"`([\w<>-]+(?:\.[\w-]+)+)`", section("Hosts")))
    known = {"login.salesforce.com", "test.salesforce.com", "pypi.org", "bootstrap.pypa.io"}
    pictures = {"<account>.img-us3.com", "activecampaign.com", "activehosted.com"}
    assert hosts - known - pictures == {"<account>.api-us1.com", "<account>.activehosted.com"}
