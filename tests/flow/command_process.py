"""A command of the program as a process that a test may kill; it reads its words and the keyring's entries."""

from __future__ import annotations

import json
import sys

import keyring

from acassist.cli.main import main
from tests.unit.cli.conftest import DictKeyring

if __name__ == "__main__":
    task = json.load(sys.stdin)
    backend = DictKeyring()
    backend.entries.update({(service, name): secret for service, name, secret in task["entries"]})
    keyring.set_keyring(backend)
    sys.exit(main(task["words"]))
