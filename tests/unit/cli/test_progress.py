import io
from datetime import UTC
from pathlib import Path

from acassist.assistant.events import EventHub, RunProgress
from acassist.cli.output import Output
from acassist.cli.progress import shown_progress
from acassist.domain.text import Message
from acassist.system.translate import Translator


class Screen(io.StringIO):
    def isatty(self) -> bool:
        return True


def shown(stderr: io.StringIO) -> str:
    hub = EventHub()
    output = Output(io.StringIO(), stderr, Translator.load("en", Path(), zone=UTC))
    with shown_progress(hub, output):
        hub.emit(RunProgress(1, Message("Reading changes"), 3, 8))
    hub.emit(RunProgress(1, Message("Too late"), 8, 8))
    return stderr.getvalue()


def test_progress_is_shown_on_a_terminal_while_the_run_lasts() -> None:
    text = shown(Screen())
    assert "Reading changes" in text
    assert "3/8" in text
    assert "Too late" not in text


def test_progress_is_not_shown_where_there_is_no_terminal() -> None:
    assert shown(io.StringIO()) == ""
