"""The world of the kill tests: people on both sides, a day's edits, and a comparison independent of the engine."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from acassist.sandbox import keep
from acassist.sandbox.server import Running, build
from acassist.sandbox.settings import Settings

Json = dict[str, Any]
ROOT = Path(__file__).parents[2]
NICKNAME = "14"
CAMPAIGN = "1"
STATUS, CONTACT_ID = "ActiveCampaign_Sync_Status__c", "ActiveCampaign_ID__c"
QUICK = Settings(leads=0, contacts=0, bulk_seconds=0.0, bulk_false_seconds=0.0)


def mail(name: str) -> str:
    return f"{name}@kill-{name[0]}.example"


@dataclass
class Place:
    """A served sandbox and the profile that works on it."""

    running: Running
    folder: Path
    token: str
    client: httpx.Client = field(init=False)

    def __post_init__(self) -> None:
        self.client = httpx.Client(base_url=self.running.info["control"], trust_env=False)

    def call(self, method: str, path: str, body: Any = None) -> Any:
        answer = self.client.request(method, path, json=body)
        assert answer.is_success, f"{method} {path}: {answer.text}"
        return answer.json()

    def close(self) -> None:
        self.client.close()
        self.running.stop()

    # -- runs
    def start(self) -> subprocess.Popen[str]:
        """Start the program; it waits for its task."""
        command = (sys.executable, "-m", "tests.e2e.run_sync")
        pipe = subprocess.PIPE
        return subprocess.Popen(command, cwd=ROOT, stdin=pipe, stdout=pipe, stderr=pipe, text=True)

    def task(self, kind: str, people: list[tuple[str, str]] | None = None) -> str:
        task = {"kind": kind, "folder": str(self.folder), "info": self.running.info, "token": self.token}
        return json.dumps({**task, "campaign": CAMPAIGN, "people": people or []})

    def run(self, kind: str = "sync", people: list[tuple[str, str]] | None = None) -> Json:
        """Let the program do a task undisturbed and return what it told."""
        process = self.start()
        out, errors = process.communicate(self.task(kind, people), timeout=60)
        assert (process.returncode, errors) == (0, ""), errors
        result: Json = json.loads(out)
        return result

    def run_killed(self, trap: Json, kind: str = "sync", people: list[tuple[str, str]] | None = None) -> None:
        """Let the program walk into a trap that kills it after a call was carried out."""
        process = self.start()
        self.call("POST", "/faults", {**trap, "action": {"kind": "kill_after", "pid": process.pid}})
        out, errors = process.communicate(self.task(kind, people), timeout=60)
        assert process.returncode == -signal.SIGKILL, f"not killed: {out} {errors}"
        self.call("DELETE", "/faults")

    def writes(self) -> list[str]:
        """Name the record writes since the log was cleared; log-in and the hourly sign of life are none."""
        return [
            f"{e['method']} {e['path']}"
            for e in self.call("GET", "/log")
            if e["kind"] == "write" and "/connections" not in e["path"]
        ]

    # -- edits as another user
    def sf_add(self, sobject: str, name: str, **fields: Any) -> str:
        more = {"Company": f"{name} Ltd"} if sobject == "Lead" else {}
        given = {"FirstName": name, "LastName": "Tester", "Email": mail(name), **more, **fields}
        return str(self.call("POST", f"/salesforce/{sobject}", given)["id"])

    def sf_edit(self, name: str, **fields: Any) -> None:
        for sobject in ("Lead", "Contact"):
            for row in self.call("GET", f"/state/salesforce/{sobject}"):
                if row.get("Email") == mail(name):
                    self.call("PATCH", f"/salesforce/{sobject}/{row['Id']}", fields)
                    return
        raise LookupError(name)

    def ac_add(self, name: str, **fields: Any) -> str:
        given = {"email": mail(name), "firstName": name, "lastName": "Tester", **fields}
        return str(self.call("POST", "/activecampaign/contacts", given)["id"])

    def ac_edit(self, name: str, **fields: Any) -> None:
        self.call("PATCH", f"/activecampaign/contacts/{self.ac_id(name)}", fields)

    def ac_id(self, name: str) -> str:
        rows = self.call("GET", "/state/activecampaign/contacts")
        return next(str(row["id"]) for row in rows if row["email"] == mail(name))

    # -- what there is
    def snapshot(self) -> Json:
        """Return both sides by e-mail address, every record of an address in a list, ids left out."""
        state = self.call("GET", "/state")
        ids = {c["email"]: c["id"] for c in state["activecampaign"]["contacts"]}
        people: dict[str, list[Json]] = {}
        for sobject in ("Lead", "Contact"):
            for row in state["salesforce"][sobject]:
                people.setdefault(f"{sobject} {row['Email']}", []).append(_salesforce(row, ids))
        for row in state["activecampaign"]["contacts"]:
            people.setdefault(f"ActiveCampaign {row['email']}", []).append(_activecampaign(row))
        return {
            **dict(sorted(people.items())),
            "accounts": sorted(row["name"] for row in state["activecampaign"]["accounts"]),
            "tags": sorted(row["tag"] for row in state["activecampaign"]["tags"]),
        }


def _salesforce(row: Json, ids: dict[str, str]) -> Json:
    kept = {key: row.get(key) for key in ("FirstName", "LastName", "Phone", "Company", "Nickname__c", STATUS)}
    return {**kept, "right id": str(row.get(CONTACT_ID, "")).split(".")[0] == ids.get(row["Email"])}


def _activecampaign(row: Json) -> Json:
    kept = {key: row[key] or None for key in ("firstName", "lastName", "phone", "account", "tags", "lists")}
    return {**kept, "nickname": row["fieldValues"].get(NICKNAME) or None}


def disagreements(snapshot: Json) -> list[str]:
    """Compare the two sides of every address, field by field, with this table; duplicates are disagreements too."""
    found = [f"{key}: {len(rows)} records" for key, rows in snapshot.items() if "@" in key and len(rows) != 1]
    pairs = (("FirstName", "firstName"), ("LastName", "lastName"), ("Phone", "phone"), ("Nickname__c", "nickname"))
    for key, rows in snapshot.items():
        sobject, _, email = key.partition(" ")
        if sobject not in ("Lead", "Contact"):
            continue
        contact = snapshot.get(f"ActiveCampaign {email}", [{}])[0]
        for sf, ac in (*pairs, *((("Company", "account"),) if sobject == "Lead" else ())):
            if (rows[0][sf] or None) != contact.get(ac):
                found.append(f"{key} {sf}: {rows[0][sf]!r} and {contact.get(ac)!r}")
        if rows[0][STATUS] != "Synced successfully" or not rows[0]["right id"]:
            found.append(f"{key}: status {rows[0][STATUS]!r}, right id {rows[0]['right id']}")
    return found


# -- the story
def first_people(place: Place) -> None:
    """Twelve leads and twelve contacts that only Salesforce knows."""
    for number in range(1, 13):
        place.sf_add("Lead", f"lead{number:02}", Phone=f"+1 555 01{number:02}", Nickname__c=f"L{number}")
        place.sf_add("Contact", f"person{number:02}", Phone=f"+1 555 02{number:02}", Nickname__c=f"P{number}")


def a_days_edits(place: Place) -> None:
    """Edits, new people and wishes on both sides: a run on them makes every kind of write several times."""
    for number in range(1, 11):
        place.sf_edit(f"lead{number:02}", Phone=f"+1 555 11{number:02}")
    for number in range(1, 5):
        place.sf_edit(f"person{number:02}", LastName=f"Renamed {number}")
    for number in range(8, 13):
        place.ac_edit(f"lead{number:02}", firstName=f"Changed {number}")
        place.ac_edit(f"person{number:02}", firstName=f"Changed {number}")
    for number in range(1, 12):
        place.sf_add("Lead", f"newlead{number:02}", Nickname__c=f"N{number}")
    for number in range(1, 4):
        place.sf_add("Contact", f"fresh{number}", Nickname__c=f"F{number}")
        place.sf_add("Contact", f"known{number}", Nickname__c=f"K{number}")
        place.ac_add(f"known{number}", phone=f"+1 555 03{number:02}")
    for number in range(1, 6):
        place.ac_add(f"wished{number}", fieldValues={NICKNAME: f"W{number}"}, tags_add=["create-salesforce-contact"])
    place.ac_add("wishedlead", account="Wish Works", tags_add=["create-salesforce-lead"])


def edits_while_it_is_down(place: Place) -> None:
    """Edits of people whose writes were on their way: the same field again, another field, and newcomers."""
    place.sf_edit("lead01", Phone="+1 555 9901")
    place.sf_edit("lead06", Phone="+1 555 9906")
    place.sf_edit("person01", LastName="Renamed twice")
    place.sf_edit("person04", Nickname__c="Four again")
    place.ac_edit("lead08", firstName="Changed twice")
    place.ac_edit("person12", firstName="Changed twice")
    place.ac_edit("lead02", fieldValues={NICKNAME: "Two again"})
    for number in (1, 6, 11):
        place.sf_edit(f"newlead{number:02}", Nickname__c=f"Newcomer {number}, renamed")
    for number in range(1, 4):
        place.sf_edit(f"fresh{number}", Nickname__c=f"Fresh {number}, renamed")
        place.sf_edit(f"known{number}", Nickname__c=f"Known {number}, renamed")
    for number in range(1, 6):
        place.ac_edit(f"wished{number}", fieldValues={NICKNAME: f"Wish {number}, renamed"})
    for number in (2, 7, 10):
        _edit_newcomer(place, f"newlead{number:02}", f"Newcomer {number}, changed")


def _edit_newcomer(place: Place, name: str, nickname: str) -> None:
    """Edit a new person in ActiveCampaign when the killed program got so far, else in Salesforce."""
    try:
        place.ac_edit(name, fieldValues={NICKNAME: nickname})
    except StopIteration:
        place.sf_edit(name, Nickname__c=nickname)


class Stage:
    """A finished first sync, kept as files: every case starts from a copy."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def prepare(self) -> None:
        """Build the world, make the first sync and keep both."""
        world = build(QUICK)
        token = world.salesforce.auth.new_family(
            user_id=world.salesforce.user_id, scope="api refresh_token", now=0.0, cap=5
        ).current
        place = Place(Running(world), self.folder / "profile", token)
        try:
            first_people(place)
            result = place.run()
            assert result["state"] == "done", result
            assert place.run()["state"] == "done"
            (self.folder / "token").write_text(token)
            place.running.save(self.folder / "world")
        finally:
            place.close()

    def open(self, copy: Path) -> Place:
        """Serve a copy."""
        shutil.copytree(self.folder / "profile", copy)
        world = keep.load(self.folder / "world")
        assert world is not None
        return Place(Running(world), copy, (self.folder / "token").read_text())
