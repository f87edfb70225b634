import asyncio
import json
from dataclasses import replace
from pathlib import Path

import pytest

from acassist import __version__
from acassist.assistant.container import Options, close_profile, open_profile
from acassist.cli import status as status_module
from acassist.cli.command import Command
from acassist.cli.host import Prepare
from acassist.domain.problem import Problem, ProblemCode, ProblemError
from acassist.system.clock import SystemClock
from acassist.system.lock import WriterLock
from tests.unit.cli.conftest import DictKeyring
from tests.unit.cli.terminal import Terminal


class Window:
    """Stands in for the window and remembers how it was opened."""

    def __init__(self, *, fails: Problem | None = None) -> None:
        self.opened: list[Options] = []
        self.fails = fails
        self.links: list[str] = []

    def open_window(self, options: Options, prepare: Prepare | None = None, *, link: str = "") -> int:
        self.opened.append(options)
        self.links.append(link)
        if self.fails is not None:
            raise ProblemError(self.fails)
        return 0

    def screenshots(self, options: Options, folder: Path) -> int:
        return 0

    def check(self) -> str:
        return "a window"


def with_window(terminal: Terminal, window: Window) -> Terminal:
    return replace(terminal, front=window, environ={"DISPLAY": ":1"})


def test_without_a_command_the_window_opens_on_the_profile(terminal: Terminal) -> None:
    window = Window()
    assert with_window(terminal, window).run().code == 0
    assert [options.data_dir for options in window.opened] == [terminal.folder]


def test_without_a_display_there_is_a_sentence_instead_of_a_window(terminal: Terminal) -> None:
    window = Window()
    result = replace(terminal, front=window).run()
    assert (result.code, window.opened) == (3, [])
    assert "acassist --help" in result.err


def test_a_problem_of_the_window_ends_with_its_exit_code(terminal: Terminal) -> None:
    window = Window(fails=Problem(ProblemCode.PROFILE_BUSY, values={"pid": "1"}))
    assert with_window(terminal, window).run().code == 6


def test_the_data_folder_may_be_named_before_or_after_the_command(terminal: Terminal) -> None:
    folder = str(terminal.folder)
    before = terminal.raw(["--data-dir", folder, "status", "--json"])
    after = terminal.raw(["status", "--json", "--data-dir", folder])
    assert before == after
    assert before.code == 0


def test_the_data_folder_may_come_from_the_environment(terminal: Terminal) -> None:
    elsewhere = terminal.folder.parent / "named"
    result = replace(terminal, environ={"ACASSIST_DATA_DIR": str(elsewhere)}).raw(["status"])
    assert result.code == 0
    assert (elsewhere / "profile.db").exists()


def test_the_version_is_printed(terminal: Terminal, capsys: pytest.CaptureFixture[str]) -> None:
    assert terminal.raw(["--version"]).code == 0
    assert capsys.readouterr().out == f"acassist {__version__}\n"


@pytest.mark.parametrize("words", [["bogus"], ["sync", "--direction", "sideways"], ["connect"], ["activities"]])
def test_what_cannot_be_understood_is_usage(
    terminal: Terminal, words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert terminal.raw(words).code == 2
    assert "Usage: acassist" in capsys.readouterr().err


def test_help_is_in_the_language_asked_for(terminal: Terminal, capsys: pytest.CaptureFixture[str]) -> None:
    terminal.raw(["sync", "--help"])
    english = capsys.readouterr().out
    terminal.raw(["sync", "--help", "--language", "es"])
    spanish = capsys.readouterr().out
    assert english.startswith("Usage: acassist sync")
    assert spanish.startswith("Uso: acassist sync")


def test_the_language_of_the_environment_is_used(terminal: Terminal) -> None:
    spanish = replace(terminal, environ={"LANG": "es_ES.UTF-8"}).run("sync", "--json").data["sentence"]
    assert spanish != terminal.run("sync", "--json").data["sentence"]


def test_no_option_takes_a_secret(terminal: Terminal, capsys: pytest.CaptureFixture[str]) -> None:
    assert terminal.raw(["connect", "activecampaign", "--account", "acme", "--api-key", "canary-key"]).code == 2
    assert terminal.raw(["connect", "activecampaign", "--account", "acme", "--api-key-st", "x"]).code == 2


def test_an_unfinished_set_up_cannot_be_synced(terminal: Terminal) -> None:
    for words in (["sync"], ["sync", "--yes"], ["run"]):
        result = terminal.run(*words)
        assert (result.code, result.out) == (3, "")
        assert len(result.err.splitlines()) == 3


def test_a_problem_with_json_is_one_document_on_standard_output(terminal: Terminal) -> None:
    result = terminal.run("sync", "--json")
    assert (result.code, result.err) == (3, "")
    assert result.data["code"] == "setup_incomplete"


def test_reading_works_beside_another_instance_and_writing_does_not(terminal: Terminal) -> None:
    terminal.run("status")
    with WriterLock(terminal.folder / "lock", clock=SystemClock()):
        assert terminal.run("status").code == 0
        assert terminal.run("setup", "show").code == 0
        assert terminal.run("sync").code == 6
        busy = terminal.run("sync", "--json")
    assert (busy.code, busy.data["code"]) == (6, "profile_busy")


def test_a_fault_of_the_program_is_a_sentence_and_the_log_has_the_rest(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(command: Command) -> int:
        raise ZeroDivisionError("a fault")

    monkeypatch.setattr(status_module, "status", broken)
    result = terminal.run("status", "--json")
    assert (result.code, result.data["code"]) == (1, "internal")
    assert "Traceback" not in result.out + result.err
    assert "ZeroDivisionError" in caplog.text


def test_ctrl_c_ends_with_the_code_that_shells_use(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(command: Command) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(status_module, "status", interrupted)
    assert terminal.run("status").code == 130


def test_a_key_is_only_read_from_standard_input(terminal: Terminal) -> None:
    result = terminal.run("connect", "activecampaign", "--account", "acme")
    assert result.code == 2
    assert "--api-key-stdin" in result.err
    assert terminal.run("connect", "activecampaign", "--account", "acme", "--api-key-stdin", stdin="\n").code == 2


def test_doctor_fails_where_the_keyring_protects_nothing(
    terminal: Terminal, own_keyring: DictKeyring, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert terminal.run("doctor").code == 0
    import keyring
    from keyring.backends.null import Keyring

    keyring.set_keyring(Keyring())
    result = terminal.run("doctor", "--json")
    assert (result.code, result.data["healthy"]) == (3, False)
    assert "bad" in {check["level"] for check in result.data["checks"]}


@pytest.mark.parametrize("words", [["--set", "leads"], ["--set", "colour=red"], ["--port", "70000"]])
def test_a_sandbox_that_cannot_be_built_is_usage(terminal: Terminal, words: list[str]) -> None:
    result = terminal.raw(["sandbox", *words])
    assert (result.code, result.out) == (2, "")
    assert words[0] in result.err


def test_the_demo_never_writes_into_a_folder_that_is_in_use(terminal: Terminal) -> None:
    terminal.folder.mkdir()
    (terminal.folder / "letter.txt").write_text("mine")
    result = terminal.raw(["demo", "--terminal", "--keep", str(terminal.folder)])
    assert result.code == 2
    assert [path.name for path in terminal.folder.iterdir()] == ["letter.txt"]


def test_status_in_json_has_no_secret_and_every_state(terminal: Terminal) -> None:
    state = terminal.run("status", "--json").data
    wanted = {"sentence", "level", "in_sync", "waiting", "need_you", "next_run", "last_run", "paused", "running"}
    assert wanted <= set(state)
    assert json.dumps(state).count("api_key") == 0


def test_the_language_chosen_in_the_window_is_spoken_here_too(terminal: Terminal) -> None:
    async def choose() -> None:
        profile = await open_profile(Options(terminal.folder))
        await profile.assistant.set_preference("language", "es")
        await close_profile(profile)

    asyncio.run(choose())
    spanish = terminal.run("sync", "--json").data["sentence"]
    assert terminal.run("sync", "--json", "--language", "en").data["sentence"] != spanish


def test_a_link_opens_the_window_and_is_handed_on(terminal: Terminal) -> None:
    window = Window()
    assert with_window(terminal, window).run("acassist://record/00Q000000000001AAA").code == 0
    assert window.links == ["acassist://record/00Q000000000001AAA"]


def test_a_link_is_never_taken_for_a_command_or_an_option(terminal: Terminal) -> None:
    window = Window()
    assert with_window(terminal, window).run("acassist:--self-test").code == 0
    assert window.links == ["acassist:--self-test"]
