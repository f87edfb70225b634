"""Which handler answers which path, and how a refusal becomes an answer."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from acassist.sandbox.salesforce import (
    bulk,
    bulk_query,
    composite,
    deploy,
    limits,
    many_rows,
    query,
    replication,
    rows,
)
from acassist.sandbox.salesforce import tooling as tools
from acassist.sandbox.salesforce.call import Call, Reply
from acassist.sandbox.salesforce.errors import ApiError, not_found

Handler = Callable[..., Reply]
S, K = r"([A-Za-z]\w*)", r"([^/]+)"
TABLE: tuple[tuple[str, str, Handler], ...] = (
    ("GET", r"", limits.resources),
    ("GET", r"/limits", limits.limits),
    ("GET", r"/limits/recordCount", limits.record_count),
    ("GET", r"/query", query.query),
    ("GET", r"/queryAll", query.query_all),
    ("GET", rf"/query/{K}", query.more),
    ("GET", rf"/queryAll/{K}", query.more),
    ("GET", r"/sobjects", rows.describe_global),
    ("GET", rf"/sobjects/{S}", rows.basic),
    ("POST", rf"/sobjects/{S}", rows.create),
    ("GET", rf"/sobjects/{S}/describe", rows.describe_object),
    ("GET", rf"/sobjects/{S}/updated", replication.updated),
    ("GET", rf"/sobjects/{S}/deleted", replication.deleted),
    ("GET", rf"/sobjects/{S}/{K}", rows.read),
    ("PATCH", rf"/sobjects/{S}/{K}", rows.update),
    ("DELETE", rf"/sobjects/{S}/{K}", rows.remove),
    ("GET", rf"/sobjects/{S}/(\w+)/(.+)", rows.read_by_key),
    ("PATCH", rf"/sobjects/{S}/(\w+)/(.+)", rows.upsert),
    ("DELETE", rf"/sobjects/{S}/(\w+)/(.+)", rows.remove_by_key),
    ("POST", r"/composite/sobjects", many_rows.create),
    ("PATCH", r"/composite/sobjects", many_rows.update),
    ("DELETE", r"/composite/sobjects", many_rows.remove),
    ("GET", rf"/composite/sobjects/{S}", many_rows.retrieve),
    ("POST", rf"/composite/sobjects/{S}", many_rows.retrieve),
    ("PATCH", rf"/composite/sobjects/{S}/(\w+)", many_rows.upsert),
    ("POST", r"/composite", composite.composite),
    ("POST", r"/composite/batch", composite.batch),
    ("GET", r"/jobs/ingest", bulk.list_jobs),
    ("POST", r"/jobs/ingest", bulk.create),
    ("GET", rf"/jobs/ingest/{K}", bulk.info),
    ("PATCH", rf"/jobs/ingest/{K}", bulk.change_state),
    ("DELETE", rf"/jobs/ingest/{K}", bulk.remove),
    ("PUT", rf"/jobs/ingest/{K}/batches", bulk.upload),
    ("GET", rf"/jobs/ingest/{K}/(successfulResults|failedResults|unprocessed[rR]ecords)", bulk.results),
    ("POST", r"/jobs/query", bulk_query.create),
    ("GET", rf"/jobs/query/{K}", bulk_query.info),
    ("PATCH", rf"/jobs/query/{K}", bulk_query.change_state),
    ("DELETE", rf"/jobs/query/{K}", bulk_query.remove),
    ("GET", rf"/jobs/query/{K}/results", bulk_query.results),
    ("POST", r"/metadata/deployRequest", deploy.submit),
    ("GET", rf"/metadata/deployRequest/{K}", deploy.status),
    ("PATCH", rf"/metadata/deployRequest/{K}", deploy.cancel),
    ("GET", r"/tooling/query", query.tooling_query),
    ("GET", rf"/tooling/query/{K}", query.more),
    ("GET", r"/tooling/sobjects", tools.describe_global),
    ("GET", rf"/tooling/sobjects/{S}/describe", tools.describe_object),
    ("POST", r"/tooling/sobjects/CustomField", tools.create_field),
    ("GET", rf"/tooling/sobjects/{S}/{K}", tools.read),
    ("PATCH", rf"/tooling/sobjects/CustomField/{K}", tools.change_field),
    ("DELETE", rf"/tooling/sobjects/CustomField/{K}", tools.remove_field),
    ("PATCH", rf"/tooling/sobjects/Layout/{K}", tools.change_layout),
    ("POST", r"/tooling/composite", composite.composite),
)
ROUTES = tuple((method, re.compile(pattern), handler) for method, pattern, handler in TABLE)


def dispatch(call: Call) -> Reply:
    """Answer a call; a refusal becomes its error body."""
    try:
        return _answer(call)
    except ApiError as error:
        return Reply(error.status, error.body())


def _answer(call: Call) -> Reply:
    major = call.version.partition(".")[0]
    if not limits.OLDEST <= int(major) <= call.org.switches.newest_version or not call.version.endswith(".0"):
        raise _no_version(int(major))
    method = call.query.get("_HttpMethod", call.method).upper() if call.method == "POST" else call.method
    known = False
    for wanted, pattern, handler in ROUTES:
        match = pattern.fullmatch(call.path)
        if match is None:
            continue
        known = True
        if wanted == method:
            groups: tuple[Any, ...] = match.groups()
            return handler(call, *groups)
    if known:
        message = f"HTTP Method '{method}' not allowed."
        raise ApiError("METHOD_NOT_ALLOWED", message, status=405)
    raise not_found()


def _no_version(major: int) -> ApiError:
    """Return 410 for a retired version, 404 for one that was never offered (section 0)."""
    if 0 < major < limits.OLDEST:
        return ApiError("UNSUPPORTED_API_VERSION", f"Invalid Api version specified on URL: v{major}.0", status=410)
    return not_found()
