"""Both systems as the driver sees them: through the sandbox's control address, as another user of each."""

from __future__ import annotations

import json
import subprocess
import urllib.request
from pathlib import Path
from typing import Any

Json = dict[str, Any]
OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class Systems:
    """A sandbox that runs as a process of its own."""

    def __init__(self, command: list[str], errors: Path) -> None:
        self._errors = errors.open("w")
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=self._errors, text=True)
        assert self._process.stdout is not None
        self.info: dict[str, str] = json.loads(self._process.stdout.readline())

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait(10)
        self._errors.close()

    def call(self, method: str, path: str, body: Any = None) -> Any:
        data = json.dumps(body).encode() if body is not None else None
        headers = {"Content-Type": "application/json"}
        request = urllib.request.Request(self.info["control"] + path, data, headers, method=method)
        with OPENER.open(request, timeout=20) as answer:
            return json.loads(answer.read())

    def state(self) -> Json:
        found: Json = self.call("GET", "/state")
        return found

    def mark(self) -> int:
        """Return the number of the newest request."""
        return max((entry["n"] for entry in self.call("GET", "/log")), default=0)

    def record_writes(self, since: int) -> list[str]:
        """Name the writes to records since a mark; the connection's sign of life is none."""
        return [
            f"{entry['method']} {entry['path']}"
            for entry in self.call("GET", f"/log?since={since}")
            if entry["kind"] == "write" and "/connections" not in entry["path"]
        ]
