"""The ActiveCampaign side of preparing: who runs the sync, the tags it uses, and what the account offers."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from acassist.activecampaign.client import ActiveCampaignClient
from acassist.assistant.pairing import Pairing
from acassist.assistant.provision_views import AccountSide, TagState
from acassist.assistant.session import Session
from acassist.assistant.views import CheckItem, Level
from acassist.domain.activity import Automation, Campaign
from acassist.domain.ids import SObject
from acassist.domain.problem import ProblemError
from acassist.domain.profile import AccountFacts
from acassist.domain.tags import ADDED_TO, CONVERTED, CREATED_FROM, TRIGGER, WRITTEN_TAGS
from acassist.domain.text import N_, Message
from acassist.sync.installation import Holding

_MEANINGS = {
    CREATED_FROM[SObject.LEAD]: N_("The sync created the contact from a lead."),
    CREATED_FROM[SObject.CONTACT]: N_("The sync created the contact from a contact of Salesforce."),
    ADDED_TO[SObject.LEAD]: N_("The sync created or linked a lead for the contact."),
    ADDED_TO[SObject.CONTACT]: N_("The sync created or linked a contact of Salesforce for it."),
    CONVERTED: N_("The lead was converted in Salesforce."),
    TRIGGER[SObject.CONTACT]: N_("Your automation asks for a contact in Salesforce."),
    TRIGGER[SObject.LEAD]: N_("Your automation asks for a lead in Salesforce."),
}
_NEARLY_FULL = 0.9
_HOLDERS = {
    Holding.OURS: (Level.OK, N_("This computer; last sign of life {when}.")),
    Holding.FREE: (Level.IDLE, N_("Nobody yet; the first sync names this computer.")),
    Holding.OTHER: (Level.WARN, N_("{who}; last sign of life {when}. This computer does not run beside it.")),
    Holding.SILENT: (Level.WARN, N_("{who} was silent since {when}. This computer may take over.")),
    Holding.UNAVAILABLE: (Level.IDLE, N_("Not known: the plan or the key does not offer connections.")),
}


async def look(session: Session, pairing: Pairing) -> AccountSide:
    """Read everything that the page shows; nothing is written. Raises what keeps the account from answering."""
    client = await session.activecampaign()
    facts = await client.account_facts()
    holder, tags, offers = await asyncio.gather(pairing.holder(), client.tags(), _offers(client))
    features = (_key(facts), _accounts(facts), _labels(offers), _room(facts), _connections(holder.holding))
    return AccountSide(holder, tuple(_tag(name, tags) for name in WRITTEN_TAGS), features)


async def make_tags(session: Session) -> None:
    """Create the tags that the account lacks; a tag of that name is used as it is."""
    client = await session.activecampaign()
    known = await client.tags()
    for name in WRITTEN_TAGS:
        if name not in known:
            await client.create_tag(name)


async def holder_item(pairing: Pairing) -> CheckItem:
    """Say for the doctor who runs the sync."""
    holder = await pairing.holder()
    level, text = _HOLDERS[holder.holding]
    values = {"who": holder.label, "when": holder.seen or ""}
    return CheckItem(Message(N_("Who runs the sync")), level, Message(text, values))


def _tag(name: str, known: dict[str, str]) -> TagState:
    return TagState(name, Message(_MEANINGS[name]), present=name in known)


async def _offers(client: ActiveCampaignClient) -> Sequence[Campaign | Automation] | None:
    """List what could be labelled; None when the key may not read it."""
    try:
        campaigns, automations = await asyncio.gather(client.campaigns(), client.automations())
    except ProblemError:
        return None
    return [*campaigns, *automations]


def _key(facts: AccountFacts) -> CheckItem:
    values = {"user": facts.user_email or facts.user_name, "account": facts.account or facts.api_url}
    return CheckItem(
        Message(N_("Your API key")), Level.OK, Message(N_("It is the key of {user} in the account {account}."), values)
    )


def _accounts(facts: AccountFacts) -> CheckItem:
    title = Message(N_("Account fields in both directions"))
    if facts.accounts_available is None:
        return CheckItem(title, Level.IDLE, Message(N_("The account does not tell.")))
    if facts.accounts_available:
        return CheckItem(title, Level.OK, Message(N_("Accounts are part of your plan.")))
    state = Message(N_("Accounts are not part of your plan, so one account field can be sent to ActiveCampaign."))
    return CheckItem(title, Level.WARN, state, Message(N_("Plus, Pro and Enterprise plans have accounts.")))


def _labels(offers: Sequence[Campaign | Automation] | None) -> CheckItem:
    title = Message(N_("Labels of campaigns and automations"))
    if offers is None:
        return CheckItem(title, Level.IDLE, Message(N_("Your key may not read campaigns or automations.")))
    if not offers:
        return CheckItem(title, Level.IDLE, Message(N_("There is no campaign and no automation yet.")))
    if any(offer.labels is not None for offer in offers):
        state = Message(N_("What carries the label Salesforce is offered on records."))
        return CheckItem(title, Level.OK, state)
    state = Message(N_("The account does not tell labels to programs."))
    return CheckItem(title, Level.WARN, state, Message(N_("Tick in step 4 what is offered on records.")))


def _room(facts: AccountFacts) -> CheckItem:
    title = Message(N_("Room for contacts"))
    if facts.subscriber_limit is None or facts.subscriber_total is None:
        return CheckItem(title, Level.IDLE, Message(N_("The account does not tell how many contacts your plan holds.")))
    values = {"used": facts.subscriber_total, "allowed": facts.subscriber_limit}
    state = Message(N_("{used} of {allowed} contacts are used."), values)
    if facts.subscriber_total >= facts.subscriber_limit:
        return CheckItem(title, Level.BAD, state, Message(N_("Nobody new can be sent. Extend your plan first.")))
    full = facts.subscriber_total >= _NEARLY_FULL * facts.subscriber_limit
    remedy = Message(N_("A run stops before it would send more people than fit.")) if full else None
    return CheckItem(title, Level.WARN if full else Level.OK, state, remedy)


def _connections(holding: Holding) -> CheckItem:
    title = Message(N_("Connection entry"))
    if holding is not Holding.UNAVAILABLE:
        return CheckItem(title, Level.OK, Message(N_("The account keeps an entry that names who runs the sync.")))
    state = Message(N_("The account does not let this key keep connections, so two computers are not told apart."))
    return CheckItem(title, Level.WARN, state, Message(N_("Let only one computer run this sync.")))
