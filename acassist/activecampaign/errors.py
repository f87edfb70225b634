"""Reads ActiveCampaign's many forms of refusal and names the problem behind them (activecampaign_api 1)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from acassist.domain.ids import Service
from acassist.domain.problem import Problem, ProblemCode, ProblemError
from acassist.domain.redact import redact
from acassist.domain.text import N_, Message

_DETAIL_LENGTH = 500
_REASON_LENGTH = 300
_IMPORT_WINDOW = 60.0

# First path segment -> what a person calls it.
_NAMES = {
    "contacts": N_("contacts"),
    "contact": N_("contacts"),
    "fields": N_("custom fields"),
    "fieldValues": N_("custom fields"),
    "tags": N_("tags"),
    "contactTags": N_("tags"),
    "lists": N_("lists"),
    "contactLists": N_("lists"),
    "accounts": N_("accounts"),
    "accountContacts": N_("accounts"),
    "accountCustomFieldMeta": N_("account fields"),
    "accountCustomFieldData": N_("account fields"),
    "automations": N_("automations"),
    "contactAutomations": N_("automations"),
    "campaigns": N_("campaigns"),
    "campaignMessages": N_("campaigns"),
    "messages": N_("campaigns"),
    "admin": N_("the sending of campaigns"),
    "activities": N_("activities"),
    "import": N_("the import of contacts"),
    "connections": N_("connections"),
}
_ACCOUNT_PATHS = ("accounts", "accountContacts", "accountCustomFieldMeta", "accountCustomFieldData")


@dataclass(frozen=True, slots=True)
class Complaint:
    """One error of an answer."""

    title: str
    detail: str = ""
    code: str = ""
    pointer: str = ""


@dataclass(frozen=True, slots=True)
class Refusal:
    """A refused request: HTTP status, complaints in the service's own words, `rows` refused by index."""

    status: int
    complaints: tuple[Complaint, ...] = ()
    structured: bool = False
    rows: tuple[int, ...] = ()

    def says(self, *parts: str) -> bool:
        """Tell whether any complaint holds one of the parts, ignoring case."""
        text = " ".join(f"{c.title} {c.detail}" for c in self.complaints).casefold()
        return any(part.casefold() in text for part in parts)

    @property
    def duplicate(self) -> bool:
        """Tell whether the thing to create exists already; the forms of this answer vary by resource."""
        return any(c.code == "duplicate" for c in self.complaints) or self.says("already exists", "duplicate entry")

    @property
    def reason(self) -> str:
        """Return the complaints as one line without a final full stop."""
        lines = [
            f"{c.title.rstrip('.')}: {c.detail}" if c.title and c.detail else c.title or c.detail
            for c in self.complaints
        ]
        text = "; ".join(line.strip().rstrip(".") for line in lines if line.strip())
        return text[:_REASON_LENGTH] or f"HTTP {self.status}"


class RefusedError(ProblemError):
    """A problem together with the refusal it was made of."""

    def __init__(self, problem: Problem, refusal: Refusal) -> None:
        super().__init__(problem)
        self.refusal = refusal


def decode(body: bytes) -> Any:
    """Parse an answer: UTF-8 or, where a value was stored so, Latin-1; None when empty. Raises ValueError."""
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = body.decode("latin-1")
    return json.loads(text, strict=False) if text.strip() else None


def parse(status: int, body: bytes) -> Refusal:
    """Read a refusal; never fails, whatever the body is (list of objects, of strings, one string, HTML, empty)."""
    try:
        value = decode(body)
    except ValueError:
        return Refusal(status)
    if not isinstance(value, dict):
        return Refusal(status, (Complaint(value),) if isinstance(value, str) else (), structured=value is not None)
    rows, reasons = _failures(value.get("failureReasons"))
    complaints = _complaints(value.get("errors"))
    if not complaints:
        complaints = tuple(
            Complaint(_text(value[key])) for key in ("message", "error", "result_message") if value.get(key)
        )
    return Refusal(status, (*complaints, *reasons), structured=True, rows=rows)


def _text(value: object) -> str:
    return value.strip() if isinstance(value, str) else "" if value is None else str(value)


def _complaints(errors: object) -> tuple[Complaint, ...]:
    if isinstance(errors, str):
        return (Complaint(errors),)
    if isinstance(errors, dict):
        errors = [errors]
    return tuple(_complaint(e) for e in errors if e) if isinstance(errors, list) else ()


def _complaint(error: object) -> Complaint:
    if not isinstance(error, Mapping):
        return Complaint(_text(error))
    source = error.get("source")
    pointer = _text(source.get("pointer")) if isinstance(source, Mapping) else ""
    title = _text(error.get("title") or error.get("message") or error.get("error"))
    return Complaint(title, _text(error.get("detail")), _text(error.get("code")), pointer)


def _failures(reasons: object) -> tuple[tuple[int, ...], tuple[Complaint, ...]]:
    """Read the `failureReasons` of a bulk import: texts, or objects with the index of the person."""
    rows: list[int] = []
    texts: list[Complaint] = []
    for reason in reasons if isinstance(reasons, list) else []:
        if isinstance(reason, Mapping):
            if str(reason.get("contact", "")).isdigit():
                rows.append(int(reason["contact"]))
            texts.append(Complaint(_text(reason.get("failureReason"))))
        else:
            texts.append(Complaint(_text(reason)))
    return tuple(rows), tuple(texts)


def segment(path: str) -> str:
    """Return the resource that a path is about: the first segment after `/api/3`, else the first."""
    return path.split("?", 1)[0].removeprefix("/api/3").strip("/").split("/", 1)[0]


def _what(path: str) -> Message:
    return Message(_NAMES.get(segment(path), N_("this part of ActiveCampaign")))


def _retry_after(headers: Mapping[str, str]) -> float | None:
    text = {k.lower(): v for k, v in headers.items()}.get("retry-after", "").strip()
    return float(text) if text.isdigit() else None


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked, as far as the naming of a problem needs it.

    `ambiguous` when it may have been carried out all the same; `key_works` is None when that was not checked.
    """

    path: str
    host: str
    ambiguous: bool = False
    key_works: bool | None = None


def problem_of(refusal: Refusal, asked: Asked, headers: Mapping[str, str]) -> Problem:
    """Name the problem of a refused request."""
    code, values = _judge(refusal, asked)
    busy = code is ProblemCode.AC_BUSY
    # A rate limit refuses before anything is done, whatever status it comes with.
    ambiguous = asked.ambiguous and not busy
    wait = _retry_after(headers) if busy or code is ProblemCode.AC_DOWN else None
    if busy and wait is None and refusal.status == 400:
        wait = _IMPORT_WINDOW
    detail = redact(f"HTTP {refusal.status} {segment(asked.path)}: {refusal.reason}")[:_DETAIL_LENGTH]
    return Problem(
        code, values=values, detail=detail, service=Service.ACTIVECAMPAIGN, retry_after=wait, ambiguous=ambiguous
    )


def _judge(refusal: Refusal, asked: Asked) -> tuple[ProblemCode, Mapping[str, object]]:
    status = refusal.status
    if status == 429 or (status in {400, 503} and refusal.says("rate limit")):
        return ProblemCode.AC_BUSY, {}
    if status >= 500:
        return ProblemCode.AC_DOWN, {}
    if status in {401, 402, 403}:
        return _denied(refusal, asked)
    if status == 404:
        return _missing(refusal, asked)
    if refusal.duplicate and any("email" in c.pointer or "email" in c.title.casefold() for c in refusal.complaints):
        return ProblemCode.AC_EMAIL_TAKEN, {}
    if not refusal.structured and status < 400:
        return ProblemCode.BAD_ANSWER, {"host": asked.host}
    return ProblemCode.AC_REJECTED, {"reason": refusal.reason, "rows": refusal.rows}


def _denied(refusal: Refusal, asked: Asked) -> tuple[ProblemCode, Mapping[str, object]]:
    """Tell a refused key, a missing right and a smaller plan apart (activecampaign_api 9: a 403 alone is ambiguous)."""
    if refusal.status == 401 or asked.key_works is False:
        return ProblemCode.AC_KEY_REFUSED, {"host": asked.host}
    what = _what(asked.path)
    if refusal.says("permission"):
        return ProblemCode.AC_NO_RIGHTS, {"what": what}
    if refusal.says("upgrade", "your plan") or segment(asked.path) in _ACCOUNT_PATHS:
        return ProblemCode.AC_PLAN, {"what": what}
    if asked.key_works is None and refusal.status == 403:
        return ProblemCode.AC_KEY_REFUSED, {"host": asked.host}
    return ProblemCode.AC_NO_RIGHTS, {"what": what}


def _missing(refusal: Refusal, asked: Asked) -> tuple[ProblemCode, Mapping[str, object]]:
    if segment(asked.path) == "users":
        return ProblemCode.AC_ACCOUNT_WRONG, {"host": asked.host}
    if refusal.says("no result found", "contact not found"):
        return ProblemCode.AC_GONE, {}
    if refusal.says("not found") and segment(asked.path) == "contactTags":
        return ProblemCode.AC_REJECTED, {"reason": refusal.reason}
    if refusal.structured and any(part.isdecimal() for part in asked.path.split("/")):
        return ProblemCode.AC_GONE, {}
    return ProblemCode.BAD_ANSWER, {"host": asked.host}
