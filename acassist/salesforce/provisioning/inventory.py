"""Finds what an org has already: fields by describe and Tooling, permission sets and what they grant."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from acassist.domain.fields import ObjectDescription, SalesforceField, find_sync_fields
from acassist.domain.ids import PEOPLE, SObject
from acassist.domain.problem import ProblemCode, ProblemError
from acassist.salesforce import query
from acassist.salesforce.caller import HIDDEN
from acassist.salesforce.provisioning.definitions import (
    FIELDS,
    LINK_NAME,
    MARK,
    MOST_EXTERNAL_IDS,
    OPT_OUT,
    PERMISSION_SETS,
    FieldSpec,
    PermissionSetSpec,
    Role,
)
from acassist.salesforce.provisioning.package import FieldRight, SetContent
from acassist.salesforce.rest import SalesforceClient
from acassist.salesforce.soql import all_of, in_list, quote, select

# What only informs goes on without what an org refuses to tell, for whatever reason.
_UNTOLD = HIDDEN | {ProblemCode.SF_REJECTED, ProblemCode.INTERNAL}
# What the engine can write: texts into text fields and picklists, an id into a number as well. Names of describe
# (lower case) and of the Tooling API.
_TEXTS = frozenset({"string", "textarea", "Text", "TextArea", "LongTextArea"})
_TYPES = {
    Role.STATUS: _TEXTS | {"picklist", "Picklist"},
    Role.CONTACT_ID: _TEXTS | {"double", "int", "Number"},
    Role.RELATION: _TEXTS | {"picklist", "Picklist"},
}
# "Synced successfully" and the longest id of ActiveCampaign have 19 characters.
_SHORTEST = 19


class FieldState(StrEnum):
    """How one of our fields stands in an org."""

    READY = "ready"
    READ_ONLY = "read_only"
    """Visible, but our user may not write it."""
    HIDDEN = "hidden"
    """There, but field-level security hides it from our user."""
    MISSING = "missing"
    WRONG_TYPE = "wrong_type"
    NO_ROOM = "no_room"
    """Missing, and the object has all the external ids that it may have."""


@dataclass(frozen=True, slots=True)
class FoundField:
    """One of our fields in this org; `name` with its namespace, empty while it is missing."""

    spec: FieldSpec
    state: FieldState
    name: str = ""
    type: str = ""
    row_id: str = ""

    @property
    def managed(self) -> bool:
        """Tell whether a package owns it."""
        return self.name.removesuffix("__c").count("__") > 0

    @property
    def usable(self) -> bool:
        """Tell whether permission sets may name it: it is there, or this deployment makes it."""
        return self.state not in (FieldState.WRONG_TYPE, FieldState.NO_ROOM)

    @property
    def full_name(self) -> str:
        """Return `Object.Field` as it is, or as it will be."""
        return f"{self.spec.sobject.value}.{self.name or self.spec.name}"


@dataclass(frozen=True, slots=True)
class FoundSet:
    """One of our permission sets; `id` is empty while it is missing, `complete` when it grants all it needs."""

    spec: PermissionSetSpec
    content: SetContent
    id: str = ""
    complete: bool = False
    ours: bool = False


@dataclass(frozen=True, slots=True)
class Inventory:
    """Everything of ours that an org has."""

    fields: tuple[FoundField, ...]
    sets: tuple[FoundSet, ...]
    assigned: frozenset[str] = frozenset()
    """Ids of our permission sets that the connected user holds."""
    links: tuple[SObject, ...] = ()
    descriptions: Mapping[SObject, ObjectDescription] = field(default_factory=dict, repr=False)

    def missing(self) -> tuple[FieldSpec, ...]:
        """Return the fields to create."""
        return tuple(found.spec for found in self.fields if found.state is FieldState.MISSING)

    def visible(self) -> bool:
        """Tell whether our user may read and write every field that exists."""
        settled = (FieldState.READY, FieldState.WRONG_TYPE, FieldState.NO_ROOM)
        return all(found.state in settled for found in self.fields)


async def tooling_rows(client: SalesforceClient, soql: str) -> list[dict[str, Any]] | None:
    """Read all rows of a Tooling query; None when the user may not ask or this org does not know the object."""
    try:
        response = await client.get("tooling/query", params={"q": soql})
        rows, following = query.page_of(response)
        while following:
            more, following = query.page_of(await client.get(following))
            rows += more
    except ProblemError as error:
        if error.problem.code in _UNTOLD:
            return None
        raise
    return rows


async def rows_or_none(client: SalesforceClient, soql: str) -> list[dict[str, Any]] | None:
    """Read all rows of a query; None when the user may not ask."""
    try:
        return await client.rows(soql)
    except ProblemError as error:
        if error.problem.code in _UNTOLD:
            return None
        raise


async def metadata_of(client: SalesforceClient, kind: str, record_id: str) -> dict[str, Any]:
    """Read one component with its Metadata, which the Tooling API gives one at a time; empty when hidden."""
    params = {"fields": "Id,FullName,Metadata"} if kind != "FlexiPage" else {"fields": "Id,Metadata"}
    try:
        body = (await client.get(f"tooling/sobjects/{kind}/{record_id}", params=params)).json()
    except ProblemError as error:
        if error.problem.code in HIDDEN:
            return {}
        raise
    return body if isinstance(body, dict) else {}


async def take(client: SalesforceClient) -> Inventory:
    """Look at fields, permission sets and links; nothing is written."""
    client.forget_descriptions()
    descriptions = {sobject: await client.describe(sobject) for sobject in SObject}
    fields = await _fields(client, descriptions)
    sets = await _sets(client, fields, descriptions)
    assigned = await _assigned(client, [found.id for found in sets if found.id])
    return Inventory(fields, sets, assigned, await _links(client), descriptions)


async def visible_now(client: SalesforceClient, before: Inventory) -> bool:
    """Ask describe anew whether our user may read and write every field that was found or made."""
    client.forget_descriptions()
    descriptions = {sobject: await client.describe(sobject) for sobject in SObject}
    wanted = [found for found in before.fields if found.usable]
    found = [_described(item.spec, descriptions[item.spec.sobject]) for item in wanted]
    return all(item is not None and item.state is FieldState.READY for item in found)


async def _fields(
    client: SalesforceClient, descriptions: Mapping[SObject, ObjectDescription]
) -> tuple[FoundField, ...]:
    found = {spec: _described(spec, descriptions[spec.sobject]) for spec in FIELDS}
    unseen = [spec for spec, item in found.items() if item is None]
    hidden = await _hidden(client, unseen) if unseen else {}
    out = []
    for spec in FIELDS:
        item = found[spec] or hidden.get(spec) or FoundField(spec, FieldState.MISSING)
        if item.state is FieldState.MISSING and spec.external_id and _full(descriptions[spec.sobject]):
            item = replace(item, state=FieldState.NO_ROOM)
        out.append(item)
    return tuple(out)


def _full(description: ObjectDescription) -> bool:
    return sum(item.external_id for item in description.fields) >= MOST_EXTERNAL_IDS


def _described(spec: FieldSpec, description: ObjectDescription) -> FoundField | None:
    """Find a field that our user sees, with or without a namespace."""
    name = getattr(find_sync_fields(description), spec.role.value)
    known = next((item for item in description.fields if item.name == name), None)
    if known is None:
        return None
    return FoundField(spec, _state_of(spec, known), known.name, known.type)


def _state_of(spec: FieldSpec, known: SalesforceField) -> FieldState:
    short = known.type in _TEXTS and known.length < _SHORTEST
    if known.type not in _TYPES[spec.role] or known.calculated or short:
        return FieldState.WRONG_TYPE
    return FieldState.READY if known.updateable else FieldState.READ_ONLY


async def field_rows(client: SalesforceClient, specs: Iterable[FieldSpec]) -> list[dict[str, Any]] | None:
    """Read the Tooling rows of our fields, seen or not, of any namespace; None when the user may not ask."""
    wanted = list(specs)
    soql = select(
        ("Id", "DeveloperName", "NamespacePrefix", "TableEnumOrId"),
        "CustomField",
        where=all_of(
            (
                f"TableEnumOrId IN {in_list(dict.fromkeys(spec.sobject.value for spec in wanted))}",
                f"DeveloperName IN {in_list(dict.fromkeys(spec.name.removesuffix('__c') for spec in wanted))}",
            )
        ),
    )
    return await tooling_rows(client, soql)


async def _hidden(client: SalesforceClient, unseen: Sequence[FieldSpec]) -> dict[FieldSpec, FoundField]:
    """Find fields that exist although describe does not show them (salesforce_api 6.2)."""
    by_name = {spec.full_name: spec for spec in unseen}
    out = {}
    for row in await field_rows(client, unseen) or []:
        spec = by_name.get(f"{row.get('TableEnumOrId')}.{row.get('DeveloperName')}__c")
        if spec is None:
            continue
        meta = (await metadata_of(client, "CustomField", str(row["Id"]))).get("Metadata") or {}
        kind = str(meta.get("type") or "")
        state = FieldState.HIDDEN if not kind or kind in _TYPES[spec.role] else FieldState.WRONG_TYPE
        prefix = f"{row['NamespacePrefix']}__" if row.get("NamespacePrefix") else ""
        out[spec] = FoundField(spec, state, prefix + spec.name, kind, str(row["Id"]))
    return out


def content_of(
    spec: PermissionSetSpec, fields: Iterable[FoundField], descriptions: Mapping[SObject, ObjectDescription]
) -> SetContent:
    """Return exactly the field rights that a set needs in this org."""
    rights = [FieldRight(found.full_name, spec.writes) for found in fields if found.usable]
    if spec.writes:
        rights += [FieldRight(f"{sobject.value}.{OPT_OUT}", True) for sobject in PEOPLE if sobject in descriptions]
    return SetContent(spec, tuple(rights))


async def _sets(
    client: SalesforceClient, fields: Sequence[FoundField], descriptions: Mapping[SObject, ObjectDescription]
) -> tuple[FoundSet, ...]:
    rows = await set_rows(client)
    ids = [str(row["Id"]) for row in rows.values()]
    granted, objects = await _grants(client, ids) if ids else ({}, {})
    out = []
    for spec in PERMISSION_SETS:
        content = content_of(spec, fields, descriptions)
        row = rows.get(spec.name)
        if row is None:
            out.append(FoundSet(spec, content))
            continue
        key = str(row["Id"])
        complete = all(granted.get((key, right.field.casefold()), -1) >= right.editable for right in content.fields)
        complete = complete and all(objects.get((key, sobject.value), -1) >= spec.writes for sobject in SObject)
        complete = complete and all(row.get(f"Permissions{name}") is True for name in spec.user_rights)
        out.append(FoundSet(spec, content, key, complete, str(row.get("Description") or "").startswith(MARK)))
    return tuple(out)


async def set_rows(client: SalesforceClient) -> dict[str, dict[str, Any]]:
    """Return our permission sets by name; those of a managed package have a namespace and are left alone."""
    names = in_list(spec.name for spec in PERMISSION_SETS)
    columns = ("Id", "Name", "Description", "NamespacePrefix", "PermissionsApiEnabled")
    rows = await rows_or_none(client, select(columns, "PermissionSet", where=f"Name IN {names}")) or []
    return {str(row["Name"]): row for row in rows if not row.get("NamespacePrefix")}


async def _grants(
    client: SalesforceClient, ids: Sequence[str]
) -> tuple[dict[tuple[str, str], bool], dict[tuple[str, str], bool]]:
    """Return (set, field) and (set, object) with True where writing is granted, False where only reading is."""
    where = f"ParentId IN {in_list(ids)}"
    columns = ("ParentId", "Field", "PermissionsRead", "PermissionsEdit")
    fields = {
        (str(row["ParentId"]), str(row["Field"]).casefold()): bool(row.get("PermissionsEdit"))
        for row in await rows_or_none(client, select(columns, "FieldPermissions", where=where)) or []
        if row.get("PermissionsRead")
    }
    rights = ("ParentId", "SobjectType", "PermissionsRead", "PermissionsCreate", "PermissionsEdit")
    objects = {
        (str(row["ParentId"]), str(row["SobjectType"])): bool(row.get("PermissionsEdit") and row["PermissionsCreate"])
        for row in await rows_or_none(client, select(rights, "ObjectPermissions", where=where)) or []
        if row.get("PermissionsRead")
    }
    return fields, objects


async def _assigned(client: SalesforceClient, ids: Sequence[str]) -> frozenset[str]:
    if not ids:
        return frozenset()
    where = all_of((f"AssigneeId = {quote(client.source.user_id)}", f"PermissionSetId IN {in_list(ids)}"))
    rows = await rows_or_none(client, select(("PermissionSetId",), "PermissionSetAssignment", where=where)) or []
    return frozenset(str(row["PermissionSetId"]) for row in rows)


async def _links(client: SalesforceClient) -> tuple[SObject, ...]:
    where = all_of(
        (f"Name = {quote(LINK_NAME)}", f"PageOrSobjectType IN {in_list(sobject.value for sobject in PEOPLE)}")
    )
    soql = select(("Id", "PageOrSobjectType"), "WebLink", where=where)
    rows = await rows_or_none(client, soql)
    if rows is None:
        rows = await tooling_rows(client, soql)
    found = {row.get("PageOrSobjectType") for row in rows or ()}
    return tuple(sobject for sobject in PEOPLE if sobject.value in found)
