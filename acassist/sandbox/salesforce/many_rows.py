"""sObject Collections: up to 200 rows in one call, each with a result of its own (section 4.1)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any

from acassist.sandbox.salesforce import rows, rules
from acassist.sandbox.salesforce.call import Call, Reply
from acassist.sandbox.salesforce.errors import ApiError, bad_json
from acassist.sandbox.salesforce.ids import canonical
from acassist.sandbox.salesforce.save import SaveOptions, Writer
from acassist.sandbox.salesforce.schema import SObject

MAX_ROWS = 200
MAX_CHUNKS = 10
Record = dict[str, Any]
Result = dict[str, Any]
ROLLED_BACK = ApiError(
    "ALL_OR_NONE_OPERATION_ROLLED_BACK",
    "Record rolled back because not all records were valid and the request was using AllOrNone header",
)


def create(call: Call) -> Reply:
    """Answer `POST /composite/sobjects`."""
    records, all_or_none = _envelope(call)
    writer = _writer(call)

    def one(item: SObject, record: Record) -> Result:
        if record.get("id") or record.get("Id"):
            message = "cannot specify Id in an insert call"
            raise ApiError("INVALID_FIELD_FOR_INSERT_UPDATE", message, fields=["Id"])
        return {"id": writer.create(item, _values(record)), "success": True, "errors": []}

    return Reply(body=_each(call, writer, _typed(call, records), one, all_or_none=all_or_none))


def update(call: Call) -> Reply:
    """Answer `PATCH /composite/sobjects`."""
    records, all_or_none = _envelope(call)
    writer = _writer(call)

    def one(item: SObject, record: Record) -> Result:
        key = record.get("id") or record.get("Id")
        if not key:
            raise ApiError("MISSING_ARGUMENT", "Id not specified in an update call", fields=["Id"])
        writer.update(item, str(key), _values(record))
        return {"id": canonical(str(key)), "success": True, "errors": []}

    return Reply(body=_each(call, writer, _typed(call, records), one, all_or_none=all_or_none))


def upsert(call: Call, sobject: str, field: str) -> Reply:
    """Answer `PATCH /composite/sobjects/{S}/{ExternalField}`."""
    records, all_or_none = _envelope(call)
    item = rows.find(call, sobject)
    key = rows.lookup_field(call, item, field)
    writer = _writer(call)
    seen: set[str] = set()

    def one(item: SObject, record: Record) -> Result:
        value = next((v for name, v in record.items() if name.lower() == key.name.lower()), None)
        if value is None and key.name != "Id":
            raise ApiError("MISSING_ARGUMENT", f"{key.name} not specified", fields=[])
        if value is not None and str(value).lower() in seen:
            raise ApiError("DUPLICATE_VALUE", f"Duplicate external id specified: {value}", fields=[key.name])
        seen.add(str(value).lower())
        found = rows.matches(call, item, key, value) if value is not None else []
        if len(found) > 1:
            message = f"{key.name}: more than one record found for external id field: {[r['Id'] for r in found]}"
            raise ApiError("DUPLICATE_EXTERNAL_ID", message, fields=[key.name])
        if found:
            writer.update(item, found[0]["Id"], _values(record, also=key.name))
            return {"id": found[0]["Id"], "success": True, "errors": [], "created": False}
        made = writer.create(item, _values(record))
        return {"id": made, "success": True, "errors": [], "created": True}

    typed = [(item, record) for record in records]
    return Reply(body=_each(call, writer, typed, one, all_or_none=all_or_none))


def remove(call: Call) -> Reply:
    """Answer `DELETE /composite/sobjects?ids=…`."""
    keys = [key for key in call.query.get("ids", "").split(",") if key]
    _check_count(len(keys))
    writer = _writer(call)
    typed: list[tuple[SObject | None, Record]] = [(call.org.schema.by_prefix(key), {"id": key}) for key in keys]

    def one(item: SObject, record: Record) -> Result:
        writer.delete(item, record["id"])
        return {"id": canonical(record["id"]), "success": True, "errors": []}

    all_or_none = call.query.get("allOrNone", "false").lower() == "true"
    return Reply(body=_each(call, writer, typed, one, all_or_none=all_or_none))


def retrieve(call: Call, sobject: str) -> Reply:
    """Answer `GET` (up to 800 ids in the address) or `POST` (up to 2,000) on `/composite/sobjects/{S}`."""
    item = rows.find(call, sobject)
    call.kind = "read"
    if call.method == "GET":
        ids = [key for key in call.query.get("ids", "").split(",") if key]
        names = [name for name in call.query.get("fields", "").split(",") if name]
    else:
        body = call.object()
        ids, names = _texts(body.get("ids")), _texts(body.get("fields"))
    if not ids or not names:
        raise ApiError("MISSING_ARGUMENT", "ids and fields are required")
    if len(ids) > 2000:
        raise ApiError("LIMIT_EXCEEDED", f"Record limit reached. The maximum is 2000 and the request has {len(ids)}.")
    table, now = call.org.table(item), call.org.now().timestamp()
    found = [table.seen(canonical(str(key)) or "", now) for key in ids]
    alive = [row if row and not row.get("IsDeleted") else None for row in found]
    shown = iter(rows.rendered(call, item, names, [row for row in alive if row]))
    return Reply(body=[next(shown) if row else None for row in alive])


def _texts(value: Any) -> list[str]:
    if not isinstance(value, list) or not all(isinstance(entry, str) for entry in value):
        raise bad_json("ids and fields must be lists of strings.")
    return value


def _writer(call: Call) -> Writer:
    writer = call.writer()
    if not call.org.switches.collections_honour_auto_assign:
        options = writer.options
        writer.options = SaveOptions(True, options.allow_duplicates, options.include_record_details)
    return writer


def _envelope(call: Call) -> tuple[list[Record], bool]:
    body = call.object()
    records = body.get("records")
    if not isinstance(records, list) or not all(isinstance(record, dict) for record in records):
        raise bad_json("The request body must have a list of records.")
    _check_count(len(records))
    return records, body.get("allOrNone") is True


def _check_count(count: int) -> None:
    if not count:
        raise ApiError("MISSING_ARGUMENT", "At least one record is required.")
    if count > MAX_ROWS:
        message = f"Record limit reached. The maximum is {MAX_ROWS} and the request has {count}."
        raise ApiError("LIMIT_EXCEEDED", message)


def _typed(call: Call, records: list[Record]) -> list[tuple[SObject | None, Record]]:
    """Pair each record with its object. Raises ApiError for more than ten runs of one type."""
    typed = [(rows.find(call, _type(record)), record) for record in records]
    runs = 1 + sum(a[0] is not b[0] for a, b in pairwise(typed))
    if runs > MAX_CHUNKS:
        raise ApiError("LIMIT_EXCEEDED", f"Cannot have more than {MAX_CHUNKS} chunks per operation.")
    return [(item, record) for item, record in typed]


def _type(record: Record) -> str:
    attributes = record.get("attributes")
    if not isinstance(attributes, dict) or not attributes.get("type"):
        raise ApiError("INVALID_FIELD", "Object type is missing: attributes.type is required for each record.")
    return str(attributes["type"])


def _values(record: Record, *, also: str = "") -> Record:
    """Return the fields of a record without its id, its attributes and the field named `also`."""
    skipped = {"attributes", "id", also.lower()}
    return {key: value for key, value in record.items() if key.lower() not in skipped}


def _each(
    call: Call,
    writer: Writer,
    typed: list[tuple[SObject | None, Record]] | list[tuple[SObject, Record]],
    one: Callable[[SObject, Record], Result],
    *,
    all_or_none: bool,
) -> list[Result]:
    """Carry out the rows run by run and return a result for each, in the order of the request."""
    mark = len(writer.transaction.before)
    results: list[Result] = []
    try:
        for item, run in _runs(typed):
            thrown = rules.trigger_failure(call.org, item, run) if item else None
            results += [_result(call, item, record, one, thrown) for record in run]
    except ApiError:
        writer.transaction.roll_back(mark)
        raise
    if all_or_none and not all(result["success"] for result in results):
        writer.transaction.roll_back(mark)
        return [_failure(call, {}, ROLLED_BACK) if result["success"] else result for result in results]
    return results


def _runs(typed: Any) -> Iterator[tuple[SObject | None, list[Record]]]:
    run: list[Record] = []
    current: SObject | None = None
    for item, record in typed:
        if run and item is not current:
            yield current, run
            run = []
        current = item
        run.append(record)
    if run:
        yield current, run


def _result(
    call: Call,
    item: SObject | None,
    record: Record,
    one: Callable[[SObject, Record], Result],
    thrown: ApiError | None,
) -> Result:
    try:
        if thrown is not None:
            raise thrown
        if item is None:
            key = record.get("id")
            raise ApiError("MALFORMED_ID", f"malformed id {key}", fields=[])
        return one(item, record)
    except ApiError as error:
        if error.code == "JSON_PARSER_ERROR":
            raise  # the body cannot be read, so the whole request fails
        return _failure(call, record, error)


def _failure(call: Call, record: Record, error: ApiError) -> Result:
    detail = error.row()
    if not call.org.switches.duplicate_result_in_rows:
        detail.pop("duplicateResult", None)
    failed: Result = {"success": False, "errors": [detail]}
    key = record.get("id") or record.get("Id")
    if key and call.org.switches.failed_update_row_has_id:
        failed = {"id": key, **failed}
    return failed
