"""How values are written into columns: times as microseconds, everything nested as compact JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from acassist.domain.text import Message

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_MESSAGE, _TIME = "$message", "$time"


def micros(at: datetime | None) -> int | None:
    """Turn an aware time into microseconds since 1970 in UTC."""
    return None if at is None else (at - _EPOCH) // _MICROSECOND


def moment(value: int | None) -> datetime | None:
    """Turn microseconds since 1970 back into a time in UTC."""
    return None if value is None else _EPOCH + value * _MICROSECOND


def moment_of(value: int) -> datetime:
    """Turn the microseconds of a column that is never empty into a time in UTC."""
    return _EPOCH + value * _MICROSECOND


def dumps(value: Any) -> str:
    """Write compact JSON; messages and times keep their type, other values become their text."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=_encode)


def loads(text: str) -> Any:
    """Read what `dumps` wrote."""
    return json.loads(text, object_hook=_decode)


def id_list(values: Iterable[str]) -> str:
    """Write distinct texts as the JSON array that `json_each(?)` takes, so that any number is one parameter."""
    return json.dumps(list(dict.fromkeys(values)), ensure_ascii=False)


def _encode(value: object) -> object:
    if isinstance(value, Message):
        return {_MESSAGE: value.text, "values": dict(value.values)}
    if isinstance(value, datetime):
        return {_TIME: value.isoformat()}
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, (set, frozenset)):
        return sorted(value, key=str)
    if isinstance(value, (Decimal, date)):
        return str(value)
    raise TypeError(f"cannot store a {type(value).__name__}")


def _decode(value: dict[str, Any]) -> Any:
    if _MESSAGE in value:
        return Message(value[_MESSAGE], value.get("values", {}))
    if len(value) == 1 and _TIME in value:
        return datetime.fromisoformat(value[_TIME])
    return value
