"""The whole state of an org as JSON-able values, so that a sandbox can go on after a restart."""

from __future__ import annotations

from dataclasses import asdict, fields
from typing import Any

from acassist.sandbox.salesforce.auth import Family
from acassist.sandbox.salesforce.fields import Field
from acassist.sandbox.salesforce.org import SalesforceOrg
from acassist.sandbox.salesforce.schema import PEOPLE
from acassist.sandbox.salesforce.switches import Switches

IDENTITIES = ("org_id", "user_id", "other_user_id", "queue_id", "profile_id")
SECRETS = ("client_id", "client_secret", "username", "password")


def dump(org: SalesforceOrg) -> dict[str, Any]:
    """Return rows, custom fields, switches, log-ins and refresh tokens; open queries and jobs are not kept."""
    families = [asdict(family) for family in org.auth.families]
    for family in families:
        family["past"] = sorted(family["past"])
        family["sessions"] = []
    return {
        "identities": {name: getattr(org, name) for name in IDENTITIES},
        "auth": {name: getattr(org.auth, name) for name in SECRETS} | {"callbacks": list(org.auth.callbacks)},
        "families": families,
        "ids": org.ids.counters(),
        "switches": asdict(org.switches),
        "custom_fields": {name: [asdict(f) for f in _custom(org, name)] for name in PEOPLE},
        "rows": [
            {"tooling": tooling, "sobject": name, "rows": list(table.rows.values())}
            for (tooling, name), table in org.tables.items()
        ],
    }


def restore(org: SalesforceOrg, saved: dict[str, Any]) -> None:
    """Make a freshly built org what `dump` saw. Raises KeyError and TypeError for values of another shape."""
    for name in IDENTITIES:
        setattr(org, name, saved["identities"][name])
    for name, value in saved["auth"].items():
        setattr(org.auth, name, value)
    org.auth.families = [_family(values) for values in saved["families"]]
    org.auth.sessions.clear()
    org.ids.restore(saved["ids"])
    known = {item.name for item in fields(Switches)}
    org.switches = Switches(**{name: value for name, value in saved["switches"].items() if name in known})
    _fields(org, saved["custom_fields"])
    for entry in saved["rows"]:
        table = org.tables[bool(entry["tooling"]), entry["sobject"]]
        for key in list(table.rows):
            table.remove(key)
        table.fill(entry["rows"])
    org.toggled()


def _custom(org: SalesforceOrg, name: str) -> list[Field]:
    return [field for field in org.schema.find(name).fields.values() if field.custom]


def _fields(org: SalesforceOrg, saved: dict[str, list[dict[str, Any]]]) -> None:
    for name, entries in saved.items():
        item = org.schema.find(name)
        for field in _custom(org, name):
            item.drop(field.name)
        for entry in entries:
            lists = {key: tuple(entry[key]) for key in ("refs", "picklist")}
            item.add(Field(**{**entry, **lists}))


def _family(values: dict[str, Any]) -> Family:
    return Family(**{**values, "past": set(values["past"]), "sessions": set()})
