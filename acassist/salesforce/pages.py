"""The small local pages that the browser shows after a login: escaped text, no scripts, nothing loaded."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from html import escape

from acassist.domain.text import N_, Message

Translator = Callable[[Message], str]
CLOSE = N_("You can close this window and return to the program.")


@dataclass(frozen=True, slots=True)
class Page:
    """Title and sentence of one page."""

    title: Message
    text: Message


DONE = Page(Message(N_("Salesforce has answered")), Message(CLOSE))
FAILED = Page(
    Message(N_("Salesforce did not allow access")),
    Message(N_("Nothing was connected. Close this window; the program says what to do next.")),
)
WRONG_STATE = Page(
    Message(N_("This answer does not belong to the login in progress")),
    Message(N_("It was ignored. Use only the page that the program opened.")),
)
UNKNOWN = Page(Message(N_("There is nothing here")), Message(CLOSE))

_FRAME = """<!doctype html>
<html><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{title}</title>
<style>:root{{color-scheme:light dark}}body{{font:16px/1.5 system-ui,sans-serif;max-width:34em;margin:15vh auto;
padding:0 1.5em}}h1{{font-size:1.4em}}</style></head><body><main><h1>{title}</h1><p>{text}</p></main></body></html>
"""


def render(page: Page, translate: Translator) -> bytes:
    """Fill the frame with translated, escaped text."""
    filled = _FRAME.format(title=escape(translate(page.title)), text=escape(translate(page.text)))
    return filled.encode("utf-8")
