"""`acassist connect`: the two connections of step 1."""

from __future__ import annotations

import getpass

from acassist.assistant.assistant import Assistant
from acassist.assistant.events import Event, LoginAddress
from acassist.cli.command import Command
from acassist.cli.exits import Exit, Refusal
from acassist.domain.profile import AccountFacts, OrgFacts, Step
from acassist.domain.text import N_, Message


def connect_activecampaign(command: Command) -> int:
    """Check an API key and connect the account."""
    key = _api_key(command)

    async def work(assistant: Assistant) -> int:
        facts = await assistant.connect_activecampaign(command.arguments.account, key)
        values = {"account": facts.account or facts.api_url, "user": facts.user_email}
        done = Message(N_("ActiveCampaign is connected: {account}, {user}."), values)
        return await _connected(command, assistant, done)

    return command.with_profile(work, writer=True)


def _api_key(command: Command) -> str:
    """Read the key from standard input, or ask for it without showing it; never from an argument."""
    if command.arguments.api_key_stdin:
        key = command.host.stdin.readline().strip("\ufeff \t\r\n")
    elif command.host.stdin.isatty():
        key = getpass.getpass(command.output.text(N_("API key: "))).strip()
    else:
        key = ""
    if key:
        return key
    raise Refusal(
        "no_api_key",
        Message(N_("No API key was given on standard input.")),
        Message(N_("Add --api-key-stdin and send the key on standard input, for example from a file.")),
        Exit.USAGE,
    )


def connect_salesforce(command: Command) -> int:
    """Log in through the browser and connect the org."""
    arguments = command.arguments

    async def work(assistant: Assistant) -> int:
        stop = assistant.events.subscribe(lambda event: _show_address(command, event))
        try:
            facts = await assistant.connect_salesforce(
                arguments.login_url, arguments.client_id, open_browser=not arguments.no_browser
            )
        finally:
            stop()
        return await _connected(command, assistant, _org_words(facts))

    return command.with_profile(work, writer=True)


def _show_address(command: Command, event: Event) -> None:
    if not isinstance(event, LoginAddress):
        return
    waiting = N_("The login page was opened in your browser. If you do not see it, open this address:")
    command.output.note(Message(waiting if event.opened else N_("Open this address in a browser on this computer:")))
    command.output.address(event.url)
    command.output.note(Message(N_("Waiting for your answer in the browser. Press Ctrl+C to give up.")))


def _org_words(facts: OrgFacts) -> Message:
    values = {"org": facts.name, "edition": facts.edition, "user": facts.username}
    return Message(N_("Salesforce is connected: {org} ({edition}), {user}."), values)


async def _connected(command: Command, assistant: Assistant, done: Message) -> int:
    """Finish step 1 as soon as both ends are connected, else say what is still missing."""
    command.output.say(done)
    flow = await assistant.open_step(Step.CONNECTIONS)
    if all(flow.obstacle(page) is None for page in flow.pages):
        await assistant.finish_step(flow)
        command.output.say(Message(N_("Step 1, System connections, is finished.")))
        return Exit.DONE
    command.output.note(_missing(await assistant.connection_facts()))
    return Exit.DONE


def _missing(facts: tuple[AccountFacts | None, OrgFacts | None]) -> Message:
    if facts[0] is None:
        return Message(N_("Next, connect ActiveCampaign: acassist connect activecampaign"))
    return Message(N_("Next, connect Salesforce: acassist connect salesforce"))
