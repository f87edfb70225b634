"""Reads a program through the accessibility tree and moves it with the keyboard; knows nothing about the program.

Runs in the system's Python, where the `gi` bindings are.
"""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable, Iterator
from typing import Any

import gi

gi.require_version("Atspi", "2.0")
from gi.repository import Atspi, GLib  # noqa: E402

PATIENCE = 20.0
STEP = 0.05


class NotFound(AssertionError):
    """Something that should be on the screen is not there."""


def wait_for(what: str, look: Callable[[], Any], patience: float = PATIENCE) -> Any:
    """Ask again and again until there is an answer. Raises NotFound."""
    deadline = time.monotonic() + patience
    while True:
        try:
            found = look()
        except GLib.Error:  # the widget went away while it was read
            found = None
        if found:
            return found
        if time.monotonic() > deadline:
            raise NotFound(f"waited {patience:.0f} s for {what}")
        time.sleep(STEP)


def wait_briefly(look: Callable[[], Any]) -> bool:
    """Say whether the answer becomes yes within a moment."""
    try:
        wait_for("", look, 0.4)
    except NotFound:
        return False
    return True


def application(name: str) -> Any | None:
    """Return the program's root in the tree."""
    desktop = Atspi.get_desktop(0)
    for index in range(desktop.get_child_count()):
        child = desktop.get_child_at_index(index)
        if child is not None and name in (child.get_name() or ""):
            return child
    return None


def has(node: Any, *states: Atspi.StateType) -> bool:
    """Say whether a node is in all of these states."""
    found = node.get_state_set()
    return all(found.contains(state) for state in states)


def walk(node: Any, *, shown: bool = True) -> Iterator[Any]:
    """Yield a node and what is under it; only what is showing."""
    if node is None:
        return
    try:
        if shown and node.get_role_name() not in {"application"} and not has(node, Atspi.StateType.SHOWING):
            return
        yield node
        count = node.get_child_count()
    except GLib.Error:
        return
    for index in range(min(count, 400)):
        try:
            child = node.get_child_at_index(index)
        except GLib.Error:
            continue
        yield from walk(child, shown=shown)


def plain(name: str | None) -> str:
    """Return a name without the mark of its mnemonic and with plain blanks."""
    return (name or "").replace("&", "").replace("\u202f", " ").replace("\u00a0", " ").strip()


def text_of(node: Any) -> str:
    """Return what stands in a text or, else, the name of the node."""
    try:
        iface = node.get_text_iface()
        if iface is not None:
            return str(Atspi.Text.get_text(iface, 0, -1))
    except GLib.Error:
        pass
    return plain(node.get_name())


def dump(node: Any, depth: int = 0) -> Iterator[str]:
    """Yield a line for everything that is showing."""
    try:
        if depth and not has(node, Atspi.StateType.SHOWING):
            return
        marks = [
            word
            for word, state in (
                ("focused", Atspi.StateType.FOCUSED),
                ("checked", Atspi.StateType.CHECKED),
                ("selected", Atspi.StateType.SELECTED),
                ("expanded", Atspi.StateType.EXPANDED),
            )
            if has(node, state)
        ]
        if not has(node, Atspi.StateType.ENABLED):
            marks.append("disabled")
        if has(node, Atspi.StateType.FOCUSABLE):
            marks.append("focusable")
        text = text_of(node)
        more = f" text={text!r}" if text != plain(node.get_name()) else ""
        yield f"{'  ' * depth}{node.get_role_name()} {node.get_name()!r}{more} {' '.join(marks)}".rstrip()
        count = node.get_child_count()
    except GLib.Error:
        return
    for index in range(min(count, 400)):
        try:
            child = node.get_child_at_index(index)
        except GLib.Error:
            continue
        if child is not None:
            yield from dump(child, depth + 1)


def keys(*names: str) -> None:
    """Press keys, one after the other, in the window that has the focus."""
    subprocess.run(["xdotool", "key", "--clearmodifiers", "--delay", "15", *names], check=True)


def type_text(text: str) -> None:
    """Type a text; it goes to the typist on standard input, because secrets do not belong on a command line."""
    command = ["xdotool", "type", "--clearmodifiers", "--delay", "4", "--file", "-"]
    subprocess.run(command, input=text, text=True, check=True)
