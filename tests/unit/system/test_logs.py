from __future__ import annotations

import logging
import os
import subprocess
import sys
import threading
import warnings

import pytest

from acassist.system.faults import collect_faults, watch_faults
from acassist.system.logs import KnownSecrets, install_hooks, recent_lines, start_logging

SECRET = "k3y-of-the-account"


@pytest.fixture
def secrets() -> KnownSecrets:
    known = KnownSecrets()
    known.add(SECRET)
    known.add(None)
    return known


@pytest.fixture
def log(tmp_path, secrets):
    running = start_logging(tmp_path / "logs", secrets, max_bytes=2000, files=3)
    yield logging.getLogger("acassist.test")
    running.close()


def written(tmp_path) -> str:
    return "".join(path.read_text() for path in (tmp_path / "logs").iterdir())


def test_secrets_and_addresses_never_reach_the_file(tmp_path, log):
    log.info("key %s of %s", SECRET, "ana@example.com")
    try:
        raise ValueError(f"refused {SECRET}")
    except ValueError:
        log.exception("failed")
    text = written(tmp_path)
    assert "refused" in text
    assert "key" in text
    assert SECRET not in text
    assert "ana@example.com" not in text


def test_addresses_of_requests_are_not_logged(tmp_path, log):
    logging.getLogger("httpx").info("GET https://example.com/contacts/1")
    log.info("after")
    assert "GET" not in written(tmp_path)


def test_files_are_rotated_by_size_and_kept_by_number(tmp_path, log):
    for number in range(200):
        log.info("line %d %s", number, "x" * 100)
    files = sorted((tmp_path / "logs").iterdir())
    assert [path.name for path in files] == ["app.log", "app.log.1", "app.log.2"]
    assert all(path.stat().st_size <= 2000 for path in files)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no file modes")
def test_only_the_owner_may_read_the_log(tmp_path, log):
    log.info("x")
    assert (tmp_path / "logs" / "app.log").stat().st_mode & 0o777 == 0o600


def test_closing_puts_levels_back(tmp_path, secrets):
    before = logging.getLogger().level, logging.getLogger("httpx").level
    start_logging(tmp_path / "logs", secrets).close()
    assert (logging.getLogger().level, logging.getLogger("httpx").level) == before


def test_the_newest_lines_can_be_read_for_a_report(tmp_path, log):
    for number in range(5):
        log.info("line %d", number)
    assert [line[-6:] for line in recent_lines(tmp_path / "logs", limit=2)] == ["line 3", "line 4"]


def test_what_nobody_caught_is_logged_and_handed_over_redacted(tmp_path, secrets, log):
    crashes: list[str] = []
    undo = install_hooks(secrets, crashes.append)
    try:
        try:
            raise RuntimeError(f"boom {SECRET}")
        except RuntimeError as error:
            sys.excepthook(type(error), error, error.__traceback__)
        thread = threading.Thread(target=lambda: int("no number"))
        thread.start()
        thread.join()
    finally:
        undo()
    assert [text.strip().splitlines()[-1].partition(":")[0] for text in crashes] == ["RuntimeError", "ValueError"]
    assert all(SECRET not in text for text in crashes)
    assert "boom" in written(tmp_path)


def test_hooks_can_be_undone(secrets):
    before = sys.excepthook, threading.excepthook
    install_hooks(secrets, print)()
    assert (sys.excepthook, threading.excepthook) == before


DIE = """
import sys, ctypes
from pathlib import Path
from acassist.system.faults import watch_faults
watch_faults(Path(sys.argv[1]))
import faulthandler
faulthandler._sigabrt()
"""


@pytest.mark.skipif(os.name == "nt", reason="the test ends a process with a POSIX signal")
def test_the_last_words_of_a_dead_process_are_found_once(tmp_path):
    subprocess.run([sys.executable, "-c", DIE, str(tmp_path)], check=False, capture_output=True)
    (text,) = collect_faults(tmp_path)
    assert "Aborted" in text
    assert collect_faults(tmp_path) == []


def test_a_process_that_ends_well_leaves_nothing(tmp_path):
    with warnings.catch_warnings():
        end = watch_faults(tmp_path)
        assert collect_faults(tmp_path) == []
        assert len(list(tmp_path.iterdir())) == 1
        end()
    assert list(tmp_path.iterdir()) == []
