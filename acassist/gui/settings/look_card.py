"""Language and theme."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from acassist.assistant.facade import AssistantPort
from acassist.gui.bridge import Bridge
from acassist.gui.strings import tr
from acassist.gui.theme import S4, Mode, theme
from acassist.gui.widgets import Card, Combo, Labelled, Text
from acassist.gui.widgets.layout import row

LANGUAGES = (("en", "English"), ("es", "Español"))
"""Each language by its own name, which is never translated."""


class LookCard(Card):
    """Chooses language and theme; both take effect at once and are remembered."""

    languageChosen = Signal(str)

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self.body.addWidget(Text(tr("Language and look"), "section"))
        self.language, self.theme = Combo(), Combo()
        self.language.addItem(tr("As the system"), "system")
        for code, own_name in LANGUAGES:
            self.language.addItem(own_name, code)
        for mode, words in ((Mode.SYSTEM, tr("As the system")), (Mode.LIGHT, tr("Light")), (Mode.DARK, tr("Dark"))):
            self.theme.addItem(words, mode.value)
        line = row(spacing=S4)
        line.addWidget(Labelled(tr("&Language"), self.language), 1)
        line.addWidget(Labelled(tr("&Theme"), self.theme), 1)
        self.body.addLayout(line)
        self.theme.setCurrentIndex(self.theme.findData(theme().mode.value))
        self.theme.activated.connect(self._choose_theme)
        self.language.activated.connect(self._choose_language)

    def load(self) -> None:
        """Show what was chosen before."""
        self._bridge.call(lambda a: a.preference("language"), self._show_language, owner=self)
        self.theme.setCurrentIndex(self.theme.findData(theme().mode.value))

    def _show_language(self, code: object) -> None:
        self.language.setCurrentIndex(max(0, self.language.findData(str(code or "system"))))

    def _choose_theme(self, _index: int) -> None:
        mode = Mode(self.theme.currentData())
        theme().set_mode(mode)
        self._keep("theme", mode.value, None)

    def _choose_language(self, _index: int) -> None:
        self._keep("language", self.language.currentData(), self._speak)

    def _speak(self, _answer: object = None) -> None:
        self.languageChosen.emit(self.language.currentData())

    def _keep(self, key: str, value: str, done: object) -> None:
        async def write(assistant: AssistantPort) -> None:
            await assistant.set_preference(key, value)

        self._bridge.call(write, done or self._kept, owner=self)  # type: ignore[arg-type]

    def _kept(self, _answer: object) -> None:
        """Nothing to say: the look has changed already."""
