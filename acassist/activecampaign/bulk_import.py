"""Bulk import: up to 250 people in one request, queued and carried out later (activecampaign_api 3)."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from acassist.activecampaign.contacts import STANDARD_KEYS
from acassist.activecampaign.errors import Asked, Complaint, Refusal, RefusedError, problem_of
from acassist.activecampaign.rest import Json, RestPart, number, objects, reference, text
from acassist.domain.record import ImportReceipt, ImportRow, ImportStatus

MAX_PEOPLE = 250
MAX_BYTES = 400_000
_PATH = "import/bulk_import"
_FIELD = "field:"
# Unlike every other call this one takes snake_case keys.
_KEYS = {"firstName": "first_name", "lastName": "last_name", "phone": "phone"}


def _person(row: ImportRow, *, exclude_automations: bool) -> Json:
    person: Json = {"email": row.email}
    person.update((_KEYS[key], row.values[key]) for key in STANDARD_KEYS if key in row.values)
    custom = [
        {"id": reference(key.removeprefix(_FIELD)), "value": value}
        for key, value in row.values.items()
        if key.startswith(_FIELD)
    ]
    if custom:
        person["fields"] = custom
    if row.tags:
        person["tags"] = list(row.tags)
    if row.account_name:
        person["customer_acct_name"] = row.account_name
    if row.subscribe:
        person["subscribe"] = [{"listid": reference(list_id)} for list_id in row.subscribe]
    if exclude_automations:
        person["exclude_automations"] = True
    return person


def import_body(rows: Sequence[ImportRow], *, exclude_automations: bool) -> Json:
    """Build the body; the switch stands at the top and with each person because it is documented both ways."""
    body: Json = {"contacts": [_person(row, exclude_automations=exclude_automations) for row in rows]}
    return {**body, "exclude_automations": True} if exclude_automations else body


def _size(value: object) -> int:
    return len(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode())


def import_chunks(rows: Sequence[ImportRow], *, exclude_automations: bool) -> Iterator[list[ImportRow]]:
    """Cut people into requests of at most 250 people and under 400,000 bytes, in order.

    Raises ValueError when a single person is too large.
    """
    frame = _size(import_body([], exclude_automations=exclude_automations))
    chunk: list[ImportRow] = []
    used = frame
    for row in rows:
        size = _size(_person(row, exclude_automations=exclude_automations)) + 1
        if frame + size >= MAX_BYTES:
            raise ValueError("one person is larger than an import may be")
        if chunk and (len(chunk) == MAX_PEOPLE or used + size >= MAX_BYTES):
            yield chunk
            chunk, used = [], frame
        chunk.append(row)
        used += size
    if chunk:
        yield chunk


def _folded(body: Json) -> Json:
    """Return the body with keys in lower case: the answer says `Success` as well as `success`."""
    return {key.lower(): value for key, value in body.items()}


def _texts(value: object) -> tuple[str, ...]:
    return tuple(text(item) for item in value if text(item)) if isinstance(value, list) else ()


class BulkImport(RestPart):
    """Queueing of imports and asking how they stand."""

    async def import_contacts(self, rows: Sequence[ImportRow], *, exclude_automations: bool) -> ImportReceipt:
        """Queue a bulk import of up to 250 people and under 400 kB; not repeated here once it may have left.

        Raises ValueError for too many or too large rows; ProblemError AC_BUSY with `retry_after` at the limit per
        minute (reported as 400), AC_REJECTED with `rows` (indexes) among its values when people are malformed.
        """
        body = import_body(rows, exclude_automations=exclude_automations)
        if not rows or len(rows) > MAX_PEOPLE or _size(body) >= MAX_BYTES:
            raise ValueError("an import holds 1 to 250 people and under 400,000 bytes")
        answer = _folded(await self._rest.write("POST", _PATH, body, idempotent=False))
        if text(answer.get("success")) not in {"1", ""} or not text(answer.get("batchid")):
            raise self._soft_refusal(answer)
        queued = answer.get("queued_contacts")
        return ImportReceipt(text(answer["batchid"]), len(rows) if queued is None else number(queued))

    def _soft_refusal(self, answer: Json) -> RefusedError:
        refusal = Refusal(400, (Complaint(text(answer.get("message"))),), structured=True)
        asked = Asked(_PATH, self._rest.host)
        return RefusedError(problem_of(refusal, asked, {}), refusal)

    async def import_status(self, batch_id: str) -> ImportStatus:
        """Ask how a batch stands; right after submission the answer is a bare `false`, which means waiting."""
        value = await self._rest.call("GET", "import/info", params={"batchId": batch_id})
        body = _folded(value) if isinstance(value, dict) else {}
        return ImportStatus(
            state=text(body.get("status")).lower() or "waiting",
            created_ids=_texts(body.get("success")),
            failed_emails=_texts(body.get("failure")),
        )

    async def imports_outstanding(self) -> int:
        """Return how many batches of the account wait or run, from the list of the last seven days."""
        body = await self._rest.get(_PATH)
        return sum(number(row.get("batches")) for row in objects(body, "outstanding"))
