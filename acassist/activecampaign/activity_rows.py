"""Turns rows of ActiveCampaign's activity sources into activities; pure (activecampaign_api 7)."""

from __future__ import annotations

import hashlib
import html
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import nh3

from acassist.activecampaign.address import app_url
from acassist.activecampaign.rest import Json, number, text
from acassist.activecampaign.stamps import parse_any_stamp
from acassist.domain.activity import Activity, ActivityKind

PAGE_VISITS = frozenset({"__pagevisit", "__redir"})
# Where the object behind a row is found among the siblings; most names are inferred from the model names.
_COLLECTIONS = {
    "Log": ("logs",),
    "LinkData": ("linkData", "linkDatas"),
    "MppLinkData": ("mppLinkData", "mppLinkDatas"),
    "Reply": ("replies", "reply"),
    "TrackingLog": ("trackingLogs",),
    "SubscriberSeries": ("contactAutomations", "subscriberSeries"),
}
KINDS_READ = frozenset(_COLLECTIONS)
# Tags that never end must not be searched to the end of the text from each of their beginnings.
_BREAKS = re.compile(r"<\s{0,9}(?:br|/p|/div|/li|/tr|/h[1-6])\b[^<>]*>", re.IGNORECASE)
_TAG = re.compile(r"</?(?!script|style)[a-z][^<>]*>", re.IGNORECASE)
# The sanitiser takes the square of the depth in time; no reply written by people comes near this many tags.
_MANY_TAGS = 2000
_GAPS = re.compile(r"\n\s*\n\s*")


def plain(foreign: str) -> str:
    """Return the text of foreign HTML without any markup, scripts or styles."""
    spaced = _shallow(_BREAKS.sub("\n", foreign))
    return _GAPS.sub("\n\n", html.unescape(nh3.clean(spaced, tags=set()))).strip()


def _shallow(foreign: str) -> str:
    """Take the tags out of a text with far too many; brackets that are left after that are only characters."""
    if foreign.count("<") <= _MANY_TAGS:
        return foreign
    flat = _TAG.sub("", foreign)
    return flat if flat.count("<") <= _MANY_TAGS else flat.replace("<", "&lt;")


def web_address(value: str) -> str | None:
    """Return an address that a browser may open: http or https with a host, nothing else."""
    try:
        parts = urlsplit(value.strip())
    except ValueError:
        return None
    return value.strip() if parts.scheme in {"http", "https"} and parts.netloc else None


@dataclass(frozen=True, slots=True)
class WebLinks:
    """Addresses on the account's own pages; without a known account there are none."""

    account: str | None = None

    def automation(self, automation_id: str) -> str | None:
        """Return the address of an automation in the application."""
        return f"{app_url(self.account)}/series/{automation_id}" if self.account and automation_id else None

    def web_copy(self, campaign: Mapping[str, Any], message_id: str) -> str | None:
        """Return the public web copy of a campaign's message; the form is inferred from public copies (section 6)."""
        campaign_id, message = text(campaign.get("id")), message_id or text(campaign.get("message_id"))
        private = text(campaign.get("public")) == "0"
        if not self.account or private or number(campaign_id) <= 0 or number(message) <= 0:
            return None
        digest = hashlib.md5(campaign_id.encode(), usedforsecurity=False).hexdigest()
        return f"{app_url(self.account)}/index.php?action=social&chash={digest}.{message}&nosocial=1"


class Sideloads:
    """Objects that came along as siblings of the rows, by collection and id."""

    def __init__(self) -> None:
        self._rows: dict[str, dict[str, Json]] = {}

    def add(self, body: Mapping[str, Any]) -> None:
        """Keep every list of objects of an answer."""
        for name, value in body.items():
            if isinstance(value, list) and name != "activities":
                self.add_rows(name, (row for row in value if isinstance(row, dict)))

    def add_rows(self, name: str, rows: Iterable[Json]) -> None:
        """Keep rows of one collection."""
        kept = self._rows.setdefault(name, {})
        kept.update((text(row.get("id")), row) for row in rows if row.get("id") is not None)

    def of(self, record_id: str, *names: str) -> Json:
        """Return an object by id from the first collection that holds it, an empty one when it did not come."""
        found = (self._rows[name][record_id] for name in names if record_id in self._rows.get(name, {}))
        return next(found, {})

    def names(self, collection: str) -> dict[str, str]:
        """Return the names in one collection by id."""
        return {key: text(row.get("name")) for key, row in self._rows.get(collection, {}).items() if row.get("name")}

    def behind(self, row: Mapping[str, Any]) -> Json:
        """Return the object that a row of the stream points to."""
        pointer = row.get("reference")
        pointer = pointer if isinstance(pointer, dict) else {}
        record_id = text(row.get("reference_id")) or text(pointer.get("id"))
        found = self.of(record_id, *_COLLECTIONS.get(text(row.get("reference_type")), ()))
        # A bare pointer holds the model's name as `type`, which must not pass for the object's own.
        return found or (pointer if len(pointer) > 2 else {})


def campaign_id_of(row: Mapping[str, Any]) -> str:
    """Return the campaign that a log, a read or a reply belongs to, blank when it does not tell."""
    found = text(row.get("campaignid")) or text(row.get("campaign"))
    return "" if found == "0" else found


def automation_id_of(row: Mapping[str, Any]) -> str:
    """Return the automation of a passage."""
    return text(row.get("automation")) or text(row.get("seriesid"))


def _was_opened(row: Mapping[str, Any], loads: Sideloads) -> bool | None:
    """Tell an open from a click: `isread`, else the link, which is "open" for the read tracker; None unknown."""
    if text(row.get("isread")):
        return text(row.get("isread")) == "1"
    link = loads.of(text(row.get("link")), "links") or {"link": text(row.get("link"))}
    target = text(link.get("link"))
    if not target or target.isdecimal():
        return None
    return target == "open" or text(link.get("name")) == "Read Tracker"


@dataclass(slots=True)
class StreamReader:
    """Reads rows of the stream; names the wanted kinds of which an object did not come along."""

    loads: Sideloads
    web: WebLinks
    unresolved: set[str] = field(default_factory=set)

    def read(self, row: Json) -> Activity | None:
        """Return the activity of a row, None for kinds that are not shown and rows that cannot be told."""
        kind, at = text(row.get("reference_type")), parse_any_stamp(row.get("tstamp"))
        if kind not in KINDS_READ or at is None:
            return None
        target, source = self.loads.behind(row), f"activities:{text(row.get('id'))}"
        found = self._of_kind(kind, row, target, at, source)
        if found is None and not (kind == "Log" and text(target.get("successful")) == "0"):
            self.unresolved.add(kind)
        return replace(found, order=number(row.get("id"))) if found is not None else None

    def _of_kind(self, kind: str, row: Json, target: Json, at: datetime, source: str) -> Activity | None:
        if kind == "TrackingLog":
            return tracking_activity(target, at, source)
        if kind == "SubscriberSeries":
            return self._passage(row, target, at, source)
        if kind == "Reply":
            return self._reply(target, at, source)
        if kind == "Log":
            sent = bool(campaign_id_of(target)) and text(target.get("successful")) != "0"
            return self._mail(ActivityKind.SENT, target, at, source) if sent else None
        return self._read_or_click(kind, target, at, source)

    def _read_or_click(self, kind: str, target: Json, at: datetime, source: str) -> Activity | None:
        if kind == "MppLinkData":
            return self._mail(ActivityKind.MACHINE_OPENED, target, at, source)
        opened = _was_opened(target, self.loads)
        if opened is None:
            return None
        if opened:
            return self._mail(ActivityKind.OPENED, target, at, source)
        link = self.loads.of(text(target.get("link")), "links")
        url = text(link.get("link")) or text(target.get("link"))
        title = self._campaign_name(target)
        address = web_address(url)
        return Activity(ActivityKind.CLICKED, at, title, detail=url, link=address, source=source, campaign=title)

    def _mail(self, kind: ActivityKind, target: Json, at: datetime, source: str) -> Activity:
        campaign = self.loads.of(campaign_id_of(target), "campaigns")
        message = text(target.get("messageid")) or text(target.get("message"))
        # The card shows a link for opens only; a sent campaign has nothing behind its caret.
        link = None if kind is ActivityKind.SENT else self.web.web_copy(campaign, "" if message == "0" else message)
        title = self._campaign_name(target)
        return Activity(kind, at, title, link=link, source=source, campaign=title)

    def _campaign_name(self, target: Json) -> str:
        campaign_id = campaign_id_of(target)
        campaign = self.loads.of(campaign_id, "campaigns")
        message = self.loads.of(text(target.get("messageid")), "messages")
        name = text(campaign.get("name")) or text(message.get("subject"))
        return name or (f"#{campaign_id}" if campaign_id else "")

    def _reply(self, target: Json, at: datetime, source: str) -> Activity:
        body = text(target.get("message")) or text(target.get("body")) or text(target.get("text"))
        campaign = self._campaign_name(target)
        title = text(target.get("subject")) or campaign
        return Activity(ActivityKind.REPLIED, at, title, detail=plain(body), source=source, campaign=campaign)

    def _passage(self, row: Json, target: Json, at: datetime, source: str) -> Activity | None:
        kinds = {"start": ActivityKind.ENTERED, "complete": ActivityKind.COMPLETED}
        kind = kinds.get(text(row.get("reference_action")))
        return passage_activity(kind, target, at, source, self.loads, self.web) if kind else None


def passage_activity(
    kind: ActivityKind, passage: Json, at: datetime, source: str, loads: Sideloads, web: WebLinks
) -> Activity:
    """Return the entering or completing of an automation."""
    automation_id = automation_id_of(passage)
    name = text(loads.of(automation_id, "automations").get("name"))
    title = name or (f"#{automation_id}" if automation_id else "")
    return Activity(kind, at, title, link=web.automation(automation_id), source=source)


def passages(rows: Iterable[Json], loads: Sideloads, web: WebLinks) -> dict[tuple[str, str], Activity]:
    """Return entries and completions by (passage id, "start" or "complete"): the surer source of the two."""
    found: dict[tuple[str, str], Activity] = {}
    for row in rows:
        key, source = text(row.get("id")), f"contactAutomations:{text(row.get('id'))}"
        entered = parse_any_stamp(row.get("adddate"))
        if entered is not None:
            found[key, "start"] = passage_activity(ActivityKind.ENTERED, row, entered, source, loads, web)
        ended = parse_any_stamp(row.get("remdate")) or parse_any_stamp(row.get("lastdate"))
        if number(row.get("completed")) == 1 and ended is not None:
            found[key, "complete"] = passage_activity(ActivityKind.COMPLETED, row, ended, source, loads, web)
    return found


def tracking_activity(row: Json, at: datetime, source: str) -> Activity | None:
    """Return a tracked event (name and data) or a page visit (its address, a best guess of section 7.3)."""
    name, value = text(row.get("type")), plain(text(row.get("value")))
    if not name:
        return None
    title = value if name in PAGE_VISITS and value else name
    return Activity(ActivityKind.TRACKING, at, title, detail=value, link=web_address(value), source=source)
