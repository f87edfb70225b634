"""Progress of a run on standard error, only where that is a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from acassist.assistant.events import Event, EventHub, RunProgress
from acassist.cli.output import Output, clean
from acassist.domain.text import N_


@contextmanager
def shown_progress(events: EventHub, output: Output) -> Iterator[None]:
    """Show what the run under way does."""
    if not output.stderr.isatty():
        yield
        return
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.fields[count]}"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=output.console(output.stderr), transient=True) as progress:
        task = progress.add_task(output.text(N_("Starting")), total=None, count="")

        def listen(event: Event) -> None:
            if isinstance(event, RunProgress):
                words = clean(output.words(event.phase))
                progress.update(task, description=words, completed=event.done, total=event.total, count=_count(event))

        stop = events.subscribe(listen)
        try:
            yield
        finally:
            stop()


def _count(event: RunProgress) -> str:
    return f"{event.done}/{event.total}" if event.total else ""
