"""Page layouts: where each is used, what would be added, and the whole Metadata to write back (salesforce_api 6.4)."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from acassist.domain.ids import PEOPLE, Service, SObject
from acassist.domain.problem import Problem, ProblemCode, ProblemError
from acassist.salesforce.caller import HIDDEN
from acassist.salesforce.provisioning.definitions import LINK_NAME, SECTION_LABEL
from acassist.salesforce.provisioning.inventory import metadata_of, rows_or_none, tooling_rows
from acassist.salesforce.rest import SalesforceClient
from acassist.salesforce.soql import all_of, in_list, select

_LINK_STYLE = "CustomLinks"
_PASSING = (
    ProblemCode.SF_REJECTED,
    ProblemCode.SF_PERMISSION,
    ProblemCode.SF_FIELD_HIDDEN,
    ProblemCode.SF_GONE,
    ProblemCode.INTERNAL,
)


@dataclass(frozen=True, slots=True)
class Layout:
    """One layout; `profiles` use it, empty when that cannot be read."""

    id: str
    name: str
    sobject: SObject
    profiles: tuple[str, ...] = ()
    managed: bool = False


class Obstacle(StrEnum):
    """Why a layout is left to the person."""

    FEED = "feed"
    DYNAMIC_FORMS = "dynamic_forms"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class LayoutState:
    """A layout with its Metadata as Salesforce gave it."""

    layout: Layout
    full_name: str
    metadata: Mapping[str, Any]
    forms: tuple[str, ...] = ()
    """Lightning pages of the object that use Dynamic Forms."""

    @property
    def obstacle(self) -> Obstacle | None:
        """Say why this layout cannot be changed from outside."""
        if not self.metadata:
            return Obstacle.UNREADABLE
        return Obstacle.FEED if self.metadata.get("feedLayout") else None

    @property
    def loses_actions(self) -> bool:
        """Tell whether saving leaves out the layout's own list of actions, which Salesforce cannot read back."""
        return _has_plain_text(self.metadata, "platformActionList", "actionListContext")


async def layouts(client: SalesforceClient) -> list[Layout]:
    """List the layouts of Lead and Contact by object and name; raises NO_SETUP_RIGHT when they cannot be read."""
    objects = in_list(sobject.value for sobject in PEOPLE)
    columns = ("Id", "Name", "TableEnumOrId", "NamespacePrefix")
    rows = await tooling_rows(client, select(columns, "Layout", where=f"TableEnumOrId IN {objects}"))
    if rows is None:
        right = {"right": "View Setup and Configuration"}
        raise ProblemError(Problem(ProblemCode.NO_SETUP_RIGHT, values=right, service=Service.SALESFORCE))
    used = await _used_by(client, objects)
    found = [
        Layout(
            str(row["Id"]),
            str(row.get("Name") or ""),
            SObject(row["TableEnumOrId"]),
            used.get(str(row["Id"]), ()),
            bool(row.get("NamespacePrefix")),
        )
        for row in rows
    ]
    return sorted(found, key=lambda layout: (layout.sobject != SObject.LEAD, layout.name.casefold()))


async def _used_by(client: SalesforceClient, objects: str) -> dict[str, tuple[str, ...]]:
    """Return the names of the profiles that use each layout (Tooling ProfileLayout)."""
    columns = ("LayoutId", "ProfileId", "TableEnumOrId")
    rows = await tooling_rows(client, select(columns, "ProfileLayout", where=f"TableEnumOrId IN {objects}")) or []
    ids = {str(row["ProfileId"]) for row in rows if row.get("ProfileId")}
    if not ids:
        return {}
    named = await rows_or_none(client, select(("Id", "Name"), "Profile", where=f"Id IN {in_list(sorted(ids))}")) or []
    names = {str(row["Id"]): str(row.get("Name") or "") for row in named}
    used: dict[str, set[str]] = {}
    for row in rows:
        if name := names.get(str(row.get("ProfileId"))):
            used.setdefault(str(row["LayoutId"]), set()).add(name)
    return {key: tuple(sorted(value)) for key, value in used.items()}


async def state(client: SalesforceClient, layout: Layout) -> LayoutState:
    """Read one layout, and the Lightning pages that may make it have no effect."""
    body = await metadata_of(client, "Layout", layout.id)
    metadata = body.get("Metadata")
    forms = await dynamic_forms(client, layout.sobject)
    return LayoutState(layout, str(body.get("FullName") or ""), metadata if isinstance(metadata, dict) else {}, forms)


async def dynamic_forms(client: SalesforceClient, sobject: SObject) -> tuple[str, ...]:
    """Name the record pages of an object that place fields themselves and so pass layouts over."""
    where = all_of(("Type = 'RecordPage'", f"EntityDefinitionId IN {in_list([sobject.value])}"))
    rows = await tooling_rows(client, select(("Id", "MasterLabel"), "FlexiPage", where=where)) or []
    found = []
    for row in rows:
        metadata = (await metadata_of(client, "FlexiPage", str(row["Id"]))).get("Metadata")
        if isinstance(metadata, dict) and _places_fields(metadata):
            found.append(str(row.get("MasterLabel") or row["Id"]))
    return tuple(sorted(found))


def _places_fields(page: Mapping[str, Any]) -> bool:
    return any(
        item.get("fieldInstance")
        for region in page.get("flexiPageRegions") or ()
        for item in region.get("itemInstances") or ()
    )


def fields_of(metadata: Mapping[str, Any]) -> list[str]:
    """Return the fields of a layout in order."""
    return [str(item["field"]) for item in _items(metadata) if item.get("field")]


def has_link(metadata: Mapping[str, Any]) -> bool:
    """Tell whether our link is on a layout."""
    return any(item.get("customLink") == LINK_NAME for item in _items(metadata))


def sections_of(metadata: Mapping[str, Any]) -> list[tuple[str, tuple[str, ...]]]:
    """Return (label, fields) of each section that holds fields."""
    found = []
    for section in metadata.get("layoutSections") or ():
        fields = fields_of({"layoutSections": [section]})
        if fields:
            found.append((str(section.get("label") or ""), tuple(fields)))
    return found


def _items(metadata: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [
        item
        for section in metadata.get("layoutSections") or ()
        for column in section.get("layoutColumns") or ()
        for item in column.get("layoutItems") or ()
    ]


def with_fields(metadata: Mapping[str, Any], names: Sequence[str], *, link: bool) -> dict[str, Any]:
    """Return the Metadata with the fields that it lacks, read-only in a section of their own, and the link."""
    changed = copy.deepcopy(dict(metadata))
    sections = changed.setdefault("layoutSections", [])
    present = set(fields_of(changed))
    lacking = [name for name in names if name not in present]
    if lacking:
        columns = [_column(lacking[::2]), _column(lacking[1::2])]
        sections.insert(1 if sections else 0, _section(SECTION_LABEL, "TwoColumnsTopToBottom", columns))
    if link and not has_link(changed):
        _place_link(sections)
    return changed


def without_ours(metadata: Mapping[str, Any], names: Sequence[str]) -> dict[str, Any]:
    """Return the Metadata without our fields and link; a section that only held them goes too."""
    changed = copy.deepcopy(dict(metadata))
    gone, kept = set(names), []
    for section in changed.get("layoutSections") or ():
        held = False
        for column in section.get("layoutColumns") or ():
            items = column.get("layoutItems") or []
            left = [i for i in items if i.get("field") not in gone and i.get("customLink") != LINK_NAME]
            held = held or len(left) < len(items)
            column["layoutItems"] = left
        if not held or any(column.get("layoutItems") for column in section.get("layoutColumns") or ()):
            kept.append(section)
    changed["layoutSections"] = kept
    return changed


def _column(names: Sequence[str]) -> dict[str, Any]:
    return {"layoutItems": [{"behavior": "Readonly", "field": name} for name in names]}


def _section(label: str, style: str, columns: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "customLabel": True,
        "detailHeading": True,
        "editHeading": True,
        "label": label,
        "layoutColumns": columns,
        "style": style,
    }


def _place_link(sections: list[dict[str, Any]]) -> None:
    """Put the link into the section of custom links, which is made where there is none."""
    item = {"customLink": LINK_NAME}
    present = next((section for section in sections if section.get("style") == _LINK_STYLE), None)
    columns = present.get("layoutColumns") if present else None
    if columns:
        columns[0]["layoutItems"] = [*(columns[0].get("layoutItems") or []), item]
        return
    made: list[dict[str, Any]] = [{"layoutItems": [item]}, {"layoutItems": []}, {"layoutItems": []}]
    sections.append(_section(SECTION_LABEL, _LINK_STYLE, made))


def writable(metadata: Mapping[str, Any]) -> dict[str, Any]:
    """Leave out what Salesforce gives but cannot read back (known defects, salesforce_api 6.4)."""
    body = copy.deepcopy(dict(metadata))
    if _has_plain_text(body, "platformActionList", "actionListContext"):
        del body["platformActionList"]
    if _has_plain_text(body, "summaryLayout", "summaryLayoutStyle"):
        del body["summaryLayout"]
    for related in body.get("relatedLists") or ():
        if isinstance(related, dict) and related.get("quickActions") == []:
            related["quickActions"] = None
    return body


def _has_plain_text(metadata: Mapping[str, Any], outer: str, inner: str) -> bool:
    found = metadata.get(outer)
    return isinstance(found, dict) and isinstance(found.get(inner), str)


async def write(client: SalesforceClient, state: LayoutState, metadata: Mapping[str, Any]) -> None:
    """Write a layout's whole Metadata; the same write twice changes nothing more.

    Raises ProblemError LAYOUT_REFUSED with Salesforce's reason.
    """
    body = {"FullName": state.full_name, "Metadata": writable(metadata)}
    try:
        await client.send("PATCH", f"tooling/sobjects/Layout/{state.layout.id}", json=body, idempotent=True)
    except ProblemError as error:
        problem = error.problem
        if problem.code not in _PASSING and problem.code not in HIDDEN:
            raise
        reason = problem.detail.partition(": ")[2] or problem.detail or problem.code.value
        values = {"layout": state.layout.name, "reason": reason.strip().rstrip(".")}
        refusal = Problem(
            ProblemCode.LAYOUT_REFUSED, values=values, detail=problem.detail, service=Service.SALESFORCE
        )
        raise ProblemError(refusal) from None
