"""Planted bugs: `python -m tests.simulation.mutants` puts one into a copy of the program and lets the seeds find it.

A mutant is caught when a seed fails. What the seeds cannot see by design (who wins a conflict, brakes, the status
race) is planted as well where another suite has to see it; those name that suite.
"""

from __future__ import annotations

import argparse
import re
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SEEDS = "-m tests.simulation --stop --seeds {seeds} --start {start}"
FLOW = "-m pytest -x -q -p no:cacheprovider tests/flow/{name}"


@dataclass(frozen=True)
class Mutant:
    """One wrong line: where, what it replaces, and which suite has to notice."""

    name: str
    file: str
    old: str
    new: str
    suite: str = SEEDS


def flow(name: str) -> str:
    """Return the command of one file of flow tests."""
    return FLOW.replace("{name}", name)


MUTANTS = (
    Mutant("Salesforce cursors move before the work", "run.py",
           "    _guard(ctx, works)\n    if ctx.inbound", "    _guard(ctx, works)\n    _move_cursors(ctx, works)\n    if ctx.inbound"),
    Mutant("ActiveCampaign cursor moves before its pages", "observe.py",
           "    newest = since\n", "    newest = since\n    ledger.set_cursor(_DELTA_CURSOR, ctx.clock.now().isoformat())\n"),
    Mutant("absence in the index is taken for deletion", "pairs.py",
           "    read = await fresh_contacts(ctx, absent) if absent else {}", "    read = {}"),
    Mutant("a change is not marked as unseen", "observe.py", "    ctx.stores.ledger.mark_unseen(moved)\n", ""),
    Mutant("the opt-out is cleared", "opt_out.py", "{OPT_OUT_FIELD: True}", "{OPT_OUT_FIELD: False}"),
    Mutant("opt-outs of one direction are forgotten", "opt_out.py", " and o not in postponed]", "]"),
    Mutant("an address change goes by e-mail", "contact_writes.py",
           "contact = await ctx.activecampaign.update_contact(\n            update.ac_id, ContactWrite(update.values.get(\"email\"), values)\n        )",
           "contact = await ctx.activecampaign.sync_contact(ContactWrite(update.values.get(\"email\") or update.email, values))"),
    Mutant("the echo of a twin counts", "twins.py", "    if not written:\n        return\n", "    return\n",
           flow("test_engine_identity.py")),
    Mutant("every link is primary", "twins.py", "    return not any(other.primary for other in others)\n", "    return True\n"),
    Mutant("a twin does not take over", "lifecycle.py", "            hand_over(ctx, link)\n            # What", "            # What",
           flow("test_engine_identity.py")),
    Mutant("a dropped write advances the base", "plan.py", "(old[k] if k in dropped else v)", "v"),
    Mutant("the base never advances", "pairs.py", "**plan.base}", "**link.base}"),
    Mutant("tags are not asked", "pairs.py", "        if plan.pair.ac.id not in tagged:\n", "        if False:\n"),
    Mutant("a conversion is not followed", "lifecycle.py", "        elif record.converted:\n", "        elif False:\n"),
    Mutant("a merge is not followed", "lifecycle.py", "    if record.survivor_id is None:\n", "    if True:\n",
           flow("test_engine_identity.py")),
    Mutant("a restored record stays broken", "lifecycle.py",
           "                _restored(ctx, link)\n", "                pass\n"),
    Mutant("two records of one object share a contact", "lifecycle.py",
           "    return any(o.id != link.id and o.sobject is sobject", "    return False and any(o.id != link.id and o.sobject is sobject"),
    Mutant("rivals for an address are not looked for", "match.py", "        if len(rivals) > 1:\n", "        if False:\n"),
    Mutant("a deleted contact is linked", "match.py", "    fresh = await fresh_contacts(ctx, ids)\n",
           "    return found\n    fresh = await fresh_contacts(ctx, ids)\n"),
    Mutant("a record is created without looking", "triggers.py", "        found = live.get(email, [])\n", "        found = []\n"),
    Mutant("the trigger tag stays", "triggers.py", "        await remove_tag(ctx, contact.id, TRIGGER[sobject])\n", "        pass\n"),
    Mutant("a lost answer of a record is forgotten", "recover.py",
           "            if len(made) == 1 and", "            if False and len(made) == 1 and", flow("test_engine_faults.py")),
    Mutant("a lost answer of a pair is forgotten", "recover.py",
           "        elif intent.kind is IntentKind.UPDATE_CONTACT:\n            await _pairs_updated(ctx, intent)\n", "",
           flow("test_engine_faults.py")),
    Mutant("no intent before updates", "pairs.py", "    intent = _open_intent(ctx, work)\n", "    intent = None\n",
           flow("test_engine_faults.py")),
    Mutant("a changed mapping is not noticed", "guard.py",
           "        if before is not None and before != now and", "        if False and", flow("test_engine_basics.py")),
    Mutant("the status is written over an edit", "record_writes.py", " != row.stamp:", " < row.stamp:",
           flow("test_engine_refusals.py")),
    Mutant("nobody reads the contact before it is written", "pairs.py",
           "    fresh = await fresh_contacts(ctx, wanted) if wanted else {}\n    with",
           "    fresh = {p.pair.ac.id: p.pair.ac for p in plans}\n    with", flow("test_engine_identity.py")),
    Mutant("the organisation is not compared", "guard.py", "org.org_id[:15] != expected.org_id[:15]", "False",
           flow("test_engine_basics.py")),
    Mutant("a failed version is tried for ever", "pairs.py", "if _may_try(ctx, p, now)]", "]", flow("test_engine_refusals.py")),
    Mutant("a refused record stops the run", "contact_writes.py",
           "        if error.problem.reaction is Reaction.STOP:\n            raise\n        written", "        raise\n        written"),
    Mutant("opt-outs do not reach ActiveCampaign", "opt_out.py", "        await _unsubscribe(ctx, one)\n", "        pass\n"),
    Mutant("an inbound run takes the mark away", "pairs.py", "ac_stamp=None if unseen or again else", "ac_stamp=None if again else"),
    Mutant("what a conversion left behind is emptied", "pairs.py", "_arrived(ctx, link, sf), primary", "link, primary"),
)  # fmt: skip


def plant(mutant: Mutant, folder: Path) -> None:
    """Copy the program into `folder` with the wrong line; ValueError when the right one is not there once."""
    shutil.copytree(ROOT / "acassist", folder / "acassist", ignore=shutil.ignore_patterns("__pycache__", "gui"))
    for name in ("tests", "resources", "pyproject.toml"):
        (folder / name).symlink_to(ROOT / name)
    path = folder / "acassist" / "sync" / mutant.file
    text = path.read_text()
    if text.count(mutant.old) != 1:
        raise ValueError(f"{mutant.name}: the line is there {text.count(mutant.old)} times")
    path.write_text(text.replace(mutant.old, mutant.new))


def caught(mutant: Mutant, *, seeds: int, start: int) -> tuple[bool, str]:
    """Play a mutant; return whether its suite failed, and the first words of why."""
    with tempfile.TemporaryDirectory() as name:
        plant(mutant, Path(name))
        command = mutant.suite.replace("{seeds}", str(seeds)).replace("{start}", str(start))
        done = subprocess.run([sys.executable, *command.split()], cwd=name, capture_output=True, text=True, check=False)
    lines = [line for line in done.stdout.splitlines() if re.match(r"(seed|  |FAILED|E  )", line)]
    return done.returncode != 0, " ".join(lines[:2])[:150]


def main(arguments: list[str] | None = None) -> int:
    """Play all mutants, or those whose name contains a text, and return how many went unnoticed."""
    parser = argparse.ArgumentParser(prog="python -m tests.simulation.mutants")
    parser.add_argument("--seeds", type=int, default=100)
    parser.add_argument("--start", type=int, default=0)
    parser.add_argument("--name", default="")
    options = parser.parse_args(arguments)
    missed = 0
    for mutant in (m for m in MUTANTS if options.name in m.name):
        found, why = caught(mutant, seeds=options.seeds, start=options.start)
        missed += not found
        print("caught" if found else "MISSED", mutant.name, "|", why, flush=True)
    return missed


if __name__ == "__main__":
    sys.exit(main())
