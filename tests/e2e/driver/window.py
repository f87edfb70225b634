"""The hands of the driver: finds controls by role and visible name, gives them the focus, and presses keys."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

from gi.repository import Atspi, GLib
from tree import NotFound, application, dump, has, keys, plain, text_of, type_text, wait_briefly, wait_for, walk

BUTTONS = ("push button", "button")
TEXTS = ("text", "entry", "password text", "paragraph", "spin button")
TABS = 40
SWITCHES = ("check box", "toggle button", "switch")


class Window:
    """The program's windows as one tree; the newest window on top is searched first."""

    def __init__(self, name: str) -> None:
        self._name = name

    @property
    def root(self) -> Any:
        return wait_for(f"the program {self._name}", lambda: application(self._name))

    def await_active(self, patience: float) -> None:
        """Wait until the program has the keyboard."""
        wait_for(
            "an active window",
            lambda: self.find_all(None, ("frame",), lambda n: has(n, Atspi.StateType.ACTIVE)),
            patience,
        )

    # -- looking
    def find_all(self, name: str | None, roles: tuple[str, ...], accept: Callable[[Any], bool] | None = None) -> list:
        """Return what is showing under this role and name."""
        return [
            node
            for node in walk(self.root)
            if (not roles or node.get_role_name() in roles)
            and (name is None or plain(node.get_name()) == name)
            and (accept is None or accept(node))
        ]

    def find(self, name: str, roles: tuple[str, ...], *, patience: float = 20.0) -> Any:
        """Wait for one control that can be used; of several the last, which is the one on top."""

        def look() -> Any:
            found = self.find_all(name, roles, lambda n: has(n, Atspi.StateType.ENABLED))
            return found[-1] if found else None

        return wait_for(f"{'/'.join(roles)} {name!r}", look, patience)

    def texts(self) -> list[str]:
        """Return every text that is showing."""
        return [text_of(node) for node in walk(self.root)]

    def see(self, words: str, *, patience: float = 20.0) -> str:
        """Wait until a text that holds these words is showing and return it."""

        def look() -> str | None:
            return next((text for text in self.texts() if words in text), None)

        return str(wait_for(f"the words {words!r}", look, patience))

    def see_exactly(self, words: str, *, patience: float = 20.0) -> None:
        """Wait until exactly this text is showing."""
        wait_for(f"the text {words!r}", lambda: words in self.texts(), patience)

    def see_matching(self, pattern: str, *, patience: float = 20.0) -> None:
        """Wait until a text that matches is showing."""
        wait_for(f"a text like {pattern}", lambda: any(re.search(pattern, text) for text in self.texts()), patience)

    def inside(self, node: Any, role: str) -> list[Any]:
        """Return what is showing of this role under a node."""
        return [child for child in walk(node) if child.get_role_name() == role]

    def shows(self, words: str) -> bool:
        return any(words in text for text in self.texts())

    # -- acting
    def focus(self, node: Any) -> None:
        """Give a control the focus: through the tree where it lets itself be asked, else with the Tab key."""

        def focused() -> bool:
            return has(node, Atspi.StateType.FOCUSED)

        def ask() -> bool:
            return focused() or (Atspi.Component.grab_focus(node) and wait_briefly(focused))

        if ask():
            return
        inside = next((child for child in walk(node) if child is not node and child.get_role_name() in TEXTS), None)
        if inside is not None and Atspi.Component.grab_focus(inside) and wait_briefly(focused):
            return
        self._focus_before(node)
        for _ in range(TABS):
            if wait_briefly(focused):
                return
            keys("Tab")
        raise NotFound(f"the Tab key does not reach {node.get_role_name()} {node.get_name()!r}")

    def _focus_before(self, node: Any) -> None:
        """Start from the control that comes before it in the tree."""
        before = []
        for other in walk(self.root):
            if other == node:
                break
            if has(other, Atspi.StateType.FOCUSABLE, Atspi.StateType.ENABLED):
                before.append(other)
        for other in reversed(before):
            if Atspi.Component.grab_focus(other):
                return

    def press(self, name: str, *, patience: float = 20.0) -> None:
        """Press a button with the space bar."""
        self._reach(lambda: self.find(name, BUTTONS, patience=patience))
        keys("space")

    def _reach(self, find: Callable[[], Any]) -> Any:
        """Find a control and focus it; a page that was drawn anew meanwhile is looked at once more."""
        for _ in range(2):
            node = find()
            try:
                self.focus(node)
            except (NotFound, GLib.Error):
                continue
            return node
        node = find()
        self.focus(node)
        return node

    def find_panel(self, name: str) -> Any:
        """Wait for a panel of this name."""
        return wait_for(f"the panel {name!r}", lambda: self.find_all(name, ("panel",)))

    def press_in(self, panel: str, name: str) -> None:
        """Press a button of the panel whose name begins like this."""

        def look() -> Any:
            panels = self.find_all(None, ("panel",), lambda n: plain(n.get_name()).startswith(panel))
            inside = (n for p in panels for n in walk(p) if n.get_role_name() in BUTTONS)
            return next((n for n in inside if plain(n.get_name()) == name and has(n, Atspi.StateType.ENABLED)), None)

        self._reach(lambda: wait_for(f"{name!r} in {panel!r}", look))
        keys("space")

    def go(self, place: str) -> None:
        """Choose a page of the navigation."""
        node = self.find(place, (*BUTTONS, *SWITCHES, "radio button", "page tab", "list item"))
        self.focus(node)
        if not has(node, Atspi.StateType.CHECKED):
            keys("space")

    def fill(self, name: str, text: str) -> None:
        """Replace what stands in a field."""
        node = self.find(name, TEXTS)
        self.focus(node)
        keys("ctrl+a", "Delete")
        type_text(text)
        if node.get_role_name() != "password text":
            wait_for(f"{text!r} in {name!r}", lambda: text_of(node) == text, 5)

    def combo(self, purpose: str) -> Any:
        """Wait for a choice by what it is for; its name is the value that it shows."""

        def look() -> Any:
            found = self.find_all(None, ("combo box",), lambda n: has(n, Atspi.StateType.ENABLED))
            return next((n for n in found if purpose in (plain(n.get_name()), plain(n.get_description()))), None)

        return wait_for(f"the choice {purpose!r}", look)

    def pick(self, purpose: str, value: str) -> None:
        """Choose a value: typed where the choice can be searched, else with the arrow keys."""
        node = self.combo(purpose)
        self.focus(node)
        if any(child.get_role_name() in TEXTS for child in walk(node)):
            keys("ctrl+a")
            type_text(value)
            keys("Return")
        else:
            self._step_to(node, value)
        wait_for(f"{value!r} in {purpose!r}", lambda: plain(node.get_name()) == value, 5)

    def _step_to(self, node: Any, value: str) -> None:
        """Go through the values of a closed list from the top."""
        keys("Home")
        for _ in range(TABS):
            if wait_briefly(lambda: plain(node.get_name()) == value):
                return
            keys("Down")

    def choose(self, name: str) -> None:
        """Choose a radio button."""
        node = self.find(name, ("radio button",))
        self.focus(node)
        keys("space")
        wait_for(f"{name!r} chosen", lambda: has(node, Atspi.StateType.CHECKED), 5)

    def switch_on(self, name: str) -> None:
        """Turn a switch or check box on."""
        node = self.find(name, SWITCHES)
        if not has(node, Atspi.StateType.CHECKED):
            self.focus(node)
            keys("space")
            wait_for(f"{name!r} on", lambda: has(node, Atspi.StateType.CHECKED), 5)

    # -- what went wrong
    def report(self, folder: Path) -> str:
        """Write the tree and a picture of the screen and say where."""
        folder.mkdir(parents=True, exist_ok=True)
        try:
            tree_text = "\n".join(dump(self.root))
        except (NotFound, Exception) as error:
            tree_text = f"no tree: {error}"
        (folder / "tree.txt").write_text(tree_text)
        subprocess.run(["scrot", "-o", str(folder / "screen.png")], check=False)
        return f"tree and picture of the screen: {folder}"
