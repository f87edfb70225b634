"""Two processes share a profile and a real keyring while every refresh token works only once."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.e2e.keyring_session import KEYRING_NEEDED, run_in_session

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(180), KEYRING_NEEDED]


def test_a_hundred_refreshes_of_two_processes_on_one_profile_revoke_nothing(tmp_path: Path) -> None:
    told = json.loads(run_in_session(tmp_path, "tests.e2e.refresh_story", 170).splitlines()[-1])
    assert told["answers"] == ["ok"]
    assert told["refreshes"] >= 100
    assert (told["revoked"], told["kept"], told["codes"]) == (False, True, [0, 0])
