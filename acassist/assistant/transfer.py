"""Export and import of a set-up as JSON; secrets are never part of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from pydantic import ValidationError

from acassist.assistant.session import SETUP, dump
from acassist.domain.problem import Problem, ProblemCode, ProblemError
from acassist.domain.profile import Setup, Step

FORMAT = "acassist-setup"
VERSION = 1
# What belongs to this computer or to a running sync, not to a set-up that is passed on.
_LOCAL = ("started", "paused", "ask_each_time", "finished", "role")


def schema() -> dict[str, Any]:
    """Return the JSON schema of an exported set-up."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "ActiveCampaign Setup Assistant set-up",
        "type": "object",
        "required": ["format", "version", "setup"],
        "properties": {
            "format": {"const": FORMAT},
            "version": {"const": VERSION},
            "setup": {"$ref": "#/$defs/Setup"},
        },
        "$defs": {**SETUP.json_schema(ref_template="#/$defs/{model}").get("$defs", {}), "Setup": _setup_schema()},
    }


def _setup_schema() -> dict[str, Any]:
    whole = SETUP.json_schema(ref_template="#/$defs/{model}")
    return {k: v for k, v in whole.items() if k != "$defs"}


def exported(setup: Setup) -> dict[str, Any]:
    """Return a set-up as an export file's content."""
    data = {k: v for k, v in dump(setup).items() if k not in _LOCAL}
    return {"format": FORMAT, "version": VERSION, "setup": data}


def imported(current: Setup, data: Mapping[str, Any], *, file: str = "") -> Setup:
    """Return the current set-up with steps 2 to 4 of an export; raises FILE_INVALID.

    Connections are not taken over: they need secrets, which an export never holds.
    """
    setup = _read(data, file)
    merged = replace(
        current,
        mapping=setup.mapping,
        outbound=setup.outbound,
        cx=setup.cx,
        limits=setup.limits,
        defaults=setup.defaults,
    )
    for step in (Step.MAPPING, Step.OUTBOUND, Step.CX_AUTOMATION):
        merged = merged.finish(step)
    return merged


def _read(data: Mapping[str, Any], file: str) -> Setup:
    if data.get("format") != FORMAT or data.get("version") != VERSION:
        raise _invalid(file, "format")
    try:
        return SETUP.validate_python(data.get("setup"))
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        raise _invalid(file, ".".join(str(part) for part in first["loc"])) from None


def _invalid(file: str, reason: str) -> ProblemError:
    return ProblemError(Problem(ProblemCode.FILE_INVALID, file, {"file": file or "-", "reason": reason}))
