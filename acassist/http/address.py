"""Decides which addresses may be called at all and which of them may see a secret."""

from __future__ import annotations

from ipaddress import ip_address
from urllib.parse import urlsplit

from acassist.domain.ids import Service
from acassist.domain.problem import Problem, ProblemCode, ProblemError

_DEFAULT_PORTS = {"https": 443, "http": 80}


def is_loopback(host: str) -> bool:
    """Tell whether a host name or address can only mean this computer (127.0.0.0/8, ::1, localhost)."""
    bare = host.strip("[]").casefold()
    if bare == "localhost":
        return True
    try:
        return ip_address(bare).is_loopback
    except ValueError:
        return False


def _is_name(host: str) -> bool:
    """Tell whether this can be a host name or address at all: letters of any script, digits, and `.-_:`."""
    return bool(host) and all(char.isalnum() or char in ".-_:" for char in host)


def origin(url: str) -> str:
    """Return scheme, host and port of an address in one comparable form; empty when it has none."""
    try:
        parts = urlsplit(url)
        port = parts.port or _DEFAULT_PORTS.get(parts.scheme.casefold(), 0)
    except ValueError:
        return ""
    if not parts.hostname:
        return ""
    return f"{parts.scheme.casefold()}://{parts.hostname.casefold()}:{port}"


def host_of(url: str) -> str:
    """Return host and, when it was given, port, for messages; never path, query or user information."""
    try:
        parts = urlsplit(url)
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return ""
    return f"{parts.hostname or ''}{port}"


def refuse(url: str, service: Service | None) -> ProblemError:
    """Make the error for an address that may not be called."""
    return ProblemError(Problem(ProblemCode.HOST_REFUSED, values={"host": host_of(url)}, service=service))


def check_address(url: str, service: Service | None = None) -> None:
    """Allow https anywhere and plain http only to this computer; raise ProblemError HOST_REFUSED otherwise."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        raise refuse("", service) from None
    secure = parts.scheme.casefold() == "https" and _is_name(host)
    local = parts.scheme.casefold() == "http" and is_loopback(host)
    if not (secure or local) or parts.username or parts.password:
        raise refuse(url, service)
