"""Correcting the value that an issue is about: both sides as they are now, the input, the write, the retry."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import StrEnum

from acassist.assistant.jobs import Jobs
from acassist.assistant.session import Session
from acassist.assistant.views import ActionResult, RecordRef
from acassist.domain.fields import FieldKind, kind_of, normalized_type
from acassist.domain.ids import Service, SObject
from acassist.domain.ledger import Issue, RunDirection
from acassist.domain.problem import Problem, ProblemError
from acassist.domain.problem_codes import ProblemCode
from acassist.domain.text import N_, Message
from acassist.domain.values import ValueProblem
from acassist.sync.context import SyncContext
from acassist.sync.one_value import Correction, Owner, correct, fields_of, owner_of
from acassist.sync.run import prepare, state_of
from acassist.sync.schema import MappedField

CAUSE = "edit"
EDITABLE = frozenset(
    {
        ProblemCode.NO_EMAIL,
        ProblemCode.INVALID_EMAIL,
        ProblemCode.SF_BAD_EMAIL,
        ProblemCode.AC_EMAIL_TAKEN,
        ProblemCode.AC_IMPORT_FAILED,
        ProblemCode.VALUE_NOT_NUMBER,
        ProblemCode.VALUE_AMBIGUOUS,
        ProblemCode.VALUE_NOT_DATE,
        ProblemCode.VALUE_NOT_BOOLEAN,
        ProblemCode.VALUE_TOO_LONG,
        ProblemCode.VALUE_NOT_IN_LIST,
        ProblemCode.VALUE_OUT_OF_RANGE,
        ProblemCode.VALUE_NOT_TEXT,
        ProblemCode.SF_REQUIRED,
        ProblemCode.SF_TOO_LONG,
        ProblemCode.SF_PICKLIST,
        ProblemCode.SF_VALIDATION,
        ProblemCode.SF_REJECTED,
        ProblemCode.SF_AUTOMATION,
        ProblemCode.AC_REJECTED,
    }
)
"""Causes whose remedy is to correct a value."""
_SAVED = N_("{field} was saved, and the record was synced.")
_SAVED_ALONE = N_("{field} was saved. The next run carries it over.")
_SAVED_BUT = N_("{field} was saved. {result}")
_BUSY = N_("A sync is under way. Try again when it has ended.")
_READ_ONLY = N_("The connected user cannot change it there.")
_NOWHERE = N_("The person is not there.")
_NOT_MAPPED = N_("The field is not mapped.")
_MULTI = frozenset({"listbox"})


class InputKind(StrEnum):
    """Which input fits a value; values are canonical texts, several choices joined by semicolons."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    NUMBER = "number"
    DATE = "date"
    YES_NO = "yes_no"
    CHOICE = "choice"
    CHOICES = "choices"


@dataclass(frozen=True, slots=True)
class Option:
    """One value that both sides take, and how Salesforce calls it."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class SideValue:
    """What one side holds now; `refusal` says why it cannot be changed there, None when it can."""

    value: str | None
    refusal: Message | None


@dataclass(frozen=True, slots=True)
class EditableValue:
    """One field of an issue's record on both sides; `wrong` is the side whose value does not fit."""

    key: str
    label: str
    kind: InputKind
    salesforce: SideValue
    activecampaign: SideValue
    wrong: Service
    options: tuple[Option, ...] = ()
    length: int = 0
    """How many characters Salesforce takes; 0 when there is no limit."""

    def side(self, service: Service) -> SideValue:
        """Return what one side holds."""
        return self.salesforce if service is Service.SALESFORCE else self.activecampaign


@dataclass(frozen=True, slots=True)
class Edit:
    """A person's correction of one field on one side; `seen` is what was shown there."""

    key: str
    side: Service
    value: str | None
    seen: str | None


Retry = Callable[[RecordRef], Awaitable[ActionResult]]


class ValueEdits:
    """Reads and corrects values through the engine, then syncs the record at once."""

    def __init__(self, session: Session, jobs: Jobs, retry: Retry) -> None:
        self._session = session
        self._jobs = jobs
        self._retry = retry

    async def editable(self, issue: Issue, ctx: SyncContext) -> tuple[EditableValue, ...]:
        """Return the fields whose value may mend an issue, both sides read now."""
        owner = await owner_of(ctx, issue)
        return tuple(_editable(owner, field, issue) for field in fields_of(ctx, issue))

    async def edit(self, issue: Issue, edit: Edit) -> ActionResult:
        """Save one value on one side and sync the record; raises why it was not saved."""
        if self._jobs.running:
            return ActionResult(done=False, sentence=Message(_BUSY))
        label = await self._jobs.alone(lambda: self._save(issue, edit))
        ref = RecordRef(issue.sobject, issue.sf_id, issue.ac_id)
        if issue.sobject is SObject.ACCOUNT:
            self._session.stores.issues.make_due(issue.id)
            return ActionResult(done=True, sentence=Message(_SAVED_ALONE, {"field": label}))
        told = await self._retry(ref)
        text = _SAVED if told.done else _SAVED_BUT
        return ActionResult(True, Message(text, {"field": label, "result": told.sentence}), told.problem)

    async def _save(self, issue: Issue, edit: Edit) -> str:
        """Write as a run of its own, so that it stands in the history and can be taken back."""
        ctx, history = await self._jobs.person_context(), self._session.stores.history
        await prepare(ctx)
        field = next((f for f in fields_of(ctx, issue) if f.key == edit.key), None)
        if field is None:
            raise ProblemError(Problem(ProblemCode.VALUE_MOVED, issue.subject, {"field": edit.key}))
        owner = await owner_of(ctx, issue)
        ctx.run_id = history.start_run(RunDirection.BOTH, CAUSE)
        problem: Problem | None = Problem(ProblemCode.CANCELLED)
        try:
            await correct(ctx, owner, Correction(field, edit.side, edit.value, edit.seen))
            problem = None
        except ProblemError as error:
            problem = error.problem
            raise
        finally:
            history.finish_run(ctx.run_id, state_of(problem, 0), ctx.tally.counters(0, 0), problem)
        return field.label


def _editable(owner: Owner, field: MappedField, issue: Issue) -> EditableValue:
    kind, options = _kind(field), _options(field)
    if options and kind is InputKind.TEXT:
        kind = InputKind.CHOICE
    return EditableValue(
        key=field.key,
        label=field.label,
        kind=kind,
        salesforce=SideValue(owner.shown(field, Service.SALESFORCE), _salesforce_refusal(owner, field)),
        activecampaign=SideValue(owner.shown(field, Service.ACTIVECAMPAIGN), _activecampaign_refusal(owner, field)),
        wrong=_wrong(owner, field, issue),
        options=options,
        length=field.sf.length if kind in (InputKind.TEXT, InputKind.LONG_TEXT) else 0,
    )


def _salesforce_refusal(owner: Owner, field: MappedField) -> Message | None:
    if owner.record is None:
        return Message(_NOWHERE)
    return Message(_READ_ONLY) if field.sf.read_only else None


def _activecampaign_refusal(owner: Owner, field: MappedField) -> Message | None:
    if not field.ac.key:
        return Message(_NOT_MAPPED)
    return Message(_NOWHERE) if owner.contact is None else None


def _wrong(owner: Owner, field: MappedField, issue: Issue) -> Service:
    """Tell which side's value does not fit: the one that cannot be read, or that the other side does not take."""
    if owner.record is None or owner.contact is None:
        return Service.ACTIVECAMPAIGN if owner.record is None else Service.SALESFORCE
    to_sf, to_ac = _fits(owner, field, Service.ACTIVECAMPAIGN), _fits(owner, field, Service.SALESFORCE)
    if to_sf != to_ac:
        return Service.SALESFORCE if to_sf else Service.ACTIVECAMPAIGN
    refused_there = issue.code.value.startswith("ac_")
    return Service.SALESFORCE if refused_there else Service.ACTIVECAMPAIGN


def _fits(owner: Owner, field: MappedField, side: Service) -> bool:
    """Tell whether a side's value can be understood and written to the other side."""
    try:
        value = owner.value(field, side)
        if side is Service.SALESFORCE:
            field.codec.to_activecampaign(value)
        else:
            field.codec.to_salesforce(value)
    except ValueProblem:
        return False
    return True


# -- the input
def _kind(field: MappedField) -> InputKind:
    kinds = {
        FieldKind.CHECKBOX: InputKind.YES_NO,
        FieldKind.CURRENCY: InputKind.NUMBER,
        FieldKind.NUMBER: InputKind.NUMBER,
        FieldKind.PERCENT: InputKind.NUMBER,
        FieldKind.DATE: InputKind.DATE,
        FieldKind.PICKLIST: InputKind.CHOICE if field.sf.restricted_picklist else InputKind.TEXT,
        FieldKind.MULTI_PICKLIST: InputKind.CHOICES,
        FieldKind.TEXT_AREA: InputKind.LONG_TEXT,
        FieldKind.LONG_TEXT_AREA: InputKind.LONG_TEXT,
        FieldKind.RICH_TEXT_AREA: InputKind.LONG_TEXT,
    }
    if field.ac.type == "date":
        return InputKind.DATE
    return kinds.get(kind_of(field.sf) or FieldKind.TEXT, InputKind.TEXT)


def _options(field: MappedField) -> tuple[Option, ...]:
    """List the values that both fields take; none where either takes any text."""
    listed = [Option(v.value, v.label or v.value) for v in field.sf.picklist if v.active]
    if not field.sf.restricted_picklist and normalized_type(field.ac) not in _MULTI:
        listed = []
    if not listed and field.ac.options and _kind(field) is not InputKind.YES_NO:
        listed = [Option(o, o) for o in field.ac.options if o]
    return tuple(option for option in listed if _taken(field, option.value))


def _taken(field: MappedField, value: str) -> bool:
    try:
        field.codec.to_salesforce(value)
        field.codec.to_activecampaign(value)
    except ValueProblem:
        return False
    return True
