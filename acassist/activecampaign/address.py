"""Turns what a person types (account name, login address, API address) into the API base address."""

from __future__ import annotations

import re
from urllib.parse import SplitResult, urlsplit

from acassist.domain.ids import Service
from acassist.domain.problem import Problem, ProblemCode, ProblemError
from acassist.http.address import is_loopback

_NAME = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
_LOGIN_SUFFIX = ".activehosted.com"
# API hosts are numbered (`api-us1`); the vendor says that other hosts exist, so they are taken as typed (section 1).
_API_HOST = re.compile(r"(?P<name>[a-z0-9-]+)\.api-[a-z0-9-]+\.com")
DEFAULT_API_SUFFIX = ".api-us1.com"


def _wrong(host: str) -> ProblemError:
    return ProblemError(Problem(ProblemCode.AC_ACCOUNT_WRONG, values={"host": host}, service=Service.ACTIVECAMPAIGN))


def resolve(text: str) -> str:
    """Return the API base address without a trailing slash and without `/api/3`.

    Takes an account name (`acme`), the login address (`https://acme.activehosted.com/...`) or the API URL of
    Settings > Developer as it is (activecampaign_api 1, Base URL). Only https, and plain http on this computer.
    Raises ProblemError AC_ACCOUNT_WRONG.
    """
    typed = text.strip()
    shown = typed.rpartition("@")[2][:100]
    if _NAME.fullmatch(typed.lower()):
        return f"https://{typed.lower()}{DEFAULT_API_SUFFIX}"
    try:
        parts = urlsplit(typed if "://" in typed else f"https://{typed}")
        return _base(parts)
    except ValueError as error:
        raise _wrong(shown) from error


def _base(parts: SplitResult) -> str:
    host, port = (parts.hostname or "").rstrip("."), parts.port
    if parts.username is not None or parts.password is not None or not _is_host(host):
        raise ValueError("no usable host")
    if parts.scheme != "https" and not (parts.scheme == "http" and is_loopback(host)):
        raise ValueError("scheme not allowed")
    if host.endswith(_LOGIN_SUFFIX):
        name = host.removesuffix(_LOGIN_SUFFIX)
        if not _NAME.fullmatch(name):
            raise ValueError("no account name")
        return f"https://{name}{DEFAULT_API_SUFFIX}"
    shown = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{shown}" + (f":{port}" if port is not None else "")


def _is_host(host: str) -> bool:
    if is_loopback(host):
        return True
    labels = host.split(".")
    return len(labels) > 1 and all(_NAME.fullmatch(label) for label in labels)


def account_name(api_url: str, told: str = "") -> str | None:
    """Return the account's name from what the account tells (`acme` or `acme.activehosted.com`) or its API host."""
    name = told.strip().lower().removesuffix(_LOGIN_SUFFIX)
    if _NAME.fullmatch(name):
        return name
    found = _API_HOST.fullmatch(urlsplit(api_url).hostname or "")
    return found["name"] if found else None


def app_url(account: str) -> str:
    """Return the address of the account's application and public pages (activecampaign_api 1)."""
    return f"https://{account}{_LOGIN_SUFFIX}"
