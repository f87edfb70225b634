"""The commands and their options; every text is translated when the parser is built."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Any, NoReturn

from acassist import __version__
from acassist.cli.backfill_options import add_options as add_backfill_options
from acassist.cli.exits import Exit
from acassist.cli.prepare_options import add_leave_options, add_prepare_options, add_take_over
from acassist.cli.sweep_options import add_options as add_sweep_options
from acassist.domain.ledger import RunDirection
from acassist.domain.text import N_, Message
from acassist.salesforce.address import PRODUCTION
from acassist.sandbox.settings import Settings
from acassist.system.translate import Translator

NAME = "acassist"
_DESCRIPTION = N_("Keeps Salesforce and ActiveCampaign in sync. Without a command, the window opens.")
_EPILOG = N_("Exit codes: 0 done, 2 usage, 3 connection or permission, 4 some records failed, 5 your decision is needed, 6 another instance holds the profile.")  # noqa: E501 - one text for translators


class Parser(argparse.ArgumentParser):
    """A parser whose own headings and errors are in the person's language."""

    translator: Translator

    def __init__(self, translator: Translator, **options: Any) -> None:
        super().__init__(add_help=False, allow_abbrev=False, **options)
        self.translator = translator
        self._positionals.title = translator.text(N_("Arguments"))
        self._optionals.title = translator.text(N_("Options"))
        self.add_argument("-h", "--help", action="help", help=translator.text(N_("Show this help and exit.")))

    def format_usage(self) -> str:
        """Return the usage line under a translated heading."""
        formatter = self._get_formatter()
        self._add_usage(formatter)
        return formatter.format_help()

    def format_help(self) -> str:
        """Return the help under translated headings."""
        formatter = self._get_formatter()
        self._add_usage(formatter)
        formatter.add_text(self.description)
        for group in self._action_groups:
            formatter.start_section(group.title)
            formatter.add_text(group.description)
            formatter.add_arguments(group._group_actions)
            formatter.end_section()
        formatter.add_text(self.epilog)
        return formatter.format_help()

    def _add_usage(self, formatter: argparse.HelpFormatter) -> None:
        prefix = self.translator.text(N_("Usage:")) + " "
        formatter.add_usage(self.usage, self._actions, self._mutually_exclusive_groups, prefix)

    def error(self, message: str) -> NoReturn:
        """Print usage and what is wrong, and exit with code 2."""
        reason = Message(N_("The command cannot be understood: {reason}"), {"reason": message})
        self.exit(Exit.USAGE, f"{self.format_usage()}{self.translator.message(reason)}\n")


def build_parser(translator: Translator) -> Parser:
    """Return the parser of the whole command line; `command` in its result names what to do, None opens the window."""
    t = translator.text
    parser = Parser(translator, prog=NAME, description=t(_DESCRIPTION), epilog=t(_EPILOG))
    _common(parser, t, None)
    version = t(N_("Show the version and exit."))
    parser.add_argument("--version", action="version", version=f"{NAME} {__version__}", help=version)
    complete = t(N_("Check that this program is complete, and exit."))
    parser.add_argument("--self-test", action="store_true", help=complete)
    parser.set_defaults(command=None, json=False)
    groups = parser.add_subparsers(title=t(N_("Commands")), metavar=t(N_("COMMAND")))
    add = _adder(groups, translator)
    _trying(add, t)
    _connecting(add, translator)
    _setting_up(add, translator)
    _preparing(add, translator)
    _syncing(add, t)
    _looking(add, t)
    return parser


def _count(text: str) -> int:
    number = int(text)
    if number < 1:
        raise ValueError("below one")
    return number


Text = Callable[[str], str]
Add = Callable[..., argparse.ArgumentParser]


def _common(parser: argparse.ArgumentParser, t: Text, default: Any) -> None:
    """Add the options that may stand before or after the command."""
    data_dir = t(N_("Use the profile in this folder (else ACASSIST_DATA_DIR, else the system's place for data)."))
    parser.add_argument("--data-dir", metavar=t(N_("DIR")), default=default, help=data_dir)
    language = t(N_("Speak this language: en or es."))
    parser.add_argument("--language", metavar=t(N_("CODE")), default=default, help=language)


def _adder(groups: Any, translator: Translator) -> Add:
    def add(name: str, text: str, command: str = "", *, json: bool = False) -> argparse.ArgumentParser:
        words = translator.text(text)
        parser: argparse.ArgumentParser = groups.add_parser(name, help=words, description=words, translator=translator)
        _common(parser, translator.text, argparse.SUPPRESS)
        if json:
            parser.add_argument("--json", action="store_true", help=translator.text(N_("Print one JSON document.")))
        parser.set_defaults(command=command or name)
        return parser

    return add


def _group(add: Add, translator: Translator, name: str, text: str) -> Add:
    parser = add(name, text)
    groups = parser.add_subparsers(
        title=translator.text(N_("Commands")), metavar=translator.text(N_("COMMAND")), required=True, dest="what"
    )
    return _adder(groups, translator)


def _trying(add: Add, t: Text) -> None:
    demo = add("demo", N_("Try the program on two made-up services, in a throw-away profile."))
    folder = t(N_("Keep profile and data in this folder, or go on there."))
    demo.add_argument("--keep", metavar=t(N_("DIR")), help=folder)
    pictures = t(N_("Write a picture of every screen into this folder."))
    demo.add_argument("--screenshots", metavar=t(N_("DIR")), help=pictures)
    terminal = t(N_("Do not open a window, even where there is a display."))
    demo.add_argument("--terminal", action="store_true", help=terminal)
    sandbox = add("sandbox", N_("Serve both services with made-up data on this computer; prints one JSON line."))
    known = Settings()
    number = t(N_("N"))
    port = t(N_("Use four ports from this one on; any free ones when left out."))
    sandbox.add_argument("--port", type=int, default=0, metavar=number, help=port)
    seed = t(N_("Make the same people every time with the same number."))
    sandbox.add_argument("--seed", type=int, default=known.seed, metavar=number, help=seed)
    leads = t(N_("Number of leads in Salesforce."))
    sandbox.add_argument("--leads", type=int, default=known.leads, metavar=number, help=leads)
    contacts = t(N_("Number of contacts in Salesforce."))
    sandbox.add_argument("--contacts", type=int, default=known.contacts, metavar=number, help=contacts)
    for name, text in (
        ("--no-custom-fields", N_("Leave the three ActiveCampaign fields out of Salesforce.")),
        ("--rotate", N_("Give a new refresh token at every refresh.")),
        ("--no-accounts", N_("Use a plan of ActiveCampaign without accounts.")),
        ("--labels", N_("Let ActiveCampaign tell the labels of campaigns and automations.")),
        ("--rate-limit", N_("Refuse more than five calls a second, as ActiveCampaign does.")),
    ):
        sandbox.add_argument(name, action="store_true", help=t(text))
    kept = t(N_("Keep the data in this file, and take them up again from it."))
    sandbox.add_argument("--keep", metavar=t(N_("FILE")), help=kept)
    every = t(N_("Change any other setting; may be repeated."))
    sandbox.add_argument("--set", action="append", metavar=t(N_("NAME=VALUE")), help=every)


def _connecting(add: Add, translator: Translator) -> None:
    t = translator.text
    part = _group(add, translator, "connect", N_("Connect one of the two services (step 1)."))
    ac = part("activecampaign", N_("Connect ActiveCampaign with an API key."), "connect activecampaign")
    account = t(N_("Account name, login address or API URL."))
    ac.add_argument("--account", required=True, metavar=t(N_("NAME")), help=account)
    key = t(N_("Read the API key from standard input; without it you are asked for the key."))
    ac.add_argument("--api-key-stdin", action="store_true", help=key)
    sf = part("salesforce", N_("Connect Salesforce through a login in the browser."), "connect salesforce")
    login = t(N_("Login address or My Domain; login.salesforce.com when left out."))
    sf.add_argument("--login-url", default=PRODUCTION, metavar=t(N_("URL")), help=login)
    app = t(N_("Consumer key of the External Client App."))
    sf.add_argument("--client-id", required=True, metavar=t(N_("KEY")), help=app)
    browser = t(N_("Only print the address of the login page."))
    sf.add_argument("--no-browser", action="store_true", help=browser)


def _setting_up(add: Add, translator: Translator) -> None:
    t = translator.text
    part = _group(add, translator, "setup", N_("Show, export or import the set-up; it never holds a secret."))
    part("show", N_("Show what the four steps decided."), "setup show", json=True)
    file = t(N_("File, or - for the standard stream."))
    export = part("export", N_("Write the set-up to a JSON file."), "setup export")
    export.add_argument("file", metavar=t(N_("FILE")), help=file)
    imports = part("import", N_("Put steps 2 to 4 of an exported set-up into effect."), "setup import", json=True)
    imports.add_argument("file", metavar=t(N_("FILE")), help=file)


def _preparing(add: Add, translator: Translator) -> None:
    t = translator.text
    prepare = add("prepare", N_("Check the Salesforce org, and add fields and permission sets to it."), json=True)
    add_prepare_options(prepare, t)
    groups = prepare.add_subparsers(title=t(N_("Commands")), metavar=t(N_("COMMAND")), dest="what")
    part = _adder(groups, translator)
    words = N_("Show what leaving takes away; remove the additions and disconnect where asked for.")
    add_leave_options(part("leave", words, "prepare leave", json=True), t)


def _syncing(add: Add, t: Text) -> None:
    sync = add("sync", N_("Sync now."), json=True)
    preview = add("preview", N_("Show what a run would do, record by record; writes nothing."), json=True)
    direction = t(N_("both, outbound (to ActiveCampaign) or inbound (to Salesforce)."))
    names = [direction_.value for direction_ in RunDirection]
    for command in (sync, preview):
        command.add_argument("--direction", choices=names, default=RunDirection.BOTH.value, help=direction)
    sync.add_argument("--dry-run", action="store_true", help=t(N_("Show what would happen and write nothing.")))
    yes = t(N_("Go on where the run would stop for your decision (first sync, brakes)."))
    sync.add_argument("--yes", action="store_true", help=yes)
    add_take_over(sync, t)
    undo = add("undo", N_("Take back the values that a run replaced, where nobody changed them since."), json=True)
    run = t(N_("Number of the run, or last; without it the last runs are shown."))
    undo.add_argument("run", nargs="?", metavar=t(N_("RUN")), help=run)
    verify = add("verify", N_("Compare linked pairs on values read now; writes nothing."), json=True)
    sample = t(N_("Compare only the first N leads and the first N contacts."))
    verify.add_argument("--sample", type=_count, metavar=t(N_("N")), help=sample)
    add_take_over(add("run", N_("Make the scheduled runs without a window, until Ctrl+C.")), t)
    add_backfill_options(add("backfill", N_("Send existing records, the first five for a trial."), json=True), t)


def _looking(add: Add, t: Text) -> None:
    add("status", N_("Show the state of the profile."), json=True)
    add_sweep_options(add("sweeps", N_("Show or make the sweeps that find what is not reported."), json=True), t)
    activities = add("activities", N_("Show what a person did, newest first."), json=True)
    activities.add_argument("email", metavar=t(N_("EMAIL")), help=t(N_("The person's e-mail address.")))
    everything = t(N_("Show all activities, not only the 20 most recent."))
    activities.add_argument("--all", action="store_true", help=everything)
    explain = add("explain", N_("Say why a record is synced or not, condition by condition."), json=True)
    who = t(N_("E-mail address, Salesforce ID, number of the ActiveCampaign contact, or the link of its page."))
    explain.add_argument("who", metavar=t(N_("EMAIL|ID")), help=who)
    add("doctor", N_("Check this computer, the profile and both services."), json=True)
