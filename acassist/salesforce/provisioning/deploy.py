"""Metadata REST deploy: the multipart request, polling, and what became of each component (salesforce_api 6.1)."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from acassist.domain.ids import Service
from acassist.domain.ports import Clock
from acassist.domain.problem import Problem, ProblemCode, ProblemError
from acassist.domain.redact import redact
from acassist.http import Response
from acassist.salesforce.provisioning.definitions import MOST_EXTERNAL_IDS
from acassist.salesforce.provisioning.package import Package
from acassist.salesforce.rest import SalesforceClient

OPTIONS: dict[str, Any] = {
    "allowMissingFiles": False,
    "autoUpdatePackage": False,
    "checkOnly": False,
    "ignoreWarnings": False,
    "performRetrieve": False,
    "purgeOnDelete": False,
    "rollbackOnError": True,
    "runTests": None,
    "singlePackage": True,
    "testLevel": None,
}
RESOURCE = "metadata/deployRequest"
LONGEST_WAIT = 600.0
_FIRST_PAUSE, _LONGEST_PAUSE = 1.0, 10.0
_FULL = re.compile(r"external\s*id.*(limit|maximum|exceed)|(limit|maximum|exceed).*external\s*id", re.IGNORECASE)
Watch = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class ComponentFailure:
    """One component that Salesforce refused, in its own words."""

    kind: str
    name: str
    reason: str

    def problem(self) -> Problem:
        """Turn the refusal into a problem."""
        values: dict[str, object] = {"component": self.name, "reason": self.reason.rstrip(".")}
        code = ProblemCode.DEPLOY_COMPONENT
        if self.kind == "CustomField" and _FULL.search(self.reason):
            code = ProblemCode.ID_LIMIT
            values = {"object": self.name.partition(".")[0], "limit": MOST_EXTERNAL_IDS}
        detail = redact(f"{self.kind} {self.name}: {self.reason}")[:400]
        return Problem(code, subject=self.name, values=values, detail=detail, service=Service.SALESFORCE)


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a deployment stands; nothing was changed unless `success`, because it rolls back on any error."""

    id: str
    status: str
    done: bool
    success: bool
    deployed: int
    total: int
    failures: tuple[ComponentFailure, ...] = ()
    message: str = ""

    def problems(self) -> tuple[Problem, ...]:
        """Say why nothing was deployed; empty after a success."""
        if self.success:
            return ()
        if self.failures:
            return tuple(failure.problem() for failure in self.failures)
        reason = self.message.rstrip(".") or self.status
        detail = redact(f"{self.status}: {self.message}")[:400]
        values = {"reason": reason}
        return (Problem(ProblemCode.DEPLOY_FAILED, values=values, detail=detail, service=Service.SALESFORCE),)


def multipart(package: Package) -> tuple[str, bytes]:
    """Return content type and body: the part `json` with the options, the part `file` with the zip."""
    boundary = f"acassist-{hashlib.sha256(package.data).hexdigest()[:40]}"
    options = json.dumps({"deployOptions": OPTIONS}).encode()
    parts = (
        (b'name="json"', b"application/json", options),
        (b'name="file"; filename="deploy.zip"', b"application/zip", package.data),
    )
    body = b"".join(
        b"--%b\r\nContent-Disposition: form-data; %b\r\nContent-Type: %b\r\n\r\n%b\r\n"
        % (boundary.encode(), name, media, content)
        for name, media, content in parts
    )
    return f"multipart/form-data; boundary={boundary}", body + b"--%b--\r\n" % boundary.encode()


async def submit(client: SalesforceClient, package: Package) -> str:
    """Send a package and return the id of its deployment.

    Raises ProblemError NO_SETUP_RIGHT without the permission to change metadata; a lost answer is `ambiguous`.
    """
    media, body = multipart(package)
    try:
        response = await client.send("POST", RESOURCE, content=body, headers={"Content-Type": media})
    except ProblemError as error:
        raise ProblemError(refused(error.problem, "Modify Metadata Through Metadata API Functions")) from None
    found = _object(response).get("id")
    if not isinstance(found, str) or not found:
        raise ProblemError(response.bad_answer())
    return found


def refused(problem: Problem, right: str) -> Problem:
    """Name the permission that is missing where Salesforce only says no."""
    if problem.code is not ProblemCode.SF_PERMISSION:
        return problem
    return Problem(
        ProblemCode.NO_SETUP_RIGHT, values={"right": right}, detail=problem.detail, service=Service.SALESFORCE
    )


async def look(client: SalesforceClient, deploy_id: str) -> Outcome:
    """Ask once how a deployment stands; raises ProblemError SF_GONE when Salesforce no longer knows it."""
    response = await client.get(f"{RESOURCE}/{deploy_id}", params={"includeDetails": "true"})
    result = _object(response).get("deployResult")
    if not isinstance(result, dict) or "status" not in result:
        raise ProblemError(response.bad_answer())
    return outcome_of(deploy_id, result)


async def wait(
    client: SalesforceClient, deploy_id: str, *, clock: Clock, watch: Watch, longest: float = LONGEST_WAIT
) -> Outcome:
    """Poll until a deployment has ended; `watch` is told (done, total) components.

    Raises ProblemError DEPLOY_TIMEOUT after `longest` seconds; the deployment goes on at Salesforce.
    """
    until = clock.monotonic() + longest
    pause = _FIRST_PAUSE
    while True:
        outcome = await look(client, deploy_id)
        watch(outcome.deployed, outcome.total)
        if outcome.done:
            return outcome
        if clock.monotonic() >= until:
            minutes = max(1, round(longest / 60))
            raise ProblemError(
                Problem(ProblemCode.DEPLOY_TIMEOUT, values={"minutes": minutes}, service=Service.SALESFORCE)
            )
        await clock.sleep(pause)
        pause = min(pause * 1.5, _LONGEST_PAUSE)


def outcome_of(deploy_id: str, result: dict[str, Any]) -> Outcome:
    """Read a deployResult; numbers and flags may be texts (salesforce_api 6.1)."""
    details = result.get("details")
    failures = details.get("componentFailures") if isinstance(details, dict) else None
    entries = failures if isinstance(failures, list) else [failures] if isinstance(failures, dict) else []
    status = str(result.get("status") or "")
    return Outcome(
        id=deploy_id,
        status=status,
        done=_flag(result.get("done")) or status in ("Succeeded", "SucceededPartial", "Failed", "Canceled"),
        success=_flag(result.get("success")) and status != "SucceededPartial",
        deployed=_number(result.get("numberComponentsDeployed")),
        total=_number(result.get("numberComponentsTotal")),
        failures=tuple(_failure(entry) for entry in entries if isinstance(entry, dict)),
        message=str(result.get("errorMessage") or ""),
    )


def _failure(entry: dict[str, Any]) -> ComponentFailure:
    return ComponentFailure(
        str(entry.get("componentType") or ""), str(entry.get("fullName") or ""), str(entry.get("problem") or "")
    )


def _flag(value: object) -> bool:
    return str(value).lower() == "true"


def _number(value: object) -> int:
    text = str(value)
    return int(text) if text.isdecimal() else 0


def _object(response: Response) -> dict[str, Any]:
    body = response.json()
    if not isinstance(body, dict):
        raise ProblemError(response.bad_answer())
    return body
