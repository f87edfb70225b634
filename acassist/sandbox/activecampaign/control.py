"""The back door of the ActiveCampaign side: its state, and edits as another user (no key, no limits)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from acassist.sandbox.activecampaign.account import STANDARD, Account
from acassist.sandbox.activecampaign.activity import record
from acassist.sandbox.activecampaign.companies import add_company, same_name
from acassist.sandbox.activecampaign.imports import settle
from acassist.sandbox.activecampaign.state import Contact
from acassist.sandbox.activecampaign.wire import ApiError, Json

if TYPE_CHECKING:
    from acassist.sandbox.world import World

OTHER_USER = "2"


def contact_state(account: Account, contact: Contact) -> Json:
    """Return a person as plain values without stamps."""
    companies, tags = account.tables["accounts"].rows, account.tables["tags"].rows
    return {
        "id": str(contact.id),
        "email": contact.email,
        "firstName": contact.first,
        "lastName": contact.last,
        "phone": contact.phone,
        "bounced": bool(contact.bounced_hard),
        "fieldValues": {str(key): row.value for key, row in sorted(contact.values.items())},
        "tags": sorted(tags[tag]["tag"] for tag in contact.tags),
        "lists": {str(key): row.status for key, row in sorted(contact.lists.items())},
        "account": companies[contact.affiliation.account]["name"] if contact.affiliation else None,
    }


def _companies(account: Account) -> list[Json]:
    data: dict[str, Json] = {}
    for row in account.tables["accountCustomFieldData"]:
        data.setdefault(row["accountId"], {})[row["customFieldId"]] = row["fieldValue"]
    return [
        {"id": row["id"], "name": row["name"], "accountUrl": row["accountUrl"], "fields": data.get(row["id"], {})}
        for row in account.tables["accounts"]
    ]


def _entries(account: Account) -> list[Json]:
    keys = ("id", "contact", "automation", "status", "completed")
    return [{key: row[key] for key in keys} for row in account.tables["contactAutomations"]]


def _contacts(account: Account) -> list[Json]:
    return [contact_state(account, contact) for _, contact in sorted(account.contacts.items())]


_KINDS: dict[str, Callable[[Account], list[Json]]] = {
    "contacts": _contacts,
    "accounts": _companies,
    "contactAutomations": _entries,
    "sends": lambda account: list(account.sends),
    "connections": lambda account: [
        {key: row[key] for key in ("id", "service", "externalid", "name", "status")}
        for row in account.tables["connections"]
    ],
    "tags": lambda account: [{"id": row["id"], "tag": row["tag"]} for row in account.tables["tags"]],
    "fields": lambda account: [{k: row[k] for k in ("id", "title", "type")} for row in account.tables["fields"]],
}


def state(account: Account) -> Json:
    """Return everything that a check compares; imports that are due are carried out first."""
    settle(account)
    return {name: read(account) for name, read in _KINDS.items()}


def apply(account: Account, contact: Contact, changes: Json) -> None:
    """Edit a person: standard keys, fieldValues, tags_add, tags_remove, lists, account. Raises ValueError."""
    known = {*STANDARD, "fieldValues", "tags_add", "tags_remove", "lists", "account", "suppress_automations"}
    if unknown := set(changes) - known:
        raise ValueError(f"unknown keys: {', '.join(sorted(unknown))}")
    standard = {key: value for key, value in changes.items() if key in STANDARD}
    if standard:
        account.set_standard(contact, standard)
    for field, value in changes.get("fieldValues", {}).items():
        account.tables["fields"].get(field)
        account.set_value(contact, int(field), value)
    for list_id, status in changes.get("lists", {}).items():
        account.tables["lists"].get(list_id)
        account.set_list(contact, int(list_id), int(status), sourceid=4)
    if "account" in changes:
        _move(account, contact, changes["account"])
    _retag(account, contact, changes)


def _move(account: Account, contact: Contact, name: Any) -> None:
    if not name and contact.affiliation:
        account.part(contact.affiliation)
    elif name:
        company = same_name(account, str(name)) or add_company(account, str(name))
        account.affiliate(contact, int(company["id"]))


def _retag(account: Account, contact: Contact, changes: Json) -> None:
    for name in changes.get("tags_remove", []):
        tag = account.tag_id(name)
        if tag in contact.tags:
            account.remove_tag(contact.tags[tag])
    before, account.suppress_automations = account.suppress_automations, bool(changes.get("suppress_automations"))
    for name in changes.get("tags_add", []):
        account.add_tag(contact, account.tag_id(name))
    account.suppress_automations = before


class _Door:
    """Runs a handler as the other user and turns refusals into answers."""

    def __init__(self, world: World) -> None:
        self.world = world

    def route(self, path: str, method: str, handler: Callable[[Account, Request, Json], Any]) -> Route:
        async def endpoint(request: Request) -> Response:
            account = self.world.activecampaign
            given = await request.json() if method in ("POST", "PATCH") else {}
            settle(account)
            account.user = OTHER_USER
            try:
                return JSONResponse(handler(account, request, given))
            except ValueError as error:
                return JSONResponse({"error": str(error)}, 400)
            except ApiError as error:
                return JSONResponse(error.reply.body, error.reply.status)
            finally:
                account.user = "1"
                account.take_writes()

        return Route(path, endpoint, methods=[method])


def _create(account: Account, _request: Request, given: Json) -> Json:
    email = str(given.get("email", ""))
    if "@" not in email or account.find(email):
        raise ValueError("email must be new and valid")
    standard = {key: value for key, value in given.items() if key in STANDARD and key != "email"}
    contact = account.create(email, standard)
    apply(account, contact, {key: value for key, value in given.items() if key not in STANDARD})
    return contact_state(account, contact)


def _edit(account: Account, request: Request, given: Json) -> Json:
    contact = account.contact(request.path_params["id"])
    apply(account, contact, given)
    return contact_state(account, contact)


def _delete(account: Account, request: Request, _given: Json) -> Json:
    account.delete(account.contact(request.path_params["id"]))
    return {}


def _activity(account: Account, request: Request, given: Json) -> Json:
    contact = account.contact(request.path_params["id"])
    if "at" in given:
        given = {**given, "at": datetime.fromisoformat(given["at"])}
    record(account, contact, given)
    return {"activities": len(account.activities[contact.id])}


def _settings(account: Account, _request: Request, given: Json) -> Json:
    """Change switches, or what is not a switch: `excluded` (addresses) and `subscriber_limit`."""
    given = dict(given)
    if "excluded" in given:
        account.excluded = {str(email).lower() for email in given.pop("excluded")}
    if "subscriber_limit" in given:
        account.subscriber_limit = int(given.pop("subscriber_limit"))
    account.configure(given)
    return account.settings.as_dict()


def _finish(account: Account, _request: Request, _given: Json) -> Json:
    settle(account, at_once=True)
    return {}


def _kind(account: Account, request: Request, _given: Json) -> Any:
    read = _KINDS.get(request.path_params["kind"])
    if read is None:
        raise ValueError(f"kind must be one of {', '.join(_KINDS)}")
    return read(account)


def routes(world: World) -> list[Route]:
    """Return the routes of the control app that belong to this side."""
    door, people = _Door(world), "/activecampaign/contacts"
    return [
        door.route("/state/activecampaign/{kind}", "GET", _kind),
        door.route(people, "POST", _create),
        door.route(people + "/{id}", "PATCH", _edit),
        door.route(people + "/{id}", "DELETE", _delete),
        door.route(people + "/{id}/activity", "POST", _activity),
        door.route("/activecampaign/settings", "PATCH", _settings),
        door.route("/activecampaign/imports/finish", "POST", _finish),
    ]
