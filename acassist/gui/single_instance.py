"""One window per user and data folder: a second start shows the first one and ends."""

from __future__ import annotations

import getpass
import hashlib
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtNetwork import QLocalServer, QLocalSocket

_SHOW = b"show"
_OPEN = b"open "
_LONGEST = 1024
_WAIT_MS = 500


def instance_name(data_dir: Path, user: str | None = None) -> str:
    """Return the name under which the instance for a user and data folder listens."""
    seed = f"{user or getpass.getuser()}\n{data_dir.resolve()}"
    return f"acassist-{hashlib.sha256(seed.encode()).hexdigest()[:20]}"


class SingleInstance(QObject):
    """Listens for later starts. `show_wanted` tells that one of them asked for the window, `link_wanted` for a link."""

    show_wanted = Signal()
    link_wanted = Signal(str)

    def __init__(self, name: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._name = name
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._greet)

    def claim(self, link: str = "") -> bool:
        """Become the instance, or hand "show" or a link to the one that runs and return False."""
        if self._forward(_OPEN + link.encode() if link else _SHOW):
            return False
        # Nobody answered: what may lie there is left over from a crash.
        QLocalServer.removeServer(self._name)
        return self._server.listen(self._name)

    def _forward(self, words: bytes) -> bool:
        socket = QLocalSocket()
        socket.connectToServer(self._name)
        if not socket.waitForConnected(_WAIT_MS):
            return False
        socket.write(words + b"\n")
        socket.waitForBytesWritten(_WAIT_MS)
        socket.disconnectFromServer()
        return True

    def _greet(self) -> None:
        while (socket := self._server.nextPendingConnection()) is not None:
            socket.readyRead.connect(self._read)
            socket.disconnected.connect(socket.deleteLater)
            if socket.bytesAvailable():
                self._hear(socket)

    def _read(self) -> None:
        socket = self.sender()
        if isinstance(socket, QLocalSocket):
            self._hear(socket)

    def _hear(self, socket: QLocalSocket) -> None:
        words = bytes(socket.read(_LONGEST).data()).partition(b"\n")[0]
        if words.startswith(_OPEN):
            self.link_wanted.emit(words.removeprefix(_OPEN).decode(errors="replace"))
        elif words.startswith(_SHOW):
            self.show_wanted.emit()

    def close(self) -> None:
        """Listen no longer."""
        self._server.close()
