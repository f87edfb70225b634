"""The whole path in the real window: four steps, first sync, edits on both sides, comparison, a person, a campaign.

Runs in the system's Python on a screen and a message bus of its own; started by test_gui_process.py with the name of a
task file: {"program": [...], "sandbox": [...], "folder": scratch folder}. Ends with 0, or with 1 after saying what was
wrong and where the tree and the picture of the screen are.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import traceback
import urllib.parse
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import secret_service
from canaries import Canaries
from compare import Picture, after_edits, after_first_sync
from systems import Systems
from tree import keys, plain, wait_for
from window import BUTTONS, Window

LONG = 90.0


class Story:
    """The program, the two systems, and what is known so far."""

    def __init__(self, task: dict[str, Any]) -> None:
        self.folder = Path(task["folder"])
        self.systems = Systems(task["sandbox"], self.folder / "sandbox.err")
        self.window = Window("acassist")
        self.canaries = Canaries()
        self.canaries.add("API key", self.systems.info["api_key"])
        # Every access token of an org begins with its id, so this finds all of them.
        self.canaries.add("access token", self.systems.info["org_id"][:15] + "!AQ")
        self.runs = 0
        self.seen = self.folder / "browser.jsonl"
        self.program = self._start(task["program"])

    def _start(self, command: list[str]) -> subprocess.Popen[bytes]:
        browser = {"username": self.systems.info["username"], "password": self.systems.info["password"]}
        note = self.folder / "browser.json"
        note.write_text(json.dumps({**browser, "seen": str(self.seen)}))
        environment = {
            **os.environ,
            "QT_QPA_PLATFORM": "xcb",
            "QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1",
            "QT_ACCESSIBILITY": "1",
            "BROWSER": str(Path(__file__).with_name("browser.py")),
            "ACASSIST_TEST_BROWSER": str(note),
        }
        output = (self.folder / "program.out").open("w")
        return subprocess.Popen(command, env=environment, stdout=output, stderr=subprocess.STDOUT)

    @property
    def profile(self) -> Path:
        return self.folder / "profile"

    # -- step 1
    def connect(self) -> None:
        window, info = self.window, self.systems.info
        window.await_active(LONG)
        window.press("Get started", patience=LONG)
        window.see("Before you begin")
        window.press("Next")
        window.see("API access")
        window.fill("ActiveCampaign account name", info["activecampaign"])
        window.fill("API key", info["api_key"])
        window.press("Authorize")
        window.see_exactly("Connected")
        window.press("Next")
        window.see("Authorize ActiveCampaign to Salesforce")
        window.choose("My Domain address")
        window.fill("My Domain", info["salesforce_login"])
        window.fill("Consumer key", info["client_id"])
        window.press("Authorize")
        window.see_exactly("Connected")
        window.see("Northwind Trading")
        self._check_browser()
        window.press("Next")
        window.see("Prepare Salesforce")
        window.press("Finish")

    def _check_browser(self) -> None:
        """The address came through BROWSER alone, and the code does not stay in the address bar."""
        (line,) = self.seen.read_text().splitlines()
        visit = json.loads(line)
        asked = urllib.parse.parse_qs(urllib.parse.urlsplit(visit["address"]).query)
        assert asked["code_challenge_method"] == ["S256"], asked
        assert "?" not in visit["ended"], visit["ended"]
        codes = [code for hop in visit["hops"] for code in re.findall(r"[?&]code=([^&]+)", hop)]
        assert len(codes) == 1, visit["hops"]
        self.canaries.add("authorization code", urllib.parse.unquote(codes[0]))

    def check_keyring(self) -> None:
        """Both secrets stand in the desktop's secret service, and nothing else of ours."""
        self.window.find_panel("System connections: Finished")
        held = {service: secret for (service, _), secret in secret_service.items().items() if "acassist" in service}
        assert len(held) == 2, sorted(held)
        assert self.systems.info["api_key"] in held.values(), sorted(held)
        (token,) = (secret for secret in held.values() if secret != self.systems.info["api_key"])
        self.canaries.add("refresh token", token)

    # -- step 2
    def map_fields(self) -> None:
        window = self.window
        window.press_in("Dynamic field mapping", "Continue")
        window.see("Standard lead field mapping")
        window.press("Next")
        window.see("Custom lead field mapping")
        self._map("Nickname", "Nickname")
        window.press("Next")
        window.see("Standard contact field mapping")
        window.press("Next")
        window.see("Custom contact field mapping")
        self._map("Interests", "Product Interest")
        window.press("Next")
        window.see("Account field mapping")
        window.press("Finish")

    def _map(self, activecampaign: str, salesforce: str) -> None:
        window = self.window
        window.press("Add mapping")
        window.pick("Select ActiveCampaign field, row 1", activecampaign)
        window.pick("Salesforce field, row 1", salesforce)
        window.see_matching(r"^\d+ of \d+ fit$")

    # -- steps 3 and 4
    def choose_records(self) -> None:
        window = self.window
        window.press_in("Configure outbound sync settings", "Continue")
        window.see("Lead sync selection")
        window.choose("Only leads that match certain criteria")
        window.pick("Field, condition 1", "Email")
        window.pick("Operator, condition 1", "is not blank")
        window.see("leads match right now")
        window.press("Next")
        window.see("Contact sync selection")
        window.choose("All contacts created from this point forward")
        window.press("Next")
        window.see("Job scheduling")
        window.pick("Job frequency", "Once a day")
        window.press("Schedule")
        window.see("Next run:")
        window.press("Finish")

    def enable_cx(self) -> None:
        window = self.window
        window.press_in("Enable the CX Automation component", "Continue")
        window.see("Enable the ActiveCampaign CX Automation component")
        window.switch_on("Offer CX Automation on records")
        window.see("Spring offer")
        window.press("Finish")

    # -- syncs
    def start(self) -> None:
        self.window.see("Ready")
        self.window.see("would be created", patience=LONG)
        assert self.systems.record_writes(0) == [], "something was written before Start"
        self.window.press("Start", patience=LONG)
        self.await_run()

    def sync(self) -> None:
        self.window.press("Sync now", patience=LONG)
        self.await_run()

    def await_run(self) -> None:
        """Wait until one more run stands in the list and has ended."""
        self.runs += 1
        self.window.go("Sync")

        def ended() -> bool:
            (shown, *_) = self.window.find_all("Last runs", ("list",))
            rows = [plain(row.get_name()) for row in self.window.inside(shown, "list item")]
            return len(rows) == self.runs and bool(re.search(r"\. Done\b", rows[0]))

        wait_for(f"the end of run {self.runs}", ended, LONG)
        self.window.find("Sync now", BUTTONS)

    def edit(self, now: Picture) -> dict[tuple[str, str], Any]:
        """Edit linked people on both sides and add new ones; returns what has to stand on both sides afterwards."""
        call = self.systems.call
        one, two, three, four, five = [p for p in now.pairs() if p.sobject == "Lead"][:5]
        call("PATCH", f"/salesforce/Lead/{one.sf_id}", {"Phone": "+1 555 0101"})
        call("PATCH", f"/salesforce/Lead/{two.sf_id}", {"Nickname__c": "Ada ✓ “quoted”"})
        call("PATCH", f"/activecampaign/contacts/{three.ac_id}", {"firstName": "Zoë-Ann"})
        nickname = {now.titles["Nickname"]: "O'Brien & Søn"}
        call("PATCH", f"/activecampaign/contacts/{four.ac_id}", {"fieldValues": nickname})
        call("PATCH", f"/salesforce/Lead/{five.sf_id}", {"Phone": "+1 555 0105"})
        call("PATCH", f"/activecampaign/contacts/{five.ac_id}", {"lastName": "Kim-Ō"})
        return {
            (one.ac_id, "Phone"): "+1 555 0101",
            (two.ac_id, "Nickname__c"): "Ada ✓ “quoted”",
            (three.ac_id, "FirstName"): "Zoë-Ann",
            (four.ac_id, "Nickname__c"): "O'Brien & Søn",
            (five.ac_id, "Phone"): "+1 555 0105",
            (five.ac_id, "LastName"): "Kim-Ō",
        }

    def add_people(self, now: Picture) -> None:
        """A new contact and a new lead in Salesforce, and a contact in ActiveCampaign that wants to be one there."""
        call = self.systems.call
        nova = {"FirstName": "Nova", "LastName": "Quill", "Email": "nova@quill.example"}
        call("POST", "/salesforce/Contact", {**nova, "Product_Interest__c": "CRM;SMS"})
        leo = {"FirstName": "Leo", "LastName": "Marsh", "Email": "leo@marsh.example", "Company": "Marsh & Co"}
        call("POST", "/salesforce/Lead", {**leo, "Nickname__c": "Lion"})
        iris = {"email": "iris@field.example", "firstName": "Iris", "lastName": "Field"}
        interests = {now.titles["Interests"]: "||CRM||Events||"}
        wish = {"fieldValues": interests, "tags_add": ["create-salesforce-contact"]}
        call("POST", "/activecampaign/contacts", {**iris, **wish})

    def check_new_people(self, now: Picture) -> None:
        expected = {
            "nova@quill.example": ("Contact", "Nova", "Quill", frozenset({"CRM", "SMS"})),
            "leo@marsh.example": ("Lead", "Leo", "Marsh", "Lion"),
            "iris@field.example": ("Contact", "Iris", "Field", frozenset({"CRM", "Events"})),
        }
        tags = {"nova": "created-from-salesforce-contact", "leo": "created-from-salesforce-lead"}
        tags["iris"] = "added-to-salesforce-contact"
        for email, (sobject, first, last, more) in expected.items():
            (pair,) = (p for p in now.pairs() if now.contacts[p.ac_id]["email"] == email)
            assert pair.sobject == sobject, pair
            for side in now.both(pair):
                values = side or {}
                custom = values.get("Nickname__c" if sobject == "Lead" else "Product_Interest__c")
                assert (values["FirstName"], values["LastName"], custom) == (first, last, more), values
            held = now.contacts[pair.ac_id]["tags"]
            assert tags[email.split("@")[0]] in held, held
            assert not [tag for tag in held if tag.startswith("create-salesforce")], held

    # -- records
    def look_at_a_person(self, now: Picture) -> None:
        """The 20 newest of 24 activities in order, then one campaign, once."""
        email, window = "leo@marsh.example", self.window
        (pair,) = (p for p in now.pairs() if now.contacts[p.ac_id]["email"] == email)
        start = datetime.now(UTC) - timedelta(hours=24)
        for number in range(24):
            visit = {"kind": "event", "event": f"visit {number}", "at": (start + timedelta(hours=number)).isoformat()}
            self.systems.call("POST", f"/activecampaign/contacts/{pair.ac_id}/activity", visit)
        window.go("Records")
        window.fill("Search records", email)
        # The only hit opens at once.
        keys("Return")
        window.see("CXA Activities")
        window.see("visit 23")
        shown = [text for text in window.texts() if re.fullmatch(r"visit \d+", text)]
        assert shown == [f"visit {number}" for number in range(23, 3, -1)], shown
        window.press("Send a campaign")
        window.focus(window.find("Send a campaign", ("list",)))
        keys("Home", "space")
        window.press("Next")
        window.see("Leo Marsh?")
        window.press("Send")
        window.see(f"was sent to {email}")
        window.press("Close")
        sends = [(send["contact"], send["campaign"]) for send in self.systems.state()["activecampaign"]["sends"]]
        assert sends == [(pair.ac_id, "1")], sends

    # -- secrets
    def check_secrets(self, when: str) -> None:
        assert {"API key", "access token", "authorization code", "refresh token"} == self.canaries.names
        found = self.canaries.in_files(self.profile, self.folder / "home", self.folder / "program.out")
        shown = [name for text in self.window.texts() for name in self.canaries.found_in(text.encode())]
        assert (found, shown) == ([], []), f"{when}: {found} {shown}"
        assert self.canaries.in_command_lines == set(), self.canaries.in_command_lines
        assert self.canaries.looks > 10

    def tell(self) -> None:
        self.canaries.check_itself(self.folder / "planted")
        with self.canaries:
            self.connect()
            self.check_keyring()
            self.map_fields()
            self.choose_records()
            self.enable_cx()
            before = Picture(self.systems.state())
            self.start()
            first = Picture(self.systems.state())
            assert len(first.pairs()) > len(before.pairs()) + 8, first.pairs()
            assert after_first_sync(before, first) == []
            edits = self.edit(first)
            self.add_people(first)
            self.sync()
            second = Picture(self.systems.state())
            assert after_edits(first, second, edits) == []
            self.check_new_people(second)
            mark = self.systems.mark()
            self.sync()
            assert self.systems.record_writes(mark) == []
            assert after_edits(second, Picture(self.systems.state()), {}) == []
            self.look_at_a_person(second)
            self.check_secrets("while the program ran")
            self.quit()
        found = self.canaries.in_files(self.profile, self.folder / "home", self.folder / "program.out")
        assert found == [], found

    def quit(self) -> None:
        keys("ctrl+q")
        assert self.program.wait(20) == 0

    def close(self) -> None:
        if self.program.poll() is None:
            self.program.kill()
            self.program.wait(10)
        self.systems.stop()


def main(task_file: str) -> int:
    task = json.loads(Path(task_file).read_text())
    story = Story(task)
    try:
        story.tell()
    except BaseException:
        traceback.print_exc()
        print(story.window.report(Path(task["folder"])), file=sys.stderr)
        print((story.folder / "program.out").read_text()[-3000:], file=sys.stderr)
        return 1
    finally:
        story.close()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
