"""One window per user and data folder: a second start shows the first one and ends."""

from __future__ import annotations

import getpass
import hashlib
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtNetwork import QLocalServer, QLocalSocket

_SHOW = b"show\n"
_WAIT_MS = 500


def instance_name(data_dir: Path, user: str | None = None) -> str:
    """Return the name under which the instance for a user and data folder listens."""
    seed = f"{user or getpass.getuser()}\n{data_dir.resolve()}"
    return f"acassist-{hashlib.sha256(seed.encode()).hexdigest()[:20]}"


class SingleInstance(QObject):
    """Listens for later starts. `show_wanted` tells that one of them asked for the window."""

    show_wanted = Signal()

    def __init__(self, name: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._name = name
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._greet)

    def claim(self) -> bool:
        """Become the instance, or hand "show" to the one that runs and return False."""
        if self._forward():
            return False
        # Nobody answered: what may lie there is left over from a crash.
        QLocalServer.removeServer(self._name)
        return self._server.listen(self._name)

    def _forward(self) -> bool:
        socket = QLocalSocket()
        socket.connectToServer(self._name)
        if not socket.waitForConnected(_WAIT_MS):
            return False
        socket.write(_SHOW)
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
        if bytes(socket.readAll().data()).startswith(_SHOW.strip()):
            self.show_wanted.emit()

    def close(self) -> None:
        """Listen no longer."""
        self._server.close()
