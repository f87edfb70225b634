"""Who holds our permission sets: active users, assigning and removing, with an answer for each (salesforce_api 6.3)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from acassist.domain.ids import Service
from acassist.domain.problem import Problem, ProblemCode, ProblemError
from acassist.domain.record import RowError
from acassist.domain.redact import redact
from acassist.http import Response
from acassist.salesforce.errors import row_error
from acassist.salesforce.rest import SalesforceClient
from acassist.salesforce.soql import all_of, in_list, like, select

MOST_USERS = 500
_CALL_SIZE = 200
# Deletions name their ids in the address, which is bounded.
_REMOVAL_SIZE = 100


@dataclass(frozen=True, slots=True)
class User:
    """One active user of the org; `holds` are the ids of our permission sets that are assigned already."""

    id: str
    name: str
    username: str
    profile: str
    holds: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Assignment:
    """One row of PermissionSetAssignment."""

    id: str
    user_id: str
    set_id: str


async def users(client: SalesforceClient, text: str, set_ids: Sequence[str]) -> list[User]:
    """List active users by name whose name, user name or e-mail holds `text`; at most 500."""
    found = like(text.strip())
    search = f"Name LIKE {found} OR Username LIKE {found} OR Email LIKE {found}" if text.strip() else None
    where = all_of(("IsActive = TRUE", "UserType = 'Standard'", search))
    columns = ("Id", "Name", "Username", "Profile.Name")
    rows = await client.rows(select(columns, "User", where=where, order_by="Name", limit=MOST_USERS))
    held: dict[str, set[str]] = {}
    for item in await assignments(client, set_ids):
        held.setdefault(item.user_id, set()).add(item.set_id)
    return [_user(row, held) for row in rows]


def _user(row: Mapping[str, Any], held: Mapping[str, set[str]]) -> User:
    profile = row.get("Profile") or {}
    key = str(row["Id"])
    return User(
        key,
        str(row.get("Name") or ""),
        str(row.get("Username") or ""),
        str(profile.get("Name") or ""),
        frozenset(held.get(key, ())),
    )


async def names(client: SalesforceClient, user_ids: Iterable[str]) -> dict[str, str]:
    """Return the names of users by id; an id stands for itself where the name cannot be read."""
    ids = list(dict.fromkeys(user_ids))
    found = {key: key for key in ids}
    for start in range(0, len(ids), _CALL_SIZE):
        where = f"Id IN {in_list(ids[start : start + _CALL_SIZE])}"
        for row in await client.rows(select(("Id", "Name"), "User", where=where)):
            found[str(row["Id"])] = str(row.get("Name") or row["Id"])
    return found


async def assignments(client: SalesforceClient, set_ids: Sequence[str]) -> list[Assignment]:
    """List who holds the given permission sets."""
    if not set_ids:
        return []
    where = f"PermissionSetId IN {in_list(set_ids)}"
    rows = await client.rows(select(("Id", "AssigneeId", "PermissionSetId"), "PermissionSetAssignment", where=where))
    return [Assignment(str(row["Id"]), str(row["AssigneeId"]), str(row["PermissionSetId"])) for row in rows]


async def assign(client: SalesforceClient, set_id: str, user_ids: Sequence[str]) -> dict[str, RowError | None]:
    """Assign a permission set; None for each user who has it now, else what Salesforce said.

    Repeating it is harmless: somebody who has the set already counts as done.
    """
    out: dict[str, RowError | None] = {}
    for start in range(0, len(user_ids), _CALL_SIZE):
        part = user_ids[start : start + _CALL_SIZE]
        kind = {"type": "PermissionSetAssignment"}
        records = [{"attributes": kind, "AssigneeId": key, "PermissionSetId": set_id} for key in part]
        body = {"allOrNone": False, "records": records}
        response = await client.send("POST", "composite/sobjects", json=body, idempotent=True)
        for key, error in zip(part, _errors(response, len(part)), strict=True):
            out[key] = None if error is None or error.code == "DUPLICATE_VALUE" else error
    return out


async def remove(client: SalesforceClient, found: Sequence[Assignment]) -> dict[str, RowError | None]:
    """Take assignments away; None for each assignment that is gone, by its id."""
    out: dict[str, RowError | None] = {}
    for start in range(0, len(found), _REMOVAL_SIZE):
        part = [item.id for item in found[start : start + _REMOVAL_SIZE]]
        path = f"composite/sobjects?ids={','.join(part)}&allOrNone=false"
        response = await client.send("DELETE", path, idempotent=True)
        for key, error in zip(part, _errors(response, len(part)), strict=True):
            out[key] = None if error is None or error.code in _GONE else error
    return out


_GONE = ("ENTITY_IS_DELETED", "INVALID_CROSS_REFERENCE_KEY", "NOT_FOUND")


def refusal(error: RowError, name: str) -> Problem:
    """Turn one refusal into a problem that names the user."""
    values = {"name": name, "reason": (error.message or error.code).strip().rstrip(".")}
    detail = redact(f"{error.code}: {error.message}")[:400]
    return Problem(ProblemCode.ASSIGN_REFUSED, values=values, detail=detail, service=Service.SALESFORCE)


def _errors(response: Response, expected: int) -> list[RowError | None]:
    body = response.json()
    if not isinstance(body, list) or len(body) != expected or not all(isinstance(item, dict) for item in body):
        raise ProblemError(response.bad_answer())
    return [None if item.get("success") is True else _first(item) for item in body]


def _first(item: Mapping[str, Any]) -> RowError:
    errors = item.get("errors") or ()
    return row_error(errors[0]) if errors else RowError("UNKNOWN", "")
