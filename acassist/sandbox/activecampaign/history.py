"""What people did before the present: short stories, and a long one with every kind of activity."""

from __future__ import annotations

import random
from datetime import datetime, timedelta

from acassist.sandbox.activecampaign.account import Account
from acassist.sandbox.activecampaign.activity import OTHER_KINDS, record
from acassist.sandbox.activecampaign.state import Contact
from acassist.sandbox.activecampaign.wire import Json

_SHOP = "https://www.fernandfield.example"
_EVERY_KIND: tuple[Json, ...] = (
    {"kind": "subscribed", "list": 1},
    {"kind": "automation_entered", "automation": 2},
    {"kind": "sent", "campaign": 4},
    {"kind": "opened", "campaign": 4},
    {"kind": "automation_completed", "automation": 2},
    {"kind": "sent", "campaign": 1},
    {"kind": "mpp_opened", "campaign": 1},
    {"kind": "opened", "campaign": 1},
    {"kind": "clicked", "campaign": 1},
    {"kind": "page", "url": f"{_SHOP}/pricing?plan=pro"},
    {"kind": "event", "event": "Trial started", "value": "Pro plan, 14 days"},
    {
        "kind": "replied",
        "campaign": 1,
        "subject": "Re: Spring is here – 20 % off",
        "message": "<p>Hello,</p><p>does the offer hold for <b>two</b> sites? ¡Gracias!</p><script>alert(1)</script>",
    },
    {"kind": "forwarded", "campaign": 2},
    {"kind": "sent", "campaign": 2},
    {"kind": "opened", "campaign": 2},
    {"kind": "note", "note": "Called back; wants a quote for the Málaga site."},
    {"kind": "mailed", "subject": "Your quote", "message": "Please find the quote attached."},
    {"kind": "updated", "campaign": 2},
    {"kind": "event", "event": "Logged in", "value": ""},
    {"kind": "page", "url": f"{_SHOP}/docs/a-very-long-address/{'x' * 180}"},
)


def busy_history(account: Account, contact: Contact, rng: random.Random, now: datetime) -> None:
    """Give a person at least 45 activities that hold every kind."""
    if 1 not in contact.lists:
        account.set_list(contact, 1, 1)
        account.move(contact, now - timedelta(days=31))
    story = [*_EVERY_KIND, *({"kind": kind} for kind in OTHER_KINDS)]
    while len(story) < 52:
        story.append(rng.choice(_EVERY_KIND[1:]))
    _tell(account, contact, story, rng, now)


def plain_history(account: Account, contact: Contact, rng: random.Random, now: datetime) -> None:
    """Give a person a few activities."""
    kinds = ("sent", "opened", "clicked")
    story: list[Json] = [{"kind": kind, "campaign": 1} for kind in kinds[: rng.randint(1, 3)]]
    if rng.random() < 0.5:
        story.append({"kind": "page", "url": f"{_SHOP}/"})
    _tell(account, contact, story, rng, now)


def _tell(account: Account, contact: Contact, story: list[Json], rng: random.Random, now: datetime) -> None:
    at = now - timedelta(days=30, minutes=rng.randrange(600))
    step = timedelta(days=28) / len(story)
    for item in story:
        at += step * rng.uniform(0.2, 1.0)
        record(account, contact, {**item, "at": at.replace(microsecond=0)})
