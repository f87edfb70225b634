"""Composite and Composite Batch: several calls in one, with references and all-or-none (section 4.2)."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from acassist.sandbox.salesforce.call import Call, Reply
from acassist.sandbox.salesforce.errors import ApiError
from acassist.sandbox.salesforce.save import Transaction

MAX_PARTS = 25
MAX_HEAVY = 5
REFERENCE = re.compile(r"@\{([\w.\[\]]+)\}")
CONDITIONAL = ("if-unmodified-since", "if-modified-since", "if-match", "if-none-match")
HALTED = ApiError(
    "PROCESSING_HALTED", "The transaction was rolled back since another operation in the same transaction failed."
)


def composite(call: Call) -> Reply:
    """Answer `POST /composite`."""
    body = call.object()
    parts = _parts_of(call, body.get("compositeRequest"))
    heavy = sum(bool(re.search(r"/(query|queryAll|composite/sobjects)\b", str(part.get("url")))) for part in parts)
    if heavy > MAX_HEAVY:
        raise ApiError("LIMIT_EXCEEDED", f"At most {MAX_HEAVY} sub-requests may be queries or collections.")
    every = body.get("allOrNone") is True
    transaction = Transaction(call.org)
    answers: dict[str, Reply] = {}
    broken = False
    for part in parts:
        name = str(part.get("referenceId") or "")
        if not name or name in answers:
            raise ApiError("JSON_PARSER_ERROR", f"referenceId is missing or used twice: {name}")
        if every and broken:
            answers[name] = Reply(400, HALTED.body())
            continue
        answers[name] = _run(call, part, answers, transaction if every else None)
        broken = broken or answers[name].status >= 400
    if every and broken:
        transaction.roll_back()
        answers = {key: r if r.status >= 400 else Reply(400, HALTED.body()) for key, r in answers.items()}
    _kind(call, parts)
    return Reply(body={"compositeResponse": [_part(name, reply) for name, reply in answers.items()]})


def batch(call: Call) -> Reply:
    """Answer `POST /composite/batch`."""
    body = call.object()
    parts = _parts_of(call, body.get("batchRequests"))
    results: list[dict[str, Any]] = []
    failed = False
    for part in parts:
        if failed and body.get("haltOnError") is True:
            halted = ApiError("BATCH_PROCESSING_HALTED", "Batch processing halted per request").body()
            results.append({"statusCode": 412, "result": halted})
            continue
        url = str(part.get("url", ""))
        path = url if url.startswith("/services/data/") else f"/services/data/{url.lstrip('/')}"
        reply = _run(call, {"method": part.get("method"), "url": path, "body": part.get("richInput")}, {}, None)
        failed = failed or reply.status >= 400
        results.append({"statusCode": reply.status, "result": reply.body})
    _kind(call, parts)
    return Reply(body={"hasErrors": failed, "results": results})


def _parts_of(call: Call, parts: Any) -> list[dict[str, Any]]:
    if call.depth:
        raise ApiError("INVALID_INPUT", "A composite request cannot contain another one.")
    if not isinstance(parts, list) or not parts or not all(isinstance(part, dict) for part in parts):
        raise ApiError("JSON_PARSER_ERROR", "A list of sub-requests is required.")
    if len(parts) > MAX_PARTS:
        raise ApiError("LIMIT_EXCEEDED", f"Limit of {MAX_PARTS} sub-requests exceeded: {len(parts)}")
    return parts


def _kind(call: Call, parts: list[dict[str, Any]]) -> None:
    if all(str(part.get("method", "")).upper() == "GET" for part in parts):
        call.kind = "read"


def _run(call: Call, part: dict[str, Any], answers: dict[str, Reply], transaction: Transaction | None) -> Reply:
    from acassist.sandbox.salesforce.router import dispatch

    try:
        url = str(_fill(str(part.get("url", "")), answers))
        body = _fill(part.get("body"), answers)
    except ApiError as error:
        return Reply(400, error.body())
    split = urlsplit(url)
    match = re.fullmatch(r"/services/data/v(\d+\.\d)(/.*)", split.path.rstrip("/"))
    if match is None:
        return Reply(404, ApiError("NOT_FOUND", "The requested resource does not exist").body())
    headers = {key: value for key, value in call.headers.items() if key.startswith("sforce-")}
    extra = {str(key).lower(): str(value) for key, value in _headers(part).items()}
    if not call.org.switches.conditional_in_composite:
        extra = {key: value for key, value in extra.items() if key not in CONDITIONAL}
    inner = replace(
        call,
        version=match[1],
        method=str(part.get("method", "")).upper(),
        path=unquote(match[2]),
        query=dict(parse_qsl(split.query, keep_blank_values=True)),
        headers={**headers, **extra},
        body=json.dumps(body).encode() if body is not None else b"",
        depth=call.depth + 1,
        transaction=transaction,
    )
    return dispatch(inner)


def _headers(part: dict[str, Any]) -> dict[str, Any]:
    found = part.get("httpHeaders")
    return found if isinstance(found, dict) else {}


def _fill(value: Any, answers: dict[str, Reply]) -> Any:
    """Replace `@{reference.path}` in texts by values of earlier answers."""
    if isinstance(value, dict):
        return {key: _fill(inner, answers) for key, inner in value.items()}
    if isinstance(value, list):
        return [_fill(inner, answers) for inner in value]
    if not isinstance(value, str):
        return value
    return REFERENCE.sub(lambda match: str(_reference(match[1], answers)), value)


def _reference(path: str, answers: dict[str, Reply]) -> Any:
    name, *steps = re.split(r"[.\[\]]+", path.rstrip("]"))
    found: Any = answers[name].body if name in answers else None
    for step in steps:
        if isinstance(found, list) and step.isdigit() and int(step) < len(found):
            found = found[int(step)]
        elif isinstance(found, dict) and step in found:
            found = found[step]
        else:
            found = None
    if found is None:
        raise ApiError("PROCESSING_HALTED", f"Invalid reference specified. No value for {path} found in {name}.")
    return found


def _part(name: str, reply: Reply) -> dict[str, Any]:
    headers = {key: value for key, value in reply.headers.items() if key in ("Location", "ETag", "Last-Modified")}
    return {"body": reply.body, "httpHeaders": headers, "httpStatusCode": reply.status, "referenceId": name}
