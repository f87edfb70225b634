"""`acassist activities EMAIL`: what a person did, newest first."""

from __future__ import annotations

from collections.abc import Iterable

from acassist.assistant.assistant import Assistant
from acassist.assistant.views import SearchHit
from acassist.cli.command import Command
from acassist.cli.exits import Exit
from acassist.cli.output import Output
from acassist.cli.people import find_by_email
from acassist.cli.shapes import activity_shapes
from acassist.domain.activity import ACTIVITY_LABELS, Activity, ActivityFeed
from acassist.domain.text import N_, Message

HEADERS = (N_("When"), N_("What"), N_("Name"), N_("Details"))


def activities(command: Command) -> int:
    """Show the 20 most recent activities of a person, or all of them."""

    async def work(assistant: Assistant) -> int:
        person = await find_by_email(assistant, command.arguments.email)
        if command.arguments.all:
            return await _all(command.output, assistant, person)
        feed = await assistant.recent_activities(person.ref)
        if command.output.as_json:
            command.output.data({**_person(person), **_feed_shape(feed, command.output)})
        else:
            show_feed(command.output, person.name, feed)
        return Exit.DONE

    return command.with_profile(work, writer=False)


def _person(person: SearchHit) -> dict[str, object]:
    return {"name": person.name, "email": person.email, "ac_id": person.ref.ac_id, "sf_id": person.ref.sf_id}


def _feed_shape(feed: ActivityFeed, output: Output) -> dict[str, object]:
    return {
        "complete": feed.complete,
        "unavailable": list(feed.unavailable),
        "read_at": feed.read_at,
        "activities": activity_shapes(feed.items, output),
    }


async def _all(output: Output, assistant: Assistant, person: SearchHit) -> int:
    """Show pages as they come; JSON waits for the last one, because it is one document."""
    kept: list[Activity] = []
    async for page in assistant.all_activities(person.ref):
        if output.as_json:
            kept += page
        else:
            show_activities(output, page)
    if output.as_json:
        output.data({**_person(person), "activities": activity_shapes(kept, output)})
    return Exit.DONE


def show_feed(output: Output, name: str, feed: ActivityFeed) -> None:
    """Write a person's recent activities as text."""
    output.line(name, style="bold")
    if not feed.items:
        output.say(Message(N_("There are no activities yet.")))
        return
    show_activities(output, feed.items)
    if feed.unavailable:
        values = {"what": ", ".join(feed.unavailable)}
        output.note(Message(N_("Some kinds could not be read: {what}."), values))


def show_activities(output: Output, items: Iterable[Activity]) -> None:
    """Write activities as a table."""
    output.table([(i.at, Message(ACTIVITY_LABELS[i.kind]), i.title, _details(i)) for i in items], HEADERS)


def _details(activity: Activity) -> str:
    """Return what the title does not already say."""
    details = activity.detail or activity.link or ""
    return "" if details == activity.title else details
