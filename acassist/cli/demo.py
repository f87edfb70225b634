"""`acassist demo`: the program on a sandbox, in a throw-away profile with secrets in memory only."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from acassist.assistant.assistant import Assistant
from acassist.assistant.container import Options, close_profile, open_profile
from acassist.assistant.demo import (
    DATA_FILE,
    DemoReport,
    demo_browser,
    guided_setup,
    keep_sandbox,
    start_sandbox,
    sync_each_way,
)
from acassist.cli.activities import show_feed
from acassist.cli.command import Command
from acassist.cli.exits import Exit, Refusal
from acassist.cli.host import has_display
from acassist.cli.output import Output
from acassist.cli.preview import show_counts
from acassist.cli.sync import show_run
from acassist.domain.profile import SalesforceConnection, Step
from acassist.domain.text import N_, Message

# The demo's own sandbox has no rate limit, so nobody has to wait for one.
DEMO_PACE = 50


def demo(command: Command) -> int:
    """Open the window on a sandbox; without a display, do the guided set-up and a sync each way in the terminal."""
    with _folder(command) as folder:
        options = replace(command.options(), data_dir=folder, in_memory_secrets=True, pace=DEMO_PACE)
        pictures = command.given("screenshots")
        front = command.host.front
        if pictures is not None and front is not None:
            return front.screenshots(options, Path(pictures))
        kept = folder if command.given("keep") is not None else None
        with start_sandbox(kept=kept) as running:
            try:
                if front is None or command.arguments.terminal or not has_display(command.host.environ):
                    return asyncio.run(_in_terminal(command.output, options, running.info))
                _show_login(command.output, running.info)
                return front.open_window(options, lambda assistant: prefill(assistant, running.info))
            finally:
                if kept is not None:
                    keep_sandbox(running, kept)


@contextmanager
def _folder(command: Command) -> Iterator[Path]:
    """Yield the profile's folder: a new one that is kept, or one that is removed afterwards."""
    kept = command.given("keep")
    if kept is None:
        with tempfile.TemporaryDirectory(prefix="acassist-demo-", ignore_cleanup_errors=True) as name:
            yield Path(name)
        return
    folder = Path(kept).expanduser().absolute()
    if folder.exists() and not _ours(folder):
        raise Refusal(
            "folder_in_use",
            Message(N_("{folder} is not empty, so the demo does not write there."), {"folder": str(folder)}),
            Message(N_("Name a folder that is empty, does not exist yet, or holds an earlier demo.")),
            Exit.USAGE,
        )
    folder.mkdir(parents=True, exist_ok=True)
    yield folder
    command.output.note(Message(N_("The demo's profile was kept in {folder}."), {"folder": str(folder)}))


def _ours(folder: Path) -> bool:
    """Tell whether a folder is empty or holds an earlier demo, which is taken up again."""
    return folder.is_dir() and (not any(folder.iterdir()) or (folder / DATA_FILE).exists())


# -- window
def _show_login(output: Output, info: dict[str, str]) -> None:
    """Say what the sandbox's login page will ask for; these are no secrets of anybody."""
    output.say(Message(N_("This demo runs on two made-up services on this computer.")))
    output.say(Message(N_("When the login page asks, use these:")))
    output.table(
        [(Message(N_("User name")), info["username"]), (Message(N_("Password")), info["password"])],
    )


async def prefill(assistant: Assistant, info: dict[str, str]) -> None:
    """Fill in step 1 as far as a newcomer cannot know it: ActiveCampaign connected, the app of Salesforce named."""
    # An earlier demo that is taken up again lost its secrets with the memory they were in.
    if (await assistant.setup()).activecampaign is not None:
        await assistant.provide_secrets(api_key=info["api_key"])
    await assistant.connect_activecampaign(info["activecampaign"], info["api_key"])
    flow = await assistant.open_step(Step.CONNECTIONS)
    named = SalesforceConnection(info["salesforce_login"], info["client_id"])
    await assistant.save_draft(flow.with_draft(replace(flow.draft, salesforce=named)))


# -- terminal
async def _in_terminal(output: Output, options: Options, info: dict[str, str]) -> int:
    profile = await open_profile(replace(options, browser=demo_browser(info)))
    try:
        await guided_setup(profile.assistant, info, output.say)
        report = await sync_each_way(profile.assistant, info, output.say)
    finally:
        await close_profile(profile)
    _report(output, report)
    return Exit.DONE


def _report(output: Output, report: DemoReport) -> None:
    output.line("")
    output.say(Message(N_("What the preview of the first sync promised")), style="bold")
    show_counts(output, report.preview)
    for title, run in (
        (N_("First sync"), report.first),
        (N_("The change in Salesforce"), report.outbound),
        (N_("The change in ActiveCampaign"), report.inbound),
    ):
        output.line("")
        output.say(Message(title), style="bold")
        show_run(output, run)
    output.line("")
    values = {"count": len(report.feed.items)}
    output.say(Message(N_("The {count} most recent activities of one person"), values), style="bold")
    show_feed(output, report.person, report.feed)
