"""A program that a kill test starts: opens a profile on a loopback sandbox, does one task, tells how it ended.

The task comes on standard input, so that a test can learn the process id and lay its trap before anything is asked of
the sandbox. Secrets come the same way and live in memory only.
"""

from __future__ import annotations

import asyncio
import json
import random
import sys
import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from acassist.activecampaign import bulk_import
from acassist.assistant.container import Options, close_profile, open_profile
from acassist.assistant.session import API_KEY, REFRESH_TOKEN, Session
from acassist.assistant.views import RecordRef
from acassist.domain.mapping import FieldMapping, MappingSet, default_mapping
from acassist.domain.problem import ProblemError
from acassist.domain.profile import (
    ActiveCampaignConnection,
    CxSettings,
    Defaults,
    OutboundSettings,
    SalesforceConnection,
    Setup,
    Step,
)
from acassist.domain.selection import Criteria, Criterion, Operator, Selection, SelectionKind
from acassist.sync import record_writes, triggers
from acassist.system.vault import MemoryVault

HURRY = 50


class HurriedClock:
    """Real time of day, but paces and waits pass fifty times faster: the sandbox has no limit of its own here."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        return time.monotonic() * HURRY

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds / HURRY)


def small_chunks() -> None:
    """Cut calls into small ones, so that few records make a first, a middle and a last call of every kind."""
    bulk_import.MAX_PEOPLE = 5
    record_writes.CHUNK = 2
    triggers.CHUNK = 2


def mapping() -> MappingSet:
    """The article's default rows, and the custom field `Nickname` on both objects."""
    base, nickname = default_mapping(), FieldMapping("field:14", "Nickname__c")
    return replace(base, lead=(*base.lead, nickname), contact=(*base.contact, nickname))


def finished_setup(info: dict[str, str], campaign: str) -> Setup:
    everybody = Selection(SelectionKind.CRITERIA, Criteria((Criterion("Email", Operator.IS_NOT_BLANK),)))
    return Setup(
        activecampaign=ActiveCampaignConnection(info["activecampaign"], "acct", accounts_available=True),
        salesforce=SalesforceConnection(
            info["salesforce_login"], info["client_id"], info["salesforce_instance"], info["org_id"]
        ),
        mapping=mapping(),
        outbound=OutboundSettings(lead=everybody, contact=everybody),
        cx=CxSettings(enabled=True, campaigns=(campaign,)),
        defaults=Defaults(company="Unknown company"),
        finished=tuple(Step),
        started=True,
    )


async def options_for(task: dict[str, Any]) -> Options:
    vault = MemoryVault()
    await vault.put(API_KEY, task["info"]["api_key"])
    await vault.put(REFRESH_TOKEN, task["token"])
    return Options(
        data_dir=Path(task["folder"]),
        clock=HurriedClock(),
        vault=vault,
        browser=lambda url: False,
        zone=UTC,
        dice=random.Random(1),
        language="en",
    )


def told(session: Session) -> dict[str, Any]:
    """Tell what the profile holds now."""
    stores = session.stores
    return {
        "issues": [[issue.code.value, issue.subject, issue.field] for issue in stores.issues.list(limit=1000)],
        "intents": [intent.kind.value for intent in stores.intents.pending()],
        "links": stores.ledger.count_links(),
        "unfinished": [run.id for run in stores.history.runs(50) if run.state.value == "running"],
    }


async def work(task: dict[str, Any]) -> dict[str, Any]:
    profile = await open_profile(await options_for(task))
    session = profile.assistant.session
    session.store(finished_setup(task["info"], task["campaign"]), what="test")
    result: dict[str, Any] = {"sent": []}
    try:
        if task["kind"] == "sync":
            summary = await profile.assistant.sync_now(yes=True)
            result["state"] = summary.state.value
        for ac_id, email in task.get("people", []):
            ref = RecordRef(None, None, ac_id)
            outcome = await profile.assistant.send_campaign(ref, task["campaign"], email)
            result["sent"].append([email, outcome.done, outcome.problem.code.value if outcome.problem else None])
    except ProblemError as error:
        result["problem"] = error.problem.code.value
    result |= told(session)
    await close_profile(profile)
    return result


if __name__ == "__main__":
    small_chunks()
    sys.stdout.write(json.dumps(asyncio.run(work(json.loads(sys.stdin.read())))))
