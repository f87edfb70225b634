"""Renders metadata from templates and packs it for a deployment (salesforce_api 6.1)."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from string import Template
from xml.sax.saxutils import escape

from acassist.domain.ids import SObject
from acassist.salesforce.provisioning.definitions import (
    LINK_LABEL,
    LINK_NAME,
    MARK,
    FieldSpec,
    PermissionSetSpec,
    link_url,
)

# A fixed date keeps the zip the same for the same content.
_EARLIEST = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class FieldRight:
    """Field-level security of one field, `Object.Field`; reading is always part of it."""

    field: str
    editable: bool


@dataclass(frozen=True, slots=True)
class SetContent:
    """A permission set with the fields that it shows in this org."""

    spec: PermissionSetSpec
    fields: tuple[FieldRight, ...]


@dataclass(frozen=True, slots=True)
class Contents:
    """What one deployment adds or updates."""

    fields: tuple[FieldSpec, ...] = ()
    sets: tuple[SetContent, ...] = ()
    links: tuple[SObject, ...] = ()

    @property
    def members(self) -> dict[str, list[str]]:
        """Return the components by metadata type, as package.xml names them."""
        found = {
            "CustomField": [spec.full_name for spec in self.fields],
            "PermissionSet": [content.spec.name for content in self.sets],
            "WebLink": [f"{sobject.value}.{LINK_NAME}" for sobject in self.links],
        }
        return {kind: names for kind, names in found.items() if names}

    def __bool__(self) -> bool:
        return bool(self.members)


@dataclass(frozen=True, slots=True)
class Package:
    """A zip and what is in it."""

    data: bytes = field(repr=False)
    members: Mapping[str, Sequence[str]]


class Templates:
    """The metadata templates of one folder; values are escaped, parts are metadata already."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def fill(self, template: str, values: Mapping[str, object], parts: Mapping[str, str] | None = None) -> str:
        """Fill one template."""
        text = (self._folder / f"{template}.xml").read_text(encoding="utf-8")
        return Template(text).substitute({k: escape(_word(v)) for k, v in values.items()}, **(parts or {}))

    def manifest(self, members: Mapping[str, Iterable[str]], version: str) -> str:
        """Render package.xml or destructiveChanges.xml."""
        types = ""
        for kind, names in members.items():
            inner = "".join(self.fill("package_member", {"member": name}) for name in names)
            types += self.fill("package_type", {"name": kind}, {"members": inner})
        return self.fill("package", {"version": version}, {"types": types})

    def custom_object(self, fields: Iterable[FieldSpec], link: SObject | None) -> str:
        """Render an .object file that holds only what is added; the rest of the object stays as it is."""
        rendered = "".join(
            self.fill(
                "field_id" if spec.external_id else "field_text",
                {"name": spec.name, "label": spec.label, "length": spec.length, "description": spec.description},
            )
            for spec in fields
        )
        return self.fill("object", {}, {"fields": rendered, "links": self._link(link) if link else ""})

    def permission_set(self, content: SetContent) -> str:
        """Render a .permissionset file."""
        spec = content.spec
        fields = "".join(
            self.fill("permission_field", {"field": right.field, "editable": right.editable})
            for right in sorted(content.fields, key=lambda right: right.field)
        )
        objects = "".join(
            self.fill("permission_object", {"object": sobject.value, "create": spec.writes, "edit": spec.writes})
            for sobject in sorted(SObject)
        )
        users = "".join(self.fill("permission_user", {"name": name}) for name in spec.user_rights)
        values = {"label": spec.label, "description": spec.description}
        return self.fill("permission_set", values, {"fields": fields, "objects": objects, "users": users})

    def _link(self, sobject: SObject) -> str:
        values = {"name": LINK_NAME, "label": LINK_LABEL, "description": MARK, "url": link_url(sobject)}
        return self.fill("web_link", values)


def _word(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def build(templates: Templates, contents: Contents, version: str) -> Package:
    """Pack what is to be added; package.xml lies at the root, as `singlePackage` wants it."""
    files = {"package.xml": templates.manifest(contents.members, version)}
    for sobject in SObject:
        fields = [spec for spec in contents.fields if spec.sobject is sobject]
        link = sobject if sobject in contents.links else None
        if fields or link:
            files[f"objects/{sobject.value}.object"] = templates.custom_object(fields, link)
    for content in contents.sets:
        files[f"permissionsets/{content.spec.name}.permissionset"] = templates.permission_set(content)
    return Package(_zipped(files), contents.members)


def build_removal(templates: Templates, members: Mapping[str, Sequence[str]], version: str) -> Package:
    """Pack what is to be removed: destructiveChanges.xml beside an empty package.xml."""
    files = {
        "package.xml": templates.manifest({}, version),
        "destructiveChanges.xml": templates.manifest(members, version),
    }
    return Package(_zipped(files), members)


def _zipped(files: Mapping[str, str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(zipfile.ZipInfo(name, _EARLIEST), text)
    return out.getvalue()
