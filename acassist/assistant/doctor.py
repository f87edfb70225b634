"""Checks of the computer, the profile and both services, each with what to do about it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from acassist.assistant.session import Session
from acassist.assistant.views import CheckItem, Level
from acassist.domain.fields import find_sync_fields
from acassist.domain.ids import PEOPLE
from acassist.domain.problem import ProblemError
from acassist.domain.text import N_, Message
from acassist.sync.schema import OPT_OUT_FIELD

MY_DOMAIN_STEPS = (
    N_("In Salesforce, click the gear icon and choose Setup."),
    N_("Choose Company Settings, then My Domain."),
    N_("Type the domain and click Check Availability."),
    N_("Wait about five minutes after it is registered, then refresh the page."),
    N_("Click Log in and log in with the new domain."),
    N_("Click Deploy to Users."),
)


def before_you_begin(session: Session) -> list[CheckItem]:
    """List what is needed before step 1, each with its state as far as it is known."""
    org = session.setup.salesforce
    known = Message(N_("Known once Salesforce is connected."))
    domain = CheckItem(
        Message(N_("My Domain is deployed in Salesforce")),
        Level.IDLE,
        known,
        Message(N_("Six steps, about five minutes:")),
        tuple(Message(step) for step in MY_DOMAIN_STEPS),
    )
    lightning = CheckItem(Message(N_("Lightning Experience is used, not Salesforce Classic")), Level.IDLE, known)
    if org is not None and org.lightning is not None:
        level = Level.OK if org.lightning else Level.WARN
        state = Message(N_("Lightning is on for your user.") if org.lightning else N_("Your user works in Classic."))
        lightning = CheckItem(lightning.title, level, state)
    if org is not None and ".my." in org.instance_url:
        domain = CheckItem(domain.title, Level.OK, Message(N_("Found: {url}"), {"url": org.instance_url}))
    plain = (
        (
            N_("You are an administrator in Salesforce and in ActiveCampaign"),
            N_("Both logins are asked for in step 1."),
        ),
        (N_("Salesforce has API access"), N_("Checked when Salesforce is connected.")),
        (
            N_("The ActiveCampaign plan includes what you need"),
            N_("Two-way account fields need Plus, Pro or Enterprise; checked when the key is."),
        ),
        (N_("Every lead and contact to be synced has an e-mail address"), N_("Records without one are listed.")),
        (N_("One Salesforce org goes with one ActiveCampaign account"), N_("This program keeps it so.")),
    )
    return [lightning, domain, *(CheckItem(Message(t), Level.IDLE, Message(s)) for t, s in plain)]


async def doctor(session: Session) -> list[CheckItem]:
    """Check everything that can be checked without writing."""
    items = [await _checked(N_("Keyring"), lambda: _keyring(session))]
    items.append(await _checked(N_("Profile"), lambda: _profile(session)))
    if session.setup.activecampaign is not None:
        items.append(await _checked(N_("ActiveCampaign"), lambda: _activecampaign(session)))
    if session.setup.salesforce is not None:
        items.append(await _checked(N_("Salesforce"), lambda: _salesforce(session)))
        items += await _fields(session)
    return items


async def _checked(title: str, look: Callable[[], Awaitable[CheckItem]]) -> CheckItem:
    try:
        return await look()
    except ProblemError as error:
        return CheckItem(Message(title), Level.BAD, error.problem.sentence, error.problem.next_step)


async def _keyring(session: Session) -> CheckItem:
    state = await session.vault.state()
    level = Level.OK if state.safe else Level.BAD
    text = N_("Secrets are kept by {backend}.") if state.safe else N_("{backend} does not protect secrets.")
    return CheckItem(Message(N_("Keyring")), level, Message(text, {"backend": state.backend}))


async def _profile(session: Session) -> CheckItem:
    values = {"links": session.stores.ledger.count_links(), "folder": str(session.machine.paths.root)}
    return CheckItem(Message(N_("Profile")), Level.OK, Message(N_("{links} linked records in {folder}."), values))


async def _activecampaign(session: Session) -> CheckItem:
    facts = await (await session.activecampaign()).account_facts()
    values = {"account": facts.account or facts.api_url, "user": facts.user_email}
    state = Message(N_("Connected to {account} as {user}."), values)
    return CheckItem(Message(N_("ActiveCampaign")), Level.OK, state)


async def _salesforce(session: Session) -> CheckItem:
    facts = await (await session.salesforce()).org_facts()
    values = {"org": facts.name, "edition": facts.edition, "user": facts.username}
    state = Message(N_("Connected to {org} ({edition}) as {user}."), values)
    return CheckItem(Message(N_("Salesforce")), Level.OK, state)


async def _fields(session: Session) -> list[CheckItem]:
    items = []
    for sobject in PEOPLE:
        try:
            description = await (await session.salesforce()).describe(sobject)
        except ProblemError as error:
            return [CheckItem(Message(N_("Fields")), Level.BAD, error.problem.sentence, error.problem.next_step)]
        found = find_sync_fields(description)
        title = Message(N_("Fields of {object}"), {"object": description.label})
        if not description.has(OPT_OUT_FIELD):
            state = Message(N_("Email Opt Out cannot be read, so sending is off."))
            remedy = Message(N_("Give the connected user read access to Email Opt Out."))
            items.append(CheckItem(title, Level.BAD, state, remedy))
        elif found.status and found.contact_id:
            items.append(CheckItem(title, Level.OK, Message(N_("The ActiveCampaign fields are there."))))
        else:
            state = Message(N_("The ActiveCampaign fields are missing; the sync works without them."))
            items.append(CheckItem(title, Level.WARN, state, Message(N_("Open Prepare Salesforce in step 1."))))
    return items
