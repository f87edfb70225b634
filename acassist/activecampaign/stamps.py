"""Reads ActiveCampaign's time stamps: `cdate` and `udate` carry their offset, the others hide a zone."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

NEVER = datetime(1970, 1, 1, tzinfo=UTC)
# Stamps without an offset hold the wall clock of US Central, whatever their name says (activecampaign_api 2).
_CENTRAL = ZoneInfo("America/Chicago")


def parse_stamp(value: object) -> datetime | None:
    """Read a stamp that names its offset; None for blanks, `0000-00-00` and stamps without an offset. In UTC."""
    moment = _read(value)
    return moment.astimezone(UTC) if moment is not None and moment.tzinfo is not None else None


def parse_any_stamp(value: object) -> datetime | None:
    """Read a stamp with or without an offset (then US Central wall clock); None when it is none. In UTC."""
    moment = _read(value)
    if moment is None:
        return None
    return (moment if moment.tzinfo is not None else moment.replace(tzinfo=_CENTRAL)).astimezone(UTC)


def _read(value: object) -> datetime | None:
    text = str(value or "").strip()
    if not text or text.startswith("0000-00-00"):
        return None
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def filter_stamp(moment: datetime) -> str:
    """Write a moment for a filter: ISO with offset, because a bare one is read in an undocumented zone."""
    return moment.astimezone(UTC).isoformat(timespec="seconds")
