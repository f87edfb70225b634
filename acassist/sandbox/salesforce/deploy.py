"""Metadata REST deploy: a zip, worked through later, with a result for each component (section 6.1)."""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import dataclass, field
from email.parser import BytesParser
from email.policy import HTTP
from typing import Any

from acassist.sandbox.salesforce.call import Call, Reply
from acassist.sandbox.salesforce.components import Component, Package, PackageError, apply
from acassist.sandbox.salesforce.errors import ApiError, not_found
from acassist.sandbox.salesforce.tooling import need_right

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


@dataclass
class Deployment:
    """One deployment; it is carried out at the status request after `deploy_polls` others."""

    id: str
    options: dict[str, Any]
    data: bytes
    created: str
    owner: str
    state: str = "Pending"
    polls: int = 0
    components: list[Component] = field(default_factory=list)
    message: str | None = None


def submit(call: Call) -> Reply:
    """Answer `POST /metadata/deployRequest`."""
    need_right(call)
    options, data = _parts(call)
    deployment = Deployment(
        id=call.org.ids.new("0Af"),
        options={**OPTIONS, **options},
        data=data,
        created=call.org.stamp(),
        owner=call.actor.user_id,
    )
    call.org.deploys[deployment.id] = deployment
    body = {
        "validatedDeployRequestId": None,
        "id": deployment.id,
        "deployOptions": deployment.options,
        "deployResult": _result(call, deployment, details=False),
    }
    return Reply(201, body)


def status(call: Call, deploy_id: str) -> Reply:
    """Answer `GET /metadata/deployRequest/{id}`."""
    deployment = _find(call, deploy_id)
    if deployment.state in ("Pending", "InProgress"):
        deployment.polls += 1
        if deployment.polls > call.org.switches.deploy_polls:
            _carry_out(call, deployment)
        elif deployment.polls > 1:
            deployment.state = "InProgress"
    details = call.query.get("includeDetails", "").lower() == "true"
    url = call.url(f"/metadata/deployRequest/{deploy_id}")
    return Reply(body={"id": deploy_id, "url": url, "deployResult": _result(call, deployment, details=details)})


def cancel(call: Call, deploy_id: str) -> Reply:
    """Answer `PATCH /metadata/deployRequest/{id}` with a state of Canceling."""
    deployment = _find(call, deploy_id)
    wanted = call.object().get("deployResult")
    if not isinstance(wanted, dict) or wanted.get("status") != "Canceling":
        raise ApiError("INVALID_INPUT", "Only the status Canceling can be set.")
    if deployment.state in ("Pending", "InProgress"):
        deployment.state = "Canceled"
    url = call.url(f"/metadata/deployRequest/{deploy_id}")
    return Reply(202, {"id": deploy_id, "url": url, "deployResult": _result(call, deployment, details=False)})


def _parts(call: Call) -> tuple[dict[str, Any], bytes]:
    """Return the options and the zip of a multipart body; the options part is `json` or `entity_content`."""
    media = call.headers.get("content-type", "")
    if not media.startswith("multipart/form-data"):
        raise ApiError("UNSUPPORTED_MEDIA_TYPE", f"Content-Type not supported: {media}", status=415)
    head = f"Content-Type: {media}\r\n\r\n".encode()
    message = BytesParser(policy=HTTP).parsebytes(head + call.body)
    found: dict[str, bytes] = {}
    for part in message.iter_parts():
        name = str(part.get_param("name", header="content-disposition"))
        payload = part.get_payload(decode=True)
        found[name] = payload if isinstance(payload, bytes) else b""
    text = found.get("json") or found.get("entity_content")
    if text is None or "file" not in found:
        raise ApiError("INVALID_MULTIPART_REQUEST", "The parts json and file are required.")
    try:
        options = json.loads(text)["deployOptions"]
    except (ValueError, KeyError, TypeError) as error:
        raise ApiError("JSON_PARSER_ERROR", "The json part must have deployOptions.") from error
    return dict(options), found["file"]


def _find(call: Call, deploy_id: str) -> Deployment:
    found = call.org.deploys.get(deploy_id)
    if not isinstance(found, Deployment):
        raise not_found()
    return found


def _carry_out(call: Call, deployment: Deployment) -> None:
    single = bool(deployment.options["singlePackage"])
    check_only = bool(deployment.options["checkOnly"])
    try:
        with zipfile.ZipFile(io.BytesIO(deployment.data)) as archive:
            files = {name: archive.read(name) for name in archive.namelist() if not name.endswith("/")}
        package = Package.read(files, single=single)
        rolls_back = bool(deployment.options["rollbackOnError"])
        deployment.components = apply(call, package, check_only=check_only, roll_back=rolls_back)
    except (zipfile.BadZipFile, PackageError) as error:
        deployment.state, deployment.message = "Failed", str(error)
        return
    failed = any(component.problem for component in deployment.components)
    good = any(not component.problem for component in deployment.components)
    partial = failed and good and not deployment.options["rollbackOnError"]
    deployment.state = "SucceededPartial" if partial else "Failed" if failed else "Succeeded"


def _result(call: Call, deployment: Deployment, *, details: bool) -> dict[str, Any]:
    failures = [c for c in deployment.components if c.problem]
    done = deployment.state not in ("Pending", "InProgress")
    body: dict[str, Any] = {
        "id": deployment.id,
        "status": deployment.state,
        "done": done,
        "success": deployment.state == "Succeeded",
        "checkOnly": bool(deployment.options["checkOnly"]),
        "ignoreWarnings": bool(deployment.options["ignoreWarnings"]),
        "rollbackOnError": bool(deployment.options["rollbackOnError"]),
        "runTestsEnabled": False,
        "numberComponentsDeployed": len(deployment.components) - len(failures),
        "numberComponentsTotal": len(deployment.components),
        "numberComponentErrors": len(failures),
        "numberTestsCompleted": 0,
        "numberTestsTotal": 0,
        "numberTestErrors": 0,
        "createdDate": deployment.created,
        "startDate": deployment.created,
        "lastModifiedDate": call.org.stamp(),
        "completedDate": call.org.stamp() if done else None,
        "errorStatusCode": "UNKNOWN_EXCEPTION" if deployment.message else None,
        "errorMessage": deployment.message,
        "stateDetail": None,
        "createdBy": deployment.owner,
        "createdByName": call.org.rows_of("User").rows[deployment.owner]["Name"],
    }
    if details:
        body["details"] = {
            "componentFailures": [component.as_json(call.org.stamp()) for component in failures],
            "componentSuccesses": [c.as_json(call.org.stamp()) for c in deployment.components if not c.problem],
            "retrieveResult": None,
            "runTestResult": {"numFailures": 0, "numTestsRun": 0, "totalTime": 0.0},
        }
    return body
