"""The parts of a deployed package: custom fields, permission sets, layouts, and deletions."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass, field
from typing import Any

from acassist.sandbox.salesforce import tooling
from acassist.sandbox.salesforce.call import Call
from acassist.sandbox.salesforce.errors import ApiError
from acassist.sandbox.salesforce.fields import from_metadata
from acassist.sandbox.salesforce.save import Writer
from acassist.sandbox.salesforce.schema import BUSINESS
from acassist.sandbox.salesforce.table import Row

NAMESPACE = "{http://soap.sforce.com/2006/04/metadata}"
LISTS = frozenset({"value", "fields", "fieldPermissions", "objectPermissions", "layoutSections", "layoutColumns"})
LISTS |= {"layoutItems", "members", "types", "relatedLists", "webLinks", "userPermissions"}

OBJECT_RIGHTS = ("Create", "Delete", "Edit", "Read")


class PackageError(Exception):
    """The zip as a whole cannot be deployed."""


@dataclass
class Component:
    """What became of one component."""

    kind: str
    name: str
    file: str
    problem: str | None = None
    created: bool = False
    deleted: bool = False

    def as_json(self, stamp: str) -> dict[str, Any]:
        shown: dict[str, Any] = {
            "changed": self.problem is None,
            "componentType": self.kind,
            "created": self.created,
            "createdDate": stamp,
            "deleted": self.deleted,
            "fileName": self.file,
            "fullName": self.name,
            "success": self.problem is None,
            "warning": False,
        }
        if self.problem:
            shown |= {"problem": self.problem, "problemType": "Error", "lineNumber": 1, "columnNumber": 1}
        return shown


@dataclass
class Package:
    """The files of a package by path below its root, and what package.xml names."""

    files: dict[str, bytes]
    wanted: dict[str, set[str]]
    deleted: dict[str, set[str]] = field(default_factory=dict)

    @classmethod
    def read(cls, files: dict[str, bytes], *, single: bool) -> Package:
        """Read the manifest. Raises PackageError where there is none at the right place."""
        if not single:
            files = {name.partition("/")[2]: data for name, data in files.items() if "/" in name}
        if "package.xml" not in files:
            raise PackageError("No package.xml found")
        manifest = _members(files["package.xml"])
        gone: dict[str, set[str]] = {}
        for name in ("destructiveChanges.xml", "destructiveChangesPre.xml", "destructiveChangesPost.xml"):
            if name in files:
                for kind, members in _members(files[name]).items():
                    gone.setdefault(kind, set()).update(members)
        return cls(files, manifest, gone)


def apply(call: Call, package: Package, *, check_only: bool, roll_back: bool) -> list[Component]:
    """Deploy a package and return its components; on an error everything is taken back when `roll_back` is set."""
    components = _check(call, package)
    failed = any(component.problem for component in components)
    if check_only or (failed and roll_back):
        return components
    writer = Writer(call.org, call.actor)
    for component in components:
        if component.problem is None:
            _carry_out(call, writer, package, component)
    return components


def _members(data: bytes) -> dict[str, set[str]]:
    tree = _parse(data)
    return {str(kind["name"]): {str(name) for name in kind.get("members", [])} for kind in tree.get("types", [])}


def _parse(data: bytes) -> dict[str, Any]:
    try:
        root = ElementTree.fromstring(data)  # noqa: S314 - a package comes from the program under test
    except ElementTree.ParseError as error:
        raise PackageError(f"Error parsing file: {error}") from error
    found = _plain(root)
    return found if isinstance(found, dict) else {}


def _plain(node: ElementTree.Element) -> Any:
    """Return an element as dicts, lists and texts; repeated and known list elements become lists."""
    if not len(node):
        return (node.text or "").strip()
    out: dict[str, Any] = {}
    for child in node:
        name, value = child.tag.removeprefix(NAMESPACE), _plain(child)
        if name in LISTS or name in out:
            present = out.setdefault(name, [])
            out[name] = [*(present if isinstance(present, list) else [present]), value]
        else:
            out[name] = value
    return out


def _check(call: Call, package: Package) -> list[Component]:
    components = [_deletion(call, kind, name) for kind, names in package.deleted.items() for name in sorted(names)]
    for path, data in sorted(package.files.items()):
        folder, _, file = path.partition("/")
        if folder == "objects" and file.endswith(".object"):
            components += _fields(call, file.removesuffix(".object"), path, _parse(data))
            components += _links(file.removesuffix(".object"), path, _parse(data))
        elif folder == "layouts" and file.endswith(".layout"):
            components.append(_layout(call, file.removesuffix(".layout"), path, _parse(data)))
    new = {c.name for c in components if c.kind == "CustomField" and not c.problem and not c.deleted}
    for path, data in sorted(package.files.items()):
        if path.startswith("permissionsets/") and path.endswith(".permissionset"):
            name = path.removeprefix("permissionsets/").removesuffix(".permissionset")
            components.append(_permission_set(call, name, path, _parse(data), new))
    return components + _missing(package, components)


def _missing(package: Package, components: list[Component]) -> list[Component]:
    known = {(c.kind, c.name) for c in components}
    out = []
    for kind, names in package.wanted.items():
        for name in sorted(names):
            if name != "*" and kind not in ("CustomObject",) and (kind, name) not in known:
                problem = (
                    f"Entity of type '{kind}' named '{name}' was named in package.xml, but was not found in zipped"
                )
                out.append(Component(kind, name, "package.xml", f"{problem} directory"))
    return out


def _fields(call: Call, sobject: str, path: str, tree: dict[str, Any]) -> list[Component]:
    out = []
    for meta in filter(None, tree.get("fields", [])):
        name = f"{sobject}.{meta.get('fullName', '')}"
        component = Component("CustomField", name, path)
        try:
            if sobject not in BUSINESS:
                raise ValueError(f"Entity Enumeration or Object Name: bad value: {sobject}")
            made = from_metadata(name, meta, granted=False)
            present = call.org.schema.find(sobject).get(made.name)
            component.created = present is None
            if present is not None and present.type != made.type:
                raise ValueError(f"Cannot change field type from {present.type} to {made.type}")
        except ValueError as error:
            component.problem = str(error)
        out.append(component)
    return out


def _links(sobject: str, path: str, tree: dict[str, Any]) -> list[Component]:
    out = []
    for meta in filter(None, tree.get("webLinks", [])):
        component = Component("WebLink", f"{sobject}.{meta.get('fullName', '')}", path, created=True)
        wanted = ("availability", "displayType", "linkType", "masterLabel", "openType", "protected")
        missing = [name for name in wanted if not meta.get(name)]
        if missing:
            component.problem = f"Required field is missing: {missing[0]}"
        out.append(component)
    return out


def _permission_set(call: Call, name: str, path: str, tree: dict[str, Any], new: set[str]) -> Component:
    component = Component("PermissionSet", name, path)
    rows = call.org.rows_of("PermissionSet").rows.values()
    component.created = all(row.get("Name") != name for row in rows)
    for entry in tree.get("fieldPermissions", []):
        full = str(entry.get("field"))
        sobject, _, field_name = full.partition(".")
        known = sobject in BUSINESS and call.org.schema.find(sobject).get(field_name) is not None
        if not known and full not in new:
            component.problem = f"In field: field - no CustomField named {full} found"
    if not tree.get("label"):
        component.problem = "Required field is missing: label"
    return component


def _layout(call: Call, name: str, path: str, tree: dict[str, Any]) -> Component:
    sobject = name.partition("-")[0]
    component = Component("Layout", name, path, created=_layout_row(call, name) is None)
    if sobject not in BUSINESS:
        component.problem = f"Entity Enumeration or Object Name: bad value: {sobject}"
        return component
    item = call.org.schema.find(sobject)
    try:
        unknown = [found for found in tooling.layout_fields(tree) if item.get(found) is None]
    except ApiError as error:
        component.problem = error.message
        return component
    if unknown:
        component.problem = f"In field: field - no CustomField named {sobject}.{unknown[0]} found"
    return component


def _deletion(call: Call, kind: str, name: str) -> Component:
    component = Component(kind, name, "destructiveChanges.xml", deleted=True)
    sobject, _, field_name = name.partition(".")
    if kind == "CustomField" and sobject in BUSINESS and call.org.schema.find(sobject).get(field_name):
        return component
    if kind == "WebLink" and _link_row(call, name):
        return component
    if kind == "PermissionSet" and any(r.get("Name") == name for r in call.org.rows_of(kind).rows.values()):
        return component
    component.problem = f"No {kind} named: {name} found"
    return component


def _layout_row(call: Call, name: str) -> Row | None:
    table = call.org.table(call.org.schema.find("Layout", tooling=True))
    return next((row for row in table.rows.values() if row["FullName"] == name), None)


def _link_row(call: Call, name: str) -> Row | None:
    table = call.org.table(call.org.schema.find("WebLink", tooling=True))
    rows = table.rows.values()
    return next((row for row in rows if f"{row['PageOrSobjectType']}.{row['Name']}" == name), None)


def _carry_out(call: Call, writer: Writer, package: Package, component: Component) -> None:
    tree = {} if component.deleted else _parse(package.files[component.file])
    try:
        if component.deleted:
            _delete(call, writer, component)
        elif component.kind == "CustomField":
            metas = {f"{component.name.partition('.')[0]}.{m.get('fullName')}": m for m in tree["fields"]}
            _put_field(call, writer, component, metas[component.name])
        elif component.kind == "WebLink":
            metas = {f"{component.name.partition('.')[0]}.{m.get('fullName')}": m for m in tree["webLinks"]}
            _put_link(call, writer, component.name, metas[component.name])
        elif component.kind == "PermissionSet":
            _put_permission_set(call, writer, component.name, tree)
        else:
            _put_layout(call, writer, component.name, tree)
    except ApiError as error:
        component.problem = error.message


def _delete(call: Call, writer: Writer, component: Component) -> None:
    if component.kind == "CustomField":
        tooling.drop_field(call.org, component.name)
        return
    if component.kind == "WebLink":
        row = _link_row(call, component.name)
        if row is not None:
            call.org.table(call.org.schema.find("WebLink", tooling=True)).remove(row["Id"])
        return
    item = call.org.schema.find("PermissionSet")
    for row in [row for row in call.org.table(item).rows.values() if row.get("Name") == component.name]:
        writer.delete(item, row["Id"])


def _put_field(call: Call, writer: Writer, component: Component, meta: dict[str, Any]) -> None:
    if component.created:
        tooling.add_field(call.org, writer, component.name, meta)
        return
    sobject, _, name = component.name.partition(".")
    item = call.org.schema.find(sobject)
    present = item.get(name)
    item.add(from_metadata(component.name, meta, granted=present is not None and present.granted))
    call.org.schema_changed()


def _put_link(call: Call, writer: Writer, name: str, meta: dict[str, Any]) -> None:
    item = call.org.schema.find("WebLink", tooling=True)
    sobject, _, label = name.partition(".")
    row = _link_row(call, name)
    base: Row = row or {"Id": call.org.ids.new(item.prefix), "Name": label, "PageOrSobjectType": sobject}
    writer.commit(item, row, {**base, "Url": meta.get("url")}, ("Url",))


def _put_permission_set(call: Call, writer: Writer, name: str, tree: dict[str, Any]) -> None:
    sets = call.org.schema.find("PermissionSet")
    values = {"Label": tree["label"], "Description": tree.get("description")}
    users = {str(entry["name"]): entry.get("enabled") == "true" for entry in tree.get("userPermissions", [])}
    values |= {f"Permissions{name}": on for name, on in users.items() if sets.get(f"Permissions{name}")}
    row = next((row for row in call.org.table(sets).rows.values() if row.get("Name") == name), None)
    key = row["Id"] if row else writer.create(sets, {"Name": name, **values})
    if row:
        writer.update(sets, key, values)
    grants = call.org.schema.find("FieldPermissions")
    for entry in tree.get("fieldPermissions", []):
        full = str(entry["field"])
        rights = {
            "PermissionsRead": entry.get("readable") == "true",
            "PermissionsEdit": entry.get("editable") == "true",
        }
        table = call.org.table(grants)
        present = [k for k in table.lookup("Field", full) if table.rows[k]["ParentId"] == key]
        if present:
            writer.update(grants, present[0], rights)
        elif rights["PermissionsRead"]:
            sobject = full.partition(".")[0]
            writer.create(grants, {"ParentId": key, "SobjectType": sobject, "Field": full, **rights})
    _put_object_rights(call, writer, key, tree)


def _put_object_rights(call: Call, writer: Writer, parent: str, tree: dict[str, Any]) -> None:
    item = call.org.schema.find("ObjectPermissions")
    for entry in tree.get("objectPermissions", []):
        rights = {f"Permissions{right}": entry.get(f"allow{right}") == "true" for right in OBJECT_RIGHTS}
        rows = call.org.table(item).rows.values()
        present = [r for r in rows if r["ParentId"] == parent and r["SobjectType"] == entry.get("object")]
        if present:
            writer.update(item, present[0]["Id"], rights)
        else:
            writer.create(item, {"ParentId": parent, "SobjectType": str(entry.get("object")), **rights})


def _put_layout(call: Call, writer: Writer, name: str, tree: dict[str, Any]) -> None:
    item = call.org.schema.find("Layout", tooling=True)
    row = _layout_row(call, name)
    sobject, _, label = name.partition("-")
    base: Row = row or {
        "Id": call.org.ids.new(item.prefix),
        "Name": re.sub(r"%(\w\w)", lambda m: chr(int(m[1], 16)), label),
        "TableEnumOrId": sobject,
        "LayoutType": "Standard",
        "FullName": name,
    }
    writer.commit(item, row, {**base, "Metadata": tree}, ("Metadata",))
