"""Settings in words: what was changed, and what a stored value is called."""

from __future__ import annotations

from acassist.domain.mapping import CONFLICT_LABELS, DIRECTION_LABELS, UPDATE_LABELS
from acassist.domain.profile import STEP_TITLES, Step
from acassist.domain.schedule import FREQUENCY_LABELS
from acassist.domain.selection import OPERATOR_LABELS, Join, SelectionKind
from acassist.domain.text import Message
from acassist.gui.strings import message, tr

_LABELS: dict[str, dict[str, str]] = {
    "direction": {choice.value: label for choice, label in DIRECTION_LABELS.items()},
    "update": {choice.value: label for choice, label in UPDATE_LABELS.items()},
    "conflict": {choice.value: label for choice, label in CONFLICT_LABELS.items()},
    "operator": {choice.value: label for choice, label in OPERATOR_LABELS.items()},
    "frequency": {choice.value: label for choice, label in FREQUENCY_LABELS.items()},
}


def setting_words(path: str) -> str:
    """Name a stored value by what a person knows it by; unknown parts stay as they are stored."""
    whole = _names().get(path)
    if whole is not None:
        return whole
    head, _, rest = path.partition(".")
    group = _groups().get(head, head)
    if not rest:
        return group
    known = _parts()
    parts = [known.get(part, part.replace("~", " ↔ ")) for part in rest.split(".")]
    return tr("{group} · {rest}", group=group, rest=" · ".join(part for part in parts if part))


def _parts() -> dict[str, str]:
    """Name what a path is made of; a mapping row is named by its two fields, a list entry by its place."""
    return {
        "lead": tr("Leads"),
        "contact": tr("Contacts"),
        "account": tr("Accounts"),
        "accounts_on": tr("Account field mapping"),
        "ac_key": tr("ActiveCampaign field"),
        "sf_field": tr("Salesforce field"),
        "direction": tr("Direction"),
        "update": tr("Update rule"),
        "conflict": tr("Conflict rule"),
        "copy_blanks": tr("Copy blanks"),
        "locale": tr("Way of writing numbers and dates"),
        "kind": tr("Selection"),
        "criteria": tr("Conditions"),
        "rows": "",
        "join": tr("How many must hold"),
        "field": tr("Field"),
        "operator": tr("Operator"),
        "value": tr("Value"),
        "schedule": tr("Schedule"),
        "scheduled_at": tr("Scheduled"),
        "frequency": tr("Frequency"),
        "hour": tr("Hour"),
        "enabled": tr("Switched on"),
        "campaigns": tr("Campaigns"),
        "automations": tr("Automations"),
    }


def _groups() -> dict[str, str]:
    return {
        "activecampaign": tr("ActiveCampaign"),
        "salesforce": tr("Salesforce"),
        "mapping": message(Message(STEP_TITLES[Step.MAPPING])),
        "outbound": message(Message(STEP_TITLES[Step.OUTBOUND])),
        "cx": tr("CX Automation"),
        "limits": tr("Quotas and brakes"),
        "defaults": tr("Sync defaults"),
        "started": tr("Sync started"),
        "paused": tr("Paused"),
        "finished": tr("Finished steps"),
        "ask_each_time": tr("Ask for secrets each time"),
        "role": tr("Your role here"),
    }


def _names() -> dict[str, str]:
    return {
        "limits.overwrite_count": tr("Overwritten records"),
        "limits.overwrite_percent": tr("Overwritten records, share"),
        "limits.emptied_count": tr("Emptied fields"),
        "limits.salesforce_share": tr("Salesforce calls"),
        "defaults.last_name": tr("Last name where there is none"),
        "defaults.company": tr("Company where there is none"),
        "defaults.sync_opt_out": tr("Opt-outs flow both ways"),
        "defaults.run_automations": tr("New contacts start automations"),
        "defaults.auto_assign": tr("New leads follow assignment rules"),
    }


def event_words(what: str) -> str:
    """Name an entry of the audit log."""
    head, _, rest = what.partition(".")
    if head == "step" and rest in set(Step):
        return tr("{step} finished", step=message(Message(STEP_TITLES[Step(rest)])))
    if head == "sweep":
        return tr("Allowance of a rolling check changed")
    names = {
        "limits": tr("Quotas and brakes changed"),
        "defaults": tr("Sync defaults changed"),
        "start": tr("Sync started"),
        "paused": tr("Paused or resumed"),
        "import": tr("Set-up imported"),
        "restore": tr("Copy restored"),
        "unlink": tr("Link ended"),
        "relink": tr("Linked with another record"),
        "make_primary": tr("Primary record chosen"),
        "choose_account": tr("Account chosen"),
        "move_account": tr("Account moved"),
        "disconnect": tr("Disconnected"),
        "ask_each_time": tr("Where secrets are kept"),
        "conflict": tr("Conflict decided"),
        "duplicate": tr("Duplicate decided"),
        "link_again": tr("Link made anew"),
        "opt_out": tr("Opt-out decided"),
    }
    return names.get(what, what)


def lines_words(text: str) -> str:
    """Name the values of an entry, one a line."""
    return "\n".join(_line(line) for line in text.splitlines())


def _line(line: str) -> str:
    path, colon, value = line.partition(": ")
    return tr("{setting}: {value}", setting=setting_words(path), value=value_words(path, value)) if colon else line


def _selections() -> dict[str, str]:
    return {
        SelectionKind.NONE.value: tr("None"),
        SelectionKind.NEW.value: tr("All created from this point forward"),
        SelectionKind.MARKED.value: tr("Those marked for the next sync"),
        SelectionKind.CRITERIA.value: tr("Those that match certain criteria"),
    }


def value_words(path: str, value: str) -> str:
    """Say a stored value as the wizard says it."""
    if value in ("", "True", "False"):
        return {"": tr("blank"), "True": tr("on")}.get(value, tr("off"))
    if path.endswith(".kind"):
        return _selections().get(value, value)
    if path.endswith(".join"):
        return tr("all conditions hold") if value == Join.AND.value else tr("at least one condition holds")
    labels = _LABELS.get(path.rpartition(".")[2], {})
    return tr(labels[value]) if value in labels else value
