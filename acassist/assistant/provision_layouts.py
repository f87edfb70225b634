"""Layouts at work: preview, adding our fields, putting back, and exact steps where the program cannot do it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from acassist.assistant.provision_org import PreparedOrg
from acassist.assistant.provision_views import LayoutPreview, LayoutRow, LayoutSection, Progress, silent
from acassist.assistant.views import ActionResult
from acassist.domain.ids import Service, SObject
from acassist.domain.problem import Problem, ProblemCode, ProblemError
from acassist.domain.text import N_, Message
from acassist.salesforce.provisioning import inventory, layouts
from acassist.salesforce.provisioning.definitions import FIELDS, LINK_LABEL, SECTION_LABEL, link_url
from acassist.salesforce.provisioning.inventory import FieldState, FoundField
from acassist.salesforce.provisioning.layouts import Layout, LayoutState, Obstacle
from acassist.salesforce.provisioning.package import Contents
from acassist.storage.provisioning_journal import Entry, EntryKind, EntryState

_BY_HAND = (ProblemCode.LAYOUT_REFUSED, ProblemCode.LAYOUT_BY_HAND, ProblemCode.NOT_VISIBLE_YET)


async def rows(org: PreparedOrg) -> list[LayoutRow]:
    """List the layouts of Lead and Contact."""
    saved = org.journal.saved_layouts(org.id)
    return [
        LayoutRow(item.id, item.name, item.sobject, item.profiles, item.id in saved)
        for item in await layouts.layouts(org.client)
    ]


@dataclass(frozen=True, slots=True)
class _Work:
    """One layout together with the fields that our user sees on its object."""

    org: PreparedOrg
    state: LayoutState
    fields: tuple[FoundField, ...]
    has_link: bool

    @property
    def names(self) -> list[str]:
        return [found.name for found in self.fields]


async def _work(org: PreparedOrg, layout_id: str) -> _Work:
    found = next((item for item in await layouts.layouts(org.client) if item.id == layout_id), None)
    if found is None:
        values = {"what": layout_id}
        raise ProblemError(Problem(ProblemCode.SF_GONE, values=values, service=Service.SALESFORCE))
    stock = await inventory.take(org.client)
    seen = (FieldState.READY, FieldState.READ_ONLY)
    fields = tuple(item for item in stock.fields if item.spec.sobject is found.sobject and item.state in seen)
    return _Work(org, await layouts.state(org.client, found), fields, found.sobject in stock.links)


async def preview(org: PreparedOrg, layout_id: str, *, link: bool) -> LayoutPreview:
    """Show a layout as it would be; nothing is written."""
    return _preview(await _work(org, layout_id), link=link)


def _preview(work: _Work, *, link: bool) -> LayoutPreview:
    state = work.state
    present = set(layouts.fields_of(state.metadata))
    labels = {found.name: found.spec.label for found in work.fields}
    added = tuple(labels[name] for name in work.names if name not in present)
    blocked = _blocked(work)
    shown = layouts.sections_of(state.metadata)
    sections = [LayoutSection(label, _labelled(fields, labels)) for label, fields in shown]
    if added and blocked is None:
        sections.insert(1 if sections else 0, LayoutSection(SECTION_LABEL, added, added=True))
    return LayoutPreview(
        state.layout.id,
        state.layout.name,
        state.layout.sobject,
        tuple(sections),
        added,
        link and not layouts.has_link(state.metadata),
        blocked,
        _warnings(work),
        _steps(work, link=link),
        tuple(by_hand(state.layout, link=link)),
    )


def _labelled(fields: tuple[str, ...], labels: dict[str, str]) -> tuple[str, ...]:
    return tuple(labels.get(name, name) for name in fields)


def _blocked(work: _Work) -> Message | None:
    layout = {"layout": work.state.layout.name}
    if work.state.obstacle is Obstacle.FEED:
        return Message(N_("{layout} is a feed-based layout; Salesforce does not let programs save those."), layout)
    if work.state.obstacle is Obstacle.UNREADABLE:
        return Message(N_("Salesforce does not show {layout} to your user."), layout)
    if not work.fields:
        return Message(N_("Your user sees none of the fields yet. Press Apply first."))
    return None


def _warnings(work: _Work) -> tuple[Message, ...]:
    found = []
    if work.state.loses_actions:
        text = N_("This layout has its own list of actions, which Salesforce cannot save this way: check it then.")
        found.append(Message(text))
    if work.state.forms:
        pages = {"pages": ", ".join(work.state.forms)}
        found.append(
            Message(N_("The page {pages} uses Dynamic Forms and passes layouts over: follow its steps too."), pages)
        )
    return tuple(found)


def _steps(work: _Work, *, link: bool) -> tuple[Message, ...]:
    """Give exact steps for what the program cannot do itself."""
    steps: list[Message] = []
    if work.state.obstacle is not None:
        steps += by_hand(work.state.layout, link=link)
    for page in work.state.forms:
        steps += _form_steps(work.state.layout.sobject, page)
    return tuple(steps)


def _field_labels(sobject: SObject) -> str:
    return ", ".join(spec.label for spec in FIELDS if spec.sobject is sobject)


def by_hand(layout: Layout, *, link: bool) -> list[Message]:
    """List the steps by which a person adds the fields to a page layout, and the link when asked for."""
    values = {"object": layout.sobject.value, "layout": layout.name, "fields": _field_labels(layout.sobject)}
    steps = [
        Message(N_("In Salesforce Setup, open Object Manager and choose {object}."), values),
        Message(N_("Choose Page Layouts and open {layout}."), values),
        Message(N_("Drag these fields into a section: {fields}."), values),
        Message(N_("Double-click each of them and tick Read-Only."), values),
        Message(N_("Click Save."), values),
    ]
    return [*steps, *link_steps(layout.sobject)] if link else steps


def link_steps(sobject: SObject) -> list[Message]:
    """List the steps by which a person makes the optional link."""
    values = {"object": sobject.value, "label": LINK_LABEL, "url": link_url(sobject)}
    first = N_("In Object Manager, {object}, open Buttons, Links, and Actions and click New Button or Link.")
    return [
        Message(first, values),
        Message(N_("Type the label {label}, choose Detail Page Link and the content source URL."), values),
        Message(N_("Paste {url} and click Save."), values),
        Message(N_("Open the page layout again, drag {label} to Custom Links and click Save."), values),
    ]


def _form_steps(sobject: SObject, page: str) -> list[Message]:
    values = {"object": sobject.value, "page": page, "fields": _field_labels(sobject)}
    return [
        Message(N_("Open any {object} record that uses {page}, click the gear icon and choose Edit Page."), values),
        Message(N_("Open the tab Fields on the left and drag these fields onto the page: {fields}."), values),
        Message(N_("Select each of them and choose Read-Only as its behaviour."), values),
        Message(N_("Click Save. A page that is not active yet also needs Activation."), values),
    ]


async def change(org: PreparedOrg, layout_id: str, *, link: bool, progress: Progress = silent) -> ActionResult:
    """Add what a layout lacks; the layout is stored before. Repeating it changes nothing more."""
    work = await _work(org, layout_id)
    try:
        if (blocked := _blocked(work)) is not None:
            code = ProblemCode.LAYOUT_BY_HAND if work.fields else ProblemCode.NOT_VISIBLE_YET
            problem = Problem(code, values={"layout": work.state.layout.name}, service=Service.SALESFORCE)
            return ActionResult(done=False, sentence=blocked, problem=problem)
        if link and not work.has_link:
            problems = await org.deploy(Contents(links=(work.state.layout.sobject,)), progress)
            if problems:
                return ActionResult(done=False, sentence=problems[0].sentence, problem=problems[0])
        return await _change(work, link=link)
    except ProblemError as error:
        return _answer(error)


async def _change(work: _Work, *, link: bool) -> ActionResult:
    state, org = work.state, work.org
    changed = layouts.with_fields(state.metadata, work.names, link=link)
    name = {"layout": state.layout.name}
    if changed == dict(state.metadata):
        _settle(org, state.layout.id)
        return ActionResult(done=True, sentence=Message(N_("{layout} already shows everything."), name))
    present = layouts.fields_of(state.metadata)
    added = [field for field in work.names if field not in present]
    payload: dict[str, Any] = {
        "name": state.layout.name,
        "sobject": state.layout.sobject.value,
        "added": added,
    }
    entry = org.journal.open(
        Entry(org.id, EntryKind.LAYOUT, state.layout.id, payload=payload, before=dict(state.metadata))
    )
    await _write(org, entry, state, changed)
    return ActionResult(done=True, sentence=Message(N_("{layout} now shows the fields."), name))


def _settle(org: PreparedOrg, layout_id: str) -> None:
    """Close a write whose answer was lost: the layout shows that it was made."""
    for entry in org.journal.pending(org.id):
        if entry.kind is EntryKind.LAYOUT and entry.key == layout_id:
            org.journal.close(entry, EntryState.DONE)


async def _write(org: PreparedOrg, entry: Entry, state: LayoutState, metadata: dict[str, Any]) -> None:
    try:
        await layouts.write(org.client, state, metadata)
    except ProblemError as error:
        if not error.problem.ambiguous:
            org.journal.close(entry, EntryState.FAILED, error.problem.code.value)
        raise
    org.journal.close(entry, EntryState.DONE)


async def restore(org: PreparedOrg, layout_id: str) -> ActionResult:
    """Take back what this program added to a layout; what others changed since stays as they left it."""
    written = [e for e in org.journal.entries(org.id, EntryKind.LAYOUT, layout_id) if e.state is not EntryState.UNDONE]
    made = [entry for entry in written if entry.state is not EntryState.FAILED]
    if not made:
        return ActionResult(done=True, sentence=Message(N_("This program has not changed this layout.")))
    last = made[-1]
    layout = Layout(layout_id, str(last.payload["name"]), SObject(last.payload["sobject"]))
    try:
        state = replace(await layouts.state(org.client, layout), forms=())
        if state.metadata:
            await _put_back(org, state, [name for entry in made for name in entry.payload["added"]])
    except ProblemError as error:
        return _answer(error)
    for entry in made:
        org.journal.close(entry, EntryState.UNDONE)
    return ActionResult(done=True, sentence=Message(N_("{layout} is as it was."), {"layout": layout.name}))


async def _put_back(org: PreparedOrg, state: LayoutState, added: list[str]) -> None:
    reduced = layouts.without_ours(state.metadata, added)
    if reduced == dict(state.metadata):
        return
    payload, before = {"removed": added}, dict(state.metadata)
    entry = Entry(org.id, EntryKind.LAYOUT_BACK, state.layout.id, payload=payload, before=before)
    await _write(org, org.journal.open(entry), state, reduced)


def _answer(error: ProblemError) -> ActionResult:
    """Give a refusal of this layout as the result; everything else stops."""
    if error.problem.code not in _BY_HAND:
        raise error
    return ActionResult(done=False, sentence=error.problem.sentence, problem=error.problem)
