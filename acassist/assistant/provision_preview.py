"""Shows exactly what Apply would write: each addition in words, and the files of the deployment as they are sent."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator

from acassist.assistant.provision_org import PreparedOrg
from acassist.assistant.provision_views import WritePreview
from acassist.domain.text import N_, Message
from acassist.salesforce.provisioning.definitions import LINK_LABEL, MANAGER, FieldSpec, link_url
from acassist.salesforce.provisioning.package import Contents, SetContent, build


async def preview(org: PreparedOrg, contents: Contents, *, assigns: bool) -> WritePreview:
    """Render what would be sent; nothing is written."""
    lines = tuple(_lines(contents, assigns=assigns))
    if not contents:
        return WritePreview(lines)
    package = build(org.templates, contents, await org.client.version())
    with zipfile.ZipFile(io.BytesIO(package.data)) as archive:
        files = tuple((name, archive.read(name).decode()) for name in archive.namelist())
    return WritePreview(lines, files)


def _lines(contents: Contents, *, assigns: bool) -> Iterator[Message]:
    yield from (_field(spec) for spec in contents.fields)
    yield from (_set(content) for content in contents.sets)
    for sobject in contents.links:
        values = {"label": LINK_LABEL, "object": sobject.value, "url": link_url(sobject)}
        yield Message(N_("Link {label} on {object}, which opens {url}."), values)
    if assigns:
        yield Message(N_("{label} is assigned to you, and to nobody else."), {"label": MANAGER.label})


def _field(spec: FieldSpec) -> Message:
    values = {"label": spec.label, "name": spec.full_name, "length": spec.length}
    if spec.external_id:
        return Message(N_("Field {label} ({name}): text of {length} characters, external ID, unique."), values)
    return Message(N_("Field {label} ({name}): text of {length} characters."), values)


def _set(content: SetContent) -> Message:
    values = {"label": content.spec.label, "count": len(content.fields)}
    if content.spec.writes:
        text = N_(
            "Permission set {label}: read, create and edit leads, contacts and accounts; edit {count} fields; "
            "API Enabled."
        )
        return Message(text, values)
    return Message(N_("Permission set {label}: read leads, contacts and accounts; read {count} fields."), values)
