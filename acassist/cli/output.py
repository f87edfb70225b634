"""The one place that writes to the terminal: text with rich, or one JSON document, and problems."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TextIO

from rich.console import Console
from rich.table import Table
from rich.text import Text

from acassist.cli.exits import Refusal
from acassist.domain.problem import Problem, ProblemCode
from acassist.domain.text import N_, Message
from acassist.system.translate import Translator

# Names and replies are foreign text: control characters could move the cursor, bidirectional ones hide words.
_UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_PIPE_WIDTH = 140
_ASKED_FIRST = frozenset({ProblemCode.PREVIEW_NEEDED, ProblemCode.BRAKE, ProblemCode.MAPPING_CHANGED})
_GO_ON = N_("Look at it with acassist sync --dry-run, then go on with acassist sync --yes.")


def clean(text: str) -> str:
    """Replace characters that a terminal would obey instead of showing."""
    return _UNSAFE.sub("\N{REPLACEMENT CHARACTER}", text.replace("\r\n", "\n"))


@dataclass(slots=True)
class Output:
    """Writes results to standard output, everything else to standard error.

    With `as_json` standard output holds exactly one JSON document, whether the command succeeds or not.
    """

    stdout: TextIO
    stderr: TextIO
    translator: Translator
    as_json: bool = False

    def text(self, source: str) -> str:
        """Translate one marked text."""
        return self.translator.text(source)

    def words(self, message: Message) -> str:
        """Translate a message."""
        return self.translator.message(message)

    def console(self, stream: TextIO) -> Console:
        """Return a console for one of the two streams."""
        width = None if stream.isatty() else _PIPE_WIDTH
        return Console(file=stream, markup=False, highlight=False, emoji=False, width=width)

    def line(self, text: str, *, style: str = "") -> None:
        """Write one line of a result."""
        self.console(self.stdout).print(Text(clean(text), style=style), soft_wrap=True)

    def say(self, message: Message, *, style: str = "") -> None:
        """Write one translated line of a result."""
        self.line(self.words(message), style=style)

    def address(self, url: str) -> None:
        """Write an address alone on a line, so that it can be copied whole."""
        self.stdout.write(clean(url) + "\n")
        self.stdout.flush()

    def note(self, message: Message) -> None:
        """Tell the person something that is no part of the result."""
        self.console(self.stderr).print(Text(clean(self.words(message))), soft_wrap=True)

    def table(self, rows: Iterable[Sequence[object]], headers: Sequence[str] = ()) -> None:
        """Write a table; values are written as the person's language does."""
        table = Table(box=None, pad_edge=False, show_header=bool(headers), header_style="bold")
        body = [[Text(clean(self.translator.value(value))) for value in row] for row in rows]
        for index in range(len(body[0]) if body else len(headers)):
            title = self.text(headers[index]) if headers else ""
            table.add_column(title, overflow="fold")
        for row in body:
            table.add_row(*row)
        self.console(self.stdout).print(table)

    def data(self, value: Any) -> None:
        """Write the JSON document; plain ASCII, so that no console encoding can spoil it."""
        self.stdout.write(json.dumps(value, indent=2, default=_plain) + "\n")
        self.stdout.flush()

    def problem(self, problem: Problem) -> None:
        """Show a problem: title, sentence, next step."""
        step = Message(_GO_ON) if problem.code in _ASKED_FIRST else problem.next_step
        self._failed(problem.code.value, problem.title, problem.sentence, step)

    def refusal(self, refusal: Refusal) -> None:
        """Show why a command cannot be carried out as asked."""
        self._failed(refusal.code, Message(N_("This cannot be done")), refusal.sentence, refusal.next_step)

    def _failed(self, code: str, title: Message, sentence: Message, next_step: Message) -> None:
        words = {"title": self.words(title), "sentence": self.words(sentence), "next_step": self.words(next_step)}
        if self.as_json:
            self.data({"code": code, **words})
            return
        console = self.console(self.stderr)
        console.print(Text(clean(words["title"]), style="bold red"), soft_wrap=True)
        console.print(Text(clean(words["sentence"])), soft_wrap=True)
        console.print(Text(clean(words["next_step"])), soft_wrap=True)


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(type(value).__name__)
