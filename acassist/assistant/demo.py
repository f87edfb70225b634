"""The demo: a sandbox, a throw-away profile and, without a display, the guided set-up and one sync each way."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from acassist.assistant.assistant import Assistant
from acassist.assistant.demo_browser import scripted_browser
from acassist.assistant.setup.flow import Page, SetupFlow
from acassist.assistant.views import RecordRef
from acassist.domain.activity import ActivityFeed
from acassist.domain.ids import SObject
from acassist.domain.ledger import Preview, RunDirection, RunSummary
from acassist.domain.mapping import FieldMapping
from acassist.domain.profile import CxSettings, Step
from acassist.domain.schedule import Schedule
from acassist.domain.selection import Criteria, Criterion, Operator, Selection, SelectionKind
from acassist.domain.text import N_, Message
from acassist.sandbox import keep
from acassist.sandbox.server import NAMES, Running, build
from acassist.sandbox.settings import Settings

# Pairs that the demo maps, by the titles of the sandbox's fields.
_PAIRS = (
    ("Annual budget", "Annual_Budget__c"),
    ("Interests", "Product_Interest__c"),
    ("Newsletter", "Newsletter__c"),
    ("Trial ends", "Trial_End__c"),
    ("Nickname", "Nickname__c"),
)
Say = Callable[[Message], None]


@dataclass(frozen=True, slots=True)
class DemoReport:
    """What the demo did: preview, the runs, and one person's activities."""

    preview: Preview
    first: RunSummary
    outbound: RunSummary
    inbound: RunSummary
    person: str
    feed: ActivityFeed


DATA_FILE = "sandbox.data"
PORTS_FILE = "sandbox.ports"


def start_sandbox(settings: Settings | None = None, *, kept: Path | None = None) -> Running:
    """Serve a sandbox with labels on loopback.

    With `kept` (a folder) the data and the ports of the last time are taken up again, so that the profile beside
    them still fits. Raises OSError when one of those ports is taken.
    """
    if kept is None:
        return Running(build(settings or Settings(labels=True, show_login=True)))
    world = keep.load(kept / DATA_FILE) or build(settings or Settings(labels=True, show_login=True))
    file = kept / PORTS_FILE
    ports = json.loads(file.read_text(encoding="ascii")) if file.exists() else [0, 0, 0, 0]
    running = Running(world, ports)
    used = [urlsplit(running.info[name]).port for name in NAMES]
    file.write_text(json.dumps(used), encoding="ascii")
    return running


def keep_sandbox(running: Running, kept: Path) -> None:
    """Write the sandbox's data into the folder that `start_sandbox` takes up again."""
    running.save(kept / DATA_FILE)


def demo_browser(info: dict[str, str]) -> Callable[[str], bool]:
    """Return the scripted browser for a sandbox."""
    return scripted_browser(info["username"], info["password"])


async def guided_setup(assistant: Assistant, info: dict[str, str], say: Say) -> None:
    """Walk through the four steps as a person would, on the same flow and facade as the window."""
    say(Message(N_("Step 1: System connections")))
    await assistant.connect_activecampaign(info["activecampaign"], info["api_key"])
    await assistant.connect_salesforce(info["salesforce_login"], info["client_id"])
    await assistant.finish_step(_to_end(await assistant.open_step(Step.CONNECTIONS)))
    say(Message(N_("Step 2: Dynamic field mapping")))
    await assistant.finish_step(_to_end(await _mapped(assistant)))
    say(Message(N_("Step 3: Configure outbound sync settings")))
    await assistant.finish_step(_to_end(_selected(await assistant.open_step(Step.OUTBOUND))))
    say(Message(N_("Step 4: Enable the CX Automation component")))
    flow = await assistant.open_step(Step.CX_AUTOMATION)
    await assistant.finish_step(flow.with_draft(replace(flow.draft, cx=CxSettings(enabled=True))))


def _to_end(flow: SetupFlow) -> SetupFlow:
    """Press Next until the last page, as far as nothing stands in the way."""
    while not flow.is_last:
        flow = flow.forward()
    return flow


async def _mapped(assistant: Assistant) -> SetupFlow:
    """Add the demo's custom mappings where both fields exist and the type table allows the pair."""
    flow = await assistant.open_step(Step.MAPPING)
    for sobject, page in ((SObject.LEAD, Page.LEAD_CUSTOM), (SObject.CONTACT, Page.CONTACT_CUSTOM)):
        choices = await assistant.mapping_choices(sobject)
        keys = {f.title: f.key for f in choices.ac_fields}
        rows = [FieldMapping(keys[title], name) for title, name in _PAIRS if title in keys]
        fitting = [row for row in rows if (await assistant.check_row(sobject, row)).refusal is None]
        flow = flow.with_rows(page, tuple(fitting))
    return flow


def _selected(flow: SetupFlow) -> SetupFlow:
    """Select everybody with an e-mail address, and schedule the job every hour."""
    everybody = Selection(SelectionKind.CRITERIA, Criteria((Criterion("Email", Operator.IS_NOT_BLANK),)))
    outbound = replace(flow.draft.outbound, lead=everybody, contact=everybody, schedule=Schedule())
    return flow.with_draft(replace(flow.draft, outbound=outbound))


async def sync_each_way(assistant: Assistant, info: dict[str, str], say: Say) -> DemoReport:
    """Start, then change one record on each side as somebody else would, and sync it each way."""
    preview = await assistant.first_match()
    say(Message(N_("First-match preview: {count} people would be created."), {"count": preview.creates_ac}))
    first = await assistant.start()
    link = assistant.session.stores.ledger.iter_links(sobject=SObject.CONTACT, limit=1)[0]
    say(Message(N_("Somebody changes a phone number in Salesforce.")))
    _control(info, f"/salesforce/Contact/{link.sf_id}", {"Phone": "+49 30 5550199"})
    outbound = await assistant.sync_now(RunDirection.OUTBOUND)
    say(Message(N_("Somebody changes a first name in ActiveCampaign.")))
    _control(info, f"/activecampaign/contacts/{link.ac_id}", {"firstName": "Marlene"})
    inbound = await assistant.sync_now(RunDirection.INBOUND)
    person, feed = await _liveliest(assistant)
    return DemoReport(preview, first, outbound, inbound, person, feed)


async def _liveliest(assistant: Assistant) -> tuple[str, ActivityFeed]:
    """Find a linked person with 20 activities, else the one with the most."""
    best: tuple[str, ActivityFeed] = ("", ActivityFeed((), complete=True))
    for link in assistant.session.stores.ledger.iter_links(limit=30):
        feed = await assistant.recent_activities(RecordRef(ac_id=link.ac_id))
        if len(feed.items) > len(best[1].items):
            best = (link.email, feed)
        if len(best[1].items) >= 20:
            break
    return best


def _control(info: dict[str, str], path: str, body: dict[str, Any]) -> None:
    """Change something in the sandbox as another user."""
    request = urllib.request.Request(  # noqa: S310 - the sandbox's own loopback address
        info["control"] + path,
        data=json.dumps(body).encode(),
        method="PATCH",
        headers={"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=30):  # noqa: S310
        pass
