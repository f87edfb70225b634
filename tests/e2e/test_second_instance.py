"""A profile has one writer: the second one ends at once, says who has it, and harms nothing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.e2e.keyring_session import KEYRING_NEEDED, run_in_session

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(120), KEYRING_NEEDED]


def test_a_sync_on_a_profile_in_use_ends_with_6_and_names_the_process(tmp_path: Path) -> None:
    told = json.loads(run_in_session(tmp_path, "tests.e2e.second_instance_story", 110).splitlines()[-1])
    assert told["refused"]["code"] == 6
    assert str(told["pid"]) in told["refused"]["output"]
    assert (told["alive"], told["holder"]) == (True, 0)
    assert told["then"]["code"] in {0, 4}, told["then"]
