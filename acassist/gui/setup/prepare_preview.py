"""What Apply would write, in words and as the files that are sent."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from acassist.assistant.provision_views import WritePreview
from acassist.domain.problem import Problem
from acassist.gui.accessibility import name
from acassist.gui.bridge import Bridge
from acassist.gui.strings import message, tr
from acassist.gui.theme import S1, S2
from acassist.gui.widgets import Button, Combo, Labelled, ProblemBanner, Text, clear, column

_FILE_LINES = 11


class WritePreviewPanel(QWidget):
    """Folded until it is asked for; reads the preview each time it is opened."""

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._files: tuple[tuple[str, str], ...] = ()
        self.toggle = Button(tr("Show exactly what will be written"), self._switch, kind="link")
        self._panel = QWidget()
        box = column(self._panel, spacing=S2)
        self.trouble = ProblemBanner()
        self._lines = column(spacing=S1)
        self.choice = Combo()
        self._chosen = Labelled(tr("File of the deployment"), self.choice)
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setTabChangesFocus(True)
        self.text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.text.setFixedHeight(self.text.fontMetrics().lineSpacing() * _FILE_LINES + 24)
        name(self.text, tr("Content of the file"))
        box.addWidget(self.trouble)
        box.addLayout(self._lines)
        box.addWidget(self._chosen)
        box.addWidget(self.text)
        self._panel.hide()
        outer = column(self, spacing=S2)
        outer.addWidget(self.toggle, 0, Qt.AlignmentFlag.AlignLeft)
        outer.addWidget(self._panel)
        self.choice.currentIndexChanged.connect(self._show_file)

    def fold(self) -> None:
        """Hide the preview: it may no longer hold."""
        self._panel.hide()
        self.toggle.setText(tr("Show exactly what will be written"))

    def _switch(self) -> None:
        if self._panel.isVisible():
            self.fold()
            return
        self._panel.show()
        self.toggle.setText(tr("Hide what will be written"))
        self.trouble.hide()
        self._show(WritePreview((), ()), tr("Reading…"))
        self._bridge.call(lambda a: a.provisioning.preview(), self._shown, self._failed, owner=self)

    def _shown(self, preview: WritePreview) -> None:
        self._show(preview, tr("Nothing: everything is in place."))

    def _show(self, preview: WritePreview, without: str) -> None:
        clear(self._lines)
        for line in preview.lines:
            self._lines.addWidget(Text(tr("• {text}", text=message(line))))
        if not preview.lines:
            self._lines.addWidget(Text(without, "muted"))
        self._files = preview.files
        self.choice.clear()
        self.choice.addItems([file for file, _ in preview.files])
        for part in (self._chosen, self.text):
            part.setVisible(bool(preview.files))

    def _show_file(self, index: int) -> None:
        self.text.setPlainText(self._files[index][1] if 0 <= index < len(self._files) else "")

    def _failed(self, problem: Problem) -> None:
        clear(self._lines)
        self.trouble.show_problem(problem)
