"""A terminal for tests: streams that can be read back, an environment of its own, no window."""

import io
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from acassist.cli.host import Front, Host
from acassist.cli.main import main


class Stream(io.StringIO):
    """Tells a listener every piece of text that is written, at the moment when it is."""

    def __init__(self, listener: Callable[[str], object]) -> None:
        super().__init__()
        self._listener = listener

    def write(self, text: str) -> int:
        count = super().write(text)
        self._listener(text)
        return count


@dataclass(frozen=True)
class Result:
    code: int
    out: str
    err: str

    @property
    def data(self) -> Any:
        """The one JSON document on standard output."""
        return json.loads(self.out)


def _deaf(text: str) -> None:
    """Listen to nothing."""


@dataclass
class Terminal:
    """Runs commands in this process on one profile; `listener` hears both streams."""

    folder: Path
    environ: Mapping[str, str] = field(default_factory=dict)
    front: Front | None = None
    listener: Callable[[str], object] = _deaf

    def run(self, *words: str, stdin: str = "") -> Result:
        return self.raw((*words, "--data-dir", str(self.folder)), stdin=stdin)

    def raw(self, words: Sequence[str], *, stdin: str = "") -> Result:
        out, err = Stream(self.listener), Stream(self.listener)
        host = Host(self.environ, io.StringIO(stdin), out, err, front=self.front)
        code = main(list(words), host)
        return Result(code, out.getvalue(), err.getvalue())
